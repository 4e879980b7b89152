//! Bursts: for a while a stream of sessions comes at a multiple of its rate.

use crate::units::Time;

/// A time in which a rate is multiplied. Bursts that overlap multiply each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// After the end of the warm-up.
    pub begins: Time,
    /// After the end of the warm-up, later than `begins`.
    pub ends: Time,
    /// Above zero.
    pub factor: f64,
}

/// When the factor changes and what it is from then on, from time zero. Without bursts there is nothing.
#[must_use]
pub fn steps(bursts: &[Burst]) -> Vec<(Time, f64)> {
    if bursts.is_empty() {
        return Vec::new();
    }
    let mut times: Vec<Time> = bursts.iter().flat_map(|burst| [burst.begins, burst.ends]).chain([Time::ZERO]).collect();
    times.sort();
    times.dedup();
    let at = |time: Time| bursts.iter().filter(|b| b.begins <= time && time < b.ends).map(|b| b.factor).product();
    times.into_iter().map(|time| (time, at(time))).collect()
}

/// The mean factor from one time to a later one.
#[must_use]
pub fn mean_factor(bursts: &[Burst], from: Time, to: Time) -> f64 {
    let steps = steps(bursts);
    if steps.is_empty() {
        return 1.0;
    }
    let ends = steps.iter().skip(1).map(|(time, _)| *time).chain([Time::MAX]);
    let parts = steps.iter().zip(ends).map(|((begins, factor), ends)| {
        let length = ends.min(to).saturating_sub((*begins).max(from));
        factor * length.as_secs_f64()
    });
    parts.sum::<f64>() / (to - from).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bursts_that_overlap_multiply_each_other() {
        let burst =
            |begins, ends, factor| Burst { begins: Time::from_secs(begins), ends: Time::from_secs(ends), factor };
        let bursts = [burst(10, 30, 3.0), burst(20, 40, 2.0)];
        let seconds: Vec<(u64, f64)> = steps(&bursts).iter().map(|(time, f)| (time.0 / 1_000_000_000, *f)).collect();
        assert_eq!(seconds, [(0, 1.0), (10, 3.0), (20, 6.0), (30, 2.0), (40, 1.0)]);
        let mean = mean_factor(&bursts, Time::from_secs(5), Time::from_secs(45));
        assert!((mean - (5.0 + 30.0 + 60.0 + 20.0 + 5.0) / 40.0).abs() < 1e-12, "{mean}");
        assert_eq!(mean_factor(&[], Time::ZERO, Time::from_secs(1)), 1.0);
    }
}
