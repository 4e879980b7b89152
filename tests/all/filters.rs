//! Filters and spam: what passes, what it costs, and in which order.

use crate::support::{run, scenario};
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::Summary;
use mxplan::scenario::Scenario;

const FILE: &str = "regional-isp-scanned.toml";

fn scanned(options: &[&str]) -> Scenario {
    let all: Vec<&str> = ["time.window=1800 s"].iter().chain(options).copied().collect();
    scenario(FILE, &all)
}

fn done(summary: &Summary, operation: &str) -> f64 {
    summary.services["smtp"].operations[operation].done as f64
}

fn front_cpu(scenario: &Scenario) -> f64 {
    offered(scenario).station(0, Resource::Cpu).unwrap().utilisation
}

#[test]
fn what_does_not_pass_goes_no_further() {
    let summary = run(&scanned(&[]), 8);
    // Sessions from outside per second: 2.25 wanted, and 45/55 of that spam, of which 70 % passes the list.
    let window = 8.0 * 1_800.0;
    let (wanted, spam) = (2.25 * window, 2.25 * 45.0 / 55.0 * window);
    let near = |what: &str, count: f64, mean: f64| {
        assert!((count - mean).abs() < 5.0 * mean.sqrt(), "{what}: {count}, {mean:.0} expected");
        assert!(5.0 * mean.sqrt() < 0.06 * mean, "{what}: {mean:.0} are too few to see a fault");
    };
    near("reject list", done(&summary, "reject-list"), wanted + spam);
    near("rejected", summary.services["smtp"].rejected as f64, spam * 0.3);
    near("antivirus", done(&summary, "antivirus"), wanted + spam * 0.7);
    near("antispam", done(&summary, "antispam"), 0.99 * (wanted + spam * 0.7));
    // Two recipients a message; of the customers' own messages a tenth is local.
    let delivered = wanted * 0.99 * 0.999 + spam * 0.7 * 0.99 * 0.05 + 2.5 * window * 0.1;
    let copies = done(&summary, "deposit");
    assert!((copies / (2.0 * delivered) - 1.0).abs() < 0.04, "{copies} copies, {:.0} expected", 2.0 * delivered);
    let filtered = summary.services["smtp"].filtered as f64;
    near("filtered", filtered, 0.01 * (wanted + 0.7 * spam) + 0.99 * (0.001 * wanted + 0.95 * 0.7 * spam));
}

#[test]
fn the_load_of_filters_is_computed_as_it_is_simulated() {
    let scenario = scanned(&[]);
    let computed = front_cpu(&scenario);
    let measured = run(&scenario, 8).nodes["primary-1"].cpu_ratio;
    let (low, high) = (measured.low.unwrap(), measured.high.unwrap());
    assert!((low - 0.01..high + 0.01).contains(&computed), "{computed} is not in {low} to {high}");
}

#[test]
fn scanning_costs_a_hundred_times_the_mail_and_many_servers() {
    let plain = scenario("regional-isp.toml", &["node.primary.tier=dual-xeon-3000", "node.primary.count=6"]);
    let factor = front_cpu(&scanned(&[])) / front_cpu(&plain);
    assert!(factor > 10.0, "{factor}");
    // One message: 25 ms to take it and 10 ms for each copy, against 6 s.
    let without = scanned(&["filter={}", "level={}"]);
    assert!(
        (front_cpu(&without) / front_cpu(&plain) - 1.0).abs() < 0.5,
        "without filters only the spam itself is left"
    );
}

#[test]
fn a_cheap_filter_saves_work_when_it_comes_first() {
    // The list of 2 ms turns away 30 % of the spam before the scans of 6 s; a virus scan of everything is dearer than one
    // of what the spam filter leaves.
    let usual = front_cpu(&scanned(&[]));
    assert!(front_cpu(&scanned(&["filter.reject-list.spam_pass=100 %"])) > 1.1 * usual);
    assert!(front_cpu(&scanned(&["filter.antispam.order=0"])) < 0.97 * usual);
}

#[test]
fn every_key_of_a_filter_moves_what_it_is_about() {
    let usual = run(&scanned(&[]), 2);
    let with = |option: &str| run(&scanned(&[option]), 2);
    let mean = |summary: &Summary, operation: &str| {
        summary.services["smtp"].operations[operation].response_s.mean.estimate.unwrap()
    };
    let sessions = |summary: &Summary| summary.services["smtp"].response_s.mean.estimate.unwrap();
    let cpu = |summary: &Summary| summary.nodes["primary-1"].cpu_ratio.estimate.unwrap();
    assert!(mean(&with("filter.antispam.concurrency=1"), "antispam") > 1.5 * mean(&usual, "antispam"));
    assert!(sessions(&with("filter.antispam.reply=after")) > sessions(&usual) + 0.5);
    assert!(cpu(&with("filter.antivirus.cpu=4 s")) > 1.3 * cpu(&usual));
    assert!(cpu(&with("filter.antivirus.cpu_per_kb=100 ms")) > 1.2 * cpu(&usual));
    assert!(done(&with("filter.antivirus.pass=50 %"), "antispam") < 0.6 * done(&usual, "antispam"));
    assert!(done(&with("filter.antispam.spam_pass=100 %"), "deposit") > 1.4 * done(&usual, "deposit"));
    assert!(done(&with("filter.reject-list.stage=content"), "accept") > 1.05 * done(&usual, "accept"));
    assert!(done(&with("population.subscribers.spam=80 %"), "reject-list") > 2.0 * done(&usual, "reject-list"));
}

#[test]
fn a_session_draws_the_same_with_and_without_filters() {
    let count = |options: &[&str]| {
        let all: Vec<&str> =
            options.iter().copied().chain(["population.subscribers.spam=0 %", "time.warm_up=60 s"]).collect();
        let summary = run(&scanned(&all), 1);
        (summary.services["pop3"].offered, summary.services["smtp"].offered)
    };
    assert_eq!(count(&["filter={}", "level={}"]), count(&[]));
}
