//! Where `check` says that a utilisation is exact, `run` comes to it; where it says that it is an upper bound, nothing is
//! turned down for it.

use crate::support::{resolve, run, scenario};
use mxplan::analytic::{Bound, Resource, appraise, offered, offered_on_average, settling};
use mxplan::experiment::{Control, Execution, Rule, replicate};
use mxplan::planner::{Bench, enumerate, screen};
use mxplan::queueing::erlang::erlang_b;
use mxplan::report;
use mxplan::scenario::Scenario;
use mxplan::stats::{CONFIDENCE, mean_interval, student_t};

const REPLICATIONS: u64 = 30;
/// Sessions in a window: so many that a CPU or a disk is known to a few per cent, whatever the scenario.
const SESSIONS: f64 = 60_000.0;

/// Every scenario that is shipped, in the order of the names.
fn shipped() -> Vec<String> {
    let folder = format!("{}/scenarios", env!("CARGO_MANIFEST_DIR"));
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
    names.sort();
    names
}

/// A shipped scenario in its busiest hour, over a window of [`SESSIONS`], in which nothing fails: `check` is about that.
fn shortened(file: &str) -> Scenario {
    let sessions_per_s: f64 = offered(&scenario(file, &[])).sessions_per_s.iter().sum();
    scenario(file, &[&format!("time.window={:.0} s", SESSIONS / sessions_per_s), "fault={}"])
}

/// Each utilisation lies within `t(R−1, 1−10⁻⁶)` standard errors of the computed one (one false alarm in a million), and
/// that bound is at most 5 % of it for processors: a fault of that size anywhere would be seen. Bytes vary more than work
/// does, since one message in a hundred has half of them: 8 % for disks, which move them, and 20 % for links.
#[test]
fn check_agrees_with_run_for_every_utilisation_that_it_marks_exact() {
    let mut compared = 0;
    for file in shipped() {
        let scenario = shortened(&file);
        let load = offered_on_average(&scenario);
        assert!(load.is_stable(), "{file}");
        let rule = Rule::Count(REPLICATIONS);
        let records = replicate(&scenario, rule, &Control::default(), Execution::InOrder).unwrap().records;
        for station in &load.stations {
            let values = records.iter().map(|record| {
                let observed = record.observed.nodes[station.node].stations[station.resource as usize].unwrap();
                observed.utilisation(record.observed.window_ns)
            });
            let interval = mean_interval(&values.collect::<Vec<_>>(), CONFIDENCE);
            let degrees = REPLICATIONS as usize - 1;
            let error = interval.half_width().unwrap() / student_t(degrees, 0.5 + CONFIDENCE / 2.0);
            let (mean, bound) = (interval.estimate.unwrap(), student_t(degrees, 1.0 - 1e-6) * error);
            let (computed, node) = (station.utilisation, &scenario.cluster.nodes[station.node].name);
            let what = format!("{file}: {} of {node}", station.resource.name());
            if station.bound == Bound::Near {
                continue;
            }
            if !station.bound.is_exact() {
                let (above, below) = (mean > computed + bound, mean < computed - bound);
                let breaks = match station.bound {
                    Bound::Exact | Bound::Near => false,
                    Bound::AtMost => above,
                    Bound::AtLeast => below,
                };
                assert!(!breaks, "{what}: {mean} breaks its bound of {computed} ± {bound}, {:?}", station.bound);
                continue;
            }
            println!("{what}: {mean:.5} against {computed:.5}, power {:.2} %", 100.0 * bound / computed);
            assert!((mean - computed).abs() <= bound, "{what}: {mean} is not {computed} ± {bound}");
            let power = match station.resource {
                Resource::Cpu | Resource::SwitchConnections | Resource::SwitchThroughput => 0.05,
                Resource::Disk => 0.08,
                Resource::LinkIn | Resource::LinkOut => 0.2,
            };
            assert!(bound <= power * computed, "{what}: a bound of {bound} shows little about {computed}");
            compared += usize::from(computed > 0.0);
        }
    }
    assert!(compared >= 80, "only {compared} utilisations were compared");
}

/// Ten people at one service, anybody at the other, each with a node of its own.
const TWO: &str = r#"
format = 1
name = "two"
[time]
window = "1000 s"
[arrivals.ten]
service = "office"
rate = "150 /s"
sources = 10
[arrivals.all]
service = "public"
rate = "50 /s"
[service.office.operation.work]
cpu = { exponential = { mean = "10 ms" } }
[service.public.operation.work]
cpu = { exponential = { mean = "10 ms" } }
[tier.unit]
cores = 1
speed = 1.0
[cluster]
configuration = "service-specific"
[node.office]
tier = "unit"
services = ["office"]
[node.public]
tier = "unit"
services = ["public"]
[node.data]
tier = "unit"
"#;

#[test]
fn an_upper_bound_is_one_of_the_resource_that_its_stream_touches() {
    let scenario = resolve("two.toml", TWO, &[]);
    let load = offered(&scenario);
    let cpu = |node| *load.station(node, Resource::Cpu).unwrap();
    let (office, public) = (cpu(0), cpu(1));
    assert_eq!((office.bound.is_exact(), office.utilisation, office.firm), (false, 1.5, 0.0));
    assert_eq!((public.bound.is_exact(), public.utilisation, public.firm), (true, 0.5, 0.5));
    assert!(load.is_stable() && !load.is_exact(), "ten people cannot make a line without end");
    let summary = run(&scenario, 10);
    let used = |node: &str| summary.nodes[node].cpu_ratio.estimate.unwrap();
    // The machine repairman: nobody needs the machine as often as Erlang's ten lines under a load of 10/1.5 are all taken.
    let by_hand = 1.0 - erlang_b(10, 10.0 / 1.5);
    assert!((used("office") - by_hand).abs() < 0.005 && (used("public") - 0.5).abs() < 0.01, "{}", used("office"));
    assert!(summary.unstable.is_empty(), "{:?}", summary.unstable);

    let text = report::check::text(&scenario, &appraise(&scenario));
    assert!(text.contains("≤ 150 %") && text.contains(" 50 %") && !text.contains("≤ 50 %"), "{text}");
    assert!(text.contains("The CPU of office may not keep up, at ≤ 150 %;"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&report::check::json(&scenario, &appraise(&scenario))).unwrap();
    assert_eq!(json["normal"]["stations"][0]["exact"], false);
    assert_eq!(json["normal"]["stations"][0]["firm_ratio"], 0.0);
    assert_eq!(json["normal"]["stations"][1]["exact"], true);
    let warnings = report::warnings(&scenario, &appraise(&scenario));
    assert!(warnings.iter().any(|w| w.contains("`office` may be full: it is offered at most 150 %")), "{warnings:?}");
    let settled = settling(&scenario);
    assert!(settled.relaxation_s.is_finite() && settled.window_suffices, "{settled:?}");
}

#[test]
fn what_is_sure_to_fall_behind_binds_before_a_greater_upper_bound() {
    let binding = |rate: &str| {
        let load = offered(&resolve("two.toml", TWO, &[rate]));
        let station = load.binding().unwrap();
        (station.node, station.falls_behind())
    };
    assert_eq!(binding("arrivals.all.rate=90 /s"), (0, false), "150 % at most before 90 %");
    assert_eq!(binding("arrivals.all.rate=110 /s"), (1, true), "110 % for sure before 150 % at most");
}

#[test]
fn refusals_bound_a_load_and_excuse_no_machine() {
    let limit = "service.public={ connections = 5, backlog = 0, operation = { work = { cpu = \"10 ms\" } } }";
    let scenario = resolve("two.toml", TWO, &[limit, "arrivals.all.rate=150 /s"]);
    let public = *offered(&scenario).station(1, Resource::Cpu).unwrap();
    assert_eq!((public.bound.is_exact(), public.utilisation, public.firm), (false, 1.5, 1.5));
    let summary = run(&scenario, 3);
    assert_eq!(summary.unstable.len(), 1);
    assert!(summary.nodes["public"].cpu_ratio.estimate.unwrap() < 1.0 && summary.services["public"].refused > 1_000);
}

#[test]
fn the_screen_turns_nothing_down_for_an_upper_bound() {
    let plan = "plan={ configurations = [\"stand-alone\"], tiers = [\"unit\"] }";
    let level = "level={ fast = { service = \"job\", share = \"90 %\", under = \"1 s\" } }";
    let of = |rate: &str, sources: &str| {
        let rate = format!("arrivals.job.rate={rate} /s");
        let sources = format!("arrivals.job.sources={sources}");
        let scenario = scenario("theory/finite-source.toml", &[plan, level, &rate, &sources]);
        let plan = scenario.plan.clone().unwrap();
        let candidates = enumerate(&scenario, &plan);
        screen(&mut Bench::new(&scenario, &plan), &plan, &candidates[0]).map_err(|rejection| rejection.reason.text)
    };
    assert!((of("150", "10").unwrap() - 1.5 / 0.8).abs() < 1e-9, "the bound still orders candidates");
    // The same load from any number of people is sure to be too much.
    let text = include_str!("../../scenarios/theory/finite-source.toml").replace("sources = 10\n", "");
    let open = resolve("x.toml", &text, &[plan, level, "arrivals.job.rate=150 /s"]);
    let plan = open.plan.clone().unwrap();
    let rejected = screen(&mut Bench::new(&open, &plan), &plan, &enumerate(&open, &plan)[0]).unwrap_err();
    assert!(rejected.reason.text.starts_with("primary CPU at 1.500"), "{}", rejected.reason.text);
}
