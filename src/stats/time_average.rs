//! The exact time integral of a level: sessions open, jobs in a queue, messages waiting.

use crate::units::Time;

/// A level over time, integrated in whole level-nanoseconds.
///
/// Integrating is exact where sampling at events is biased: arrivals see time averages only if they are Poisson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeAverage {
    start: Time,
    last: Time,
    level: u64,
    integral: u128,
    peak: u64,
}

impl TimeAverage {
    /// Starts at `now` with `level`.
    #[must_use]
    pub fn new(now: Time, level: u64) -> TimeAverage {
        TimeAverage { start: now, last: now, level, integral: 0, peak: level }
    }

    /// The level is `level` from `now` on. Time must not go back.
    pub fn set(&mut self, now: Time, level: u64) {
        self.integral += u128::from(self.level) * u128::from((now - self.last).0);
        self.last = now;
        self.level = level;
        self.peak = self.peak.max(level);
    }

    /// The level rises by `delta` at `now`, or falls when `delta` is negative. It must not fall below zero.
    pub fn add(&mut self, now: Time, delta: i64) {
        let level = self.level.checked_add_signed(delta).expect("what leaves a level has entered it before");
        self.set(now, level);
    }

    /// Forgets the past and starts the measured window at `now`; the level stays, and is the first peak.
    pub fn reset(&mut self, now: Time) {
        *self = TimeAverage::new(now, self.level);
    }

    /// The level at this moment.
    #[must_use]
    pub fn level(&self) -> u64 {
        self.level
    }

    /// The highest level since the start of the window.
    #[must_use]
    pub fn peak(&self) -> u64 {
        self.peak
    }

    /// Level × nanoseconds since the start of the window, up to `now`.
    #[must_use]
    pub fn integral(&self, now: Time) -> u128 {
        self.integral + u128::from(self.level) * u128::from((now - self.last).0)
    }

    /// The mean level since the start of the window; over no time at all it is the level itself.
    #[must_use]
    pub fn mean(&self, now: Time) -> f64 {
        match (now - self.start).0 {
            0 => self.level as f64,
            length => self.integral(now) as f64 / length as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_integral_is_the_area_under_the_steps() {
        let mut open = TimeAverage::new(Time(100), 0);
        open.add(Time(110), 3);
        open.add(Time(120), -1);
        open.set(Time(150), 7);
        assert_eq!(open.integral(Time(160)), 3 * 10 + 2 * 30 + 7 * 10);
        assert_eq!(open.mean(Time(160)), 160.0 / 60.0);
        assert_eq!((open.level(), open.peak()), (7, 7));
    }

    #[test]
    fn a_reset_starts_the_window_with_the_level_of_the_moment() {
        let mut open = TimeAverage::new(Time::ZERO, 9);
        open.set(Time(10), 2);
        open.reset(Time(20));
        assert_eq!((open.integral(Time(20)), open.peak(), open.mean(Time(20))), (0, 2, 2.0));
        assert_eq!((open.integral(Time(30)), open.mean(Time(30))), (20, 2.0));
    }

    #[test]
    fn no_integral_overflows() {
        let level = TimeAverage::new(Time::ZERO, u64::MAX);
        assert_eq!(level.integral(Time::MAX), u128::from(u64::MAX) * u128::from(u64::MAX));
    }

    #[test]
    #[should_panic(expected = "entered it before")]
    fn a_level_never_falls_below_zero() {
        TimeAverage::default().add(Time(1), -1);
    }
}
