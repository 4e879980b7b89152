//! First come, first served: `k` servers and one line of unlimited length.

use super::Counts;
use super::level::Level;
use crate::engine::keyed::Keyed;
use crate::units::Time;
use std::collections::{BinaryHeap, VecDeque};

/// Servers that take jobs from one line in the order of arrival.
///
/// The service time is given at arrival, so that it does not depend on how the servers are busy.
pub struct Fcfs<J> {
    servers: usize,
    /// Key: instant of departure, number of the start of service.
    in_service: BinaryHeap<Keyed<J>>,
    line: VecDeque<(J, Time)>,
    started: u64,
    number: Level,
    busy: Level,
    counts: Counts,
}

impl<J: Copy + Eq> Fcfs<J> {
    /// An idle station at time zero.
    ///
    /// # Panics
    /// Without a server.
    #[must_use]
    pub fn new(servers: u32) -> Self {
        assert!(servers > 0, "a station without a server never serves anyone");
        Fcfs {
            servers: servers as usize,
            in_service: BinaryHeap::new(),
            line: VecDeque::new(),
            started: 0,
            number: Level::default(),
            busy: Level::default(),
            counts: Counts::default(),
        }
    }

    /// A job comes and is served at once or waits.
    #[inline]
    pub fn arrive(&mut self, now: Time, job: J, service: Time) {
        self.counts.arrivals += 1;
        if self.in_service.len() < self.servers {
            self.start(now, job, service);
        } else {
            self.line.push_back((job, service));
        }
        self.number_changed(now);
    }

    /// When the next job leaves, if nothing else happens before.
    #[must_use]
    #[inline]
    pub fn next_departure(&self) -> Option<Time> {
        self.in_service.peek().map(|first| Time(first.major))
    }

    /// Takes out the next job whose service ends by `now`; the first in line takes its server.
    #[inline]
    pub fn pop_departed(&mut self, now: Time) -> Option<J> {
        if self.in_service.peek()?.major > now.0 {
            return None;
        }
        let left = self.in_service.pop()?;
        self.counts.departures += 1;
        self.start_next(now);
        self.number_changed(now);
        Some(left.item)
    }

    /// Takes a job out before its service ends; says whether it was there. Looks at every job, and takes all with this token.
    pub fn remove(&mut self, now: Time, job: J) -> bool {
        let before = self.number();
        self.line.retain(|(waiting, _)| *waiting != job);
        self.in_service.retain(|served| served.item != job);
        let removed = before - self.number();
        self.counts.removals += removed as u64;
        self.start_next(now);
        self.number_changed(now);
        removed > 0
    }

    /// How many jobs are present, served or waiting.
    #[must_use]
    pub fn number(&self) -> usize {
        self.in_service.len() + self.line.len()
    }

    /// How many servers work.
    pub(super) fn busy_cores(&self) -> usize {
        self.in_service.len()
    }

    /// How many servers there are.
    #[must_use]
    pub fn servers(&self) -> usize {
        self.servers
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

    /// `∫ (busy servers) dt` since the last reset, in server-nanoseconds.
    #[must_use]
    pub fn busy(&self, now: Time) -> u128 {
        self.busy.integral(now)
    }

    /// Work that was brought and is not done at `now`, in nanoseconds of a server. Looks at every job.
    #[must_use]
    pub fn backlog(&self, now: Time) -> f64 {
        let in_service = self.in_service.iter().map(|job| Time(job.major).saturating_sub(now).0 as f64);
        let waiting = self.line.iter().map(|(_, service)| service.0 as f64);
        in_service.sum::<f64>() + waiting.sum::<f64>()
    }

    /// Counts and integrals start anew; the jobs stay.
    pub fn reset_statistics(&mut self, now: Time) {
        self.number.reset(now);
        self.busy.reset(now);
        self.counts = Counts::default();
    }

    fn start(&mut self, now: Time, job: J, service: Time) {
        self.in_service.push(Keyed { major: (now + service).0, minor: self.started, item: job });
        self.started += 1;
    }

    fn start_next(&mut self, now: Time) {
        while self.in_service.len() < self.servers {
            let Some((job, service)) = self.line.pop_front() else { return };
            self.start(now, job, service);
        }
    }

    fn number_changed(&mut self, now: Time) {
        self.number.set(now, self.number() as u64);
        self.busy.set(now, self.in_service.len() as u64);
    }
}
