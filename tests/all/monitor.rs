//! The external monitor through the whole program: when it notices, what its orders do, and what is lost meanwhile.

use crate::support::{resolve, run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::appraise;
use mxplan::cluster::{Moments, Observed};
use mxplan::experiment::{Control, MonitorSummary, Summary, simulate};
use mxplan::report::{self, warnings};
use mxplan::scenario::Scenario;

const SWITCH: &str = "{ switch = { algorithm = \"round-robin\" } }";
const NLB: &str = "{ nlb = { affinity = \"none\" } }";
const DNS: &str = "{ round-robin-dns = { ttl = \"60 s\" } }";
/// Clients that try no other address; where there is DNS, of resolvers that obey and give each another order.
const CLIENTS: &str = "client_group={ all = { share = 1.0, addresses = 100_000, next_address = false } }";
const RESOLVERS: [&str; 4] = [
    "client_group.all.resolvers=50",
    "client_group.all.resolver_skew=0.0",
    "client_group.all.stretchers=0.0",
    "client_group.all.pinners=0.0",
];
/// Polls at 10, 70, 130 s and so on.
const FIXED: &str = "phase = \"10 s\"";
/// When the second node fails, and for how long, where nothing else is said.
const AT: &str = "at = \"30 s\", lasts = \"300 s\"";

/// Four nodes on which a session is next to nothing, reached in some way and polled, of which one fails.
fn watched(routing: &str, monitor: &str, fault: &str, options: &[&str]) -> Scenario {
    let (routing, monitor) = (format!("routing.default={routing}"), format!("monitor={{ {monitor} }}"));
    let fault = format!("fault.x={{ {fault} }}");
    let mut all = vec!["service.job.operation.work.cpu=100 us", "time.warm_up=0 s", "time.window=600 s", CLIENTS];
    all.extend([&*routing, &monitor, &fault, "arrivals.job.rate=20 /s"]);
    all.extend(RESOLVERS.iter().filter(|_| routing.contains("dns")));
    all.extend(options);
    scenario("theory/split.toml", &all)
}

fn observed(scenario: &Scenario, replication: u64) -> Observed {
    simulate(scenario, replication, &Control::default()).unwrap().observed
}

/// What was done about the second node.
fn second(observed: &Observed) -> Moments {
    observed.monitor.as_ref().unwrap().first[1]
}

fn seconds(moment: Option<u64>) -> Option<f64> {
    moment.map(|ns| ns as f64 / 1e9)
}

fn of(summary: &Summary) -> &MonitorSummary {
    summary.monitor.as_ref().unwrap()
}

#[test]
fn every_key_decides_when_a_node_is_out_and_back() {
    // It fails at 30 s and works again at 330 s. Three polls fail at 70, 130 and 190 s and two pass at 370 and 430 s; each
    // order takes 5 s. Who does not answer has 10 s.
    for (keys, kind, removed_s, returned_s) in [
        ("", "stop", 195.0, 435.0),
        ("", "hang", 205.0, 435.0),
        ("", "black-hole", 205.0, 435.0),
        ("timeout = \"2 s\"", "hang", 197.0, 435.0),
        ("interval = \"20 s\"", "stop", 75.0, 355.0),
        ("interval = \"20 s\", phase = \"5 s\"", "stop", 90.0, 370.0),
        ("interval = \"11 s\"", "hang", 69.0, 356.0),
        ("fall = 1", "stop", 75.0, 435.0),
        ("rise = 1", "stop", 195.0, 375.0),
        ("rise = 3", "stop", 195.0, 495.0),
        ("action_delay = \"30 s\"", "stop", 220.0, 460.0),
    ] {
        let phase = if keys.contains("phase") { String::new() } else { format!(", {FIXED}") };
        let keys = format!("{keys}{phase}");
        let fault = format!("component = \"primary-2\", kind = \"{kind}\", {AT}");
        let found = second(&observed(&watched(SWITCH, keys.trim_start_matches(", "), &fault, &[]), 0));
        let (removed, returned) = (seconds(found.removed_ns), seconds(found.returned_ns));
        println!("{kind}{keys}: out at {removed:?} s, back at {returned:?} s, by hand {removed_s} and {returned_s}");
        assert_eq!((removed, returned), (Some(removed_s), Some(returned_s)), "{kind}, {keys}");
        let noticed = seconds(found.noticed_ns).unwrap();
        let delay = if keys.contains("action_delay") { 30.0 } else { 5.0 };
        assert!((removed_s - noticed - delay).abs() < 1e-9, "{keys}: noticed at {noticed}");
    }
}

#[test]
fn a_failure_between_two_polls_is_never_noticed() {
    let fault = "component = \"primary-2\", kind = \"stop\", at = \"80 s\", lasts = \"40 s\"";
    let summary = run(&watched(SWITCH, FIXED, fault, &[]), 2);
    assert_eq!((of(&summary).noticed, of(&summary).removed, of(&summary).nodes.len()), (0, 0, 0));
    // Two polls fail and the third passes: it takes all back.
    let fault = "component = \"primary-2\", kind = \"stop\", at = \"60 s\", lasts = \"100 s\"";
    assert_eq!(of(&run(&watched(SWITCH, FIXED, fault, &[]), 2)).noticed, 0);
}

#[test]
fn phases_are_random_so_that_detection_is_uniform_over_an_interval() {
    const REPLICATIONS: u64 = 600;
    for (keys, kind, interval_s, failures_s) in [
        ("", "stop", 60.0, 150.0 + 5.0),
        ("", "hang", 60.0, 150.0 + 10.0 + 5.0),
        ("fall = 1", "black-hole", 60.0, 30.0 + 10.0 + 5.0),
        ("interval = \"5 s\"", "hang", 5.0, 12.5 + 5.0 + 5.0),
    ] {
        let fault = format!("component = \"primary-2\", kind = \"{kind}\", at = \"30 s\"");
        let scenario = watched(SWITCH, keys, &fault, &["time.window=240 s", "arrivals.job.rate=1 /s"]);
        let found =
            (0..REPLICATIONS).map(|index| seconds(second(&observed(&scenario, index)).removed_ns).unwrap() - 30.0);
        let found: Vec<f64> = found.collect();
        let (mean, error) =
            (found.iter().sum::<f64>() / REPLICATIONS as f64, interval_s / (12.0 * REPLICATIONS as f64).sqrt());
        println!("{kind}, {keys}: out after {mean:.2} ± {error:.2} s, by hand {failures_s}");
        // Four standard errors of a uniform number are below 2 % where three polls have to fail.
        assert!((mean - failures_s).abs() < 4.0 * error, "{kind}, {keys}: {mean} and not {failures_s}");
        assert!(found.iter().all(|found| (found - failures_s).abs() <= interval_s / 2.0 + 1e-6));
        let early = found.iter().filter(|found| **found < failures_s - interval_s / 4.0).count() as f64;
        assert!((early - 150.0).abs() < 4.0 * (600.0_f64 * 0.25 * 0.75).sqrt(), "{early} of 600 in the first quarter");
    }
}

/// A way to the nodes, what fails, and what there is beside the polls until nobody is sent there any more, in seconds.
struct Way {
    name: &'static str,
    routing: &'static str,
    fault: &'static str,
    answers: bool,
    more_s: fn(f64) -> f64,
    /// What of that varies from replication to replication, as a variance.
    more_varies: fn(f64) -> f64,
}

/// A resolver that is asked so often keeps an answer for a minute and 50 ms, and has none until it is asked again: the time
/// for which it has an old one is uniform with that probability.
fn residual_s(per_s: f64) -> (f64, f64) {
    let (keeps, gap) = (60.05, 50.0 / per_s);
    let has = keeps / (keeps + gap);
    let mean = has * keeps / 2.0;
    (mean, (has * keeps * keeps / 3.0 - mean * mean) / 50.0)
}

const WAYS: [Way; 3] = [
    Way {
        name: "switch without checks, stop",
        routing: SWITCH,
        fault: "component = \"primary-2\", kind = \"stop\"",
        answers: true,
        more_s: |_| 0.0,
        more_varies: |_| 0.0,
    },
    Way {
        name: "NLB, hung service",
        routing: NLB,
        fault: "component = \"primary-2.job\", kind = \"hang\"",
        answers: false,
        more_s: |_| 3.0,
        more_varies: |_| 0.0,
    },
    Way {
        name: "DNS with a TTL of 60 s, stop",
        routing: DNS,
        fault: "component = \"primary-2\", kind = \"stop\"",
        answers: true,
        more_s: |per_s| residual_s(per_s).0,
        more_varies: |per_s| residual_s(per_s).1,
    },
];

#[test]
fn sessions_failed_per_outage_grow_with_the_interval_as_by_hand() {
    const REPLICATIONS: u64 = 100;
    println!("{:30}{:>9}{:>22}{:>9}", "sessions failed per outage", "interval", "simulated", "by hand");
    for way in &WAYS {
        for (interval_s, per_s) in [(5.0, 80.0), (15.0, 80.0), (60.0, 40.0), (300.0, 10.0)] {
            let silent = if way.answers { 0.0 } else { 10.0_f64.min(interval_s) };
            let detection_s = 2.5 * interval_s + silent + 5.0;
            let seconds = detection_s + (way.more_s)(per_s);
            let lasts = 3.0 * interval_s + 90.0;
            let fault = format!("{}, at = \"10 s\", lasts = \"{lasts} s\"", way.fault);
            let options = [format!("time.window={} s", lasts + 15.0), format!("arrivals.job.rate={per_s} /s")];
            let interval = format!("interval = \"{interval_s} s\"");
            let scenario = watched(way.routing, &interval, &fault, &options.each_ref().map(String::as_str));
            let (mut failed, mut out_s) = (0, 0.0);
            for replication in 0..REPLICATIONS {
                let observed = observed(&scenario, replication);
                failed += observed.nodes[1].desks[0].unanswered;
                out_s += self::seconds(second(&observed).removed_ns).unwrap() - 10.0;
            }
            let each_s = per_s / 4.0;
            let (found, due) = (failed as f64 / REPLICATIONS as f64, each_s * seconds);
            let variance = each_s * each_s * (interval_s * interval_s / 12.0 + (way.more_varies)(per_s)) + due;
            let error = (variance / REPLICATIONS as f64).sqrt();
            println!("{:30}{interval_s:>7} s{found:>14.1} ± {error:<5.1}{due:>9.1}", way.name);
            assert!((found - due).abs() < 4.0 * error, "{}, {interval_s} s: {found} and not {due} ± {error}", way.name);
            // The same with the moments of the orders as they were: only chance of arrivals, and of caches, is left.
            let known = each_s * (out_s / REPLICATIONS as f64 + (way.more_s)(per_s));
            let error = ((each_s * each_s * (way.more_varies)(per_s) + due) / REPLICATIONS as f64).sqrt();
            assert!(4.0 * error < 0.05 * due, "an error of {error} shows little about {due}");
            assert!((found - known).abs() < 4.0 * error, "{}, {interval_s} s: {found} and not {known}", way.name);
        }
    }
}

#[test]
fn who_has_pinned_an_address_stays_with_it_when_the_zone_has_lost_it() {
    // Every session asks the zone, but those of clients that have asked before the address was taken out at 195 s and were
    // not started again since: after a time t still e^(-t / 200 s) of them.
    const REPLICATIONS: u64 = 20;
    let clients = [
        "client_group.all.pinners=1.0",
        "client_group.all.pin_life=200 s",
        "client_group.all.resolver_cache=false",
        "arrivals.job.rate=40 /s",
    ];
    let summary =
        run(&watched(DNS, FIXED, "component = \"primary-2\", kind = \"stop\", at = \"30 s\"", &clients), REPLICATIONS);
    let due = 10.0 * (165.0 + 200.0 * (1.0 - (-405.0_f64 / 200.0).exp())) * REPLICATIONS as f64;
    let found = summary.nodes["primary-2"].unanswered.unwrap() as f64;
    println!("pinned: {found} sent in vain, by hand {due:.0} ± {:.0}", due.sqrt());
    // A Poisson number: 4 standard errors are 1.6 %.
    assert!((found - due).abs() < 4.0 * due.sqrt(), "{found} and not {due}");
}

#[test]
fn answers_that_are_stretched_live_on_longer() {
    let found = |more: &[&str]| {
        let fault = "component = \"primary-2\", kind = \"stop\", at = \"30 s\"";
        run(&watched(DNS, FIXED, fault, more), 20).nodes["primary-2"].unanswered.unwrap() as f64
    };
    let per_s = 5.0 * 20.0;
    let stretched = ["client_group.all.stretchers=1.0", "client_group.all.stretch_to=4 min"];
    for (more, residual_s) in [
        (&["routing.default.round-robin-dns.ttl=0 s"][..], 0.0),
        (&[], residual_s(20.0).0),
        (&stretched, 240.05 / 2.0 * 240.05 / 242.55),
    ] {
        let (found, due) = (found(more), per_s * (165.0 + residual_s));
        // A thousand caches: a standard error of 2.2 s in those 120 s, and less in the others.
        println!("{more:?}: {found} sent in vain, by hand {due:.0}");
        assert!((found / due - 1.0).abs() < 0.035, "{more:?}: {found} and not {due}");
    }
}

#[test]
fn the_load_that_answers_hide_follows_the_zone() {
    // Without one of four addresses from 195 to 435 s of 600: a quarter of 360 s, and of the residual 60 s half.
    let rotated = run(&watched(DNS, FIXED, &format!("component = \"primary-2\", kind = \"stop\", {AT}"), &[]), 20);
    let residual = residual_s(20.0).0;
    // What is hidden after the return is as much as what lives on after the removal.
    let ratio = rotated.dns.as_ref().unwrap().first_address_ratio["primary-2"].estimate.unwrap();
    let due = 0.25 * (1.0 - 240.0 / 600.0);
    println!("hidden load of the second node: {ratio:.4}, by hand {due:.4}; residual {residual:.1} s");
    assert!((ratio / due - 1.0).abs() < 0.02, "{ratio} and not {due}");
    let shares: f64 = rotated.dns.unwrap().first_address_ratio.values().map(|share| share.estimate.unwrap()).sum();
    assert!((shares - 1.0).abs() < 1e-9, "{shares}");
}

#[test]
fn the_last_address_stays() {
    // The first of two is out from 195 s and the second can't follow at 255 s; all go there until it is repaired at 400 s.
    let faults = [
        "node.primary.count=2",
        "routing.default.round-robin-dns.ttl=0 s",
        "fault.y={ component = \"primary-2\", kind = \"stop\", at = \"100 s\", lasts = \"300 s\" }",
    ];
    let fault = "component = \"primary-1\", kind = \"stop\", at = \"30 s\"";
    let summary = run(&watched(DNS, FIXED, fault, &faults), 20);
    let monitor = of(&summary);
    assert_eq!((monitor.noticed, monitor.removed, monitor.last_address_kept), (40, 20, Some(20)));
    assert_eq!(monitor.nodes["primary-2"].removed_s, None);
    let in_vain = |node: &str| summary.nodes[node].unanswered.unwrap() as f64 / 20.0;
    let (first, second) = (10.0 * 165.0, 10.0 * 95.0 + 20.0 * 205.0);
    println!("{} and {} sent in vain, by hand {first} and {second}", in_vain("primary-1"), in_vain("primary-2"));
    // Poisson numbers of 33 000 and 101 000: 4 standard errors are 2.2 and 1.3 %.
    assert!((in_vain("primary-1") / first - 1.0).abs() < 0.022 && (in_vain("primary-2") / second - 1.0).abs() < 0.013);
    // If the first comes back, the second goes, and if that comes back too, there are two again.
    let summary = run(&watched(DNS, FIXED, &format!("{fault}, lasts = \"250 s\""), &faults), 2);
    assert_eq!((of(&summary).removed, of(&summary).returned, of(&summary).last_address_kept), (4, 4, Some(2)));
    assert_eq!(of(&summary).nodes["primary-2"].removed_s.unwrap().estimate, Some(375.0));
}

/// Two services on four hosts.
fn two_services(routing: &str, options: &[&str]) -> Scenario {
    let text = include_str!("../../scenarios/theory/split.toml")
        .replace("[tier.unit]", "[arrivals.mail]\nservice = \"mail\"\nrate = \"20 /s\"\n[service.mail.operation.put]\ncpu = \"100 us\"\n[tier.unit]")
        .replace("[routing.default.switch]\nalgorithm = \"random\"\n", "[monitor]\nphase = \"10 s\"\n");
    let routing = format!("routing={routing}");
    let mut all = vec!["service.job.operation.work.cpu=100 us", "arrivals.job.rate=20 /s", "time.warm_up=0 s"];
    all.extend(["time.window=1000 s", CLIENTS, &*routing]);
    all.extend(["fault.x={ component = \"primary-2.job\", kind = \"hang\", at = \"30 s\", lasts = \"590 s\" }"]);
    all.extend(["fault.y={ component = \"primary-2.mail\", kind = \"stop\", at = \"100 s\", lasts = \"230 s\" }"]);
    all.extend(options);
    resolve("two.toml", &text, &all)
}

#[test]
fn one_failed_service_stops_a_host_and_all_have_to_pass_before_it_comes_back() {
    // `job` does not answer at 70, 130 and 190 s, so that the host is told to leave at 205 s and has left at 208 s, with its
    // `mail`, which has failed at 250 s and is back at 435 s; `job` is back at 735 s, and the host 3 s later.
    const REPLICATIONS: u64 = 40;
    let summary = run(&two_services("{ default = { nlb = { affinity = \"none\" } } }", &[]), REPLICATIONS);
    let monitor = of(&summary);
    assert_eq!((monitor.noticed, monitor.removed, monitor.returned), (80, 40, 40));
    let first = &monitor.nodes["primary-2"];
    let moment = |estimate: Option<mxplan::stats::Estimate>| estimate.unwrap().estimate;
    assert_eq!([moment(first.removed_s), moment(first.returned_s)], [Some(205.0), Some(735.0)]);
    assert_exact("share", summary.nodes["primary-2"].share_ratio, 0.25 * (1.0 - 0.530), REPLICATIONS);
    // Those of `job` fail from 30 to 208 s and those of `mail` from 100 s on.
    let in_vain = summary.nodes["primary-2"].unanswered.unwrap() as f64 / (5.0 * REPLICATIONS as f64);
    println!("sent in vain for {in_vain:.1} s, by hand 286");
    assert!((in_vain / 286.0 - 1.0).abs() < 0.025, "{in_vain}");
    assert!(monitor.last_address_kept.is_none(), "there is no zone");
    // A switch takes it out for each service by itself.
    let summary = run(&two_services("{ default = { switch = { algorithm = \"round-robin\" } } }", &[]), REPLICATIONS);
    assert_eq!((of(&summary).removed, of(&summary).returned), (80, 80));
    let out_s = (735.0 - 205.0) + (435.0 - 255.0);
    assert_exact("share", summary.nodes["primary-2"].share_ratio, 0.25 * (1.0 - out_s / 2_000.0), REPLICATIONS);
}

#[test]
fn the_last_thing_before_a_node_is_what_it_is_taken_out_of() {
    let fault = "component = \"primary-2.job\", kind = \"hang\", at = \"30 s\"";
    let behind_switch =
        "{ switch = { algorithm = \"round-robin\", within = { clusters = 2, nlb = { affinity = \"none\" } } } }";
    let switches = "{ round-robin-dns = { within = { clusters = 2, switch = { algorithm = \"round-robin\" } } } }";
    // Out of a pool at 205 s, and of a cluster of hosts 3 s later, whatever stands before: none goes there any more.
    for (routing, in_vain_s, count, zone) in [
        (behind_switch, 178.0, "node.primary.count=4", false),
        (switches, 175.0, "node.primary.count=4", false),
        // Two nodes, and one that has an address for itself.
        (switches, 175.0, "node.primary.count=3", true),
    ] {
        let summary = run(&watched(routing, FIXED, fault, &[count]), 20);
        let found = summary.nodes["primary-2"].unanswered.unwrap() as f64 / (20.0 * 5.0);
        println!("{routing}: sent in vain for {found:.1} s, by hand {in_vain_s}");
        // A Poisson number of 17 500: 4 standard errors are 3 %.
        assert!((found / in_vain_s - 1.0).abs() < 0.03, "{routing}: {found}");
        assert_eq!((of(&summary).removed, of(&summary).last_address_kept.is_some()), (20, zone));
    }
    // That one is taken out of the zone, and its cluster of one is not asked.
    let alone = fault.replace("primary-2", "primary-3");
    let options = ["node.primary.count=3", "routing.default.round-robin-dns.ttl=0 s"];
    let summary = run(&watched(switches, FIXED, &alone, &options), 20);
    let found = summary.nodes["primary-3"].unanswered.unwrap() as f64 / (20.0 * 10.0);
    println!("an address for itself: sent in vain for {found:.1} s, by hand 175");
    assert!((found / 175.0 - 1.0).abs() < 0.022, "{found}");
}

#[test]
fn a_node_takes_part_when_its_switch_and_the_monitor_hold_it_to_be_up() {
    const REPLICATIONS: u64 = 20;
    let with = |check: &str, kind: &str, component: &str, more: &str| {
        let routing = format!("{{ switch = {{ algorithm = \"weighted-round-robin\", check = {{ {check} }}{more} }} }}");
        let fault = format!("component = \"{component}\", kind = \"{kind}\", {AT}");
        run(&watched(&routing, FIXED, &fault, &[]), REPLICATIONS).nodes["primary-2"].share_ratio
    };
    // The switch finds it down at 34.5 s and up at 332.5 s, the monitor has it out from 195 to 435 s.
    let share = |out_s: f64| 0.25 * (1.0 - out_s / 600.0);
    let both = with("phase = \"500 ms\"", "stop", "primary-2", "");
    assert_exact("both", both, share(435.0 - 34.5), REPLICATIONS);
    // A service that hangs is nothing to a check of connections, and after 10 s one to the monitor.
    let one = with("kind = \"tcp\"", "hang", "primary-2.job", "");
    assert_exact("the monitor alone", one, share(435.0 - 205.0), REPLICATIONS);
    // The switch looks at 100, 290 and 480 s, and is the last one to have it back.
    let slow = with("interval = \"190 s\", fall = 1, rise = 1, phase = \"100 s\"", "stop", "primary-2", "");
    assert_exact("the switch is last", slow, share(480.0 - 100.0), REPLICATIONS);
    // It warms up when it comes back to the pool, 40 s in 20 steps.
    let warms = with("phase = \"500 ms\"", "stop", "primary-2", ", slow_start = \"40 s\"");
    let steps = (0..20).map(|step| (0.05 * f64::from(step)).max(0.01)).map(|weight| 2.0 * weight / (3.0 + weight));
    let due = (0.25 * (600.0 - (475.0 - 34.5)) + steps.sum::<f64>()) / 600.0;
    assert_exact("warms up", warms, due, REPLICATIONS);
}

#[test]
fn a_monitor_that_sees_nothing_wrong_leaves_no_trace() {
    let options = ["time.window=300 s", "time.warm_up=60 s"];
    for file in ["regional-isp.toml", "dns-ttl.toml", "nlb-33-hosts.toml"] {
        let sets: Vec<&str> = options.into_iter().chain(["fault={}"]).collect();
        let sets = &sets[..if file == "dns-ttl.toml" { 3 } else { 2 }];
        let without = simulate(&scenario(file, sets), 0, &Control::default()).unwrap();
        let mut with = simulate(&scenario(file, &[sets, &["monitor={}"]].concat()), 0, &Control::default()).unwrap();
        assert_eq!(with.observed.monitor.take().unwrap().noticed, 0, "{file}");
        assert!(with == without, "{file}: polls are no events while nothing is wrong");
        let text = report::run::json(&run(&scenario(file, sets), 1));
        assert!(!text.contains("monitor"), "{file}: what is not there is not written");
    }
}

#[test]
fn nothing_is_lost_or_doubled_whatever_the_monitor_does() {
    // Sessions, jobs, work and stays are held against each other at the end of each replication.
    let routings = [
        "{ switch = { algorithm = \"weighted-least-connections\", check = {}, slow_start = \"30 s\", retries = 2, redispatch = true, \
         persistence = {} } }",
        "{ nlb = {} }",
        "{ round-robin-dns = { ttl = \"30 s\", rotation = \"one-address\" } }",
        "{ round-robin-dns = { ttl = \"30 s\", rotation = \"fixed\" } }",
        "{ round-robin-dns = { within = { clusters = 2, nlb = {} } } }",
    ];
    let clients = [
        "client_group.dial-up.pinners=0.2",
        "client_group.dial-up.resolvers=3",
        "client_group.dial-up.address_choice=sorted",
        "client_group.office.resolver_order=kept",
        "client_group.office.address_choice=shuffled",
    ];
    for routing in routings {
        for kind in ["stop", "hang", "black-hole"] {
            let fault = |name: &str, node: u32, at: u32| {
                format!(
                    "fault.{name}={{ component = \"primary-{node}\", kind = \"{kind}\", at = \"{at} s\", lasts = \"60 s\" }}"
                )
            };
            let (first, other) = (fault("a", 1, 30), fault("b", 2, 60));
            let routing = format!("routing={{ default = {routing} }}");
            let mut sets =
                vec!["population.subscribers.users=60_000", "node.primary.count=3", &routing, &first, &other];
            sets.extend(["time.window=240 s", "time.warm_up=60 s", "monitor={ interval = \"5 s\", fall = 2 }"]);
            sets.extend(clients.iter().filter(|_| routing.contains("dns")));
            let observed = observed(&scenario("regional-isp.toml", &sets), 0).monitor.unwrap();
            assert!(
                observed.noticed >= 2 && observed.removed >= 2 && observed.returned >= 2,
                "{routing}: {observed:?}"
            );
        }
    }
}

#[test]
fn a_run_says_what_the_monitor_did_and_what_it_cannot_do() {
    let fault = format!("component = \"primary-2\", kind = \"stop\", {AT}");
    let scenario = watched(SWITCH, FIXED, &fault, &[]);
    let warned = |scenario: &Scenario| warnings(scenario, &appraise(scenario)).join("\n");
    assert!(!warned(&scenario).contains("never finds out"), "the monitor does");
    let text = report::run::text(&scenario, &run(&scenario, 2), false);
    let said = "the monitor noticed 2 times that a service was down, took nodes out 2 times and put them back 2 times";
    assert!(text.contains(said), "{text}");
    let specific = crate::support::scenario(
        "config-6-service-specific.toml",
        &["monitor={}", "node.pop3.count=2", "time.window=600 s"],
    );
    let warned = warned(&specific);
    assert!(warned.contains("the monitor can do nothing about") && !warned.contains("`pop3`"), "{warned}");
}
