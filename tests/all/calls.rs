//! Work at another place than the session's own node: inner calls, filters with machines of their own, remote servers; and
//! clients that think.

use crate::support::{resolve, run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::Summary;

const CALLS: &str = "theory/calls.toml";

fn cpu(summary: &Summary, node: &str) -> f64 {
    summary.nodes[node].cpu_ratio.estimate.unwrap()
}

#[test]
fn every_station_of_a_chain_of_calls_behaves_as_if_it_stood_alone() {
    let scenario = scenario(CALLS, &[]);
    let summary = run(&scenario, 40);
    // A message of 100 KB takes 10 ms on each link. By hand, in the order web, imap, data: CPU, link in, link out.
    let by_hand = [("web", 0.3, 0.3), ("imap", 0.7, 0.35), ("data", 0.35, 0.35)];
    for (node, processor, link) in by_hand {
        let index = scenario.cluster.nodes.iter().position(|own| own.name == node).unwrap();
        assert_exact(&format!("{node} CPU"), summary.nodes[node].cpu_ratio, processor, 40);
        assert_exact(&format!("{node} link"), summary.nodes[node].link_ratio, link, 40);
        let checked = offered(&scenario).station(index, Resource::Cpu).unwrap().utilisation;
        assert!((checked - processor).abs() < 1e-12, "{node}: {checked}");
    }
    // One call: imap CPU 20/(1-0.7), data CPU 10/(1-0.35), five links of 10 ms: out of data and into imap, out of imap and
    // into web at 0.35, 0.35, 0.35, 0.30; a session of imap itself ends with its own link out.
    let ms = |service: f64, used: f64| service / (1.0 - used) / 1_000.0;
    let store = ms(20.0, 0.7) + ms(10.0, 0.35) + 2.0 * ms(10.0, 0.35);
    let fetch = store + (30.0 * (ms(10.0, 0.35) + ms(10.0, 0.3)) + 5.0 * ms(10.0, 0.35)) / 35.0;
    assert_exact("fetch", summary.services["imap"].operations["fetch"].response_s.mean, fetch, 40);
    let page = ms(10.0, 0.3) + store + ms(10.0, 0.35) + 2.0 * ms(10.0, 0.3);
    assert_exact("page", summary.services["webmail"].response_s.mean, page, 40);
    let done = summary.services["imap"].operations["fetch"].done as f64;
    assert!((done / summary.services["imap"].served as f64 / 7.0 - 1.0).abs() < 0.02, "{done} calls and sessions");
}

#[test]
fn who_runs_the_other_service_itself_calls_nobody() {
    let options =
        ["cluster.configuration=stand-alone", "node={ primary = { tier = \"unit\" } }", "arrivals.web.rate=20 /s"];
    let scenario = scenario(CALLS, &options);
    let summary = run(&scenario, 8);
    // 20 pages of 10 + 20 ms and 5 sessions of 20 ms; what is loaded crosses no network, what the client gets does.
    assert!((cpu(&summary, "primary") - 0.7).abs() < 0.02, "{}", cpu(&summary, "primary"));
    let link = summary.nodes["primary"].link_ratio.estimate.unwrap();
    assert!((link - 0.25).abs() < 0.01, "{link}");
}

#[test]
fn a_caller_holds_a_worker_of_the_other_service_too() {
    let usual = run(&scenario(CALLS, &["time.window=1000 s"]), 4);
    let one = run(&scenario(CALLS, &["time.window=1000 s", "service.imap.workers=4"]), 4);
    let mean = |summary: &Summary, service: &str| summary.services[service].response_s.mean.estimate.unwrap();
    let (waits, usually) = (mean(&one, "webmail"), mean(&usual, "webmail"));
    assert!(waits > 1.1 * usually, "web mail waits for workers of imap: {waits} after {usually}");
    assert!(one.nodes["imap"].workers_ratio["imap"].estimate.unwrap() > 0.5);
    assert!((cpu(&one, "imap") - cpu(&usual, "imap")).abs() < 0.02, "the same work is done");
}

const OFFICE: &str = r#"
format = 1
name = "office"
[time]
window = "2000 s"
[arrivals.read]
service = "web"
rate = "20 /s"
operations = ["open", "read"]
messages = 2
[service.web.operation.open]
cpu = { exponential = { mean = "5 ms" } }
[service.web.operation.read]
cpu = { exponential = { mean = "10 ms" } }
think = { exponential = { mean = "5 s" } }
times = "per-message"
[tier.unit]
cores = 1
speed = 1.0
[cluster]
configuration = "stand-alone"
[node.primary]
tier = "unit"
"#;

#[test]
fn people_who_think_hold_sessions_and_not_the_processor() {
    let summary = run(&resolve("office.toml", OFFICE, &[]), 40);
    // An open network: 20 · 25 ms = 0.5 of a shared core; each execution takes its own time over 0.5.
    let response = 0.025 / 0.5;
    assert_exact("CPU", summary.nodes["primary"].cpu_ratio, 0.5, 40);
    assert_exact("response", summary.services["web"].response_s.mean, response, 40);
    // Little: sessions are under way while their clients think.
    assert_exact("sessions", summary.services["web"].concurrency, 20.0 * (10.0 + response), 40);
}

#[test]
fn a_worker_is_held_for_the_session_or_for_the_operation() {
    let with = |option: &str| {
        let options = ["time.window=600 s", "service.web.workers=20", option];
        run(&resolve("office.toml", OFFICE, &options), 4)
    };
    // 201 sessions under way, of which one is worked on: 20 workers do for the operations and not for the sessions.
    let (session, operation) =
        (with("service.web.worker_for=\"session\""), with("service.web.worker_for=\"operation\""));
    let held = |summary: &Summary| summary.nodes["primary"].workers_ratio["web"].estimate.unwrap();
    assert!(held(&session) > 0.99, "{}", held(&session));
    assert!((held(&operation) - 1.0 / 20.0).abs() < 0.01, "{}", held(&operation));
    let p95 = |summary: &Summary| summary.services["web"].response_s.p95.estimate.unwrap();
    assert!(p95(&session) > 100.0 * p95(&operation), "{} and {}", p95(&session), p95(&operation));
}

#[test]
fn mail_for_elsewhere_waits_for_other_servers_and_for_its_turn() {
    // 2.25 messages a second leave (2.5 submitted, nine of ten); each takes 30 s elsewhere.
    let file = "regional-isp.toml";
    let slow =
        ["service.smtp.operation.relay.remote_latency={ exponential = { mean = \"30 s\" } }", "time.window=3600 s"];
    let relay = |summary: &Summary| summary.services["smtp"].operations["relay"].response_s.mean.estimate.unwrap();
    let usual = run(&scenario(file, &slow), 4);
    assert!((relay(&usual) / 30.0 - 1.0).abs() < 0.05, "{}", relay(&usual));
    // On three nodes 22.5 at a time each: 25 at a time make it wait, 15 are too few for ever.
    let few = run(&scenario(file, &[slow[0], slow[1], "service.smtp.operation.relay.concurrency=25"]), 4);
    let deposit = |summary: &Summary| summary.services["smtp"].operations["deposit"].response_s.mean.estimate.unwrap();
    assert!((deposit(&few) / deposit(&usual) - 1.0).abs() < 0.1, "local mail has a line of its own");
    let short = run(&scenario(file, &[slow[0], slow[1], "service.smtp.operation.relay.concurrency=15"]), 4);
    let done = |summary: &Summary| summary.services["smtp"].operations["relay"].done as f64;
    // Throughput is at most the places over the latency.
    let most = 3.0 * 15.0 / 30.0 * 4.0 * 3_600.0;
    assert!(done(&short) < 1.03 * most && done(&short) > 0.97 * most, "{} of {most}", done(&short));
}

#[test]
fn filters_with_machines_of_their_own_take_the_load_off_the_primaries() {
    let file = "regional-isp-scanned.toml";
    let own = [
        "time.window=1800 s",
        "filter.antivirus.place=\"filter-tier\"",
        "filter.antispam.place=\"filter-tier\"",
        "node={ primary = { tier = \"dual-xeon-3000\", count = 2 }, data = { tier = \"dual-piii-1000-raid\" }, \
         filter = { tier = \"dual-xeon-3000\", count = 5 } }",
    ];
    let scanned = scenario(file, &own);
    let summary = run(&scanned, 8);
    let load = offered(&scanned);
    for (index, node) in scanned.cluster.nodes.iter().enumerate() {
        let measured = summary.nodes[&node.name].cpu_ratio;
        let (low, high) = (measured.low.unwrap(), measured.high.unwrap());
        let computed = load.station(index, Resource::Cpu).unwrap().utilisation;
        assert!((low - 0.01..high + 0.01).contains(&computed), "{}: {computed}, not {low} to {high}", node.name);
        let incoming = load.station(index, Resource::LinkIn).unwrap().utilisation;
        assert!(incoming > 0.0, "{} gets messages", node.name);
    }
    assert!(cpu(&summary, "filter-1") > 10.0 * cpu(&summary, "primary-1"));
    assert_eq!(summary.nodes["filter-1"].role, "filter");
    assert_eq!(summary.nodes["filter-1"].share_ratio.estimate, None, "it has no sessions of its own");
}
