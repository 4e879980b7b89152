//! Colours that people tell apart, most kinds of colour blindness included (Okabe and Ito 2008).

use plotters::style::RGBColor;
use plotters::style::colors::colormaps::{ColorMap, ViridisRGB};

/// Those of them that stand out enough from white for lines and texts.
pub(super) const BLUE: RGBColor = RGBColor(0, 114, 178);
pub(super) const GREEN: RGBColor = RGBColor(0, 158, 115);
pub(super) const VERMILLION: RGBColor = RGBColor(213, 94, 0);

const COLOURS: [RGBColor; 8] = [
    BLUE,
    RGBColor(230, 159, 0),
    GREEN,
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    VERMILLION,
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

/// How much of a whole it is, from dark (nothing) to light (all of it), in steps that look equal and print in grey.
pub(super) fn share_of_all(share: f64) -> RGBColor {
    ViridisRGB.get_color(share.clamp(0.0, 1.0))
}
