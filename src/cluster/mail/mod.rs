//! Mail on its way: whose it is, who has it now, and what has become of it.
//!
//! Mail is counted by recipient copies, since a message may be delivered to one of its recipients and not to another. A copy
//! is always in one hand: a session that is under way ([`Errand`]), a queue of a server that sends or of the backup
//! ([`Letter`]), or work after a reply at a node. The [`Ledger`] knows how many are in which hands and what has become of
//! the others, each counted where it happens; that both sides add up is checked minute by minute, and at the end the hands
//! are asked one by one.
//!
//! What happens to a session at some place in the middle of an event, its failure above all, is put aside as
//! [`Pending`], and settled when the event is over.

mod backup;
mod custody;
mod errand;
mod exchange;
mod ledger;
mod letter;
mod outlet;
mod sending;

pub(super) use errand::Errand;
pub(super) use ledger::Place;
pub use ledger::{MailBalance, MailObserved};
pub use letter::Letter;

use super::seeking::Seeker;
use crate::engine::{Agenda, Id, Slab};
use crate::random::{Key, Purpose};
use crate::scenario::{Role, Scenario, Whose};
use crate::units::Time;
use ledger::Ledger;
use outlet::Outlet;
use std::collections::VecDeque;

/// The sub-key of a session by which it has a server that sends it.
const SERVER: u64 = 6;
/// And below which further attempts choose their ways.
const ATTEMPTS: u64 = 7;

/// What is settled when the event is over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pending {
    /// No primary answered: the session goes on to the backup.
    Onward(Seeker),
    /// A session has failed, with what is left to do for it.
    Failed(Failed),
    /// A message from a queue has been taken.
    Sent(Id<Letter>),
    /// The backup has taken a message.
    Taken(Failed),
}

/// What is left to do of a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failed {
    pub(super) stream: u32,
    pub(super) key: Key,
    /// Operations of which the greylists know the sender.
    pub(super) known: u32,
    pub(super) errand: Errand,
    /// Whether no other address is worth a try now.
    pub(super) is_final: bool,
}

/// All mail of a cluster.
pub(super) struct Mail {
    pub(super) ledger: Ledger,
    letters: Slab<Letter>,
    /// Of the servers of each kind of sender that limits them, then of the backup.
    outlets: Vec<Outlet>,
    /// By kind of sender: the first of its outlets.
    first_outlet: Vec<u32>,
    /// The backup: the node, and its outlet.
    backup: Option<(u32, u32)>,
    /// Letters of the backup that wait for its repair.
    asleep: Vec<Id<Letter>>,
    pub(super) pending: VecDeque<Pending>,
    /// Whether servers have outlets.
    limited: bool,
    /// Deliveries so far, for faults on purpose.
    delivered: u64,
    queries: u64,
    hits: u64,
}

impl Mail {
    pub(super) fn new(scenario: &Scenario, replication: u64) -> Mail {
        let key = |entity: &str| Key::new(scenario.seed, replication, Purpose::Housekeeping, entity);
        let (mut outlets, mut first_outlet) = (Vec::new(), Vec::new());
        for sender in &scenario.senders {
            first_outlet.push(outlets.len() as u32);
            let key = key(&format!("servers of {}", sender.name));
            let ttl = scenario.exchange.map_or(Time::ZERO, |exchange| exchange.ttl);
            if let Some(concurrency) = sender.delivery.concurrency {
                let each = (0..u64::from(sender.servers.unwrap_or(0))).map(|server| key.at(server));
                outlets.extend(each.map(|key| Outlet::new(concurrency, &sender.delivery.retry, ttl, key)));
            }
        }
        let limited = !outlets.is_empty();
        let carries = scenario.streams.iter().any(|stream| stream.mail.is_some());
        let node = scenario.cluster.of_role(Role::Backup).next().filter(|_| carries);
        let backup = node.map(|node| {
            let name = &scenario.cluster.nodes[node].name;
            let delivery = &scenario.backup.delivery;
            let concurrency = delivery.concurrency.expect("a backup has a queue of its own");
            outlets.push(Outlet::new(concurrency, &delivery.retry, Time::ZERO, key(&format!("queue of {name}"))));
            (node as u32, outlets.len() as u32 - 1)
        });
        Mail {
            ledger: Ledger::new(carries),
            letters: Slab::new(),
            outlets,
            first_outlet,
            backup,
            asleep: Vec::new(),
            pending: VecDeque::new(),
            limited,
            delivered: 0,
            queries: 0,
            hits: 0,
        }
    }

    /// Whether a node is the backup, as far as it takes mail.
    pub(super) fn takes_at(&self, node: u32) -> bool {
        self.backup.is_some_and(|(backup, _)| backup == node)
    }

    /// Messages in queues.
    pub(super) fn letters(&self) -> u64 {
        self.letters.len() as u64
    }

    /// What is measured starts anew; mail itself is counted from time zero.
    pub(super) fn reset(&mut self) {
        self.ledger.reset();
        (self.queries, self.hits) = (0, 0);
    }
}

impl super::World<'_> {
    /// Settles what this event has left, and what that leaves in turn.
    pub(super) fn settle_mail(&mut self, now: Time, agenda: &mut Agenda<super::Event>) {
        while let Some(pending) = self.mail.pending.pop_front() {
            match pending {
                Pending::Onward(seeker) => self.try_backup(seeker, now, agenda),
                Pending::Failed(failed) => self.after_failure(failed, now, agenda),
                Pending::Sent(letter) => self.sent(letter, now, agenda),
                Pending::Taken(taken) => self.queue_at_backup(taken, now, agenda),
            }
        }
    }

    /// Whose messages the sessions of a stream carry, if they carry mail.
    fn whose(&self, stream: u32) -> Option<Whose> {
        Some(self.scenario.streams[stream as usize].mail?.whose)
    }
}
