//! Every tone is readable on light and on dark backgrounds.
//!
//! The look of the terminal's own sixteen colors depends on its palette; the fixed ones after them look alike
//! everywhere. Contrast is measured as in WCAG 2.

use crate::common::palette::{Rgb, contrast, fixed};
use ratatui::style::{Color, Modifier};
use rstest::rstest;
use zegel::tone::Tone;
use zegel::tui::theme::Theme;

/// Default backgrounds of terminals, and the most popular alternatives.
const BACKGROUNDS: &[(&str, Rgb)] = &[
    ("white", [0xff, 0xff, 0xff]),
    ("Solarized Light", [0xfd, 0xf6, 0xe3]),
    ("black", [0x00, 0x00, 0x00]),
    ("Windows", [0x0c, 0x0c, 0x0c]),
    ("GNOME", [0x1e, 0x1e, 0x1e]),
    ("Ubuntu", [0x30, 0x0a, 0x24]),
    ("Solarized Dark", [0x00, 0x2b, 0x36]),
    ("Dracula", [0x28, 0x2a, 0x36]),
];

/// The least contrast of text, on a background of the terminal and on one of the theme.
const LEAST: f64 = 3.0;
const LEAST_ON_OURS: f64 = 4.5;

/// Returns the next tone: a match, so that a new one cannot be forgotten.
fn next(tone: Tone) -> Option<Tone> {
    Some(match tone {
        Tone::Plain => Tone::Dim,
        Tone::Dim => Tone::Heading,
        Tone::Heading => Tone::Label,
        Tone::Label => Tone::Focus,
        Tone::Focus => Tone::ReadOnly,
        Tone::ReadOnly => Tone::Error,
        Tone::Error => Tone::Warning,
        Tone::Warning => Tone::Note,
        Tone::Note => Tone::Good,
        Tone::Good => Tone::Button,
        Tone::Button => Tone::Selected,
        Tone::Selected => Tone::Key,
        Tone::Key => Tone::JsonName,
        Tone::JsonName => Tone::JsonString,
        Tone::JsonString => Tone::JsonLiteral,
        Tone::JsonLiteral => Tone::Sandbox,
        Tone::Sandbox => Tone::Production,
        Tone::Production => return None,
    })
}

fn tones() -> impl Iterator<Item = Tone> {
    std::iter::successors(Some(Tone::Plain), |tone| next(*tone))
}

fn rgb(color: Color) -> Rgb {
    match color {
        Color::Indexed(number) => fixed(number),
        other => panic!("{other} is whatever the terminal makes of it"),
    }
}

#[test]
fn every_tone_is_readable_on_light_and_dark() {
    for tone in tones() {
        let style = Theme { color: true }.style(tone);
        // The terminal decides how faint such letters are.
        assert!(!style.add_modifier.contains(Modifier::DIM), "{tone:?}");
        match (style.fg, style.bg) {
            (None, None) => {}
            (Some(letters), Some(background)) => {
                let found = contrast(rgb(letters), rgb(background));
                assert!(found >= LEAST_ON_OURS, "{tone:?}: {found:.2}");
            }
            (Some(letters), None) => {
                for (name, background) in BACKGROUNDS {
                    let found = contrast(rgb(letters), *background);
                    assert!(found >= LEAST, "{tone:?} on {name}: {found:.2}");
                }
            }
            (None, Some(_)) => panic!("{tone:?}: letters of any color on a background of ours"),
        }
    }
}

#[test]
fn good_and_bad_differ_in_color() {
    let colors = [Tone::Error, Tone::Warning, Tone::Good, Tone::Focus, Tone::JsonLiteral, Tone::Dim];
    let colors = colors.map(|tone| Theme { color: true }.style(tone).fg);
    assert!(colors.iter().enumerate().all(|(index, color)| !colors[..index].contains(color)), "{colors:?}");
}

#[test]
fn without_color_there_is_none() {
    for tone in tones() {
        let style = Theme { color: false }.style(tone);
        assert_eq!((style.fg, style.bg), (None, None), "{tone:?}");
    }
}

/// The six hues of a default palette, and its default backgrounds.
type Palette = ([u32; 6], [u32; 2]);

/// Red, green, yellow, blue, magenta, cyan.
const PALETTES: [Palette; 4] = [
    ([0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd], [0xff_ffff, 0x00_0000]), // xterm
    ([0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa], [0xff_ffff, 0x00_0000]), // VGA
    ([0xc5_0f1f, 0x13_a10e, 0xc1_9c00, 0x00_37da, 0x88_1798, 0x3a_96dd], [0xff_ffff, 0x0c_0c0c]), // Windows
    ([0xdc_322f, 0x85_9900, 0xb5_8900, 0x26_8bd2, 0xd3_3682, 0x2a_a198], [0xfd_f6e3, 0x00_2b36]), // Solarized
];

fn parts(color: u32) -> Rgb {
    let [_, rgb @ ..] = color.to_be_bytes();
    rgb
}

/// The reason why the terminal's own sixteen colors are not used.
#[rstest]
fn no_hue_of_the_sixteen_is_readable_everywhere(#[values(0, 1, 2, 3, 4, 5)] hue: usize) {
    let mut pairs = PALETTES.iter().flat_map(|(hues, grounds)| grounds.map(|background| (hues[hue], background)));
    assert!(pairs.any(|(letters, background)| contrast(parts(letters), parts(background)) < LEAST));
}

#[rstest]
#[case([0, 0, 0], [255, 255, 255], 21.0)]
#[case([119, 119, 119], [255, 255, 255], 4.48)]
#[case([255, 0, 0], [255, 255, 255], 4.0)]
#[case([9, 9, 9], [9, 9, 9], 1.0)]
fn contrast_equals_published_values(#[case] one: Rgb, #[case] other: Rgb, #[case] meant: f64) {
    assert!((contrast(one, other) - meant).abs() < 0.01, "{}", contrast(one, other));
}

#[rstest]
#[case(16, [0, 0, 0])]
#[case(29, [0, 135, 95])]
#[case(196, [255, 0, 0])]
#[case(231, [255, 255, 255])]
#[case(243, [118, 118, 118])]
fn fixed_colors_are_those_of_xterm(#[case] number: u8, #[case] meant: Rgb) {
    assert_eq!(fixed(number), meant);
}
