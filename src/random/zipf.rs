//! Zipf's law: how much of the mail the busiest mailboxes get.

use super::Stream;

/// The shares of ranks 1 to `n` when rank `k` weighs `k^-skew`: descending, summing to one. `skew` is at least zero,
/// where zero makes all alike. Empty when `n` is zero.
#[must_use]
pub fn zipf_weights(n: usize, skew: f64) -> Vec<f64> {
    let weights: Vec<f64> = (1..=n).map(|rank| libm::pow(rank as f64, -skew)).collect();
    // The smallest first, which loses the least to rounding.
    let total: f64 = weights.iter().rev().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// Ranks 1 to `n` with these shares, drawn without a table: rejection-inversion (Hörmann and Derflinger 1996, ACM TOMACS
/// 6(3)). A draw takes one uniform number and seldom two or three.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zipf {
    n: u64,
    skew: f64,
    /// The ends of the area under the hat.
    from: f64,
    to: f64,
    /// So near to a rank every point is accepted.
    sure: f64,
}

impl Zipf {
    /// `n` is at least 1, `skew` at least zero.
    #[must_use]
    pub fn new(n: u64, skew: f64) -> Zipf {
        let mut zipf = Zipf { n, skew, from: 0.0, to: 0.0, sure: 0.0 };
        zipf.from = zipf.area(1.5) - 1.0;
        zipf.to = zipf.area(n as f64 + 0.5);
        zipf.sure = 2.0 - zipf.inverse(zipf.area(2.5) - zipf.weight(2.0));
        zipf
    }

    /// A rank.
    pub fn rank(&self, chance: &mut Stream) -> u64 {
        loop {
            let area = self.to + chance.unit() * (self.from - self.to);
            let x = self.inverse(area);
            let rank = ((x + 0.5) as u64).clamp(1, self.n);
            let k = rank as f64;
            if k - x <= self.sure || area >= self.area(k + 0.5) - self.weight(k) {
                return rank;
            }
        }
    }

    fn weight(&self, x: f64) -> f64 {
        libm::exp(-self.skew * libm::log(x))
    }

    /// The integral of the weight, `(x^(1-s) - 1) / (1-s)`, which is the logarithm for s = 1.
    fn area(&self, x: f64) -> f64 {
        let (log, power) = (libm::log(x), 1.0 - self.skew);
        if (power * log).abs() < 1e-8 { log * (1.0 + power * log / 2.0) } else { libm::expm1(power * log) / power }
    }

    fn inverse(&self, area: f64) -> f64 {
        let power = 1.0 - self.skew;
        let scaled = (power * area).max(-1.0);
        libm::exp(if scaled.abs() < 1e-8 { area * (1.0 - scaled / 2.0) } else { libm::log1p(scaled) / power })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    #[test]
    fn drawn_ranks_have_their_shares() {
        for (n, skew) in [(1, 1.0), (3, 0.0), (10, 0.5), (100, 1.0), (50, 1.000_000_001), (1_000, 2.0)] {
            let (zipf, draws) = (Zipf::new(n, skew), 200_000);
            let mut chance = Key::new(1, n, Purpose::Session, "ranks").stream();
            let mut counts = vec![0_u32; n as usize];
            (0..draws).for_each(|_| counts[zipf.rank(&mut chance) as usize - 1] += 1);
            for (rank, share) in zipf_weights(n as usize, skew).into_iter().enumerate().take(10) {
                let drawn = f64::from(counts[rank]) / f64::from(draws);
                let error = (share * (1.0 - share) / f64::from(draws)).sqrt();
                assert!(
                    (drawn - share).abs() <= 5.0 * error,
                    "{n} ranks, skew {skew}: {drawn} of rank {rank}, not {share}"
                );
            }
        }
    }

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
