//! Instructions of whole simulations, counted under valgrind: they hardly change with the machine or with what else it does.
//!
//! `cargo bench --features instructions --bench instructions` needs valgrind and `gungraun-runner` in the version of the crate.

#![allow(missing_docs, reason = "the macros write public items")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod support;

use gungraun::{library_benchmark, library_benchmark_group, main};
use mxplan::experiment::{Control, Record, simulate};
use mxplan::scenario::Scenario;
use std::hint::black_box;
use support::read;

#[library_benchmark]
#[bench::mm1(read("scenarios/theory/mm1-fcfs.toml", &["time.window=3000 s"]))]
#[bench::mm1_shared(read("scenarios/theory/mm1-ps.toml", &["time.window=3000 s"]))]
#[bench::regional_isp(read("scenarios/regional-isp.toml", &["time.window=600 s"]))]
#[bench::cluster(read("benches/cluster.toml", &["time.warm_up=10 s", "time.window=10 s"]))]
#[bench::cluster_in_order(read("benches/cluster.toml", &[
    "time.warm_up=10 s", "time.window=10 s", "tier.primary.discipline=fcfs", "tier.store.discipline=fcfs",
]))]
fn simulation(scenario: Scenario) -> Record {
    simulate(black_box(&scenario), 0, &Control::default()).unwrap()
}

library_benchmark_group!(name = simulations, benchmarks = simulation);
main!(library_benchmark_groups = simulations);
