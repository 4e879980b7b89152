//! Count, sum and extremes of times, exact to the nanosecond.

use crate::units::Time;
use serde::{Deserialize, Serialize};

/// A tally of times. Everything is an integer, so merging is exact and its order does not matter.
///
/// The sum has 128 bits: 2^64 values of 584 years each still fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    count: u64,
    #[serde(with = "super::wide")]
    sum_ns: u128,
    // Both zero while the tally is empty: the extremes of nothing never leave this file.
    min_ns: u64,
    max_ns: u64,
}

impl Tally {
    /// Adds one time.
    pub fn record(&mut self, time: Time) {
        self.merge(&Tally { count: 1, sum_ns: u128::from(time.0), min_ns: time.0, max_ns: time.0 });
    }

    /// Adds everything that `other` has recorded.
    pub fn merge(&mut self, other: &Tally) {
        if other.count == 0 {
            return;
        }
        self.min_ns = if self.count == 0 { other.min_ns } else { self.min_ns.min(other.min_ns) };
        self.max_ns = self.max_ns.max(other.max_ns);
        self.count += other.count;
        self.sum_ns += other.sum_ns;
    }

    /// How many times were recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The exact sum in nanoseconds.
    #[must_use]
    pub fn sum_ns(&self) -> u128 {
        self.sum_ns
    }

    /// The mean in seconds, `None` when nothing was recorded.
    #[must_use]
    pub fn mean_s(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum_ns as f64 / self.count as f64 / 1e9)
    }

    /// The shortest time, `None` when nothing was recorded.
    #[must_use]
    pub fn min(&self) -> Option<Time> {
        (self.count > 0).then_some(Time(self.min_ns))
    }

    /// The longest time, `None` when nothing was recorded.
    #[must_use]
    pub fn max(&self) -> Option<Time> {
        (self.count > 0).then_some(Time(self.max_ns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(times: &[u64]) -> Tally {
        let mut tally = Tally::default();
        times.iter().for_each(|&ns| tally.record(Time(ns)));
        tally
    }

    #[test]
    fn an_empty_tally_knows_nothing() {
        let empty = Tally::default();
        assert_eq!((empty.mean_s(), empty.min(), empty.max()), (None, None, None));
    }

    #[test]
    fn the_mean_is_in_seconds() {
        let tally = of(&[1_000_000_000, 2_000_000_000, 6_000_000_000]);
        assert_eq!(tally.mean_s(), Some(3.0));
        assert_eq!((tally.min(), tally.max()), (Some(Time::from_secs(1)), Some(Time::from_secs(6))));
    }

    #[test]
    fn a_sum_beyond_64_bits_survives_json() {
        let tally = of(&[u64::MAX, u64::MAX, 0]);
        let text = serde_json::to_string(&tally).unwrap();
        assert!(text.contains("\"36893488147419103230\""), "{text}");
        assert_eq!(serde_json::from_str::<Tally>(&text).unwrap(), tally);
        assert!(serde_json::from_str::<Tally>(&text.replace("\"368", "\"x368")).is_err());
    }

    proptest! {
        #[test]
        fn merging_parts_equals_recording_all(a: Vec<u64>, b: Vec<u64>) {
            let (mut forward, mut backward) = (of(&a), of(&b));
            forward.merge(&of(&b));
            backward.merge(&of(&a));
            prop_assert_eq!(forward, of(&[a, b].concat()));
            prop_assert_eq!(forward, backward);
        }
    }
}
