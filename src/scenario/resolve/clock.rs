//! The clock of the week: which hours a window is about, and the rates in them.

use crate::scenario::error::ScenarioError;
use crate::scenario::file::Profile;
use crate::scenario::source::Source;
use crate::units::Time;

/// What a window is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    /// The busiest hour of the week, for as long as it takes.
    PeakHour(Time),
    /// The day that the busiest hour is in, from midnight.
    Day,
    /// A week from Monday, midnight.
    Week,
}

const HOURS_PER_DAY: usize = 24;
const DAYS_PER_WEEK: usize = 7;
pub(super) const HOURS_PER_WEEK: usize = HOURS_PER_DAY * DAYS_PER_WEEK;

impl Window {
    pub(super) fn length(self) -> Time {
        match self {
            Window::PeakHour(length) => length,
            Window::Day => Time::from_secs(86_400),
            Window::Week => Time::from_secs(7 * 86_400),
        }
    }

    /// Whether it has hours of the day.
    pub(super) fn has_clock(self) -> bool {
        !matches!(self, Window::PeakHour(_))
    }

    /// The rate in the busiest hour, and those by hour of the window, of one of several streams.
    pub(super) fn rates(self, week: &[f64], busiest: usize) -> (f64, Vec<f64>) {
        let hours = match self {
            Window::PeakHour(_) => vec![week[busiest]],
            Window::Day => {
                let midnight = busiest / HOURS_PER_DAY * HOURS_PER_DAY;
                week[midnight..midnight + HOURS_PER_DAY].to_vec()
            }
            Window::Week => week.to_vec(),
        };
        (week[busiest], hours)
    }
}

/// A rate that does not change over the week.
pub(super) fn constant(rate_per_s: f64) -> Vec<f64> {
    vec![rate_per_s; HOURS_PER_WEEK]
}

/// The rate in each hour of the week of what happens so often on an average day.
pub(super) fn weekly(profile: &Profile, per_day: f64) -> Vec<f64> {
    let days = profile.week.as_ref().map_or(vec![1.0; DAYS_PER_WEEK], |week| week.get_ref().clone());
    let hours = profile.day.get_ref();
    days.iter().flat_map(|day| hours.iter().map(move |hour| per_day * day * hour.0 / 3_600.0)).collect()
}

/// The busiest hour of all streams together, the first of equals.
pub(super) fn busiest<'a>(weeks: impl Iterator<Item = &'a [f64]>) -> usize {
    let mut total = vec![0.0; HOURS_PER_WEEK];
    for week in weeks {
        total.iter_mut().zip(week).for_each(|(sum, rate)| *sum += rate);
    }
    (0..HOURS_PER_WEEK).rev().max_by(|a, b| total[*a].total_cmp(&total[*b])).unwrap_or(0)
}

/// Refuses curves that are none.
pub(super) fn check(source: &Source, profile: &Profile) -> Result<(), ScenarioError> {
    let hours = profile.day.get_ref();
    let sum: f64 = hours.iter().map(|hour| hour.0).sum();
    if hours.len() != HOURS_PER_DAY || (sum - 1.0).abs() > 1e-6 {
        let message = format!("`day` has {} shares that add up to `{sum}`; write 24 that add up to 1", hours.len());
        return Err(source.error(profile.day.span(), message));
    }
    if let Some(week) = &profile.week {
        let days = week.get_ref();
        let mean = days.iter().sum::<f64>() / DAYS_PER_WEEK as f64;
        if days.len() != DAYS_PER_WEEK || days.iter().any(|day| *day < 0.0) || (mean - 1.0).abs() > 1e-3 {
            let message = format!("`week` has {} days with a mean of `{mean}`; write 7 with a mean of 1", days.len());
            return Err(source.error(week.span(), message));
        }
    }
    Ok(())
}
