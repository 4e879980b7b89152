//! What a user waits for: a minute of a cluster, the answer of `check`, and the screen of a plan.

#![allow(missing_docs, reason = "criterion's macros write public items")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mxplan::analytic::appraise;
use mxplan::cluster::Decisions;
use mxplan::experiment::{Control, simulate};
use mxplan::planner::{Bench, enumerate, screen};
use mxplan::scenario::{Algorithm, Hardware, Scenario, load};
use std::hint::black_box;
use std::sync::Arc;

fn scenario(file: &str, options: &[&str]) -> Scenario {
    let path = format!("{}/scenarios/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let options: Vec<_> = options.iter().map(|option| option.parse().unwrap()).collect();
    load(&path, &text, &options, &Hardware::built_in()).unwrap()
}

/// Some hundred sessions at a time, and a quarter of a million connections that stand open.
fn minute(c: &mut Criterion) {
    let mut group = c.benchmark_group("minute");
    group.sample_size(20);
    for file in ["regional-isp.toml", "regional-isp-scanned.toml", "today-50k-imap.toml"] {
        let scenario = scenario(file, &["time.window=60 s", "time.warm_up=1 s"]);
        let events = simulate(&scenario, 0, &Control::default()).unwrap().events;
        group.throughput(Throughput::Elements(events));
        group.bench_function(file, |b| {
            b.iter(|| simulate(black_box(&scenario), 0, &Control::default()).unwrap());
        });
    }
    group.finish();
}

fn check(c: &mut Criterion) {
    let scenario = scenario("today-50k-imap.toml", &[]);
    c.bench_function("check", |b| b.iter(|| appraise(black_box(&scenario))));
}

/// Every candidate of the shipped plan.
fn screened(c: &mut Criterion) {
    let scenario = scenario("regional-isp.toml", &[]);
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

criterion_group!(benches, minute, check, screened, decision);
criterion_main!(benches);
