//! How long people wait with the chosen design as they become more: a panel for each service level, on the same scales.
//!
//! What is asked is where the levels are missed, and nothing is said of a knee: nobody agrees what that is.

use super::axis::{Axis, apart};
use super::canvas::{Canvas, GREY, INK, MARGIN, PALE, Point, Side, finding_lines, shortened, svg, width_of};
use super::palette::{BLUE, VERMILLION};
use crate::experiment::Response;
use crate::planner::{Binding, Curve, CurvePoint, LevelPoint, Recommendation, State, Supported};
use crate::report::number;
use crate::scenario::Scenario;
use crate::stats::Estimate;
use crate::units::three_digits;
use plotters::style::{Color, RGBColor, WHITE};

const WIDTH: f64 = 960.0;
const COLUMNS: usize = 2;
/// A panel with its numbers, and where its plot lies in it.
const PANEL: Point = (WIDTH / COLUMNS as f64, 276.0);
const LEFT: f64 = 66.0;
const RIGHT: f64 = 440.0;
const TOP: f64 = 52.0;
const BOTTOM: f64 = 236.0;
const SMALL: f64 = 11.5;

/// The chart of a curve.
#[must_use]
pub fn users(scenario: &Scenario, recommendation: &Recommendation, curve: &Curve) -> String {
    let finding = finding(recommendation, &curve.supported);
    let (title, under) = finding_lines(&finding, WIDTH);
    let head = under + 51.0;
    let names: Vec<&LevelPoint> = curve.points.first().map_or_else(Vec::new, |point| point.levels.iter().collect());
    let all = curve.points.iter().flat_map(|point| &point.levels);
    let values = all.flat_map(|level| {
        let Response { p50, p95, p99, .. } = &level.response_s;
        [p50.estimate, p95.estimate, p99.estimate, p95.low, p95.high, Some(level.limit_s)].into_iter().flatten()
    });
    let greatest = curve.points.iter().map(|point| point.load_factor).fold(1.0, f64::max);
    let panels = Panels {
        curve,
        today: scenario.users,
        x: Axis::from_zero(greatest, (LEFT, RIGHT)),
        y: Axis::by_ratio(values, (BOTTOM, TOP)),
    };
    let rows = names.len().div_ceil(COLUMNS);
    let height = head + rows as f64 * PANEL.1 + 34.0;
    svg(&finding, (WIDTH, height), |canvas| {
        canvas.finding(&title);
        canvas.text(&panels.measure(recommendation), (MARGIN, under + 9.0), Side::Right, 12.5, GREY);
        panels.draw_key(canvas, under + 30.0);
        for (index, level) in names.iter().enumerate() {
            let corner = ((index % COLUMNS) as f64 * PANEL.0, head + (index / COLUMNS) as f64 * PANEL.1);
            panels.draw(canvas, corner, index, level);
        }
        let (name, seed) = (&scenario.name, scenario.seed);
        canvas.text(&format!("{name}, seed {seed}"), (MARGIN, height - 14.0), Side::Right, SMALL, GREY);
    })
}

/// How far it goes, and what is in the way.
fn finding(recommendation: &Recommendation, supported: &Supported) -> String {
    let times = format!("{} times today's load", number::plain(supported.growth_factor));
    let most = match supported.users {
        Some(users) => format!("{} users, {times}", number::count(three_digits(users))),
        None => times,
    };
    let binding = recommendation.chosen.as_ref().and_then(|design| design.binding.as_ref());
    let then = match (&supported.missed_level, binding) {
        (Some(level), _) => format!("; beyond that `{level}` is missed"),
        (None, Some(Binding { role, resource, state, limit_ratio, .. })) => {
            let when = if *state == State::Normal { String::new() } else { format!(" {}", state.words()) };
            format!("; then the {role} {resource} is used to its limit of {}{when}", number::ratio(*limit_ratio))
        }
        (None, None) => String::new(),
    };
    format!("Holds up to {most}{then}")
}

struct Panels<'a> {
    curve: &'a Curve,
    /// The people of the scenario; 0 where there are only bare streams.
    today: u64,
    x: Axis,
    y: Axis,
}

/// Lines of a kind.
struct Line {
    name: &'static str,
    of: fn(&Response) -> &Estimate,
    colour: RGBColor,
    width: f64,
}

/// From above to below.
const LINES: [Line; 3] = [
    Line { name: "p99", of: |response| &response.p99, colour: INK, width: 1.25 },
    Line { name: "p95", of: |response| &response.p95, colour: BLUE, width: 2.0 },
    Line { name: "p50", of: |response| &response.p50, colour: GREY, width: 1.25 },
];

impl Panels<'_> {
    fn measure(&self, recommendation: &Recommendation) -> String {
        let candidate = recommendation.chosen.as_ref().map_or("", |design| design.candidate.as_str());
        let counts = self.curve.points.iter().map(|point| point.replications);
        let least = counts.min().unwrap_or(0);
        let text = format!("how long people wait, {candidate}; at least {least} replications a point");
        shortened(&text, 12.5, WIDTH - 2.0 * MARGIN)
    }

    /// The states of the curve, the easiest first.
    fn states(&self) -> Vec<State> {
        let states = self.curve.points.iter().map(|point| point.state);
        State::ALL.into_iter().filter(|state| states.clone().any(|other| other == *state)).collect()
    }

    /// What the dashes mean, and the marks.
    fn draw_key(&self, canvas: &Canvas<'_>, y: f64) {
        let mut x = 16.0;
        for state in self.states() {
            stroke(canvas, &[(x, y), (x + 34.0, y)], state, (BLUE, 2.0));
            canvas.text(state.words(), (x + 42.0, y), Side::Right, 12.0, INK);
            x += width_of(state.words(), 12.0) + 70.0;
        }
        canvas.block(((x, y - 6.0), (x + 22.0, y + 6.0)), BLUE.mix(0.18));
        canvas.text("95 % interval of p95, every node up", (x + 30.0, y), Side::Right, 12.0, INK);
        x += 30.0 + width_of("95 % interval of p95, every node up", 12.0) + 28.0;
        canvas.cross((x, y), VERMILLION);
        canvas.text("level missed", (x + 12.0, y), Side::Right, 12.0, INK);
    }

    /// A level's own panel.
    fn draw(&self, canvas: &Canvas<'_>, corner: Point, index: usize, level: &LevelPoint) {
        let on = |(x, y): Point| (corner.0 + x, corner.1 + y);
        let title = format!("{}: {} under {}", level.name, number::ratio(level.share_ratio), level.limit);
        canvas.text(&shortened(&title, 13.0, PANEL.0 - 32.0), on((MARGIN, 14.0)), Side::Right, 13.0, INK);
        self.draw_scales(canvas, on);
        let limit = self.y.at(level.limit_s);
        let line = [on((LEFT, limit)), on((RIGHT, limit))];
        // Where more time is given to what is larger, being above the line is no violation yet.
        let is_fixed = !level.grows_with_size;
        if is_fixed {
            canvas.block((on((LEFT, TOP)), line[1]), VERMILLION.mix(0.07));
            canvas.line(&line, VERMILLION, 1.0);
        } else {
            canvas.dashes(&line, VERMILLION, 1.0, 3.0);
        }
        self.draw_loads(canvas, on);
        let ends = self.draw_lines(canvas, on, index);
        let text = number::seconds(level.limit_s) + if is_fixed { "" } else { ", and more by size" };
        canvas.text(&text, on((LEFT + 4.0, limit + 8.0)), Side::Right, 11.0, VERMILLION);
        let wanted: Vec<f64> = ends.iter().map(|(_, y)| *y).collect();
        for ((line, _), y) in ends.iter().zip(apart(&wanted, 12.0, (TOP, BOTTOM))) {
            canvas.text(line.name, on((RIGHT + 5.0, y)), Side::Right, SMALL, line.colour);
        }
    }

    fn draw_scales(&self, canvas: &Canvas<'_>, on: impl Fn(Point) -> Point) {
        for value in self.y.marks(13) {
            let y = self.y.at(value);
            canvas.line(&[on((LEFT, y)), on((RIGHT, y))], PALE, 0.75);
            canvas.text(&number::seconds(value), on((LEFT - 6.0, y)), Side::Left, SMALL, INK);
        }
        canvas.line(&[on((LEFT, BOTTOM)), on((RIGHT, BOTTOM))], GREY, 1.0);
        let people = self.today as f64;
        let (marks, what) = if self.today > 0 {
            let top = people * self.curve.points.iter().map(|point| point.load_factor).fold(1.0, f64::max);
            (Axis::from_zero(top, (LEFT, RIGHT)).marks(6), "users")
        } else {
            (self.x.marks(6), "times today's load")
        };
        for value in marks {
            let (x, name) = match self.today {
                0 => (self.x.at(value), number::plain(value)),
                _ => (self.x.at(value / people), number::count(value.round() as u64)),
            };
            canvas.line(&[on((x, BOTTOM)), on((x, BOTTOM + 4.0))], GREY, 1.0);
            canvas.text(&name, on((x, BOTTOM + 13.0)), Side::Middle, SMALL, INK);
        }
        canvas.text(what, on(((LEFT + RIGHT) / 2.0, BOTTOM + 28.0)), Side::Middle, SMALL, GREY);
    }

    /// Today's load, and the most for which the design holds.
    fn draw_loads(&self, canvas: &Canvas<'_>, on: impl Fn(Point) -> Point) {
        let named = |factor: f64| match self.today {
            0 => format!("{} ×", number::plain(factor)),
            people => number::count(three_digits((people as f64 * factor).round() as u64)),
        };
        let most = self.curve.supported.growth_factor;
        let loads = [(1.0, format!("today {}", named(1.0))), (most, format!("holds to {}", named(most)))];
        for (row, (factor, text)) in loads.into_iter().enumerate() {
            let (x, y) = (self.x.at(factor), TOP - 6.0 - 11.0 * (1 - row) as f64);
            canvas.line(&[on((x, y)), on((x, BOTTOM))], INK, 1.0);
            // Above the plot there is room beyond its end.
            let width = width_of(&text, 11.0);
            let side = if x + 4.0 + width > PANEL.0 - 8.0 { Side::Left } else { Side::Right };
            let from = if side == Side::Left { x - 4.0 - width } else { x + 3.0 };
            canvas.block((on((from, y - 5.5)), on((from + width + 1.0, y + 5.5))), WHITE);
            canvas.text(&text, on((if side == Side::Left { x - 4.0 } else { x + 4.0 }, y)), side, 11.0, INK);
        }
    }

    /// The percentiles of a level in every state; where each line of the easiest state ends.
    fn draw_lines(&self, canvas: &Canvas<'_>, on: impl Fn(Point) -> Point, index: usize) -> Vec<(&'static Line, f64)> {
        let mut ends = Vec::new();
        for (number, state) in self.states().into_iter().enumerate() {
            let own: Vec<&CurvePoint> = self.curve.points.iter().filter(|point| point.state == state).collect();
            let at = |point: &CurvePoint, value: Option<f64>| {
                value.map(|value| on((self.x.at(point.load_factor), self.y.at(value))))
            };
            let of = |bound: fn(&Estimate) -> Option<f64>| -> Vec<Point> {
                own.iter().filter_map(|point| at(point, bound(&point.levels[index].response_s.p95))).collect()
            };
            let (lows, highs) = (of(|p95| p95.low), of(|p95| p95.high));
            if number == 0 && lows.len() > 1 {
                let around: Vec<Point> = lows.into_iter().chain(highs.into_iter().rev()).collect();
                canvas.area(&around, BLUE.mix(0.18));
            }
            for line in &LINES {
                let value = |point: &CurvePoint| (line.of)(&point.levels[index].response_s).estimate;
                let points: Vec<Point> = own.iter().filter_map(|point| at(point, value(point))).collect();
                stroke(canvas, &points, state, (line.colour, line.width));
                if let Some(last) = own.last().and_then(|last| value(last)).filter(|_| number == 0) {
                    ends.push((line, self.y.at(last)));
                }
            }
            for point in own.iter().filter(|point| !point.levels[index].met) {
                if let Some(place) = at(point, point.levels[index].response_s.p95.estimate) {
                    canvas.cross(place, VERMILLION);
                }
            }
        }
        ends
    }
}

/// A line in the dashes of its state.
fn stroke(canvas: &Canvas<'_>, points: &[Point], state: State, (colour, width): (RGBColor, f64)) {
    match state {
        State::Normal => canvas.line(points, colour, width),
        State::OnePrimaryDown => canvas.dashes(points, colour, width, 5.0),
        State::OneMailPrimaryDown => canvas.dashes(points, colour, width, 2.0),
    }
}
