//! What single operations cost, from runs in which many were done.
//!
//! The core time of a host is a sum: for each operation how often it was done times what it costs (the utilisation law; Spinner,
//! Casale, Brosig, Kounev 2015 on finding demands by regression). Runs in which the operations come in different proportions tell
//! the terms apart: mail that stays in the queue is what Postfix does before it answers, mail that is delivered is that and what
//! comes after. What a host does while nobody comes is not a term of its own:
//! a thousandth of a core, and a free term would take in what operations cost more of where few come.

use crate::scenario::{Node, Operation, Role, Scenario, Times};
use crate::stats::{CONFIDENCE, Estimate, nnls, student_t};
use crate::validation::measured::{
    self, Campaign, CampaignError, Demands, Explained, Found, Measured, RecordedRun, Work, predicted, simulated,
};
use std::collections::{BTreeMap, BTreeSet};

/// The response time beside the core time is looked for where there is hardly any queue.
const CALM: f64 = 0.45;

/// Finds the demands of every set of a campaign, from the usable runs of its calibration points and from nothing else.
///
/// # Errors
/// When a scenario of the campaign can't be used, or there is no run of a set.
pub fn calibrate(campaign: &Campaign, runs: &[RecordedRun]) -> Result<Demands, CampaignError> {
    let is_used =
        |run: &&RecordedRun| run.measured.usable && campaign.points[&run.point].role == measured::Role::Calibration;
    let runs: Vec<&RecordedRun> = runs.iter().filter(is_used).collect();
    let usual = usual(&runs);
    let of = |(name, keys): (&String, &Vec<String>)| Ok((name.clone(), found(campaign, name, keys, (&runs, usual))?));
    let sets = campaign.demands.iter().map(of).collect::<Result<BTreeMap<String, Found>, CampaignError>>()?;
    Ok(Demands::new(sets, usual))
}

/// What a session took the witness on average over these runs, in seconds; none where one of them had no witness.
fn usual(runs: &[&RecordedRun]) -> Option<f64> {
    let all: Option<Vec<f64>> = runs.iter().map(|run| run.measured.witness.map(|witness| witness.cpu_s)).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.iter().sum::<f64>() / all.len() as f64)
}

/// A part of what a host did in a run, and what that took.
struct Row {
    /// Number of the run.
    run: usize,
    /// How often each operation was done.
    done: Vec<f64>,
    cpu_s: f64,
    /// Whether it is all that the host did.
    is_whole: bool,
}

/// What the keys of the core time of a check end with.
const CHECK: &str = ".switch.check.cpu";
/// What the keys of the core time end with that is lost where a budget was used up.
const RESUME: &str = ".cpu_resume";
/// What the keys of times end with that pass beside all core time.
const LATENCY: &str = ".remote_latency";

/// The demands of a set, of the runs that belong to it, where a session takes the witness as long as usual.
fn found(
    campaign: &Campaign,
    name: &str,
    keys: &[String],
    (runs, usual): (&[&RecordedRun], Option<f64>),
) -> Result<Found, CampaignError> {
    let belongs = |run: &&RecordedRun| campaign.points[&run.point].demands == name;
    let runs: Vec<&RecordedRun> = runs.iter().copied().filter(belongs).collect();
    if runs.is_empty() {
        let message = format!("there is no usable run of a calibration point with `demands = \"{name}\"`");
        return Err(CampaignError(message));
    }
    let (latencies, keys): (Vec<&String>, Vec<&String>) = keys.iter().partition(|key| key.ends_with(LATENCY));
    let mut rows = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let scenario = campaign.scenario(&run.point, run.seed, &[])?;
        rows.extend(hosts(&scenario, (number, &run.measured), run.slowdown(usual), &keys));
    }
    let fitted = fit(&rows, None);
    let without: Vec<Vec<f64>> = (0..runs.len()).map(|run| fit(&rows, Some(run))).collect();
    let value = |column: usize| jackknife(fitted[column], &without.iter().map(|fit| fit[column]).collect::<Vec<f64>>());
    let total = |of: &dyn Fn(&Row) -> f64| rows.iter().map(of).sum::<f64>();
    let mut found = Found {
        runs: runs.len() as u64,
        cpu_s: keys.iter().enumerate().map(|(column, key)| ((*key).clone(), value(column))).collect(),
        explained_ratio: total(&|row| row.explained(&fitted)) / total(&|row| row.cpu_s),
        latency_s: BTreeMap::new(),
        points: points(&runs, &rows, &fitted),
    };
    for key in latencies {
        let latency = latency(campaign, (&runs, usual), &found, key)?;
        found.latency_s.insert(key.clone(), latency);
    }
    Ok(found)
}

/// What each point took over what the demands say, of these runs and their rows.
fn points(runs: &[&RecordedRun], rows: &[Row], demands: &[f64]) -> BTreeMap<String, Explained> {
    let names: BTreeSet<&str> = runs.iter().map(|run| run.point.as_str()).collect();
    let of = |name: &str| {
        let own: Vec<&&RecordedRun> = runs.iter().filter(|run| run.point == name).collect();
        let busiest = |run: &&&RecordedRun| run.measured.nodes.values().map(|node| node.cpu_ratio).fold(0.0, f64::max);
        let whole = rows.iter().filter(|row| row.is_whole && runs[row.run].point == name);
        let (taken, said) =
            whole.fold((0.0, 0.0), |(taken, said), row| (taken + row.cpu_s, said + row.explained(demands)));
        Explained { busiest_ratio: own.iter().map(busiest).sum::<f64>() / own.len() as f64, taken_ratio: taken / said }
    };
    names.into_iter().map(|name| (name.to_owned(), of(name))).collect()
}

impl Row {
    fn explained(&self, demands: &[f64]) -> f64 {
        self.done.iter().zip(demands).map(|(done, demand)| done * demand).sum()
    }
}

/// What the hosts of a run did, in the order of the keys, and the core time that it took them, or would have taken them at the
/// usual speed of the machine; and the same of what SMTP does before it answers.
fn hosts(scenario: &Scenario, (run, measured): (usize, &Measured), slowdown: f64, keys: &[&String]) -> Vec<Row> {
    let all = total(measured);
    let mut rows = Vec::new();
    for node in &scenario.cluster.nodes {
        let Some(host) = measured.nodes.get(&node.name) else { continue };
        let is_data = node.role == Role::Data;
        let work = if is_data { &all } else { &host.work };
        let done = |of: &dyn Fn(&Operation) -> bool| {
            keys.iter().map(|key| executions(scenario, key, is_data, work, of)).collect::<Vec<f64>>()
        };
        let mut all_done = done(&|_| true);
        for (times, key) in all_done.iter_mut().zip(keys) {
            *times += checks(scenario, key, node, measured) + stops(scenario, key, node, measured);
        }
        rows.push(Row { run, done: all_done, cpu_s: host.cpu_s / slowdown, is_whole: true });
        if let Some(before_s) = before_reply_s(&host.programs_s) {
            let smtp = scenario.service("smtp");
            let mut done = done(&|operation| operation.client_waits && Some(operation.service) == smtp);
            // Whoever works when the node goes on pays for it.
            for (times, key) in done.iter_mut().zip(keys) {
                *times += stops(scenario, key, node, measured) * before_s / host.cpu_s;
            }
            rows.push(Row { run, done, cpu_s: before_s / slowdown, is_whole: false });
        }
    }
    rows.retain(|row| row.cpu_s > 0.0 && row.done.iter().any(|times| *times > 0.0));
    rows
}

/// Programs of Postfix that work for the client, and those that do so for a part of their time. Its `anvil` is not among them: that
/// of Dovecot has the same name, and takes all that is taken by it.
const BEFORE_REPLY: [&str; 2] = ["smtpd", "cleanup"];
const PARTLY_BEFORE_REPLY: [&str; 3] = ["master", "trivial-rewrite", "postlogd"];
/// That part, by what they take where mail is held in the queue, over what they take where it is delivered: 0.61 to 0.68.
const PART_BEFORE_REPLY: f64 = 0.64;

/// Core time of SMTP before its answers, where there is an SMTP server.
fn before_reply_s(programs_s: &BTreeMap<String, f64>) -> Option<f64> {
    let of = |names: &[&str]| names.iter().filter_map(|name| programs_s.get(*name)).sum::<f64>();
    // Where nothing is delivered, all of them work for the client.
    let part = if programs_s.get("lmtp").is_some_and(|seconds| *seconds > 0.0) { PART_BEFORE_REPLY } else { 1.0 };
    programs_s.contains_key("smtpd").then(|| of(&BEFORE_REPLY) + part * of(&PARTLY_BEFORE_REPLY))
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
fn executions(
    scenario: &Scenario,
    key: &str,
    is_data: bool,
    work: &BTreeMap<String, Work>,
    of: impl Fn(&Operation) -> bool,
) -> f64 {
    let parts: Vec<&str> = key.split('.').collect();
    let ["service", service, "operation", operation, what] = parts[..] else { return 0.0 };
    let Some(index) = scenario.service(service) else { return 0.0 };
    let is_meant = |candidate: &Operation| candidate.service == index && candidate.name == operation && of(candidate);
    let Some(place) = scenario.operations.iter().position(is_meant) else { return 0.0 };
    if is_data != (what == "data_cpu") {
        return 0.0;
    }
    // In sessions of its own service, and as a part of what others do: web mail asks the IMAP server of its own node.
    let done = scenario.operations.iter().enumerate().map(|(number, operation)| {
        let calls = operation.calls.iter().filter(|called| **called == place).count();
        let often = calls + usize::from(number == place);
        let is_listed = scenario.streams.iter().any(|stream| stream.operations.contains(&number));
        let Some(work) = work.get(&scenario.services[operation.service].name).filter(|_| often > 0 && is_listed) else {
            return 0.0;
        };
        let times = often as f64 * times(operation, work) as f64;
        if what == "cpu_per_kb" { times * work.bytes as f64 / 1e3 / work.messages.max(1) as f64 } else { times }
    });
    done.sum()
}

/// How often sessions did an operation.
fn times(operation: &Operation, work: &Work) -> u64 {
    match operation.times {
        Times::Once => work.sessions,
        Times::PerMessage => work.messages,
        Times::PerRecipient => work.copies,
    }
}

/// How often a switch checked a node, where the key is about that: `routing.SERVICE.switch.check.cpu`.
fn checks(scenario: &Scenario, key: &str, node: &Node, measured: &Measured) -> f64 {
    if !(key.starts_with("routing.") && key.ends_with(CHECK)) {
        return 0.0;
    }
    let length_s = length_s(scenario, measured);
    scenario.cluster.checks(node).map(|check| length_s / check.interval.as_secs_f64()).sum()
}

/// How often a node was stopped as its budget was used up, where the key is about that; after a budget in which caches do not
/// become warm a stop counts in part. What is measured is for how long it was stopped; each stop counts as if the node had been
/// busy from the beginning of a period, so these are rather too few.
fn stops(scenario: &Scenario, key: &str, node: &Node, measured: &Measured) -> f64 {
    let (Some(quota), Some(host)) = (node.tier.cpu_quota, measured.nodes.get(&node.name)) else { return 0.0 };
    if !(key.starts_with("tier.") && key.ends_with(RESUME)) {
        return 0.0;
    }
    let stop_s = quota.period.as_secs_f64() * (1.0 - quota.cores / f64::from(node.tier.cores));
    // Who has all cores is never stopped.
    let stops = if stop_s > 0.0 { host.throttled_ratio * length_s(scenario, measured) / stop_s } else { 0.0 };
    stops * quota.resumed(node.tier.cores)
}

/// From the beginning of a run to its end, in seconds.
fn length_s(scenario: &Scenario, measured: &Measured) -> f64 {
    (scenario.warm_up.unwrap_or_default() + scenario.window).as_secs_f64() + measured.drained_s
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

/// What passes of a session beside all core time: what is missing in the mean response of the key's service in calm runs; the
/// median of them, with quartiles, as what is left over differs from point to point by more than chance.
fn latency(
    campaign: &Campaign,
    (runs, usual): (&[&RecordedRun], Option<f64>),
    found: &Found,
    key: &str,
) -> Result<Estimate, CampaignError> {
    let service = key.split('.').nth(1).unwrap_or_default();
    let mut missing = Vec::new();
    for run in runs {
        let Some(measured) = run.measured.services.get(service).and_then(|service| service.response_s.mean) else {
            continue;
        };
        if run.measured.nodes.values().any(|node| node.cpu_ratio > CALM) {
            continue;
        }
        let scenario = predicted(campaign, run, found, run.slowdown(usual))?;
        let summary = simulated(&scenario).map_err(|failure| CampaignError::of_simulation(&scenario, failure))?;
        let simulated = summary.services.get(service).and_then(|service| service.response_s.mean.estimate);
        missing.extend(simulated.map(|simulated| measured - simulated));
    }
    missing.sort_by(f64::total_cmp);
    let at = |p: f64| missing.get(((missing.len() as f64 * p) as usize).min(missing.len().saturating_sub(1))).copied();
    Ok(match (at(0.5), at(0.25), at(0.75)) {
        (Some(median), Some(low), Some(high)) => Estimate::between(median, low, high).clamped(0.0, f64::INFINITY),
        _ => Estimate::point(0.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Hardware, load};

    #[test]
    fn what_web_mail_asks_of_imap_is_done_as_often_as_its_pages_are() {
        let text = include_str!("../../scenarios/lab/webmail.toml");
        let scenario = load("webmail.toml", text, &[], &Hardware::built_in()).unwrap();
        let done = Work { sessions: 10, messages: 30, copies: 30, bytes: 330_000 };
        let work = BTreeMap::from([("webmail".to_owned(), done)]);
        let of = |key: &str| executions(&scenario, &format!("service.{key}"), false, &work, |_| true);
        assert_eq!((of("webmail.operation.list.cpu"), of("webmail.operation.read.cpu")), (10.0, 30.0));
        assert_eq!((of("imap.operation.login.cpu"), of("imap.operation.fetch.cpu")), (40.0, 30.0));
        assert!((of("webmail.operation.read.cpu_per_kb") - 330.0).abs() < 1e-9);
        assert_eq!((of("imap.operation.login.data_cpu"), of("imap.operation.store.cpu")), (0.0, 0.0));
    }
}
