//! A number that changes in steps, and its integral over time, exactly.

use crate::units::Time;

/// A level (jobs present, slots held) and `∫ level dt` in level-nanoseconds.
///
/// 128 bits hold 584 years of 2⁶⁴ jobs, so nothing is ever rounded or wraps.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Level {
    value: u64,
    since: Time,
    integral: u128,
}

impl Level {
    /// The level now.
    pub(super) fn value(&self) -> u64 {
        self.value
    }

    /// The level is `value` from `now` on.
    pub(super) fn set(&mut self, now: Time, value: u64) {
        self.integral = self.integral(now);
        self.since = now;
        self.value = value;
    }

    /// The integral since the last reset, up to `now`.
    pub(super) fn integral(&self, now: Time) -> u128 {
        self.integral + u128::from(self.value) * u128::from((now - self.since).0)
    }

    /// Starts to integrate anew; the level stays.
    pub(super) fn reset(&mut self, now: Time) {
        self.since = now;
        self.integral = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_integrated_exactly_and_a_reset_keeps_the_level() {
        let mut level = Level::default();
        level.set(Time(10), 3);
        level.set(Time(14), 1);
        assert_eq!(level.integral(Time(20)), 12 + 6);
        level.reset(Time(20));
        assert_eq!((level.integral(Time(20)), level.integral(Time(25)), level.value()), (0, 5, 1));
    }
}
