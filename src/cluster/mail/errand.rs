//! What a session is about, beside what its key says: which attempt it is, and which messages are left to send.

use super::Letter;
use crate::engine::Id;
use crate::units::Time;

/// What a session is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cluster) struct Errand {
    /// When it was wanted first.
    pub(in crate::cluster) born: Time,
    /// The first message that is left to send, and the copies of that and of those after it.
    pub(in crate::cluster) first: u32,
    pub(in crate::cluster) copies: u32,
    /// How often it was tried before.
    pub(in crate::cluster) attempt: u32,
    /// The message in the queue that it is about; none for the first attempt of those who need no queue.
    pub(in crate::cluster) letter: Option<Id<Letter>>,
    /// Whether it is the backup that sends, and whether it is to take.
    pub(in crate::cluster) from_backup: bool,
    pub(in crate::cluster) to_backup: bool,
}

impl Errand {
    /// A first attempt, without mail.
    pub(in crate::cluster) fn new(now: Time) -> Errand {
        Errand { born: now, first: 0, copies: 0, attempt: 0, letter: None, from_backup: false, to_backup: false }
    }
}
