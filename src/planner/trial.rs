//! One scripted failure of each part of a design: how long until people are served again, and how many are not.
//!
//! A machine or a switch falls silent in the busiest hour and comes back by itself some minutes later. That is one failure
//! and no statistics of failures: how often it comes, and how long a repair takes in life, is not in it.

use super::candidates::Candidate;
use super::state::{Bench, State};
use super::usage::role;
use crate::experiment::{
    Control, Execution, Failure, FailureSummary, LevelSummary, Record, Rule, StopReason, replicate, summarise,
};
use crate::scenario::background::Span;
use crate::scenario::{Component, Fault, FaultKind, Role, Scenario};
use crate::stats::{CONFIDENCE, Estimate, share_interval};
use crate::units::Time;
use serde::Serialize;

/// Long enough for every check and every time-out to have its effect, and short beside an hour. Assumption: no repair is
/// that fast unless the machine starts again by itself.
const LASTS: Time = Time::from_secs(20 * 60);
const HOUR: Time = Time::from_secs(3_600);

/// What one failure does to a design. Times in seconds after it began.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// What fails: a node, or `switch`.
    pub component: String,
    /// What that is there for.
    pub role: &'static str,
    /// How it fails.
    pub kind: &'static str,
    /// When it fails, after the beginning of the window.
    pub at_s: f64,
    /// When it is repaired.
    pub repaired_after_s: f64,
    /// When somebody notices; absent where nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detected_after_s: Option<Estimate>,
    /// When new sessions are kept from it; absent where they never are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_after_s: Option<Estimate>,
    /// When all is as before; absent where that is after the end of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered_after_s: Option<Estimate>,
    /// When new sessions are served as if it did not matter: it is taken out, or else it is back.
    pub served_again_after_s: Estimate,
    /// The share of all sessions of the window that failed.
    pub failed_ratio: Estimate,
    /// Sessions that it cut off, in all replications.
    pub sessions_lost: u64,
    /// The service levels over the whole window, this failure in it.
    pub levels: Vec<LevelSummary>,
}

/// What can fail in a design: a machine of each kind, since those of a kind are alike, and the switch. A backup is not
/// among them, which nobody misses while the others work.
pub(super) fn parts(scenario: &Scenario) -> Vec<(Component, &'static str)> {
    let mut parts: Vec<(Component, &'static str)> = Vec::new();
    for node in scenario.cluster.nodes.iter().filter(|node| node.role != Role::Backup) {
        let (component, role) = (Component::Node(node.name.clone()), role(scenario, node));
        // The one that holds the store is not like the others.
        let role = if node.holds_store && node.role == Role::Primary { "primary with the mail store" } else { role };
        match parts.iter_mut().find(|(_, known)| *known == role) {
            // The last of those that do the same.
            Some(known) => known.0 = component,
            None => parts.push((component, role)),
        }
    }
    if scenario.has(&Component::Switch) {
        parts.push((Component::Switch, "switch"));
    }
    parts
}

/// Lets a part of a candidate fail; none when the search was stopped.
///
/// # Errors
/// When the program's own invariants do not hold in a simulation.
pub(super) fn trial(
    bench: &mut Bench,
    candidate: &Candidate,
    (component, role): &(Component, &'static str),
    rule: Rule,
    control: &Control,
) -> Result<Option<Trial>, Failure> {
    let written = match component {
        Component::Node(name) => name.clone(),
        _ => (*role).to_owned(),
    };
    let fault = Fault {
        name: format!("{written} falls silent"),
        component: component.clone(),
        written: written.clone(),
        kind: FaultKind::BlackHole,
        span: Span { begins: Time::ZERO, ends: Time::MAX },
        speed: 1.0,
        loses_disk: false,
    };
    let Some(scenario) = bench.with(candidate, fault) else { return Ok(None) };
    let span = when(scenario);
    let Some(index) = scenario.faults.len().checked_sub(1) else { return Ok(None) };
    scenario.faults[index].span = span;
    let run = replicate(scenario, rule, control, Execution::InOrder)?;
    if run.stop_reason == StopReason::Cancelled {
        return Ok(None);
    }
    let summary = summarise(scenario, &run.records, run.stop_reason);
    let at_s = span.begins.as_secs_f64();
    let own = summary.failures.iter().find(|failure| failure.name == scenario.faults[index].name);
    let after = |time: fn(&FailureSummary) -> Option<Estimate>| own.and_then(time).map(|time| since(time, at_s));
    let repaired_after_s = (span.ends - span.begins).as_secs_f64();
    let (removed, recovered) = (after(|own| own.removed_s), after(|own| own.recovered_s));
    let early = |time: &Estimate| time.estimate.is_some_and(|time| time < repaired_after_s);
    Ok(Some(Trial {
        component: written,
        role,
        kind: FaultKind::BlackHole.name(),
        at_s,
        repaired_after_s,
        detected_after_s: after(|own| own.detected_s),
        removed_after_s: removed,
        recovered_after_s: recovered,
        served_again_after_s: removed
            .filter(early)
            .or(recovered)
            .unwrap_or_else(|| Estimate::point((scenario.window - span.begins).as_secs_f64())),
        failed_ratio: failed(&run.records),
        sessions_lost: own.map_or(0, |own| own.sessions_lost),
        levels: summary.levels,
    }))
}

/// From when to when: in the middle of the busiest hour, or from a third of a window that has no hours.
fn when(scenario: &Scenario) -> Span {
    let hours = scenario.streams.iter().map(|stream| stream.hours_per_s.len()).max().unwrap_or(1);
    if hours <= 1 {
        let third = Time(scenario.window.0 / 3);
        return Span { begins: third, ends: third + LASTS.min(third) };
    }
    let rate = |hour: usize| -> f64 {
        let streams = scenario.streams.iter();
        streams.map(|stream| stream.hours_per_s[hour % stream.hours_per_s.len()]).sum()
    };
    let busiest = (0..hours).fold(0, |best, hour| if rate(hour) > rate(best) { hour } else { best });
    let begins = Time(HOUR.0 * busiest as u64) + LASTS;
    Span { begins, ends: begins + LASTS }
}

fn since(time: Estimate, at_s: f64) -> Estimate {
    let after = |time: Option<f64>| time.map(|time| time - at_s);
    Estimate { estimate: after(time.estimate), low: after(time.low), high: after(time.high) }
}

/// Sessions turned away, cut off or left without an answer, over those that began.
fn failed(records: &[Record]) -> Estimate {
    let pairs: Vec<(f64, f64)> = records
        .iter()
        .map(|record| {
            let flows = || record.observed.services.iter().map(|service| service.flow);
            let [failed, began] = [flows().map(|flow| flow.refused).sum(), flows().map(|flow| flow.began).sum::<u64>()];
            (failed as f64, began as f64)
        })
        .collect();
    share_interval(&pairs, CONFIDENCE)
}

/// The parts of a candidate that can fail, with every node up.
pub(super) fn parts_of(bench: &mut Bench, candidate: &Candidate) -> Vec<(Component, &'static str)> {
    bench.put(candidate, State::Normal).map(parts).unwrap_or_default()
}
