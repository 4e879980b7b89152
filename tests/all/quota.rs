//! A CPU with a quota: a fast machine with a budget, not a slow one.

use crate::support::{run, scenario};
use crate::theory::assert_exact;
use mxplan::analytic::{Resource, appraise, offered, settling};
use mxplan::experiment::{Control, Summary, simulate};
use mxplan::report;
use mxplan::scenario::Scenario;

const REPLICATIONS: u64 = 40;

/// One core with jobs of a mean length at a utilisation of a quarter of it: by a budget, or by a quarter of the speed.
fn quarter(file: &str, work_ms: f64, utilisation: f64, of: &[&str]) -> Scenario {
    let rate = format!("arrivals.job.rate={} /s", utilisation * 250.0 / work_ms);
    let work = format!("service.job.operation.work.cpu={{ exponential = {{ mean = \"{work_ms} ms\" }} }}");
    let options: Vec<&str> = [&*rate, &*work].into_iter().chain(of.iter().copied()).collect();
    scenario(file, &options)
}

fn mean(summary: &Summary) -> f64 {
    summary.services["job"].response_s.mean.estimate.unwrap()
}

#[test]
fn short_jobs_are_done_at_full_speed_while_the_budget_lasts() {
    for file in ["theory/mm1-ps.toml", "theory/mm1-fcfs.toml"] {
        let window = "time.window=3000 s";
        let quota = run(&quarter(file, 5.0, 0.2, &[window, "tier.unit.cpu_quota=0.25"]), REPLICATIONS);
        let slow = run(&quarter(file, 5.0, 0.2, &[window, "tier.unit.speed=0.25"]), REPLICATIONS);
        for (what, summary) in [("quota", &quota), ("slow", &slow)] {
            assert_exact(what, summary.nodes["primary"].cpu_ratio, 0.2, REPLICATIONS);
        }
        // 20 ms / 0.8 on the slow machine. With the budget a job has the core to itself, and the load of 0.05 beside it
        // adds 5 %; seldom are 25 ms used up before the 100 ms are over.
        assert_exact("slow machine", slow.services["job"].response_s.mean, 0.025, REPLICATIONS);
        println!("{file}: {} s with a quota, {} s on a slow machine", mean(&quota), mean(&slow));
        assert!(mean(&quota) < 0.4 * mean(&slow) && mean(&quota) > 0.005 / 0.95, "{}", mean(&quota));
    }
}

#[test]
fn long_jobs_are_done_as_on_a_slow_machine() {
    // Twenty periods of budget for each job: how the budget is cut up no longer matters.
    for file in ["theory/mm1-ps.toml", "theory/mm1-fcfs.toml"] {
        let given = ["time.window=400 s", "time.warm_up=100 s"];
        let of = |key: &[&str]| mean(&run(&quarter(file, 20.0, 0.6, &[&given[..], key].concat()), 10));
        let quota = of(&["tier.unit.cpu_quota=0.25", "tier.unit.cpu_period=1 ms"]);
        let slow = of(&["tier.unit.speed=0.25"]);
        println!("{file}: {quota} s with a quota, {slow} s on a slow machine");
        assert!((quota / slow - 1.0).abs() < 0.01, "{file}: {quota} s with a quota, {slow} s on a slow machine");
    }
}

#[test]
fn a_quota_of_every_core_is_none() {
    let of = |options: &[&str]| run(&scenario("theory/mm4-ps.toml", options), 2);
    let (bound, free) = (of(&["time.window=200 s", "tier.unit.cpu_quota=4"]), of(&["time.window=200 s"]));
    assert_eq!((&bound.services, &bound.nodes), (&free.services, &free.nodes));
}

#[test]
fn a_load_above_the_quota_never_settles() {
    let over = quarter("theory/mm1-ps.toml", 5.0, 1.2, &["time.window=60 s", "tier.unit.cpu_quota=0.25"]);
    let cpu = *offered(&over).station(0, Resource::Cpu).unwrap();
    assert!((cpu.utilisation - 1.2).abs() < 1e-9 && cpu.falls_behind() && cpu.bound.is_exact());
    assert!(report::warnings(&over, &appraise(&over))[0].contains("the CPU of `primary` can't keep up"));
    let summary = run(&over, 2);
    let used = summary.nodes["primary"].cpu_ratio.estimate.unwrap();
    assert!(summary.unstable.len() == 1 && (used - 1.0).abs() < 0.001, "{used}");
}

#[test]
fn what_stops_cost_is_missing_where_every_period_has_one() {
    // 25 ms in each 100 ms; of those 5 are lost at once, or half of 5 as they are spread over twice the budget.
    let over = |key: &[&str]| {
        let given = ["time.window=60 s", "time.warm_up=10 s", "tier.unit.cpu_quota=0.25", "tier.unit.cpu_resume=5 ms"];
        quarter("theory/mm1-fcfs.toml", 5.0, 1.2, &[&given[..], key].concat())
    };
    for (key, done_ms) in [(&[][..], 20.0), (&["tier.unit.cpu_cold=50 ms"][..], 22.5)] {
        let scenario = over(key);
        let cpu = *offered(&scenario).station(0, Resource::Cpu).unwrap();
        assert!((cpu.utilisation - 1.2).abs() < 1e-9 && !cpu.bound.is_exact(), "{cpu:?}");
        let summary = run(&scenario, 2);
        let used = summary.nodes["primary"].cpu_ratio.estimate.unwrap();
        assert!((used - 1.0).abs() < 0.001, "{used}");
        // Jobs of 5 ms on average: 2400 and 2700 of them leave in a minute, give or take 2 % that chance makes of their sizes.
        let left = summary.services["job"].throughput_per_s.estimate.unwrap();
        assert!((left * 0.5 / done_ms - 1.0).abs() < 0.05, "{left} /s");
        let record = simulate(&scenario, 0, &Control::default()).unwrap();
        assert_eq!(record.observed.contradictions(), Vec::<String>::new());
        let cpu = record.observed.nodes[0].stations[Resource::Cpu as usize].unwrap();
        let lost_ms = cpu.undone_ns as f64 / 1e6 / 600.0;
        assert!((lost_ms - (25.0 - done_ms)).abs() < 0.01, "{lost_ms} ms in a period");
    }
    // It takes the longer to get over it.
    let relaxation = |key: &[&str]| settling(&quarter("theory/mm1-ps.toml", 5.0, 0.8, key)).relaxation_s;
    let free = relaxation(&["tier.unit.cpu_quota=0.25"]);
    let dear = relaxation(&["tier.unit.cpu_quota=0.25", "tier.unit.cpu_resume=5 ms"]);
    assert!((dear / free - 25.0 / 20.0).abs() < 1e-9, "{free} s and {dear} s");
}

#[test]
fn settling_knows_how_slowly_a_budget_works_a_queue_off() {
    let of = |key: &[&str]| settling(&quarter("theory/mm1-ps.toml", 5.0, 0.8, key)).relaxation_s;
    let (quota, slow) = (of(&["tier.unit.cpu_quota=0.25"]), of(&["tier.unit.speed=0.25"]));
    assert!((quota / slow - 1.0).abs() < 1e-9, "{quota} s and {slow} s");
    // An idle one still remembers how much of the period's budget is left.
    let idle = settling(&quarter("theory/mm1-ps.toml", 5.0, 0.001, &["tier.unit.cpu_quota=0.25"]));
    assert!((idle.relaxation_s - 0.1).abs() < 1e-9, "{}", idle.relaxation_s);
}

#[test]
fn nothing_is_lost_where_a_budget_stops_everything() {
    for discipline in ["processor-sharing", "fcfs"] {
        let options = [
            "tier.front.cores=2",
            "tier.front.cpu_quota=0.5",
            &format!("tier.front.discipline={discipline}"),
            "arrivals.store.rate=20 /s",
            "time.window=600 s",
        ];
        let record = simulate(&scenario("theory/network.toml", &options), 0, &Control::default()).unwrap();
        assert_eq!(record.observed.contradictions(), Vec::<String>::new());
        let cpu = record.observed.nodes[0].stations[Resource::Cpu as usize].unwrap();
        assert!(cpu.flow.ended > 10_000 && cpu.utilisation(record.observed.window_ns) > 0.4, "{:?}", cpu.flow);
    }
}
