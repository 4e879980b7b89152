//! Services hour by hour: how many sessions came, and within what time 95 % of them were served.

use super::axis::{Axis, apart};
use super::canvas::{Canvas, GREY, INK, MARGIN, PALE, Point, Side, finding_lines, shortened, svg};
use super::palette::colour;
use super::time::Times;
use crate::experiment::{HourSummary, ServiceHourSummary, Summary};
use crate::report::number;
use crate::scenario::Scenario;
use plotters::style::Color;

const WIDTH: f64 = 900.0;
const PANEL: f64 = 200.0;
const LEFT: f64 = 76.0;
/// Where the curves end and their names begin.
const RIGHT: f64 = 780.0;
/// Between two panels, for a title.
const GAP: f64 = 62.0;
/// Above the first one.
const TOP: f64 = 48.0;

/// The chart of a window that is looked at hour by hour; none for another one.
#[must_use]
pub fn hours(scenario: &Scenario, summary: &Summary) -> Option<String> {
    let last = summary.hours.last()?;
    let chart = Chart {
        scenario,
        hours: &summary.hours,
        replications: summary.replications.max(1) as f64,
        times: Times { has_clock: scenario.has_clock, window_s: begin_s(last) + last.length_s },
    };
    let finding = chart.finding();
    let (lines, end) = finding_lines(&finding, WIDTH);
    let tops = [end + TOP, end + TOP + PANEL + GAP];
    Some(svg(&finding, (WIDTH, tops[1] + PANEL + 52.0), |canvas| {
        canvas.finding(&lines);
        chart.draw(canvas, tops[0], "sessions that began, per second", number::plain, &|hour, of| {
            let rate = of.offered as f64 / (hour.length_s * chart.replications);
            Some([rate, rate, rate])
        });
        let title = "95 % are served within, with its 95 % interval between replications";
        chart.draw(canvas, tops[1], title, number::seconds, &|_, of| {
            let p95 = of.p95_response_s;
            let estimate = p95.estimate?;
            Some([p95.low.unwrap_or(estimate), estimate, p95.high.unwrap_or(estimate)])
        });
        let middle = (f64::midpoint(LEFT, RIGHT), tops[1] + PANEL + 36.0);
        canvas.text(&chart.times.title(), middle, Side::Middle, 12.0, GREY);
    }))
}

/// When an hour begins.
fn begin_s(hour: &HourSummary) -> f64 {
    hour.hour as f64 * 3_600.0
}

struct Chart<'a> {
    scenario: &'a Scenario,
    hours: &'a [HourSummary],
    replications: f64,
    times: Times,
}

/// Of a service in an hour: what is drawn, between a low and a high end.
type Value<'a> = &'a dyn Fn(&HourSummary, &ServiceHourSummary) -> Option<[f64; 3]>;

impl Chart<'_> {
    /// The service of which people wait the most, in its worst hour and in its best.
    fn finding(&self) -> String {
        let p95 = |hour: &HourSummary, service: &str| hour.services[service].p95_response_s.estimate;
        let worst = self.scenario.services.iter().filter_map(|service| {
            let known = self.hours.iter().filter_map(|hour| Some((hour, p95(hour, &service.name)?)));
            let worst = known.clone().reduce(|most, next| if next.1 > most.1 { next } else { most })?;
            let best = known.reduce(|least, next| if next.1 < least.1 { next } else { least })?;
            Some((service.name.as_str(), worst, best))
        });
        let Some((service, worst, best)) = worst.reduce(|most, next| if next.1.1 > most.1.1 { next } else { most })
        else {
            return "No session was served".to_owned();
        };
        let at = |hour: &HourSummary| {
            let moment = self.times.moment(begin_s(hour));
            if self.scenario.has_clock { format!("from {moment} on") } else { format!("after {moment}") }
        };
        format!(
            "95 % of {service} are served within {} in the hour {}, and within {} in the hour {}",
            number::seconds(worst.1),
            at(worst.0),
            number::seconds(best.1),
            at(best.0)
        )
    }

    fn draw(&self, canvas: &Canvas<'_>, top: f64, title: &str, print: fn(f64) -> String, of: Value) {
        let bottom = top + PANEL;
        let x = |at_s: f64| LEFT + (RIGHT - LEFT) * at_s / self.times.window_s;
        let all: Vec<(usize, Vec<Point>, [Vec<f64>; 3])> = self.curves(of);
        let values: Vec<f64> = all.iter().flat_map(|(.., values)| values.iter().flatten().copied()).collect();
        let y = Axis::around(values.iter().copied().filter(|value| *value > 0.0), (bottom, top));
        canvas.text(title, (MARGIN, top - 16.0), Side::Right, 12.5, INK);
        for mark in y.marks(8) {
            canvas.line(&[(LEFT, y.at(mark)), (RIGHT, y.at(mark))], PALE, 0.75);
            canvas.text(&print(mark), (LEFT - 8.0, y.at(mark)), Side::Left, 11.0, INK);
        }
        canvas.line(&[(LEFT, bottom), (RIGHT, bottom)], GREY, 1.0);
        for (at_s, name) in self.times.marks() {
            canvas.line(&[(x(at_s), bottom), (x(at_s), bottom + 4.0)], GREY, 1.0);
            canvas.text(&name, (x(at_s), bottom + 14.0), Side::Middle, 11.0, INK);
        }
        let mut ends = Vec::new();
        for (service, spans, [low, middle, high]) in &all {
            let hue = colour(*service);
            for (((from, to), low), high) in spans.iter().zip(low).zip(high) {
                if high > low {
                    canvas.block(((x(*from), y.at(*high)), (x(*to), y.at(*low))), hue.mix(0.2));
                }
            }
            let step = |((from, to), value): &(&Point, &f64)| [(x(*from), y.at(**value)), (x(*to), y.at(**value))];
            // An hour without a value is a gap.
            let steps: Vec<(&Point, &f64)> = spans.iter().zip(middle).collect();
            for part in steps.chunk_by(|(before, _), (after, _)| before.1 >= after.0) {
                canvas.line(&part.iter().flat_map(step).collect::<Vec<Point>>(), hue, 2.0);
            }
            ends.extend(middle.last().map(|value| (*service, y.at(*value))));
        }
        let wanted: Vec<f64> = ends.iter().map(|(_, at)| *at).collect();
        for ((service, _), at) in ends.iter().zip(apart(&wanted, 14.0, (top, bottom))) {
            let name = shortened(&self.scenario.services[*service].name, 12.0, WIDTH - RIGHT - 16.0);
            canvas.text(&name, (RIGHT + 8.0, at), Side::Right, 12.0, colour(*service));
        }
    }

    /// Of each service that has any: when its hours begin and end, and their values.
    fn curves(&self, of: Value) -> Vec<(usize, Vec<Point>, [Vec<f64>; 3])> {
        let of_service = |(index, name): (usize, &str)| {
            let mut curve = (index, Vec::new(), [const { Vec::new() }; 3]);
            for hour in self.hours {
                let Some(values) = of(hour, &hour.services[name]) else { continue };
                curve.1.push((begin_s(hour), begin_s(hour) + hour.length_s));
                curve.2.iter_mut().zip(values).for_each(|(all, value)| all.push(value));
            }
            (!curve.1.is_empty()).then_some(curve)
        };
        let services = self.scenario.services.iter().map(|service| service.name.as_str());
        services.enumerate().filter_map(of_service).collect()
    }
}
