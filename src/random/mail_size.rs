//! Sizes of messages: many small ones of a lognormal body, and a Pareto tail of attachments.
//!
//! The composite of Cooray and Ananda (2005, Scand. Actuarial J. 2005(5), 321–334) as Scollnik freed it (2007, ibid. 2007(1),
//! 20–33): below `tail_from` the lognormal law, above it the Pareto law with `tail_slope`, joined so that the density has no
//! step. That fixes the share of the tail: with `z = ln(tail_from/median)/sigma` and `h = φ(z)/(sigma Φ(z))` it is
//! `h/(h + tail_slope)`. Then everything above `most` is left out, since with slopes up to 2 there would be no variance, and
//! with slopes up to 1 no mean. (Shah and Noble 2007 saw such a body with such a tail in 2.85 million messages.)

use super::LawError;
use crate::stats::normal_quantile;

/// A lognormal body with a Pareto tail that ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MailSize {
    median: f64,
    sigma: f64,
    tail_from: f64,
    tail_slope: f64,
    most: f64,
    /// Part of the lognormal law below `tail_from`.
    body: f64,
    /// Share of the tail, before anything is left out.
    tail_share: f64,
    /// Share of all that is at most `most`.
    kept: f64,
}

impl MailSize {
    /// From the median and the standard deviation of the logarithm of the whole lognormal law, where the tail begins, its
    /// slope, and the largest value.
    ///
    /// # Errors
    /// When a parameter is not finite and above zero, or not `median < tail_from < most`.
    pub fn new(median: f64, sigma: f64, tail_from: f64, tail_slope: f64, most: f64) -> Result<MailSize, LawError> {
        let parameters = [("median", median), ("sigma", sigma), ("tail_slope", tail_slope)];
        for (name, value) in parameters {
            if !(value.is_finite() && value > 0.0) {
                return Err(LawError(format!("`{name}` of `mail_size` is `{value}`; it must be above zero")));
            }
        }
        for (name, value, below, least) in
            [("tail_from", tail_from, "median", median), ("most", most, "tail_from", tail_from)]
        {
            if !(value.is_finite() && value > least) {
                return Err(LawError(format!("`{name}` of `mail_size` is `{value}`; it must be above `{below}`")));
            }
        }
        let z = libm::log(tail_from / median) / sigma;
        let body = normal(z);
        let slope = libm::exp(-z * z / 2.0) / libm::sqrt(std::f64::consts::TAU) / (sigma * body);
        let tail_share = slope / (slope + tail_slope);
        let kept = 1.0 - tail_share * libm::pow(most / tail_from, -tail_slope);
        Ok(MailSize { median, sigma, tail_from, tail_slope, most, body, tail_share, kept })
    }

    /// The largest value.
    #[must_use]
    pub fn most(&self) -> f64 {
        self.most
    }

    /// Share of the values above `tail_from`.
    #[must_use]
    pub fn tail_share(&self) -> f64 {
        self.tail(self.tail_from)
    }

    /// The same law of what is at most `most`, which is not below `tail_from`.
    ///
    /// # Errors
    /// Those of [`MailSize::new`].
    pub fn up_to(&self, most: f64) -> Result<MailSize, LawError> {
        MailSize::new(self.median, self.sigma, self.tail_from, self.tail_slope, self.most.min(most))
    }

    /// Every value times a factor above zero.
    pub(super) fn scaled(&self, factor: f64) -> MailSize {
        let MailSize { median, tail_from, most, .. } = *self;
        MailSize { median: median * factor, tail_from: tail_from * factor, most: most * factor, ..*self }
    }

    pub(super) fn tail(&self, x: f64) -> f64 {
        if x >= self.most {
            return 0.0;
        }
        let beyond = |x: f64| self.tail_share * libm::pow(x / self.tail_from, -self.tail_slope);
        if x >= self.tail_from {
            return (beyond(x) - beyond(self.most)) / self.kept;
        }
        let below = (1.0 - self.tail_share) * normal(libm::log(x / self.median) / self.sigma) / self.body;
        1.0 - below / self.kept
    }

    #[inline]
    pub(super) fn quantile(&self, p: f64) -> f64 {
        let p = p * self.kept;
        let body_share = 1.0 - self.tail_share;
        if p < body_share {
            return self.median * libm::exp(self.sigma * normal_quantile(p / body_share * self.body));
        }
        (self.tail_from * libm::pow((1.0 - p) / self.tail_share, -1.0 / self.tail_slope)).min(self.most)
    }

    /// E\[X^order\]: partial moments of the lognormal law, and an integral of a power.
    pub(super) fn moment(&self, order: i32) -> f64 {
        let order = f64::from(order);
        let z = libm::log(self.tail_from / self.median) / self.sigma;
        let spread = order * self.sigma;
        let body = (1.0 - self.tail_share) / self.body
            * libm::exp(order * libm::log(self.median) + spread * spread / 2.0)
            * normal(z - spread);
        let length = libm::log(self.most / self.tail_from);
        let excess = order - self.tail_slope;
        let power = if (excess * length).abs() < 1e-12 { length } else { libm::expm1(excess * length) / excess };
        let tail = self.tail_share * self.tail_slope * libm::pow(self.tail_from, order) * power;
        (body + tail) / self.kept
    }
}

/// Unambiguous, in base units.
impl std::fmt::Display for MailSize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let MailSize { median, sigma, tail_from, tail_slope, most, .. } = self;
        write!(
            f,
            "mail_size(median {median}, sigma {sigma}, tail_from {tail_from}, tail_slope {tail_slope}, most {most})"
        )
    }
}

fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> MailSize {
        MailSize::new(2_800.0, 0.598, 10_000.0, 1.09, 10e6).unwrap()
    }

    /// Simpson's rule over `ln x` of `x^order` times the density, which is the difference of the tail.
    fn integrated(law: &MailSize, order: i32) -> f64 {
        let steps = 200_000;
        let (low, high) = (libm::log(1.0), libm::log(law.most));
        let width = (high - low) / f64::from(steps);
        // By parts: E[X^k] = ∫ k x^(k-1) P(X > x) dx, with dx = x d(ln x), and the part below 1.
        let of = |step: i32| {
            let x = libm::exp(low + width * f64::from(step));
            f64::from(order) * libm::pow(x, f64::from(order)) * law.tail(x)
        };
        let inner: f64 = (1..steps).map(|step| of(step) * if step % 2 == 1 { 4.0 } else { 2.0 }).sum();
        1.0 + width / 3.0 * (of(0) + inner + of(steps))
    }

    #[test]
    fn moments_are_those_of_numerical_integration() {
        for law in
            [spec(), MailSize::new(2_800.0, 0.598, 10_000.0, 1.0, 10e6).unwrap(), spec().up_to(50_000.0).unwrap()]
        {
            for order in 1..=3 {
                let (exact, integrated) = (law.moment(order), integrated(&law, order));
                assert!((exact / integrated - 1.0).abs() < 1e-6, "{law} {order}: {exact} and {integrated}");
            }
        }
    }

    #[test]
    fn the_density_has_no_step_where_the_tail_begins() {
        let law = spec();
        let slope = |from: f64, to: f64| (law.tail(from) - law.tail(to)) / (to - from);
        let (before, after) = (slope(9_999.0, 10_000.0), slope(10_000.0, 10_001.0));
        assert!((before / after - 1.0).abs() < 1e-3, "{before} and {after}");
        // φ(2.129)/(0.598 Φ(2.129)) = 0.0703, over itself and the slope; cutting at 10 MB takes 30 in a million off.
        assert!((law.tail_share() - 0.0703 / (0.0703 + 1.09)).abs() < 1e-4, "{}", law.tail_share());
    }

    #[test]
    fn what_is_left_out_leaves_the_rest_in_proportion() {
        let (all, some) = (spec(), spec().up_to(50_000.0).unwrap());
        for x in [500.0, 3_000.0, 20_000.0] {
            let conditional = (all.tail(x) - all.tail(50_000.0)) / (1.0 - all.tail(50_000.0));
            assert!((some.tail(x) - conditional).abs() < 1e-12, "{x}");
        }
        assert_eq!((some.tail(50_000.0), some.quantile(1.0), spec().up_to(1e12).unwrap()), (0.0, 50_000.0, spec()));
    }

    #[test]
    fn parameters_that_cross_are_refused() {
        let message = |median, sigma, from, slope, most| MailSize::new(median, sigma, from, slope, most).unwrap_err().0;
        assert!(message(0.0, 1.0, 2.0, 1.0, 3.0).contains("`median` of `mail_size` is `0`; it must be above zero"));
        assert!(
            message(3.0, 1.0, 2.0, 1.0, 4.0).contains("`tail_from` of `mail_size` is `2`; it must be above `median`")
        );
        assert!(
            message(1.0, 1.0, 2.0, 1.0, 2.0).contains("`most` of `mail_size` is `2`; it must be above `tail_from`")
        );
        assert!(message(1.0, 1.0, 2.0, -1.0, 3.0).contains("`tail_slope` of `mail_size` is `-1`"));
    }
}
