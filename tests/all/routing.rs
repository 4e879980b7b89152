//! How sessions find a node: the algorithms of a switch against theory and by hand, through the whole program.

use crate::support::{resolve, run, scenario};
use crate::theory::{assert_exact, exact};
use mxplan::analytic::{Bound, Resource, offered};
use mxplan::experiment::{Control, Execution, Rule, Summary, replicate, summarise};
use mxplan::scenario::Scenario;

const REPLICATIONS: u64 = 40;
const SPLIT: &str = "theory/split.toml";

/// `nodes` servers at 80 % of 100 sessions a second each, behind one switch.
fn split(nodes: u32, switch: &str, window_s: u32) -> Scenario {
    let sets = [
        format!("node.primary.count={nodes}"),
        format!("arrivals.job.rate={} /s", 80 * nodes),
        format!("routing.default.switch={switch}"),
        format!("time.window={window_s} s"),
    ];
    scenario(SPLIT, &sets.each_ref().map(String::as_str))
}

fn mean(summary: &Summary) -> mxplan::stats::Estimate {
    summary.services["job"].response_s.mean
}

#[test]
fn least_connections_is_joining_the_shortest_queue() {
    for (nodes, window_s) in [(2, 1_400), (3, 1_000), (4, 800)] {
        let params = format!("N={nodes};d={nodes} (no replacement);rho=0.8;mu=1");
        let of = exact("JSQ", &params, "mean_response_T") / 100.0;
        let summary = run(&split(nodes, "{ algorithm = \"least-connections\" }", window_s), REPLICATIONS);
        assert_exact(&params, mean(&summary), of, REPLICATIONS);
    }
}

#[test]
fn two_choices_differ_as_theory_has_them() {
    for (nodes, window_s) in [(3, 1_000), (4, 800)] {
        let params = format!("N={nodes};d=2 (no replacement);rho=0.8;mu=1");
        let of = exact("PowerOfD_finite", &params, "mean_response_T") / 100.0;
        let summary = run(&split(nodes, "{ algorithm = \"random-two-choices\" }", window_s), REPLICATIONS);
        assert_exact(&params, mean(&summary), of, REPLICATIONS);
    }
}

#[test]
fn two_choices_of_a_thousand_nodes_have_the_mean_of_the_mean_field() {
    // Σ ρ^(2^i − 2), i from 1 (Mitzenmacher 1996; Vvedenskaya, Dobrushin and Karpelevich 1996). What n nodes differ from it
    // is of order 1/n: the exact rows of 3 and 4 nodes are 1.7/n and 1.5/n above, which is 0.1 % for a thousand.
    let limit: f64 = (1..8).map(|i| 0.8_f64.powi(2_i32.pow(i) - 2)).sum::<f64>() / 100.0;
    for replacement in [false, true] {
        let switch = format!("{{ algorithm = \"random-two-choices\", replacement = {replacement} }}");
        let summary = run(&split(1_000, &switch, 2), 20);
        assert_exact(&format!("replacement = {replacement}"), mean(&summary), limit, 20);
    }
}

/// Three servers of which the first is `speed` times as fast as the others, and has a weight.
fn unequal(weight: u32, speed: f64, algorithm: &str, rate: u32) -> Scenario {
    let text = include_str!("../../scenarios/theory/split.toml").replace("count = 4", "count = 2").replace(
        "[node.data]",
        &format!("[node.fast]\ntier = \"fast\"\nrole = \"primary\"\nweight = {weight}\n[node.data]"),
    ) + &format!("[tier.fast]\ncores = 1\nspeed = {speed:.1}\ndiscipline = \"fcfs\"\n");
    let sets = [
        format!("routing.default.switch.algorithm={algorithm}"),
        format!("arrivals.job.rate={rate} /s"),
        "time.window=1000 s".to_owned(),
    ];
    resolve("unequal.toml", &text, &sets.each_ref().map(String::as_str))
}

#[test]
fn weights_split_the_sessions_exactly_and_check_knows_it() {
    let scenario = unequal(3, 3.0, "weighted-round-robin", 400);
    let load = offered(&scenario);
    let summary = run(&scenario, REPLICATIONS);
    for (index, node) in scenario.cluster.nodes.iter().take(3).enumerate() {
        let share = if node.name == "fast" { 0.6 } else { 0.2 };
        let station = load.station(index, Resource::Cpu).unwrap();
        assert_eq!(station.bound, Bound::Exact);
        assert!((station.utilisation - 0.8).abs() < 1e-12, "{}", station.utilisation);
        assert_exact(&node.name, summary.nodes[&node.name].share_ratio, share, REPLICATIONS);
        assert_exact(&node.name, summary.nodes[&node.name].cpu_ratio, 0.8, REPLICATIONS);
    }
    // 3, 1 and 1 of 5: the most is 0.6 of 1/3, and Jain's index 25 / (3 · 11).
    let balance = &summary.balance["job"];
    assert!((balance.max_over_mean.estimate.unwrap() - 1.8).abs() < 1e-4);
    assert!((balance.jain.estimate.unwrap() - 25.0 / 33.0).abs() < 1e-4);
}

#[test]
fn every_algorithm_that_says_so_gives_equal_nodes_equal_parts() {
    for algorithm in ["round-robin", "random", "least-connections", "random-two-choices", "least-response-time"] {
        let scenario = split(4, &format!("{{ algorithm = \"{algorithm}\" }}"), 100);
        assert!(offered(&scenario).is_exact());
        for (name, node) in &run(&scenario, REPLICATIONS).nodes {
            if name.starts_with("primary") {
                assert_exact(&format!("{algorithm}: {name}"), node.cpu_ratio, 0.8, REPLICATIONS);
            }
        }
    }
}

#[test]
fn who_looks_at_connections_spares_slow_nodes_and_who_takes_turns_overloads_them() {
    // 1 + 1 + 3 servers' worth of work at 70 %: a third of it is 117 % of a slow one.
    let in_turn = unequal(1, 3.0, "round-robin", 350);
    assert!(!offered(&in_turn).is_stable());
    let of = |algorithm: &str| {
        let scenario = unequal(3, 3.0, algorithm, 350);
        let load = offered(&scenario);
        assert!(load.is_stable(), "{algorithm}");
        let summary = run(&scenario, 10);
        assert!(summary.unstable.is_empty());
        let near = |node: usize| load.station(node, Resource::Cpu).unwrap();
        if algorithm != "weighted-round-robin" {
            assert_eq!(near(0).bound, Bound::Near);
        }
        // What `check` says is near: the part by what processors can do, which is 70 % of each.
        let used = summary.nodes["primary-1"].cpu_ratio.estimate.unwrap();
        assert!((near(0).utilisation - 0.7).abs() < 1e-9 && (used - 0.7).abs() < 0.2, "{algorithm}: {used}");
        mean(&summary).estimate.unwrap()
    };
    let weighted_turns = of("weighted-round-robin");
    let [least, weighted, fastest] = ["least-connections", "weighted-least-connections", "least-response-time"].map(of);
    println!("{weighted_turns} by weight; {least} least, {weighted} weighted least, {fastest} fastest");
    assert!(weighted < 0.8 * weighted_turns && least < 0.9 * weighted_turns && fastest < weighted_turns);
}

/// Four equal servers, half of the sessions from one proxy and half from addresses that hardly come twice.
fn proxied(switch: &str, addresses: u64) -> Scenario {
    let groups =
        format!("client_group={{ proxy = {{ share = 0.5, addresses = {addresses} }}, home = {{ share = 0.5 }} }}");
    let sets = [&groups, &format!("routing.default.switch={switch}"), "arrivals.job.rate=40 /s", "time.window=1000 s"];
    scenario(SPLIT, &sets)
}

#[test]
fn a_proxy_behind_one_address_is_at_one_node_by_hash_and_by_memory() {
    // That node has half and a quarter of the rest: 0.625 instead of 0.25.
    for switch in [
        "{ algorithm = \"source-hash\" }",
        "{ algorithm = \"random\", persistence = {} }",
        "{ algorithm = \"round-robin\", persistence = { mask = 32, timeout = \"1 min\" } }",
    ] {
        let scenario = proxied(switch, 1);
        assert!(!offered(&scenario).is_exact());
        let summary = run(&scenario, REPLICATIONS);
        assert_exact(switch, summary.balance["job"].max_over_mean, 2.5, REPLICATIONS);
        let jain = 1.0 / (4.0 * (0.625_f64.powi(2) + 3.0 * 0.125_f64.powi(2)));
        assert_exact(switch, summary.balance["job"].jain, jain, REPLICATIONS);
    }
    let even = run(&proxied("{ algorithm = \"random\" }", 1), REPLICATIONS);
    assert!(even.balance["job"].max_over_mean.estimate.unwrap() < 1.05);
}

#[test]
fn a_proxy_of_two_hundred_addresses_is_one_to_a_mask_of_24_bits_and_many_to_one_of_32() {
    let most = |mask: u32| {
        let switch = format!("{{ algorithm = \"random\", persistence = {{ mask = {mask} }} }}");
        run(&proxied(&switch, 200), 10).balance["job"].max_over_mean.estimate.unwrap()
    };
    let (one, many) = (most(24), most(32));
    // 200 remembered addresses fall on four nodes as 50 ± 6 each, and are half of the sessions.
    assert!((one - 2.5).abs() < 0.1 && many < 1.3, "{one} and {many}");
}

#[test]
fn a_memory_shorter_than_the_time_between_two_sessions_is_none() {
    // 20 sessions a second from 2000 addresses: one of them each 100 s.
    let most = |timeout: &str| {
        let switch = format!("{{ algorithm = \"round-robin\", persistence = {{ timeout = \"{timeout}\" }} }}");
        run(&proxied(&switch, 2_000), 10).balance["job"].max_over_mean.estimate.unwrap() - 1.0
    };
    // Who is forgotten takes turns with all others, and the parts are nearly equal.
    let (short, long) = (most("100 ms"), most("1 h"));
    assert!(short < 0.01 && long > 2.0 * short, "{short} and {long}");
}

#[test]
fn a_switch_that_looks_at_contents_gives_each_node_its_domains_with_their_people() {
    // Seven domains of sizes 1, 1/2, … 1/7 on three nodes: the first has the first, fourth and seventh.
    let of = |skew: &str, domains: u32| {
        let sets = [
            "routing.default.switch={ algorithm = \"content\" }",
            "time.window=1500 s",
            "time.warm_up=60 s",
            &format!("population.subscribers.domain_skew={skew}"),
            &format!("population.subscribers.domains={domains}"),
        ];
        let scenario = scenario("regional-isp.toml", &sets);
        assert!(!offered(&scenario).is_exact());
        run(&scenario, REPLICATIONS)
    };
    let summary = of("1.0", 7);
    let part = |ranks: &[u32]| ranks.iter().map(|rank| 1.0 / f64::from(*rank)).sum::<f64>();
    let all = part(&[1, 2, 3, 4, 5, 6, 7]);
    for (node, ranks) in [("primary-1", &[1, 4, 7][..]), ("primary-2", &[2, 5]), ("primary-3", &[3, 6])] {
        assert_exact(node, summary.nodes[node].share_ratio, part(ranks) / all, REPLICATIONS);
    }
    // Six of one size are two for each.
    let even = of("0", 6);
    assert!(even.balance["pop3"].max_over_mean.estimate.unwrap() < 1.05);
}

#[test]
fn shares_over_time_add_up_to_the_sessions_and_show_when_a_node_was_left_out() {
    // Four nodes by fewest connections: those who wait for the silent one count, so that hardly anybody is sent there.
    let fault = "fault.a={ component = \"primary-2\", kind = \"black-hole\", at = \"200 s\", lasts = \"200 s\" }";
    let options =
        ["time.window=600 s", "time.share_interval=100 s", "routing.default.switch.algorithm=least-connections"];
    let scenario = scenario("theory/split.toml", &[&options[..], &[fault]].concat());
    let run = replicate(&scenario, Rule::Count(3), &Control::default(), Execution::InOrder).unwrap();
    for record in &run.records {
        let shares = record.observed.shares.as_ref().unwrap();
        let all: u32 = shares.services[0].iter().flatten().sum();
        assert_eq!(u64::from(all), record.observed.services[0].flow.began);
        let share = |interval: usize| {
            let counts = &shares.services[0][interval];
            f64::from(counts[1]) / f64::from(counts.iter().sum::<u32>())
        };
        assert!((0..6).all(|interval| (share(interval) > 0.2) != [2, 3].contains(&interval)));
    }
    let sheet = mxplan::report::shares::csv(&scenario, &run.records).unwrap();
    assert_eq!(sheet.lines().count(), 1 + 3 * 6 * 4);
    let summary = summarise(&scenario, &run.records, run.stop_reason);
    let balance = &summary.balance["job"];
    // Two of six intervals have three nodes, of which each has a third: 4/3 of the mean of four.
    let over_time = balance.interval_max_over_mean.estimate.unwrap();
    assert!((over_time - (4.0 + 2.0 * 4.0 / 3.0) / 6.0).abs() < 0.05 && balance.interval_s == 100.0, "{over_time}");
}

#[test]
fn inner_calls_are_connections_of_the_service_that_is_called() {
    // Web mail on one node calls IMAP on two, each used to 85 %.
    let with = |algorithm: &str| {
        let second = "[node.second]\ntier = \"unit\"\nservices = [\"imap\"]\n\n[node.imap]";
        let text = include_str!("../../scenarios/theory/calls.toml").replace("[node.imap]", second);
        let sets = [
            &format!("routing.imap.switch.algorithm={algorithm}"),
            "time.window=500 s",
            "arrivals.web.rate=80 /s",
            "arrivals.web.size=1 KB",
            "arrivals.imap.size=1 KB",
            "service.imap.operation.fetch.data_cpu=1 ms",
        ];
        let summary = run(&resolve("calls.toml", &text, &sets), 5);
        summary.services["imap"].operations["fetch"].response_s.mean.estimate.unwrap()
    };
    let (turns, least) = (with("round-robin"), with("least-connections"));
    assert!(least < 0.85 * turns, "{least} and {turns}");
}

#[test]
fn the_shipped_unequal_nodes_need_weights() {
    let of = |algorithm: &str| {
        let sets = [&format!("routing.default.switch.algorithm={algorithm}"), "time.window=300 s"];
        run(&scenario("unequal-nodes.toml", &sets), 2)
    };
    let slow = |summary: &Summary| summary.nodes["slow-1"].cpu_ratio.estimate.unwrap();
    let in_time = |summary: &Summary| summary.levels[0].estimate.estimate.unwrap();
    let in_turn = of("round-robin");
    assert!(in_time(&in_turn) < 0.8 && in_turn.unstable.len() == 2);
    // Most connections wait for their clients, so the slow nodes get as many as the fast ones until they can do no more.
    let least = of("least-connections");
    assert!(slow(&least) > 0.97 && in_time(&least) > in_time(&in_turn), "{}", in_time(&least));
    for algorithm in ["weighted-round-robin", "weighted-least-connections"] {
        let weighted = of(algorithm);
        assert!(slow(&weighted) < 0.75 && weighted.levels[0].met, "{algorithm}: {}", slow(&weighted));
    }
}
