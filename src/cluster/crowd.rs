//! How much is under way at one time, and how much of it a replication holds.
//!
//! Where nothing limits what waits, an overloaded cluster gathers sessions, mail and work as long as its window lasts, and
//! no machine has the memory for that. A replication that holds too much ends there: what it would have measured grows with
//! the window, and is no answer to anything. The bounds are far above what a cluster that keeps up has at one time, and
//! are looked at after fixed numbers of events, so a replication ends at the same event on every machine.

use super::node::{Machine, Station};
use super::world::World;
use crate::analytic::Resource;
use crate::units::Time;

/// The most sessions of one replication at one time, those included that look for a node or will come again: about a
/// gigabyte of them.
pub const MOST_SESSIONS: u64 = 1_000_000;
/// The most messages in the queues of servers and of people, and the most pieces of work at the machines: each takes a
/// fraction of a session.
pub const MOST_WAITING: u64 = 4_000_000;

/// What was under way when a replication was found to hold too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// When that was, after the beginning of the warm-up.
    pub at: Time,
    /// Sessions.
    pub sessions: u64,
    /// Messages in queues.
    pub messages: u64,
    /// Pieces of work at processors, disks and links.
    pub work: u64,
    /// Where most of that is of which there is too much, the first of equals.
    pub node: u32,
}

impl World<'_> {
    /// What is under way.
    pub(super) fn crowd(&self, at: Time) -> Crowd {
        let (sessions, messages, work) = (self.sessions(), self.mail.letters(), self.pieces_of_work().sum());
        let mut most: Vec<u64> = vec![0; self.machines.len()];
        self.jobs.iter().for_each(|(_, job)| most[job.node as usize] += 1);
        if sessions <= MOST_SESSIONS {
            most = self.pieces_of_work().collect();
        }
        let first = (0..most.len()).rev().max_by_key(|node| most[*node]).unwrap_or(0);
        Crowd { at, sessions, messages, work, node: first as u32 }
    }

    /// Whether that is more than a replication holds.
    pub(super) fn holds_too_much(&self) -> bool {
        self.sessions() > MOST_SESSIONS || self.mail.letters().max(self.pieces_of_work().sum()) > MOST_WAITING
    }

    fn sessions(&self) -> u64 {
        (self.jobs.len() + self.seekers.len()) as u64 + self.greylists.returning()
    }

    /// Pieces of work at each machine.
    fn pieces_of_work(&self) -> impl Iterator<Item = u64> {
        let present = |machine: &Machine| {
            Resource::ALL.iter().filter_map(|resource| machine.station(*resource)).map(Station::present).sum()
        };
        self.machines.iter().map(present)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Job, Letter, Seeker};
    use super::*;

    #[test]
    fn what_a_replication_holds_at_most_fits_in_the_memory_of_a_small_machine() {
        let sessions = MOST_SESSIONS as usize * size_of::<Job>().max(size_of::<Seeker>());
        let messages = MOST_WAITING as usize * size_of::<Letter>();
        assert!(sessions < 1_000_000_000 && messages < 1_000_000_000, "{sessions} and {messages} bytes");
    }
}
