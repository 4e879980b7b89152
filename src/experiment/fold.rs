//! The fold of records in index order into a summary.

use super::summary::{
    CrowdSummary, Exceeded, FORMAT, LevelSummary, NodeSummary, OperationSummary, Response, ServiceSummary, Summary,
    Verdict,
};
use super::{Overfull, Record, StopReason, balance, dns, failures, hours, mail, mailboxes, monitor, switch};
use crate::analytic::{self, Resource, Station, offered};
use crate::cluster::{
    Crowd, Flow, GreylistObserved, LevelObserved, MemoryObserved, OperationObserved, ServiceObserved,
};
use crate::scenario::{Role, Scenario};
use crate::stats::{
    CONFIDENCE, Estimate, Histogram, Tally, mean_interval, ratio_interval, section_interval, share_interval,
};
use std::collections::BTreeMap;

/// Folds records, which must be in index order and of this scenario.
#[must_use]
pub fn summarise(scenario: &Scenario, records: &[Record], stop_reason: StopReason) -> Summary {
    let overfull = overfull(scenario, stop_reason);
    let mut levels: Vec<LevelSummary> =
        (0..scenario.levels.len()).map(|level| self::level(scenario, records, level)).collect();
    if overfull.is_some() {
        // The replications before it are the ones that went well.
        levels.iter_mut().for_each(|level| level.met = false);
    }
    let verdict = match levels.iter().all(|level| level.met) {
        _ if levels.is_empty() => Verdict::NoLevels,
        true => Verdict::Met,
        false => Verdict::Missed,
    };
    let window_s = |record: &Record| record.observed.window_ns as f64 / 1e9;
    Summary {
        format: FORMAT,
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        replications: records.len() as u64,
        stop_reason: stop_reason.name(),
        confidence: CONFIDENCE,
        simulated_s: records.iter().map(window_s).fold(0.0, |sum, window| sum + window),
        warm_up_s: records.first().map_or(0.0, |record| record.warm_up_ns as f64 / 1e9),
        events: records.iter().map(|record| record.events).sum(),
        unstable: unstable(scenario),
        overfull,
        services: scenario
            .services
            .iter()
            .enumerate()
            .map(|(i, service)| (service.name.clone(), self::service(scenario, records, i)))
            .collect(),
        nodes: scenario
            .cluster
            .nodes
            .iter()
            .enumerate()
            .map(|(i, node)| (node.name.clone(), self::node(scenario, records, i)))
            .collect(),
        balance: balance::summarise(scenario, records),
        dns: dns::summarise(scenario, records),
        switch: switch::summarise(records),
        mail: mail::summarise(scenario, records),
        streams: mail::streams(scenario, records),
        monitor: monitor::summarise(scenario, records),
        mailboxes: mailboxes::summarise(scenario, records),
        failures: failures::summarise(scenario, records),
        hours: hours::summarise(scenario, records),
        levels,
        verdict,
    }
}

fn overfull(scenario: &Scenario, stop_reason: StopReason) -> Option<CrowdSummary> {
    let StopReason::Overfull(Overfull { replication, crowd, .. }) = stop_reason else { return None };
    let Crowd { at, sessions, messages, work, node } = crowd;
    let node = scenario.cluster.nodes[node as usize].name.clone();
    Some(CrowdSummary { replication, at_s: at.as_secs_f64(), sessions, messages, work, node })
}

fn unstable(scenario: &Scenario) -> Vec<Exceeded> {
    let exceeded = offered(scenario).stations.into_iter().filter(Station::falls_behind);
    exceeded
        .map(|station| Exceeded {
            node: station.owner(&scenario.cluster).to_owned(),
            resource: station.resource.name(),
            offered_ratio: station.utilisation,
        })
        .collect()
}

fn service(scenario: &Scenario, records: &[Record], index: usize) -> ServiceSummary {
    let observed: Vec<&ServiceObserved> = records.iter().map(|record| &record.observed.services[index]).collect();
    let total = |count: fn(&Flow) -> u64| observed.iter().map(|service| count(&service.flow)).sum();
    let per_window = |amount: fn(&ServiceObserved) -> f64| -> Estimate {
        let pairs = records.iter().zip(&observed).map(|(r, service)| amount(service) / r.observed.window_ns as f64);
        mean_interval(&pairs.collect::<Vec<_>>(), CONFIDENCE)
    };
    let of = |tally: fn(&ServiceObserved) -> &Tally, histogram: fn(&ServiceObserved) -> &Histogram| {
        let tallies: Vec<&Tally> = observed.iter().map(|service| tally(service)).collect();
        let histograms: Vec<&Histogram> = observed.iter().map(|service| histogram(service)).collect();
        response(&tallies, &histograms)
    };
    let greylist = |count: fn(&GreylistObserved) -> u64| -> Option<u64> {
        observed.iter().map(|service| service.greylist.as_ref().map(count)).sum()
    };
    let operations = scenario.services[index].operations.iter().map(|operation| {
        (scenario.operations[*operation].name.clone(), self::operation(scenario, records, *operation))
    });
    let timed_out: u64 = observed.iter().map(|service| service.timed_out).sum();
    let lost: u64 = observed.iter().map(|service| service.lost).sum();
    ServiceSummary {
        offered: total(|flow| flow.began),
        served: total(|flow| flow.ended),
        refused: total(|flow| flow.refused) - timed_out - lost,
        timed_out,
        lost,
        retried: retried(scenario, records, index),
        locked: scenario.services[index]
            .limits
            .mailbox_lock
            .then(|| observed.iter().map(|service| service.locked).sum()),
        relogins: scenario.services[index].relogin.map(|_| observed.iter().map(|service| service.relogins).sum()),
        rejected: observed.iter().map(|service| service.rejected).sum(),
        deferred: greylist(|greylist| greylist.deferred),
        returned: greylist(|greylist| greylist.returning.ended),
        filtered: observed.iter().map(|service| service.filtered).sum(),
        lost_changes: scenario.services[index]
            .operations
            .iter()
            .any(|operation| scenario.operations[*operation].reload_per_domain_s > 0.0)
            .then(|| observed.iter().map(|service| service.lost_changes).sum()),
        standing: standing(records, index),
        present_at_start: total(|flow| flow.present_at_start),
        present_at_end: total(|flow| flow.present_at_end),
        throughput_per_s: per_window(|service| service.flow.ended as f64 * 1e9),
        concurrency: per_window(|service| service.number_ns as f64),
        response_s: of(|s| &s.response, |s| &s.response_histogram),
        server_s: of(|s| &s.server, |s| &s.server_histogram),
        link_s: of(|s| &s.link, |s| &s.link_histogram),
        operations: operations.collect(),
    }
}

/// Sessions of a service that were tried again.
fn retried(scenario: &Scenario, records: &[Record], service: usize) -> u64 {
    let streams = (0..scenario.streams.len()).filter(|stream| scenario.streams[*stream].service == service);
    streams.map(|stream| records.iter().map(|r| r.observed.streams[stream].retried).sum::<u64>()).sum()
}

fn standing(records: &[Record], service: usize) -> Option<Estimate> {
    let number = |record: &Record| {
        let standing = record.observed.services[service].standing?;
        Some(standing.number_ns as f64 / record.observed.window_ns as f64)
    };
    let numbers: Vec<f64> = records.iter().filter_map(number).collect();
    (!numbers.is_empty()).then(|| mean_interval(&numbers, CONFIDENCE))
}

fn operation(scenario: &Scenario, records: &[Record], index: usize) -> OperationSummary {
    let observed: Vec<&OperationObserved> = records.iter().map(|record| &record.observed.operations[index]).collect();
    let tallies: Vec<&Tally> = observed.iter().map(|operation| &operation.response).collect();
    let histograms: Vec<&Histogram> = observed.iter().map(|operation| &operation.response_histogram).collect();
    OperationSummary {
        done: tallies.iter().map(|tally| tally.count()).sum(),
        client_waits: scenario.operations[index].client_waits,
        response_s: response(&tallies, &histograms),
    }
}

/// Mean as a ratio of totals (replications are of random size), percentiles by sectioning.
/// All of them together.
pub(super) fn pooled(histograms: &[&Histogram]) -> Option<Histogram> {
    let (first, others) = histograms.split_first()?;
    let mut all = (*first).clone();
    others.iter().for_each(|part| all.merge(part));
    Some(all)
}

pub(super) fn response(tallies: &[&Tally], histograms: &[&Histogram]) -> Response {
    let pairs: Vec<(f64, f64)> =
        tallies.iter().map(|tally| (tally.sum_ns() as f64 / 1e9, tally.count() as f64)).collect();
    let pooled = pooled(histograms);
    let percentile =
        |p: f64| pooled.as_ref().map_or(Estimate::NONE, |all| section_interval(all, histograms, p, CONFIDENCE));
    Response {
        mean: ratio_interval(&pairs, CONFIDENCE),
        p50: percentile(0.50),
        p95: percentile(0.95),
        p99: percentile(0.99),
    }
}

fn node(scenario: &Scenario, records: &[Record], index: usize) -> NodeSummary {
    let node = &scenario.cluster.nodes[index];
    let utilisation = |resource: Resource| -> Estimate {
        let values: Vec<f64> = records
            .iter()
            .filter_map(|record| {
                let station = record.observed.nodes[index].stations[resource as usize]?;
                Some(station.utilisation(record.observed.window_ns))
            })
            .collect();
        mean_interval(&values, CONFIDENCE)
    };
    let (inwards, outwards) = (utilisation(Resource::LinkIn), utilisation(Resource::LinkOut));
    let shares: Vec<(f64, f64)> = records
        .iter()
        .map(|record| {
            let all: u64 = record.observed.nodes.iter().map(|node| node.sessions).sum();
            (record.observed.nodes[index].sessions as f64, all as f64)
        })
        .collect();
    NodeSummary {
        role: node.role.name(),
        tier: node.tier.name.clone(),
        cpu_ratio: utilisation(Resource::Cpu),
        disk_ratio: utilisation(Resource::Disk),
        link_ratio: if inwards.estimate >= outwards.estimate { inwards } else { outwards },
        ram_peak_mb: memory(records, index).map(|memory| memory.peak as f64 / 1e6).reduce(f64::max),
        cache_hit_ratio: cache_hits(scenario, records, index),
        page_faults: Some(memory(records, index).map(|memory| memory.page_faults).sum()).filter(|pages| *pages > 0),
        workers_ratio: workers(scenario, records, index),
        unanswered: (!scenario.faults.is_empty())
            .then(|| records.iter().flat_map(|r| &r.observed.nodes[index].desks).map(|desk| desk.unanswered).sum()),
        lost_work: Some(records.iter().map(|r| r.observed.nodes[index].lost_work).sum()).filter(|lost| *lost > 0),
        connections_peak: records.iter().map(|r| r.observed.nodes[index].connections_peak).max().unwrap_or(0),
        share_ratio: if node.role == Role::Primary { share_interval(&shares, CONFIDENCE) } else { Estimate::NONE },
    }
}

fn memory(records: &[Record], node: usize) -> impl Iterator<Item = MemoryObserved> {
    records.iter().filter_map(move |record| record.observed.nodes[node].memory)
}

fn cache_hits(scenario: &Scenario, records: &[Record], node: usize) -> Option<Estimate> {
    analytic::memory(scenario, &scenario.cluster.nodes[node])?.hit_ratio?;
    let pairs: Vec<(f64, f64)> =
        memory(records, node).map(|memory| (memory.hits as f64, memory.reads as f64)).collect();
    Some(ratio_interval(&pairs, CONFIDENCE))
}

fn workers(scenario: &Scenario, records: &[Record], node: usize) -> BTreeMap<String, Estimate> {
    let mut ratios = BTreeMap::new();
    for (i, service) in scenario.services.iter().enumerate() {
        let held = |record: &Record| {
            let pool = record.observed.nodes[node].desks[i].workers?;
            Some(pool.held_ns as f64 / (pool.slots * record.observed.window_ns) as f64)
        };
        let held: Vec<f64> = records.iter().filter_map(held).collect();
        if !held.is_empty() {
            ratios.insert(service.name.clone(), mean_interval(&held, CONFIDENCE));
        }
    }
    ratios
}

/// How many were in time, of how many.
pub(super) fn in_time(level: &LevelObserved) -> (f64, f64) {
    ((level.total - level.late) as f64, level.total as f64)
}

fn level(scenario: &Scenario, records: &[Record], index: usize) -> LevelSummary {
    let level = &scenario.levels[index];
    let shares: Vec<(f64, f64)> = records.iter().map(|record| in_time(&record.observed.levels[index])).collect();
    let estimate = share_interval(&shares, CONFIDENCE);
    let what = level.operation.map_or_else(
        || format!("{} sessions", scenario.services[level.service].name),
        |operation| format!("{} {}", scenario.services[level.service].name, scenario.operations[operation].name),
    );
    LevelSummary {
        name: level.name.clone(),
        limit: format!("{} % of {what} under {}", level.share * 100.0, level.under),
        met: estimate.low.or(estimate.estimate).is_some_and(|low| low >= level.share),
        margin_ratio: estimate.estimate.map(|in_time| 1.0 - (1.0 - in_time) / (1.0 - level.share)),
        estimate,
    }
}
