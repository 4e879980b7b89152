//! Colours that people tell apart, most kinds of colour blindness included (Okabe and Ito 2008).

use plotters::style::RGBColor;

const COLOURS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(240, 228, 66),
    RGBColor(120, 120, 120),
];

/// The colour of the n-th of many things; after eight they come again, each time lighter.
pub(super) fn colour(n: usize) -> RGBColor {
    let RGBColor(r, g, b) = COLOURS[n % COLOURS.len()];
    let lighter = |part: u8| {
        let left = f64::from(255 - part) * 0.7_f64.powi((n / COLOURS.len()) as i32);
        255 - left as u8
    };
    RGBColor(lighter(r), lighter(g), lighter(b))
}
