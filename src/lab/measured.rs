//! What a record comes to: figures by the names that a simulation's summary has for them.

use super::job::{Protocol, WITNESS};
use super::load::{Outcome, Session};
use super::record::{Change, Letter, Record, Sample, Struck};
use crate::stats::max_over_mean;
use crate::validation::measured::{
    Measured, MeasuredFailure, MeasuredNode, MeasuredOutside, MeasuredService, MeasuredTimes, MeasuredWitness, Work,
};
use std::collections::BTreeMap;

/// Others may use so many cores before a run counts for nothing. Rule fixed before any run.
const MOST_OTHERS: f64 = 0.1;
/// The load may be late by so much, in seconds, for one session in a hundred.
const MOST_LAG_S: f64 = 0.01;

/// Sums a record up.
#[must_use]
pub fn measure(record: &Record, tear_down_s: f64) -> Measured {
    let (begin, end) = record.window_s;
    let sessions: Vec<&Session> =
        record.sessions.iter().filter(|session| (begin..end).contains(&session.intended_s)).collect();
    let first = at(&record.samples, begin);
    let last = at(&record.samples, end);
    let length_s = last.at_s - first.at_s;
    let nodes: BTreeMap<String, MeasuredNode> = record
        .hosts
        .iter()
        .enumerate()
        .map(|(index, host)| {
            let total = |of: fn(&Sample) -> &Vec<f64>| of(&last)[index] - of(&first)[index];
            let whole = record.samples.last().map_or(0.0, |end| end.cpu_s[index]) - record.samples[0].cpu_s[index];
            // A node that starts serves nobody, so that is no part of what sessions cost.
            let own = record.strikes.iter().filter(|struck| struck.node == host.name);
            let within =
                own.filter(|struck| struck.until_s.is_some_and(|until| (first.at_s..last.at_s).contains(&until)));
            let starts_s: f64 = within.filter_map(|struck| struck.start_cpu_s).sum();
            let node = MeasuredNode {
                capacity_cores: host.capacity_cores,
                cpu_ratio: (total(|sample| &sample.cpu_s) - starts_s) / length_s / host.capacity_cores,
                throttled_ratio: total(|sample| &sample.throttled_s) / length_s,
                cpu_s: whole,
                programs_s: host.programs_s.clone(),
                work: work(&record.sessions, &host.name),
            };
            (host.name.clone(), node)
        })
        .collect();
    let served = record.testimony.iter().filter(|session| session.response_s.is_some()).count() as u64;
    let witness = nodes.get(WITNESS).filter(|_| served > 0);
    let witness = witness.map(|host| MeasuredWitness { sessions: served, cpu_s: host.cpu_s / served as f64 });
    let hosts_s: f64 = last.cpu_s.iter().sum::<f64>() - first.cpu_s.iter().sum::<f64>();
    let load_s = last.load_s - first.load_s;
    let others_cores = ((last.machine_s - first.machine_s - hosts_s - load_s) / length_s).max(0.0);
    let lag_p99_s = times(sessions.iter().map(|session| session.lag_s).collect()).p99.unwrap_or_default();
    let mut unusable_because = Vec::new();
    if others_cores > MOST_OTHERS {
        unusable_because.push(format!("others used {others_cores:.2} cores, and {MOST_OTHERS} is the most"));
    }
    if lag_p99_s > MOST_LAG_S {
        unusable_because.push(format!("1 % of the sessions began more than {:.0} ms late", lag_p99_s * 1e3));
    }
    let custody = &record.custody;
    if custody.stored != custody.accepted {
        unusable_because.push(format!(
            "{} of {} copies are missing",
            custody.accepted - custody.stored,
            custody.accepted
        ));
    }
    let of = |protocol: Protocol| {
        // What it is like to hand mail over to a server elsewhere is nobody's question.
        let own = sessions.iter().copied().filter(|session| session.protocol == protocol && !session.hands_over);
        let own: Vec<&Session> = own.collect();
        let pool = record.pools.nodes.get(protocol.name()).map(|nodes| (&nodes[..], record.pools.interval_s));
        (!own.is_empty()).then(|| (protocol.name().to_owned(), service(&own, (begin, end), pool)))
    };
    Measured {
        usable: unusable_because.is_empty(),
        unusable_because,
        services: Protocol::ALL.into_iter().filter_map(of).collect(),
        nodes,
        failures: failures(record),
        outside: outside(record),
        witness,
        mail: custody.clone(),
        load_cpu_s: load_s / sessions.len().max(1) as f64,
        others_cores,
        lag_p99_s,
        set_up_s: record.set_up_s,
        drained_s: record.drained_s,
        tear_down_s,
    }
}

/// What became of each fault: the changes that the switch told of until the next one at the same node began.
fn failures(record: &Record) -> BTreeMap<String, MeasuredFailure> {
    let begin = record.window_s.0;
    let of = |struck: &Struck| {
        let at_s = struck.at_s?;
        let same = |other: &&Struck| other.node == struck.node && other.at_s.is_some_and(|other| other > at_s);
        let next_s = record.strikes.iter().filter(same).filter_map(|other| other.at_s).fold(f64::INFINITY, f64::min);
        let own = record.changes.iter().filter(|change| change.node == struck.node);
        let own: Vec<&Change> = own.filter(|change| (at_s..next_s).contains(&change.at_s)).collect();
        let times =
            |is_up: bool| own.iter().filter(move |change| change.is_up == is_up).map(|change| change.at_s - begin);
        // The last that was said of each service.
        let last = |service: &str| own.iter().rev().find(|change| change.service == service);
        let is_whole = own.iter().all(|change| last(&change.service).is_some_and(|last| last.is_up));
        let failure = MeasuredFailure {
            at_s: Some(at_s - begin),
            detected_s: times(false).reduce(f64::min),
            removed_s: times(false).reduce(f64::max),
            repaired_s: struck.until_s.map(|until| until - begin),
            recovered_s: times(true).reduce(f64::max).filter(|_| is_whole),
            start_cpu_s: struck.start_cpu_s,
        };
        Some((struck.fault.clone(), failure))
    };
    record.strikes.iter().filter_map(of).collect()
}

/// What became of the sessions of a service, which may have been distributed over several nodes; looked at in such intervals.
fn service(sessions: &[&Session], window: (f64, f64), pool: Option<(&[String], f64)>) -> MeasuredService {
    let count = |outcome: Outcome| sessions.iter().filter(|session| session.outcome == outcome).count() as u64;
    let served: Vec<&Session> = sessions.iter().copied().filter(|session| session.response_s.is_some()).collect();
    let mut share_ratio: BTreeMap<String, f64> = BTreeMap::new();
    for node in served.iter().filter_map(|session| session.node.as_ref()) {
        *share_ratio.entry(node.clone()).or_default() += 1.0 / served.len() as f64;
    }
    let of = |part: fn(&Session) -> Option<f64>| times(served.iter().filter_map(|session| part(session)).collect());
    MeasuredService {
        offered: sessions.len() as u64,
        served: count(Outcome::Served),
        refused: count(Outcome::Refused),
        timed_out: count(Outcome::TimedOut),
        lost: count(Outcome::Lost),
        throughput_per_s: served.len() as f64 / (window.1 - window.0),
        response_s: of(|session| session.response_s),
        connect_s: of(|session| session.connect_s),
        open_s: of(|session| session.open_s),
        work_s: of(|session| session.work_s),
        messages: served.iter().map(|session| u64::from(session.messages)).sum(),
        share_ratio,
        max_over_mean: pool.and_then(|(nodes, _)| unevenness(sessions, nodes, window, window.1 - window.0)),
        interval_max_over_mean: pool.and_then(|(nodes, interval_s)| unevenness(sessions, nodes, window, interval_s)),
    }
}

/// How unevenly sessions fell on these nodes in intervals of the window, on average over those in which some came.
fn unevenness(sessions: &[&Session], nodes: &[String], window: (f64, f64), interval_s: f64) -> Option<f64> {
    let intervals = ((window.1 - window.0) / interval_s).ceil() as usize;
    let mut counts = vec![vec![0.0; nodes.len()]; intervals];
    for session in sessions {
        let node = session.node.as_ref().and_then(|name| nodes.iter().position(|node| node == name));
        let interval = ((session.intended_s - window.0) / interval_s) as usize;
        if let (Some(node), Some(counts)) = (node, counts.get_mut(interval)) {
            counts[node] += 1.0;
        }
    }
    let seen = counts.iter().filter(|counts| counts.iter().sum::<f64>() > 0.0);
    let values: Vec<f64> = seen.map(|counts| max_over_mean(counts)).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// What became of the mail from outside.
fn outside(record: &Record) -> Option<MeasuredOutside> {
    let (begin, end) = record.window_s;
    let own: Vec<&Letter> = record.letters.iter().filter(|letter| (begin..end).contains(&letter.intended_s)).collect();
    let mut taken_ratio: BTreeMap<String, f64> = BTreeMap::new();
    for letter in &own {
        *taken_ratio.entry(letter.taken_by.clone()).or_default() += 1.0 / own.len() as f64;
    }
    (!own.is_empty()).then(|| MeasuredOutside {
        copies: own.len() as u64,
        accept_s: times(own.iter().map(|letter| letter.accept_s).collect()),
        delivered_s: times(own.iter().filter_map(|letter| letter.delivered_s).collect()),
        repeated: own.iter().map(|letter| u64::from(letter.repeated)).sum(),
        taken_ratio,
    })
}

fn times(mut values: Vec<f64>) -> MeasuredTimes {
    values.sort_by(f64::total_cmp);
    let quantile = |p: f64| values.get(((values.len() as f64 * p).ceil() as usize).saturating_sub(1)).copied();
    let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    MeasuredTimes { mean, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) }
}

/// The sample nearest to a moment.
fn at(samples: &[Sample], moment: f64) -> Sample {
    let distance = |sample: &&Sample| (sample.at_s - moment).abs();
    let nearest = samples.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.cloned().expect("there is a sample at the beginning and one at the end")
}

/// What the sessions at a host had done.
fn work(sessions: &[Session], host: &str) -> BTreeMap<String, Work> {
    let mut all: BTreeMap<String, Work> = BTreeMap::new();
    let here = |session: &&Session| session.node.as_deref() == Some(host) && session.response_s.is_some();
    for session in sessions.iter().filter(here) {
        let work = all.entry(session.protocol.name().to_owned()).or_default();
        work.sessions += 1;
        work.messages += u64::from(session.messages);
        work.copies += u64::from(session.copies);
        work.bytes += session.bytes;
    }
    all
}
