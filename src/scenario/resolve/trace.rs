//! Reading a trace: a CSV file beside the scenario with a row for each session.

use super::clock::{self, Window};
use crate::scenario::error::{Place, ScenarioError, list};
use crate::scenario::source::Source;
use crate::scenario::text::{self, reason};
use crate::scenario::{Burst, Trace};
use crate::units::Time;
use std::path::Path;
use toml::Spanned;

/// Columns of the moment, in seconds from the start of the warm-up: of traces, and of the lab's own `sessions.csv`.
const MOMENT: [&str; 2] = ["at_s", "intended_s"];
/// The column by which a file with the sessions of several services is divided.
const SERVICE: &str = "service";

/// A trace in a window.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) trace: Trace,
    /// Sessions per second of the window.
    mean_per_s: f64,
    /// How its hours differ from that.
    hours: Vec<Burst>,
}

impl Course {
    /// Sessions per second in each hour of the week.
    pub(super) fn week_per_s(&self, window: Window) -> Vec<f64> {
        if !window.has_clock() {
            return clock::constant(self.mean_per_s);
        }
        let day_or_week = self.hours.iter().map(|hour| hour.factor * self.mean_per_s);
        day_or_week.cycle().take(clock::HOURS_PER_WEEK).collect()
    }

    /// How the hours of the window differ from that, unless they do already.
    pub(super) fn bursts(&self, window: Window) -> &[Burst] {
        if window.has_clock() || self.hours.len() == 1 { &[] } else { &self.hours }
    }
}

/// The trace that the user named, in the window, and how it is told apart from any other.
///
/// # Errors
/// When it can't be read, or no session of it is in the window.
pub(super) fn course(
    source: &Source,
    file: &Spanned<String>,
    (beside, service): (&Path, &str),
    (window, warm_up): (Window, Option<Time>),
) -> Result<(Course, String), ScenarioError> {
    let complain = |message: String| source.error(file.span(), message);
    let warm_up = warm_up.ok_or_else(|| {
        complain("a trace begins with the warm-up, so its length has to be known; write `time.warm_up`".to_owned())
    })?;
    let (trace, digest) = read(source, file, beside, service)?;
    let length = window.length();
    let within = trace.between(warm_up, warm_up + length);
    if within == 0 {
        return Err(complain(format!(
            "no session of the trace is in the window, which begins {warm_up} after it and lasts {length}; change `time.window` or \
             `time.warm_up`"
        )));
    }
    let value = format!("{}, {within} sessions in the window, blake3 {digest}", file.get_ref());
    let mean_per_s = within as f64 / length.as_secs_f64();
    let hours = trace.hours(warm_up, length);
    Ok((Course { trace, mean_per_s, hours }, value))
}

/// The trace of a service in a file, and a digest of the file.
fn read(
    source: &Source,
    file: &Spanned<String>,
    beside: &Path,
    service: &str,
) -> Result<(Trace, String), ScenarioError> {
    let path = beside.join(file.get_ref());
    let shown = path.display().to_string();
    let complain = |message: String| source.error(file.span(), message);
    let text =
        text::read_trace(&path).map_err(|e| complain(format!("the trace `{shown}` can't be read: {}", reason(&e))))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let place = |name: &str| headers.iter().position(|column| column == name);
    let moment = MOMENT.into_iter().find_map(place).ok_or_else(|| {
        complain(format!(
            "the trace `{shown}` has no column {}; name the one with the seconds from the start of the warm-up so",
            list(MOMENT)
        ))
    })?;
    let of_service = place(SERVICE);
    // No window is longer.
    let latest_s = super::LONGEST.as_secs_f64();
    let mut moments = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| complain(format!("the trace `{shown}` does not parse: {e}")))?;
        if of_service.is_some_and(|column| record.get(column) != Some(service)) {
            continue;
        }
        let written = record.get(moment).unwrap_or_default();
        let seconds = written.parse::<f64>().ok().filter(|seconds| (0.0..=latest_s).contains(seconds));
        let seconds = seconds.ok_or_else(|| {
            let line = record.position().map_or(1, csv::Position::line) as usize;
            let message = format!("`{}` is `{written}`; write seconds from 0 to {latest_s}", &headers[moment]);
            let row = text.lines().nth(line - 1).unwrap_or_default().to_owned();
            let width = written.chars().count().max(1);
            ScenarioError { message, place: Place::File { path: shown.clone(), line, column: 1, text: row, width } }
        })?;
        moments.push(Time::from_secs_f64(seconds));
    }
    let digest = blake3::hash(text.as_bytes()).to_hex();
    let trace =
        Trace::new(moments).ok_or_else(|| complain(format!("the trace `{shown}` has no session of `{service}`")))?;
    Ok((trace, digest[..16].to_owned()))
}
