//! How services start that keep their mail on another node.

use crate::units::Time;

/// How the services start again that use the mail store of another node, after it was away or their own node was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreStart {
    /// How long they take to start.
    pub start_time: Time,
    /// How long after the return of the store somebody starts those that came up without it; none where they are set to wait
    /// for it, and need nobody.
    pub restart_after: Option<Time>,
}

/// Until somebody has noticed and come. Assumption.
pub const RESTART_AFTER: Time = Time::from_secs(30 * 60);

impl StoreStart {
    /// How long after the return of the store its services are there again.
    #[must_use]
    pub fn after_return(&self) -> Time {
        self.restart_after.unwrap_or(Time::ZERO) + self.start_time
    }
}
