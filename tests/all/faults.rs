//! What fails by script, and what becomes of those who are there or come.

use crate::support::{resolve, run, scenario};
use mxplan::experiment::{Control, Summary, simulate};
use mxplan::scenario::Scenario;

const RATE_PER_S: f64 = 40.0;
const REPLICATIONS: u64 = 10;

/// Four nodes that take turns, each at half of its speed; the second fails for 200 of 600 s.
fn crash(kind: &str, options: &[&str]) -> Scenario {
    let fault = format!(
        "fault.crash={{ component = \"primary-2\", kind = \"{kind}\", at = \"100 s\", lasts = \"200 s\"{} }}",
        if kind == "slow" { ", speed = \"25 %\"" } else { "" }
    );
    let rate = format!("arrivals.job.rate=\"{RATE_PER_S} /s\"");
    let mut all = vec!["time.window=600 s", "time.warm_up=60 s", &rate, "node.primary.count=4", &fault];
    all.extend(["routing.default.switch.algorithm=round-robin", "tier.unit.discipline=processor-sharing"]);
    all.push("service.job.operation.work.cpu={ exponential = { mean = \"50 ms\" } }");
    all.extend(options);
    scenario("theory/split.toml", &all)
}

fn failures(summary: &Summary) -> (u64, u64, u64) {
    let service = &summary.services["job"];
    (service.refused, service.timed_out, service.lost)
}

#[test]
fn who_takes_turns_and_never_looks_sends_a_quarter_to_the_node_that_is_down() {
    // 40 sessions a second, a quarter of them, for 200 s; turns are taken exactly, so the error is a quarter of that of
    // the arrivals, and 1 % is four and a half of them.
    let sent = RATE_PER_S / 4.0 * 200.0 * REPLICATIONS as f64;
    for (kind, is) in [("stop", 0), ("hang", 1), ("black-hole", 2)] {
        let summary = run(&crash(kind, &[]), REPLICATIONS);
        let unanswered = summary.nodes["primary-2"].unanswered.unwrap() as f64;
        assert!((unanswered / sent - 1.0).abs() < 0.01, "{kind}: {unanswered} and not {sent}");
        assert_eq!(summary.nodes["primary-1"].unanswered, Some(0));
        let (refused, timed_out, lost) = failures(&summary);
        match is {
            0 => assert!(refused as f64 == unanswered && timed_out == 0 && lost > 0),
            1 => assert!(timed_out as f64 >= unanswered && refused + lost == 0),
            // Those of the last 21 s send again once it is repaired: of packets at 0, 3 and 9 s the last one reaches it
            // if the repair comes within 9 s, and so does the one at 3 s.
            _ => {
                let saved = unanswered - timed_out as f64;
                let due = RATE_PER_S / 4.0 * 9.0 * REPLICATIONS as f64;
                assert!(refused + lost == 0 && (saved / due - 1.0).abs() < 0.15, "{saved} and not {due}");
            }
        }
    }
}

#[test]
fn a_service_that_fails_leaves_the_others_of_its_node_alone() {
    let fault = "fault.x={ component = \"primary-1.pop3\", kind = \"stop\", at = \"100 s\", lasts = \"300 s\" }";
    let options = ["time.window=600 s", "time.warm_up=100 s", "population.subscribers.users=60_000", fault];
    let summary = run(&scenario("regional-isp.toml", &options), 3);
    assert!(summary.services["pop3"].refused > 30 && summary.services["pop3"].lost > 0);
    assert_eq!((summary.services["smtp"].refused, summary.services["smtp"].lost), (0, 0));
}

#[test]
fn a_slow_machine_does_the_same_work_in_more_time() {
    // Half a load at a quarter of the speed: twice what it can do, for 200 of 600 s and the time to catch up.
    let usual = run(&crash("slow", &["fault.crash.speed=99.9 %"]), 3);
    let slow = run(&crash("slow", &[]), 3);
    let mean = |summary: &Summary| summary.services["job"].response_s.mean.estimate.unwrap();
    assert!(mean(&slow) > 50.0 * mean(&usual), "{} against {}", mean(&slow), mean(&usual));
    assert_eq!(failures(&slow), (0, 0, 0));
}

#[test]
fn nothing_is_lost_or_doubled_whatever_fails() {
    // Sessions, jobs, work and stays are held against each other at the end of each replication; here with failures in
    // every room of the house: calls between nodes, filter tiers, limits, paging, locks, open connections, queues.
    let cases: &[(&str, &str, &[&str])] = &[
        ("regional-isp.toml", "primary-1", &["population.subscribers.users=60_000"]),
        ("regional-isp-scanned.toml", "primary-1", &[]),
        ("config-3-dual-primaries.toml", "primary-2", &["population.subscribers.users=60_000"]),
        ("config-6-service-specific.toml", "pop", &["population.subscribers.users=60_000"]),
        ("memory.toml", "primary-1", &["tier.server.ram=170 MB"]),
        ("today-50k-imap.toml", "primary-1", &["population.people.users=5000"]),
        ("webmail.toml", "primary-1", &[]),
        ("regional-isp.toml", "data", &[]),
        ("regional-isp.toml", "primary-2.link", &["population.subscribers.users=60_000"]),
        ("regional-isp-scanned.toml", "data.link", &[]),
        ("config-3-dual-primaries.toml", "primary-1", &["population.subscribers.users=60_000"]),
        ("config-6-service-specific.toml", "data", &["population.subscribers.users=60_000"]),
        ("today-50k-imap.toml", "data", &["population.people.users=5000"]),
        ("webmail.toml", "data", &[]),
    ];
    for (file, node, options) in cases {
        let plain = scenario(file, &[]);
        let names: Vec<&str> = plain.cluster.nodes.iter().map(|node| node.name.as_str()).collect();
        let known = names.iter().any(|name| node.split('.').next() == Some(name));
        let node = if known { node } else { &names[0] };
        let kinds = if node.ends_with("link") { &["black-hole"][..] } else { &["stop", "hang", "black-hole"] };
        for kind in kinds {
            let fault = |name: &str, at: u32| {
                format!(
                    "fault.{name}={{ component = \"{node}\", kind = \"{kind}\", at = \"{at} s\", lasts = \"40 s\" }}"
                )
            };
            let (first, second) = (fault("a", 30), fault("b", 150));
            let mut all = vec!["time.window=240 s", "time.warm_up=60 s", &first, &second];
            all.extend(*options);
            let scenario = scenario(file, &all);
            for replication in 0..2 {
                let record = simulate(&scenario, replication, &Control::default());
                let observed = record.unwrap_or_else(|e| panic!("{file} {kind}: {e:?}")).observed;
                let failed: u64 = observed.services.iter().map(|service| service.flow.refused).sum();
                assert!(failed > 0, "{file} {kind}: nobody noticed");
            }
        }
    }
}

#[test]
fn work_after_replies_waits_for_the_repair_and_is_done() {
    // A machine at a hundredth of its speed leaves two mails a second in its queue for 100 s; then it stops for 100 s. At a
    // quarter of its usual load they are done half a minute after the repair, and without one they are still there.
    let text = |lasts: &str| {
        format!(
            "format = 1\nname = \"queue\"\n[time]\nwindow = \"600 s\"\nwarm_up = \"10 s\"\n[arrivals.mail]\nservice = \"smtp\"\n\
             rate = \"2 /s\"\noperations = [\"accept\", \"deliver\"]\n[service.smtp.operation.accept]\n\
             [service.smtp.operation.deliver]\ncpu = \"125 ms\"\nreply = \"before\"\n[tier.unit]\ncores = 1\n\
             speed = 1.0\n[cluster]\nconfiguration = \"stand-alone\"\n[node.primary]\ntier = \"unit\"\n[fault.slow]\n\
             component = \"primary\"\nkind = \"slow\"\nspeed = 0.01\nat = \"100 s\"\nlasts = \"100 s\"\n[fault.crash]\n\
             component = \"primary\"\nkind = \"stop\"\nat = \"200 s\"\n{lasts}"
        )
    };
    for (lasts, left) in [("lasts = \"100 s\"\n", 0..10), ("", 150..250)] {
        let scenario = resolve("queue.toml", &text(lasts), &[]);
        for replication in 0..3 {
            let observed = simulate(&scenario, replication, &Control::default()).unwrap().observed;
            let (mail, work) = (observed.services[0].flow, observed.background);
            assert_eq!(mail.ended, work.began, "each leaves its work");
            assert!(left.contains(&work.present_at_end), "{lasts}: {work:?}");
        }
    }
}

#[test]
fn a_machine_that_was_slow_is_as_fast_as_before_afterwards() {
    // Half a load, at a quarter of the speed for 200 s: 40 sessions a second less 20 a second wait at its end, and are done
    // at 20 - 10 a second: 100 s for 10 /s x 200 s x (1 - 1/2): after 400 s it is as if nothing had been.
    let longer = |at: &str| run(&crash("slow", &["time.window=2000 s", &format!("fault.crash.at=\"{at} s\"")]), 3);
    let early = longer("100");
    let cpu = early.nodes["primary-2"].cpu_ratio.estimate.unwrap();
    // Busy for the 200 s and the 100 s after them, and by half for the other 1700 s.
    let due = (300.0 + 0.5 * 1_700.0) / 2_000.0;
    assert!((cpu / due - 1.0).abs() < 0.03, "{cpu} and not {due}");
}

#[test]
fn every_key_of_a_fault_and_of_patience_moves_what_it_is_about() {
    type Watched = fn(&Summary) -> f64;
    let unanswered: Watched = |s| s.nodes["primary-2"].unanswered.unwrap() as f64;
    let present: Watched = |s| s.services["job"].concurrency.estimate.unwrap();
    let saved: Watched = |s| s.nodes["primary-2"].unanswered.unwrap() as f64 - s.services["job"].timed_out as f64;
    let mean: Watched = |s| s.services["job"].response_s.mean.estimate.unwrap();
    let group = |key: &str| format!("client_group={{ all = {{ share = \"100 %\", {key} }} }}");
    // The sessions that wait are 10 a second for so long; the others are four at a time.
    let rows: &[(&str, String, Watched, std::ops::Range<f64>)] = &[
        ("stop", "fault.crash.lasts=100 s".into(), unanswered, 0.48..0.52),
        // From 500 s on, it lasts to the end of the window.
        ("stop", "fault.crash.at=500 s".into(), unanswered, 0.48..0.52),
        ("stop", "fault.crash.component=primary-3".into(), unanswered, 0.0..0.001),
        ("stop", "fault.crash.kind=hang".into(), |s| s.services["job"].timed_out as f64 + 1.0, 1e3..1e5),
        ("slow", "fault.crash.speed=10 %".into(), mean, 1.5..4.0),
        ("hang", group("timeout = \"30 s\""), present, 0.45..0.55),
        ("black-hole", group("connect_timeout = \"2 s\""), present, 0.09..0.2),
        // Packets at 0, 1, 3, 7 and 15 s: who comes in the last 15 s is saved, and not in the last 9.
        ("black-hole", group("first_resend = \"1 s\""), saved, 1.5..1.85),
    ];
    for (kind, option, watched, factor) in rows {
        let (before, after) = (watched(&run(&crash(kind, &[]), 3)), watched(&run(&crash(kind, &[option]), 3)));
        println!("{kind}, {option}: {before:.3} → {after:.3}");
        assert!(factor.contains(&(after / before)), "`{option}`: {before} → {after} is not within {factor:?}");
    }
}

#[test]
fn broken_connections_are_opened_again_within_the_time_of_their_kind() {
    let fault = "fault.crash={ component = \"primary\", kind = \"stop\", at = \"100 s\", lasts = \"1 ms\" }";
    let options = [
        "time.window=400 s",
        fault,
        "arrivals.phone.stays=1 h",
        "arrivals.phone.visit.every=1000 s",
        "service.imap.operation.login.cpu=100 us",
    ];
    let number = |reconnect: &str| {
        let reconnect = format!("arrivals.phone.reconnect={reconnect}");
        let with: Vec<&str> = options.iter().copied().chain([reconnect.as_str()]).collect();
        run(&scenario("theory/standing.toml", &with), 3).services["imap"].standing.unwrap().estimate.unwrap()
    };
    // All are gone at 100 s and come back evenly over the time: half of it is lacking, of 400 s.
    let (at_once, slowly) = (number("1 s"), number("200 s"));
    assert!((slowly / at_once - 0.75).abs() < 0.03, "{at_once} → {slowly}");
}
