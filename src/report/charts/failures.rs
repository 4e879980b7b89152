//! What failed, what was noticed of it, and what it did to the sessions, over the time of one replication.
//!
//! On top there is a lane for everything that was ever in another condition than up, coloured by how it truly was, with
//! marks for what those knew of it who watch. Below are lines over the same time. Behind all of it the phases of each failure
//! are shaded: not noticed yet, noticed, and repaired but not back yet.
//!
//! Where failures take up a small part of the window, that part is shown, with as much before and after it.

use super::palette::colour;
use super::time::unit;
use crate::cluster::{FailureObserved, Lane, LaneObserved, State};
use crate::experiment::{Record, drained_s};
use crate::report::failures::{Panel, lane_name, moments, panels};
use crate::scenario::{Component, Scenario};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

const WIDTH: u32 = 960;
/// The names of the lanes and the numbers of the axes beside the plots, and what the colours mean.
const NAMES: u32 = 120;
const LEGEND: u32 = 190;
const LANE: u32 = 30;
/// More lanes than these have no room; the first ones are shown.
const MOST_LANES: usize = 24;
const PANEL: u32 = 130;
const HEAD: u32 = 40;
const FOOT: u32 = 44;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// The chart of one replication; none where nothing fails by script.
#[must_use]
pub fn failures(scenario: &Scenario, record: &Record) -> Option<String> {
    let observed = &record.observed;
    if observed.failures.is_empty() {
        return None;
    }
    let panels = panels(scenario, record);
    let lanes = &observed.lanes[..observed.lanes.len().min(MOST_LANES)];
    let rows = lanes.len().max(1) as u32;
    let mut text = String::new();
    {
        let height = HEAD + rows * LANE + panels.len() as u32 * PANEL + FOOT;
        let area = SVGBackend::with_string(&mut text, (WIDTH, height)).into_drawing_area();
        area.fill(&WHITE).expect("text takes every shape");
        draw(&area, scenario, record, lanes, &panels).expect("text takes every shape");
        area.present().expect("text takes every shape");
    }
    Some(text)
}

fn draw(area: &Area<'_>, scenario: &Scenario, record: &Record, lanes: &[LaneObserved], panels: &[Panel]) -> Drawn {
    let observed = &record.observed;
    let window_s = observed.window_ns as f64 / 1e9;
    let (name, seconds) = unit(window_s);
    let (begin_s, end_s) = shown(record);
    let axis = Axis { begin: begin_s / seconds, end: end_s / seconds, ns: seconds * 1e9 };
    let (plots, legend) = area.split_horizontally(WIDTH - LEGEND);
    let (top, rest) = plots.split_vertically(HEAD + lanes.len().max(1) as u32 * LANE);
    let title = format!("{}: failures, replication {}", scenario.name, record.replication);
    area.draw(&Text::new(title, (NAMES as i32, 10), ("sans-serif", 16)))?;
    draw_lanes(&top.margin(HEAD, 0, 0, 10), scenario, observed.failures.as_slice(), lanes, axis)?;
    let (lines, _) = rest.split_vertically(panels.len() as u32 * PANEL + FOOT);
    let shaded = that_take_away(scenario, &observed.failures);
    for (index, panel) in panels.iter().enumerate() {
        let is_last = index + 1 == panels.len();
        let foot = if is_last { FOOT } else { 0 };
        let from = index as u32 * PANEL;
        let part = lines.clone().shrink((0, from), (WIDTH - LEGEND, PANEL + foot));
        draw_panel(&part, panel, &shaded, axis, is_last.then_some(name))?;
    }
    let states = lanes.iter().flat_map(|lane| lane.changes.iter().map(|(_, state)| *state));
    explain(&legend, &states.chain([State::Up]).collect::<Vec<_>>(), observed.lanes.len().saturating_sub(MOST_LANES))
}

/// The axis of time: where it begins and ends, and how many nanoseconds its unit has.
#[derive(Clone, Copy)]
struct Axis {
    begin: f64,
    end: f64,
    ns: f64,
}

impl Axis {
    /// Where a moment is; at an end if it is beyond.
    fn at(self, ns: u64) -> f64 {
        (ns as f64 / self.ns).clamp(self.begin, self.end)
    }

    fn shows(self, ns: u64) -> bool {
        (self.begin..=self.end).contains(&(ns as f64 / self.ns))
    }
}

/// The lanes, the first one on top.
fn draw_lanes(
    area: &Area<'_>,
    scenario: &Scenario,
    failures: &[FailureObserved],
    lanes: &[LaneObserved],
    axis: Axis,
) -> Drawn {
    let rows = lanes.len().max(1) as f64;
    let mut chart =
        ChartBuilder::on(area).y_label_area_size(NAMES).build_cartesian_2d(axis.begin..axis.end, 0.0..rows)?;
    shade(&mut chart, &that_take_away(scenario, failures), axis, rows)?;
    for (row, lane) in lanes.iter().enumerate() {
        let middle = rows - row as f64 - 0.5;
        let ends = lane.changes.iter().skip(1).map(|(time, _)| axis.at(*time)).chain([axis.end]);
        let first = lane.changes.first().map_or(axis.end, |(time, _)| axis.at(*time));
        let spans = lane.changes.iter().map(|(time, state)| (axis.at(*time), *state)).zip(ends);
        let spans = [((axis.begin, State::Up), first)].into_iter().chain(spans);
        chart.draw_series(spans.map(|((from, state), to)| {
            Rectangle::new([(from, middle - 0.28), (to, middle + 0.28)], of_state(state).filled())
        }))?;
        let (x, y) = chart.plotting_area().map_coordinate(&(axis.begin, middle));
        let style = ("sans-serif", 12).into_text_style(area).pos(right_middle());
        area.draw_text(lane_name(scenario, lane.lane), &style, (x - 8 - left_of(area), y - top_of(area)))?;
        for failure in failures.iter().filter(|failure| is_about(scenario, failure, lane.lane)) {
            for (moment, time) in moments(failure).filter(|(_, time)| axis.shows(*time)) {
                mark(&mut chart, moment, (axis.at(time), middle))?;
            }
        }
    }
    Ok(())
}

/// The pixel that an area begins at.
fn left_of(area: &Area<'_>) -> i32 {
    area.get_base_pixel().0
}

fn top_of(area: &Area<'_>) -> i32 {
    area.get_base_pixel().1
}

fn right_middle() -> plotters::style::text_anchor::Pos {
    use plotters::style::text_anchor::{HPos, Pos, VPos};
    Pos::new(HPos::Right, VPos::Center)
}

/// Whether a failure has its marks on this lane.
fn is_about(scenario: &Scenario, failure: &FailureObserved, lane: Lane) -> bool {
    let own = &scenario.faults[failure.fault as usize].component;
    match (lane, own) {
        (Lane::Component(fault), _) => scenario.faults[fault as usize].component == *own,
        (Lane::Node(_), Component::Service(..)) => false,
        (Lane::Node(node), _) => own.nodes(&scenario.cluster).contains(&(node as usize)),
    }
}

/// What those knew who watch.
fn mark(chart: &mut Chart<'_, '_>, moment: &str, at: (f64, f64)) -> Drawn {
    match moment {
        // Above the lane, since the removal may follow at once.
        "detected" => {
            let above = (at.0, at.1 + 0.34);
            chart.draw_series([TriangleMarker::new(above, 8, WHITE.filled())])?;
            chart.draw_series([TriangleMarker::new(above, 5, BLACK.filled())])?;
        }
        "removed" => {
            chart.draw_series([Cross::new(at, 5, WHITE.stroke_width(5))])?;
            chart.draw_series([Cross::new(at, 5, BLACK.stroke_width(2))])?;
        }
        "back" => {
            chart.draw_series([Circle::new(at, 5, WHITE.filled())])?;
            chart.draw_series([Circle::new(at, 5, BLACK.stroke_width(2))])?;
        }
        _ => {}
    }
    Ok(())
}

/// Those that have phases: what is slow or drained is there all the time.
fn that_take_away<'a>(scenario: &Scenario, failures: &'a [FailureObserved]) -> Vec<&'a FailureObserved> {
    failures.iter().filter(|failure| scenario.faults[failure.fault as usize].kind.takes_away()).collect()
}

/// The phases of the failures, over the whole height of a plot.
fn shade(chart: &mut Chart<'_, '_>, failures: &[&FailureObserved], axis: Axis, top: f64) -> Drawn {
    for failure in failures {
        let Some(began) = failure.began_ns else { continue };
        let end = (axis.end * axis.ns) as u64;
        let recovered = failure.recovered_ns.unwrap_or(end);
        let repaired = failure.repaired_ns.unwrap_or(end).min(recovered);
        let found = failure.found_ns.unwrap_or(repaired).min(repaired);
        for (from, to, phase) in [(began, found, 0), (found, repaired, 1), (repaired, recovered, 2)] {
            if from < to {
                let corners = [(axis.at(from), 0.0), (axis.at(to), top)];
                chart.draw_series([Rectangle::new(corners, of_phase(phase).filled())])?;
            }
        }
    }
    Ok(())
}

/// One panel of lines; the name of the unit below the last of them.
fn draw_panel(area: &Area<'_>, panel: &Panel, failures: &[&FailureObserved], axis: Axis, unit: Option<&str>) -> Drawn {
    let values = panel.series.iter().flat_map(|series| &series.points).map(|(_, value)| *value);
    let top = 1.1 * values.fold(0.0, f64::max).max(1e-9);
    let mut chart = ChartBuilder::on(area)
        .margin_top(22)
        .margin_right(10)
        .x_label_area_size(if unit.is_some() { FOOT } else { 0 })
        .y_label_area_size(NAMES)
        .build_cartesian_2d(axis.begin..axis.end, 0.0..top)?;
    shade(&mut chart, failures, axis, top)?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_mesh().y_labels(4).x_labels(11).label_style(("sans-serif", 12));
    mesh.x_label_formatter(&|x| format!("{}", (x * 100.0).round() / 100.0)).y_label_formatter(&|y| format!("{y}"));
    if let Some(unit) = unit {
        mesh.x_desc(format!("time after the warm-up, {unit}"));
    }
    mesh.draw()?;
    for (number, series) in panel.series.iter().enumerate() {
        let steps = series.points.windows(2).flat_map(|pair| [pair[0], (pair[1].0, pair[0].1)]);
        let seconds = axis.ns / 1e9;
        let line: Vec<(f64, f64)> =
            clipped(steps.map(|(time_s, value)| (time_s / seconds, value)), axis.begin, axis.end);
        chart.draw_series([PathElement::new(line, colour(number).stroke_width(2))])?;
    }
    let font = ("sans-serif", 13);
    if let [only] = panel.series.as_slice() {
        area.draw(&Text::new(format!("{}: {}", only.name, panel.title), (NAMES as i32, 6), font))?;
        return Ok(());
    }
    let mut x = NAMES as i32;
    area.draw(&Text::new(panel.title.clone(), (x, 6), font))?;
    x += width_of(&panel.title) + 16;
    for (number, series) in panel.series.iter().enumerate() {
        area.draw(&Rectangle::new([(x, 7), (x + 12, 17)], colour(number).filled()))?;
        area.draw(&Text::new(series.name.clone(), (x + 16, 6), font))?;
        x += 16 + width_of(&series.name) + 14;
    }
    Ok(())
}

/// The part of a line of steps between two times.
fn clipped(steps: impl Iterator<Item = (f64, f64)>, begin: f64, end: f64) -> Vec<(f64, f64)> {
    let (mut before, mut line) = (None, Vec::new());
    for (at, value) in steps.take_while(|(at, _)| *at <= end) {
        if at < begin {
            before = Some((begin, value));
        } else {
            line.extend(before.take());
            line.push((at, value));
        }
    }
    line
}

/// From when to when there is something to see, in seconds: all of the window, or the failures with as much before and after.
fn shown(record: &Record) -> (f64, f64) {
    let window_s = record.observed.window_ns as f64 / 1e9;
    let failures = &record.observed.failures;
    let seconds = |ns: u64| ns as f64 / 1e9;
    let first = failures.iter().filter_map(|own| own.began_ns.map(seconds)).fold(window_s, f64::min);
    let over = |own: &FailureObserved| {
        let recovered = own.recovered_ns.or(own.repaired_ns).map_or(window_s, seconds);
        drained_s(record, own).map_or(recovered, |drained| drained.max(recovered))
    };
    let last = failures.iter().map(over).fold(0.0, f64::max);
    let (length, begin) = (last - first, first - (last - first));
    if length <= 0.0 || 3.0 * length > 0.5 * window_s {
        return (0.0, window_s);
    }
    (begin.max(0.0), (last + length).min(window_s))
}

/// Pixels that a text of this size takes, about.
fn width_of(text: &str) -> i32 {
    text.chars().count() as i32 * 7
}

/// What colours and marks mean.
fn explain(legend: &Area<'_>, seen: &[State], left_out: usize) -> Drawn {
    let font = ("sans-serif", 12);
    let mut y = HEAD as i32;
    let states = [
        (State::Up, "up"),
        (State::Refuses, "refuses"),
        (State::Mute, "accepts, does not answer"),
        (State::Silent, "silent"),
        (State::Starting, "services start"),
        (State::Slow, "slow"),
        (State::Drained, "drained"),
    ];
    for (state, name) in states.into_iter().filter(|(state, _)| seen.contains(state)) {
        legend.draw(&Rectangle::new([(8, y), (22, y + 12)], of_state(state).filled()))?;
        legend.draw(&Text::new(name, (28, y), font))?;
        y += 18;
    }
    y += 8;
    legend.draw(&TriangleMarker::new((15, y + 6), 6, BLACK.filled()))?;
    legend.draw(&Text::new("detected", (28, y), font))?;
    legend.draw(&Cross::new((15, y + 24), 5, BLACK.stroke_width(2)))?;
    legend.draw(&Text::new("removed", (28, y + 18), font))?;
    legend.draw(&Circle::new((15, y + 42), 5, BLACK.stroke_width(2)))?;
    legend.draw(&Text::new("back", (28, y + 36), font))?;
    y += 62;
    for (phase, name) in ["failed, not noticed", "noticed, not repaired", "repaired, not recovered"].iter().enumerate()
    {
        legend.draw(&Rectangle::new([(8, y), (22, y + 12)], of_phase(phase).filled()))?;
        legend.draw(&Text::new(*name, (28, y), font))?;
        y += 18;
    }
    if left_out > 0 {
        legend.draw(&Text::new(format!("{left_out} more lanes are not shown"), (8, y + 8), font))?;
    }
    Ok(())
}

fn of_state(state: State) -> RGBColor {
    match state {
        State::Up => RGBColor(196, 222, 208),
        State::Drained => colour(4),
        State::Slow => colour(6),
        State::Starting => colour(3),
        State::Refuses => colour(5),
        State::Mute => colour(1),
        State::Silent => RGBColor(110, 110, 110),
    }
}

fn of_phase(phase: usize) -> RGBAColor {
    [colour(5), colour(1), colour(2)][phase].mix(0.18)
}
