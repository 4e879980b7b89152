//! `failures.csv` and `failure_timeline.csv`: what became of each fault of the script, and how everything was meanwhile.

use super::sheet::{Sheet, optional};
use crate::cluster::{FailureObserved, Lane, MailBalance};
use crate::experiment::{Record, drained_s};
use crate::scenario::Scenario;

/// Something that is drawn over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What it shows.
    pub title: String,
    /// Its lines.
    pub series: Vec<Series>,
}

/// A line: times in seconds after the beginning of the window, and the value from then on.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is about.
    pub name: String,
    /// Its points; the last one says where it ends.
    pub points: Vec<(f64, f64)>,
}

/// The text of `failures.csv`, a row for each fault in each replication; none where nothing fails by script.
#[must_use]
pub fn csv(scenario: &Scenario, records: &[Record]) -> Option<String> {
    let heads = ["replication", "name", "component", "kind", "at_s", "detected_s", "removed_s", "repaired_s", "back_s"];
    let counts = ["recovered_s", "drained_s", "sessions_lost", "sessions_unanswered"];
    let mut sheet = Sheet::new(heads.iter().chain(&counts));
    for record in records {
        for failure in &record.observed.failures {
            let fault = &scenario.faults[failure.fault as usize];
            let mut cells = vec![record.replication.to_string(), fault.name.clone(), fault.written.clone()];
            cells.push(fault.kind.name().to_owned());
            let found = [failure.began_ns, failure.found_ns, failure.removed_ns];
            let over = [failure.repaired_ns, failure.back_ns, failure.recovered_ns];
            cells.extend(found.into_iter().chain(over).map(|time| optional(time.map(seconds))));
            cells.push(optional(drained_s(record, failure)));
            cells.extend([failure.lost, failure.unanswered].map(|count| count.to_string()));
            sheet.row(cells);
        }
    }
    records.iter().any(|record| !record.observed.failures.is_empty()).then(|| sheet.text())
}

/// The text of `failure_timeline.csv`, what the chart of one replication shows; none where nothing fails by script.
///
/// A row is a change of a condition, a moment in the course of a failure, or a point of a line.
#[must_use]
pub fn timeline(scenario: &Scenario, record: &Record) -> Option<String> {
    let observed = &record.observed;
    let mut sheet = Sheet::new(["replication", "what", "name", "time_s", "value"]);
    let mut row = |what: &str, name: &str, time_s: f64, value: String| {
        sheet.row([record.replication.to_string(), what.to_owned(), name.to_owned(), time_s.to_string(), value]);
    };
    for lane in &observed.lanes {
        for (time_ns, state) in &lane.changes {
            row("condition", lane_name(scenario, lane.lane), seconds(*time_ns), state.name().to_owned());
        }
    }
    for failure in &observed.failures {
        for (moment, time_ns) in moments(failure) {
            row("failure", &scenario.faults[failure.fault as usize].name, seconds(time_ns), moment.to_owned());
        }
    }
    for panel in panels(scenario, record) {
        for series in panel.series {
            for (time_s, value) in series.points {
                row(&panel.title, &series.name, time_s, value.to_string());
            }
        }
    }
    (!observed.failures.is_empty()).then(|| sheet.text())
}

/// What is drawn below the conditions: sessions under way, service by service, and mail that waits, minute by minute.
#[must_use]
pub fn panels(scenario: &Scenario, record: &Record) -> Vec<Panel> {
    let of = |service: usize| {
        let mut points = Vec::new();
        let mut time_ns = 0;
        for minute in &record.observed.minutes {
            let (_, _, number_ns) = minute.services[service];
            points.push((seconds(time_ns), number_ns as f64 / minute.length_ns as f64));
            time_ns += minute.length_ns;
        }
        points.extend(points.last().map(|(_, value)| (seconds(time_ns), *value)));
        let name = scenario.services[service].name.clone();
        Panel { title: "sessions under way".to_owned(), series: vec![Series { name, points }] }
    };
    (0..scenario.services.len()).map(of).chain(waiting_mail(record)).collect()
}

/// Where mail waits, in copies; what nothing ever waits for has no line.
fn waiting_mail(record: &Record) -> Option<Panel> {
    type Hands = (&'static str, fn(&MailBalance) -> u64);
    let hands: [Hands; 4] = [
        ("with people", |mail| mail.at_people),
        ("at servers that send", |mail| mail.at_senders),
        ("at the backup", |mail| mail.at_backups),
        ("stranded", |mail| mail.stranded),
    ];
    let mut series = Vec::new();
    for (name, count) in hands {
        let (mut points, mut end_ns) = (vec![(0.0, 0.0)], 0);
        for minute in &record.observed.minutes {
            end_ns += minute.length_ns;
            points.push((seconds(end_ns), count(&minute.mail?) as f64));
        }
        if points.iter().any(|(_, value)| *value > 0.0) {
            series.push(Series { name: name.to_owned(), points });
        }
    }
    let title = "mail that waits, copies".to_owned();
    (!series.is_empty()).then_some(Panel { title, series })
}

/// What a lane is called.
pub(super) fn lane_name(scenario: &Scenario, lane: Lane) -> &str {
    match lane {
        Lane::Node(node) => &scenario.cluster.nodes[node as usize].name,
        Lane::Component(fault) => &scenario.faults[fault as usize].written,
    }
}

/// What happened in the course of a failure, as far as it did.
pub(super) fn moments(failure: &FailureObserved) -> impl Iterator<Item = (&'static str, u64)> {
    let times = [
        ("began", failure.began_ns),
        ("detected", failure.found_ns),
        ("removed", failure.removed_ns),
        ("repaired", failure.repaired_ns),
        ("back", failure.back_ns),
        ("recovered", failure.recovered_ns),
    ];
    times.into_iter().filter_map(|(moment, time)| Some((moment, time?)))
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}
