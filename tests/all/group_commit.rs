//! Group commit: one flush serves all fsyncs that wait when it starts.
//!
//! Only fsyncs at one disk, Poisson at λ, a flush takes S. Flushes follow each other as long as somebody came meanwhile;
//! otherwise the next one starts with the next fsync. With p0 = E[e^(−λS)], the probability that nobody came, a flush and
//! the idle time after it take E[S] + p0/λ and serve λE[S] + p0: whoever came during it waits for the rest of it and one
//! flush more, E[S²]/(2E[S]) + E[S] on average, and the one who came into the idle time E[S].

use crate::support::{run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, offered, settling};
use mxplan::experiment::{Control, simulate};
use mxplan::scenario::Scenario;

const REPLICATIONS: u64 = 40;
const ON: &str = "tier.unit.group_commit=true";

/// Fsyncs alone, so many per second, on the disk of the theory scenario: exponential visits of 10 ms, 15 000 in a window.
fn fsyncs(rate_per_s: f64, more: &[&str]) -> Scenario {
    let save = "service.job.operation.save={ store_fsyncs = 1 }";
    let rate = format!("arrivals.job.rate={rate_per_s} /s");
    let window = format!("time.window={} s", 15_000.0 / rate_per_s);
    scenario("theory/disk.toml", &[&[save, &rate, &window], more].concat())
}

/// The disk's utilisation, and the mean response of an fsync.
fn by_hand(rate_per_s: f64, mean_s: f64, second_s2: f64, p0: f64) -> (f64, f64) {
    let arrivals = rate_per_s * mean_s;
    let utilisation = mean_s / (mean_s + p0 / rate_per_s);
    let waits = arrivals * (second_s2 / (2.0 * mean_s) + mean_s) + p0 * mean_s;
    (utilisation, waits / (arrivals + p0))
}

fn assert_flushes(what: &str, scenario: &Scenario, (utilisation, response_s): (f64, f64)) {
    let disk = *offered(scenario).station(0, Resource::Disk).unwrap();
    assert!(!disk.bound.is_exact() && disk.firm == 0.0 && disk.utilisation >= utilisation, "{what}: {disk:?}");
    assert!(settling(scenario).relaxation_s.is_finite());
    let summary = run(scenario, REPLICATIONS);
    assert_exact(&format!("{what}, utilisation"), summary.nodes["primary"].disk_ratio, utilisation, REPLICATIONS);
    assert_exact(&format!("{what}, response"), summary.services["job"].response_s.mean, response_s, REPLICATIONS);
    assert!(summary.unstable.is_empty(), "{what}: a disk that flushes together always keeps up");
}

#[test]
fn flushes_and_waits_are_those_of_the_closed_form_at_any_load() {
    // From nearly alone to four times what the disk could do one by one.
    for rate in [5.0, 50.0, 100.0, 400.0] {
        let exponential = by_hand(rate, 0.010, 2.0 * 0.010 * 0.010, 100.0 / (100.0 + rate));
        assert_flushes(&format!("exponential at {rate} /s"), &fsyncs(rate, &[ON]), exponential);
        let constant = by_hand(rate, 0.010, 0.010 * 0.010, (-rate * 0.010_f64).exp());
        let fixed = fsyncs(rate, &[ON, "tier.unit.disk_service=10 ms"]);
        assert_flushes(&format!("constant at {rate} /s"), &fixed, constant);
    }
}

#[test]
fn a_raid_flushes_as_often_as_it_writes() {
    // Two visits one after the other on one channel: Erlang with two stages.
    let (rate, stage) = (100.0, 100.0 / (100.0 + 100.0));
    let erlang = by_hand(rate, 0.020, 6.0 * 0.010 * 0.010, stage * stage);
    assert_flushes("write penalty 2", &fsyncs(rate, &[ON, "tier.unit.raid_write_penalty=2"]), erlang);
}

#[test]
fn fsyncs_served_grow_beyond_the_disk_and_one_by_one_they_cannot() {
    let (together, alone) = (run(&fsyncs(400.0, &[ON]), 8), run(&fsyncs(400.0, &[]), 8));
    let served = |summary: &mxplan::experiment::Summary| summary.services["job"].throughput_per_s.estimate.unwrap();
    // 120 000 and 30 000 fsyncs: standard errors of 0.3 % and 0.6 %.
    assert!((served(&together) / 400.0 - 1.0).abs() < 0.02, "{}", served(&together));
    assert!((served(&alone) / 100.0 - 1.0).abs() < 0.02, "{}", served(&alone));
    assert!(alone.unstable.len() == 1 && together.unstable.is_empty());
}

#[test]
fn writes_beside_the_flushes_are_counted_in_full() {
    // Each save writes and flushes: the writes are firm, and alone too many here.
    let save = "service.job.operation.save={ store_writes = 1, store_fsyncs = 1 }";
    let of = |rate: &str| scenario("theory/disk.toml", &[save, ON, rate, "time.window=300 s"]);
    let disk = |scenario: &Scenario| *offered(scenario).station(0, Resource::Disk).unwrap();
    let (some, many) = (of("arrivals.job.rate=60 /s"), of("arrivals.job.rate=110 /s"));
    assert!((disk(&some).utilisation - 1.2).abs() < 1e-9 && (disk(&some).firm - 0.6).abs() < 1e-9);
    assert!(!disk(&some).falls_behind() && disk(&many).falls_behind());
    let (some, many) = (run(&some, 4), run(&many, 4));
    assert!(some.unstable.is_empty() && many.unstable.len() == 1);
    let used = some.nodes["primary"].disk_ratio.estimate.unwrap();
    assert!((0.6..1.0).contains(&used), "{used}");
    assert!(many.services["job"].present_at_end > 20 * some.services["job"].present_at_end.max(10));
}

#[test]
fn without_fsyncs_it_is_exact_and_the_same_as_without_it() {
    let of = |options: &[&str]| scenario("theory/disk.toml", &[options, &["time.window=300 s"]].concat());
    let (with, without) = (of(&[ON]), of(&[]));
    assert!(offered(&with).is_exact());
    let (with, without) = (run(&with, 2), run(&without, 2));
    assert_eq!((with.services, with.nodes), (without.services, without.nodes));
}

#[test]
fn nobody_is_lost_between_flushes() {
    let sets = [
        "tier.store.group_commit=true",
        "tier.store.raid_write_penalty=2",
        "tier.front.group_commit=true",
        "service.mail.operation.put.store_fsyncs=2",
        "service.mail.operation.put.queue_fsyncs=2",
        "arrivals.store.rate=40 /s",
        "time.window=600 s",
    ];
    let record = simulate(&scenario("theory/network.toml", &sets), 0, &Control::default()).unwrap();
    assert_eq!(record.observed.contradictions(), Vec::<String>::new());
    let ended = record.observed.services[0].flow.ended;
    assert!(ended > 40_000, "{ended}");
}
