//! Mailboxes that a session has locked: another one for the same mailbox is refused at once (RFC 1939, sec. 4).
//!
//! Each mailbox is a loss system with one server: with visits at rate `v` and sessions of mean length `S` a visit finds the
//! lock held with chance `a/(1 + a)`, `a = vS`, whatever the law of the length (Erlang 1917, for one line). Only locks that are
//! held take memory.

use super::session::LOCK;
use crate::random::Key;
use crate::scenario::Scenario;
use std::collections::BTreeSet;

/// A mailbox: index of the population's mailboxes, of the pool, and a number within it.
pub(super) type Mailbox = (u32, u32, u64);

/// The mailboxes that are locked.
pub(super) struct Locks {
    /// For each stream whose sessions lock a mailbox: the population's mailboxes, the pool, and how many it has.
    streams: Vec<Option<Mailbox>>,
    held: BTreeSet<Mailbox>,
}

impl Locks {
    pub(super) fn new(scenario: &Scenario) -> Locks {
        let of = |stream: &crate::scenario::Stream| {
            let locks = scenario.services[stream.service].limits.mailbox_lock;
            let (mailboxes, pool) = stream.mailboxes.zip(stream.pool).filter(|_| locks)?;
            let count = scenario.mailboxes[mailboxes].of_pool(pool).round() as u64;
            Some((mailboxes as u32, pool as u32, count))
        };
        Locks { streams: scenario.streams.iter().map(of).collect(), held: BTreeSet::new() }
    }

    /// Locks the mailbox of a new session: none where the stream locks nothing, or the mailbox and whether it was free.
    pub(super) fn lock(&mut self, stream: usize, session: Key) -> Option<(Mailbox, bool)> {
        let (mailboxes, pool, count) = self.streams[stream]?;
        let mailbox = (mailboxes, pool, session.at(LOCK).stream().below(count));
        Some((mailbox, self.held.insert(mailbox)))
    }

    /// Gives a mailbox free.
    pub(super) fn release(&mut self, mailbox: Mailbox) {
        self.held.remove(&mailbox);
    }
}
