//! Load time: the clock of the load simulation, in integer nanoseconds.

use super::{UnitError, scaled, trimmed, written_with_unit};
use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

/// An instant since the start of a run, or the length between two instants, in whole nanoseconds.
///
/// Integers never drift, compare exactly and print alike on every platform; 64 bits last for 584 years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub u64);

const UNITS: &[(&str, f64)] = &[
    ("s", 1.0),
    ("ms", 1e-3),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("ns", 1e-9),
    ("min", 60.0),
    ("h", 3_600.0),
    ("day", 86_400.0),
    ("days", 86_400.0),
    ("week", 604_800.0),
    ("weeks", 604_800.0),
];

impl Time {
    /// The start of a run; no time at all.
    pub const ZERO: Time = Time(0);
    /// Later than everything.
    pub const MAX: Time = Time(u64::MAX);

    /// Whole seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Time {
        Time(seconds * 1_000_000_000)
    }

    /// Whole milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Time {
        Time(millis * 1_000_000)
    }

    /// Seconds rounded to the nearest nanosecond; negative values and NaN become zero, huge ones [`Time::MAX`].
    #[must_use]
    pub fn from_secs_f64(seconds: f64) -> Time {
        Time::from_ns_f64(seconds * 1e9)
    }

    /// Nanoseconds rounded to the nearest whole one, saturating like [`Time::from_secs_f64`].
    #[must_use]
    pub fn from_ns_f64(nanoseconds: f64) -> Time {
        // `as` saturates at both ends and maps NaN to zero. Adding one half and truncating avoids a call to `round`.
        Time((nanoseconds + 0.5) as u64)
    }

    /// The same length in seconds.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The seconds, where there is no part of one beside them.
    #[must_use]
    pub fn whole_seconds(self) -> Option<u64> {
        self.0.is_multiple_of(1_000_000_000).then_some(self.0 / 1_000_000_000)
    }

    /// `self - earlier`, or zero when `earlier` is the later one.
    #[must_use]
    pub const fn saturating_sub(self, earlier: Time) -> Time {
        Time(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Time {
    type Output = Time;
    fn add(self, length: Time) -> Time {
        Time(self.0.saturating_add(length.0))
    }
}

impl AddAssign for Time {
    fn add_assign(&mut self, length: Time) {
        *self = *self + length;
    }
}

impl Sub for Time {
    type Output = Time;
    fn sub(self, earlier: Time) -> Time {
        debug_assert!(self >= earlier, "time went back from {} ns to {} ns", earlier.0, self.0);
        Time(self.0 - earlier.0)
    }
}

impl Mul<u64> for Time {
    type Output = Time;
    fn mul(self, factor: u64) -> Time {
        Time(self.0.saturating_mul(factor))
    }
}

impl Div<u64> for Time {
    type Output = Time;
    fn div(self, divisor: u64) -> Time {
        Time(self.0 / divisor)
    }
}

impl std::str::FromStr for Time {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Time, UnitError> {
        let seconds = scaled(text, "a time", UNITS)?;
        if seconds < 0.0 {
            return Err(UnitError(format!("`{text}` is negative; a time is at least `0 s`")));
        }
        if seconds > u64::MAX as f64 / 1e9 {
            return Err(UnitError(format!("`{text}` is too long; the load clock ends after 584 years")));
        }
        Ok(Time::from_secs_f64(seconds))
    }
}

written_with_unit!(Time, "a time", "50 ms");

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.as_secs_f64();
        let text = match seconds {
            s if self.0 == 0 => format!("{s} s"),
            s if s < 1e-6 => format!("{} ns", self.0),
            s if s < 1e-3 => format!("{} us", trimmed(s * 1e6)),
            s if s < 1.0 => format!("{} ms", trimmed(s * 1e3)),
            s if s < 600.0 => format!("{} s", trimmed(s)),
            s if s < 7_200.0 => format!("{} min", trimmed(s / 60.0)),
            s if s < 172_800.0 => format!("{} h", trimmed(s / 3_600.0)),
            s => format!("{} days", trimmed(s / 86_400.0)),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read() {
        for (text, ns) in [
            ("1 ns", 1),
            ("1 us", 1_000),
            ("1 ms", 1_000_000),
            ("1 s", 1_000_000_000),
            ("2 min", 120_000_000_000),
            ("1.5 h", 5_400_000_000_000),
            ("1 day", 86_400_000_000_000),
            ("1 week", 604_800_000_000_000),
        ] {
            assert_eq!(text.parse::<Time>().unwrap().0, ns, "{text}");
        }
    }

    #[test]
    fn times_print_in_the_unit_that_people_use() {
        for text in ["0 s", "500 ns", "1.5 us", "20 ms", "59.5 s", "20 min", "5 h", "7 days"] {
            assert_eq!(text.parse::<Time>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn conversion_from_seconds_saturates() {
        assert_eq!(Time::from_secs_f64(-1.0), Time::ZERO);
        assert_eq!(Time::from_secs_f64(f64::NAN), Time::ZERO);
        assert_eq!(Time::from_secs_f64(1e30), Time::MAX);
        assert!("-5 s".parse::<Time>().is_err());
        assert!("1000 weeks".parse::<Time>().is_ok());
        assert!("100_000 weeks".parse::<Time>().is_err());
    }
}
