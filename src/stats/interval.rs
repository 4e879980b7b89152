//! The interval around the mean of independent replications.

use super::Estimate;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// The confidence of every interval that the program prints.
pub const CONFIDENCE: f64 = 0.95;

/// The `p`-quantile (above 0, below 1) of Student's t with `degrees` of freedom; fewer than one count as one.
#[must_use]
pub fn student_t(degrees: usize, p: f64) -> f64 {
    let law = StudentsT::new(0.0, 1.0, degrees.max(1) as f64).expect("one or more degrees of freedom");
    law.inverse_cdf(p)
}

/// Student's t for a two-sided interval from `samples` values.
pub(super) fn two_sided_t(samples: usize, confidence: f64) -> f64 {
    student_t(samples - 1, 0.5 + confidence / 2.0)
}

/// The mean of independent replications, given in index order, with the interval `mean ± t s/√R`
/// (Law, Simulation Modeling and Analysis, 2015, eq. 4.12).
///
/// One value has no interval, none at all has no estimate. The values should be near normal, that is, each replication
/// long; one replication's own response times are correlated and do not belong in here.
#[must_use]
pub fn mean_interval(values: &[f64], confidence: f64) -> Estimate {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    if values.len() < 2 {
        return Estimate::point(mean);
    }
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0);
    Estimate::around(mean, two_sided_t(values.len(), confidence) * libm::sqrt(variance / count))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::stats::oracle;
    use rand::rngs::Xoshiro256PlusPlus;
    use rand::{RngExt, SeedableRng};

    /// The share of 2000 repetitions whose interval holds `truth`; fails outside 93 to 97 %.
    pub(in crate::stats) fn coverage(truth: f64, mut repeat: impl FnMut(&mut dyn FnMut() -> f64) -> Estimate) {
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(20_250_101);
        let mut unit = || generator.random::<f64>();
        let covers = |estimate: Estimate| estimate.low.unwrap() <= truth && truth <= estimate.high.unwrap();
        let hits = (0..2000).filter(|_| covers(repeat(&mut unit))).count();
        assert!((1860..=1940).contains(&hits), "{hits} of 2000 intervals hold the truth");
    }

    #[test]
    fn student_t_equals_the_tables() {
        for row in oracle::rows("StudentT") {
            row.assert(student_t(row.number("df") as usize, row.number("p")), 1e-11);
        }
        assert!((student_t(1, 0.975) - 12.706_204_736_174_7).abs() < 1e-9);
    }

    #[test]
    fn the_interval_of_a_mean_covers_as_promised() {
        coverage(3.0, |unit| {
            let values: Vec<f64> = (0..10).map(|_| (0..6).map(|_| unit()).sum()).collect();
            mean_interval(&values, CONFIDENCE)
        });
    }

    #[test]
    fn too_few_values_say_so() {
        assert_eq!(mean_interval(&[], CONFIDENCE), Estimate::NONE);
        assert_eq!(mean_interval(&[4.0], CONFIDENCE), Estimate::point(4.0));
        let two = mean_interval(&[1.0, 3.0], CONFIDENCE);
        assert!((two.half_width().unwrap() - 12.706_204_736_174_7).abs() < 1e-9);
    }
}
