//! Predicted against measured: on the line where both are the same, and how far from it.

use super::axis::Axis;
use super::canvas::{Canvas, GREY, INK, MARGIN, PALE, Point, Side, finding_lines, svg};
use super::palette::colour;
use crate::report::number;
use crate::validation::measured::{Checked, Figure, Quantity};
use plotters::style::Color;

const WIDTH: f64 = 1_100.0;
const PLOT: f64 = 270.0;
const LEFT: f64 = 76.0;
const GAP: f64 = 92.0;
const PANELS: [Quantity; 3] = [Quantity::Utilisation, Quantity::Mean, Quantity::P95];

/// The chart of a campaign; none where nothing was compared.
#[must_use]
pub fn measured(campaign: &Checked) -> Option<String> {
    let owners = owners(campaign);
    let judged: Vec<&Figure> = campaign.figures.iter().filter(|figure| figure.allowed.is_some()).collect();
    if judged.is_empty() {
        return None;
    }
    let within = judged.iter().filter(|figure| is_within(figure)).count();
    let finding = format!(
        "{within} of {} figures of real servers are predicted within their bounds or the spread of the repeats",
        judged.len()
    );
    let (lines, end) = finding_lines(&finding, WIDTH);
    let (top, bottom) = (end + 76.0, end + 76.0 + PLOT);
    let picture = svg(&finding, (WIDTH, bottom + 92.0), |canvas| {
        canvas.finding(&lines);
        let note = format!(
            "{}: {} points that were held out; the band is the bound; a cross is beyond what is allowed, a ring where nothing is promised",
            campaign.name, campaign.points
        );
        canvas.text(&note, (MARGIN, end + 8.0), Side::Right, 12.0, GREY);
        for (place, quantity) in PANELS.into_iter().enumerate() {
            let left = LEFT + place as f64 * (PLOT + GAP);
            let own: Vec<&Figure> = campaign.figures.iter().filter(|figure| figure.quantity == quantity).collect();
            panel(canvas, (quantity, &own), &owners, ((left, top), (left + PLOT, bottom)));
        }
        let mut x = LEFT;
        for (number, owner) in owners.iter().enumerate() {
            canvas.disc((x, bottom + 66.0), 4.0, colour(number));
            canvas.text(owner, (x + 10.0, bottom + 66.0), Side::Right, 12.0, INK);
            x += 90.0;
        }
    });
    Some(picture)
}

/// The services, by whose colour figures are shown; those of nodes have none of these.
fn owners(campaign: &Checked) -> Vec<&str> {
    let mut owners: Vec<&str> =
        campaign.figures.iter().filter(|one| one.quantity.is_of_services()).map(|one| one.owner.as_str()).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}

fn is_within(figure: &Figure) -> bool {
    figure.allowed.is_none_or(|allowed| figure.error.abs() <= allowed)
}

fn panel(canvas: &Canvas<'_>, (quantity, own): (Quantity, &[&Figure]), owners: &[&str], corners: (Point, Point)) {
    let ((left, top), (right, bottom)) = corners;
    let print = if quantity == Quantity::Utilisation { number::ratio } else { number::seconds };
    let values = own.iter().flat_map(|figure| [figure.measured, figure.predicted]);
    let (across, up) = (Axis::by_ratio(values.clone(), (left, right)), Axis::by_ratio(values, (bottom, top)));
    let title = format!("{}, predicted", quantity.name());
    canvas.text(&title, (left, top - 16.0), Side::Right, 12.0, INK);
    if let Some(bound) = quantity.bound() {
        // On axes of ratios a bound is a band of the same width everywhere.
        let one = across.marks(6).first().copied().unwrap_or(1.0);
        let shift = |by: f64| up.at(one) - up.at(one * by);
        let (more, less) = (shift(1.0 + bound), shift(1.0 - bound));
        let band = [
            (left, bottom - more.max(0.0)),
            (left, bottom),
            (left - less, bottom),
            (right, top - less),
            (right, top),
            (right - more, top),
        ];
        canvas.area(&band, PALE.mix(0.6));
    }
    for mark in across.marks(5) {
        canvas.line(&[(across.at(mark), top), (across.at(mark), bottom)], PALE, 0.75);
        canvas.line(&[(left, up.at(mark)), (right, up.at(mark))], PALE, 0.75);
        canvas.text(&print(mark), (across.at(mark), bottom + 12.0), Side::Middle, 11.0, INK);
        canvas.text(&print(mark), (left - 8.0, up.at(mark)), Side::Left, 11.0, INK);
    }
    canvas.text("measured", (f64::midpoint(left, right), bottom + 32.0), Side::Middle, 12.0, GREY);
    canvas.line(&[(left, bottom), (right, top)], GREY, 1.0);
    for figure in own {
        let at = (across.at(figure.measured), up.at(figure.predicted));
        let place = owners.iter().position(|owner| *owner == figure.owner);
        let hue = place.map_or(GREY, colour);
        if !is_within(figure) {
            canvas.cross(at, hue);
        } else if figure.allowed.is_none() {
            canvas.ring(at, 3.0, hue);
        } else {
            canvas.disc(at, 3.0, hue);
        }
    }
}
