//! The distribution of times in bins that are the same everywhere.

use crate::units::Time;
use serde::{Deserialize, Serialize};

/// Finest resolution: bins are never narrower than the power of two below this, 512 ns.
const LOWEST_NS: u64 = 1_000;
/// Longer times (11.6 days) fall into the last bin.
const HIGHEST_NS: u64 = 1_000_000_000_000_000;

/// A histogram of times with a fixed layout, so that merging adds counts and nothing else: exact, in any order.
///
/// A bin is `10^-digits` of its value wide at most (and never narrower than 512 ns). Quantiles answer with the
/// middle of the bin, off by half a bin at most and to neither side on average. While it is filled nothing is allocated
/// after construction; one that is over can be [packed](Histogram::pack), since a run keeps those of all its replications.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "Sparse", try_from = "Sparse")]
pub struct Histogram {
    digits: u8,
    bins: Bins,
}

#[derive(Clone)]
enum Bins {
    /// With every bin that there could be.
    Open(hdrhistogram::Histogram<u64>),
    /// The edges and the count of every bin that is not empty, ascending.
    Packed(Vec<(u64, u64, u64)>),
}

impl Histogram {
    /// Three digits, bins 0.1 % wide, about 250 KiB: for the few distributions that people quote.
    #[must_use]
    pub fn headline() -> Histogram {
        Histogram::with_digits(3)
    }

    /// Two digits, bins 1 % wide, about 35 KiB: for the many details by hour, operation or node.
    #[must_use]
    pub fn detail() -> Histogram {
        Histogram::with_digits(2)
    }

    fn with_digits(digits: u8) -> Histogram {
        let bins = hdrhistogram::Histogram::new_with_bounds(LOWEST_NS, HIGHEST_NS, digits);
        Histogram { digits, bins: Bins::Open(bins.expect("the bounds are constants and the digits 2 or 3")) }
    }

    /// Adds one time; what is longer than 10^15 ns counts in the last bin.
    pub fn record(&mut self, time: Time) {
        self.open().saturating_record(time.0);
    }

    /// Adds all counts of `other`. Both must have the same digits, or the bins would not match.
    pub fn merge(&mut self, other: &Histogram) {
        assert_eq!(self.digits, other.digits, "merged histograms measure the same thing in the same layout");
        let into = self.open();
        match &other.bins {
            Bins::Open(bins) => into.add(bins).expect("equal layouts add"),
            Bins::Packed(bins) => {
                for (low, _, count) in bins {
                    into.record_n(*low, *count).expect("equal layouts have the same bins");
                }
            }
        }
    }

    /// Keeps only the bins that are not empty: as much memory as there are different times.
    pub fn pack(&mut self) {
        if matches!(self.bins, Bins::Open(_)) {
            *self = self.packed();
        }
    }

    /// A packed copy.
    #[must_use]
    pub fn packed(&self) -> Histogram {
        Histogram { digits: self.digits, bins: Bins::Packed(self.bins().collect()) }
    }

    /// What was recorded since an earlier moment, packed.
    #[must_use]
    pub fn since(&self, earlier: &Histogram) -> Histogram {
        let mut before = earlier.bins().peekable();
        let new = self.bins().filter_map(|(low, high, count)| {
            let known = before.next_if(|bin| bin.0 == low).map_or(0, |bin| bin.2);
            (count > known).then_some((low, high, count - known))
        });
        Histogram { digits: self.digits, bins: Bins::Packed(new.collect()) }
    }

    /// With every bin, as it is filled.
    fn open(&mut self) -> &mut hdrhistogram::Histogram<u64> {
        if let Bins::Packed(packed) = &mut self.bins {
            let packed = std::mem::take(packed);
            *self = Histogram::with_digits(self.digits);
            let Bins::Open(bins) = &mut self.bins else { unreachable!("a new one is open") };
            for (low, _, count) in packed {
                bins.record_n(low, count).expect("it had these bins before");
            }
        }
        let Bins::Open(bins) = &mut self.bins else { unreachable!("it was opened above") };
        bins
    }

    /// Decimal digits kept: 2 or 3.
    #[must_use]
    pub fn digits(&self) -> u8 {
        self.digits
    }

    /// How many times were recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        match &self.bins {
            Bins::Open(bins) => bins.len(),
            Bins::Packed(bins) => bins.iter().map(|(_, _, count)| count).sum(),
        }
    }

    /// The `p`-quantile (0 to 1) in seconds: the middle of the first bin up to which at least `p` of the counts lie.
    /// `None` when nothing was recorded.
    #[must_use]
    pub fn quantile_s(&self, p: f64) -> Option<f64> {
        self.quantile_bin_s(p).map(|(low, high)| f64::midpoint(low, high))
    }

    /// The edges in seconds of the bin that holds the `p`-quantile: the true one lies between them. What falls into the
    /// first bin, below 512 ns, takes no time.
    #[must_use]
    pub fn quantile_bin_s(&self, p: f64) -> Option<(f64, f64)> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let rank = ((p.clamp(0.0, 1.0) * count as f64).ceil() as u64).max(1);
        let edges = match &self.bins {
            Bins::Open(bins) => edges(bins, bins.value_at_quantile(p.clamp(0.0, 1.0))),
            Bins::Packed(bins) => {
                let mut below = 0;
                let bin = bins.iter().find(|(_, _, count)| {
                    below += count;
                    below >= rank
                });
                bin.or(bins.last()).map(|(low, high, _)| (*low, *high))?
            }
        };
        match edges {
            (0, _) => Some((0.0, 0.0)),
            (low, high) => Some((low as f64 / 1e9, high as f64 / 1e9)),
        }
    }

    /// The part of all times that were shorter than `limit`; inside the bin of `limit` counts are spread evenly.
    /// `None` when nothing was recorded. A service level is better counted exactly, next to the histogram.
    #[must_use]
    pub fn fraction_below(&self, limit: Time) -> Option<f64> {
        if self.count() == 0 {
            return None;
        }
        let mut below = 0.0;
        for (low, high, count) in self.bins() {
            if limit.0 <= low {
                break;
            }
            let part = (limit.0.min(high) - low) as f64 / (high - low) as f64;
            below += part * count as f64;
        }
        Some(below / self.count() as f64)
    }

    /// Edges and count of every bin that is not empty, ascending.
    fn bins(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        let (open, packed) = match &self.bins {
            Bins::Open(bins) => (Some(bins), &[][..]),
            Bins::Packed(packed) => (None, &packed[..]),
        };
        let open = open.into_iter().flat_map(|bins| {
            bins.iter_recorded().map(move |bin| {
                let (low, high) = edges(bins, bin.value_iterated_to());
                (low, high, bin.count_at_value())
            })
        });
        open.chain(packed.iter().copied())
    }
}

fn edges(bins: &hdrhistogram::Histogram<u64>, value: u64) -> (u64, u64) {
    (bins.lowest_equivalent(value), bins.next_non_equivalent(value))
}

/// Equal when every bin is: the exact extremes that the library keeps besides are not part of the value.
impl PartialEq for Histogram {
    fn eq(&self, other: &Histogram) -> bool {
        self.digits() == other.digits() && self.bins().eq(other.bins())
    }
}

impl std::fmt::Debug for Histogram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Histogram({} digits, {} times, median {:?} s)", self.digits(), self.count(), self.quantile_s(0.5))
    }
}

/// How a histogram is written: only the bins that are not empty, each by its lowest value.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sparse {
    digits: u8,
    bins: Vec<(u64, u64)>,
}

impl From<Histogram> for Sparse {
    fn from(histogram: Histogram) -> Sparse {
        Sparse { digits: histogram.digits(), bins: histogram.bins().map(|(low, _, count)| (low, count)).collect() }
    }
}

impl TryFrom<Sparse> for Histogram {
    type Error = String;
    fn try_from(sparse: Sparse) -> Result<Histogram, String> {
        if !matches!(sparse.digits, 2 | 3) {
            return Err(format!("`{}` digits of a histogram are unknown; there are 2 and 3", sparse.digits));
        }
        let mut histogram = Histogram::with_digits(sparse.digits);
        for (value, count) in sparse.bins {
            let recorded = histogram.open().record_n(value, count);
            recorded.map_err(|_| format!("`{value}` ns lies beyond the last bin of the histogram"))?;
        }
        Ok(histogram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(times: &[u64]) -> Histogram {
        let mut histogram = Histogram::headline();
        times.iter().for_each(|&ns| histogram.record(Time(ns)));
        histogram
    }

    #[test]
    fn what_was_recorded_since_is_what_is_left_of_the_whole() {
        let mut whole = Histogram::detail();
        let times = |first: u64, step: u64| (0..500_u64).map(move |n| Time(first + step * n * n));
        times(1_000, 700).for_each(|time| whole.record(time));
        let earlier = whole.packed();
        let mut later = Histogram::detail();
        times(90_000, 1_300).for_each(|time| {
            whole.record(time);
            later.record(time);
        });
        assert_eq!((whole.since(&earlier), whole.since(&Histogram::detail())), (later, whole.clone()));
        assert_eq!(whole.since(&whole.packed()).count(), 0);
    }

    #[test]
    fn a_packed_one_says_the_same_and_can_go_on() {
        let mut open = Histogram::headline();
        (0..5_000_u64).for_each(|i| open.record(Time(i * i * 40)));
        let mut packed = open.clone();
        packed.pack();
        assert_eq!(packed, open);
        assert_eq!(packed.count(), 5_000);
        for p in [0.0, 0.001, 0.5, 0.95, 0.9999, 1.0] {
            assert_eq!(packed.quantile_bin_s(p), open.quantile_bin_s(p), "{p}");
        }
        let limit = Time::from_millis(300);
        assert_eq!(packed.fraction_below(limit), open.fraction_below(limit));
        let mut twice = [Histogram::headline(), packed.clone()];
        twice[0].merge(&open);
        twice.iter_mut().for_each(|one| one.merge(&packed));
        assert_eq!(twice[0], twice[1]);
        packed.record(Time(7));
        assert_eq!(packed.count(), 5_001);
    }

    #[test]
    fn quantiles_are_the_middle_of_their_bin() {
        let times: Vec<u64> = (1..=100_000).map(|i| i * 10_000).collect();
        let histogram = of(&times);
        for p in [0.01, 0.5, 0.95, 0.999, 1.0] {
            let (quantile, exact) = (histogram.quantile_s(p).unwrap(), p);
            assert!((quantile / exact - 1.0).abs() < 0.5e-3, "{p}: {quantile}");
            let (low, high) = histogram.quantile_bin_s(p).unwrap();
            assert!(low <= exact && exact <= high && (high - low) / low < 1e-3);
        }
        assert!((histogram.fraction_below(Time::from_millis(300)).unwrap() - 0.3).abs() < 1e-4);
    }

    #[test]
    fn nothing_recorded_is_no_quantile() {
        let empty = Histogram::detail();
        assert_eq!((empty.quantile_s(0.5), empty.fraction_below(Time::MAX), empty.count()), (None, None, 0));
    }

    #[test]
    fn what_is_too_long_counts_in_the_last_bin() {
        let histogram = of(&[u64::MAX, 0]);
        assert_eq!(histogram.count(), 2);
        assert!((histogram.quantile_s(1.0).unwrap() / 1e6 - 1.0).abs() < 1e-3);
        assert!(histogram.quantile_s(0.0).unwrap() < 1e-6);
    }

    #[test]
    fn a_file_with_other_bins_is_refused() {
        assert!(serde_json::from_str::<Histogram>(r#"{"digits":4,"bins":[]}"#).is_err());
        let error = serde_json::from_str::<Histogram>(r#"{"digits":3,"bins":[[9000000000000000,1]]}"#).unwrap_err();
        assert!(error.to_string().contains("beyond the last bin"), "{error}");
    }

    proptest! {
        #[test]
        fn json_and_merging_keep_every_bin(a in prop::collection::vec(0..2_000_000_000_000_000_u64, 0..200), b: Vec<u64>) {
            let whole = of(&[a.clone(), b.clone()].concat());
            let mut merged = of(&b);
            merged.merge(&of(&a));
            prop_assert_eq!(&merged, &whole);
            let back: Histogram = serde_json::from_str(&serde_json::to_string(&merged).unwrap()).unwrap();
            prop_assert_eq!(back.quantile_s(0.95), whole.quantile_s(0.95));
            prop_assert_eq!(back, whole);
        }
    }
}
