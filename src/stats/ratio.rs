//! Ratios of totals over replications of random size: late requests of all requests, bytes a message.

use super::{Estimate, interval::two_sided_t};

/// Below this many replications the ratio's bias of order 1/R is taken out by the jackknife.
const JACKKNIFE_BELOW: usize = 10;

/// The ratio `θ = ΣY / ΣN` of (numerator, denominator) pairs, one a replication in index order, with
/// `θ ± t s/(N̄ √R)`, `s² = Σ(Y − θN)²/(R − 1)` (Law 2015, ch. 9; Glynn and Heidelberger 1991 on why parallel
/// replications need it). With fewer than ten replications the centre is the jackknife `mean of R θ − (R−1) θ₋ᵣ`.
///
/// [`Estimate::NONE`] when the denominators sum to zero; no interval from one replication.
#[must_use]
pub fn ratio_interval(pairs: &[(f64, f64)], confidence: f64) -> Estimate {
    let (above, below) = totals(pairs);
    if below <= 0.0 {
        return Estimate::NONE;
    }
    let theta = above / below;
    let count = pairs.len() as f64;
    if pairs.len() < 2 {
        return Estimate::point(theta);
    }
    let squares: f64 = pairs.iter().map(|(y, n)| (y - theta * n) * (y - theta * n)).sum();
    let deviation = libm::sqrt(squares / (count - 1.0));
    let half_width = two_sided_t(pairs.len(), confidence) * deviation / (below / count * libm::sqrt(count));
    let centre = if pairs.len() < JACKKNIFE_BELOW { jackknife(pairs) } else { theta };
    Estimate::around(centre, half_width)
}

/// A share of **counted** things: [`ratio_interval`] kept between 0 and 1.
///
/// When none of all the counted things qualifies (or every one does), their spread is zero and says nothing; then the
/// interval reaches to the exact binomial bound `1 − (1 − confidence)^(1/n)`, about `3/n` (Hanley and Lippman-Hand 1983).
#[must_use]
pub fn share_interval(pairs: &[(f64, f64)], confidence: f64) -> Estimate {
    let (above, below) = totals(pairs);
    let reach = 1.0 - libm::pow(1.0 - confidence, 1.0 / below.max(1.0));
    if below > 0.0 && above <= 0.0 {
        return Estimate::between(0.0, 0.0, reach);
    }
    if below > 0.0 && above >= below {
        return Estimate::between(1.0, 1.0 - reach, 1.0);
    }
    ratio_interval(pairs, confidence).clamped(0.0, 1.0)
}

fn totals(pairs: &[(f64, f64)]) -> (f64, f64) {
    pairs.iter().fold((0.0, 0.0), |(above, below), (y, n)| (above + y, below + n))
}

/// The plain ratio where leaving one replication out would leave nothing to divide by.
fn jackknife(pairs: &[(f64, f64)]) -> f64 {
    let (above, below) = totals(pairs);
    let count = pairs.len() as f64;
    if pairs.iter().any(|(_, n)| below - n <= 0.0) {
        return above / below;
    }
    let left_out: f64 = pairs.iter().map(|(y, n)| (above - y) / (below - n)).sum();
    count * above / below - (count - 1.0) * left_out / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{CONFIDENCE, interval::tests::coverage};

    /// A replication of random size, one in five of whose requests is late.
    fn replication(unit: &mut dyn FnMut() -> f64) -> (f64, f64) {
        let requests = 150 + (unit() * 100.0) as u32;
        let late = (0..requests).filter(|_| unit() < 0.2).count();
        (late as f64, f64::from(requests))
    }

    #[test]
    fn the_interval_of_a_ratio_covers_as_promised() {
        for replications in [5, 20] {
            coverage(0.2, |unit| {
                let pairs: Vec<_> = (0..replications).map(|_| replication(unit)).collect();
                share_interval(&pairs, CONFIDENCE)
            });
        }
    }

    #[test]
    fn equal_denominators_make_it_the_mean() {
        let values = [1.0, 4.0, 2.5, 7.0, 3.0, 3.0, 2.0, 1.0, 0.5, 6.0];
        let pairs = values.map(|value| (value * 8.0, 8.0));
        let (ratio, mean) = (ratio_interval(&pairs, CONFIDENCE), crate::stats::mean_interval(&values, CONFIDENCE));
        assert!((ratio.estimate.unwrap() - mean.estimate.unwrap()).abs() < 1e-12);
        assert!((ratio.half_width().unwrap() - mean.half_width().unwrap()).abs() < 1e-12);
    }

    #[test]
    fn the_jackknife_takes_out_the_bias() {
        // Y = N²: the plain ratio leans on the long replications.
        let pairs = [(1.0, 1.0), (9.0, 3.0)];
        let jackknifed = 2.0 * 2.5 - (1.0 + 3.0) / 2.0;
        assert!((ratio_interval(&pairs, CONFIDENCE).estimate.unwrap() - jackknifed).abs() < 1e-12);
    }

    #[test]
    fn nothing_late_is_not_certainty() {
        let none = share_interval(&[(0.0, 100.0), (0.0, 200.0)], CONFIDENCE);
        assert_eq!((none.estimate, none.low), (Some(0.0), Some(0.0)));
        assert!((none.high.unwrap() - 0.009_936_08).abs() < 1e-6);
        assert_eq!(share_interval(&[(5.0, 5.0)], CONFIDENCE).high, Some(1.0));
        assert_eq!(share_interval(&[], CONFIDENCE), Estimate::NONE);
        assert_eq!(ratio_interval(&[(0.0, 0.0)], CONFIDENCE), Estimate::NONE);
        assert_eq!(ratio_interval(&[(3.0, 2.0)], CONFIDENCE), Estimate::point(1.5));
    }
}
