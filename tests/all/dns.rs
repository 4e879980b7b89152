//! Round-robin DNS: what caches, resolvers and clients make of a list of addresses, by hand and through the whole program.

use crate::support::{resolve, run, scenario};
use crate::theory::{assert_exact, exact};
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::{Control, Execution, Rule, replicate};
use mxplan::scenario::Scenario;
use mxplan::stats::{CONFIDENCE, student_t};

const SPLIT: &str = "theory/split.toml";

/// `nodes` servers found by DNS, and sessions from one group of clients.
fn found_by(nodes: u32, zone: &str, clients: &str, more: &[&str]) -> Scenario {
    let sets = [
        format!("node.primary.count={nodes}"),
        format!("routing={{ default = {{ round-robin-dns = {zone} }} }}"),
        format!("client_group={{ all = {{ share = 1.0, {clients} }} }}"),
    ];
    let sets: Vec<&str> = sets.iter().map(String::as_str).chain(more.iter().copied()).collect();
    scenario(SPLIT, &sets)
}

/// Caches that do as they are told, and clients that take what they get.
const OBEDIENT: &str = "stretchers = 0, pinners = 0";

#[test]
fn equal_resolvers_that_keep_nothing_give_equal_shares() {
    let clients = format!("resolver_skew = 0, resolver_order = \"kept\", {OBEDIENT}");
    for rotation in ["random", "one-address"] {
        let zone = format!("{{ ttl = \"0 s\", rotation = \"{rotation}\" }}");
        let scenario = found_by(4, &zone, &clients, &["arrivals.job.rate=300 /s", "time.window=200 s"]);
        let summary = run(&scenario, 20);
        for node in 1..=4 {
            assert_exact(rotation, summary.nodes[&format!("primary-{node}")].share_ratio, 0.25, 20);
        }
        let dns = summary.dns.unwrap();
        assert_eq!((dns.queries, dns.hits), (summary.services["job"].offered, 0));
    }
}

#[test]
fn one_address_for_each_of_a_hundred_unequal_resolvers_is_as_uneven_as_known() {
    // Mean of max/mean over random assignments of 100 resolvers by Zipf's law to n addresses.
    const ASSIGNMENTS: u64 = 2_000;
    for (nodes, known) in [(2, 1.207), (4, 1.596), (7, 2.168)] {
        let zone = "{ ttl = \"7 days\", rotation = \"one-address\" }";
        let more = ["arrivals.job.rate=20 /s", "time.window=1 s", "time.warm_up=0 s"];
        let scenario = found_by(nodes, zone, OBEDIENT, &more);
        let summary = run(&scenario, ASSIGNMENTS);
        let uneven = summary.dns.unwrap().hidden_load["job"].max_over_mean;
        let error = uneven.half_width().unwrap() / student_t(ASSIGNMENTS as usize - 1, (1.0 + CONFIDENCE) / 2.0);
        let (mean, limit) = (uneven.estimate.unwrap(), 3.0 * error + 0.001);
        println!("{nodes} addresses: {mean} ± {error}, known {known}");
        assert!((mean - known).abs() < limit && limit < 0.04, "{nodes}: {mean} ± {error} and not {known}");
    }
}

#[test]
fn sessions_follow_the_answers_that_resolvers_keep() {
    let zone = "{ ttl = \"7 days\", rotation = \"one-address\" }";
    let more = ["arrivals.job.rate=20000 /s", "time.window=1 s", "time.warm_up=0 s", "tier.unit.speed=200.0"];
    let scenario = found_by(4, zone, OBEDIENT, &more);
    assert!(!offered(&scenario).is_exact());
    for seed in 1..4 {
        let summary = run(&Scenario { seed, ..scenario.clone() }, 2);
        let hidden = &summary.dns.as_ref().unwrap().first_address_ratio;
        for (node, hidden) in hidden {
            let (share, hidden) = (summary.nodes[node].share_ratio.estimate.unwrap(), hidden.estimate.unwrap());
            assert!((share - hidden).abs() < 4.0 * (0.25_f64 / 40_000.0).sqrt(), "{node}: {share} and {hidden}");
        }
        assert!(summary.dns.unwrap().hits > 39_000);
    }
}

/// Standard deviation of the first node's share over stretches of 5 s with 6 sessions a second each.
fn herd(order: &str, resolvers: u32, ttl_s: u32) -> (f64, f64) {
    const STRETCHES: u64 = 2_000;
    let clients = format!("resolvers = {resolvers}, resolver_order = \"{order}\", {OBEDIENT}");
    let more = ["arrivals.job.rate=6 /s", "time.window=5 s", "time.warm_up=0 s"];
    let scenario = found_by(2, &format!("{{ ttl = \"{ttl_s} s\" }}"), &clients, &more);
    let run = replicate(&scenario, Rule::Count(STRETCHES), &Control::default(), Execution::InOrder).unwrap();
    let shares: Vec<f64> = run
        .records
        .iter()
        .map(|record| [0, 1].map(|node| record.observed.nodes[node].sessions as f64))
        .map(|[first, second]| first / (first + second))
        .collect();
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    let squares = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>();
    (mean, (squares / (shares.len() - 1) as f64).sqrt())
}

#[test]
fn a_cache_that_keeps_the_order_sends_its_clients_in_a_herd() {
    // As a coin that is thrown when the answer expires, which happens in one of six stretches: then the share is that of
    // two coins, two thirds of the variance. The laboratory saw 1.00 ± 0 in a minute of one cache, and 0.44 ± 0.12 of one
    // that rotates, where 30 sessions alone make 0.09.
    let (mean, kept) = herd("kept", 1, 30);
    let refreshed = 5.0 / (30.0 + 1.0 / 6.0);
    let by_hand = (0.25 * (1.0 - refreshed / 3.0_f64)).sqrt();
    println!("kept: {mean} ± {kept}, by hand {by_hand}");
    assert!((mean - 0.5).abs() < 4.0 * by_hand / 2_000_f64.sqrt() && (kept - by_hand).abs() < 0.01);
    let (mean, rotated) = herd("rotated", 1, 30);
    let by_hand = (0.25_f64 / 29.0).sqrt();
    println!("rotated: {mean} ± {rotated}, by hand {by_hand}");
    assert!((mean - 0.5).abs() < 0.01 && (rotated - by_hand).abs() < 0.01, "{mean} ± {rotated}");
    // Four equal caches are four coins; and without a time to live there is no herd.
    assert!((herd("kept", 1, 0).1 - by_hand).abs() < 0.01);
    let four = herd("kept", 4, 30).1;
    assert!(four < 0.35 && four > 0.2, "{four}");
}

#[test]
fn a_cache_answers_as_often_as_renewals_have_it() {
    // Ten resolvers of 1 a second each: of 10 lookups in a time to live of 9 s and until the next client, one goes to the zone.
    let clients = format!("resolvers = 10, resolver_skew = 0, {OBEDIENT}");
    let more = ["arrivals.job.rate=10 /s", "time.window=500 s", "time.warm_up=0 s"];
    let ratio = |zone: &str, clients: &str| {
        let dns = run(&found_by(2, zone, clients, &more), 20).dns.unwrap();
        dns.hits as f64 / (dns.hits + dns.queries) as f64
    };
    let hits = ratio("{ ttl = \"9 s\" }", &clients);
    assert!((hits - 0.9).abs() < 0.002, "{hits}");
    assert!(ratio("{ ttl = \"9 s\" }", &format!("{clients}, resolver_cache = false")).abs() < 1e-12);
    // Half of them keep it for 99 s: of 100 lookups one goes to the zone.
    let clients = "resolvers = 10, resolver_skew = 0, stretchers = \"50 %\", stretch_to = \"99 s\", pinners = 0";
    let hits = ratio("{ ttl = \"9 s\" }", clients);
    assert!((hits - 0.945).abs() < 0.01, "{hits}");
}

/// Two servers in two networks far apart, with clients that sort what they get.
fn far_apart(choice: &str, more: &[&str]) -> Scenario {
    let text = include_str!("../../scenarios/theory/dns.toml")
        .replace("[node.primary]\ntier = \"unit\"\ncount = 2", "[node.east]\ntier = \"unit\"\nrole = \"primary\"")
        .replace(
            "[node.data]",
            "address = \"10.0.0.1\"\n[node.west]\ntier = \"unit\"\nrole = \"primary\"\naddress = \"200.0.0.1\"\n[node.data]",
        );
    let sets = [&*format!("client_group.all.address_choice={choice}"), "client_group.all.resolver_order=rotated"];
    resolve("far-apart.toml", &text, &[&sets, more].concat())
}

#[test]
fn clients_that_sort_addresses_are_all_where_theirs_are() {
    // Addresses of the group begin with 0 or with 1, as one of the servers does.
    let most = |choice: &str| run(&far_apart(choice, &[]), 2).balance["job"].max_over_mean.estimate.unwrap();
    assert!((most("sorted") - 2.0).abs() < 1e-12);
    assert!(most("first") < 1.1 && most("shuffled") < 1.1);
    assert!(!offered(&far_apart("sorted", &[])).is_exact() && offered(&far_apart("shuffled", &[])).is_exact());
}

#[test]
fn who_pins_comes_again_to_the_same_address_and_asks_once_in_a_life() {
    // A hundred clients of 1 session in 10 s each and lives of 100 s: one lookup in 1 + 10 sessions.
    let pinned = ["client_group.all.pinners=1.0", "client_group.all.pin_life=100 s", "time.window=2000 s"];
    let one = ["client_group.all.addresses=1", "time.window=10 s", "time.warm_up=0 s"];
    for order in ["kept", "rotated"] {
        let order = format!("client_group.all.resolver_order={order}");
        let summary = run(&scenario("theory/dns.toml", &[&pinned[..], &[&order]].concat()), 10);
        let (dns, offered) = (summary.dns.unwrap(), summary.services["job"].offered as f64);
        let lookups = (dns.queries + dns.hits) as f64 / offered;
        assert!((lookups * 11.0 - 1.0).abs() < 0.03, "{order}: {lookups}");
        // A single client changes in one of ten windows of 10 s, and in half of these to the other address: 5 % of sd 1/2.
        let single = scenario("theory/dns.toml", &[&pinned[..], &one, &[&order]].concat());
        let records = replicate(&single, Rule::Count(400), &Control::default(), Execution::InOrder).unwrap().records;
        let split = records.iter().filter(|record| (0..2).all(|node| record.observed.nodes[node].sessions > 0));
        let (split, first) =
            (split.count(), records.iter().filter(|record| record.observed.nodes[0].sessions > 0).count());
        assert!((5..40).contains(&split), "{order}: {split} of 400 windows have sessions on both");
        assert!((160..260).contains(&first), "{order}: {first} of 400 windows have sessions on the first");
    }
}

#[test]
fn each_address_may_be_a_cluster_of_its_own() {
    let zone = "{ ttl = \"0 s\", round_trip = \"0 s\", within = { clusters = 2, switch = { algorithm = \"least-connections\" } } }";
    let more = ["arrivals.job.rate=320 /s", "time.window=200 s"];
    let scenario = found_by(4, zone, OBEDIENT, &more);
    assert!(offered(&scenario).is_exact());
    let summary = run(&scenario, 20);
    for node in 1..=4 {
        assert_exact("a node of two clusters", summary.nodes[&format!("primary-{node}")].share_ratio, 0.25, 20);
    }
    let names: Vec<String> = summary.dns.unwrap().first_address_ratio.into_keys().collect();
    assert_eq!(names, ["primary-1..primary-2", "primary-3..primary-4"]);
    // Each is two nodes behind a switch of their own: the exact mean of joining the shorter of two queues at 80 %.
    let of = exact("JSQ", "N=2;d=2 (no replacement);rho=0.8;mu=1", "mean_response_T") / 100.0;
    let response = summary.services["job"].response_s.mean;
    assert!((response.estimate.unwrap() / of - 1.0).abs() < 0.03, "{response:?} and {of}");
    // Five nodes are two and three.
    let five = run(&found_by(5, zone, OBEDIENT, &more), 2);
    let share = |node: &str| five.nodes[node].share_ratio.estimate.unwrap();
    assert!((share("primary-1") - 1.0 / 6.0).abs() < 0.02 && (share("primary-5") - 0.25).abs() < 0.02);
}

#[test]
fn a_lookup_takes_its_trips_and_the_name_servers_time() {
    // Every session asks the zone: 20 ms to the resolver, three trips of 50 ms, and 5 ms of a CPU that is used at 50 %.
    let sets = [
        "client_group.all.resolver_cache=false",
        "client_group.all.resolver_rtt=20 ms",
        "routing.default.round-robin-dns.trips=3",
        "dns={ cpu = { exponential = { mean = \"5 ms\" } } }",
        "arrivals.job.rate=100 /s",
        "time.window=400 s",
    ];
    let scenario = scenario("theory/dns.toml", &sets);
    let load = offered(&scenario);
    let server = scenario.cluster.nodes.iter().position(|node| node.name == "name-server").unwrap();
    let station = load.station(server, Resource::Cpu).unwrap();
    assert!(load.is_exact() && (station.utilisation - 0.5).abs() < 1e-12);
    let summary = run(&scenario, 40);
    assert_exact("name server", summary.nodes["name-server"].cpu_ratio, 0.5, 40);
    let lookup = 0.020 + 3.0 * 0.050 + 0.005 / 0.5;
    assert_exact("lookup", summary.services["job"].link_s.mean, lookup, 40);
    assert_exact("session", summary.services["job"].response_s.mean, lookup + 0.010 / 0.5, 40);
}

#[test]
fn check_knows_how_often_the_zone_is_asked() {
    // 10 resolvers, each once in 9 s, 50 ms of search, and the second until the next client.
    let sets = ["dns={ cpu = \"100 ms\" }", "time.window=2000 s"];
    let scenario = scenario("theory/dns.toml", &sets);
    let load = offered(&scenario);
    let server = scenario.cluster.nodes.iter().position(|node| node.name == "name-server").unwrap();
    let station = load.station(server, Resource::Cpu).unwrap();
    let by_hand = 10.0 * 0.1 / (9.0 + 0.05 + 1.0);
    assert!((station.utilisation - by_hand).abs() < 1e-12 && load.is_stable());
    assert_exact("name server", run(&scenario, 20).nodes["name-server"].cpu_ratio, by_hand, 20);
}

#[test]
fn without_its_name_servers_a_cluster_is_found_until_answers_expire() {
    let down = "fault={ f = { component = \"name-server\", kind = \"stop\", at = \"0 s\", lasts = \"100 s\" } }";
    let sets = [down, "time.window=100 s", "time.warm_up=0 s"];
    let failed = |more: &[&str]| {
        let summary = run(&scenario("theory/dns.toml", &[&sets, more].concat()), 20);
        let job = &summary.services["job"];
        (job.offered - job.served) as f64 / job.offered as f64
    };
    // Nine of ten caches have an answer, which ends anywhere in the first 9 s: on average 4.05 of 100 s. The last 10 s wait.
    let found = failed(&[]);
    assert!((found - (1.0 - 0.0405)).abs() < 0.01, "{found}");
    assert!(failed(&["routing.default.round-robin-dns.ttl=7 days"]) < 0.001);
    // A second one answers for both.
    assert!(failed(&["node.name-server.count=2", "fault.f.component=name-server-1"]) < 0.001);
}

#[test]
fn who_meets_a_dead_address_takes_the_next_one_if_he_has_it() {
    let dead = "fault={ f = { component = \"primary-1\", kind = \"stop\", at = \"0 s\", lasts = \"100 s\" } }";
    let failed = |more: &[&str]| {
        let sets = [dead, "node.primary.count=4", "client_group.all.resolver_order=rotated", "time.window=100 s"];
        let summary = run(&scenario("theory/dns.toml", &[&sets, more].concat()), 20);
        let job = &summary.services["job"];
        let share = |node: u32| summary.nodes[&format!("primary-{node}")].share_ratio.estimate.unwrap();
        ((job.offered - job.served) as f64 / job.offered as f64, [2, 3, 4].map(share))
    };
    // Who takes the first of a rotated list goes on to its neighbour; who shuffles goes on to any.
    let (lost, [second, third, _]) = failed(&[]);
    assert!(lost < 0.01 && second > 1.7 * third, "{lost}: {second} and {third}");
    let (lost, [second, third, fourth]) = failed(&["client_group.all.address_choice=shuffled"]);
    assert!(lost < 0.01 && (second - third).abs() < 0.02 && (third - fourth).abs() < 0.02);
    let (lost, _) = failed(&["client_group.all.next_address=false"]);
    assert!((lost - 0.25).abs() < 0.02, "{lost}");
    let one = ["routing.default.round-robin-dns.rotation=one-address", "routing.default.round-robin-dns.ttl=0 s"];
    assert!((failed(&one).0 - 0.25).abs() < 0.02);
}

#[test]
fn the_shipped_cluster_is_even_by_rotation_and_one_address_is_not_and_fails_with_its_server() {
    let of = |more: &[&str]| {
        let sets = ["time.window=600 s", "time.warm_up=60 s", "fault.crash.at=200 s", "fault.crash.lasts=100 s"];
        let summary = run(&scenario("dns-ttl.toml", &[&sets, more].concat()), 10);
        let pop3 = &summary.services["pop3"];
        let failed = (pop3.refused + pop3.timed_out) as f64 / pop3.offered as f64;
        (failed, summary.dns.unwrap().hidden_load["pop3"].max_over_mean.estimate.unwrap())
    };
    let (failed, most) = of(&[]);
    assert!(failed < 0.001 && most < 1.0001, "{failed} and {most}");
    // A third of a sixth of the sessions, where four resolvers throw a die each for 90 % of them.
    let (failed, most) = of(&["routing.default.round-robin-dns.rotation=one-address"]);
    assert!((failed - 1.0 / 18.0).abs() < 0.03 && most > 1.2, "{failed} and {most}");
    let (failed, most) = of(&["client_group.dial-up.resolver_order=kept"]);
    assert!(failed < 0.001 && most > 1.2, "{failed} and {most}");
}

#[test]
fn a_zone_that_always_begins_with_the_same_address_sends_everybody_there() {
    let clients = format!("resolver_order = \"kept\", {OBEDIENT}");
    let summary = run(&found_by(4, "{ rotation = \"fixed\" }", &clients, &["arrivals.job.rate=50 /s"]), 2);
    assert_eq!(summary.nodes["primary-1"].share_ratio.estimate, Some(1.0));
    assert_eq!(summary.dns.unwrap().first_address_ratio["primary-1"].estimate, Some(1.0));
}

#[test]
fn the_herd_is_seen_in_the_shares_of_five_seconds() {
    let of = |order: &str| {
        let clients = format!("resolvers = 1, resolver_order = \"{order}\", {OBEDIENT}");
        let more = ["arrivals.job.rate=6 /s", "time.window=600 s", "time.share_interval=5 s"];
        run(&found_by(2, "{ ttl = \"30 s\" }", &clients, &more), 20).balance["job"].interval_max_over_mean
    };
    // All at one server but in one of twelve intervals, in which the answer changes to the other one: there 1.5 on average.
    assert_exact("kept", of("kept"), 2.0 - 0.5 / 2.0 * 5.0 / (30.0 + 1.0 / 6.0), 20);
    // Half the deviation of 30 coins: 1 + E|2X/N − 1|, by the normal law and a Poisson number of them.
    let rotated = of("rotated").estimate.unwrap();
    let by_hand = 1.0 + (2.0 / (std::f64::consts::PI * 30.0)).sqrt();
    assert!((rotated - by_hand).abs() < 0.01, "{rotated} and {by_hand}");
}
