//! Group commit: one flush serves all who wait for one when it starts.
//!
//! This is what a journal does (Linux ext4 and its kin, and every database log): a commit takes along whatever was written
//! before it, and who asks while one is under way waits for the next, since it may have missed what he wrote. A flush
//! starts when it is given to the disk and stands in line there like any write; on a RAID it is as many disk operations as
//! a write is.

use super::event::Event;
use super::node::Token;
use super::session::Job;
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::units::Time;

/// Who waits for flushes at a disk.
#[derive(Debug, Default)]
pub(super) struct GroupCommit {
    /// Those whom the flush under way serves; empty when there is none.
    flushed: Vec<Id<Job>>,
    /// Those who came after it started.
    waiting: Vec<Id<Job>>,
    /// Disk operations of the flush that are not done.
    operations: u32,
}

impl GroupCommit {
    /// A job asks for a flush; true when one has to start for it.
    pub(super) fn ask(&mut self, job: Id<Job>) -> bool {
        let starts = self.operations == 0;
        if starts { &mut self.flushed } else { &mut self.waiting }.push(job);
        starts
    }

    /// A job waits no longer; says whether it did. The flush goes on.
    pub(super) fn forget(&mut self, job: Id<Job>) -> bool {
        let before = self.flushed.len() + self.waiting.len();
        self.flushed.retain(|waiting| *waiting != job);
        self.waiting.retain(|waiting| *waiting != job);
        self.flushed.len() + self.waiting.len() < before
    }

    /// The flush under way is so many disk operations.
    pub(super) fn start(&mut self, operations: u32) {
        self.operations = operations;
    }

    /// One of them is done. If it was the last one, those whom the flush served can go on, the first of them on top; and
    /// the first of those who waited, if there is one, for whom the next flush has to start.
    fn done(&mut self, can_go_on: &mut Vec<Id<Job>>) -> Option<Id<Job>> {
        self.operations -= 1;
        if self.operations > 0 {
            return None;
        }
        can_go_on.extend(self.flushed.drain(..).rev());
        std::mem::swap(&mut self.flushed, &mut self.waiting);
        self.flushed.first().copied()
    }
}

impl World<'_> {
    /// A disk operation of a flush is done.
    pub(super) fn flushed(&mut self, node: usize, now: Time, agenda: &mut Agenda<Event>) {
        let machine = &mut self.machines[node];
        let Some(commit) = &mut machine.group_commit else { return };
        if let Some(first) = commit.done(&mut self.started) {
            let operations = machine.raid_write_penalty;
            commit.start(operations);
            let chance = &mut self.jobs[first].chance;
            machine.operate(operations, Token::Flush, 0.0, chance, (now, agenda));
        }
        self.go_on(now, agenda);
    }
}
