//! What is looked into after the choice: how many people it supports, what a failure does, whether balancing is warranted.
//!
//! The toy of `planner.rs`, whose queues have closed forms: FCFS nodes of rate μ, drawn at random, are M/M/1.

use crate::planner::toy;
use crate::support::scenario;
use mxplan::experiment::{Control, Rule};
use mxplan::planner::{Because, Bench, Outcome, Recommendation, State, Study, plan, recommend, uses};
use mxplan::scenario::Scenario;

fn planned(scenario: &Scenario, replications: u64) -> (Outcome, Recommendation) {
    let outcome = plan(scenario, Rule::Count(replications), &Control::default()).unwrap();
    let recommendation = recommend(scenario, &outcome);
    (outcome, recommendation)
}

fn study(outcome: &Outcome) -> &Study {
    outcome.study.as_ref().expect("the choice was looked into")
}

#[test]
fn more_people_are_supported_until_the_closed_form_misses_the_level() {
    let (outcome, recommendation) = planned(&toy(&["plan.tiers=[\"M\"]"]), 10);
    let n = f64::from(outcome.judged[outcome.chosen.unwrap()].candidate.primaries);
    let in_time = |factor: f64| 1.0 - f64::exp(-(130.0 - factor * 1_000.0 / n) * 0.05);
    let curve = study(&outcome).curve.as_ref().unwrap();
    for point in &curve.points {
        let level = &point.levels[0];
        let (measured, due) = (level.in_time_ratio.estimate.unwrap(), in_time(point.load_factor));
        println!("{:.4} times the load: {measured:.4} in time, due {due:.4}", point.load_factor);
        // At least 50 000 jobs of queues at 0.6 on average: five standard errors.
        assert!((measured - due).abs() < 0.006, "{measured} and not {due}");
        assert_eq!((&*level.name, level.share_ratio, point.users), ("job", 0.95, None));
        assert!((point.utilisation_ratio - point.load_factor * 1_000.0 / (130.0 * n)).abs() < 1e-9);
    }
    assert!(curve.points.is_sorted_by(|a, b| a.load_factor < b.load_factor));
    // A level of 95 % is missed beyond λ/n = μ − ln 20 / t; the interval of a point costs a little, the last halving too.
    let exact = (130.0 - 20.0_f64.ln() / 0.05) * n / 1_000.0;
    let supported = recommendation.chosen.unwrap().supported.unwrap();
    println!("{supported:?}, due {exact}");
    assert_eq!(supported.missed_level.as_deref(), Some("job"));
    assert!(supported.growth_factor <= exact * 1.002 && supported.growth_factor > exact * 0.96);
    assert!((supported.residual_capacity_ratio - (1.0 - 1.0 / supported.growth_factor)).abs() < 1e-12);
    assert!(recommendation.sentence.ends_with("times today's load, the level `job` is missed."));
}

#[test]
fn where_no_level_is_missed_a_resource_ends_the_growth() {
    let wide = ["plan.tiers=[\"M\"]", "level.job.under=\"10 s\"", "arrivals.job.rate=\"700 /s\""];
    let (outcome, recommendation) = planned(&toy(&wide), 3);
    let design = recommendation.chosen.unwrap();
    // 700 jobs/s on eight M at 130/s; up to 0.7 they grow by 4 %.
    assert_eq!(design.primaries, 8);
    let supported = design.supported.unwrap();
    assert!((supported.growth_factor - 1.04).abs() < 1e-9 && supported.missed_level.is_none(), "{supported:?}");
    // What is above capacity has no percentiles, and no point.
    assert!(study(&outcome).curve.as_ref().unwrap().points.iter().all(|point| point.utilisation_ratio < 1.0));
}

#[test]
fn a_list_that_is_read_from_its_beginning_ends_the_growth_sooner() {
    let lookups = "service={ pop3 = { operation = { login = { lookups = 1 } } } }";
    let few =
        ["plan.tiers=[\"dual-xeon-3000\"]", "plan.most_primaries=2", "plan.survive=\"none\"", "time.window=\"30 s\""];
    let of = |directory: &str| {
        let directory = format!("cluster.directory=\"{directory}\"");
        let options = [&[lookups, &*directory], &few[..]].concat();
        let (outcome, recommendation) = planned(&scenario("regional-isp.toml", &options), 2);
        let design = recommendation.chosen.unwrap();
        let factor = design.binding.as_ref().unwrap().growth_factor;
        let users = format!("population.subscribers.users={}", (30_000.0 * factor) as u64);
        let grown = scenario("regional-isp.toml", &[&options[..], &[&users]].concat());
        let plan = grown.plan.clone().unwrap();
        let candidate = &outcome.judged[outcome.chosen.unwrap()].candidate;
        let uses = uses(Bench::new(&grown, &plan).put(candidate, State::Normal).unwrap(), State::Normal);
        let binding = design.binding.unwrap();
        let used = uses.iter().find(|used| used.role == binding.role && used.resource.name() == binding.resource);
        println!("{}: {factor:.3} times, {} {}", design.candidate, binding.role, binding.resource);
        // Resolved anew with as many people, the resource is used to the margin.
        assert!((used.unwrap().utilisation - 0.8).abs() < 1e-3, "{used:?}");
        factor
    };
    assert!(of("file") < 0.9 * of("memory-mapped"));
}

#[test]
fn a_part_that_falls_silent_costs_its_share_of_the_sessions_unless_it_is_taken_out() {
    let five = ["plan.tiers=[\"L\"]", "time.window=\"120 s\"", "plan.most_primaries=5"];
    let (outcome, recommendation) = planned(&toy(&five), 5);
    let of = |outcome: &Outcome, component: &str| {
        let trial = study(outcome).trials.iter().find(|trial| trial.component.starts_with(component));
        let trial = trial.unwrap_or_else(|| panic!("{component} does not fail"));
        println!("{component}: {:?} fail, served again after {:?}", trial.failed_ratio, trial.served_again_after_s);
        (trial.failed_ratio.estimate.unwrap(), trial.served_again_after_s.estimate.unwrap())
    };
    // A fifth of the sessions of 40 of 120 s, without those of the last 9 s: a client asks again 3 and 9 s later, and then
    // the machine is back. 30 000 of 600 000 fail: the standard error is 0.6 %.
    let part = (40.0 - 9.0) / 120.0;
    let (failed, again) = of(&outcome, "primary");
    assert!((failed / (part / 5.0) - 1.0).abs() < 0.02 && again == 40.0);
    // Nobody gets through a switch that is down.
    let (failed, again) = of(&outcome, "switch");
    assert!((failed / part - 1.0).abs() < 0.01 && again == 40.0);
    // The toy's data server holds nothing that a job needs.
    assert_eq!(of(&outcome, "data").0, 0.0);
    let failures = recommendation.chosen.unwrap().failures;
    assert_eq!(failures[0].component, "switch");
    assert!(failures.is_sorted_by(|a, b| a.failed_ratio.estimate >= b.failed_ratio.estimate));

    // Three checks in vain, each of two seconds and two seconds after the one before, from a moment within two seconds on.
    let check = "routing.default.switch.check={ kind = \"tcp\", interval = \"2 s\", fall = 3 }";
    let (outcome, _) = planned(&toy(&[&five[..], &[check]].concat()), 5);
    let (failed, again) = of(&outcome, "primary");
    assert!((10.0..12.0).contains(&again) && (failed / (again / 120.0 / 5.0) - 1.0).abs() < 0.05);
    let trial = study(&outcome).trials.iter().find(|trial| trial.component.starts_with("primary")).unwrap();
    assert_eq!(Some(trial.served_again_after_s), trial.removed_after_s);
    assert!(trial.detected_after_s.unwrap().estimate <= trial.removed_after_s.unwrap().estimate);
}

#[test]
fn balancing_is_warranted_by_what_a_single_server_cannot_do() {
    let check = "routing.default.switch.check={ kind = \"tcp\", interval = \"1 s\", fall = 2 }";
    let of = |options: &[&str]| {
        let all =
            [&["plan.tiers=[\"L\"]", "time.window=\"60 s\"", "plan.prefer=\"simplest\"", check], options].concat();
        let (_, recommendation) = planned(&toy(&all), 5);
        let balancing = recommendation.balancing.unwrap();
        println!("{}", balancing.sentence());
        balancing
    };
    // 1000 jobs/s, and one L does 300.
    let volume = of(&[]);
    assert_eq!((volume.warranted, volume.because), (true, Some(Because::Volume)));
    assert!((volume.single.fullness_ratio - 1_000.0 / 300.0 / 0.7).abs() < 1e-9);
    assert!(volume.single.holds.is_none() && volume.single.server_p95_s.is_none() && volume.reasons.volume);
    assert!((volume.single.scales_to_factor - 0.21).abs() < 1e-9, "{}", volume.single.scales_to_factor);
    assert!((volume.balanced.unwrap().scales_to_factor - 30.0 * 0.21).abs() < 1e-6);

    // 200 of 300 jobs/s: 1 − e^(−100·0.02) = 0.86 of them are in time, and with half the load 0.98.
    let tight = ["arrivals.job.rate=\"200 /s\"", "level.job.under=\"28.571428 ms\""];
    let delay = of(&tight);
    assert_eq!(delay.because, Some(Because::Delay));
    assert_eq!((delay.single.holds, delay.balanced.as_ref().unwrap().holds), (Some(false), Some(true)));
    let p95 = |side: &mxplan::planner::Side| side.server_p95_s.unwrap().estimate.unwrap();
    // ln 20 / (μ − λ/n); 60 000 jobs and more.
    let [single, balanced] = [100.0, 200.0].map(|rate| 20.0_f64.ln() / rate);
    println!("{} due {single}, {} due {balanced}", p95(&delay.single), p95(delay.balanced.as_ref().unwrap()));
    assert!((p95(&delay.single) / single - 1.0).abs() < 0.05);
    assert!((p95(delay.balanced.as_ref().unwrap()) / balanced - 1.0).abs() < 0.05);

    // A choice that stands alone is the single server: S has room and misses the level, and L would be dearer.
    let chosen = of(&["plan.tiers=[\"S\", \"M\", \"L\"]", "arrivals.job.rate=\"40 /s\""]);
    assert_eq!((&*chosen.single.candidate, chosen.single.holds), ("stand-alone/1x M", Some(true)));

    // One does, unless it must not be missed.
    let one = ["arrivals.job.rate=\"100 /s\""];
    let none = of(&one);
    assert!(!none.warranted && none.because.is_none() && none.reasons.recovery && none.reasons.reliability);
    assert!(!none.reasons.volume && !none.reasons.delay && none.reasons.scalability);
    let gap = |side: &mxplan::planner::Side| side.served_again_after_s.unwrap().estimate.unwrap();
    assert_eq!(gap(&none.single), 20.0);
    assert!((1.0..6.0).contains(&gap(none.balanced.as_ref().unwrap())));
    let outlast = of(&[one[0], "plan.survive=\"one-node\""]);
    assert_eq!(outlast.because, Some(Because::Recovery));
    // The same single server, whatever must be outlasted.
    assert_eq!(outlast.single, none.single);
}
