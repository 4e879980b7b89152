//! The processor with a budget again, slow and obvious: it goes from one end of a period to the next.

use super::{Budget, Scaling};
use crate::units::Time;

/// Digits behind the binary point of work and rates.
const POINT: u32 = 60;

/// Cores with a budget, job by job and period by period.
#[derive(Clone)]
pub(super) struct SlowQuota {
    scaling: Scaling,
    /// Whether jobs share the cores; otherwise the first of those present are worked on.
    shared: bool,
    budget: Budget,
    /// Jobs in the order of arrival, with what remains to be done in 2⁻⁶⁰ ns.
    jobs: Vec<(u32, i128)>,
    last: u64,
    left: i128,
    /// Whether this period had a stop, and for how long busy cores have run since the last one.
    stopped: bool,
    ran: u64,
    pub(super) number_integral: u128,
}

impl SlowQuota {
    pub(super) fn new(scaling: Scaling, shared: bool, budget: Budget) -> Self {
        let left = i128::from(budget.core_ns);
        SlowQuota {
            scaling,
            shared,
            budget,
            jobs: Vec::new(),
            last: 0,
            left,
            stopped: false,
            ran: u64::MAX / 2,
            number_integral: 0,
        }
    }

    fn busy(&self) -> usize {
        self.jobs.len().min(self.scaling.cores as usize)
    }

    /// The rate of each job that is worked on, in 2⁻⁶⁰ cores, and how many those are.
    fn rate(&self) -> (i128, usize) {
        if self.shared && !self.jobs.is_empty() {
            let total = self.scaling.total(self.busy() as u32) * (1_u64 << POINT) as f64;
            return (total as i128 / self.jobs.len() as i128, self.jobs.len());
        }
        (1 << POINT, self.busy())
    }

    /// For how long the cores get something done until `until`, which is not behind the end of the period.
    fn run(&mut self, until: u64) -> i128 {
        let (passed, busy) = (i128::from(until - self.last), self.busy() as i128);
        let runs = match (self.left > 0, busy) {
            (false, _) => 0,
            (true, 0) => passed,
            (true, busy) => passed.min((self.left + busy - 1) / busy),
        };
        self.left -= runs * busy;
        self.last = until;
        self.stopped |= busy > 0 && runs < passed;
        let mut done = runs;
        if busy > 0 {
            let of = |ran: u64| i128::from(self.budget.warming.done(Time(ran)).0);
            done = of(self.ran + runs as u64) - of(self.ran);
            self.ran += runs as u64;
        }
        if until.is_multiple_of(self.budget.period.0) {
            self.left = i128::from(self.budget.core_ns) + self.left.min(i128::from(self.budget.burst_ns));
            self.ran = if self.stopped { 0 } else { self.ran };
            self.stopped = false;
        }
        done
    }

    fn end_of_period(&self) -> u64 {
        (self.last / self.budget.period.0 + 1) * self.budget.period.0
    }

    fn advance(&mut self, now: Time) {
        self.number_integral += u128::from(now.0 - self.last) * self.jobs.len() as u128;
        while self.last < now.0 {
            let (rate, served) = self.rate();
            let runs = self.run(now.0.min(self.end_of_period()));
            self.jobs.iter_mut().take(served).for_each(|job| job.1 -= rate * runs);
        }
    }

    pub(super) fn arrive(&mut self, now: Time, job: u32, demand: Time) {
        self.advance(now);
        self.jobs.push((job, i128::from(demand.0) << POINT));
    }

    pub(super) fn next_departure(&self) -> Option<Time> {
        let (rate, served) = self.rate();
        let least = self.jobs.iter().take(served).map(|job| job.1).min()?;
        // The same rule about noise as the station inside, as both have to round alike.
        let noise = if self.shared { rate / 1024 } else { 0 };
        let mut needed = ((least - noise).max(0) + rate - 1) / rate;
        let mut ahead = self.clone();
        while needed > 0 {
            let before = ahead.clone();
            let done = ahead.run(ahead.end_of_period());
            if done >= needed {
                // The first nanosecond by which it is done, by halves.
                let (mut early, mut late) = (before.last, ahead.last);
                while late - early > 1 {
                    let middle = early.midpoint(late);
                    if before.clone().run(middle) >= needed { late = middle } else { early = middle }
                }
                return Some(Time(late));
            }
            needed -= done;
        }
        Some(Time(ahead.last))
    }

    pub(super) fn pop_departed(&mut self, now: Time) -> Option<u32> {
        self.advance(now);
        let (rate, served) = self.rate();
        let first = (0..served).min_by_key(|&i| self.jobs[i].1)?;
        let noise = if self.shared { rate / 512 } else { 0 };
        (self.jobs[first].1 <= noise).then(|| self.jobs.remove(first).0)
    }

    pub(super) fn remove(&mut self, now: Time, job: u32) -> bool {
        self.advance(now);
        let place = self.jobs.iter().position(|present| present.0 == job);
        place.map(|place| self.jobs.remove(place)).is_some()
    }
}
