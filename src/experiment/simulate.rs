//! One replication from an empty cluster to a record.

use super::{Control, RECORD_VERSION, Record};
use crate::analytic::settling;
use crate::cluster::{Course, Crowd, Cut, Event, Observer, Sabotage, course};
use crate::scenario::Scenario;

/// Why there is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It was told to stop.
    Cancelled,
    /// More gathered in it than a replication holds.
    Overfull(Crowd),
    /// The observations contradict each other: a fault of the program, with the replication and what contradicts.
    Contradiction {
        /// Index of the replication.
        replication: u64,
        /// What does not add up.
        found: Vec<String>,
    },
}

/// Simulates one replication.
///
/// # Errors
/// When it is cancelled or holds too much, or when the program's own invariants do not hold.
pub fn simulate(scenario: &Scenario, replication: u64, control: &Control) -> Result<Record, Failure> {
    simulate_observed(scenario, replication, control, Sabotage::default(), &mut ())
}

/// The same under the eyes of an observer, and with the program broken on purpose if a test asks for it.
///
/// # Errors
/// As [`simulate`].
pub fn simulate_observed<O: Observer<Event>>(
    scenario: &Scenario,
    replication: u64,
    control: &Control,
    sabotage: Sabotage,
    observer: &mut O,
) -> Result<Record, Failure> {
    // Before anything is built: a cancelled run passes through here for each replication that it did not begin.
    if control.is_cancelled() {
        return Err(Failure::Cancelled);
    }
    let warm_up = settling(scenario).warm_up;
    let go_on = || !control.is_cancelled();
    let ended = course(scenario, replication, warm_up, sabotage, observer, go_on);
    let Course { observed, events } = ended.map_err(|cut| match cut {
        Cut::Cancelled => Failure::Cancelled,
        Cut::Overfull(crowd) => Failure::Overfull(crowd),
    })?;
    let found = observed.contradictions();
    if !found.is_empty() {
        return Err(Failure::Contradiction { replication, found });
    }
    let sessions = observed.services.iter().map(|service| service.flow.began).sum();
    control.finished(sessions, events);
    Ok(Record { version: RECORD_VERSION, replication, warm_up_ns: warm_up.0, events, observed })
}
