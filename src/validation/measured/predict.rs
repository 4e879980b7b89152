//! The scenario of a run with the demands that were found, simulated with the sessions of that run.

use super::campaign::{Campaign, CampaignError};
use super::demands::Found;
use super::figures::MeasuredFailure;
use super::run::RecordedRun;
use crate::experiment::{Control, Execution, Failure, Record, Rule, Summary, replicate, summarise};
use crate::scenario::{Fault, FaultKind, Override, Scenario, Stream, Whose};
use crate::units::Time;
use std::sync::Arc;

/// The scenario of a run with the demands laid over it that were found. What was broken is broken for as long as it was: how long
/// servers take to start is no part of what is predicted. The same work takes its machines as much more core time as `slowdown` says.
///
/// # Errors
/// When a demand is none that the scenario takes.
pub fn predicted(
    campaign: &Campaign,
    run: &RecordedRun,
    found: &Found,
    slowdown: f64,
) -> Result<Scenario, CampaignError> {
    let plain = campaign.scenario(&run.point, run.seed, &[])?;
    let keys = plain.settings.iter().map(|setting| setting.key.as_str());
    let mut over = found.overrides(keys);
    for (name, failure) in &run.measured.failures {
        let (Some(at), Some(repaired)) = (failure.at_s, failure.repaired_s) else { continue };
        let mut set = |fault: &str, leaf: &str, value: String| {
            over.push(Override { key: format!("fault.{fault}.{leaf}"), value });
        };
        let mut span = |fault: &str, from: f64, until: f64| {
            set(fault, "at", format!("{from:.3} s"));
            set(fault, "lasts", format!("{:.3} s", until - from));
        };
        let Some((fault, reset)) = reset(&plain, name, failure, (at, repaired)) else {
            span(name, at, repaired);
            continue;
        };
        span(name, at, reset);
        let start = format!("{name}-start");
        span(&start, reset, repaired);
        set(&start, "component", fault.written.clone());
        set(&start, "kind", FaultKind::Stop.name().to_owned());
    }
    let mut scenario = campaign.scenario(&run.point, run.seed, &over)?;
    slow_down(&mut scenario, slowdown);
    Ok(scenario)
}

/// When a machine that hung was reset, which is where its fault ends: from then on it refuses, until its servers have started.
/// None where a switch looks after it, which sends nobody there meanwhile and sees one fault.
fn reset<'a>(
    plain: &'a Scenario,
    name: &str,
    failure: &MeasuredFailure,
    (at, repaired): (f64, f64),
) -> Option<(&'a Fault, f64)> {
    let fault = plain.faults.iter().find(|fault| fault.name == name && fault.kind == FaultKind::Hang)?;
    let reset = at + (fault.span.ends - fault.span.begins).as_secs_f64();
    (failure.detected_s.is_none() && reset < repaired).then_some((fault, reset))
}

/// All processors take so many times as long.
fn slow_down(scenario: &mut Scenario, times: f64) {
    for node in &mut scenario.cluster.nodes {
        let tier = Arc::make_mut(&mut node.tier);
        tier.speed /= times;
        if let Some(quota) = &mut tier.cpu_quota {
            for time in [&mut quota.resume, &mut quota.cold] {
                *time = Time::from_secs_f64(time.as_secs_f64() * times);
            }
        }
    }
}

/// Steps in which the core time of a run is approached: what stops cost depends on how often there is one. After three of them
/// what is left is a small part of a hundredth.
const APPROACHES: usize = 3;

/// The same on processors so much slower or faster that the sessions take the core time that they took in this run, if that can
/// be told: what is left of the error is not of the demands. `summary` is what the scenario as it is says.
///
/// # Errors
/// When there is no result, as of an overload without end.
pub(super) fn with_measured_work(
    run: &RecordedRun,
    mut scenario: Scenario,
    summary: &Summary,
) -> Result<Option<Scenario>, Failure> {
    let Some(times) = taken_over_said(run, summary) else { return Ok(None) };
    slow_down(&mut scenario, times);
    for _ in 1..APPROACHES {
        let nearer = simulated(&scenario)?;
        slow_down(&mut scenario, taken_over_said(run, &nearer).unwrap_or(1.0));
    }
    Ok(Some(scenario))
}

/// The core time that the nodes of a run took over what a simulation says of it.
fn taken_over_said(run: &RecordedRun, summary: &Summary) -> Option<f64> {
    let (mut taken, mut said) = (0.0, 0.0);
    for (name, node) in &run.measured.nodes {
        // A switch has no processor in the model.
        let Some(ratio) = summary.nodes.get(name).and_then(|node| node.cpu_ratio.estimate) else { continue };
        taken += node.cpu_ratio * node.capacity_cores;
        said += ratio * node.capacity_cores;
    }
    (taken > 0.0 && said > 0.0).then(|| taken / said)
}

/// Replications of what is left to chance even when the very sessions come that came: what name servers answer, and when a server
/// looks through its queue.
const REPEATS: u64 = 20;

/// Its replications, each summed up alone: the one with the very sessions that came to the real servers, and more of them where
/// chance beyond those decides.
///
/// # Errors
/// When there is no result, as of an overload without end.
pub(super) fn repeated(scenario: &Scenario) -> Result<Vec<Summary>, Failure> {
    let from_outside = |stream: &Stream| stream.mail.is_some_and(|mail| mail.whose != Whose::Person);
    let is_chance = scenario.cluster.has_dns() || scenario.streams.iter().any(from_outside);
    let count = if is_chance { REPEATS } else { 1 };
    let run = replicate(scenario, Rule::Count(count), &Control::default(), Execution::InOrder)?;
    let alone = |records: &[Record]| summarise(scenario, records, run.stop_reason);
    // Of an overload there may be no replication at all, and its summary says so.
    if run.records.is_empty() {
        return Ok(vec![alone(&[])]);
    }
    Ok(run.records.chunks(1).map(alone).collect())
}

/// One replication of it: the very sessions that came to the real servers.
///
/// # Errors
/// When there is no result, as of an overload without end.
pub fn simulated(scenario: &Scenario) -> Result<Summary, Failure> {
    let run = replicate(scenario, Rule::Count(1), &Control::default(), Execution::InOrder)?;
    Ok(summarise(scenario, &run.records, run.stop_reason))
}

impl CampaignError {
    /// What became of a simulation that has no result.
    #[must_use]
    pub fn of_simulation(scenario: &Scenario, failure: Failure) -> CampaignError {
        let why = match failure {
            Failure::Cancelled => "it was cancelled".to_owned(),
            Failure::Overfull(_) => "more gathers in it than a simulation holds".to_owned(),
            Failure::Contradiction { found, .. } => format!("it contradicts itself: {}", found.join("; ")),
        };
        CampaignError(format!("`{}` can't be simulated: {why}", scenario.name))
    }
}
