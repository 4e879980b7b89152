//! The white paper's sized rows, each at its upper user count: what binds, and how far it is from full.
//!
//! The rows are recommendations and not capacities; the test says by how much, for one set of habits (`all-services-2004`)
//! and for clocks that the paper leaves out from its third row on (300 MHz, an assumption).

use crate::support::{run, scenario};
use mxplan::analytic::{Resource, offered};
use mxplan::scenario::Scenario;

const FILE: &str = "white-paper.toml";

fn row(tier: &str, users: u64, domains: u64, directory: &str, edition: &str) -> Scenario {
    let options = [
        format!("node.primary.tier={tier}"),
        format!("population.subscribers.users={users}"),
        format!("population.subscribers.domains={domains}"),
        format!("cluster.directory={directory}"),
        format!("product.edition={edition}"),
        // Longer for few people, so that something can be said about them.
        format!("time.window={} s", 1_800 * (5_000 / users).max(1)),
    ];
    scenario(FILE, &options.each_ref().map(String::as_str))
}

/// What binds, how far it is used by `check` and by `run`, and the users that would fill it.
fn measured(what: &str, scenario: &Scenario) -> (Resource, String, f64, f64) {
    let load = offered(scenario);
    let binding = load.binding().unwrap();
    let node = &scenario.cluster.nodes[binding.node].name;
    let summary = run(scenario, 4);
    let simulated = match binding.resource {
        Resource::Cpu => summary.nodes[node].cpu_ratio,
        _ => summary.nodes[node].disk_ratio,
    };
    let users = binding.supported_users(scenario.users).unwrap() as f64;
    let (used, resource) = (binding.utilisation, binding.resource);
    let (estimate, half) = (simulated.estimate.unwrap(), simulated.half_width().unwrap());
    println!(
        "{what}: {} of {node} binds at {used:.3} by check, {estimate:.3} ± {half:.3} by run; full at {users} users, {:.1} \
         times the recommendation",
        resource.name(),
        users / scenario.users as f64
    );
    // Wider than its interval by the habit of four replications; a fault of a fifth would be seen at any row.
    assert!((estimate - used).abs() < 2.0 * half + 0.02 * used, "{what}: {estimate} by run and {used} by check");
    assert!(2.0 * half + 0.02 * used < 0.2 * used, "{what}: ± {half} is too wide");
    (resource, node.clone(), used, users / scenario.users as f64)
}

#[test]
fn the_rows_are_recommendations_and_the_fifth_is_nearly_a_capacity() {
    let rows = [
        ("6 to 50, Plus", row("wp-6-50-plus", 50, 1, "file", "plus"), 300.0..700.0),
        ("6 to 50, Pro", row("wp-6-50-pro", 50, 5, "file", "pro"), 300.0..700.0),
        ("50 to 2k", row("wp-50-2k", 2_000, 20, "file", "pro"), 8.0..10.0),
        ("2k to 5k, ODBC", row("wp-2k-5k", 5_000, 40, "odbc", "pro"), 3.0..3.5),
        ("2k to 5k, memory-mapped", row("wp-2k-5k", 5_000, 40, "memory-mapped", "pro"), 4.2..4.8),
        ("5k to 30k", row("wp-5k-30k", 30_000, 100, "odbc", "pro"), 1.0..1.15),
    ];
    for (what, scenario, times) in rows {
        let (resource, node, _, ratio) = measured(what, &scenario);
        assert_eq!((resource, node.as_str()), (Resource::Cpu, "primary"), "{what}");
        assert!(times.contains(&ratio), "{what}: {ratio}");
    }
}

#[test]
fn the_sixth_row_as_four_balanced_servers_at_60_000_users_is_bound_by_the_disk_of_its_store() {
    let options = [
        "population.subscribers.users=60_000",
        "time.window=1800 s",
        "cluster.configuration=multiple-primaries",
        "node={ primary = { tier = \"wp-30k\", count = 4 }, data = { tier = \"wp-30k\" } }",
    ];
    let (resource, node, used, ratio) = measured("30k+, configuration 5", &scenario(FILE, &options));
    assert_eq!((resource, node.as_str()), (Resource::Disk, "data"));
    assert!((0.55..0.61).contains(&used) && (1.6..1.9).contains(&ratio), "{used} and {ratio}");
}

#[test]
fn with_users_in_a_file_the_fifth_row_is_full_long_before() {
    // Each lookup reads half of the file: the reason why the paper moves users into a database.
    let load = offered(&row("wp-5k-30k", 30_000, 100, "file", "pro"));
    assert!(load.binding().unwrap().utilisation > 2.0, "{:?}", load.binding());
}
