//! Streams of like sessions, and what stays of them.

use super::burst::Burst;
use super::domains::Domains;
use super::file::{Messages, Stage, Times};
use super::mail::Carried;
use super::operation::Operation;
use super::trace::Trace;
use crate::random::Law;
use crate::units::Time;

/// A stream of like sessions: Poisson, or as a trace says.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// Stable name: `<population>/<session>`, or the name of a bare stream.
    pub name: String,
    /// Index of the service.
    pub service: usize,
    /// The domains that its sessions are for; none for a bare stream.
    pub domains: Option<Domains>,
    /// Index of the finite source that its sessions come from, if they do; rates are then those while nobody has a session.
    pub source: Option<usize>,
    /// When its sessions come, the same in every replication; without it they come at random, at the rates below.
    pub trace: Option<Trace>,
    /// Sessions on an average day of the week.
    pub per_day: f64,
    /// Sessions per second in the busiest hour of the cluster, bursts included: a shorter burst counts by its mean over that
    /// hour, and what queues up within it only a simulation shows.
    pub rate_per_s: f64,
    /// Sessions per second over the whole window, bursts included.
    pub mean_per_s: f64,
    /// Times in which the rates below are multiplied.
    pub bursts: Vec<Burst>,
    /// Sessions per second by hour of the window; a single one when the rate does not change, and repeated when the window
    /// is longer.
    pub hours_per_s: Vec<f64>,
    /// The operations of a session, in order; indices into [`super::Scenario::operations`].
    pub operations: Vec<usize>,
    /// For each of them, the gate that it is, if it is a filter.
    pub gates: Vec<Option<Gate>>,
    /// The connections that its sessions leave open, if they do.
    pub standing: Option<Standing>,
    /// Whether its sessions come on such connections: they bring one along, and their rate follows from the number open.
    pub on_open_connections: bool,
    /// What it does about the messages that it carries; none where it carries no mail.
    pub mail: Option<Carried>,
    /// Messages in a session. Of a session that opens a mailbox: the law in the long run, while a simulation counts what was
    /// delivered.
    pub messages: Law,
    /// The mailboxes that its sessions deliver to.
    pub mailboxes: Option<usize>,
    /// The pool of those whose mailboxes its sessions open, if they open one.
    pub pool: Option<usize>,
    /// Bytes of a message.
    pub size: Law,
    /// Recipients of a message, at least 1.
    pub recipients: Law,
    /// Share of the messages that leave the cluster.
    pub remote: f64,
}

/// Connections that stay open while nothing happens on them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Mean number when the simulation begins.
    pub at_start: f64,
    /// How often one of them is closed, per second; the time that it stays is exponential.
    pub leaves_per_s: f64,
    /// How often something happens on one of them, per second; as a Poisson process.
    pub visits_per_s: f64,
    /// Index of the stream of what happens then.
    pub visits: Option<usize>,
    /// Those that break are opened again within this time, uniformly.
    pub reconnect: Time,
}

impl Standing {
    /// How often anything happens to one of them, per second.
    #[must_use]
    pub fn events_per_s(&self) -> f64 {
        self.leaves_per_s + self.visits_per_s
    }
}

/// What an operation that filters lets through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// Number of the filter: its draws hang on this and not on its place among the operations.
    pub filter: u32,
    /// When it works.
    pub stage: Stage,
    /// Share of this stream's sessions or messages that passes, 0 to 1.
    pub pass: f64,
    /// Share of the sessions that pass which are turned away for now unless they come back, 0 to 1.
    pub defer: f64,
    /// Share of those that come back, 0 to 1.
    pub returns: f64,
}

impl Stream {
    /// How often a session does the operation at this place of its list, on average.
    #[must_use]
    pub fn executions(&self, place: usize, operation: &Operation) -> f64 {
        let chosen = match operation.messages {
            Messages::All => 1.0,
            Messages::Local => 1.0 - self.remote,
            Messages::Remote => self.remote,
        };
        self.arrivals_at(place)
            * (operation.part.1 - operation.part.0)
            * match operation.times {
                Times::Once => 1.0,
                Times::PerMessage => self.messages.mean() * chosen,
                Times::PerRecipient => self.messages.mean() * chosen * self.recipients.mean(),
            }
    }

    /// What an average session comes to, of what each execution of one of its operations does.
    #[must_use]
    pub fn per_session(&self, operations: &[Operation], of: impl Fn(&Operation) -> f64) -> f64 {
        let own = self.operations.iter().map(|index| &operations[*index]).enumerate();
        own.map(|(place, operation)| self.executions(place, operation) * of(operation)).sum()
    }

    /// Whether more of its sessions come at some times of the window than at others, by more than chance.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.hours_per_s.len() > 1 || !self.bursts.is_empty() || self.trace.is_some()
    }

    /// Sessions per second over the whole window.
    #[must_use]
    pub fn mean_rate_per_s(&self) -> f64 {
        self.mean_per_s
    }
}
