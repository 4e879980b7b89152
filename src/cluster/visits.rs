//! Who comes when: the sessions of a replication as they would arrive, without a cluster that they meet.
//!
//! The same keys as in a simulation, so that real servers can be visited by the very sessions of a replication, and what a
//! simulation says of them differs by the model alone and not by chance.

use super::arrivals::Arrivals;
use super::session::Kind;
use crate::scenario::Scenario;
use crate::units::Time;

/// A session that comes.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// When, from the start of the warm-up.
    pub at: Time,
    /// Index of its stream.
    pub stream: usize,
    /// A number from 0 to below 1 that tells where it comes from.
    pub origin: f64,
    /// Its messages.
    pub messages: Vec<VisitMessage>,
}

/// A message of a session that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitMessage {
    /// In bytes.
    pub size: u64,
    /// At least 1.
    pub recipients: u32,
}

/// The sessions of a replication from the start of its warm-up to the end of its window, in the order in which they come.
///
/// Sessions that hang on what happened before (people who have one at a time, visits on open connections, mail that is found
/// in a mailbox) come as their streams' rates and laws say.
#[must_use]
pub fn visits(scenario: &Scenario, replication: u64, warm_up: Time) -> Vec<Visit> {
    let end = warm_up + scenario.window;
    let mut all: Vec<Visit> = Vec::new();
    for (index, stream) in scenario.streams.iter().enumerate() {
        let kind = Kind::new(stream);
        let mut arrivals = Arrivals::new(stream, scenario.seed, replication, warm_up);
        let mut at = arrivals.next(Time::ZERO);
        while at < end {
            let key = arrivals.next_session();
            let birth = kind.birth(key);
            let letter = |message| {
                let message = kind.message(key, message);
                VisitMessage { size: message.size, recipients: message.recipients }
            };
            let messages = (0..birth.messages).map(letter).collect();
            all.push(Visit { at, stream: index, origin: birth.routing, messages });
            at = arrivals.next(at);
        }
    }
    all.sort_by_key(|visit| (visit.at, visit.stream));
    all
}
