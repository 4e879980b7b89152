//! What charts are drawn on: shapes and texts in pixels, of which the library takes whole ones only.
//!
//! So everything is drawn finely and shown smaller, and a curve is smooth. What users have named comes to a text through
//! here and nowhere else, so that no name breaks a picture.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Left free at the sides.
pub(super) const MARGIN: f64 = 16.0;
/// Steps to a pixel.
const FINE: f64 = 4.0;
/// What the library makes of a size of type.
const SHRUNK: f64 = 1.24;
/// The part of its height that a letter is wide, in the mean of a text without serifs.
const LETTER: f64 = 0.54;
/// The size of the findings, in heavy type, and the room that such letters take.
const TITLE: f64 = 17.0;
const HEAVY: f64 = 1.3;
/// From one line of a finding to the next.
const LINE: f64 = 22.0;

pub(super) const INK: RGBColor = RGBColor(34, 34, 34);
pub(super) const GREY: RGBColor = RGBColor(110, 110, 110);
pub(super) const PALE: RGBColor = RGBColor(221, 221, 221);

/// A point in pixels, from the upper left corner.
pub(super) type Point = (f64, f64);

/// Where a text lies beside its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Right,
    Middle,
    Left,
}

/// A picture in the making.
pub(super) struct Canvas<'a>(DrawingArea<SVGBackend<'a>, Shift>);

/// A picture of this size in pixels; `name` is what it is called where it can't be seen.
pub(super) fn svg(name: &str, (width, height): Point, draw: impl FnOnce(&Canvas<'_>)) -> String {
    let mut text = String::new();
    {
        let canvas = Canvas(SVGBackend::with_string(&mut text, (fine(width) as u32, fine(height) as u32)).into());
        canvas.block(((0.0, 0.0), (width, height)), WHITE);
        draw(&canvas);
        canvas.0.present().expect("text takes every shape");
    }
    let (_, shapes) = text.split_once('\n').expect("a picture opens with a line of its own");
    let whole = format!("{} {}", fine(width), fine(height));
    let head = format!("role=\"img\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {whole}\"");
    format!("<svg {head} xmlns=\"http://www.w3.org/2000/svg\">\n<title>{}</title>\n{shapes}", escaped(name))
}

fn fine(pixels: f64) -> i32 {
    (pixels * FINE).round() as i32
}

fn at((x, y): Point) -> (i32, i32) {
    (fine(x), fine(y))
}

fn escaped(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Without what no picture may hold.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Pixels that a text takes, about.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * LETTER
}

/// The text, or as much of it as has room.
pub(super) fn shortened(text: &str, size: f64, room: f64) -> String {
    if width_of(text, size) <= room {
        return text.to_owned();
    }
    let fits = (room / (size * LETTER)) as usize;
    text.chars().take(fits.saturating_sub(1)).chain(['…']).collect()
}

/// Figures and their signs, which stay on one line.
fn together(text: &str) -> String {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    let mut bound = String::new();
    while let Some(c) = rest.next() {
        let goes_on = rest.peek().is_some_and(|next| next.is_ascii_digit() || *next == '%');
        bound.push(if c == ' ' && before.is_ascii_digit() && goes_on { '\u{a0}' } else { c });
        before = c;
    }
    bound
}

/// The text in lines that have room.
pub(super) fn wrapped(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let text = together(text);
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width_of(line, size) + width_of(word, size) + size * LETTER <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(shortened(word, size, room)),
        }
    }
    lines
}

/// A finding in lines for a picture of this width, and where they end.
pub(super) fn finding_lines(text: &str, width: f64) -> (Vec<String>, f64) {
    let lines = wrapped(text, TITLE * HEAVY, width - 2.0 * MARGIN);
    let end = LINE * (0.5 + lines.len() as f64);
    (lines, end)
}

impl Canvas<'_> {
    fn put<'b, E>(&self, shape: &'b E)
    where
        &'b E: plotters::element::PointCollection<'b, (i32, i32)>,
        E: for<'a> plotters::element::Drawable<SVGBackend<'a>>,
    {
        self.0.draw(shape).expect("text takes every shape");
    }

    /// A filled rectangle between two corners.
    pub(super) fn block(&self, corners: (Point, Point), colour: impl Color) {
        self.put(&Rectangle::new([at(corners.0), at(corners.1)], colour.filled()));
    }

    /// The outline of one.
    pub(super) fn frame(&self, (a, b): (Point, Point), colour: impl Color, width: f64) {
        self.line(&[a, (b.0, a.1), b, (a.0, b.1), a], colour, width);
    }

    /// A line through points.
    pub(super) fn line(&self, points: &[Point], colour: impl Color, width: f64) {
        let points: Vec<_> = points.iter().map(|point| at(*point)).collect();
        self.put(&PathElement::new(points, colour.stroke_width(fine(width) as u32)));
    }

    /// The same in dashes of so many pixels, with as much between them.
    pub(super) fn dashes(&self, points: &[Point], colour: impl Color + Copy, width: f64, dash: f64) {
        let mut gone = 0.0;
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            let on = |way: f64| (from.0 + (to.0 - from.0) * way / length, from.1 + (to.1 - from.1) * way / length);
            let of = |way: f64| (way / (2.0 * dash)).floor() as i64;
            for number in of(gone)..=of(gone + length) {
                let begin = number as f64 * 2.0 * dash - gone;
                let (begin, end) = (begin.max(0.0), (begin + dash).min(length));
                if begin < end {
                    self.line(&[on(begin), on(end)], colour, width);
                }
            }
            gone += length;
        }
    }

    /// A filled area within points.
    pub(super) fn area(&self, points: &[Point], colour: impl Color) {
        let points: Vec<_> = points.iter().map(|point| at(*point)).collect();
        self.put(&Polygon::new(points, colour.filled()));
    }

    /// A filled circle.
    pub(super) fn disc(&self, centre: Point, radius: f64, colour: impl Color) {
        self.put(&Circle::new(at(centre), fine(radius), colour.filled()));
    }

    /// The outline of one.
    pub(super) fn ring(&self, centre: Point, radius: f64, colour: impl Color) {
        self.put(&Circle::new(at(centre), fine(radius), colour.stroke_width(fine(1.5) as u32)));
    }

    /// A cross that stands out from what it lies on.
    pub(super) fn cross(&self, (x, y): Point, colour: RGBColor) {
        for (colour, width) in [(WHITE, 4.5), (colour, 2.0)] {
            self.line(&[(x - 4.0, y - 4.0), (x + 4.0, y + 4.0)], colour, width);
            self.line(&[(x - 4.0, y + 4.0), (x + 4.0, y - 4.0)], colour, width);
        }
    }

    /// A text with its middle line at a point.
    pub(super) fn text(&self, text: &str, point: Point, side: Side, size: f64, colour: impl Color) {
        self.write(text, point, side, (size, FontStyle::Normal), &colour);
    }

    /// The finding of a chart at its top, in as many lines as it takes.
    pub(super) fn finding(&self, lines: &[String]) {
        for (line, text) in lines.iter().enumerate() {
            let at = (MARGIN, LINE * (1.0 + line as f64));
            self.write(text, at, Side::Right, (TITLE, FontStyle::Bold), &INK);
        }
    }

    fn write(&self, text: &str, point: Point, side: Side, (size, style): (f64, FontStyle), colour: &impl Color) {
        let font = ("sans-serif", size * FINE * SHRUNK).into_font().style(style);
        let beside = match side {
            Side::Right => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Left => HPos::Right,
        };
        let style = font.color(&colour.to_rgba()).pos(Pos::new(beside, VPos::Center));
        self.put(&Text::new(printable(text), at(point), style));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_shown_in_pixels_and_no_name_breaks_it() {
        let odd = "<&\"'>\u{1}\u{1b}";
        let text = svg(odd, (100.0, 50.0), |canvas| canvas.text(odd, (10.0, 10.25), Side::Right, 12.0, INK));
        let head = "<svg role=\"img\" width=\"100\" height=\"50\" viewBox=\"0 0 400 200\" xmlns=";
        assert!(text.starts_with(head), "{text}");
        assert!(text.contains("<title>&lt;&amp;\"'&gt;��</title>") && text.contains("y=\"41\""), "{text}");
        assert!(text.contains("&lt;&amp;&quot;&apos;&gt;��") && text.contains("font-size=\"48\""), "{text}");
        assert!(text.ends_with("</svg>\n"));
    }

    #[test]
    fn long_texts_are_wrapped_and_long_words_cut() {
        assert_eq!(wrapped("one two three", 10.0, 10.0 * LETTER * 7.0), ["one two", "three"]);
        assert_eq!(wrapped("to 1 000 of 80 %", 10.0, 10.0 * LETTER * 9.0), ["to 1\u{a0}000", "of 80\u{a0}%"]);
        assert_eq!(shortened("abcdefgh", 10.0, 10.0 * LETTER * 5.5), "abcd…");
    }

    #[test]
    fn dashes_go_on_around_corners() {
        let text = svg("", (50.0, 50.0), |canvas| {
            canvas.dashes(&[(0.0, 0.0), (15.0, 0.0), (15.0, 15.0)], INK, 1.0, 10.0);
        });
        let lines: Vec<&str> = text.lines().filter(|line| line.contains("polyline")).collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[1].contains("60,20 60,60"), "{text}");
    }
}
