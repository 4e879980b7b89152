//! Network Load Balancing through the whole program: who gets what, and what it costs every host.

use crate::support::{resolve, run};
use crate::theory::assert_exact;
use mxplan::analytic::{Bound, Resource, offered};
use mxplan::deployment::deployment;
use mxplan::experiment::Summary;
use mxplan::planner::{Bench, ReasonCode, enumerate, screen};
use mxplan::scenario::{Prices, Scenario};

const REPLICATIONS: u64 = 20;

/// Mail in and out of eight hosts, in messages of 10 and 20 packets.
const EIGHT: &str = r#"
format = 1
name = "Eight hosts that balance by themselves"
[time]
window = "1000 s"
[arrivals.in]
service = "smtp"
rate = "40 /s"
size = "14600 B"
[arrivals.out]
service = "pop3"
rate = "20 /s"
size = "29200 B"
[service.smtp.operation.accept]
cpu = { exponential = { mean = "10 ms" } }
client_transfer = "upload"
times = "per-message"
round_trips = 5
[service.pop3.operation.retrieve]
cpu = { exponential = { mean = "10 ms" } }
client_transfer = "download"
times = "per-message"
round_trips = 3
[tier.host]
cores = 1
speed = 1.0
network = "10 Mbit/s"
[cluster]
configuration = "multiple-primaries"
[node.primary]
tier = "host"
count = 8
[node.data]
tier = "host"
[routing.default.nlb]
affinity = "none"
filter_cpu = "100 us"
"#;

/// Packets that come in for one session: 4 for the connection, the round trips, 10 of the message and half a one, or half as
/// many to acknowledge 20 and a half.
const PER_SMTP: f64 = 4.0 + 5.0 + 10.5;
const PER_POP3: f64 = 4.0 + 3.0 + 20.5 / 2.0;

fn eight(options: &[&str]) -> Scenario {
    resolve("eight.toml", EIGHT, options)
}

fn cpu_of_filtering() -> f64 {
    (40.0 * PER_SMTP + 20.0 * PER_POP3) * 100e-6
}

/// Sessions per second of a service that were served, on average.
fn served_per_s(summary: &Summary, service: &str) -> f64 {
    summary.services[service].throughput_per_s.estimate.unwrap()
}

#[test]
fn eight_hosts_have_eight_or_seven_of_sixty_buckets_and_check_is_exact() {
    let scenario = eight(&[]);
    let load = offered(&scenario);
    let summary = run(&scenario, REPLICATIONS);
    for host in 0..8 {
        let name = format!("primary-{}", host + 1);
        let share = if host < 4 { 8.0 / 60.0 } else { 7.0 / 60.0 };
        assert_exact(&name, summary.nodes[&name].share_ratio, share, REPLICATIONS);
        let cpu = load.station(host, Resource::Cpu).unwrap();
        assert_eq!(cpu.bound, Bound::Exact);
        // Each session takes 10 ms, and every packet 100 us at every host.
        let by_hand = 60.0 * share * 0.010 + cpu_of_filtering();
        assert!((cpu.utilisation - by_hand).abs() < 1e-12, "{} and {by_hand}", cpu.utilisation);
        assert_exact(&format!("CPU of {name}"), summary.nodes[&name].cpu_ratio, by_hand, REPLICATIONS);
        // Every message that comes in is on every link.
        let wire = load.station(host, Resource::LinkIn).unwrap().utilisation;
        assert!((wire - 40.0 * 14_600.0 / 1.25e6).abs() < 1e-12, "{wire}");
    }
    assert!((load.station(8, Resource::Cpu).unwrap().utilisation).abs() < 1e-12, "the data server filters nothing");
}

#[test]
fn a_blocked_host_filters_all_the_same() {
    let scenario =
        eight(&["routing.smtp.nlb={ affinity = \"none\", filter_cpu = \"100 us\", weights = { primary-8 = 0 } }"]);
    let summary = run(&scenario, REPLICATIONS);
    let load = offered(&scenario);
    for (host, smtp) in [(0, 9.0), (3, 9.0), (4, 8.0), (7, 0.0)] {
        let pop3 = if host < 4 { 8.0 } else { 7.0 };
        let by_hand = (40.0 * smtp + 20.0 * pop3) / 60.0 * 0.010 + cpu_of_filtering();
        let (name, used) = (format!("primary-{}", host + 1), load.station(host, Resource::Cpu).unwrap().utilisation);
        assert!((used - by_hand).abs() < 1e-12, "{name}: {used} and {by_hand}");
        assert_exact(&name, summary.nodes[&name].cpu_ratio, by_hand, REPLICATIONS);
    }
}

#[test]
fn inbound_throughput_stops_at_one_link_however_many_hosts() {
    // 1.25 MB/s are 85.6 messages a second. Up to there all are served, and beyond it, where a link is shared by more and
    // more of them, fewer than that: what is under way and never ends is on the links too.
    let with = |hosts: u32, rate: u32, routing: &str| {
        let text = EIGHT.replace("[routing.default.nlb]\naffinity = \"none\"\nfilter_cpu = \"100 us\"\n", routing);
        let options = [
            format!("node.primary.count={hosts}"),
            format!("arrivals.in.rate={rate} /s"),
            "time.window=200 s".to_owned(),
            "time.warm_up=20 s".to_owned(),
        ];
        let scenario = resolve("x.toml", &text, &options.each_ref().map(String::as_str));
        (offered(&scenario).is_stable(), run(&scenario, 3))
    };
    let nlb = "[routing.default.nlb]\naffinity = \"none\"\n";
    for hosts in [4, 8] {
        let (stable, below) = with(hosts, 80, nlb);
        let wire = below.nodes["primary-1"].link_ratio.estimate.unwrap();
        assert!(stable && (wire - 80.0 * 14_600.0 / 1.25e6).abs() < 0.02, "{hosts} hosts: {wire}");
        assert!((served_per_s(&below, "smtp") - 80.0).abs() < 2.0);
        let (stable, above) = with(hosts, 150, nlb);
        let served = served_per_s(&above, "smtp");
        println!("{hosts} hosts: link {wire:.4} at 80 /s; of 150 /s they take {served:.2}");
        assert!(!stable && !above.unstable.is_empty() && served < 85.6, "{hosts} hosts: {served}");
    }
    // Behind a switch each link has its own part, and each of two clusters has all of its own.
    let within = "[routing.default.switch]\nalgorithm = \"round-robin\"\nwithin = { clusters = 2, nlb = {} }\n";
    for (hosts, routing) in [(4, ""), (8, within)] {
        let (stable, summary) = with(hosts, 150, routing);
        let served = served_per_s(&summary, "smtp");
        println!("{hosts} hosts behind a switch, `{}`: {served:.2} of 150 /s", routing.lines().last().unwrap_or(""));
        assert!(stable && (served - 150.0).abs() < 3.0, "{hosts} hosts: {served}");
    }
}

#[test]
fn single_affinity_keeps_a_proxy_together_and_none_divides_it() {
    let most = |affinity: &str, addresses: u32| {
        let options = [
            &format!("routing.default.nlb.affinity={affinity}"),
            "client_group={ proxy = { share = 1.0, addresses = 200 } }",
            &format!("client_group.proxy.addresses={addresses}"),
            "time.window=300 s",
        ];
        let scenario = eight(&options);
        assert_eq!(offered(&scenario).is_exact(), affinity == "none" && addresses == 200);
        run(&scenario, 4).balance["smtp"].max_over_mean.estimate.unwrap()
    };
    assert!((most("single", 1) - 8.0).abs() < 1e-9 && (most("class-c", 200) - 8.0).abs() < 1e-9);
    // The 65 thousand ports of one address: each host's part is within 1 % of 8 or 7 of 60 by itself.
    assert!((most("none", 1) - 8.0 / 7.5).abs() < 0.05 && (most("none", 200) - 8.0 / 7.5).abs() < 0.05);
    let many = most("single", 200);
    assert!(many > 1.1 && many < 2.0, "200 addresses fall on eight hosts by chance: {many}");
}

#[test]
fn two_clusters_behind_a_switch_filter_for_themselves() {
    let routing = "routing.default={ switch = { algorithm = \"round-robin\", within = { clusters = 2, nlb = { affinity = \
                   \"none\", filter_cpu = \"100 us\" } } } }";
    let scenario = eight(&[routing, "node.primary.count=7"]);
    let (load, summary) = (offered(&scenario), run(&scenario, REPLICATIONS));
    // Four hosts and three, each cluster with half of the sessions.
    for host in 0..7 {
        let name = format!("primary-{}", host + 1);
        let share = if host < 4 { 1.0 / 8.0 } else { 1.0 / 6.0 };
        let by_hand = 60.0 * share * 0.010 + cpu_of_filtering() / 2.0;
        let cpu = load.station(host, Resource::Cpu).unwrap();
        assert!(cpu.bound == Bound::Exact && (cpu.utilisation - by_hand).abs() < 1e-12, "{name}: {}", cpu.utilisation);
        assert_exact(&name, summary.nodes[&name].share_ratio, share, REPLICATIONS);
        assert_exact(&name, summary.nodes[&name].cpu_ratio, by_hand, REPLICATIONS);
        let wire = load.station(host, Resource::LinkIn).unwrap().utilisation;
        assert!((wire - 20.0 * 14_600.0 / 1.25e6).abs() < 1e-12, "{wire}");
    }
}

#[test]
fn thirty_two_hosts_are_a_cluster_and_thirty_three_are_two() {
    let most = eight(&["node.primary.count=32", "time.window=60 s"]);
    // 28 hosts with 2 of 60 buckets and 4 with one.
    assert!(run(&most, 2).nodes["primary-32"].share_ratio.estimate.unwrap() < 0.025);
    let routing = "routing.default={ switch = { algorithm = \"round-robin\", within = { clusters = 2, nlb = {} } } }";
    let two = eight(&["node.primary.count=33", routing, "time.window=60 s"]);
    let hosts: Vec<usize> = two.cluster.nlb_clusters().iter().map(|cluster| cluster.hosts.len()).collect();
    assert_eq!(hosts, [17, 16]);
    assert!(run(&two, 1).services["smtp"].served > 2_000);
    // Or a name with two addresses, each of them that of a cluster.
    let routing = "routing.default={ round-robin-dns = { ttl = \"0 s\", within = { clusters = 2, nlb = {} } } }";
    let two = eight(&["node.primary.count=33", routing, "time.window=60 s"]);
    assert_eq!(two.cluster.nlb_clusters().len(), 2);
    let summary = run(&two, 2);
    let share = |hosts: std::ops::RangeInclusive<u32>| -> f64 {
        hosts.map(|host| summary.nodes[&format!("primary-{host}")].share_ratio.estimate.unwrap()).sum()
    };
    // 7 200 sessions: a standard error of a half is 0.006.
    assert!((share(1..=17) - 0.5).abs() < 0.03 && (share(1..=17) + share(18..=33) - 1.0).abs() < 1e-9);
    // Each host looks at the packets of its own cluster alone: half as many.
    let cpu = summary.nodes["primary-33"].cpu_ratio.estimate.unwrap();
    let one = run(&eight(&["time.window=60 s"]), 2).nodes["primary-8"].cpu_ratio.estimate.unwrap();
    assert!(cpu < 0.75 * one, "{cpu} and {one}");
}

/// Four hosts with 15 of 60 buckets each, of which the second fails.
fn failing(fault: &str, window_s: u32, options: &[&str]) -> Summary {
    let fault = format!("fault.crash={{ {fault} }}");
    let rate = format!("arrivals.in.rate={RATE_PER_S} /s");
    let (window, host) = (format!("time.window={window_s} s"), "tier.host={ cores = 1, speed = 1.0 }");
    let work = "service.smtp.operation.accept={ cpu = { exponential = { mean = \"2 ms\" } } }";
    let (count, warm_up) = ("node.primary.count=4", "time.warm_up=5 s");
    let all = [&[count, &rate, "arrivals.out.rate=0.001 /s", host, work, &window, warm_up, &fault], options].concat();
    run(&eight(&all), FAILURES)
}

const RATE_PER_S: f64 = 400.0;
const FAILURES: u64 = 60;

/// Sessions that were sent to the second host and met no answer, in each of the failures.
fn unanswered(summary: &Summary) -> f64 {
    summary.nodes["primary-2"].unanswered.unwrap() as f64 / FAILURES as f64
}

/// Holds the number that met no answer against `seconds` of the quarter of the sessions, of which up to `varies` are uniform.
fn assert_hole(what: &str, summary: &Summary, seconds: f64, varies: f64) {
    let (per_s, found) = (RATE_PER_S / 4.0, unanswered(summary));
    let variance = per_s * seconds + per_s * per_s * varies * varies / 12.0;
    let (due, error) = (per_s * seconds, (variance / FAILURES as f64).sqrt());
    println!("{what}: {found:.1} of {due:.1} ± {error:.1} met no answer");
    assert!(4.0 * error < 0.03 * due, "{what}: an error of {error} shows little about {due}");
    assert!((found - due).abs() < 4.0 * error, "{what}: {found} and not {due} ± {error}");
}

#[test]
fn buckets_are_a_black_hole_from_the_failure_to_the_end_of_the_convergence() {
    let stop = "component = \"primary-2\", kind = \"stop\", at = \"5 s\", lasts = \"30 s\"";
    let summary = failing(stop, 60, &[]);
    // Noticed after 4 to 5 s, agreed on 3 s later.
    assert_hole("stop", &summary, 4.5 + 3.0, 1.0);
    // Packets are sent again after 3 and after 9 s, and the last of these is answered by whoever has the bucket then.
    let smtp = &summary.services["smtp"];
    assert_eq!((smtp.refused, smtp.timed_out), (0, 0), "a machine that is down refuses nobody here");
    assert!(smtp.lost > 0 && smtp.lost < 100 * FAILURES, "only who was there when it failed: {}", smtp.lost);
    // It serves for 5 s and from 3 s after the repair on; the others have a third more meanwhile.
    let at = |name: &str| summary.nodes[name].cpu_ratio.estimate.unwrap();
    let served = |seconds: f64| RATE_PER_S / 4.0 * 0.002 * seconds / 60.0;
    let filtered = |seconds: f64| RATE_PER_S * 4.0 * 100e-6 * seconds / 60.0;
    let (failed, other) = (served(60.0 - 33.0) + filtered(30.0), served(60.0 + 33.0 / 3.0) + filtered(60.0));
    assert!((at("primary-2") / failed - 1.0).abs() < 0.03, "{} and {failed}", at("primary-2"));
    assert!((at("primary-1") / other - 1.0).abs() < 0.03, "{} and {other}", at("primary-1"));
    // A machine that hangs sends no heartbeats either; who has a connection to it waits in vain.
    let hung =
        failing(&stop.replace("stop", "hang"), 60, &["client_group={ all = { share = 1.0, timeout = \"10 s\" } }"]);
    assert_hole("hang", &hung, 4.5 + 3.0, 1.0);
    assert!(hung.services["smtp"].timed_out as f64 >= unanswered(&hung) * FAILURES as f64);
}

#[test]
fn a_host_that_is_drained_loses_nobody_and_gets_nobody_new() {
    let drain = "component = \"primary-2\", kind = \"maintenance\", at = \"5 s\", lasts = \"40 s\"";
    // And it is restarted meanwhile, with nobody there: only sessions of a second would be hit.
    let restart = "fault.restart={ component = \"primary-2\", kind = \"stop\", at = \"20 s\", lasts = \"10 s\" }";
    let summary = failing(drain, 60, &[restart]);
    let smtp = &summary.services["smtp"];
    assert_eq!((smtp.refused, smtp.timed_out, smtp.lost, unanswered(&summary) as u64), (0, 0, 0, 0));
    // It has its part but from 8 to 48 s, and looks at packets but from 20 to 30 s.
    let due = RATE_PER_S / 4.0 * 0.002 * 20.0 / 60.0 + RATE_PER_S * 4.0 * 100e-6 * 50.0 / 60.0;
    let used = summary.nodes["primary-2"].cpu_ratio.estimate.unwrap();
    assert!((used / due - 1.0).abs() < 0.03, "{used} and {due}");
}

#[test]
fn nobody_notices_a_service_that_is_down() {
    let summary = failing("component = \"primary-2.smtp\", kind = \"stop\", at = \"5 s\", lasts = \"50 s\"", 60, &[]);
    assert_hole("a service", &summary, 50.0, 0.0);
    let (refused, met) = (summary.services["smtp"].refused, summary.nodes["primary-2"].unanswered.unwrap());
    assert_eq!(refused, met, "a machine that works refuses for it");
}

#[test]
fn the_terms_of_the_cluster_make_the_hole() {
    let stop = "component = \"primary-2\", kind = \"black-hole\", at = \"5 s\"";
    for (option, seconds, varies) in [
        ("routing.default.nlb.heartbeat=2 s", 9.0 + 3.0, 2.0),
        ("routing.default.nlb.heartbeats_missed=10", 9.5 + 3.0, 1.0),
        ("routing.default.nlb.convergence=10 s", 4.5 + 10.0, 1.0),
    ] {
        assert_hole(option, &failing(stop, 25, &[option]), seconds, varies);
    }
    // Two clusters fail apart from each other: half of two hosts behind a switch is as much as a quarter of four.
    let within = "routing.default={ switch = { algorithm = \"random\", within = { clusters = 2, nlb = { affinity = \"none\" } } } }";
    let summary = failing(stop, 25, &[within]);
    assert_hole(within, &summary, 4.5 + 3.0, 1.0);
    assert_eq!(summary.services["smtp"].timed_out, 0, "the other host of the cluster takes them");
}

#[test]
fn a_plan_pays_for_no_switch_and_turns_down_more_than_thirty_two_hosts() {
    let plan = "plan={ configurations = [\"multiple-primaries\"], tiers = [\"host\"], data_tiers = [\"host\"], most_primaries = 33 }";
    let level = "level={ mail = { service = \"smtp\", share = \"90 %\", under = \"10 s\" } }";
    let of = |options: &[&str]| {
        let scenario = eight(&[&[plan, level], options].concat());
        let plan = scenario.plan.clone().unwrap();
        let candidates = enumerate(&scenario, &plan);
        let last = candidates.iter().find(|candidate| candidate.primaries == 33).unwrap().clone();
        let verdict = screen(&mut Bench::new(&scenario, &plan), &plan, &last).map_err(|rejection| rejection.reason);
        (last, verdict)
    };
    let (nlb, verdict) = of(&[]);
    let reason = verdict.unwrap_err();
    assert_eq!(reason.code, ReasonCode::TooManyHosts);
    assert_eq!(reason.text, "a cluster of Network Load Balancing has at most 32 hosts, not 33");
    let within = "routing.default={ switch = { algorithm = \"random\", within = { clusters = 2, nlb = {} } } }";
    let ((two, fits), (switch, _)) = (of(&[within]), of(&["routing.default={ switch = { algorithm = \"random\" } }"]));
    assert!(fits.is_ok(), "{fits:?}");
    assert_eq!([nlb.balancer(), switch.balancer(), two.balancer()], [Some("nlb"), Some("switch"), Some("switch, nlb")]);
    assert_eq!(
        [nlb.cost.0, switch.cost.0, two.cost.0],
        [0, Prices::built_in().switch.0, Prices::built_in().switch.0],
        "the hosts of the test cost nothing"
    );
    assert!(nlb.complexity < switch.complexity && switch.complexity < two.complexity);
}

#[test]
fn a_design_without_a_switch_needs_an_edition_and_has_one_device_less_that_can_fail() {
    let written = deployment(&eight(&[]));
    assert_eq!(written.single_points_of_failure, ["data"]);
    assert!(
        written.requirements.iter().any(|need| need.contains("an edition of Windows that has Network Load Balancing"))
    );
    assert!(written.steps.iter().any(|step| step.contains("the same port rules as the others")));
    assert!(!written.requirements.iter().any(|need| need.contains("a balancer in front")));
}
