//! What two designs differ by when both met the same people: intervals from pairs of replications.
//!
//! An estimate is linearised: to first order it is its value plus the mean of one term for each replication, its *pull*
//! (Asmussen and Glynn, Stochastic Simulation, 2007, ch. III.4). Pulls of a mean are its deviations, of a ratio of totals
//! `(Yᵣ − θNᵣ)/N̄`, of a quantile its deviations by section. A difference then pulls by the difference of the pulls of the
//! same replication, and what both designs share cancels before anything is squared.

use super::interval::two_sided_t;
use super::{CONFIDENCE, Estimate, Histogram, mean_interval, ratio_interval, section_interval, share_interval};

/// A figure of one design, as its replications saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// By itself, with its own interval.
    pub alone: Estimate,
    /// By replication; none where it saw nothing.
    pulls: Vec<Option<f64>>,
    /// What the bins of a histogram do not resolve, to either side.
    blur: f64,
    /// How far below and above the truth may lie although no replication says so: where none or all of what was counted
    /// qualifies, the spread is zero and says nothing.
    unseen: (f64, f64),
}

/// A figure of a design against that of a baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// Design minus baseline.
    pub difference: Estimate,
    /// Design over baseline.
    pub ratio: Estimate,
    /// How many times wider the interval of the difference would be with independent streams of the same spread:
    /// `√((Var A + Var B) / Var(B − A))`, but for what the bins of a histogram blur in either case. None where nothing varies.
    pub narrowing: Option<f64>,
}

impl Sighting {
    /// The mean of one value for each replication.
    #[must_use]
    pub fn of_means(values: &[f64]) -> Sighting {
        let alone = mean_interval(values, CONFIDENCE);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let pulls = values.iter().map(|value| Some(value - mean)).collect();
        Sighting { alone, pulls, blur: 0.0, unseen: (0.0, 0.0) }
    }

    /// A ratio of totals, as [`ratio_interval`].
    #[must_use]
    pub fn of_ratio(pairs: &[(f64, f64)]) -> Sighting {
        let above: f64 = pairs.iter().map(|(y, _)| y).sum();
        let below: f64 = pairs.iter().map(|(_, n)| n).sum();
        let (theta, mean) = (above / below, below / pairs.len() as f64);
        let pulls = pairs.iter().map(|(y, n)| Some((y - theta * n) / mean)).collect();
        Sighting { alone: ratio_interval(pairs, CONFIDENCE), pulls, blur: 0.0, unseen: (0.0, 0.0) }
    }

    /// A share of counted things, as [`share_interval`].
    #[must_use]
    pub fn of_share(pairs: &[(f64, f64)]) -> Sighting {
        let alone = share_interval(pairs, CONFIDENCE);
        let unseen = match (alone.estimate, alone.low, alone.high) {
            (Some(0.0), _, Some(high)) => (0.0, high),
            (Some(1.0), Some(low), _) => (1.0 - low, 0.0),
            _ => (0.0, 0.0),
        };
        Sighting { alone, unseen, ..Sighting::of_ratio(pairs) }
    }

    /// The `p`-quantile of all replications together, as [`section_interval`].
    #[must_use]
    pub fn of_quantile(pooled: &Histogram, parts: &[&Histogram], p: f64) -> Sighting {
        let centre = pooled.quantile_s(p);
        let pulls = parts.iter().map(|part| Some(part.quantile_s(p)? - centre?)).collect();
        let blur = pooled.quantile_bin_s(p).map_or(0.0, |(low, high)| (high - low) / 2.0);
        Sighting { alone: section_interval(pooled, parts, p, CONFIDENCE), pulls, blur, unseen: (0.0, 0.0) }
    }

    /// This figure against that of a baseline whose replications met the same people, index by index.
    ///
    /// There is no interval where one of the two has none. The number of degrees of freedom is that of the pairs.
    #[must_use]
    pub fn against(&self, baseline: &Sighting) -> Contrast {
        let nothing = Contrast { difference: Estimate::NONE, ratio: Estimate::NONE, narrowing: None };
        let (Some(here), Some(there)) = (self.alone.estimate, baseline.alone.estimate) else { return nothing };
        let (difference, ratio) = (here - there, here / there);
        let pairs = self.pulls.iter().zip(&baseline.pulls);
        let pairs: Vec<(f64, f64)> = pairs.filter_map(|(b, a)| Some(((*b)?, (*a)?))).collect();
        if pairs.len() < 2 || self.alone.low.is_none() || baseline.alone.low.is_none() {
            return Contrast { difference: Estimate::point(difference), ratio: Estimate::point(ratio), ..nothing };
        }
        let width = |pull: &dyn Fn(f64, f64) -> f64| half_width(pairs.iter().map(|(b, a)| pull(*b, *a)));
        let paired = width(&|b, a| b - a);
        let independent = libm::hypot(width(&|b, _| b), width(&|_, a| a));
        let blur = self.blur + baseline.blur;
        let low = difference - paired - blur - (self.unseen.0 + baseline.unseen.1);
        let high = difference + paired + blur + (self.unseen.1 + baseline.unseen.0);
        let of_ratio = (width(&|b, a| b - ratio * a) + self.blur + ratio * baseline.blur) / there;
        Contrast {
            difference: Estimate::between(difference, low, high),
            ratio: Estimate::around(ratio, of_ratio).clamped(0.0, f64::INFINITY),
            narrowing: Some((independent + blur) / (paired + blur))
                .filter(|factor| factor.is_finite() && *factor > 0.0),
        }
    }
}

/// `t √(Σ pull² / (R(R − 1)))`.
fn half_width(pulls: impl Iterator<Item = f64>) -> f64 {
    let (mut squares, mut count) = (0.0, 0);
    for pull in pulls {
        squares += pull * pull;
        count += 1;
    }
    two_sided_t(count, CONFIDENCE) * libm::sqrt(squares / (count as f64 * (count as f64 - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::tests::coverage;
    use crate::units::Time;

    #[test]
    fn a_difference_of_means_by_hand() {
        // Differences 1, 3, 2: mean 2, s = 1, t = 4.302653 with two degrees of freedom.
        let (a, b) = (Sighting::of_means(&[10.0, 20.0, 60.0]), Sighting::of_means(&[11.0, 23.0, 62.0]));
        let contrast = b.against(&a);
        assert!((contrast.difference.estimate.unwrap() - 2.0).abs() < 1e-12);
        assert!((contrast.difference.half_width().unwrap() - 4.302_652_73 / 3.0_f64.sqrt()).abs() < 1e-7);
        // Var A = 700, Var B = 711: √1411.
        assert!((contrast.narrowing.unwrap() - 1411.0_f64.sqrt()).abs() < 1e-9);
        // Ratio 32/30, whose pulls are (−21 + 32/30 · 20)/30, (−9 + 32/30 · 10)/30, (30 − 32/30 · 30)/30.
        let ratio = 32.0 / 30.0;
        let pulls = [(-21.0 + ratio * 20.0) / 30.0, (-9.0 + ratio * 10.0) / 30.0, (30.0 - ratio * 30.0) / 30.0];
        let due = 4.302_652_73 * (pulls.iter().map(|pull: &f64| pull * pull).sum::<f64>() / 6.0).sqrt();
        assert!((contrast.ratio.estimate.unwrap() - ratio).abs() < 1e-12);
        assert!((contrast.ratio.half_width().unwrap() - due).abs() < 1e-7);
    }

    #[test]
    fn a_figure_against_itself_is_nothing_and_has_no_factor() {
        let a = Sighting::of_ratio(&[(3.0, 10.0), (5.0, 11.0), (9.0, 12.0)]);
        let contrast = a.against(&a);
        assert_eq!((contrast.difference, contrast.ratio), (Estimate::around(0.0, 0.0), Estimate::around(1.0, 0.0)));
        assert_eq!(contrast.narrowing, None);
    }

    #[test]
    fn each_figure_alone_is_the_one_of_a_single_run() {
        let pairs = [(1.0, 100.0), (4.0, 120.0), (2.0, 90.0)];
        assert_eq!(Sighting::of_share(&pairs).alone, share_interval(&pairs, CONFIDENCE));
        assert_eq!(Sighting::of_ratio(&pairs).alone, ratio_interval(&pairs, CONFIDENCE));
        // And its pulls have the width of that interval.
        let sighting = Sighting::of_ratio(&pairs);
        let width = half_width(sighting.pulls.iter().flatten().copied());
        assert!((width - sighting.alone.half_width().unwrap()).abs() < 1e-15);
    }

    #[test]
    fn nothing_late_in_either_is_not_certainty() {
        let none = Sighting::of_share(&[(0.0, 100.0), (0.0, 200.0)]);
        let some = Sighting::of_share(&[(100.0, 100.0), (200.0, 200.0)]);
        let same = none.against(&none).difference;
        assert_eq!(same.estimate, Some(0.0));
        assert!((same.high.unwrap() - 0.009_936_08).abs() < 1e-6 && same.low.unwrap() == -same.high.unwrap());
        let all = some.against(&none).difference;
        assert_eq!((all.estimate, all.high), (Some(1.0), Some(1.0)));
        assert!((all.low.unwrap() - (1.0 - 2.0 * 0.009_936_08)).abs() < 1e-6);
    }

    #[test]
    fn one_pair_has_no_interval() {
        let (a, b) = (Sighting::of_means(&[2.0]), Sighting::of_means(&[3.0]));
        assert_eq!(b.against(&a).difference, Estimate::point(1.0));
        assert_eq!(b.against(&Sighting::of_means(&[])).difference, Estimate::NONE);
        let zero = Sighting::of_means(&[0.0, 0.0]);
        assert_eq!(b.against(&zero).ratio, Estimate::NONE);
    }

    #[test]
    fn the_interval_of_a_difference_of_shares_covers_as_promised() {
        // The same requests through both: late in A below 0.2, late in B below 0.25.
        for replications in [5, 20] {
            coverage(0.05, |unit| {
                let (mut a, mut b) = (Vec::new(), Vec::new());
                for _ in 0..replications {
                    let requests = 150 + (unit() * 100.0) as u32;
                    let shift = 0.1 * (unit() - 0.5);
                    let chances: Vec<f64> = (0..requests).map(|_| unit() + shift).collect();
                    let late = |limit: f64| chances.iter().filter(|chance| **chance < limit).count() as f64;
                    a.push((late(0.2), f64::from(requests)));
                    b.push((late(0.25), f64::from(requests)));
                }
                Sighting::of_share(&b).against(&Sighting::of_share(&a)).difference
            });
        }
    }

    #[test]
    fn the_interval_of_a_difference_of_quantiles_covers_as_promised() {
        // Exponential times of means 1 and 1.3, of which every second one is the same people's.
        coverage(0.3 * libm::log(10.0), |unit| {
            let (mut pooled, mut parts) = ([Histogram::headline(), Histogram::headline()], [vec![], vec![]]);
            for _ in 0..10 {
                let mut part = [Histogram::headline(), Histogram::headline()];
                for index in 0..500 {
                    let (own, other) = (-libm::log(1.0 - unit()), -libm::log(1.0 - unit()));
                    part[0].record(Time::from_secs_f64(own));
                    part[1].record(Time::from_secs_f64(1.3 * if index % 2 == 0 { own } else { other }));
                }
                for (side, part) in part.into_iter().enumerate() {
                    pooled[side].merge(&part);
                    parts[side].push(part);
                }
            }
            let side = |i: usize| Sighting::of_quantile(&pooled[i], &parts[i].iter().collect::<Vec<_>>(), 0.9);
            side(1).against(&side(0)).difference
        });
    }
}
