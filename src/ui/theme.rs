//! The look of each meaning, in the terminal's own 16 colors and without a background of ours.
//!
//! Nothing hangs on color alone: every meaning that matters also has a mark or a word of its own, and all of them
//! can be told apart without color (`NO_COLOR`).

use crate::layout::Tone;
use ratatui::style::{Color, Modifier, Style};

/// Whether there is color.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Whether colors are used; attributes such as bold always are.
    pub color: bool,
}

impl Theme {
    /// The look of a meaning.
    pub fn style(self, tone: Tone) -> Style {
        let style = Style::new();
        let (color, style) = match tone {
            Tone::Plain | Tone::Label | Tone::Button | Tone::Note => (None, style),
            Tone::Dim => (None, style.add_modifier(Modifier::DIM)),
            Tone::Fixed => (None, style.add_modifier(Modifier::ITALIC)),
            Tone::Heading | Tone::Key => (None, style.add_modifier(Modifier::BOLD)),
            Tone::Focus => (Some(Color::Cyan), style.add_modifier(Modifier::BOLD)),
            Tone::Chosen => (None, style.add_modifier(Modifier::BOLD.union(Modifier::REVERSED))),
            Tone::Error => (Some(Color::Red), style.add_modifier(Modifier::BOLD)),
            Tone::Warning => (Some(Color::Yellow), style),
            Tone::Good | Tone::Text => (Some(Color::Green), style),
            Tone::Name => (Some(Color::Cyan), style),
            Tone::Literal => (Some(Color::Magenta), style),
            Tone::Sandbox => (Some(Color::Yellow), style.add_modifier(Modifier::REVERSED)),
            Tone::Host => (Some(Color::Red), style.add_modifier(Modifier::REVERSED.union(Modifier::BOLD))),
        };
        match color {
            Some(color) if self.color => style.fg(color),
            _ => style,
        }
    }
}
