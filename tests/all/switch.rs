//! What a switch knows and can bear, through the whole program.

use crate::support::{resolve, run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Bound, Resource, appraise, offered};
use mxplan::experiment::{Control, Summary, SwitchSummary, simulate};
use mxplan::queueing::erlang::erlang_b;
use mxplan::report::warnings;
use mxplan::scenario::Scenario;

const REPLICATIONS: u64 = 40;

/// Three servers of a hundred sessions a second, and a fourth table of one's own behind the same switch.
fn with_fourth(table: &str, switch: &str, rate: u32, window_s: u32) -> Scenario {
    let fourth = format!("[node.zz]\nrole = \"primary\"\n{table}\n[node.data]");
    let text = include_str!("../../scenarios/theory/split.toml")
        .replace("count = 4", "count = 3")
        .replace("[node.data]", &fourth)
        + "[tier.slow]\ncores = 1\nspeed = 0.25\ndiscipline = \"fcfs\"\n";
    let sets = [
        format!("routing.default.switch={switch}"),
        format!("arrivals.job.rate={rate} /s"),
        format!("time.window={window_s} s"),
    ];
    resolve("switch.toml", &text, &sets.each_ref().map(String::as_str))
}

fn mean(summary: &Summary) -> mxplan::stats::Estimate {
    summary.services["job"].response_s.mean
}

#[test]
fn a_backup_gets_nobody_while_others_are_up() {
    let scenario = with_fourth("tier = \"unit\"\nbackup = true", "{ algorithm = \"round-robin\" }", 240, 200);
    let load = offered(&scenario);
    let summary = run(&scenario, REPLICATIONS);
    for (index, node) in scenario.cluster.nodes.iter().take(4).enumerate() {
        let station = load.station(index, Resource::Cpu).unwrap();
        assert_eq!(station.bound, Bound::Exact);
        if node.backup {
            assert_eq!((station.utilisation, summary.nodes[&node.name].share_ratio.estimate), (0.0, Some(0.0)));
        } else {
            assert!((station.utilisation - 0.8).abs() < 1e-12);
            assert_exact(&node.name, summary.nodes[&node.name].cpu_ratio, 0.8, REPLICATIONS);
        }
    }
    // It does not count as a node that stands idle.
    let balance = &summary.balance["job"];
    assert!(balance.max_over_mean.estimate.unwrap() < 1.001 && balance.interval_max_over_mean.estimate.unwrap() < 1.1);
}

#[test]
fn agents_spare_a_slow_node() {
    // Three nodes of 100 sessions a second and one of 25, and 200 a second come: a fourth of them is twice what it can do.
    let in_turn = "{ algorithm = \"weighted-round-robin\" }";
    let blind = with_fourth("tier = \"slow\"", in_turn, 200, 1_000);
    assert!(!offered(&blind).is_stable());
    let told = "{ algorithm = \"weighted-round-robin\", agent = { interval = \"10 s\" } }";
    let scenario = with_fourth("tier = \"slow\"", told, 200, 1_000);
    let load = offered(&scenario);
    assert!(load.is_stable() && load.station(3, Resource::Cpu).unwrap().bound == Bound::Near);
    let summary = run(&scenario, 10);
    // Where parts are in proportion to what is idle: x / ((1 − x)/3) = (1 − 8x) / (1 − 2(1 − x)/3), or 6x² − 10x + 1 = 0.
    let share = summary.nodes["zz"].share_ratio.estimate.unwrap();
    let fixed_point = (10.0 - 76.0_f64.sqrt()) / 12.0;
    println!("share {share} against {fixed_point}, response {:?}", mean(&summary));
    assert!((share / fixed_point - 1.0).abs() < 0.05, "{share}");
    // Without, the queue of the slow one grows by 25 a second, and half of the sessions that end there have waited for long.
    let blind = mean(&run(&blind, 2)).estimate.unwrap();
    let told = mean(&summary).estimate.unwrap();
    assert!(told < 0.05 * blind, "{told} and {blind}");
}

/// Four nodes on which a session is next to nothing, behind a switch that takes turns and has limits.
fn limited(limits: &str, options: &[&str]) -> Scenario {
    let switch = format!("switch={limits}");
    let mut all =
        vec!["routing.default.switch.algorithm=round-robin", "service.job.operation.work.cpu=100 us", &switch];
    all.extend(options);
    scenario("theory/split.toml", &all)
}

fn of_switch(summary: &Summary) -> &SwitchSummary {
    summary.switch.as_ref().unwrap()
}

#[test]
fn new_connections_wait_at_the_switch_as_for_one_constant_server() {
    let scenario = limited("{ connection_rate = \"100 /s\" }", &["arrivals.job.rate=80 /s", "time.window=1000 s"]);
    let load = offered(&scenario);
    let binding = load.binding().unwrap();
    assert_eq!((binding.resource, binding.owner(&scenario.cluster)), (Resource::SwitchConnections, "switch"));
    assert!((binding.utilisation - 0.8).abs() < 1e-12 && binding.bound == Bound::Exact);
    let summary = run(&scenario, REPLICATIONS);
    assert_exact("used", of_switch(&summary).connections_ratio.unwrap(), 0.8, REPLICATIONS);
    // M/D/1, and 0.1 ms at a node where nobody waits, as they come 10 ms apart.
    assert_exact("mean", mean(&summary), 0.0301, REPLICATIONS);
}

#[test]
fn transfers_both_ways_share_the_throughput_of_the_switch() {
    // 50 uploads of 5 KB and as many downloads in a second, through 1 MB/s: 5 ms / (1 - 0.5).
    let operation = |way: &str| format!("{{ cpu = \"100 us\", client_transfer = \"{way}\" }}");
    let operations = format!("{{ work = {}, back = {} }}", operation("upload"), operation("download"));
    let options = [
        &*format!("service.job.operation={operations}"),
        "arrivals.job.operations=[\"work\", \"back\"]",
        "arrivals.job.rate=50 /s",
        "arrivals.job.size={ exponential = { mean = \"5 KB\" } }",
        "time.window=1200 s",
    ];
    let scenario = limited("{ throughput = \"8 Mbit/s\" }", &options);
    let binding = *offered(&scenario).binding().unwrap();
    assert_eq!(binding.resource, Resource::SwitchThroughput);
    assert!((binding.utilisation - 0.5).abs() < 1e-12, "{}", binding.utilisation);
    let summary = run(&scenario, REPLICATIONS);
    assert_exact("used", of_switch(&summary).throughput_ratio.unwrap(), 0.5, REPLICATIONS);
    for (name, operation) in &summary.services["job"].operations {
        assert_exact(name, operation.response_s.mean, 0.01 + 0.0001, REPLICATIONS);
    }
}

#[test]
fn a_switch_that_is_full_refuses_as_erlang_says() {
    let options = [
        "service.job.operation.work.remote_latency={ exponential = { mean = \"100 ms\" } }",
        "arrivals.job.rate=100 /s",
        "time.window=600 s",
    ];
    let scenario = limited("{ connections = 10 }", &options);
    assert_eq!(offered(&scenario).station(0, Resource::Cpu).unwrap().bound, Bound::AtMost);
    let summary = run(&scenario, REPLICATIONS);
    // 0.1001 s with a law that does not matter (Sevastyanov 1957).
    let lost = erlang_b(10, 100.0 * 0.1001);
    let (switch, job) = (of_switch(&summary), &summary.services["job"]);
    assert_eq!((switch.refused, switch.open_peak), (job.refused, 10));
    assert_exact("connections", switch.open, 10.01 * (1.0 - lost), REPLICATIONS);
    let ratio = job.refused as f64 / job.offered as f64;
    // 2.4 million sessions: a standard error of 0.1 % of the blocking without, and some times that with correlation.
    assert!((ratio / lost - 1.0).abs() < 0.01, "{ratio} and not {lost}");
}

/// Four nodes that take turns in no time, of which the second, or a service on it, fails for 15 of 30 s. Checks are due half
/// a second after each even second, and it fails at an even one.
fn crash(component: &str, kind: &str, switch: &str, options: &[&str]) -> Scenario {
    let fault =
        format!("fault.x={{ component = \"{component}\", kind = \"{kind}\", at = \"10 s\", lasts = \"15 s\" }}");
    let switch = format!("routing.default.switch={{ algorithm = \"round-robin\", {switch} }}");
    let mut all = vec!["service.job.operation.work.cpu=100 us", &switch, &fault];
    all.extend(["arrivals.job.rate=400 /s", "time.window=30 s", "time.warm_up=2 s"]);
    all.extend(options);
    scenario("theory/split.toml", &all)
}

fn sent_in_vain(scenario: &Scenario) -> f64 {
    run(scenario, REPLICATIONS).nodes["primary-2"].unanswered.unwrap() as f64 / REPLICATIONS as f64
}

#[test]
fn a_check_finds_what_its_kind_can_see_after_three_failures() {
    let after = |failures_s: f64| 100.0 * failures_s;
    // The third check fails after 4.5 s, or after 2 s more for each where nobody answers; who is never found has 15 s.
    let (at_once, in_silence, never) = (after(4.5), after(10.5), after(15.0));
    for (component, kind, check, sent) in [
        ("primary-2", "stop", "tcp", at_once),
        ("primary-2", "stop", "service", at_once),
        ("primary-2", "stop", "ping", in_silence),
        ("primary-2", "black-hole", "tcp", in_silence),
        ("primary-2", "black-hole", "ping", in_silence),
        ("primary-2.job", "stop", "tcp", at_once),
        ("primary-2.job", "stop", "ping", never),
        ("primary-2.job", "hang", "service", in_silence),
        ("primary-2.job", "hang", "tcp", never),
        ("primary-2.job", "hang", "ping", never),
    ] {
        let check = format!("check = {{ kind = \"{check}\", phase = \"500 ms\" }}");
        let unanswered = sent_in_vain(&crash(component, kind, &check, &[]));
        println!("{kind} of {component}, {check}: {unanswered:.1} sent in vain, by hand {sent}");
        // Turns are exact: a quarter of the error of a Poisson number, 0.4 % of the smallest one here.
        assert!((unanswered / sent - 1.0).abs() < 0.016, "{kind} of {component}, {check}: {unanswered} and not {sent}");
    }
    let none = sent_in_vain(&crash("primary-2", "stop", "", &[]));
    assert!((none / never - 1.0).abs() < 0.01, "who does not check never finds out: {none}");
}

#[test]
fn a_switch_that_never_looks_is_warned_of() {
    let warned = |switch: &str, kind: &str| {
        let scenario = crash("primary-2", kind, switch, &[]);
        warnings(&scenario, &appraise(&scenario)).iter().any(|warning| warning.contains("a node of `job` is down"))
    };
    assert!(warned("", "stop") && !warned("check = {}", "stop") && !warned("", "maintenance"));
}

#[test]
fn the_keys_of_a_check_decide_when_it_finds_out() {
    // 400 sessions a second, a quarter: 100 for each second.
    for (keys, found_s) in [
        ("interval = \"1 s\"", 2.5),
        ("fall = 1", 0.5),
        ("fall = 5", 8.5),
        ("phase = \"1900 ms\"", 5.9),
        ("kind = \"service\", fall = 2", 2.5),
    ] {
        let phase = if keys.contains("phase") { "" } else { ", phase = \"500 ms\"" };
        let unanswered = sent_in_vain(&crash("primary-2", "stop", &format!("check = {{ {keys}{phase} }}"), &[]));
        assert!((unanswered / (100.0 * found_s) - 1.0).abs() < 0.03, "{keys}: {unanswered}");
    }
    let short = "check = { kind = \"service\", timeout = \"500 ms\", phase = \"500 ms\" }";
    // Each of the three waits for half a second, and the next one begins an interval later.
    let unanswered = sent_in_vain(&crash("primary-2", "hang", short, &[]));
    assert!((unanswered / 600.0 - 1.0).abs() < 0.016, "{unanswered}");
    // And when a repair: after 15 s, the first check one and a half seconds later and `rise` - 1 intervals.
    for (rise, found_s) in [(1, 1.5), (2, 3.5)] {
        let check = format!("check = {{ phase = \"500 ms\", rise = {rise} }}");
        let summary = run(&crash("primary-2", "stop", &check, &[]), REPLICATIONS);
        let missed_s = 15.0 - 4.5 + found_s;
        let exact = 0.25 * (1.0 - missed_s / 30.0);
        assert_exact("share", summary.nodes["primary-2"].share_ratio, exact, REPLICATIONS);
    }
}

#[test]
fn a_crash_at_any_moment_is_found_after_four_to_six_seconds() {
    let scenario = crash("primary-2", "stop", "check = {}", &[]);
    let replications = 60;
    let found_s = (0..replications).map(|replication| {
        let observed = simulate(&scenario, replication, &Control::default()).unwrap().observed;
        observed.nodes[1].desks[0].unanswered as f64 / 100.0
    });
    let found_s: Vec<f64> = found_s.collect();
    // Uniform: a standard error of 2 s / √12 / √60 = 0.075 s; and 0.1 s by the chance of arrivals in a single one.
    let mean = found_s.iter().sum::<f64>() / replications as f64;
    println!("found after {mean:.3} s on average, by hand 5");
    assert!((mean - 5.0).abs() < 0.3, "{mean}");
    assert!(found_s.iter().all(|found| (3.5..6.5).contains(found)), "{found_s:?}");
    assert!(found_s.iter().any(|found| *found < 4.6) && found_s.iter().any(|found| *found > 5.4));
}

#[test]
fn checks_take_core_time_of_the_nodes_that_are_up() {
    // 20 ms of the reference core ten times a second for one service, on cores of twice its speed; in all states of the node
    // but the 15 of 30 s in which it is down.
    let check = "check = { interval = \"100 ms\", cpu = \"20 ms\" }";
    let with = |keys: &str, options: &[&str]| {
        let all = [&["tier.unit.speed=2", "service.job.operation.work.cpu=5 ms"], options].concat();
        crash("primary-2", "stop", keys, &all)
    };
    let (costly, free) = (with(check, &[]), with("check = { interval = \"100 ms\" }", &[]));
    let used = |scenario: &Scenario, node: usize| offered(scenario).station(node, Resource::Cpu).unwrap().utilisation;
    assert!((used(&costly, 0) - used(&free, 0) - 0.1).abs() < 1e-12);
    assert_eq!(used(&costly, 4), used(&free, 4), "nobody checks the data server");
    let ratio = |scenario: &Scenario, node: &str| run(scenario, 2).nodes[node].cpu_ratio.estimate.unwrap();
    for (node, part) in [("primary-1", 1.0), ("primary-2", 0.5)] {
        let taken = ratio(&costly, node) - ratio(&free, node);
        // A check more or less of 300 at each end of the fault.
        assert!((taken - 0.1 * part).abs() < 0.001, "{node}: {taken}");
    }
}

#[test]
fn no_algorithm_sends_anybody_to_a_node_that_is_held_to_be_down() {
    for algorithm in [
        "round-robin",
        "random",
        "weighted-round-robin",
        "least-connections",
        "weighted-least-connections",
        "random-two-choices",
        "source-hash",
        "consistent-hash",
        "least-response-time",
    ] {
        let choose = format!("routing.default.switch.algorithm={algorithm}");
        let scenario = crash("primary-2", "stop", "check = { phase = \"500 ms\" }", &[&choose]);
        let summary = run(&scenario, 2);
        let unanswered = summary.nodes["primary-2"].unanswered.unwrap();
        // Who goes by response times sends nearly everybody there who comes in these 4.5 s, as it refuses at once.
        assert!((400..=3_800).contains(&unanswered), "{algorithm}: {unanswered}");
        assert!(summary.nodes["primary-2"].share_ratio.estimate.unwrap() > 0.05, "{algorithm}: it comes back");
        println!("{algorithm}: {unanswered} of 3 600 that came before it was found were sent in vain");
        // After that nobody fails: all failures are of those who were sent there or were cut off.
        assert_eq!(summary.services["job"].refused, unanswered, "{algorithm}");
    }
}

#[test]
fn a_node_that_comes_back_warms_up() {
    // Found down 4.5 s after 10 s, back at 25 s and found up at 27.5 - 5 s, each from the start of the window.
    let options = ["time.window=80 s", "fault.x.lasts=10 s"];
    let keys = "check = { phase = \"500 ms\" }, slow_start = \"40 s\"";
    let algorithm = "routing.default.switch.algorithm=weighted-round-robin";
    let mut all = options.to_vec();
    all.push(algorithm);
    let summary = run(&crash("primary-2", "stop", keys, &all), REPLICATIONS);
    // Each 2 s its weight is set to the part of the 40 s that has passed, a hundredth at least.
    let steps = (0..20).map(|step| (0.05 * f64::from(step)).max(0.01)).map(|weight| 2.0 * weight / (3.0 + weight));
    let exact = ((14.5 + 80.0 - 62.5) * 0.25 + steps.sum::<f64>()) / 80.0;
    assert_exact("share", summary.nodes["primary-2"].share_ratio, exact, REPLICATIONS);
}

#[test]
fn backups_take_over_when_all_others_are_held_to_be_down() {
    let text = include_str!("../../scenarios/theory/split.toml").replace("count = 4", "count = 2").replace(
        "[node.data]",
        "[node.zz]\nrole = \"primary\"\ntier = \"unit\"\ncount = 2\nbackup = true\n[node.data]",
    );
    for (all_backups, second) in [(false, 0.0), (true, 0.25)] {
        let switch = format!(
            "routing.default.switch={{ algorithm = \"round-robin\", all_backups = {all_backups}, \
             check = {{ phase = \"500 ms\" }} }}"
        );
        let fault = |name: u32| {
            format!(
                "fault.x{name}={{ component = \"primary-{name}\", kind = \"stop\", at = \"10 s\", lasts = \"15 s\" }}"
            )
        };
        let (first, other) = (fault(1), fault(2));
        let sets = ["service.job.operation.work.cpu=100 us", &switch, &first, &other, "arrivals.job.rate=400 /s"];
        let sets: Vec<&str> = sets.into_iter().chain(["time.window=30 s", "time.warm_up=2 s"]).collect();
        let scenario = resolve("backups.toml", &text, &sets);
        let summary = run(&scenario, REPLICATIONS);
        // From 14.5 s, when the last check has failed, to 28.5 s.
        let share = |name: &str| summary.nodes[name].share_ratio;
        let backups = 14.0 / 30.0;
        if second > 0.0 {
            assert_exact("the first", share("zz-1"), backups / 2.0, REPLICATIONS);
            assert_exact("the second", share("zz-2"), backups / 2.0, REPLICATIONS);
        } else {
            assert_exact("the first", share("zz-1"), backups, REPLICATIONS);
            assert_eq!(share("zz-2").estimate, Some(0.0));
        }
    }
}

#[test]
fn a_proxy_tries_again_and_elsewhere_before_its_client_hears_of_it() {
    // A quarter meets the node that is down, all the time, by a draw: a retry takes no turn of others, and goes elsewhere.
    for (kind, keys, seconds) in [
        ("stop", "retries = 3, redispatch = true", 0.0),
        ("black-hole", "retries = 1, redispatch = true, connect_timeout = \"3 s\"", 3.0),
        ("black-hole", "retries = 2, redispatch = true", 5.0),
    ] {
        let draws = "routing.default.switch.algorithm=random";
        let options = ["fault.x.at=0 s", "fault.x.lasts=100 s", "time.window=60 s", draws];
        let summary = run(&crash("primary-2", kind, keys, &options), 5);
        let job = &summary.services["job"];
        assert_eq!((job.refused, job.timed_out), (0, 0), "{kind}, {keys}");
        // Responses are counted where they end, so that those of the first seconds are missing.
        let exact = 0.0001 + 0.25 * seconds * (1.0 - seconds / 60.0) / (1.0 - 0.25 * seconds / 60.0);
        let response = mean(&summary).estimate.unwrap();
        assert!((response / exact - 1.0).abs() < 0.03, "{kind}, {keys}: {response} and not {exact}");
    }
    // Without redispatch they all fail.
    let summary = run(&crash("primary-2", "stop", "retries = 3", &[]), 5);
    let unanswered = summary.nodes["primary-2"].unanswered.unwrap();
    let refused = summary.services["job"].refused;
    // Of the last 3 s some find it repaired.
    assert!(refused < unanswered && refused as f64 > 0.75 * unanswered as f64, "{refused} of {unanswered}");
}

#[test]
fn a_proxy_keeps_to_the_node_of_who_is_remembered_until_the_last_retry() {
    // Everybody comes from one address and is at the first node when it fails, after 10 of 30 s. Who comes then waits through
    // the pauses before the last retry; as soon as the first of them has gone to the second node, everybody goes there.
    for (kind, keys, pauses_s) in [
        ("stop", "retries = 3, redispatch = true", 2.0),
        ("stop", "retries = 1, redispatch = true", 0.0),
        ("stop", "retries = 2, redispatch = true, connect_timeout = \"200 ms\"", 0.2),
        ("black-hole", "retries = 2, redispatch = true, connect_timeout = \"1 s\"", 2.0),
    ] {
        let all = "client_group={ all = { share = 1, addresses = 1 } }";
        let keys = format!("persistence = {{}}, {keys}");
        let summary = run(&crash("primary-1", kind, &keys, &[all]), 5);
        let job = &summary.services["job"];
        assert_eq!((job.refused, job.timed_out), (0, 0), "{kind}, {keys}");
        let mean = mean(&summary).estimate.unwrap();
        // Some of the 400 a second are under way when it fails.
        let exact = 0.0001 + pauses_s * pauses_s / 30.0;
        assert!((mean / exact - 1.0).abs() < 0.05, "{kind}, {keys}: {mean} and not {exact}");
    }
    // A hash has no other node for anybody, as long as no check has found the first one down: after 2.5 s.
    let hash = "routing.default.switch.algorithm=source-hash";
    let keys = "retries = 3, redispatch = true, connect_timeout = \"100 ms\"";
    for (check, least, most) in [("", 1_000, 2_000), (", check = { interval = \"1 s\", phase = \"500 ms\" }", 150, 350)]
    {
        let summary = run(&crash("primary-2", "stop", &format!("{keys}{check}"), &[hash]), 1);
        let refused = summary.services["job"].refused;
        assert!((least..=most).contains(&refused), "{check}: {refused}");
    }
}

#[test]
fn maintenance_keeps_those_who_are_remembered_and_takes_nobody_new() {
    let options = ["fault.x.at=0 s", "fault.x.lasts=100 s"];
    let summary = run(&crash("primary-2", "maintenance", "", &options), 2);
    assert_eq!(summary.nodes["primary-2"].share_ratio.estimate, Some(0.0));
    assert_eq!(summary.services["job"].refused, 0);
    // Everybody comes from one address, and was at the first node before.
    let remembered = "persistence = {}";
    let all: Vec<&str> = options.into_iter().chain(["client_group={ all = { share = 1, addresses = 1 } }"]).collect();
    let summary = run(&crash("primary-1", "maintenance", remembered, &all), 2);
    assert_eq!(summary.nodes["primary-1"].share_ratio.estimate, Some(1.0));
}

#[test]
fn nothing_is_lost_at_a_switch_that_has_every_limit_and_every_key() {
    // The identities are held against each other at the end of each replication.
    for (file, node) in [("regional-isp.toml", "primary-1"), ("today-50k-imap.toml", "primary-1")] {
        for kind in ["stop", "hang", "black-hole", "maintenance"] {
            let fault =
                format!("fault.x={{ component = \"{node}\", kind = \"{kind}\", at = \"30 s\", lasts = \"60 s\" }}");
            let sets = [
                "time.window=200 s",
                "time.warm_up=60 s",
                &fault,
                "routing.default.switch={ algorithm = \"weighted-least-connections\", check = { kind = \"service\" }, \
                 slow_start = \"30 s\", retries = 2, redispatch = true, agent = {}, persistence = {} }",
                "switch={ connection_rate = \"100 /s\", connections = 5000, throughput = \"100 Mbit/s\", latency = \"1 ms\" }",
            ];
            let users = match file {
                "today-50k-imap.toml" => "population.people.users=5000",
                _ => "population.subscribers.users=60_000",
            };
            let sets: Vec<&str> = sets.into_iter().chain([users]).collect();
            let scenario = scenario(file, &sets);
            let record = simulate(&scenario, 0, &Control::default()).unwrap_or_else(|e| panic!("{file} {kind}: {e:?}"));
            assert!(record.observed.switch.unwrap().open_peak > 0);
        }
    }
}

#[test]
fn a_rolling_restart_leaves_the_last_one_empty() {
    // Three nodes of 400 lasting connections each are restarted one after the other, and nobody moves without need. Where
    // those who have to move are dealt out evenly: 400 400 400, 0 600 600, 300 0 900, 750 450 0 of 1200: 62.5, 37.5 and 0 %.
    // Who counts connections fills up the one that was restarted before: 0 600 600, 600 0 600, 600 600 0.
    let text = include_str!("../../scenarios/theory/standing.toml")
        .replace("stand-alone", "multiple-primaries")
        .replace("[node.primary]", "[node.data]\ntier = \"unit\"\n[node.primary]\ncount = 3");
    for (algorithm, shares) in [("round-robin", [0.625, 0.375, 0.0]), ("least-connections", [0.5, 0.5, 0.0])] {
        let fault = |name: u32| {
            format!(
                "fault.x{name}={{ component = \"primary-{name}\", kind = \"stop\", at = \"{} s\", lasts = \"200 s\" }}",
                400 * name
            )
        };
        let switch = format!(
            "routing.default.switch={{ algorithm = \"{algorithm}\", check = {{ interval = \"100 ms\", fall = 1 }} }}"
        );
        let faults = [1, 2, 3].map(fault);
        let options = [
            "arrivals.phone={ service = \"imap\", rate = \"0.00198 /s\", operations = [\"login\"], stays = \"7 days\", \
             reconnect = \"2 min\", visit = { every = \"60 s\", operations = [\"sync\"] } }",
            "time.window=7200 s",
            "time.warm_up=10 s",
            &switch,
        ];
        let options: Vec<&str> = options.into_iter().chain(faults.iter().map(String::as_str)).collect();
        let observed = simulate(&resolve("rolling.toml", &text, &options), 0, &Control::default()).unwrap().observed;
        // What happens on open connections in the second hour tells where they are.
        let visits: Vec<f64> = observed.nodes[..3].iter().map(|node| node.hours[1].sessions as f64).collect();
        let all: f64 = visits.iter().sum();
        let found: Vec<f64> = visits.iter().map(|visits| visits / all).collect();
        println!("{algorithm}: {found:.3?}, by hand {shares:?}");
        // 72 000 visits, a hundred connections that come and go, and a multinomial split of the 1200 where they are drawn.
        let is_near = |(found, due): (&f64, &f64)| (found - due).abs() < 0.02;
        assert!(found.iter().zip(&shares).all(is_near), "{algorithm}: {found:?}");
    }
}
