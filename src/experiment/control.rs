//! How the one who waits for an experiment speaks with it: a flag to stop it, and how far it has come.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared between a running experiment and whoever watches it. Nothing here finds its way into a result.
#[derive(Debug, Default)]
pub struct Control {
    cancelled: AtomicBool,
    replications: AtomicU64,
    sessions: AtomicU64,
    events: AtomicU64,
}

impl Control {
    /// Asks the experiment to stop soon. What is finished is kept.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Notes a finished replication.
    pub(super) fn finished(&self, sessions: u64, events: u64) {
        self.sessions.fetch_add(sessions, Ordering::Relaxed);
        self.events.fetch_add(events, Ordering::Relaxed);
        self.replications.fetch_add(1, Ordering::Relaxed);
    }

    /// Replications finished so far.
    #[must_use]
    pub fn replications(&self) -> u64 {
        self.replications.load(Ordering::Relaxed)
    }

    /// Sessions simulated in them.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        self.sessions.load(Ordering::Relaxed)
    }

    /// Events handled in them.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }
}
