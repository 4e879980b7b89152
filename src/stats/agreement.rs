//! Whether a model and reality agree, over points at which both are known.
//!
//! Two questions are asked. *Is there a difference that chance does not explain?* (Kleijnen's regression): a good model may
//! fail it when there are many points, a bad one may pass it when there are few. *Is the difference small enough?*
//! (equivalence): here the burden of proof is on the model.

use super::Estimate;
use super::interval::mean_interval;
use statrs::distribution::{ContinuousCDF, FisherSnedecor};

/// The confidence of the interval that has to lie within the bounds, for two one-sided tests of 5 % each
/// (Schuirmann 1987).
const EQUIVALENCE: f64 = 0.90;

/// What a model says and what was measured, at one point; both above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// What the model says.
    pub predicted: f64,
    /// What was measured.
    pub measured: f64,
}

/// How likely the differences are at least as regular as they are, if the model and reality have the same mean and the same
/// spread: differences of logarithms are regressed on their sums, and both coefficients should be zero (Kleijnen, Bettonvil,
/// Van Groenendael 1998). None with fewer than three points, where all points are the same, or where one is not above zero.
#[must_use]
pub fn same_mean_and_spread(pairs: &[Pair]) -> Option<f64> {
    let count = pairs.len() as f64;
    let (sums, differences): (Vec<f64>, Vec<f64>) = pairs
        .iter()
        .map(|pair| (libm::log(pair.predicted), libm::log(pair.measured)))
        .map(|(predicted, measured)| (predicted + measured, predicted - measured))
        .unzip();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
    let (sum, difference) = (mean(&sums), mean(&differences));
    let spread: f64 = sums.iter().map(|x| (x - sum) * (x - sum)).sum();
    if pairs.len() < 3 || !spread.is_finite() || spread <= 0.0 {
        return None;
    }
    let slope = sums.iter().zip(&differences).map(|(x, y)| (x - sum) * (y - difference)).sum::<f64>() / spread;
    let unexplained: f64 =
        sums.iter().zip(&differences).map(|(x, y)| y - difference - slope * (x - sum)).map(|rest| rest * rest).sum();
    let all: f64 = differences.iter().map(|y| y * y).sum();
    let degrees = count - 2.0;
    let statistic = ((all - unexplained) / 2.0) / (unexplained / degrees);
    if statistic.is_nan() {
        // No difference at all.
        return Some(1.0);
    }
    let law = FisherSnedecor::new(2.0, degrees).ok()?;
    Some(1.0 - law.cdf(statistic))
}

/// The mean error over the points, with the interval that lies within ±d where the two are equivalent up to d.
#[must_use]
pub fn mean_error(errors: &[f64]) -> Estimate {
    mean_interval(errors, EQUIVALENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(all: &[(f64, f64)]) -> Vec<Pair> {
        all.iter().map(|(predicted, measured)| Pair { predicted: *predicted, measured: *measured }).collect()
    }

    #[test]
    fn a_shift_of_all_and_a_shift_with_size_are_both_found() {
        let measured = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
        let noise = [1.03, 0.97, 1.02, 0.98, 1.01, 0.99];
        let with = |factor: fn(f64) -> f64| {
            let all: Vec<(f64, f64)> =
                measured.iter().zip(noise).map(|(value, noise)| (value * noise * factor(*value), *value)).collect();
            same_mean_and_spread(&pairs(&all)).unwrap()
        };
        assert!(with(|_| 1.0) > 0.5, "{}", with(|_| 1.0));
        assert!(with(|_| 1.2) < 0.001);
        // Right on average, too low for the small and too high for the large ones.
        assert!(with(|value| (value / 5.66).powf(0.1)) < 0.01);
    }

    #[test]
    fn the_statistic_is_that_of_a_regression_by_hand() {
        // Logarithms by base e of sums 0, 2, 4 and differences 0.1, -0.1, 0.3: slope 0.05, rest 0.06, all 0.11.
        let of = |sum: f64, difference: f64| (((sum + difference) / 2.0).exp(), ((sum - difference) / 2.0).exp());
        let p = same_mean_and_spread(&pairs(&[of(0.0, 0.1), of(2.0, -0.1), of(4.0, 0.3)])).unwrap();
        // F(2, 1): 1 - cdf(x) = 1/sqrt(1 + 2x).
        let statistic = (0.11 - 0.06) / 2.0 / 0.06;
        assert!((p - 1.0 / (1.0_f64 + 2.0 * statistic).sqrt()).abs() < 1e-9, "{p}");
    }

    #[test]
    fn few_points_say_nothing_and_equal_ones_agree() {
        assert_eq!(same_mean_and_spread(&pairs(&[(1.0, 1.0), (2.0, 2.0)])), None);
        assert_eq!(same_mean_and_spread(&pairs(&[(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)])), None);
        assert_eq!(same_mean_and_spread(&pairs(&[(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)])), Some(1.0));
        // t at 95 % with two degrees of freedom is 2.920, and the standard error of these is 0.1/√3.
        let error = mean_error(&[0.0, 0.1, 0.2]);
        assert!((error.half_width().unwrap() - 2.920 * 0.1 / 3.0_f64.sqrt()).abs() < 1e-4, "{error:?}");
    }
}
