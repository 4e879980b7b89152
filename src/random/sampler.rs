//! Drawing from a law, with everything computed beforehand that does not change between draws.

use super::{Law, MailSize, Stream, Table, moments::branches, quantile::log_parameters};
use crate::stats::normal_quantile;
use std::sync::Arc;

/// A [`Law`] prepared for the hot path.
///
/// Each variate takes one uniform by inversion, so that the same uniform means "large" in every design under
/// comparison. The exceptions: an Erlang variate takes one for each stage, a constant takes none.
#[derive(Debug, Clone)]
pub struct Sampler(Prepared);

#[derive(Debug, Clone)]
enum Prepared {
    Constant(f64),
    Exponential { mean: f64 },
    Lognormal { mu: f64, sigma: f64 },
    Uniform { low: f64, length: f64 },
    Erlang { stage_mean: f64, stages: u32 },
    Hyperexponential([(f64, f64); 2]),
    Geometric { log_ratio: f64 },
    MailSize(MailSize),
    Table(Arc<Table>),
}

impl Sampler {
    pub(super) fn new(law: &Law) -> Sampler {
        Sampler(match *law {
            Law::Constant(value) => Prepared::Constant(value),
            Law::Exponential { mean } => Prepared::Exponential { mean },
            Law::Lognormal { mean, cv } => {
                let (mu, sigma) = log_parameters(mean, cv);
                Prepared::Lognormal { mu, sigma }
            }
            Law::Uniform { low, high } => Prepared::Uniform { low, length: high - low },
            Law::Erlang { mean, stages } => Prepared::Erlang { stage_mean: mean / f64::from(stages), stages },
            Law::Hyperexponential { mean, cv } => Prepared::Hyperexponential(branches(mean, cv)),
            Law::Geometric { mean } => Prepared::Geometric { log_ratio: libm::log(mean / (1.0 + mean)) },
            Law::MailSize(size) => Prepared::MailSize(size),
            Law::Table(ref table) => Prepared::Table(Arc::clone(table)),
        })
    }

    /// One value, at least zero.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        match self.0 {
            Prepared::Constant(value) => value,
            Prepared::Exponential { mean } => stream.exponential(mean),
            Prepared::Lognormal { mu, sigma } => libm::exp(mu + sigma * normal_quantile(stream.unit())),
            Prepared::Uniform { low, length } => low + length * stream.unit(),
            Prepared::Erlang { stage_mean, stages } => -stage_mean * log_of_product(stages, stream),
            Prepared::Hyperexponential([(share, mean), (other_share, other_mean)]) => {
                // The uniform that chooses the branch is, seen from inside the branch, uniform again.
                let unit = stream.unit();
                if unit < share {
                    -mean * libm::log(unit / share)
                } else {
                    -other_mean * libm::log(((1.0 - unit) / other_share).min(1.0))
                }
            }
            Prepared::Geometric { log_ratio } => libm::floor(libm::log(stream.unit()) / log_ratio),
            Prepared::MailSize(ref size) => size.quantile(stream.unit()),
            Prepared::Table(ref table) => table.quantile(stream.unit()),
        }
    }
}

/// The logarithm of a product of `count` uniforms, sixteen at a time: a product of that many is at least 2^-848 and
/// so never rounds to zero.
fn log_of_product(count: u32, stream: &mut Stream) -> f64 {
    let mut sum = 0.0;
    let mut left = count;
    while left > 0 {
        let now = left.min(16);
        sum += libm::log((0..now).map(|_| stream.unit()).product());
        left -= now;
    }
    sum
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// One law of every kind and then some, for the tests of this room.
    pub(in crate::random) fn laws() -> Vec<Law> {
        vec![
            Law::constant(2.5).unwrap(),
            Law::exponential(0.4).unwrap(),
            Law::lognormal(20_000.0, 0.5).unwrap(),
            Law::lognormal(3.0, 2.0).unwrap(),
            Law::uniform(1.0, 4.0).unwrap(),
            Law::erlang(2.0, 3).unwrap(),
            Law::erlang(2.0, 40).unwrap(),
            Law::hyperexponential(5.0, 1.0).unwrap(),
            Law::hyperexponential(5.0, 2.0).unwrap(),
            Law::geometric(0.3).unwrap(),
            Law::geometric(7.0).unwrap(),
            Law::table(&[(0.0, 0.5), (1.0, 0.3), (8.0, 0.2)]).unwrap(),
            Law::MailSize(MailSize::new(2_800.0, 0.598, 10_000.0, 1.09, 30_000.0).unwrap()),
        ]
    }

    const DRAWS: usize = 1_000_000;

    fn draws(law: &Law) -> Vec<f64> {
        let (sampler, mut stream) = (law.sampler(), Key::new(7, 0, Purpose::Session, "draws").stream());
        (0..DRAWS).map(|_| sampler.sample(&mut stream)).collect()
    }

    /// Fails unless the mean of `values` is within 4.5 of its standard errors from `expected`; a fault of 2 % must
    /// be larger than that, or the test would prove nothing.
    fn assert_mean(expected: f64, values: impl Iterator<Item = f64> + Clone, what: &Law) {
        let count = DRAWS as f64;
        let mean = values.clone().sum::<f64>() / count;
        let variance = values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        let allowed = 4.5 * (variance / count).sqrt() + 1e-9 * expected;
        assert!((mean - expected).abs() <= allowed, "{what:?}: {mean} instead of {expected} ± {allowed}");
        assert!(allowed < 0.02 * expected, "{what:?}: the test has no power: {allowed} of {expected}");
    }

    #[test]
    fn samples_have_the_mean_and_the_variance_of_their_law() {
        for law in laws() {
            let values = draws(&law);
            assert_mean(law.mean(), values.iter().copied(), &law);
            // With the long tails of a cv of 2 a million squares vary too much; there the quantiles must do.
            let long = matches!(law, Law::Lognormal { cv, .. } | Law::Hyperexponential { cv, .. } if cv >= 2.0);
            if law.variance() > 0.0 && !long {
                let mean = law.mean();
                assert_mean(law.variance(), values.iter().map(|value| (value - mean) * (value - mean)), &law);
            }
        }
    }

    #[test]
    fn samples_exceed_the_quantiles_as_often_as_they_should() {
        for law in laws() {
            let values = draws(&law);
            for p in [0.05, 0.3, 0.5, 0.9, 0.99] {
                let quantile = law.quantile(p);
                let (tail, beyond) = (law.tail(quantile), values.iter().filter(|&&value| value > quantile).count());
                let allowed = 4.5 * (tail * (1.0 - tail) / DRAWS as f64).sqrt();
                assert!((beyond as f64 / DRAWS as f64 - tail).abs() <= allowed, "{law:?} at {p}");
            }
        }
    }

    #[test]
    fn a_value_takes_one_uniform() {
        for law in laws() {
            let mut stream = Key::new(7, 0, Purpose::Session, "count").stream();
            let mut counted = stream.clone();
            law.sample(&mut stream);
            let uniforms = match law {
                Law::Constant(_) => 0,
                Law::Erlang { stages, .. } => stages,
                _ => 1,
            };
            (0..uniforms).for_each(|_| _ = counted.unit());
            assert_eq!(stream, counted, "{law:?}");
        }
    }

    #[test]
    fn the_first_values_are_the_same_on_every_platform() {
        let first = |law: Law| law.sample(&mut Key::new(1, 2, Purpose::Session, "golden").stream());
        let values: Vec<f64> = laws().into_iter().map(first).collect();
        let golden = [
            2.5,
            0.123_437_736_255_605_75,
            24_048.363_177_422_754,
            2.970_072_239_091_644_3,
            3.203_435_973_233_997_6,
            3.518_039_968_764_157_3,
            2.564_283_655_651_798,
            3.164_564_379_142_047,
            0.532_572_645_565_047_7,
            0.0,
            2.0,
            1.0,
            4_229.461_433_860_454,
        ];
        assert_eq!(values, golden);
    }
}
