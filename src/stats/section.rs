//! The interval around a quantile: how far do the replications disagree about it?

use super::{Estimate, Histogram, interval::two_sided_t};

/// The `p`-quantile in seconds of all replications together (`pooled`), with the sectioning interval
/// `q ± t √(Σ(qᵣ − q)² / (R(R − 1)))` around it (Nakayama 2014, ACM TOMACS 24(4); `qᵣ` is the quantile of part r).
///
/// Centred on the pooled quantile, which is less biased than the mean of the parts. The half bin that the histogram
/// cannot resolve is added. Parts without a single record are skipped; there is no interval from fewer than two parts,
/// nor when a part is too short to have a record beyond the quantile on average.
#[must_use]
pub fn section_interval(pooled: &Histogram, parts: &[&Histogram], p: f64, confidence: f64) -> Estimate {
    let (Some(centre), Some((low, high))) = (pooled.quantile_s(p), pooled.quantile_bin_s(p)) else {
        return Estimate::NONE;
    };
    let resolvable = |part: &Histogram| part.count() as f64 * p.min(1.0 - p) >= 1.0;
    let filled = || parts.iter().filter(|part| part.count() > 0);
    if !filled().all(|part| resolvable(part)) {
        return Estimate::point(centre);
    }
    let deviations: Vec<f64> = filled().filter_map(|part| part.quantile_s(p)).map(|q| q - centre).collect();
    if deviations.len() < 2 {
        return Estimate::point(centre);
    }
    let count = deviations.len() as f64;
    let squares: f64 = deviations.iter().map(|deviation| deviation * deviation).sum();
    let spread = two_sided_t(deviations.len(), confidence) * libm::sqrt(squares / (count * (count - 1.0)));
    Estimate::around(centre, spread + (high - low) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{CONFIDENCE, interval::tests::coverage};
    use crate::units::Time;

    #[test]
    fn the_interval_of_a_quantile_covers_as_promised() {
        let truth = libm::log(10.0);
        coverage(truth, |unit| {
            let (mut pooled, mut parts) = (Histogram::headline(), Vec::new());
            for _ in 0..10 {
                let mut part = Histogram::headline();
                (0..500).for_each(|_| part.record(Time::from_secs_f64(-libm::log(1.0 - unit()))));
                pooled.merge(&part);
                parts.push(part);
            }
            section_interval(&pooled, &parts.iter().collect::<Vec<_>>(), 0.9, CONFIDENCE)
        });
    }

    #[test]
    fn too_few_records_leave_the_interval_out() {
        let mut part = Histogram::headline();
        assert_eq!(section_interval(&part, &[&part], 0.5, CONFIDENCE), Estimate::NONE);
        (1..=50).for_each(|ms| part.record(Time::from_millis(ms)));
        assert_eq!(section_interval(&part, &[&part, &part], 0.99, CONFIDENCE).half_width(), None);
        assert_eq!(section_interval(&part, &[&part], 0.5, CONFIDENCE).half_width(), None);
    }

    #[test]
    fn equal_parts_still_have_the_width_of_their_bin() {
        let mut part = Histogram::detail();
        (0..100).for_each(|_| part.record(Time::from_secs(1)));
        let estimate = section_interval(&part, &[&part, &part], 0.5, CONFIDENCE);
        assert!(estimate.half_width().unwrap() > 1e-3);
    }
}
