//! Random histories for the tests of stations: what comes when, and how a station lives through it.

use super::slow::{SlowFcfs, SlowSharing};
use super::slow_quota::SlowQuota;
use super::{Fcfs, Link, ProcessorSharing, Quota};
use crate::engine::testing::SplitMix64;
use crate::units::{Bytes, Time};

/// What a test needs of a station.
pub(super) trait Station {
    fn arrive(&mut self, now: Time, job: u32, demand: Time);
    fn next_departure(&self) -> Option<Time>;
    fn pop_departed(&mut self, now: Time) -> Option<u32>;
    fn remove(&mut self, now: Time, job: u32) -> bool;
    fn set_rate(&mut self, now: Time, factor: f64);
}

macro_rules! station {
    ($station:ty, $set_rate:expr) => {
        impl Station for $station {
            fn arrive(&mut self, now: Time, job: u32, demand: Time) {
                self.arrive(now, job, demand);
            }
            fn next_departure(&self) -> Option<Time> {
                self.next_departure()
            }
            fn pop_departed(&mut self, now: Time) -> Option<u32> {
                self.pop_departed(now)
            }
            fn remove(&mut self, now: Time, job: u32) -> bool {
                self.remove(now, job)
            }
            fn set_rate(&mut self, now: Time, factor: f64) {
                $set_rate(self, now, factor);
            }
        }
    };
}

station!(ProcessorSharing<u32>, ProcessorSharing::set_rate);
station!(SlowSharing, SlowSharing::set_rate);
station!(Fcfs<u32>, |_: &mut Self, _, _| ());
station!(SlowFcfs, |_: &mut Self, _, _| ());
station!(Quota<u32>, |_: &mut Self, _, _| ());
station!(SlowQuota, |_: &mut Self, _, _| ());

/// A link of a byte in a nanosecond, for which a demand is a number of bytes.
impl Station for Link<u32> {
    fn arrive(&mut self, now: Time, job: u32, demand: Time) {
        self.arrive(now, job, Bytes(demand.0));
    }
    fn next_departure(&self) -> Option<Time> {
        self.next_departure()
    }
    fn pop_departed(&mut self, now: Time) -> Option<u32> {
        self.pop_departed(now)
    }
    fn remove(&mut self, now: Time, job: u32) -> bool {
        self.remove(now, job)
    }
    fn set_rate(&mut self, now: Time, factor: f64) {
        self.set_rate(now, factor);
    }
}

/// What happens to a station from outside.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Arrive(u32, Time),
    Remove(u32),
    SetRate(f64),
}

/// Laws of demand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Law {
    Exponential,
    /// Some nanoseconds, often none: ties everywhere.
    Tiny,
    /// From a nanosecond to a quarter of an hour.
    TwelveDecades,
    /// All the same, coming in groups.
    Batches,
}

pub(super) const LAWS: [Law; 4] = [Law::Exponential, Law::Tiny, Law::TwelveDecades, Law::Batches];

impl Law {
    pub(super) fn mean(self) -> f64 {
        match self {
            Law::Exponential => 1e6,
            Law::Tiny => 1.5,
            Law::TwelveDecades => 1e12 / 1e12_f64.ln(),
            Law::Batches => 1_000.0,
        }
    }

    fn draw(self, random: &mut SplitMix64) -> Time {
        Time(match self {
            Law::Exponential => random.exponential(self.mean()) as u64,
            Law::Tiny => random.below(4),
            Law::TwelveDecades => 10f64.powf(12.0 * random.unit()) as u64,
            Law::Batches => 1_000,
        })
    }
}

/// A history: acts by time. `rate` is the work per nanosecond that comes; `disturbed` adds removals and changes of rate.
pub(super) fn invent(random: &mut SplitMix64, law: Law, jobs: u32, rate: f64, disturbed: bool) -> Vec<(Time, Act)> {
    let mut now = 0.0;
    let mut acts = Vec::new();
    for job in 0..jobs {
        let together = matches!(law, Law::Batches) && random.below(4) != 0;
        if !together {
            let group = if matches!(law, Law::Batches) { 4.0 } else { 1.0 };
            now += random.exponential(group * law.mean() / rate);
        }
        let at = Time(now as u64);
        acts.push((at, Act::Arrive(job, law.draw(random))));
        if disturbed && random.below(10) == 0 {
            acts.push((at + Time(random.exponential(3.0 * law.mean()) as u64), Act::Remove(job)));
        }
        if disturbed && random.below(50) == 0 {
            acts.push((at, Act::SetRate([1.0, 0.25, 1.3][random.below(3) as usize])));
        }
    }
    acts.sort_by_key(|act| act.0);
    acts
}

/// Lets a station live through a history until it is empty. For each job when it left or was removed; and the end.
pub(super) fn live(station: &mut impl Station, acts: &[(Time, Act)], departures_first: bool) -> (Vec<Time>, Time) {
    let mut left = vec![Time::MAX; acts.iter().filter(|act| matches!(act.1, Act::Arrive(..))).count()];
    let mut acts = acts.iter().copied().peekable();
    let mut end = Time::ZERO;
    loop {
        let (act, departure) = (acts.peek().map(|act| act.0), station.next_departure());
        let depart = match (act, departure) {
            (None, None) => return (left, end),
            (Some(act), Some(departure)) if departures_first => departure <= act,
            (Some(act), Some(departure)) => departure < act,
            (act, _) => act.is_none(),
        };
        if depart {
            let now = departure.unwrap();
            assert!(now >= end, "a departure is announced for the past");
            end = now;
            while let Some(job) = station.pop_departed(now) {
                left[job as usize] = now;
            }
        } else if let Some((now, act)) = acts.next() {
            end = now;
            match act {
                Act::Arrive(job, demand) => station.arrive(now, job, demand),
                Act::Remove(job) => {
                    if station.remove(now, job) {
                        left[job as usize] = now;
                    }
                }
                Act::SetRate(factor) => station.set_rate(now, factor),
            }
        }
    }
}

/// `Σ (end of stay − arrival)`, which Little's law says is `∫ n dt`.
pub(super) fn residence(acts: &[(Time, Act)], left: &[Time]) -> u128 {
    let stay = |act: &(Time, Act)| match *act {
        (at, Act::Arrive(job, _)) => u128::from((left[job as usize] - at).0),
        (_, Act::Remove(_) | Act::SetRate(_)) => 0,
    };
    acts.iter().map(stay).sum()
}

/// All the work that comes, in nanoseconds.
pub(super) fn work(acts: &[(Time, Act)]) -> u128 {
    let demand = |act: &(Time, Act)| match act.1 {
        Act::Arrive(_, demand) => u128::from(demand.0),
        Act::Remove(_) | Act::SetRate(_) => 0,
    };
    acts.iter().map(demand).sum()
}
