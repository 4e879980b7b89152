//! How busy each node is over time, finely enough for a picture.
//!
//! Stations are read between events, at the end of each interval, so that nothing is counted event by event and nothing is
//! entered into the agenda: a run takes the same course whether anybody looks or not.

use super::node::Machine;
use crate::analytic::Resource;
use crate::scenario::Scenario;
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// Work done at each station, in equal intervals of the measured window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UtilisationObserved {
    /// Length of an interval; the last one may be shorter.
    pub interval_ns: u64,
    /// By node, by resource in the order of [`Resource::ALL`], by interval: work done, in nanoseconds of one server; none
    /// where the resource costs nothing.
    pub nodes: Vec<[Option<Vec<u64>>; 4]>,
}

/// The running observation.
pub(super) struct Utilisation {
    observed: UtilisationObserved,
    /// By node and resource: the work at the end of the last interval.
    before_ns: Vec<[u128; 4]>,
}

impl Utilisation {
    /// Before the window.
    pub(super) fn new(scenario: &Scenario) -> Utilisation {
        let observed = UtilisationObserved { interval_ns: interval(scenario.window).0, nodes: Vec::new() };
        Utilisation { observed, before_ns: Vec::new() }
    }

    /// The window begins, in which the work of stations is counted anew.
    pub(super) fn reset(&mut self, machines: &[Machine]) {
        let of = |machine: &Machine| Resource::ALL.map(|resource| machine.station(resource).map(|_| Vec::new()));
        self.observed.nodes = machines.iter().map(of).collect();
        self.before_ns = vec![[0; 4]; machines.len()];
    }

    /// Length of an interval.
    pub(super) fn interval(&self) -> Time {
        Time(self.observed.interval_ns)
    }

    /// An interval is over.
    pub(super) fn close(&mut self, machines: &[Machine], now: Time) {
        for ((machine, before), node) in machines.iter().zip(&mut self.before_ns).zip(&mut self.observed.nodes) {
            for ((resource, before), intervals) in Resource::ALL.into_iter().zip(before).zip(node) {
                if let (Some(station), Some(intervals)) = (machine.station(resource), intervals) {
                    let total = station.busy_ns(now);
                    intervals.push((total - std::mem::replace(before, total)) as u64);
                }
            }
        }
    }

    /// What was observed.
    pub(super) fn observed(self) -> UtilisationObserved {
        self.observed
    }
}

/// At most so many columns, more than which a reader can't tell apart.
const MOST: u64 = 170;
const DAY: u64 = 86_400;
/// Lengths that people count time by, in seconds. Each is at most three times the one before, so that there are about 60
/// intervals or more; below a second a station is busy or idle, and nothing between.
const LENGTHS_S: [u64; 17] =
    [1, 2, 5, 10, 20, 60, 120, 300, 900, 1_800, 3_600, 7_200, 21_600, 43_200, DAY, 2 * DAY, 5 * DAY];

/// The shortest of these lengths of which few enough cover the window.
fn interval(window: Time) -> Time {
    let covers = |length: &Time| window.0 <= MOST * length.0;
    LENGTHS_S.map(Time::from_secs).into_iter().find(covers).unwrap_or(Time(window.0.div_ceil(MOST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_has_intervals_that_people_count_by() {
        let of = |window: &str| interval(window.parse().unwrap()).to_string();
        let windows = ["1 s", "60 s", "10 min", "1 h", "1 day", "1 week", "200000 s", "366 days", "4000 days"];
        let lengths = ["1 s", "1 s", "5 s", "60 s", "15 min", "60 min", "30 min", "5 days", "23.529 days"];
        assert_eq!(windows.map(of), lengths);
        for seconds in (60..366 * DAY).step_by(12_345) {
            let window = Time::from_secs(seconds);
            let count = window.0.div_ceil(interval(window).0);
            assert!((57..=MOST).contains(&count), "{count} intervals in {window}");
        }
    }
}
