//! What a record comes to: figures by the names that a simulation's summary has for them.

use super::job::Protocol;
use super::load::{Outcome, Session};
use super::record::{Record, Sample};
use super::store::Custody;
use serde::Serialize;
use std::collections::BTreeMap;

/// Others may use so many cores before a run counts for nothing. Rule fixed before any run.
const MOST_OTHERS: f64 = 0.1;
/// The load may be late by so much, in seconds, for one session in a hundred.
const MOST_LAG_S: f64 = 0.01;

/// A run of the lab, summed up. Sessions count that were to begin in the window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Whether the run may be compared with anything.
    pub usable: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unusable_because: Vec<String>,
    /// The services that were visited, by name.
    pub services: BTreeMap<String, MeasuredService>,
    /// The hosts, by name.
    pub nodes: BTreeMap<String, MeasuredNode>,
    /// All mail of the run, warm-up included.
    pub mail: Custody,
    /// Core time of the load for each session, in seconds.
    pub load_cpu_s: f64,
    /// Cores that the rest of the machine used in the window.
    pub others_cores: f64,
    /// By how much sessions began late: 99 % of them by less.
    pub lag_p99_s: f64,
    /// Time that building took.
    pub set_up_s: f64,
    /// Time from the last session until the queues were empty.
    pub drained_s: f64,
    /// Time that clearing up took.
    pub tear_down_s: f64,
}

/// A service as its clients saw it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasuredService {
    /// Sessions that came.
    pub offered: u64,
    /// Those that got through.
    pub served: u64,
    /// Those that were turned away.
    pub refused: u64,
    /// Those that gave up.
    pub timed_out: u64,
    /// Those that broke.
    pub lost: u64,
    /// Served sessions over the window.
    pub throughput_per_s: f64,
    /// From the intended start to the last answer.
    pub response_s: MeasuredTimes,
    /// The parts of it: until the greeting, until the client is let in, until the last message.
    pub connect_s: MeasuredTimes,
    /// The second part.
    pub open_s: MeasuredTimes,
    /// The third part.
    pub work_s: MeasuredTimes,
    /// Messages that were taken or given.
    pub messages: u64,
    /// Share of the served sessions at each node, by its name.
    pub share_ratio: BTreeMap<String, f64>,
}

/// Times of served sessions; none where there was none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeasuredTimes {
    /// The mean. A single run has no interval: what follows on each other in it hangs together.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// 95 % took no longer.
    pub p95: Option<f64>,
    /// 99 % took no longer.
    pub p99: Option<f64>,
}

/// What a host did in the window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasuredNode {
    /// Cores that it may use.
    pub capacity_cores: f64,
    /// Core time over capacity in the window.
    pub cpu_ratio: f64,
    /// Share of the window in which its budget held it back.
    pub throttled_ratio: f64,
    /// Core time from the first session until the last mail was delivered, in seconds.
    pub cpu_s: f64,
}

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
            let node = MeasuredNode {
                capacity_cores: host.capacity_cores,
                cpu_ratio: total(|sample| &sample.cpu_s) / length_s / host.capacity_cores,
                throttled_ratio: total(|sample| &sample.throttled_s) / length_s,
                cpu_s: whole,
            };
            (host.name.clone(), node)
        })
        .collect();
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
        let own: Vec<&Session> = sessions.iter().copied().filter(|session| session.protocol == protocol).collect();
        (!own.is_empty()).then(|| (protocol.name().to_owned(), service(&own, (begin, end))))
    };
    Measured {
        usable: unusable_because.is_empty(),
        unusable_because,
        services: Protocol::ALL.into_iter().filter_map(of).collect(),
        nodes,
        mail: custody.clone(),
        load_cpu_s: load_s / sessions.len().max(1) as f64,
        others_cores,
        lag_p99_s,
        set_up_s: record.set_up_s,
        drained_s: record.drained_s,
        tear_down_s,
    }
}

fn service(sessions: &[&Session], window: (f64, f64)) -> MeasuredService {
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
    }
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
