//! What is kept in memory: what a node holds before anyone connects, and what the store's readers would like to find there.

use super::topology::Node;
use super::{Role, Scenario};
use crate::units::Bytes;

/// A page of virtual memory, and the least that a visit to the store's disk brings into the file cache (x86, and the file
/// systems of its time): read-ahead would bring more. Assumption.
pub const PAGE: Bytes = Bytes(4_096);

/// What a session keeps in the memory of its node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Footprint {
    /// As long as it has a connection.
    pub connection: Bytes,
    /// As long as it has a worker too, and for each piece of work after a reply.
    pub worker: Bytes,
}

/// How full the file caches are when a replication begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Caches {
    /// As full as they can be.
    Warm,
    /// Empty, as after a restart.
    Cold,
}

/// What the mailboxes of a population hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    /// How many there are.
    pub users: u64,
    /// Mean size of one; none when it is not known, and then every read of the store costs a visit to its disk.
    pub mailbox: Option<Bytes>,
    /// The part of it that is read again and again.
    pub active: f64,
    /// By which part of itself the number of users, and with it the space, grows in a year.
    pub growth: f64,
}

impl Contents {
    /// Mailboxes of unknown size.
    #[must_use]
    pub fn unknown(users: u64) -> Contents {
        Contents { users, mailbox: None, active: 1.0, growth: 0.0 }
    }
}

impl Scenario {
    /// Bytes that the readers of the store want again and again; none when the mailboxes are of unknown size.
    #[must_use]
    pub fn working_set(&self) -> Option<f64> {
        let of = |held: &Contents| Some(held.users as f64 * held.mailbox?.0 as f64 * held.active);
        let all: Option<f64> = self.contents.iter().map(of).sum();
        all.filter(|bytes| *bytes > 0.0)
    }

    /// Memory of a node that is in use before anyone connects.
    #[must_use]
    pub fn fixed_ram(&self, node: &Node) -> Bytes {
        let product = &self.product;
        let domains = if node.role == Role::Primary { product.domain_ram.0.saturating_mul(self.domains) } else { 0 };
        let users = if node.role == Role::Primary { self.directory.ram(self.users).0 } else { 0 };
        Bytes(product.system_ram.0.saturating_add(domains).saturating_add(users))
    }

    /// The most memory that one session takes on a node, with its connection and a worker.
    #[must_use]
    pub fn largest_footprint(&self, node: &Node) -> Bytes {
        let served = self.services.iter().enumerate().filter(|(index, _)| node.serves(*index));
        Bytes(served.map(|(_, service)| service.footprint.connection.0 + service.footprint.worker.0).max().unwrap_or(0))
    }
}
