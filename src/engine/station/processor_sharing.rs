//! Processor sharing: all jobs are served at once, each with the same share of the cores.
//!
//! Instead of updating the remaining work of every job at every change, the station keeps the *attained service* of a
//! job that would have been present since the busy period began. All jobs attain at the same rate, so a job that arrives
//! when this is `v` with a demand `d` leaves when it reaches `v + d`: a tag that never changes and that a heap can order.
//! Arrival and departure take O(log n).
//!
//! Precision. Attained service is an `f64` in nanoseconds with a compensated sum (Kahan 1965), starts anew at zero when
//! the station is idle, and is moved back by a power of two in a long busy period, which is exact. It is thus below 2³³,
//! where an `f64` resolves 2·10⁻⁶ ns; a tag resolves a job's own demand to 2⁻⁵³ of it, 0.001 ns for an hour of work.

use super::level::Level;
use super::{Counts, Scaling};
use crate::engine::keyed::Keyed;
use crate::units::Time;
use std::collections::BinaryHeap;

/// Attained service from which all tags are moved back, in nanoseconds: 2³³, 8.6 s.
const REBASE: u64 = 1 << 33;
/// Waits of less than this many nanoseconds are rounding noise: they are not rounded up to another whole nanosecond.
/// A job is announced with one `NOISE` of work to go and leaves with up to two, so that one that was announced does leave.
const NOISE: f64 = 1.0 / 1024.0;
/// No departure is announced that lies further ahead than this (292 years), for example because the rate is zero.
const FOREVER: f64 = (1_u64 << 63) as f64;
/// One core in the integer rates of the busy integral, 40 binary digits behind the point.
const ONE_CORE: f64 = (1_u64 << 40) as f64;

/// Cores that all jobs share equally.
pub struct ProcessorSharing<J> {
    /// For each number of busy cores, up to all: the total rate in reference cores, and the same in 1 / [`ONE_CORE`].
    rates: Vec<(f64, u64)>,
    /// How fast the cores are, as a factor to their usual rate.
    factor: f64,
    /// Key: bits of the attained service with which the job leaves (never negative), number of its arrival.
    jobs: BinaryHeap<Keyed<J>>,
    arrived: u64,
    /// Attained service at `last`; the true value is `attained - carry`.
    attained: f64,
    carry: f64,
    last: Time,
    /// The rate of one job and the inverse of it: service by time, and time by service.
    per_job: f64,
    stretch: f64,
    number: Level,
    busy: Level,
    counts: Counts,
}

impl<J: Copy + Eq> ProcessorSharing<J> {
    /// An idle station at time zero.
    ///
    /// # Panics
    /// Without a core, or when σ or κ is negative or not a number.
    #[must_use]
    pub fn new(scaling: Scaling) -> Self {
        let valid = scaling.cores > 0 && scaling.contention >= 0.0 && scaling.coherency >= 0.0;
        assert!(valid, "{scaling:?} has no core or scales by less than nothing");
        let rates = (0..=scaling.cores).map(|busy| scaling.total(busy)).map(|rate| (rate, (rate * ONE_CORE) as u64));
        ProcessorSharing {
            rates: rates.collect(),
            factor: 1.0,
            jobs: BinaryHeap::new(),
            arrived: 0,
            attained: 0.0,
            carry: 0.0,
            last: Time::ZERO,
            per_job: 0.0,
            stretch: f64::MAX,
            number: Level::default(),
            busy: Level::default(),
            counts: Counts::default(),
        }
    }

    /// A job comes with so much work for one reference core. Without any, it is due to leave at once.
    #[inline]
    pub fn arrive(&mut self, now: Time, job: J, demand: Time) {
        self.advance(now);
        let tag = self.attained + (demand.0 as f64 - self.carry);
        self.jobs.push(Keyed { major: tag.to_bits(), minor: self.arrived, item: job });
        self.arrived += 1;
        self.counts.arrivals += 1;
        self.number_changed();
    }

    /// When the next job leaves, if nothing else happens before.
    #[must_use]
    #[inline]
    pub fn next_departure(&self) -> Option<Time> {
        let wait = self.wait()? - NOISE;
        if wait >= FOREVER {
            return None;
        }
        // `f64::ceil` is a library call on the baseline x86-64; negative waits become zero by the cast.
        let whole = wait as u64;
        Some(self.last + Time(whole + u64::from(whole as f64 - wait < 0.0 && wait > 0.0)))
    }

    /// Takes out the next job whose work is done by `now`; among several, the one that was done first.
    #[inline]
    pub fn pop_departed(&mut self, now: Time) -> Option<J> {
        self.advance(now);
        if self.wait()? > 2.0 * NOISE {
            return None;
        }
        let left = self.jobs.pop()?;
        self.counts.departures += 1;
        self.number_changed();
        Some(left.item)
    }

    /// Takes a job out before its work is done; says whether it was there. Looks at every job, and takes all with this token.
    pub fn remove(&mut self, now: Time, job: J) -> bool {
        self.remove_where(now, |present| *present == job)
    }

    pub(super) fn remove_where(&mut self, now: Time, is_it: impl Fn(&J) -> bool) -> bool {
        self.advance(now);
        let before = self.jobs.len();
        self.jobs.retain(|present| !is_it(&present.item));
        let removed = before - self.jobs.len();
        self.counts.removals += removed as u64;
        self.number_changed();
        removed > 0
    }

    /// From `now` on the cores work at `factor` times their usual rate. Zero freezes them.
    ///
    /// # Panics
    /// When `factor` is negative, infinite or not a number.
    pub fn set_rate(&mut self, now: Time, factor: f64) {
        assert!(factor >= 0.0 && factor.is_finite(), "cores cannot work at {factor} times their rate");
        self.advance(now);
        self.factor = factor;
        self.number_changed();
    }

    /// How many jobs are present.
    #[must_use]
    pub fn number(&self) -> usize {
        self.jobs.len()
    }

    /// How many cores work.
    pub(super) fn busy_cores(&self) -> usize {
        self.jobs.len().min(self.rates.len() - 1)
    }

    /// The total rate with all cores busy, in reference cores: what utilisation is measured by.
    #[must_use]
    pub fn full_rate(&self) -> f64 {
        self.rates[self.rates.len() - 1].0
    }

    /// Who came and went since the last reset.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// `∫ n dt` since the last reset, in job-nanoseconds.
    #[must_use]
    pub fn number_integral(&self, now: Time) -> u128 {
        self.number.integral(now)
    }

    /// `∫ (total rate of the busy cores) dt` since the last reset, in nanoseconds of a reference core.
    ///
    /// A factor set by [`set_rate`](Self::set_rate) does not count: slowed cores are not less busy. Without one, this is
    /// the work done.
    #[must_use]
    pub fn busy(&self, now: Time) -> u128 {
        self.busy.integral(now) / ONE_CORE as u128
    }

    /// Work that was brought and is not done at `now`, in nanoseconds of a reference core. Looks at every job.
    #[must_use]
    pub fn backlog(&self, now: Time) -> f64 {
        let passed = (now - self.last).0 as f64 * self.per_job;
        let left = |job: &Keyed<J>| (f64::from_bits(job.major) - self.attained + self.carry - passed).max(0.0);
        self.jobs.iter().map(left).sum()
    }

    /// Counts and integrals start anew; the jobs stay.
    pub fn reset_statistics(&mut self, now: Time) {
        self.number.reset(now);
        self.busy.reset(now);
        self.counts = Counts::default();
    }

    /// How long until the next job is done, from `last` on; negative by rounding up to whole nanoseconds.
    fn wait(&self) -> Option<f64> {
        let tag = f64::from_bits(self.jobs.peek()?.major);
        Some((tag - self.attained + self.carry) * self.stretch)
    }

    fn advance(&mut self, now: Time) {
        let passed = now - self.last;
        if passed == Time::ZERO {
            return;
        }
        self.last = now;
        let step = passed.0 as f64 * self.per_job - self.carry;
        let sum = self.attained + step;
        self.carry = (sum - self.attained) - step;
        self.attained = sum;
        if sum >= REBASE as f64 {
            self.rebase();
        }
    }

    /// Moves attained service and tags back by a multiple of a power of two not above any of their own magnitudes, so
    /// that no digit is lost. Keeps the heap's memory.
    #[cold]
    fn rebase(&mut self) {
        let base = (self.attained as u64 & !(REBASE - 1)) as f64;
        self.attained -= base;
        let mut jobs = std::mem::take(&mut self.jobs).into_vec();
        for job in &mut jobs {
            // A job that is overdue by a fraction of a nanosecond may lie below the base; a key must not be negative.
            job.major = (f64::from_bits(job.major) - base).max(0.0).to_bits();
        }
        self.jobs = BinaryHeap::from(jobs);
    }

    /// To be called, after `advance`, when the number of jobs or the factor has changed.
    fn number_changed(&mut self) {
        let number = self.jobs.len();
        let (total, in_cores) = self.rates[number.min(self.rates.len() - 1)];
        self.number.set(self.last, number as u64);
        self.busy.set(self.last, in_cores);
        if number == 0 {
            (self.attained, self.carry, self.arrived, self.per_job) = (0.0, 0.0, 0, 0.0);
            return;
        }
        self.per_job = total * self.factor / number as f64;
        // A frozen station is infinitely stretched; the largest number instead keeps zero work at a wait of zero.
        self.stretch = if self.per_job > 0.0 { 1.0 / self.per_job } else { f64::MAX };
    }
}
