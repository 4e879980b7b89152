//! A number with its interval, or the honest absence of one.

use serde::{Deserialize, Serialize};

/// An estimate with its confidence interval. `None` (`null` in files) where there were too few samples; never NaN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The best guess.
    pub estimate: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

impl Estimate {
    /// Nothing is known.
    pub const NONE: Estimate = Estimate { estimate: None, low: None, high: None };

    /// A guess without an interval; [`Estimate::NONE`] when the value is not finite.
    #[must_use]
    pub fn point(value: f64) -> Estimate {
        Estimate { estimate: value.is_finite().then_some(value), ..Estimate::NONE }
    }

    /// `value ± half_width`. What is not finite is left out: the interval alone, or everything.
    #[must_use]
    pub fn around(value: f64, half_width: f64) -> Estimate {
        Estimate::between(value, value - half_width, value + half_width)
    }

    /// A value with the ends of its interval. What is not finite is left out: the interval alone, or everything.
    #[must_use]
    pub fn between(value: f64, low: f64, high: f64) -> Estimate {
        if !(value.is_finite() && low.is_finite() && high.is_finite()) {
            return Estimate::point(value);
        }
        Estimate { estimate: Some(value), low: Some(low), high: Some(high) }
    }

    /// Half the length of the interval, in the unit of the estimate.
    #[must_use]
    pub fn half_width(&self) -> Option<f64> {
        Some((self.high? - self.low?) / 2.0)
    }

    /// The same estimate with everything kept between `least` and `most`, for what cannot lie outside.
    #[must_use]
    pub fn clamped(self, least: f64, most: f64) -> Estimate {
        let keep = |value: Option<f64>| value.map(|value| value.clamp(least, most));
        Estimate { estimate: keep(self.estimate), low: keep(self.low), high: keep(self.high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_null_in_a_file() {
        let text = serde_json::to_string(&Estimate::point(2.5)).unwrap();
        assert_eq!(text, r#"{"estimate":2.5,"low":null,"high":null}"#);
        assert_eq!(serde_json::from_str::<Estimate>(&text).unwrap(), Estimate::point(2.5));
    }

    #[test]
    fn nothing_that_is_not_finite_gets_in() {
        assert_eq!(Estimate::point(f64::NAN), Estimate::NONE);
        assert_eq!(Estimate::around(1.0, f64::INFINITY), Estimate::point(1.0));
        assert_eq!(Estimate::around(f64::INFINITY, 1.0), Estimate::NONE);
    }

    #[test]
    fn half_width_needs_an_interval() {
        assert_eq!(Estimate::around(3.0, 0.5).half_width(), Some(0.5));
        assert_eq!(Estimate::point(3.0).half_width(), None);
        assert_eq!(Estimate::around(0.1, 0.3).clamped(0.0, 1.0).low, Some(0.0));
    }
}
