//! What the candidates of a search cost against how long people wait with them.
//!
//! A candidate that was simulated is a point, with its shape and colour by what was decided. One that was not is a stroke below
//! the plot, so that a reader sees how many there were, and at what price.

use super::axis::{Axis, apart};
use super::canvas::{Canvas, GREY, INK, MARGIN, PALE, Point, Side, finding_lines, shortened, svg, width_of};
use super::palette::{BLUE, GREEN, VERMILLION};
use crate::planner::{Decision, Offer, Stage, Standing, Wait};
use crate::report::number;
use crate::scenario::Scenario;
use plotters::style::{Color, RGBColor, WHITE};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 172.0;
const RIGHT: f64 = 930.0;
const PLOT: f64 = 330.0;
const SMALL: f64 = 11.5;
/// A row of strokes.
const ROW: f64 = 20.0;
/// Two lines of a label.
const LABEL: f64 = 34.0;

/// The chart of a search.
#[must_use]
pub fn cost(scenario: &Scenario, offers: &[Offer]) -> String {
    let finding = finding(offers);
    let (title, under) = finding_lines(&finding, WIDTH);
    let top = under + 67.0;
    let bottom = top + PLOT;
    let x = Axis::around(offers.iter().map(|offer| offer.cost_usd), (LEFT, RIGHT));
    let simulated: Vec<(&Offer, &Wait)> =
        offers.iter().filter_map(|offer| Some((offer, offer.wait.as_ref()?))).collect();
    let bounds = simulated.iter().flat_map(|(_, wait)| {
        let own = &wait.server_p95_s;
        [own.estimate, own.low, own.high].into_iter().flatten().filter(|bound| *bound > 0.0)
    });
    let y = Axis::around(bounds, (bottom, top));
    let plot = Plot { x, y, top, bottom };
    let rows = [
        ("screened out", offers.iter().filter(|offer| offer.stage == Stage::Screen).collect::<Vec<_>>()),
        ("not reached", offers.iter().filter(|offer| offer.stage == Stage::NotReached).collect()),
    ];
    let rows: Vec<_> = rows.into_iter().filter(|(_, row)| !row.is_empty()).collect();
    let axis_at = bottom + rows.len() as f64 * ROW + if rows.is_empty() { 0.0 } else { 6.0 };
    svg(&finding, (WIDTH, axis_at + 68.0), |canvas| {
        canvas.finding(&title);
        let measure = "time at the servers within which 95 % of the sessions of the slowest service are done, in the \
                       hardest state that was tried; bars: 95 % intervals";
        canvas.text(measure, (MARGIN, under + 9.0), Side::Right, 12.5, GREY);
        draw_key(canvas, offers, under + 32.0);
        plot.draw_grid(canvas, axis_at);
        for (row, (what, unsimulated)) in rows.iter().enumerate() {
            plot.draw_strokes(canvas, what, unsimulated, bottom + 8.0 + row as f64 * ROW);
        }
        if simulated.is_empty() {
            let middle = ((LEFT + RIGHT) / 2.0, (top + bottom) / 2.0);
            canvas.text("no candidate was simulated", middle, Side::Middle, 13.0, GREY);
        }
        plot.draw_points(canvas, &simulated);
        plot.draw_labels(canvas, &simulated);
        plot.draw_unsimulated(canvas, offers);
        let (name, seed) = (&scenario.name, scenario.seed);
        canvas.text(&format!("{name}, seed {seed}"), (MARGIN, axis_at + 56.0), Side::Right, SMALL, GREY);
    })
}

/// What the choice costs and does, and what a little less money does.
fn finding(offers: &[Offer]) -> String {
    let named = |standing| offers.iter().find(|offer| offer.standing == Some(standing));
    let Some(chosen) = named(Standing::Chosen) else {
        let simulated = offers.iter().filter(|offer| offer.wait.is_some()).count();
        let undecided = offers.iter().any(|offer| offer.decision == Decision::Undecided);
        return match (undecided, simulated) {
            (true, _) => "Stopped before any candidate was found to hold".to_owned(),
            (false, 0) => format!("None of the {} candidates has room enough", grouped(offers.len())),
            (false, _) => format!("None of the {} candidates holds, of which {simulated} were simulated", offers.len()),
        };
    };
    let waits = chosen.wait.as_ref().and_then(|wait| Some((wait, wait.server_p95_s.estimate?)));
    let waits = waits.map_or_else(String::new, |(wait, p95_s)| {
        format!(
            " and lets 95 % of the {} sessions wait no more than {} at the servers",
            wait.service,
            number::seconds(p95_s)
        )
    });
    let cheaper = named(Standing::NextCheaper).map_or_else(String::new, |cheaper| {
        let less = usd(chosen.cost_usd - cheaper.cost_usd);
        match cheaper.decision {
            Decision::Rejected => format!("; {less} less is not enough"),
            Decision::NotNeeded => format!("; {less} less would hold too, and comes later in the order"),
            Decision::Chosen | Decision::Undecided => String::new(),
        }
    });
    format!("The choice costs {}{waits}{cheaper}", usd(chosen.cost_usd))
}

fn usd(dollars: f64) -> String {
    format!("{} USD", number::count(dollars.round() as u64))
}

fn grouped(number: usize) -> String {
    number::count(number as u64)
}

/// How a decision is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Chosen,
    HoldsToo,
    Rejected,
}

impl Mark {
    const ALL: [Mark; 3] = [Mark::Chosen, Mark::HoldsToo, Mark::Rejected];

    fn of(decision: Decision) -> Mark {
        match decision {
            Decision::Chosen => Mark::Chosen,
            Decision::NotNeeded => Mark::HoldsToo,
            Decision::Rejected | Decision::Undecided => Mark::Rejected,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Mark::Chosen => "chosen",
            Mark::HoldsToo => "holds too",
            Mark::Rejected => "misses a level",
        }
    }

    fn colour(self) -> RGBColor {
        match self {
            Mark::Chosen => BLUE,
            Mark::HoldsToo => GREEN,
            Mark::Rejected => VERMILLION,
        }
    }

    fn draw(self, canvas: &Canvas<'_>, (x, y): Point) {
        match self {
            Mark::Chosen => {
                canvas.disc((x, y), 8.0, WHITE);
                canvas.disc((x, y), 6.5, BLUE);
            }
            Mark::HoldsToo => {
                canvas.block(((x - 6.0, y - 6.0), (x + 6.0, y + 6.0)), WHITE);
                canvas.block(((x - 4.5, y - 4.5), (x + 4.5, y + 4.5)), GREEN);
            }
            Mark::Rejected => canvas.cross((x, y), VERMILLION),
        }
    }
}

/// What the shapes mean, and how many there are.
fn draw_key(canvas: &Canvas<'_>, offers: &[Offer], y: f64) {
    let mut x = LEFT;
    for mark in Mark::ALL {
        let count = offers.iter().filter(|offer| offer.wait.is_some() && Mark::of(offer.decision) == mark).count();
        if count > 0 {
            let text = if mark == Mark::Chosen { mark.name().to_owned() } else { format!("{}: {count}", mark.name()) };
            mark.draw(canvas, (x, y));
            canvas.text(&text, (x + 12.0, y), Side::Right, 12.0, INK);
            x += width_of(&text, 12.0) + 44.0;
        }
    }
}

struct Plot {
    x: Axis,
    y: Axis,
    top: f64,
    bottom: f64,
}

impl Plot {
    fn draw_grid(&self, canvas: &Canvas<'_>, axis_at: f64) {
        for value in self.y.marks(8) {
            let y = self.y.at(value);
            canvas.line(&[(LEFT, y), (RIGHT, y)], PALE, 0.75);
            canvas.text(&number::seconds(value), (LEFT - 8.0, y), Side::Left, SMALL, INK);
        }
        canvas.line(&[(LEFT, axis_at), (RIGHT, axis_at)], GREY, 1.0);
        for value in self.x.marks(9) {
            let x = self.x.at(value);
            canvas.line(&[(x, axis_at), (x, axis_at + 5.0)], GREY, 1.0);
            canvas.text(&number::count(value.round() as u64), (x, axis_at + 15.0), Side::Middle, SMALL, INK);
        }
        let scale = if self.x.is_log() { "cost, USD (equal ratios are equally far apart)" } else { "cost, USD" };
        canvas.text(scale, ((LEFT + RIGHT) / 2.0, axis_at + 34.0), Side::Middle, 12.0, GREY);
    }

    /// Candidates that were not simulated.
    fn draw_strokes(&self, canvas: &Canvas<'_>, what: &str, offers: &[&Offer], y: f64) {
        let text = format!("{what}: {}", grouped(offers.len()));
        canvas.text(&shortened(&text, SMALL, LEFT - 16.0), (LEFT - 8.0, y + 6.0), Side::Left, SMALL, GREY);
        let mut costs: Vec<f64> = offers.iter().map(|offer| offer.cost_usd).collect();
        costs.sort_by(f64::total_cmp);
        // Many cost the same: the darker, the more.
        for same in costs.chunk_by(|a, b| a == b) {
            let x = self.x.at(same[0]);
            let dark = 1.0 - 0.7_f64.powi(same.len().min(10) as i32);
            canvas.line(&[(x, y), (x, y + 12.0)], GREY.mix(dark), 1.25);
        }
    }

    /// What the recommendation names although it was not simulated is named above its stroke.
    fn draw_unsimulated(&self, canvas: &Canvas<'_>, offers: &[Offer]) {
        for offer in offers.iter().filter(|offer| offer.wait.is_none()) {
            let Some(standing) = offer.standing else { continue };
            let text = format!("{}: {}, {}", standing.name(), usd(offer.cost_usd), offer.candidate);
            let x = self.x.at(offer.cost_usd);
            let side = if x > f64::midpoint(LEFT, RIGHT) { Side::Left } else { Side::Right };
            let away = if side == Side::Left { -6.0 } else { 6.0 };
            canvas.line(&[(x, self.bottom - 16.0), (x, self.bottom + 20.0)], INK, 1.25);
            let room = if side == Side::Left { x - LEFT } else { RIGHT - x };
            let text = shortened(&text, SMALL, room - 10.0);
            canvas.text(&text, (x + away, self.bottom - 12.0), side, SMALL, INK);
        }
    }

    /// The rejected ones first, so that what holds lies on top.
    fn draw_points(&self, canvas: &Canvas<'_>, simulated: &[(&Offer, &Wait)]) {
        for mark in Mark::ALL.into_iter().rev() {
            for (offer, wait) in simulated.iter().filter(|(offer, _)| Mark::of(offer.decision) == mark) {
                let own = &wait.server_p95_s;
                let Some(at) = self.place(offer, wait) else { continue };
                if let (Some(low), Some(high)) = (own.low, own.high) {
                    canvas.line(&[(at.0, self.y.at(low)), (at.0, self.y.at(high))], mark.colour(), 1.5);
                }
                mark.draw(canvas, at);
            }
        }
    }

    fn place(&self, offer: &Offer, wait: &Wait) -> Option<Point> {
        Some((self.x.at(offer.cost_usd), self.y.at(wait.server_p95_s.estimate?)))
    }

    /// What the recommendation names is named beside its point, on the side with more room.
    fn draw_labels(&self, canvas: &Canvas<'_>, simulated: &[(&Offer, &Wait)]) {
        let named: Vec<_> = simulated
            .iter()
            .filter_map(|(offer, wait)| Some((*offer, offer.standing?, *wait, self.place(offer, wait)?)))
            .collect();
        let middle = f64::midpoint(LEFT, RIGHT);
        for side in [Side::Left, Side::Right] {
            let own: Vec<_> = named.iter().filter(|(.., at)| (at.0 > middle) == (side == Side::Left)).collect();
            let wanted: Vec<f64> = own.iter().map(|(.., at)| at.1).collect();
            let placed = apart(&wanted, LABEL, (self.top + LABEL / 2.0, self.bottom - LABEL / 2.0));
            for ((offer, standing, wait, at), y) in own.into_iter().zip(placed) {
                let away = if side == Side::Left { -22.0 } else { 22.0 };
                let x = at.0 + away;
                canvas.line(&[(at.0 + away * 0.4, at.1), (x, y)], GREY, 0.75);
                let room = if side == Side::Left { x - LEFT - 6.0 } else { RIGHT - x - 6.0 };
                let p95 = number::estimate(&wait.server_p95_s, number::seconds);
                let first = format!("{}: {}, {p95}", standing.name(), usd(offer.cost_usd));
                let lines = [first, offer.candidate.clone()].map(|line| shortened(&line, SMALL, room));
                let width = lines.iter().map(|line| width_of(line, SMALL)).fold(0.0, f64::max);
                let from = if side == Side::Left { x - width - 6.0 } else { x + 2.0 };
                canvas.block(((from, y - 15.0), (from + width + 4.0, y + 15.0)), WHITE.mix(0.8));
                let x = x + away.signum() * 4.0;
                canvas.text(&lines[0], (x, y - 7.0), side, SMALL, INK);
                canvas.text(&lines[1], (x, y + 7.0), side, SMALL, GREY);
            }
        }
    }
}
