//! Tails of the laws, and their inverse.

use super::{Law, moments::branches};
use crate::stats::{falling_root, normal_quantile};

impl Law {
    /// P(X > x).
    #[must_use]
    pub fn tail(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 1.0;
        }
        // Without spread a law is constant, and its own formula would divide zero by zero.
        if self.variance() <= 0.0 {
            return f64::from(u8::from(self.mean() > x));
        }
        match *self {
            Law::Constant(value) => f64::from(u8::from(value > x)),
            Law::Exponential { mean } => libm::exp(-x / mean),
            Law::Lognormal { mean, cv } => {
                let (mu, sigma) = log_parameters(mean, cv);
                0.5 * libm::erfc((libm::log(x) - mu) / (sigma * std::f64::consts::SQRT_2))
            }
            Law::Uniform { low, high } => ((high - x) / (high - low)).clamp(0.0, 1.0),
            Law::Erlang { mean, stages } => erlang_tail(x / mean * f64::from(stages), stages),
            Law::Hyperexponential { mean, cv } => {
                branches(mean, cv).iter().map(|(share, mean)| share * libm::exp(-x / mean)).sum()
            }
            Law::Geometric { mean } => libm::pow(mean / (1.0 + mean), libm::floor(x) + 1.0),
            Law::MailSize(size) => size.tail(x),
            Law::Table(ref table) => table.tail(x),
        }
    }

    /// The smallest value up to which at least the part `p` (0 to 1) of all values lies; infinity at 1 for laws
    /// without a largest value.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        if self.variance() <= 0.0 {
            return self.mean();
        }
        match *self {
            Law::Constant(value) => value,
            Law::Exponential { mean } => -mean * libm::log1p(-p),
            Law::Lognormal { mean, cv } => {
                let (mu, sigma) = log_parameters(mean, cv);
                libm::exp(mu + sigma * normal_quantile(p))
            }
            Law::Uniform { low, high } => low + (high - low) * p,
            Law::Erlang { mean, .. } | Law::Hyperexponential { mean, .. } => {
                falling_root(1.0 - p, mean, |x| self.tail(x))
            }
            Law::Geometric { mean } => {
                let beyond = libm::log1p(-p) / libm::log(mean / (1.0 + mean));
                // What is whole but for rounding must not become the next count.
                (libm::ceil(beyond * (1.0 - 4.0 * f64::EPSILON)) - 1.0).max(0.0)
            }
            Law::MailSize(size) => size.quantile(p),
            Law::Table(ref table) => table.quantile(p),
        }
    }
}

/// Mean and standard deviation of the logarithm: `σ² = ln(1 + cv²)`, `μ = ln(mean) − σ²/2`.
pub(super) fn log_parameters(mean: f64, cv: f64) -> (f64, f64) {
    let square = libm::log1p(cv * cv);
    (libm::log(mean) - square / 2.0, libm::sqrt(square))
}

/// `Σ_{j < stages} e^−x x^j/j!`, summed through logarithms because `e^−x` alone may be below every number.
fn erlang_tail(x: f64, stages: u32) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let log_x = libm::log(x);
    let mut log_term = -x;
    let mut tail = libm::exp(log_term);
    for stage in 1..stages {
        log_term += log_x - libm::log(f64::from(stage));
        tail += libm::exp(log_term);
    }
    tail.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::sampler::tests::laws;
    use proptest::prelude::*;

    fn continuous(law: &Law) -> bool {
        !matches!(law, Law::Constant(_) | Law::Geometric { .. } | Law::Table(_))
    }

    proptest! {
        #[test]
        fn quantile_and_tail_are_inverse(p in 1e-6..0.999_999) {
            for law in laws() {
                let quantile = law.quantile(p);
                if continuous(&law) {
                    prop_assert!((1.0 - law.tail(quantile) - p).abs() < 1e-9, "{law:?} {p}");
                } else {
                    // The smallest value that reaches p.
                    prop_assert!(1.0 - law.tail(quantile) >= p - 1e-12, "{law:?} {p}");
                    prop_assert!(1.0 - law.tail(quantile * (1.0 - 1e-9) - 1e-9) < p + 1e-12, "{law:?} {p}");
                }
            }
        }

        #[test]
        fn quantiles_rise(a in 0.0..1.0, b in 0.0..1.0) {
            let (a, b) = if a < b { (a, b) } else { (b, a) };
            laws().iter().for_each(|law| assert!(law.quantile(a) <= law.quantile(b), "{law:?}"));
        }
    }

    #[test]
    fn the_ends_are_the_least_and_the_greatest_value() {
        assert_eq!(Law::Uniform { low: 2.0, high: 5.0 }.quantile(1.0), 5.0);
        assert_eq!(Law::Lognormal { mean: 3.0, cv: 0.0 }.quantile(1.0), 3.0);
        assert_eq!(Law::Exponential { mean: 3.0 }.quantile(1.0), f64::INFINITY);
        assert_eq!(Law::Erlang { mean: 3.0, stages: 4 }.quantile(0.0), 0.0);
        assert_eq!(Law::Uniform { low: 2.0, high: 5.0 }.tail(9.0), 0.0);
    }

    #[test]
    fn a_law_without_spread_is_constant() {
        let three = [Law::Uniform { low: 3.0, high: 3.0 }, Law::Lognormal { mean: 3.0, cv: 0.0 }];
        for law in three.iter().chain([&Law::Constant(3.0)]) {
            assert_eq!((law.tail(2.9), law.tail(3.0), law.quantile(0.2), law.quantile(1.0)), (1.0, 0.0, 3.0, 3.0));
        }
        let nothing = Law::Hyperexponential { mean: 5.0, cv: 2.0 }.scaled(0.0);
        assert_eq!((nothing.tail(0.0), nothing.quantile(0.9)), (0.0, 0.0));
    }

    #[test]
    fn many_stages_are_nearly_constant() {
        let law = Law::Erlang { mean: 1.0, stages: 1_000 };
        assert!((law.quantile(0.5) - 1.0).abs() < 1e-3, "{}", law.quantile(0.5));
    }
}
