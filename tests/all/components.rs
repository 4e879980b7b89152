//! Every component that can fail, by every kind: who suffers, and how much, by hand.

use crate::support::{resolve, run, scenario};
use mxplan::experiment::{Control, Summary, simulate};
use mxplan::scenario::Scenario;

const REPLICATIONS: u64 = 20;
/// Visits and mails a second, and how long the fault lasts.
const VISITS: f64 = 10.0;
const MAILS: f64 = 5.0;
const LASTS: f64 = 200.0;

/// Two primaries at a twentieth of what they can do, and a data server that visits and the work after mails need.
const PARTS: &str = r#"
format = 1
name = "parts"
[time]
window = "600 s"
warm_up = "60 s"
[arrivals.visit]
service = "pop3"
rate = "10 /s"
[arrivals.mail]
service = "smtp"
rate = "5 /s"
operations = ["accept", "deposit"]
[service.pop3.operation.fetch]
cpu = "5 ms"
store_reads = 1
[service.smtp.operation.accept]
cpu = "5 ms"
[service.smtp.operation.deposit]
cpu = "5 ms"
store_writes = 1
reply = "before"
[tier.unit]
cores = 1
speed = 1.0
disks = 4
disk_iops = "1000 /s"
[cluster]
configuration = "multiple-primaries"
[node.primary]
tier = "unit"
count = 2
[node.data]
tier = "unit"
[routing.default.switch]
algorithm = "round-robin"
"#;

fn fault(name: &str, component: &str, kind: &str) -> String {
    format!("fault.{name}={{ component = \"{component}\", kind = \"{kind}\", at = \"200 s\", lasts = \"200 s\" }}")
}

/// The same with a fault of 200 s and other options.
fn parts(component: &str, kind: &str, options: &[&str]) -> Scenario {
    let fault = fault("x", component, kind);
    let all: Vec<&str> = options.iter().copied().chain([fault.as_str()]).collect();
    resolve("parts.toml", PARTS, &all)
}

/// Refused, timed out and lost, in one replication on average.
fn failed(summary: &Summary, service: &str) -> [f64; 3] {
    let service = &summary.services[service];
    [service.refused, service.timed_out, service.lost].map(|count| count as f64 / summary.replications as f64)
}

/// Each count is what is due within four standard errors of a Poisson number over all replications, and two sessions that
/// were under way. Of 1000 in each of 20 replications that is 2.8 %.
fn assert_failed(what: &str, summary: &Summary, service: &str, due: [f64; 3]) {
    let found = failed(summary, service);
    println!("{what}: {service} refused, timed out, lost: {found:.1?}; due {due:.1?}");
    for (found, due) in found.iter().zip(due) {
        let bound = 4.0 * (due / summary.replications as f64).sqrt() + if due > 0.0 { 2.0 } else { 0.3 };
        assert!((found - due).abs() <= bound, "{what}, {service}: {found} and not {due} ± {bound}");
    }
}

#[test]
fn while_the_data_server_is_down_visits_fail_mail_is_accepted_and_its_work_is_done_afterwards() {
    // Who waits on a mute or silent store gives up after 60 s, or is cut off by its return.
    let (all, waiting) = (VISITS * LASTS, VISITS * 60.0);
    for (component, kind, due) in [
        ("data", "stop", [0.0, 0.0, all]),
        ("data", "hang", [0.0, all - waiting, waiting]),
        ("data", "black-hole", [0.0, all - waiting, waiting]),
        ("data.os", "stop", [0.0, 0.0, all]),
        ("data.link", "black-hole", [0.0, all - waiting, waiting]),
    ] {
        let scenario = parts(component, kind, &[]);
        let summary = run(&scenario, REPLICATIONS);
        assert_failed(&format!("{component} {kind}"), &summary, "pop3", due);
        assert_failed(&format!("{component} {kind}"), &summary, "smtp", [0.0; 3]);
        let smtp = &summary.services["smtp"];
        let (accepted, deposited) = (smtp.operations["accept"].done, smtp.operations["deposit"].done);
        println!("{component} {kind}: {accepted} accepted, {deposited} deposited");
        assert!(accepted.abs_diff(deposited) < 20, "at most one under way in each replication");
        let failure = &summary.failures[0];
        assert_eq!(
            failure.sessions_lost + failure.sessions_unanswered,
            summary.services["pop3"].lost + summary.services["pop3"].timed_out
        );
        // Nothing is deposited before the store is back: the mean wait of those 1000 of 3000 mails is 100 s.
        let mean = smtp.operations["deposit"].response_s.mean.estimate.unwrap();
        println!("{component} {kind}: mean wait of a deposit {mean:.1} s; due {:.1} s", LASTS / 2.0 * LASTS / 600.0);
        assert!((mean / (LASTS / 2.0 * LASTS / 600.0) - 1.0).abs() < 0.06, "{mean}");
    }
}

#[test]
fn a_store_on_a_primary_is_missed_by_the_other_one() {
    let options = ["cluster.configuration=dual-primaries", "node={ primary = { tier = \"unit\", count = 2 } }"];
    let summary = run(&parts("primary-1", "stop", &options), REPLICATIONS);
    let half = LASTS / 2.0;
    assert_failed("dual primaries", &summary, "pop3", [VISITS * half, 0.0, VISITS * half]);
    assert_failed("dual primaries", &summary, "smtp", [MAILS * half, 0.0, 0.0]);
}

#[test]
fn a_switch_takes_everything_behind_it_along() {
    // Of packets at 0, 3 and 9 s the last one gets through if it is repaired within 9 s.
    let silent = LASTS - 9.0;
    for (kind, due) in [("stop", [LASTS, 0.0, 0.0]), ("hang", [0.0, LASTS, 0.0]), ("black-hole", [0.0, silent, 0.0])] {
        let summary = run(&parts("switch", kind, &[]), REPLICATIONS);
        assert_failed(&format!("switch {kind}"), &summary, "pop3", due.map(|seconds| VISITS * seconds));
        assert_failed(&format!("switch {kind}"), &summary, "smtp", due.map(|seconds| MAILS * seconds));
    }
}

#[test]
fn a_second_switch_takes_over_with_the_connections_or_without_them() {
    // Patience for 10 s of a failover of 60 s: who comes in the last 10 s of it fails too, as nobody sends again so late.
    let patience = "client_group={ all = { share = \"100 %\", connect_timeout = \"10 s\", first_resend = \"20 s\" } }";
    let pair = |keys: &str| format!("switch={{ pair = true, failover = \"60 s\"{keys} }}");
    for kind in ["stop", "black-hole"] {
        let summary = run(&parts("switch", kind, &[&pair(""), patience]), REPLICATIONS);
        assert_failed(&format!("pair {kind}"), &summary, "pop3", [0.0, VISITS * 60.0, 0.0]);
        let failure = &summary.failures[0];
        assert_eq!(failure.detected_s.unwrap().estimate, Some(260.0));
        assert_eq!(failure.recovered_s.unwrap().estimate, Some(260.0));
    }
    // Twenty seconds at the node before each visit ends: 200 of them are under way when it fails.
    let long = "service.pop3.operation.fetch.remote_latency=20 s";
    let lost = |keys: &str| {
        let summary = run(&parts("switch", "stop", &[&pair(keys), patience, long]), REPLICATIONS);
        (failed(&summary, "pop3")[2], summary.services["pop3"].response_s.p99.estimate.unwrap())
    };
    let ((without, _), (with, _)) = (lost(""), lost(", keeps_connections = true"));
    println!(
        "sessions lost at the takeover: {without} without the connections, {with} with them; due {}",
        VISITS * 20.0
    );
    assert!((without / (VISITS * 20.0) - 1.0).abs() < 0.08 && with == 0.0, "{without}, {with}");
    // The usual one: who sends again gets through to the second.
    let summary = run(&parts("switch", "stop", &["switch.pair=true"]), REPLICATIONS);
    assert_failed("a failover of 3.6 s", &summary, "pop3", [0.0; 3]);
    let recovered = summary.failures[0].recovered_s.unwrap().estimate.unwrap();
    assert!((recovered - 203.6).abs() < 1e-9, "{recovered}");
}

#[test]
fn a_zone_that_does_not_answer_is_missed_as_soon_as_caches_expire() {
    let routing = |ttl: &str| {
        format!("routing={{ default = {{ round-robin-dns = {{ ttl = \"{ttl}\", round_trip = \"0 s\" }} }} }}")
    };
    let group = "client_group={ all = { share = \"100 %\", addresses = 1000, resolvers = 10, resolver_skew = 0, stretchers = 0, pinners = 0 } }";
    let with = |kind: &str, ttl: &str| run(&parts("dns", kind, &[&routing(ttl), group]), REPLICATIONS);
    assert_failed("no time to live", &with("stop", "0 s"), "pop3", [VISITS * LASTS, 0.0, 0.0]);
    assert_failed("no time to live", &with("black-hole", "0 s"), "pop3", [0.0, VISITS * LASTS, 0.0]);
    // Each of ten resolvers has its answer for 50 s more on average, even over 0 to 100 s: over 20 replications the mean of
    // 150 s without one is known to 29/√200 = 2 s, and a resolver with one visit a second has none for 1 s of 101.
    let found = failed(&with("stop", "100 s"), "pop3")[0];
    let due = VISITS * (LASTS - 50.0);
    println!("a time to live of 100 s: {found} refused; due {due}");
    assert!((found / due - 1.0).abs() < 0.06, "{found} and not {due}");
    let summary = with("hang", "7 days");
    println!("seven days: {:?}", failed(&summary, "pop3"));
    // A resolver's answer of seven days ends in these 200 s with a probability of 1 to 3000.
    assert_failed("seven days", &summary, "pop3", [0.0; 3]);
}

#[test]
fn a_link_that_is_cut_keeps_everybody_out_and_the_work_inside_going() {
    let summary = run(&parts("primary-1.link", "black-hole", &[]), REPLICATIONS);
    assert_failed("link", &summary, "pop3", [0.0, VISITS / 2.0 * (LASTS - 9.0), 0.0]);
    assert_failed("link", &summary, "smtp", [0.0, MAILS / 2.0 * (LASTS - 9.0), 0.0]);
    // A hundred seconds at a hundredth of its speed leave two mails a second in the queue; then it is cut off for good.
    let left = |component: &str, kind: &str| {
        let text = format!(
            "format = 1\nname = \"queue\"\n[time]\nwindow = \"600 s\"\nwarm_up = \"10 s\"\n[arrivals.mail]\nservice = \"smtp\"\n\
             rate = \"2 /s\"\noperations = [\"accept\", \"deliver\"]\n[service.smtp.operation.accept]\n\
             [service.smtp.operation.deliver]\ncpu = \"125 ms\"\nreply = \"before\"\n[tier.unit]\ncores = 1\n\
             speed = 1.0\n[cluster]\nconfiguration = \"stand-alone\"\n[node.primary]\ntier = \"unit\"\n[fault.slow]\n\
             component = \"primary\"\nkind = \"slow\"\nspeed = 0.01\nat = \"100 s\"\nlasts = \"100 s\"\n[fault.crash]\n\
             component = \"{component}\"\nkind = \"{kind}\"\nat = \"200 s\"\n"
        );
        let scenario = resolve("queue.toml", &text, &[]);
        simulate(&scenario, 0, &Control::default()).unwrap().observed.background.present_at_end
    };
    let (cut, down) = (left("primary.link", "black-hole"), left("primary", "stop"));
    println!("left in the queue: {cut} behind a cut link, {down} on a machine that is down");
    assert!(cut == 0 && (150..250).contains(&down));
}

#[test]
fn a_machine_starts_with_cold_caches_and_one_that_was_cut_off_with_warm_ones() {
    let hits = |component: &str, kind: &str| {
        let fault =
            format!("fault.x={{ component = \"{component}\", kind = \"{kind}\", at = \"10 s\", lasts = \"10 s\" }}");
        let options = ["time.window=600 s", "time.warm_up=60 s", fault.as_str()];
        run(&scenario("memory.toml", &options), 3).nodes["primary"].cache_hit_ratio.unwrap().estimate.unwrap()
    };
    let (cut, stopped) = (hits("primary.link", "black-hole"), hits("primary", "stop"));
    println!("hits: {cut:.3} after a cut link, {stopped:.3} after a stop");
    assert!(cut > 3.0 * stopped, "{cut} and {stopped}");
}

#[test]
fn a_database_is_missed_by_those_who_look_users_up() {
    let options = [
        "cluster.directory=odbc",
        "service.pop3.operation.fetch.lookups=1",
        "node={ primary = { tier = \"unit\", count = 2 }, data = { tier = \"unit\" }, users = { tier = \"unit\", role = \"database\" } }",
    ];
    for component in ["database", "users"] {
        let summary = run(&parts(component, "stop", &options), REPLICATIONS);
        assert_failed(component, &summary, "pop3", [0.0, 0.0, VISITS * LASTS]);
        assert_failed(component, &summary, "smtp", [0.0; 3]);
    }
    let summary = run(&parts("database", "hang", &options), REPLICATIONS);
    assert_failed("database hangs", &summary, "pop3", [0.0, VISITS * (LASTS - 60.0), VISITS * 60.0]);
    // On the data server, which goes on with the store.
    let own = run(&parts("database", "stop", &options[..2]), REPLICATIONS);
    assert_failed("database on the data server", &own, "pop3", [0.0, 0.0, VISITS * LASTS]);
    assert_failed("database on the data server", &own, "smtp", [0.0; 3]);
}

#[test]
fn a_filter_that_refuses_is_passed_over_and_one_that_is_silent_is_not() {
    let failed = |count: u32, component: &str, kind: &str| {
        let nodes = format!(
            "node={{ primary = {{ tier = \"dual-xeon-3000\", count = 2 }}, data = {{ tier = \"dual-piii-1000-raid\" }}, \
             filter = {{ tier = \"dual-xeon-3000\", count = {count} }} }}"
        );
        let fault =
            format!("fault.x={{ component = \"{component}\", kind = \"{kind}\", at = \"60 s\", lasts = \"200 s\" }}");
        let options = [
            "time.window=300 s",
            "time.warm_up=60 s",
            "population.subscribers.users=5_000",
            "filter.antispam={ pass = \"100 %\", cpu = \"1 ms\", place = \"filter-tier\", reply = \"after\" }",
            &nodes,
            &fault,
        ];
        let summary = run(&scenario("regional-isp-scanned.toml", &options), 3);
        (summary.services["smtp"].lost + summary.services["smtp"].timed_out, summary.services["pop3"].lost)
    };
    let (both, one, silent) =
        (failed(1, "filter", "stop"), failed(2, "filter-1", "stop"), failed(2, "filter-1", "black-hole"));
    println!("failed: {both:?} without filters, {one:?} when one of two refuses, {silent:?} when it is silent");
    assert!(both.0 > 300 && both.1 == 0 && one.0 < 10 && one.1 == 0);
    // Half of them go there in turn. Each of some hundred sessions is one or the other: 10 % are four standard errors.
    assert!((silent.0 as f64 / both.0 as f64 - 0.5).abs() < 0.1, "{silent:?} of {both:?}");
}

#[test]
fn a_site_fails_with_all_its_machines_and_a_hung_system_is_a_hung_machine() {
    let nodes = "node={ here = { tier = \"unit\", role = \"primary\", site = \"main\" }, there = { tier = \"unit\", role = \
                 \"primary\" }, data = { tier = \"unit\", site = \"main\" } }";
    let summary = run(&parts("site.main", "stop", &[nodes]), REPLICATIONS);
    let half = LASTS / 2.0;
    assert_failed("site", &summary, "pop3", [VISITS * half, 0.0, VISITS * half]);
    assert_failed("site", &summary, "smtp", [MAILS * half, 0.0, 0.0]);
    let summary = run(&parts("primary-1.os", "hang", &[]), REPLICATIONS);
    assert_failed("a hung system", &summary, "smtp", [0.0, MAILS * half, 0.0]);
}

#[test]
fn a_disk_that_does_not_survive_takes_the_queue_along() {
    // The work after mails waits for the store; then the machine that has it in its queue loses its disk.
    let crash = |loses: bool| {
        format!(
            "fault.crash={{ component = \"primary-1\", kind = \"stop\", at = \"300 s\", lasts = \"50 s\", loses_disk = {loses} }}"
        )
    };
    let lost = |loses: bool| run(&parts("data", "stop", &[&crash(loses)]), REPLICATIONS);
    let (kept, gone) = (lost(false), lost(true));
    assert_eq!(kept.nodes["primary-1"].lost_work, None);
    let found = gone.nodes["primary-1"].lost_work.unwrap() as f64 / REPLICATIONS as f64;
    let due = MAILS / 2.0 * 100.0;
    println!("work lost with the disk: {found}; due {due}");
    // 250 in each of 20 replications: four standard errors are 5.7 %.
    assert!((found / due - 1.0).abs() < 0.057 && gone.nodes["primary-2"].lost_work.is_none());
    let done = |summary: &Summary| summary.services["smtp"].operations["deposit"].done;
    assert_eq!(done(&kept) - done(&gone), gone.nodes["primary-1"].lost_work.unwrap());
}

#[test]
fn services_start_after_the_share_in_the_right_order_or_are_started_by_somebody() {
    for (keys, down) in [
        ("start_time = \"30 s\"", 30.0),
        ("start_time = \"30 s\", depends = false, restart_after = \"60 s\"", 90.0),
        // Half an hour is more than is left of the window.
        ("depends = false", 200.0),
    ] {
        let summary = run(&parts("data", "stop", &[&format!("store={{ {keys} }}")]), REPLICATIONS);
        assert_failed(keys, &summary, "pop3", [VISITS * down, 0.0, VISITS * LASTS]);
        assert_failed(keys, &summary, "smtp", [MAILS * down, 0.0, 0.0]);
        let recovered = summary.failures[0].recovered_s.map(|time| time.estimate.unwrap());
        assert_eq!(recovered, (down < 200.0).then_some(400.0 + down), "{keys}");
    }
    // A machine that starts while the store is away waits for it, and its mail with it.
    let crash = "fault.crash={ component = \"primary-1\", kind = \"stop\", at = \"250 s\", lasts = \"50 s\" }";
    let summary = run(&parts("data", "stop", &[crash, "store.start_time=30 s"]), REPLICATIONS);
    let own = MAILS / 2.0 * (430.0 - 250.0);
    assert_failed("started before the store", &summary, "smtp", [own + MAILS / 2.0 * 30.0, 0.0, 0.0]);
    // One that starts while it is there takes its time.
    let summary = run(&parts("primary-1", "stop", &["store.start_time=30 s"]), REPLICATIONS);
    assert_failed("started with the store there", &summary, "smtp", [MAILS / 2.0 * (LASTS + 30.0), 0.0, 0.0]);
}

/// Every scenario that is shipped, in the order of the names.
fn shipped() -> Vec<String> {
    let folder = format!("{}/scenarios", env!("CARGO_MANIFEST_DIR"));
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
    names.sort();
    names
}

#[test]
fn whatever_fails_together_contradicts_nothing() {
    // Sessions, jobs, work and stays are held against each other at the end of each replication; every component of every
    // scenario fails with another one, by kinds that go round.
    let mut tried = 0;
    for file in shipped() {
        let plain = scenario(&file, &[]);
        let mut components = Vec::new();
        for node in plain.cluster.nodes.iter().take(3).chain(plain.cluster.nodes.iter().skip(3).rev().take(3)) {
            components.extend([node.name.clone(), format!("{}.link", node.name), format!("{}.os", node.name)]);
        }
        components.extend(["switch", "dns", "database"].map(str::to_owned));
        let has = |component: &String| {
            let fault = format!("fault.x={{ component = \"{component}\", kind = \"black-hole\", at = \"1 s\" }}");
            let option = fault.parse().unwrap();
            let path = format!("{}/scenarios/{file}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap();
            // A day has a clock, and its faults are written otherwise.
            mxplan::scenario::load(
                &path,
                &text,
                &["time.window=60 s".parse().unwrap(), option],
                &mxplan::scenario::Hardware::built_in(),
            )
            .is_ok()
        };
        components.retain(has);
        for (index, component) in components.iter().enumerate() {
            let other = &components[(index * 7 + 3) % components.len()];
            let kind = |component: &str, index: usize| {
                if component.ends_with(".link") { "black-hole" } else { ["stop", "hang", "black-hole"][index % 3] }
            };
            let faults = [
                format!(
                    "fault.x={{ component = \"{component}\", kind = \"{}\", at = \"20 s\", lasts = \"25 s\" }}",
                    kind(component, index)
                ),
                format!(
                    "fault.y={{ component = \"{other}\", kind = \"{}\", at = \"35 s\", lasts = \"20 s\" }}",
                    kind(other, index + 1)
                ),
            ];
            let mut options = vec!["time.window=90 s", "time.warm_up=20 s", &faults[0], &faults[1]];
            if plain.faults.iter().any(|fault| fault.name == "crash") {
                options.extend(["fault.crash.at=5 s", "fault.crash.lasts=30 s"]);
            }
            if plain.cluster.shares_store() && index % 2 == 0 {
                options.push("store={ start_time = \"5 s\", depends = false, restart_after = \"5 s\" }");
            }
            if component == "switch" {
                options.push("switch={ pair = true, keeps_connections = true, failover = \"8 s\" }");
            }
            let scenario = scenario(&file, &options);
            let record = simulate(&scenario, 0, &Control::default());
            assert!(record.is_ok(), "{file}: {faults:?}: {:?}", record.err());
            tried += 1;
        }
    }
    println!("{tried} pairs of faults");
    assert!(tried > 100);
}
