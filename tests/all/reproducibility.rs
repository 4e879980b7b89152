//! Same seed, same results: whatever the number of threads, the order of completion, or the moment.

use crate::support::scenario;
use mxplan::cluster::Sabotage;
use mxplan::engine::TrajectoryHash;
use mxplan::experiment::{Control, Execution, Record, Rule, StopReason, replicate, simulate_observed, summarise};
use mxplan::scenario::Scenario;

fn records(scenario: &Scenario, threads: usize, execution: Execution) -> Vec<Record> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| replicate(scenario, Rule::Count(12), &Control::default(), execution)).unwrap().records
}

#[test]
fn threads_and_the_order_of_completion_leave_no_trace() {
    let scenario = scenario("regional-isp.toml", &["time.window=300 s"]);
    let one = records(&scenario, 1, Execution::InOrder);
    assert_eq!(one, records(&scenario, 2, Execution::InOrder));
    assert_eq!(one, records(&scenario, 2, Execution::Shuffled));
    let bytes =
        |records: &[Record]| serde_json::to_string(&summarise(&scenario, records, StopReason::Replications)).unwrap();
    assert_eq!(bytes(&one), bytes(&records(&scenario, 2, Execution::Shuffled)));
}

#[test]
fn a_record_survives_its_file() {
    let scenario = scenario("regional-isp.toml", &["time.window=120 s"]);
    for record in records(&scenario, 1, Execution::InOrder) {
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}

fn trajectory(scenario: &Scenario, replication: u64) -> u64 {
    let mut hash = TrajectoryHash::default();
    simulate_observed(scenario, replication, &Control::default(), Sabotage::default(), &mut hash).unwrap();
    hash.value()
}

#[test]
fn a_run_takes_the_same_course_again_and_another_replication_another_one() {
    let scenario = scenario("regional-isp.toml", &["time.window=120 s"]);
    assert_eq!(trajectory(&scenario, 0), trajectory(&scenario, 0));
    assert_ne!(trajectory(&scenario, 0), trajectory(&scenario, 1));
    let other = crate::support::scenario("regional-isp.toml", &["time.window=120 s", "random.seed=2"]);
    assert_ne!(trajectory(&scenario, 0), trajectory(&other, 0));
}

#[test]
fn two_designs_meet_the_same_people_and_mail() {
    let count = |tier: &str| {
        let options = [format!("node.primary.tier={tier}"), "time.window=300 s".into(), "time.warm_up=60 s".into()];
        let scenario = scenario("regional-isp.toml", &options.each_ref().map(|o: &String| o.as_str()));
        let observed = records(&scenario, 1, Execution::InOrder).remove(0).observed;
        let began: Vec<u64> = observed.services.iter().map(|service| service.flow.began).collect();
        (began, observed.nodes.iter().map(|node| node.sessions).collect::<Vec<_>>())
    };
    assert_eq!(count("dual-piii-1000"), count("dual-xeon-3000"));
}
