//! What a switch knows and can bear, through the whole program.

use crate::support::{resolve, run};
use crate::theory::assert_exact;
use mxplan::analytic::{Bound, Resource, offered};
use mxplan::experiment::Summary;
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
    assert!(summary.balance["job"].max_over_mean.estimate.unwrap() < 1.001);
}

#[test]
fn agents_spare_a_slow_node() {
    // Three nodes of 100 sessions a second and one of 25, and 200 a second come: a fourth of them is twice what it can do.
    let in_turn = "{ algorithm = \"weighted-round-robin\" }";
    assert!(!offered(&with_fourth("tier = \"slow\"", in_turn, 200, 100)).is_stable());
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
}
