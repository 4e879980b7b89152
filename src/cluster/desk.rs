//! What a node has room for, by service: connections with their backlog, workers, and workers for replied mail.

use super::session::Job;
use crate::engine::{Grant, Id, Slots};
use crate::scenario::Limits;
use crate::units::Time;
use serde::{Deserialize, Serialize};

use crate::stats::wide;

/// A pool that may be without bounds, and then costs nothing.
pub(super) struct Pool(Option<Slots<Id<Job>>>);

/// The pools of one service at one node.
pub(super) struct Desk {
    /// Sessions that came.
    pub(super) sessions: u64,
    /// Of these the ones that met no answer or a refusal, as the service or the machine was down.
    pub(super) unanswered: u64,
    pub(super) connections: Pool,
    pub(super) workers: Pool,
    pub(super) queue_workers: Pool,
}

/// A bounded pool, as observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolObserved {
    /// How many there are.
    pub slots: u64,
    /// Slots held × nanoseconds.
    #[serde(with = "wide")]
    pub held_ns: u128,
    /// Jobs that waited for one × nanoseconds.
    #[serde(with = "wide")]
    pub waiting_ns: u128,
}

/// One service at one node, as observed; no pools where there is no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskObserved {
    /// Sessions that came.
    #[serde(default)]
    pub sessions: u64,
    /// Of these the ones that met no answer or a refusal, as the service or the machine was down.
    #[serde(default)]
    pub unanswered: u64,
    /// Connections.
    pub connections: Option<PoolObserved>,
    /// Workers.
    pub workers: Option<PoolObserved>,
    /// Workers for replied mail.
    pub queue_workers: Option<PoolObserved>,
}

impl Pool {
    /// So many slots and places in line; none = any number.
    pub(super) fn new(slots: Option<u32>, line: Option<u32>) -> Pool {
        Pool(slots.map(|slots| Slots::new(slots as usize, line.map(|line| line as usize))))
    }

    pub(super) fn acquire(&mut self, now: Time, job: Id<Job>) -> Grant {
        self.0.as_mut().map_or(Grant::Granted, |slots| slots.acquire(now, job))
    }

    /// Takes a slot if one is free; says whether.
    pub(super) fn take(&mut self, now: Time) -> bool {
        self.0.as_mut().is_none_or(|slots| slots.take(now))
    }

    /// Gives a slot back; the job that has it now, if one waited.
    pub(super) fn release(&mut self, now: Time) -> Option<Id<Job>> {
        self.0.as_mut().and_then(|slots| slots.release(now))
    }

    /// Takes a job out of the line; says whether it was there.
    pub(super) fn forget(&mut self, now: Time, job: Id<Job>) -> bool {
        self.0.as_mut().is_some_and(|slots| slots.cancel_waiting(now, job))
    }

    fn reset(&mut self, now: Time) {
        if let Some(slots) = &mut self.0 {
            slots.reset_statistics(now);
        }
    }

    fn observed(&self, now: Time) -> Option<PoolObserved> {
        let slots = self.0.as_ref()?;
        Some(PoolObserved {
            slots: slots.slots() as u64,
            held_ns: slots.held_integral(now),
            waiting_ns: slots.waiting_integral(now),
        })
    }
}

impl Desk {
    pub(super) fn new(limits: &Limits) -> Desk {
        Desk {
            sessions: 0,
            unanswered: 0,
            connections: Pool::new(limits.connections, Some(limits.backlog)),
            workers: Pool::new(limits.workers, None),
            queue_workers: Pool::new(limits.queue_workers, None),
        }
    }

    pub(super) fn reset(&mut self, now: Time) {
        (self.sessions, self.unanswered) = (0, 0);
        self.connections.reset(now);
        self.workers.reset(now);
        self.queue_workers.reset(now);
    }

    pub(super) fn observed(&self, now: Time) -> DeskObserved {
        DeskObserved {
            sessions: self.sessions,
            unanswered: self.unanswered,
            connections: self.connections.observed(now),
            workers: self.workers.observed(now),
            queue_workers: self.queue_workers.observed(now),
        }
    }
}
