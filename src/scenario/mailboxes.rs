//! The mailbox law: what a session finds is what was delivered since the mailbox was opened last.
//!
//! Each delivered message goes to any mailbox of its population with equal chance; each visit of a pool opens any of its
//! mailboxes with equal chance, and empties it. Both streams are Poisson, so that between two visits of a mailbox the
//! messages race against the visit: with mail at rate `s` and visits at rate `v` a visit finds a geometric number,
//! `P(i) = v/(s+v) · (s/(s+v))^i`, also while both rates change, as long as their ratio does not. That is the law of
//! SPECmail2001 for its two pools, and by PASTA the one of what lies in a mailbox at any moment.

use super::{Messages, Operation, Scenario, Stream};
use crate::random::Law;

/// The mailboxes of a population.
#[derive(Debug, Clone, PartialEq)]
pub struct Mailboxes {
    /// Name of the population.
    pub population: String,
    /// How many there are.
    pub users: u64,
    /// How they are opened, in the order of the names.
    pub pools: Vec<Pool>,
}

/// A part of them that are opened alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// Its share of the mailboxes and of the mail, above 0.
    pub share: f64,
}

impl Mailboxes {
    /// Mailboxes of a pool; a small share of few people still is one.
    #[must_use]
    pub fn of_pool(&self, pool: usize) -> f64 {
        (self.users as f64 * self.pools[pool].share).max(1.0)
    }
}

impl Stream {
    /// Messages that a session puts into mailboxes, on average.
    #[must_use]
    pub fn deliveries(&self, operations: &[Operation]) -> f64 {
        let each = self.operations.iter().enumerate().map(|(place, index)| (place, &operations[*index]));
        let inside = |operation: &Operation| operation.delivers && operation.messages != Messages::Remote;
        each.filter(|(_, operation)| inside(operation)).map(|(place, o)| self.executions(place, o)).sum()
    }
}

/// What the sessions that open mailboxes find in the long run: geometric, with the mail of the pool over its visits. With
/// bursts that is the mean of the window, and the law an approximation.
pub(super) fn close_loop(streams: &mut [Stream], operations: &[Operation], mailboxes: &[Mailboxes]) {
    let bursts = streams.iter().any(|stream| !stream.bursts.is_empty());
    let rate = |stream: &Stream| if bursts { stream.mean_per_s } else { stream.rate_per_s };
    for (index, boxes) in mailboxes.iter().enumerate() {
        let of = |stream: &&Stream| stream.mailboxes == Some(index);
        let mail: f64 = streams.iter().filter(of).map(|s| rate(s) * s.deliveries(operations)).sum();
        for (pool, Pool { share, .. }) in boxes.pools.iter().enumerate() {
            let visits: f64 = streams.iter().filter(of).filter(|s| s.pool == Some(pool)).map(rate).sum();
            let visitors = streams.iter_mut().filter(|s| s.mailboxes == Some(index) && s.pool == Some(pool));
            visitors.for_each(|stream| stream.messages = Law::Geometric { mean: mail * share / visits });
        }
    }
}

impl Scenario {
    /// Messages delivered to the mailboxes per second, by hour as [`Stream::hours_per_s`].
    #[must_use]
    pub fn mail_per_s(&self, mailboxes: usize) -> Vec<f64> {
        let streams = self.streams.iter().filter(|stream| stream.mailboxes == Some(mailboxes));
        sum_by_hour(streams.map(|stream| (stream, stream.deliveries(&self.operations))))
    }

    /// Visits of a pool's mailboxes per second, by hour as [`Stream::hours_per_s`].
    #[must_use]
    pub fn visits_per_s(&self, mailboxes: usize, pool: usize) -> Vec<f64> {
        let visits = |stream: &&Stream| stream.mailboxes == Some(mailboxes) && stream.pool == Some(pool);
        sum_by_hour(self.streams.iter().filter(visits).map(|stream| (stream, 1.0)))
    }
}

fn sum_by_hour<'a>(streams: impl Iterator<Item = (&'a Stream, f64)>) -> Vec<f64> {
    let mut hours = Vec::new();
    for (stream, factor) in streams {
        hours.resize(stream.hours_per_s.len(), 0.0);
        hours.iter_mut().zip(&stream.hours_per_s).for_each(|(sum, rate)| *sum += rate * factor);
    }
    hours
}
