//! Colors as terminals show them: the fixed ones by their number, and their contrast.

/// Red, green and blue.
pub(crate) type Rgb = [u8; 3];

/// Returns a color after the first sixteen, which every terminal of 256 colors shows alike: a cube, followed by grays.
pub(crate) fn fixed(number: u8) -> Rgb {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match number {
        0..=15 => panic!("{number} is whatever the terminal makes of it"),
        16..=231 => [(number - 16) / 36, (number - 16) / 6 % 6, (number - 16) % 6].map(level),
        232.. => [8 + 10 * (number - 232); 3],
    }
}

/// Returns the relative luminance of WCAG 2.
fn luminance(color: Rgb) -> f64 {
    let linear = color.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// Returns the contrast ratio of WCAG 2: from 1 for none to 21 for black on white.
pub(crate) fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
