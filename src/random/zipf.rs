//! Zipf's law: how much of the mail the busiest mailboxes get.

/// The shares of ranks 1 to `n` when rank `k` weighs `k^-skew`: descending, summing to one. `skew` is at least zero,
/// where zero makes all alike. Empty when `n` is zero.
#[must_use]
pub fn zipf_weights(n: usize, skew: f64) -> Vec<f64> {
    let weights: Vec<f64> = (1..=n).map(|rank| libm::pow(rank as f64, -skew)).collect();
    // The smallest first, which loses the least to rounding.
    let total: f64 = weights.iter().rev().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_ranks_have_their_known_shares() {
        let hundred = zipf_weights(100, 1.0);
        assert!((hundred[0] - 0.193).abs() < 5e-4, "{}", hundred[0]);
        assert!((hundred[..10].iter().sum::<f64>() - 0.565).abs() < 5e-4);
        assert!((zipf_weights(20, 1.0)[0] - 0.278).abs() < 5e-4);
    }

    #[test]
    fn shares_sum_to_one_and_fall() {
        let weights = zipf_weights(10_000, 0.8);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(weights.is_sorted_by(|a, b| a >= b));
        assert_eq!(zipf_weights(4, 0.0), [0.25; 4]);
        assert!(zipf_weights(0, 1.0).is_empty());
    }
}
