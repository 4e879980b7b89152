//! Figures for people: three significant digits, and a unit.

use crate::analytic::Bound;
use crate::stats::Estimate;
pub use crate::units::grouped as count;
use crate::units::{Share, Time};

/// What stands where there is nothing to say.
pub const NOTHING: &str = "-";

/// The value with three significant digits.
#[must_use]
pub fn significant(value: f64) -> f64 {
    rounded(value, 3)
}

fn rounded(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let places = digits - 1 - value.abs().log10().floor() as i32;
    // Two exact powers instead of one that is not: 10^-3 has no exact form.
    let scale = 10_f64.powi(places.abs());
    if places >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale }
}

/// A plain number: `0.0123`, `4.56`, `12300`.
#[must_use]
pub fn plain(value: f64) -> String {
    significant(value).to_string()
}

/// A large number that is not exact: `12 300`.
#[must_use]
pub fn about(value: f64) -> String {
    count(significant(value).round() as u64)
}

/// A time: `2.31 s`, `36.2 ms`.
#[must_use]
pub fn seconds(value: f64) -> String {
    Time::from_secs_f64(significant(value)).to_string()
}

/// A share: `83.2 %`.
#[must_use]
pub fn ratio(value: f64) -> String {
    Share(significant(value)).to_string()
}

/// A share, or a bound of one: `≤ 83.2 %`.
#[must_use]
pub fn bounded_ratio(value: f64, bound: Bound) -> String {
    format!("{}{}", bound.signs()[0], ratio(value))
}

/// An estimate and what its interval leaves open: `2.31 s ± 21 ms`, or without an interval `2.31 s`.
#[must_use]
pub fn estimate(estimate: &Estimate, print: fn(f64) -> String) -> String {
    match (estimate.estimate, estimate.half_width()) {
        (None, _) => NOTHING.to_owned(),
        (Some(value), None) => print(value),
        (Some(value), Some(half)) => format!("{} ± {}", print(value), print(rounded(half, 2))),
    }
}

/// A time that may be certain: `7.2 s ± 0.9 s`, `20 min`.
#[must_use]
pub fn time(time: &Estimate) -> String {
    let certain = time.half_width().is_some_and(|half| half == 0.0);
    estimate(&if certain { Estimate { low: None, high: None, ..*time } } else { *time }, seconds)
}

/// A share of all in percentage points: `1.2 points`.
#[must_use]
pub fn points(value: f64) -> String {
    format!("{} points", plain(value * 100.0))
}

/// A part of something that may be less than nothing: `-3.2 %`.
#[must_use]
pub fn ratio_signed(value: f64) -> String {
    format!("{}{}", if value < 0.0 { "-" } else { "" }, ratio(value.abs()))
}

/// A change and what its interval leaves open: `+21 ms ± 3 ms`, or nothing at all as `0 s ± 3 ms`.
#[must_use]
pub fn change(change: &Estimate, print: fn(f64) -> String) -> String {
    let sign = match change.estimate {
        Some(value) if value > 0.0 => "+",
        Some(value) if value < 0.0 => "-",
        Some(_) | None => "",
    };
    let size = Estimate { estimate: change.estimate.map(f64::abs), ..*change };
    format!("{sign}{}", estimate(&size, print))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        assert_eq!(plain(0.012_345), "0.0123");
        assert_eq!(plain(12_345.0), "12300");
        assert_eq!(seconds(2.314_9), "2.31 s");
        assert_eq!(seconds(0.036_249), "36.2 ms");
        assert_eq!(ratio(0.832_34), "83.2 %");
        assert_eq!(ratio(0.001), "0.1 %");
        assert_eq!(
            [Bound::Exact, Bound::AtMost, Bound::AtLeast, Bound::Near].map(|bound| bounded_ratio(0.5, bound)),
            ["50 %", "≤ 50 %", "≥ 50 %", "≈ 50 %"]
        );
        assert_eq!(count(71_428), "71 428");
        assert_eq!(count(7), "7");
        assert_eq!(count(1_000_000), "1 000 000");
    }

    #[test]
    fn changes_have_a_sign() {
        assert_eq!(change(&Estimate::around(-0.021, 0.003), seconds), "-21 ms ± 3 ms");
        assert_eq!(change(&Estimate::point(0.012), points), "+1.2 points");
        assert_eq!(change(&Estimate::around(0.0, 0.0), seconds), "0 s ± 0 s");
        assert_eq!((ratio_signed(-0.123), ratio_signed(0.5)), ("-12.3 %".to_owned(), "50 %".to_owned()));
    }

    #[test]
    fn an_interval_is_shown_where_there_is_one() {
        assert_eq!(estimate(&Estimate::around(2.314, 0.021_4), seconds), "2.31 s ± 21 ms");
        assert_eq!(estimate(&Estimate::point(2.0), seconds), "2 s");
        assert_eq!(estimate(&Estimate::NONE, seconds), NOTHING);
    }
}
