//! How sure it is that a load comes as computed.
//!
//! A utilisation by multiplication is what a simulation comes to when every session that is due begins, and every visit is
//! made. Four things make it less: people who have a session begin no second one, a service without room refuses, a locked mailbox too, and one
//! flush serves all who wait for one. None of them can be multiplied out, so the figure is an upper bound then.

use crate::scenario::{Scenario, Stream};

/// How a load relates to what comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// It comes as computed.
    Sure,
    /// It comes unless sessions are refused. No plan may count on that: who is refused is late in every service level.
    UnlessRefused,
    /// It limits itself: the busier the machines are, the less of it comes.
    AtMost,
}

impl Certainty {
    /// Of the sessions of a stream.
    pub(super) fn of(scenario: &Scenario, stream: &Stream) -> Certainty {
        let limits = &scenario.services[stream.service].limits;
        if stream.source.is_some() {
            Certainty::AtMost
        } else if limits.connections.is_some() || limits.mailbox_lock || is_refused_by_switch(scenario, stream) {
            Certainty::UnlessRefused
        } else {
            Certainty::Sure
        }
    }
}

/// Whether the switch has no room for everybody.
fn is_refused_by_switch(scenario: &Scenario, stream: &Stream) -> bool {
    scenario.switch_before(stream.service).is_some_and(|limits| limits.connections.is_some())
}

/// How a utilisation that was multiplied out relates to what a simulation comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// It is the same.
    Exact,
    /// It is not above this.
    AtMost,
    /// It is not below this.
    AtLeast,
    /// It may be either.
    Near,
}

impl Bound {
    /// What may come in smaller and what in greater amounts.
    pub(super) fn of(may_be_less: bool, may_be_more: bool) -> Bound {
        match (may_be_less, may_be_more) {
            (false, false) => Bound::Exact,
            (true, false) => Bound::AtMost,
            (false, true) => Bound::AtLeast,
            (true, true) => Bound::Near,
        }
    }

    /// Whether it is the same.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self == Bound::Exact
    }

    /// The sign before a figure of this kind, and before one that falls as it rises.
    #[must_use]
    pub fn signs(self) -> [&'static str; 2] {
        match self {
            Bound::Exact => ["", ""],
            Bound::AtMost => ["≤ ", "≥ "],
            Bound::AtLeast => ["≥ ", "≤ "],
            Bound::Near => ["≈ ", "≈ "],
        }
    }
}
