//! The stations again, slow and obvious: what the fast ones are tested against, forever.
//!
//! They keep the remaining work of every job and take off what was done at each change, in exact integers: no virtual
//! time, no tags, no rounding. Each change looks at every job.

use super::{Grant, Scaling};
use crate::units::Time;

/// Digits behind the binary point of work and rates.
const POINT: u32 = 60;

/// Processor sharing, job by job.
pub(super) struct SlowSharing {
    scaling: Scaling,
    factor: f64,
    /// Jobs in the order of arrival, with what remains to be done in 2⁻⁶⁰ ns.
    jobs: Vec<(u32, i128)>,
    last: Time,
    pub(super) number_integral: u128,
}

impl SlowSharing {
    pub(super) fn new(scaling: Scaling) -> Self {
        SlowSharing { scaling, factor: 1.0, jobs: Vec::new(), last: Time::ZERO, number_integral: 0 }
    }

    /// The rate of one job, in 2⁻⁶⁰ reference cores.
    fn per_job(&self) -> i128 {
        let busy = self.jobs.len().min(self.scaling.cores as usize) as u32;
        (self.scaling.total(busy) * self.factor * (1_u64 << POINT) as f64) as i128 / self.jobs.len() as i128
    }

    fn advance(&mut self, now: Time) {
        let passed = now - self.last;
        self.last = now;
        self.number_integral += u128::from(passed.0) * self.jobs.len() as u128;
        if !self.jobs.is_empty() {
            let done = self.per_job() * i128::from(passed.0);
            self.jobs.iter_mut().for_each(|job| job.1 -= done);
        }
    }

    pub(super) fn arrive(&mut self, now: Time, job: u32, demand: Time) {
        self.advance(now);
        self.jobs.push((job, i128::from(demand.0) << POINT));
    }

    pub(super) fn next_departure(&self) -> Option<Time> {
        let least = self.jobs.iter().map(|job| job.1).min()?;
        let rate = self.per_job();
        // The same rule about noise as the fast station, as both have to round alike.
        let left = (least - rate / 1024).max(0);
        Some(self.last + Time(((left + rate - 1) / rate) as u64))
    }

    pub(super) fn pop_departed(&mut self, now: Time) -> Option<u32> {
        self.advance(now);
        let first = (0..self.jobs.len()).min_by_key(|&i| self.jobs[i].1)?;
        (self.jobs[first].1 <= self.per_job() / 512).then(|| self.jobs.remove(first).0)
    }

    pub(super) fn remove(&mut self, now: Time, job: u32) -> bool {
        self.advance(now);
        let place = self.jobs.iter().position(|present| present.0 == job);
        place.map(|place| self.jobs.remove(place)).is_some()
    }

    pub(super) fn set_rate(&mut self, now: Time, factor: f64) {
        self.advance(now);
        self.factor = factor;
    }
}

/// First come, first served, job by job: the first `servers` of those present are worked on.
pub(super) struct SlowFcfs {
    servers: usize,
    jobs: Vec<(u32, Time)>,
    last: Time,
    pub(super) number_integral: u128,
}

impl SlowFcfs {
    pub(super) fn new(servers: u32) -> Self {
        SlowFcfs { servers: servers as usize, jobs: Vec::new(), last: Time::ZERO, number_integral: 0 }
    }

    fn advance(&mut self, now: Time) {
        let passed = now - self.last;
        self.last = now;
        self.number_integral += u128::from(passed.0) * self.jobs.len() as u128;
        self.jobs.iter_mut().take(self.servers).for_each(|job| job.1 = job.1 - passed);
    }

    pub(super) fn arrive(&mut self, now: Time, job: u32, service: Time) {
        self.advance(now);
        self.jobs.push((job, service));
    }

    pub(super) fn next_departure(&self) -> Option<Time> {
        self.jobs.iter().take(self.servers).map(|job| self.last + job.1).min()
    }

    pub(super) fn pop_departed(&mut self, now: Time) -> Option<u32> {
        self.advance(now);
        let done = self.jobs.iter().take(self.servers).position(|job| job.1 == Time::ZERO)?;
        Some(self.jobs.remove(done).0)
    }

    pub(super) fn remove(&mut self, now: Time, job: u32) -> bool {
        self.advance(now);
        let place = self.jobs.iter().position(|present| present.0 == job);
        place.map(|place| self.jobs.remove(place)).is_some()
    }
}

/// Slots and their line as two plain lists of jobs.
pub(super) struct SlowSlots {
    slots: usize,
    limit: usize,
    pub(super) holders: Vec<u32>,
    pub(super) line: Vec<u32>,
    last: Time,
    pub(super) held_integral: u128,
    pub(super) waiting_integral: u128,
}

impl SlowSlots {
    pub(super) fn new(slots: usize, limit: usize) -> Self {
        let (holders, line) = (Vec::new(), Vec::new());
        SlowSlots { slots, limit, holders, line, last: Time::ZERO, held_integral: 0, waiting_integral: 0 }
    }

    fn advance(&mut self, now: Time) {
        let passed = u128::from((now - self.last).0);
        self.last = now;
        self.held_integral += passed * self.holders.len() as u128;
        self.waiting_integral += passed * self.line.len() as u128;
    }

    pub(super) fn acquire(&mut self, now: Time, job: u32) -> Grant {
        self.advance(now);
        if self.holders.len() < self.slots {
            self.holders.push(job);
            return Grant::Granted;
        }
        if self.line.len() < self.limit {
            self.line.push(job);
            return Grant::Waiting;
        }
        Grant::Refused
    }

    pub(super) fn release(&mut self, now: Time, holder: usize) -> Option<u32> {
        self.advance(now);
        self.holders.remove(holder);
        let next = (!self.line.is_empty()).then(|| self.line.remove(0))?;
        self.holders.push(next);
        Some(next)
    }

    pub(super) fn cancel_waiting(&mut self, now: Time, job: u32) -> bool {
        self.advance(now);
        let place = self.line.iter().position(|waiting| *waiting == job);
        place.map(|place| self.line.remove(place)).is_some()
    }

    pub(super) fn end(&mut self, now: Time) {
        self.advance(now);
    }
}
