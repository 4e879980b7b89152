//! What a user waits for: a session and an event of a cluster, replications on several threads, the answer of `check`, the screen of
//! a plan and a whole one.

#![allow(missing_docs, reason = "criterion's macros write public items")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mxplan::analytic::appraise;
use mxplan::cluster::Decisions;
use mxplan::experiment::{Control, Execution, Rule, replicate, simulate};
use mxplan::planner::{Bench, enumerate, plan, screen};
use mxplan::scenario::{Algorithm, Hardware, Scenario};
use std::hint::black_box;
use std::sync::Arc;
use support::read;

const IN_ORDER: [&str; 2] = ["tier.primary.discipline=fcfs", "tier.store.discipline=fcfs"];
/// Lines so slow that twenty times as many sessions are under way; how many that are takes five minutes to settle.
const SLOW_LINES: [&str; 3] =
    ["client_group.dial-up.bandwidth=2 kbit/s", "client_group.dial-up.rtt=5 s", "time.warm_up=300 s"];

/// The workload of `cluster.toml`, in all its forms: nanoseconds for an event that happened; stale entries do not count.
fn cluster(c: &mut Criterion) {
    let mut group = c.benchmark_group("cluster");
    group.sample_size(10);
    for (pending, stations, options, expected) in [
        ("5 thousand pending", "sharing", vec![], 3_500..6_500),
        ("5 thousand pending", "in order", IN_ORDER.to_vec(), 3_500..6_500),
        ("100 thousand pending", "sharing", SLOW_LINES.to_vec(), 70_000..130_000),
        ("100 thousand pending", "in order", [&IN_ORDER[..], &SLOW_LINES].concat(), 70_000..130_000),
    ] {
        let scenario = read("benches/cluster.toml", &options);
        let record = simulate(&scenario, 0, &Control::default()).unwrap();
        let present: u64 = record.observed.services.iter().map(|service| service.flow.present_at_end).sum();
        assert!(expected.contains(&present), "{present} sessions are under way");
        group.throughput(Throughput::Elements(record.events));
        group.bench_function(format!("{pending}, {stations}, {}", named(&scenario)), |b| {
            b.iter(|| simulate(black_box(&scenario), 0, &Control::default()).unwrap());
        });
    }
    group.finish();
}

/// The first eight digits of the digest.
fn named(scenario: &Scenario) -> String {
    scenario.digest()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Nanoseconds for a session from its arrival to its end, with the mail that it leaves behind, in a window that almost all of
/// the sessions that are simulated end in.
fn sessions(c: &mut Criterion) {
    let mut group = c.benchmark_group("session");
    group.sample_size(10);
    for service in ["pop3", "smtp"] {
        let mut scenario = read("benches/cluster.toml", &["time.warm_up=1 s", "time.window=120 s"]);
        let name = format!("{service}, {}", named(&scenario));
        let index = scenario.services.iter().position(|s| s.name == service).unwrap();
        for stream in scenario.streams.iter_mut().filter(|stream| stream.service != index) {
            stream.hours_per_s = vec![f64::MIN_POSITIVE];
        }
        let observed = simulate(&scenario, 0, &Control::default()).unwrap().observed;
        group.throughput(Throughput::Elements(observed.services[index].flow.ended));
        group.bench_function(name, |b| b.iter(|| simulate(black_box(&scenario), 0, &Control::default()).unwrap()));
    }
    group.finish();
}

/// Eight replications on one thread and on two.
fn replications(c: &mut Criterion) {
    let mut group = c.benchmark_group("replications");
    group.sample_size(10);
    let scenario = read("benches/cluster.toml", &[]);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let run = || replicate(&scenario, Rule::Count(8), &Control::default(), Execution::InOrder).unwrap();
        group.bench_function(format!("{threads} threads"), |b| b.iter(|| pool.install(run)));
    }
    group.finish();
}

/// Some hundred sessions at a time, and a quarter of a million connections that stand open.
fn minute(c: &mut Criterion) {
    let mut group = c.benchmark_group("minute");
    group.sample_size(20);
    for file in ["regional-isp.toml", "regional-isp-scanned.toml", "today-50k-imap.toml"] {
        let scenario = read(&format!("scenarios/{file}"), &["time.window=60 s", "time.warm_up=1 s"]);
        let events = simulate(&scenario, 0, &Control::default()).unwrap().events;
        group.throughput(Throughput::Elements(events));
        group.bench_function(file, |b| {
            b.iter(|| simulate(black_box(&scenario), 0, &Control::default()).unwrap());
        });
    }
    group.finish();
}

fn check(c: &mut Criterion) {
    let scenario = read("scenarios/today-50k-imap.toml", &[]);
    c.bench_function("check", |b| b.iter(|| appraise(black_box(&scenario))));
}

/// Every candidate of the shipped plan.
fn screened(c: &mut Criterion) {
    let scenario = read("scenarios/regional-isp.toml", &[]);
    let plan = scenario.plan.clone().unwrap();
    let candidates = enumerate(&scenario, &plan);
    let mut group = c.benchmark_group("screen");
    group.throughput(Throughput::Elements(candidates.len() as u64));
    group.bench_function("regional-isp.toml", |b| {
        let mut bench = Bench::new(&scenario, &plan);
        b.iter(|| candidates.iter().filter(|candidate| screen(&mut bench, &plan, candidate).is_ok()).count());
    });
    group.finish();
}

/// A whole search, with the simulation of those that it decides between.
fn planned(c: &mut Criterion) {
    let mut group = c.benchmark_group("plan");
    group.sample_size(10);
    for file in ["office.toml", "regional-isp.toml"] {
        let scenario = read(&format!("scenarios/{file}"), &["time.window=60 s"]);
        group.bench_function(file, |b| {
            b.iter(|| plan(black_box(&scenario), Rule::Count(3), &Control::default()).unwrap());
        });
    }
    group.finish();
}

/// One session more and one fewer, by algorithm and number of nodes.
fn decision(c: &mut Criterion) {
    let tier = Arc::new(Hardware::built_in().tier("piii-1000").unwrap());
    let mut group = c.benchmark_group("decision");
    for algorithm in [
        Algorithm::RoundRobin,
        Algorithm::Random,
        Algorithm::WeightedRoundRobin,
        Algorithm::LeastConnections,
        Algorithm::WeightedLeastConnections,
        Algorithm::RandomTwoChoices,
        Algorithm::SourceHash,
        Algorithm::ConsistentHash,
        Algorithm::Content,
        Algorithm::LeastResponseTime,
    ] {
        for nodes in [10, 100, 1_000] {
            let mut decisions = Decisions::new(algorithm, nodes, &tier);
            group.bench_function(format!("{}/{nodes}", algorithm.name()), |b| b.iter(|| decisions.next()));
        }
    }
    group.finish();
}

criterion_group!(benches, cluster, sessions, replications, minute, check, screened, planned, decision);
criterion_main!(benches);
