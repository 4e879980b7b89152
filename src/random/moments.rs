//! Moments of the laws, in closed form: what offered load and theory need.

use super::Law;

/// The two branches of a hyperexponential law with balanced means: (share, mean of the branch) each.
///
/// `p = (1 + √((c² − 1)/(c² + 1)))/2`, branch means `m/2p` and `m/2(1 − p)` (Whitt 1982, eq. 3.7).
pub(super) fn branches(mean: f64, cv: f64) -> [(f64, f64); 2] {
    let square = cv * cv;
    let lean = libm::sqrt((square - 1.0) / (square + 1.0));
    [(1.0 + lean) / 2.0, (1.0 - lean) / 2.0].map(|share| (share, mean / (2.0 * share)))
}

impl Law {
    /// The expected value.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.moment(1)
    }

    /// E\[X²\].
    #[must_use]
    pub fn second_moment(&self) -> f64 {
        self.moment(2)
    }

    /// E\[X³\].
    #[must_use]
    pub fn third_moment(&self) -> f64 {
        self.moment(3)
    }

    /// The variance, at least zero.
    #[must_use]
    pub fn variance(&self) -> f64 {
        match *self {
            Law::Constant(_) => 0.0,
            Law::Exponential { mean } => mean * mean,
            Law::Lognormal { mean, cv } | Law::Hyperexponential { mean, cv } => mean * mean * cv * cv,
            Law::Uniform { low, high } => (high - low) * (high - low) / 12.0,
            Law::Erlang { mean, stages } => mean * mean / f64::from(stages),
            Law::Geometric { mean } => mean * (1.0 + mean),
            Law::MailSize(size) => (size.moment(2) - size.moment(1) * size.moment(1)).max(0.0),
            Law::Table(ref table) => table.variance(),
        }
    }

    /// Standard deviation over mean; zero for a law that is always zero.
    #[must_use]
    pub fn cv(&self) -> f64 {
        let mean = self.mean();
        if mean > 0.0 { libm::sqrt(self.variance()) / mean } else { 0.0 }
    }

    /// E\[X^order\] for order 1 to 3.
    fn moment(&self, order: i32) -> f64 {
        let power = |value: f64| (0..order).fold(1.0, |product, _| product * value);
        let factorial: f64 = (1..=order).map(f64::from).product();
        match *self {
            Law::Constant(value) => power(value),
            Law::Exponential { mean } => factorial * power(mean),
            // (1 + cv²)^(k(k−1)/2), Johnson, Kotz and Balakrishnan 1994, ch. 14.
            Law::Lognormal { mean, cv } => {
                let spread = 1.0 + cv * cv;
                power(mean) * (0..order * (order - 1) / 2).fold(1.0, |product, _| product * spread)
            }
            // The mean of x^k over the interval, without dividing by its length: it may be zero.
            Law::Uniform { low, high } => match order {
                1 => f64::midpoint(low, high),
                2 => (high * high + high * low + low * low) / 3.0,
                _ => (high + low) * (high * high + low * low) / 4.0,
            },
            Law::Erlang { mean, stages } => {
                let stages = f64::from(stages);
                (0..order).map(|stage| mean * (stages + f64::from(stage)) / stages).product()
            }
            Law::Hyperexponential { mean, cv } => {
                branches(mean, cv).iter().map(|(share, mean)| share * factorial * power(*mean)).sum()
            }
            // From the factorial moments k! mean^k.
            Law::Geometric { mean } => match order {
                1 => mean,
                2 => mean + 2.0 * mean * mean,
                _ => mean + 6.0 * mean * mean + 6.0 * mean * mean * mean,
            },
            Law::MailSize(size) => size.moment(order),
            Law::Table(ref table) => table.expect(power),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::sampler::tests::laws;
    use crate::stats::oracle;

    #[test]
    fn the_variance_fits_the_moments() {
        for law in laws() {
            let from_moments = law.second_moment() - law.mean() * law.mean();
            assert!((law.variance() - from_moments).abs() <= 1e-9 * law.second_moment(), "{law:?}");
        }
    }

    #[test]
    fn balanced_means_are_those_of_whitt() {
        for row in oracle::rows("H2_balanced_fit") {
            let [(share, mean), _] = branches(row.number("mean"), row.number("scv").sqrt());
            row.assert(if row.quantity == "p1" { share } else { 1.0 / mean }, 1e-12);
        }
        assert_eq!(Law::Hyperexponential { mean: 2.0, cv: 1.0 }.third_moment(), 6.0 * 8.0);
    }

    #[test]
    fn a_law_that_is_always_zero_has_no_variation() {
        assert_eq!(Law::Constant(0.0).cv(), 0.0);
        assert_eq!(Law::Geometric { mean: 0.0 }.cv(), 0.0);
    }
}
