//! Local state: what a service stores stays on the node that does the work.

use crate::support::{resolve, run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, offered};
use mxplan::scenario::Scenario;

const REPLICATIONS: u64 = 30;

fn used(scenario: &Scenario, node: &str, resource: Resource) -> f64 {
    let index = scenario.cluster.nodes.iter().position(|known| known.name == node).unwrap();
    offered(scenario).station(index, resource).unwrap().utilisation
}

#[track_caller]
fn by_hand(scenario: &Scenario, node: &str, exact: [f64; 4]) {
    for (resource, exact) in Resource::ALL.into_iter().zip(exact) {
        let computed = used(scenario, node, resource);
        assert!((computed - exact).abs() < 1e-12, "{node} {}: {computed} is not {exact}", resource.name());
    }
}

#[test]
fn each_node_works_on_its_own_disk_and_the_data_server_is_idle() {
    let options =
        ["time.window=1500 s", "arrivals.store.rate=20 /s", "arrivals.fetch.rate=20 /s", "service.mail.state=local"];
    let scenario = scenario("theory/network.toml", &options);
    // At each of two primaries 10 puts and 10 gets a second: 10 ms and 100 µs for each of 40 KB, and 12 ms; a write to the
    // queue and one to the store, and two reads, 12 ms each; 40 KB in and 60 KB out at 12.5 MB/s, only with clients.
    by_hand(&scenario, "primary-1", [0.26, 0.48, 0.032, 0.048]);
    by_hand(&scenario, "data", [0.0; 4]);
    let summary = run(&scenario, REPLICATIONS);
    let node = &summary.nodes["primary-2"];
    assert_exact("CPU", node.cpu_ratio, 0.26, REPLICATIONS);
    assert_exact("disk", node.disk_ratio, 0.48, REPLICATIONS);
    assert_exact("link", node.link_ratio, 0.048, REPLICATIONS);
    let data = &summary.nodes["data"];
    for idle in [data.cpu_ratio, data.disk_ratio, data.link_ratio] {
        assert_eq!(idle.estimate, Some(0.0));
    }
}

#[test]
fn one_service_keeps_its_state_and_the_other_shares_it() {
    let file = include_str!("../../scenarios/theory/network.toml");
    // The fetches become a service of their own.
    let text = file
        .replace("service = \"mail\"\nrate = \"40 /s\"", "service = \"read\"\nrate = \"20 /s\"")
        .replace("[service.mail.operation.get]", "[service.read.operation.get]");
    let options = ["time.window=1500 s", "arrivals.store.rate=20 /s"];
    let with = |state: &str| resolve("x.toml", &text, &[options[0], options[1], state]);
    let (local, shared) = (with("service.read.state=local"), with("service.read.state=shared"));
    // 40 reads of 10 ms a second by three disks, 20 × 6 ms at half speed by two cores, and 1.2 MB/s out.
    let gone = [0.12, 0.4 / 3.0, 0.0, 0.096];
    for (resource, gone) in Resource::ALL.into_iter().zip(gone) {
        let less = used(&shared, "data", resource) - used(&local, "data", resource);
        assert!((less - gone).abs() < 1e-12, "{}: {less}, {gone} expected", resource.name());
    }
    by_hand(&local, "primary-1", [0.26, 0.36, 0.032, 0.08]);
    let summary = run(&local, REPLICATIONS);
    assert_exact("own disk", summary.nodes["primary-1"].disk_ratio, 0.36, REPLICATIONS);
    assert_exact("data disk", summary.nodes["data"].disk_ratio, 0.2 / 3.0, REPLICATIONS);
    assert_exact("data CPU", summary.nodes["data"].cpu_ratio, 0.1, REPLICATIONS);
    assert_exact("link", summary.nodes["primary-1"].link_ratio, 0.08, REPLICATIONS);
}
