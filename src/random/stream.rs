//! A stream of random numbers that is the same on every platform.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// A sequence of random numbers (xoshiro256++, Blackman and Vigna 2021); made by [`Key::stream`](super::Key::stream).
///
/// The generator is named rather than the library's default, which may change with any release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    pub(super) fn from_words(words: [u64; 4]) -> Stream {
        let mut seed = [0; 32];
        for (bytes, word) in seed.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Stream(Xoshiro256PlusPlus::from_seed(seed))
    }

    /// A number in the open interval from 0 to 1: an odd multiple of 2^-53, so that neither a logarithm nor an inverse
    /// distribution ever meets an end.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        ((self.0.next_u64() >> 11) | 1) as f64 * STEP
    }

    /// A whole number from 0 to `n - 1`, each exactly as likely (Lemire 2019, ACM TOMACS 29(1)). `n` is above zero.
    ///
    /// 64 bits and never `usize`, whose width would change the sequence.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        debug_assert!(n > 0, "nothing is below zero");
        let mut product = u128::from(self.0.next_u64()) * u128::from(n);
        if (product as u64) < n {
            let uneven = n.wrapping_neg() % n.max(1);
            while (product as u64) < uneven {
                product = u128::from(self.0.next_u64()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// An exponential variate with the given mean, by inversion of one uniform; at most 36.8 means.
    #[inline]
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    fn stream() -> Stream {
        Key::new(42, 3, Purpose::Arrival, "home").stream()
    }

    #[test]
    fn the_first_values_are_the_same_on_every_platform() {
        let mut stream = stream();
        let units: [f64; 3] = std::array::from_fn(|_| stream.unit());
        let below: [u64; 3] = std::array::from_fn(|_| stream.below(1_000));
        let exponentials: [f64; 3] = std::array::from_fn(|_| stream.exponential(2.0));
        assert_eq!(units, [0.834_933_643_646_311_8, 0.474_500_708_020_840_66, 0.576_296_876_458_510_5]);
        assert_eq!(below, [668, 423, 918]);
        assert_eq!(exponentials, [2.814_844_629_556_723_5, 0.364_838_896_737_575_25, 0.338_211_228_535_566_2]);
    }

    #[test]
    fn the_ends_are_never_drawn() {
        let step = 1.0 / (1_u64 << 53) as f64;
        let of = |word: u64| ((word >> 11) | 1) as f64 * step;
        assert!(of(0) > 0.0 && of(u64::MAX) < 1.0);
        assert_eq!(of(0), 1.0 - of(u64::MAX));
    }

    #[test]
    fn every_number_below_is_as_likely() {
        let (mut stream, mut counts) = (stream(), [0_i32; 6]);
        (0..600_000).for_each(|_| counts[stream.below(6) as usize] += 1);
        // Four standard errors of a binomial count.
        assert!(counts.iter().all(|count| (count - 100_000).abs() < 4 * 289), "{counts:?}");
        assert_eq!(stream.below(1), 0);
    }

    #[test]
    fn large_bounds_are_unbiased_too() {
        // With plain multiplication the lower half of 3/4 of the range would come twice as often as it should.
        let (mut stream, n) = (stream(), 3 << 62);
        let low = (0..100_000).filter(|_| stream.below(n) < n / 3).count();
        assert!((f64::from(low as u32) / 1e5 - 1.0 / 3.0).abs() < 4.0 * 0.0015);
    }

    #[test]
    fn exponential_variates_have_their_mean() {
        let mut stream = stream();
        let mean = (0..400_000).map(|_| stream.exponential(3.0)).sum::<f64>() / 4e5;
        assert!((mean / 3.0 - 1.0).abs() < 4.0 / 4e5_f64.sqrt(), "{mean}");
    }
}
