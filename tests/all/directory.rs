//! The directory of users: a file that grows with them, a table in memory, a database with a machine.

use crate::support::{run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, memory, offered};
use mxplan::deployment::deployment;
use mxplan::experiment::Summary;
use mxplan::scenario::Scenario;

const DIRECTORY: &str = "directory.toml";
const FIVE: &str = "config-5-multiple-primaries.toml";
const OWN: &str = "node={ primary = { tier = \"piii-1000\", count = 2 }, data = { tier = \"piii-1000-raid\" }, \
                   database = { tier = \"piii-1000\" } }";
const SHARED: &str = "node={ primary = { tier = \"piii-1000\", count = 2 }, data = { tier = \"piii-1000-raid\" } }";
const REPLICATIONS: u64 = 40;

fn with(kind: &str, users: u32, more: &[&str]) -> Scenario {
    let sets = [format!("cluster.directory={kind}"), format!("population.subscribers.users={users}")];
    let sets: Vec<&str> = sets.iter().map(String::as_str).chain(more.iter().copied()).collect();
    scenario(DIRECTORY, &sets)
}

fn cpu(scenario: &Scenario) -> f64 {
    offered(scenario).station(0, Resource::Cpu).unwrap().by_sessions
}

/// Lookups per second in the busiest hour: 4 logins a day, and 0.1 · 2 · 2 + 1.8 · 2 copies into mailboxes.
fn lookups_per_s(users: u32) -> f64 {
    f64::from(users) * (4.0 + 4.0) * 0.15 / 3_600.0
}

#[test]
fn the_file_is_left_between_2000_and_5000_users() {
    println!("users  file   memory-mapped  odbc");
    for users in [500, 1_000, 2_000, 3_000, 5_000, 10_000, 30_000] {
        let all = ["file", "memory-mapped", "odbc"].map(|kind| cpu(&with(kind, users, &[])));
        println!("{users:5}  {:.4}  {:13.4}  {:.4}", all[0], all[1], all[2]);
        let [file, mapped, odbc] = all;
        // By hand: half the file at 10 us an account; nothing; 5 and 10 ms.
        assert!((file - mapped - lookups_per_s(users) * 10e-6 * f64::from(users) / 2.0).abs() < 1e-9);
        assert!((odbc - mapped - lookups_per_s(users) * 15e-3).abs() < 1e-9);
    }
    let (file, odbc) = (|users| cpu(&with("file", users, &[])), |users| cpu(&with("odbc", users, &[])));
    assert!(file(2_000) < odbc(2_000) && file(5_000) > odbc(5_000));
}

fn login_s(summary: &Summary) -> f64 {
    summary.services["pop3"].operations["login"].response_s.mean.estimate.unwrap()
}

#[test]
fn run_agrees_with_check_for_each_directory() {
    for kind in ["file", "memory-mapped", "odbc"] {
        let scenario = with(kind, 20_000, &["node.primary.tier=dual-piii-1400"]);
        let load = offered(&scenario);
        assert!(load.is_exact());
        let exact = load.station(0, Resource::Cpu).unwrap().utilisation;
        let summary = run(&scenario, REPLICATIONS);
        assert_exact(kind, summary.nodes["primary"].cpu_ratio, exact, REPLICATIONS);
    }
}

#[test]
fn a_database_has_its_own_machine_or_works_on_that_of_the_store() {
    let sets = [
        "service.pop3.operation.login.lookups=1",
        "service.smtp.operation.deposit.lookups=1",
        "population.subscribers.users=20_000",
        "cluster.directory=odbc",
        "directory.database_cpu={ exponential = { mean = \"10 ms\" } }",
    ];
    let on_store = scenario(FIVE, &[&sets[..], &[SHARED]].concat());
    let own = scenario(FIVE, &[&sets[..], &[OWN]].concat());
    let users = u32::try_from(own.users).unwrap();
    let load = |scenario: &Scenario, node: usize| *offered(scenario).station(node, Resource::Cpu).unwrap();
    let (data, database) = (own.cluster.store(), own.cluster.database());
    assert_eq!(
        (own.cluster.nodes[database].name.as_str(), on_store.cluster.database()),
        ("database", on_store.cluster.store())
    );
    let alone = load(&own, database);
    assert!((alone.utilisation - lookups_per_s(users) * 0.010).abs() < 1e-9, "{}", alone.utilisation);
    assert!((alone.cv2 - 1.0).abs() < 1e-9);
    let reference_s = |scenario: &Scenario, node: usize| {
        load(scenario, node).utilisation * scenario.cluster.nodes[node].tier.cpu_capacity()
    };
    let moved = reference_s(&on_store, data) - reference_s(&own, data);
    assert!((moved - alone.utilisation).abs() < 1e-9, "{moved}");
    // The primaries have the same to do, wherever the database is.
    assert!((load(&own, 0).utilisation - load(&on_store, 0).utilisation).abs() < 1e-12);
    let summary = run(&own, REPLICATIONS);
    assert_exact("database", summary.nodes["database"].cpu_ratio, alone.utilisation, REPLICATIONS);
    assert_exact("primary", summary.nodes["primary-1"].cpu_ratio, load(&own, 0).utilisation, REPLICATIONS);
    // A trip of 200 ms is in every answer, and no load of any machine.
    let far = scenario(FIVE, &[&sets[..], &[OWN, "directory.round_trip=200.5 ms"]].concat());
    assert_eq!(offered(&far), offered(&own));
    let longer = login_s(&run(&far, 6)) - login_s(&run(&own, 6));
    assert!((longer - 0.2).abs() < 0.01, "{longer}");
}

#[test]
fn a_memory_mapped_directory_takes_memory_on_each_primary() {
    let fixed = |kind| {
        let scenario = with(kind, 20_000, &[]);
        memory(&scenario, &scenario.cluster.nodes[0]).unwrap().fixed
    };
    assert_eq!(fixed("memory-mapped") - fixed("file"), 20_000_000);
    assert_eq!(fixed("odbc"), fixed("file"));
}

#[test]
fn the_design_names_the_database() {
    let lookups = ["service.pop3.operation.login.lookups=1", "cluster.directory=odbc"];
    let written_out = |more: &[&str]| deployment(&scenario(FIVE, &[&lookups[..], more].concat()));
    let own = written_out(&[OWN]);
    assert!(own.single_points_of_failure.iter().any(|point| point == "database"), "{own:?}");
    assert!(own.requirements.iter().any(|need| need == "a database for users and domains on `database`"), "{own:?}");
    let shared = written_out(&[]);
    assert!(shared.requirements.iter().any(|need| need.contains("on `data`, which serves mail or holds it besides")));
    let mapped = deployment(&with("memory-mapped", 4_000, &[]));
    assert!(mapped.requirements.iter().any(|need| need.starts_with("4 MB of memory on each primary")), "{mapped:?}");
}
