//! Simulated against exact values: on the line where both are the same, and how far from it.

use super::axis::Axis;
use super::canvas::{Canvas, GREY, INK, MARGIN, PALE, Side, finding_lines, svg};
use super::palette::colour;
use crate::report::number;
use crate::validation::theory::{Checked, Theory};

const WIDTH: f64 = 960.0;
const PLOT: f64 = 330.0;
const LEFT: f64 = 70.0;
const GAP: f64 = 110.0;

/// The chart; none where nothing was compared.
#[must_use]
pub fn theory(theory: &Theory) -> Option<String> {
    let points: Vec<(&Checked, f64)> =
        theory.checked.iter().filter_map(|checked| Some((checked, checked.estimate.estimate?))).collect();
    if points.is_empty() {
        return None;
    }
    let finding = format!(
        "{} of {} exact values are met; the largest error is {}",
        theory.passed,
        theory.expressed,
        number::ratio(theory.largest_relative_error)
    );
    let (lines, end) = finding_lines(&finding, WIDTH);
    let (top, bottom) = (end + 60.0, end + 60.0 + PLOT);
    let picture = svg(&finding, (WIDTH, bottom + 70.0), |canvas| {
        canvas.finding(&lines);
        let note = format!("{} replications; the whole program, from scenario to summary", theory.replications);
        canvas.text(&note, (MARGIN, end + 8.0), Side::Right, 12.0, GREY);
        on_the_line(canvas, &points, (LEFT, LEFT + PLOT), (top, bottom));
        beside_it(canvas, &theory.checked, (LEFT + PLOT + GAP, WIDTH - 2.0 * MARGIN), (top, bottom));
    });
    Some(picture)
}

/// Both on axes of equal ratios.
fn on_the_line(canvas: &Canvas<'_>, points: &[(&Checked, f64)], (left, right): (f64, f64), (top, bottom): (f64, f64)) {
    let values = points.iter().flat_map(|(checked, estimate)| [checked.exact, *estimate]);
    let (across, up) = (Axis::by_ratio(values.clone(), (left, right)), Axis::by_ratio(values, (bottom, top)));
    canvas.text(
        "simulated, in seconds, sessions, per second or as a share",
        (left, top - 16.0),
        Side::Right,
        12.0,
        INK,
    );
    for mark in across.marks(6) {
        canvas.line(&[(across.at(mark), top), (across.at(mark), bottom)], PALE, 0.75);
        canvas.line(&[(left, up.at(mark)), (right, up.at(mark))], PALE, 0.75);
        canvas.text(&number::plain(mark), (across.at(mark), bottom + 12.0), Side::Middle, 11.0, INK);
        canvas.text(&number::plain(mark), (left - 8.0, up.at(mark)), Side::Left, 11.0, INK);
    }
    canvas.text("exact", (f64::midpoint(left, right), bottom + 32.0), Side::Middle, 12.0, GREY);
    canvas.line(&[(left, bottom), (right, top)], GREY, 1.0);
    for (checked, estimate) in points {
        let at = (across.at(checked.exact), up.at(*estimate));
        if checked.passed {
            canvas.disc(at, 2.5, colour(0));
        } else {
            canvas.cross(at, colour(5));
        }
    }
}

/// The error of each row, and the bound within which it can be chance.
fn beside_it(canvas: &Canvas<'_>, rows: &[Checked], (left, right): (f64, f64), (top, bottom): (f64, f64)) {
    let greatest =
        rows.iter().map(|row| row.relative_error.abs().max(row.power_ratio)).filter(|value| value.is_finite());
    let greatest = 1.05 * greatest.fold(1e-6, f64::max);
    let half = f64::midpoint(top, bottom);
    let axis = Axis::from_zero(greatest, (half, top));
    canvas.text("error of each row, and what can be chance (grey)", (left, top - 16.0), Side::Right, 12.0, INK);
    for mark in axis.marks(4) {
        for (sign, y) in [("", axis.at(mark)), ("-", 2.0 * half - axis.at(mark))] {
            canvas.line(&[(left, y), (right, y)], PALE, 0.75);
            let sign = if mark == 0.0 { "" } else { sign };
            canvas.text(&format!("{sign}{}", number::ratio(mark)), (left - 8.0, y), Side::Left, 11.0, INK);
        }
    }
    let step = (right - left) / rows.len() as f64;
    for (place, row) in rows.iter().enumerate() {
        let x = left + (place as f64 + 0.5) * step;
        let (bound, error) = (axis.at(row.power_ratio), axis.at(row.relative_error.abs()));
        canvas.line(&[(x, bound), (x, 2.0 * half - bound)], PALE, (0.7 * step).max(1.0));
        let y = if row.relative_error < 0.0 { 2.0 * half - error } else { error };
        if row.passed {
            canvas.disc((x, y), 2.0, colour(0));
        } else {
            canvas.cross((x, y), colour(5));
        }
    }
    canvas.text(
        "rows in the order of the table",
        (f64::midpoint(left, right), bottom + 32.0),
        Side::Middle,
        12.0,
        GREY,
    );
}
