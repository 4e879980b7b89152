//! What an operation does at a disk, and how much of its message each disk operation moves.
//!
//! The message goes to the queue when the client uploads it, and to or from the store when it is saved or loaded. Its
//! bytes are spread over the reads or writes of that kind, so that a message is moved once, whatever their number; all
//! other visits only seek.

use super::{ClientTransfer, Operation, StoreTransfer};

/// A kind of visit to a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskWork {
    /// A write to the node's own disk.
    QueueWrite,
    /// A read from the disk that holds the store.
    StoreRead,
    /// A write to the disk that holds the store.
    StoreWrite,
    /// A flush of what was written to the node's own disk.
    QueueFsync,
    /// A flush of what was written to the disk that holds the store.
    StoreFsync,
}

impl DiskWork {
    /// All of them.
    pub const ALL: [DiskWork; 5] =
        [DiskWork::QueueWrite, DiskWork::StoreRead, DiskWork::StoreWrite, DiskWork::QueueFsync, DiskWork::StoreFsync];

    /// Whether it goes to the disk that holds the store, and not to the node's own.
    #[must_use]
    pub fn at_store(self) -> bool {
        !matches!(self, DiskWork::QueueWrite | DiskWork::QueueFsync)
    }

    /// Whether it only makes sure of what was written before.
    #[must_use]
    pub fn flushes(self) -> bool {
        matches!(self, DiskWork::QueueFsync | DiskWork::StoreFsync)
    }

    /// Whether it changes what is on the disk, so that a RAID does it several times.
    #[must_use]
    pub fn writes(self) -> bool {
        self != DiskWork::StoreRead
    }
}

impl Operation {
    /// How often an execution does this.
    #[must_use]
    pub fn visits(&self, work: DiskWork) -> u32 {
        match work {
            DiskWork::QueueWrite => self.queue_writes,
            DiskWork::StoreRead => self.store_reads,
            DiskWork::StoreWrite => self.store_writes,
            DiskWork::QueueFsync => self.queue_fsyncs,
            DiskWork::StoreFsync => self.store_fsyncs,
        }
    }

    /// The part of the message that one of these visits moves, 0 to 1.
    #[must_use]
    pub fn part_moved(&self, work: DiskWork) -> f64 {
        let moves = match work {
            DiskWork::QueueWrite => self.client_transfer == ClientTransfer::Upload,
            DiskWork::StoreRead => self.store_transfer == StoreTransfer::Load,
            DiskWork::StoreWrite => self.store_transfer == StoreTransfer::Save,
            DiskWork::QueueFsync | DiskWork::StoreFsync => false,
        };
        if moves { 1.0 / f64::from(self.visits(work).max(1)) } else { 0.0 }
    }
}
