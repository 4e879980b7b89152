//! What single operations cost, from runs in which many were done.
//!
//! The core time of a host is a sum: for each operation how often it was done times what it costs (the utilisation law; Spinner,
//! Casale, Brosig, Kounev 2015 on finding demands by regression). Runs in which the operations come in different proportions tell
//! the terms apart: mail that stays in the queue is what Postfix does before it answers, mail that is delivered is that and what
//! comes after. What a host does while nobody comes is not a term of its own:
//! a thousandth of a core, and a free term would take in what operations cost more of where few come.

use crate::scenario::{Operation, Role, Scenario, Stream, Times};
use crate::stats::{CONFIDENCE, Estimate, nnls, student_t};
use crate::validation::measured::{
    self, Campaign, CampaignError, Demands, Found, Measured, RecordedRun, Work, predicted, simulated,
};
use std::collections::BTreeMap;

/// The response time beside the core time is looked for where there is hardly any queue.
const CALM: f64 = 0.45;

/// Finds the demands of every set of a campaign, from the usable runs of its calibration points and from nothing else.
///
/// # Errors
/// When a scenario of the campaign can't be used, or there is no run of a set.
pub fn calibrate(campaign: &Campaign, runs: &[RecordedRun]) -> Result<Demands, CampaignError> {
    let of = |(name, keys): (&String, &Vec<String>)| Ok((name.clone(), found(campaign, name, keys, runs)?));
    Ok(Demands::new(campaign.demands.iter().map(of).collect::<Result<BTreeMap<String, Found>, CampaignError>>()?))
}

/// A host of a run: what it did, and what that took.
struct Row {
    /// Number of the run.
    run: usize,
    /// How often each operation was done.
    done: Vec<f64>,
    cpu_s: f64,
}

fn found(campaign: &Campaign, name: &str, keys: &[String], runs: &[RecordedRun]) -> Result<Found, CampaignError> {
    let belongs = |run: &&RecordedRun| {
        let point = &campaign.points[&run.point];
        run.measured.usable && point.role == measured::Role::Calibration && point.demands == name
    };
    let runs: Vec<&RecordedRun> = runs.iter().filter(belongs).collect();
    if runs.is_empty() {
        let message = format!("there is no usable run of a calibration point with `demands = \"{name}\"`");
        return Err(CampaignError(message));
    }
    let mut rows = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let scenario = campaign.scenario(&run.point, run.seed, &[])?;
        rows.extend(hosts(&scenario, &run.measured, keys).map(|(done, cpu_s)| Row { run: number, done, cpu_s }));
    }
    let fitted = fit(&rows, None);
    let without: Vec<Vec<f64>> = (0..runs.len()).map(|run| fit(&rows, Some(run))).collect();
    let value = |column: usize| jackknife(fitted[column], &without.iter().map(|fit| fit[column]).collect::<Vec<f64>>());
    let explained: f64 =
        rows.iter().map(|row| row.done.iter().zip(&fitted).map(|(done, x)| done * x).sum::<f64>()).sum();
    let mut found = Found {
        runs: runs.len() as u64,
        cpu_s: keys.iter().enumerate().map(|(column, key)| (key.clone(), value(column))).collect(),
        explained_ratio: explained / rows.iter().map(|row| row.cpu_s).sum::<f64>(),
        exchange_s: Estimate::point(0.0),
    };
    found.exchange_s = exchange(campaign, &runs, &found)?;
    Ok(found)
}

/// What the hosts of a run did, in the order of the keys, and the core time that it took them.
fn hosts<'a>(
    scenario: &'a Scenario,
    measured: &'a Measured,
    keys: &'a [String],
) -> impl Iterator<Item = (Vec<f64>, f64)> + 'a {
    let all = total(measured);
    scenario.cluster.nodes.iter().filter_map(move |node| {
        let host = measured.nodes.get(&node.name)?;
        let is_data = node.role == Role::Data;
        let work = if is_data { &all } else { &host.work };
        Some((keys.iter().map(|key| executions(scenario, key, is_data, work)).collect(), host.cpu_s))
    })
}

/// The work of all hosts together.
fn total(measured: &Measured) -> BTreeMap<String, Work> {
    let mut all: BTreeMap<String, Work> = BTreeMap::new();
    for (service, work) in measured.nodes.values().flat_map(|node| &node.work) {
        let sum = all.entry(service.clone()).or_default();
        sum.sessions += work.sessions;
        sum.messages += work.messages;
        sum.copies += work.copies;
        sum.bytes += work.bytes;
    }
    all
}

/// How often a key's demand was asked for: `service.S.operation.O.cpu` at the nodes, `….data_cpu` at the data server, and
/// `….cpu_per_kb` for each KB.
fn executions(scenario: &Scenario, key: &str, is_data: bool, work: &BTreeMap<String, Work>) -> f64 {
    let parts: Vec<&str> = key.split('.').collect();
    let ["service", service, "operation", operation, what] = parts[..] else { return 0.0 };
    let Some((work, index)) = work.get(service).zip(scenario.service(service)) else { return 0.0 };
    let is_meant = |candidate: &Operation| candidate.service == index && candidate.name == operation;
    let Some(place) = scenario.operations.iter().position(is_meant) else { return 0.0 };
    if !scenario.streams.iter().any(|stream| stream.operations.contains(&place)) || is_data != (what == "data_cpu") {
        return 0.0;
    }
    let times = match scenario.operations[place].times {
        Times::Once => work.sessions,
        Times::PerMessage => work.messages,
        Times::PerRecipient => work.copies,
    };
    match what {
        "cpu_per_kb" => times as f64 * work.bytes as f64 / 1e3 / work.messages.max(1) as f64,
        _ => times as f64,
    }
}

/// The demands by all rows but those of one run; an error of a hundredth counts alike on a busy host and on an idle one.
fn fit(rows: &[Row], without: Option<usize>) -> Vec<f64> {
    let rows: Vec<&Row> = rows.iter().filter(|row| Some(row.run) != without && row.cpu_s > 0.0).collect();
    let scaled: Vec<Vec<f64>> = rows.iter().map(|row| row.done.iter().map(|done| done / row.cpu_s).collect()).collect();
    nnls(&scaled, &vec![1.0; rows.len()])
}

/// An estimate with its interval by the jackknife over runs (Quenouille, Tukey): how much it moves without each of them.
fn jackknife(value: f64, without: &[f64]) -> Estimate {
    let count = without.len() as f64;
    if count < 2.0 {
        return Estimate::point(value);
    }
    let mean = without.iter().sum::<f64>() / count;
    let squares: f64 = without.iter().map(|value| (value - mean) * (value - mean)).sum();
    let error = ((count - 1.0) / count * squares).sqrt();
    Estimate::around(value, student_t(without.len() - 1, 0.5 + CONFIDENCE / 2.0) * error).clamped(0.0, f64::INFINITY)
}

/// The time of an exchange beside the core time: what is missing in the mean response of calm runs, over the exchanges of a
/// session; the median of all services of all such runs.
fn exchange(campaign: &Campaign, runs: &[&RecordedRun], found: &Found) -> Result<Estimate, CampaignError> {
    let mut missing = Vec::new();
    for run in runs {
        if run.measured.nodes.values().any(|node| node.cpu_ratio > CALM) {
            continue;
        }
        let scenario = predicted(campaign, &run.point, run.seed, found)?;
        let summary = simulated(&scenario).map_err(|failure| CampaignError::of_simulation(&scenario, failure))?;
        for (name, service) in &run.measured.services {
            let simulated = summary.services.get(name).and_then(|service| service.response_s.mean.estimate);
            let trips = exchanges(&scenario, name);
            if let (Some(measured), Some(simulated)) = (service.response_s.mean, simulated)
                && trips > 0.0
            {
                missing.push((measured - simulated) / trips);
            }
        }
    }
    missing.sort_by(f64::total_cmp);
    let at = |p: f64| missing.get(((missing.len() as f64 * p) as usize).min(missing.len().saturating_sub(1))).copied();
    // Quartiles: what is left over differs from service to service by more than chance.
    Ok(match (at(0.5), at(0.25), at(0.75)) {
        (Some(median), Some(low), Some(high)) => Estimate::between(median, low, high).clamped(0.0, f64::INFINITY),
        _ => Estimate::point(0.0),
    })
}

/// The exchanges of a session of a service, on average.
fn exchanges(scenario: &Scenario, service: &str) -> f64 {
    let streams = scenario.streams.iter().filter(|stream| scenario.services[stream.service].name == service);
    let of = |stream: &Stream| stream.per_session(&scenario.operations, |operation| f64::from(operation.round_trips));
    let (trips, rate) = streams
        .fold((0.0, 0.0), |(trips, rate), stream| (trips + of(stream) * stream.mean_per_s, rate + stream.mean_per_s));
    if rate > 0.0 { trips / rate } else { 0.0 }
}
