//! All primaries share a configuration: a change is loaded by all of them, and may undo another one.

use crate::support::scenario;
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::{Control, Execution, Rule, replicate, summarise};
use mxplan::scenario::Scenario;
use mxplan::stats::{CONFIDENCE, ratio_interval};

/// The regional ISP with a single user, two domains, and administrators who look, think, and save.
fn administrators(option: &str) -> Scenario {
    let options = [
        "time.window=50000 s",
        "population.subscribers.users=1",
        "population.subscribers.finite=false",
        "population.subscribers.domains=2",
        "level={}",
        "arrivals={ change = { service = \"webadmin\", rate = \"0.1 /s\", operations = [\"look\", \"save\"] } }",
        "service={ webadmin = { operation = { look = { cpu = \"10 ms\" }, save = { cpu = \"10 ms\", \
         think = { exponential = { mean = \"5 s\" } }, reload_per_domain = \"1 s\" } } } }",
        option,
    ];
    scenario("regional-isp.toml", &options)
}

/// Changes that undid another one, of all.
fn lost(scenario: &Scenario) -> (mxplan::stats::Estimate, mxplan::experiment::Summary) {
    let run = replicate(scenario, Rule::Count(40), &Control::default(), Execution::InOrder).unwrap();
    let pairs = run.records.iter().map(|record| {
        let service = &record.observed.services[scenario.service("webadmin").unwrap()];
        (service.lost_changes as f64, service.flow.ended as f64)
    });
    let pairs: Vec<(f64, f64)> = pairs.collect();
    (ratio_interval(&pairs, CONFIDENCE), summarise(scenario, &run.records, run.stop_reason))
}

#[test]
fn a_change_undoes_those_that_came_while_it_was_made() {
    let scenario = administrators("random.seed=1");
    let (lost, summary) = lost(&scenario);
    // Changes are Poisson at 0.1 a second, and one takes an exponential time to make: another one comes first with
    // probability λT / (1 + λT).
    let webadmin = &summary.services["webadmin"];
    let taken = 0.1 * (5.0 + webadmin.response_s.mean.estimate.unwrap());
    assert_exact("lost changes", lost, taken / (1.0 + taken), 40);
    assert_eq!(summary.services["smtp"].lost_changes, None);
    // Each of the three primaries loads 0.2 domains a second, 1 s for each on one of its two processors.
    let checked = offered(&scenario);
    for (index, node) in ["primary-1", "primary-2", "primary-3"].into_iter().enumerate() {
        assert_exact(
            node,
            summary.nodes[node].cpu_ratio,
            checked.station(index, Resource::Cpu).unwrap().utilisation,
            40,
        );
    }
    let without = offered(&administrators("service.webadmin.operation.save.reload_per_domain=0 s"));
    let by_reload = checked.stations[0].utilisation - without.stations[0].utilisation;
    assert!((by_reload - 0.1).abs() < 1e-9, "{by_reload}");
}

#[test]
fn who_reloads_first_undoes_nothing() {
    let (half, _) = lost(&administrators("service.webadmin.operation.save.reload_first=50 %"));
    let (none, _) = lost(&administrators("service.webadmin.operation.save.reload_first=100 %"));
    assert!((half.estimate.unwrap() - 1.0 / 6.0).abs() < 0.005, "{half:?}");
    assert_eq!(none.estimate, Some(0.0));
}
