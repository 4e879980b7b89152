//! A write-back cache: writes are over once they are in it, and load the disk afterwards.
//!
//! It is counted in disk operations that are not done yet. Beyond its limit writers wait, in the order in which they came,
//! until enough of those operations are done. It keeps nothing for readers: they wait for the disk as before.

use super::session::Job;
use crate::engine::Id;
use std::collections::VecDeque;

/// What a write-back cache holds, and who waits for room in it.
pub(super) struct WriteBack {
    limit: u32,
    outstanding: u32,
    /// Writers with the seconds that each of their disk operations moves bytes.
    line: VecDeque<(Id<Job>, f64)>,
}

impl WriteBack {
    /// An empty cache for so many disk operations.
    pub(super) fn new(limit: u32) -> WriteBack {
        WriteBack { limit, outstanding: 0, line: VecDeque::new() }
    }

    /// Takes a write of so many disk operations; false when the writer has to wait.
    pub(super) fn take(&mut self, writer: Id<Job>, operations: u32, transfer_s: f64) -> bool {
        let fits = self.line.is_empty() && self.outstanding + operations <= self.limit;
        if fits {
            self.outstanding += operations;
        } else {
            self.line.push_back((writer, transfer_s));
        }
        fits
    }

    /// A disk operation is done.
    pub(super) fn done(&mut self) {
        self.outstanding -= 1;
    }

    /// A writer leaves the line; says whether it was there.
    pub(super) fn forget(&mut self, writer: Id<Job>) -> bool {
        let before = self.line.len();
        self.line.retain(|(waiting, _)| *waiting != writer);
        self.line.len() < before
    }

    /// The first writer in line, if there is room for its write now; it is in the cache then.
    pub(super) fn next(&mut self, operations: u32) -> Option<(Id<Job>, f64)> {
        if self.outstanding + operations > self.limit {
            return None;
        }
        let next = self.line.pop_front()?;
        self.outstanding += operations;
        Some(next)
    }
}
