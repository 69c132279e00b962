//! Theme: the look of each tone, readable on light and dark backgrounds.
//!
//! Colors come from the fixed palette after the terminal's own sixteen: no hue of those sixteen is readable on both
//! white and black in the palettes that terminals ship with. A style that sets the background also sets the color of
//! the text. Color is never the only sign: every tone that matters also has a mark or a word of its own, and all of
//! them can be distinguished without color (`NO_COLOR`).

use crate::tone::Tone;
use ratatui::style::{Color, Modifier, Style};

/// These colors are neither light nor dark: each has a contrast of at least 3:1 with white and with black.
const GRAY: Color = Color::Indexed(243);
const RED: Color = Color::Indexed(196);
const AMBER: Color = Color::Indexed(136);
const GREEN: Color = Color::Indexed(29);
const BLUE: Color = Color::Indexed(31);
const VIOLET: Color = Color::Indexed(133);

/// Text color and background color.
const BLACK_ON_YELLOW: (Color, Color) = (Color::Indexed(16), Color::Indexed(220));
const WHITE_ON_RED: (Color, Color) = (Color::Indexed(231), Color::Indexed(160));

/// The look of the tones, with or without color.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Whether colors are used. Attributes such as bold are always used.
    pub color: bool,
}

impl Theme {
    pub fn style(self, tone: Tone) -> Style {
        if self.color { colored_style(tone) } else { plain_style(tone) }
    }
}

fn colored_style(tone: Tone) -> Style {
    let on = |(letters, report)| Style::new().fg(letters).bg(report);
    match tone {
        Tone::Dim => Style::new().fg(GRAY),
        Tone::Sandbox => on(BLACK_ON_YELLOW),
        Tone::Production => on(WHITE_ON_RED).add_modifier(Modifier::BOLD),
        Tone::Focus | Tone::JsonName => plain_style(tone).fg(BLUE),
        Tone::Error => plain_style(tone).fg(RED),
        Tone::Warning => plain_style(tone).fg(AMBER),
        Tone::Good | Tone::JsonString => plain_style(tone).fg(GREEN),
        Tone::JsonLiteral => plain_style(tone).fg(VIOLET),
        Tone::Plain
        | Tone::Label
        | Tone::Button
        | Tone::Note
        | Tone::ReadOnly
        | Tone::Heading
        | Tone::Key
        | Tone::Selected => plain_style(tone),
    }
}

/// Uses attributes only.
fn plain_style(tone: Tone) -> Style {
    let modifier = match tone {
        Tone::Dim => Modifier::DIM,
        Tone::ReadOnly => Modifier::ITALIC,
        Tone::Heading | Tone::Key | Tone::Focus | Tone::Error => Modifier::BOLD,
        Tone::Selected | Tone::Production => Modifier::BOLD.union(Modifier::REVERSED),
        Tone::Sandbox => Modifier::REVERSED,
        Tone::Plain
        | Tone::Label
        | Tone::Button
        | Tone::Note
        | Tone::Warning
        | Tone::Good
        | Tone::JsonString
        | Tone::JsonName
        | Tone::JsonLiteral => Modifier::empty(),
    };
    Style::new().add_modifier(modifier)
}
