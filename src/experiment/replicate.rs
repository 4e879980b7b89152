//! Replications in parallel, taken in index order.
//!
//! Records are accepted in the order of their index and never in the order of completion: the runs that finish first are
//! the ones with little traffic. For the same reason the rule that stops looks only at whole prefixes, at fixed counts.

use super::{Control, Failure, Record, simulate};
use crate::cluster::Crowd;
use crate::random::{Key, Purpose};
use crate::scenario::Scenario;
use crate::stats::{Estimate, FIRST_LOOK, mean_interval, next_look, precise_enough};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Replications of a run unless the user says otherwise.
pub const REPLICATIONS: u64 = FIRST_LOOK;
/// Where a search for precision ends.
pub const MOST_REPLICATIONS: u64 = 200;

/// The spread of ten replications is known to a factor of two: beyond four times the most there is no hope.
const HOPELESS: f64 = 4.0;

/// When there are enough replications.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// So many.
    Count(u64),
    /// Until the half-width of each service's mean response is at most this share of it, looked at first after
    /// [`FIRST_LOOK`] replications; at most [`MOST_REPLICATIONS`].
    Precision(f64),
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Rule::Count(count) => write!(f, "replications {count}"),
            Rule::Precision(relative) => write!(f, "precision {relative}"),
        }
    }
}

/// Why there are no more replications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// As many as were asked for.
    Replications,
    /// Precise enough.
    Precision,
    /// Not precise enough at the most replications.
    Limit,
    /// The first of them show that the precision asked for would take far more than the most replications.
    Hopeless,
    /// Told to stop; what is there is a prefix in index order.
    Cancelled,
    /// The next one held too much: what is offered is more than the cluster can do. What is there is a prefix.
    Overfull(Overfull),
}

/// A replication that held too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overfull {
    /// The scenario, where there are several.
    pub scenario: usize,
    /// Index of the replication.
    pub replication: u64,
    /// What was under way.
    pub crowd: Crowd,
}

impl StopReason {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            StopReason::Replications => "replications",
            StopReason::Precision => "precision",
            StopReason::Limit => "limit",
            StopReason::Cancelled => "cancelled",
            StopReason::Hopeless => "hopeless",
            StopReason::Overfull(_) => "overfull",
        }
    }
}

/// In which order the work is handed out. It leaves no trace in the results, which is what a test makes sure of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Execution {
    /// By index.
    #[default]
    InOrder,
    /// Shuffled, so that replications finish in another order.
    Shuffled,
}

/// Finished replications, by index without a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The records.
    pub records: Vec<Record>,
    /// Why there are no more.
    pub stop_reason: StopReason,
}

/// Simulates replications of a scenario on the current thread pool until the rule is content.
///
/// # Errors
/// When the program's own invariants do not hold in one of them. A cancelled run is no error, nor is one that holds too much.
pub fn replicate(scenario: &Scenario, rule: Rule, control: &Control, execution: Execution) -> Result<Run, Failure> {
    let Runs { mut records, stop_reason } =
        replicate_all(&[scenario], rule, control, execution).map_err(|(_, failure)| failure)?;
    Ok(Run { records: records.remove(0), stop_reason })
}

/// Finished replications of several scenarios, each by index without a gap, and as many of one as of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Runs {
    /// The records by scenario.
    pub records: Vec<Vec<Record>>,
    /// Why there are no more.
    pub stop_reason: StopReason,
}

/// The same for several scenarios, one replication of each after the other; the rule must be content with every one of them.
///
/// # Errors
/// As [`replicate`], with the index of the scenario.
pub fn replicate_all(
    scenarios: &[&Scenario],
    rule: Rule,
    control: &Control,
    execution: Execution,
) -> Result<Runs, (usize, Failure)> {
    let (mut target, most) = match rule {
        Rule::Count(count) => (count, count),
        Rule::Precision(_) => (FIRST_LOOK, MOST_REPLICATIONS),
    };
    let many = scenarios.len() as u64;
    let mut records: Vec<Vec<Record>> = scenarios.iter().map(|_| Vec::new()).collect();
    let mut done = 0;
    loop {
        let mut turns: Vec<u64> = (done * many..target * many).collect();
        if execution == Execution::Shuffled {
            let place = |turn: &u64| Key::new(0, *turn, Purpose::Housekeeping, "shuffle").stream().below(u64::MAX);
            turns.sort_by_key(place);
        }
        let scenario = |turn: u64| (turn % many) as usize;
        let mut results = in_turn(&turns, |turn| simulate(scenarios[scenario(turn)], turn / many, control));
        results.sort_by_key(|(turn, _)| *turn);
        for (turn, result) in results {
            match result {
                Ok(record) => records[scenario(turn)].push(record),
                Err(cut @ (Failure::Cancelled | Failure::Overfull(_))) => {
                    // The scenarios whose turn had come have one more than the others.
                    let replication = turn / many;
                    records.iter_mut().for_each(|records| records.truncate(replication as usize));
                    let stop_reason = match cut {
                        Failure::Overfull(crowd) => {
                            StopReason::Overfull(Overfull { scenario: scenario(turn), replication, crowd })
                        }
                        _ => StopReason::Cancelled,
                    };
                    return Ok(Runs { records, stop_reason });
                }
                Err(broken) => return Err((scenario(turn), broken)),
            }
        }
        let Rule::Precision(relative) = rule else {
            return Ok(Runs { records, stop_reason: StopReason::Replications });
        };
        if records.iter().all(|records| precise(records, relative)) {
            return Ok(Runs { records, stop_reason: StopReason::Precision });
        }
        let needed = records.iter().map(|records| needed(records, relative)).fold(0.0, f64::max);
        if needed > HOPELESS * most as f64 {
            return Ok(Runs { records, stop_reason: StopReason::Hopeless });
        }
        done = target;
        match next_look(target, most) {
            Some(next) => target = next,
            None => return Ok(Runs { records, stop_reason: StopReason::Limit }),
        }
    }
}

/// Does a piece of work for each index. Every thread takes the next index that none has taken, so that what is finished
/// when the work is cut short is nearly a prefix. What comes after one that failed is of no use, and left out where it has
/// not begun.
fn in_turn<T: Send, E: Send>(indices: &[u64], work: impl Fn(u64) -> Result<T, E> + Sync) -> Vec<(u64, Result<T, E>)> {
    let (next, failed) = (AtomicUsize::new(0), AtomicU64::new(u64::MAX));
    let finished = rayon::broadcast(|_| {
        let mut finished = Vec::new();
        while let Some(index) = indices.get(next.fetch_add(1, Ordering::Relaxed)) {
            if *index > failed.load(Ordering::Relaxed) {
                continue;
            }
            let result = work(*index);
            if result.is_err() {
                failed.fetch_min(*index, Ordering::Relaxed);
            }
            finished.push((*index, result));
        }
        finished
    });
    finished.into_iter().flatten().collect()
}

/// Replications that the precision would take, by the spread of those that are there: the half-width falls by the root of their
/// number.
#[must_use]
pub fn needed(records: &[Record], relative: f64) -> f64 {
    let bound = relative / (1.0 + relative);
    let of = |estimate: &Estimate| {
        let (value, half) = (estimate.estimate?, estimate.half_width()?);
        Some(records.len() as f64 * (half / (bound * value.abs())).powi(2))
    };
    means(records).iter().filter_map(of).filter(|needed| needed.is_finite()).fold(0.0, f64::max)
}

/// Whether each service's mean response is known as precisely as asked.
fn precise(records: &[Record], relative: f64) -> bool {
    precise_enough(&means(records), relative)
}

/// The mean response of each service.
fn means(records: &[Record]) -> Vec<Estimate> {
    let services = records.first().map_or(0, |record| record.observed.services.len());
    let of = |service: usize| {
        let means: Vec<f64> = records.iter().filter_map(|r| r.observed.services[service].response.mean_s()).collect();
        mean_interval(&means, crate::stats::CONFIDENCE)
    };
    (0..services).map(of).collect()
}
