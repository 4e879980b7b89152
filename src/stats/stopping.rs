//! When enough replications have been run: where to look, and what is precise enough.

use super::Estimate;

/// Replications before the first look: fewer understate the spread too often and stop too early.
pub const FIRST_LOOK: u64 = 10;
/// Replications between two looks.
pub const LOOK_EVERY: u64 = 5;

/// How many replications the next look needs when `done` are complete: 10, then every 5, at last `most`.
/// `None` when `done` has reached `most`.
///
/// A look sees the replications `0..next` in index order, whatever finished first: the ones that finish first are the
/// ones without congestion, and taking them would be biased (Heidelberger 1988). So where a run stops depends on its
/// plan and seed alone.
#[must_use]
pub fn next_look(done: u64, most: u64) -> Option<u64> {
    let steps = (done + 1).saturating_sub(FIRST_LOOK).div_ceil(LOOK_EVERY);
    (done < most).then(|| (FIRST_LOOK + steps * LOOK_EVERY).min(most))
}

/// Whether every estimate has a half width of at most `relative/(1 + relative)` of its value, which keeps the true
/// relative error within `relative` (Law 2015, sec. 9.4.1; Chow and Robbins 1965).
///
/// An estimate without interval is not precise enough; of nothing at all, everything is.
#[must_use]
pub fn precise_enough(estimates: &[Estimate], relative: f64) -> bool {
    let bound = relative / (1.0 + relative);
    let precise = |estimate: &Estimate| match (estimate.estimate, estimate.half_width()) {
        (Some(value), Some(half_width)) => half_width <= bound * value.abs(),
        _ => false,
    };
    estimates.iter().all(precise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_at_ten_and_then_every_five() {
        let looks: Vec<_> = (0..22).map(|done| next_look(done, 20)).collect();
        let expected = |done: u64| match done {
            0..10 => Some(10),
            10..15 => Some(15),
            15..20 => Some(20),
            _ => None,
        };
        assert_eq!(looks, (0..22).map(expected).collect::<Vec<_>>());
        assert_eq!((next_look(0, 3), next_look(10, 12), next_look(3, 3)), (Some(3), Some(12), None));
    }

    #[test]
    fn the_bound_is_tightened_so_that_the_true_error_keeps_the_promise() {
        let bound = 0.1 / 1.1;
        assert!(precise_enough(&[Estimate::around(-50.0, 50.0 * bound - 1e-9)], 0.1));
        assert!(!precise_enough(&[Estimate::around(50.0, 50.0 * bound + 1e-9)], 0.1));
        assert!(!precise_enough(&[Estimate::around(50.0, 0.1), Estimate::point(1.0)], 0.1));
        assert!(precise_enough(&[], 0.1));
    }
}
