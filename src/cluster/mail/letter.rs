//! A message, or those of one session, in the queue of a server that sends.

use super::{Errand, Failed, Place};
use crate::random::Key;
use crate::units::Time;

/// What a server has in its queue for this cluster.
#[derive(Debug, Clone, Copy)]
pub struct Letter {
    pub(super) stream: u32,
    pub(super) key: Key,
    pub(super) known: u32,
    /// When it was to be sent first, or came to this queue: what a server counts its age from.
    pub(super) queued_at: Time,
    pub(super) errand: Errand,
    /// The queue, where it has limits of its own.
    pub(super) outlet: Option<u32>,
    /// When it is due next, while it waits for that.
    pub(super) due: Option<Time>,
    /// Whether it is being sent: then its copies are in a session.
    pub(super) is_sent: bool,
    /// Whether its sender was told that it is late.
    pub(super) warned: bool,
    /// In whose hands it is.
    pub(in crate::cluster) hands: Place,
}

impl Letter {
    /// What is left to do of a session, in a queue from now on.
    pub(super) fn new(left: &Failed, queued_at: Time, outlet: Option<u32>, hands: Place) -> Letter {
        let Failed { stream, key, known, errand, .. } = *left;
        let errand = Errand { to_backup: false, ..errand };
        Letter { stream, key, known, queued_at, errand, outlet, due: None, is_sent: false, warned: false, hands }
    }

    /// The copies that it has while it is not being sent.
    pub(super) fn in_hands(&self) -> u32 {
        if self.is_sent { 0 } else { self.errand.copies }
    }
}
