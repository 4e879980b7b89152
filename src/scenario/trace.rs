//! Traces: sessions that come when others came before them, instead of at random.

use super::burst::Burst;
use crate::units::Time;
use std::sync::Arc;

const HOUR: Time = Time::from_secs(3_600);

/// When the sessions of a stream come, from the start of the warm-up; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace(Arc<[Time]>);

impl Trace {
    /// A trace of these moments, in any order; none where there are none.
    #[must_use]
    pub fn new(mut moments: Vec<Time>) -> Option<Trace> {
        moments.sort_unstable();
        (!moments.is_empty()).then(|| Trace(moments.into()))
    }

    /// The moment of the session with this number, if so many come.
    #[must_use]
    pub fn at(&self, number: u64) -> Option<Time> {
        self.0.get(usize::try_from(number).ok()?).copied()
    }

    /// How many sessions come from one moment to before a later one.
    #[must_use]
    pub fn between(&self, from: Time, to: Time) -> usize {
        let before = |moment: Time| self.0.partition_point(|at| *at < moment);
        before(to) - before(from)
    }

    /// So many times the sessions with the same ups and downs, for a factor above zero: the gaps between them become shorter or
    /// longer in place, so that two come where one came before, the second one halfway to the next.
    #[must_use]
    pub fn times(&self, factor: f64) -> Trace {
        let last = self.0.len() - 1;
        let moment = |number: usize| {
            let place = number as f64 / factor;
            let before = (place as usize).min(last);
            let (from, to) = (self.0[before], self.0[(before + 1).min(last)]);
            from + Time(((to - from).0 as f64 * (place - before as f64).min(1.0)) as u64)
        };
        let count = ((self.0.len() as f64 * factor).round() as usize).max(1);
        Trace((0..count).map(moment).collect())
    }

    /// The hours of a window after the warm-up, each with its rate over the mean rate of the window, in which at least one session
    /// comes.
    #[must_use]
    pub fn hours(&self, warm_up: Time, window: Time) -> Vec<Burst> {
        let mean_per_s = self.between(warm_up, warm_up + window) as f64 / window.as_secs_f64();
        let hours = (0..window.0.div_ceil(HOUR.0)).map(|hour| (HOUR * hour, (HOUR * (hour + 1)).min(window)));
        let of = |(begins, ends): (Time, Time)| {
            let count = self.between(warm_up + begins, warm_up + ends) as f64;
            Burst { begins, ends, factor: count / (ends - begins).as_secs_f64() / mean_per_s }
        };
        hours.map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(seconds: &[u64]) -> Trace {
        Trace::new(seconds.iter().map(|s| Time::from_secs(*s)).collect()).unwrap()
    }

    fn seconds(trace: &Trace) -> Vec<f64> {
        trace.0.iter().map(|at| at.as_secs_f64()).collect()
    }

    #[test]
    fn moments_come_in_their_order_and_are_counted_from_the_first_to_before_the_last() {
        let trace = trace(&[30, 10, 20]);
        assert_eq!(
            (trace.at(0), trace.at(2), trace.at(3)),
            (Some(Time::from_secs(10)), Some(Time::from_secs(30)), None)
        );
        assert_eq!(trace.between(Time::from_secs(10), Time::from_secs(30)), 2);
        assert_eq!(Trace::new(Vec::new()), None);
    }

    #[test]
    fn twice_as_many_come_halfway_and_half_as_many_are_every_other_one() {
        let trace = trace(&[0, 10, 14, 20]);
        assert_eq!(seconds(&trace.times(2.0)), [0.0, 5.0, 10.0, 12.0, 14.0, 17.0, 20.0, 20.0]);
        assert_eq!(seconds(&trace.times(0.5)), [0.0, 14.0]);
        assert_eq!(trace.times(1.0), trace);
        assert_eq!(seconds(&trace.times(0.01)), [0.0]);
    }

    /// 3600 sessions in the first hour after a warm-up, 900 in the half hour that follows.
    #[test]
    fn hours_of_a_window_have_rates_over_its_mean() {
        let warm_up = Time::from_secs(100);
        let moments = (0..3_600).chain((3_600..5_400).step_by(2)).map(|s| warm_up + Time::from_secs(s)).collect();
        let hours = Trace::new(moments).unwrap().hours(warm_up, Time::from_secs(5_400));
        let rates: Vec<f64> = hours.iter().map(|hour| hour.factor * 4_500.0 / 5_400.0).collect();
        assert!((rates[0] - 1.0).abs() < 1e-12 && (rates[1] - 0.5).abs() < 1e-12, "{rates:?}");
        assert_eq!(hours[1].ends, Time::from_secs(5_400));
    }
}
