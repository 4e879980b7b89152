//! Traces: sessions come when a file says so, in a simulation, in what `check` reckons, and in the lab.

use crate::support::{resolve, run};
use mxplan::analytic::{offered, offered_on_average};
use mxplan::lab::blueprint;
use mxplan::scenario::{Hardware, Override, Scenario, load};

/// A processor that serves in order, 10 ms each.
const SCENARIO: &str = r#"
format = 1
name = "trace"
[time]
warm_up = "1 s"
window = "10 s"
[arrivals.job]
service = "job"
trace = "job.csv"
[service.job.operation.work]
cpu = "10 ms"
[tier.unit]
cores = 1
speed = 1.0
discipline = "fcfs"
[cluster]
configuration = "stand-alone"
[node.primary]
tier = "unit"
"#;

/// The scenario beside a trace of these moments.
fn traced(moments: impl IntoIterator<Item = f64>, options: &[&str]) -> Scenario {
    let lines: Vec<String> = moments.into_iter().map(|at| format!("{at}\n")).collect();
    beside(&format!("at_s\n{}", lines.concat()), options).unwrap()
}

fn beside(csv: &str, options: &[&str]) -> Result<Scenario, String> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("job.csv"), csv).unwrap();
    let options: Vec<Override> = options.iter().map(|option| option.parse().unwrap()).collect();
    let path = directory.path().join("trace.toml").display().to_string();
    load(&path, SCENARIO, &options, &Hardware::built_in()).map_err(|e| e.to_string())
}

fn mean_s(scenario: &Scenario) -> f64 {
    run(scenario, 2).services["job"].response_s.mean.estimate.unwrap()
}

/// Three at a time every half second, which take 10 ms each: the first of them takes 10 ms, the second 20 and the third 30.
#[test]
fn sessions_that_come_together_wait_for_each_other_exactly() {
    let moments = || (0..20).flat_map(|number| [0.5 * f64::from(number) + 1.0; 3]);
    let summary = run(&traced(moments(), &[]), 3);
    let job = &summary.services["job"];
    assert_eq!(job.offered, 3 * 60, "the same sixty in each of three replications");
    let mean = job.response_s.mean;
    assert!((mean.estimate.unwrap() - 0.020).abs() < 1e-9, "{mean:?}");
    assert!(mean.half_width().unwrap() < 1e-9, "nothing is left to chance: {mean:?}");
    let used = summary.nodes["primary"].cpu_ratio.estimate.unwrap();
    assert!((used - 60.0 * 0.010 / 10.0).abs() < 1e-9, "{used}");
    // A fifth earlier than the warm-up ends is no part of what is measured.
    let early = run(&traced((0..20).map(|number| 0.5 * f64::from(number)), &[]), 2);
    assert_eq!(early.services["job"].offered, 2 * 18);
}

/// One every 20 ms finds nobody; one every 5 ms waits 5 ms more than the one before.
#[test]
fn the_distance_of_sessions_decides_and_nothing_ends_when_the_trace_does() {
    let every = |gap_s: f64, count: u32| traced((0..count).map(move |n| 1.0 + gap_s * f64::from(n)), &[]);
    assert!((mean_s(&every(0.020, 400)) - 0.010).abs() < 1e-9);
    let crowded = mean_s(&every(0.005, 200));
    assert!((crowded - (0.010 + 0.005 * 99.5)).abs() < 1e-6, "{crowded}");
}

#[test]
fn a_file_of_several_services_is_divided_and_may_be_that_of_the_lab() {
    let csv = "service,intended_s,lag_s\njob,2,0\nother,2.1,0\njob, 3,0.1\n";
    assert_eq!(run(&beside(csv, &[]).unwrap(), 2).services["job"].offered, 4);
}

/// 7200 sessions in the first hour and 3600 in the second one.
#[test]
fn the_busiest_hour_of_a_trace_is_what_it_has_most_of() {
    let moments = || (0..7_200).map(|n| 0.5 * f64::from(n)).chain((3_600..7_200).map(f64::from));
    let rate = |scenario: &Scenario| (scenario.streams[0].rate_per_s, scenario.streams[0].mean_rate_per_s());
    let two_hours = traced(moments(), &["time.window=7200 s", "time.warm_up=0 s"]);
    let (busiest, mean) = rate(&two_hours);
    assert!((busiest - 2.0).abs() < 1e-9 && (mean - 1.5).abs() < 1e-9, "{busiest} {mean}");
    let used = |load: mxplan::analytic::Load| load.stations[0].utilisation;
    assert!((used(offered(&two_hours)) - 0.02).abs() < 1e-9);
    assert!((used(offered_on_average(&two_hours)) - 0.015).abs() < 1e-9);
    let day = traced(moments(), &["time.window=day", "time.warm_up=0 s"]);
    let (busiest, mean) = rate(&day);
    assert!((busiest - 2.0).abs() < 1e-9 && (mean - 10_800.0 / 86_400.0).abs() < 1e-9, "{busiest} {mean}");
    // As many again: twice the rate in every hour, and twice the sessions.
    let twice = day.times(2.0);
    assert_eq!(run(&twice, 2).services["job"].offered, 2 * 2 * 10_800);
    assert!((rate(&twice).0 - 4.0).abs() < 1e-9);
}

#[test]
fn another_trace_is_another_scenario() {
    let digest = |moments: &[f64]| traced(moments.iter().copied(), &[]).digest();
    assert_eq!(digest(&[2.0, 3.0]), digest(&[2.0, 3.0]));
    assert_ne!(digest(&[2.0, 3.0]), digest(&[2.0, 3.5]));
}

/// The lab sends its sessions when the trace says, as the simulation has them come.
#[test]
fn the_lab_gets_the_sessions_of_the_trace() {
    let text = SCENARIO.replace("\"job\"", "\"pop3\"").replace("service.job", "service.pop3");
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("job.csv"), "at_s\n1.25\n0.5\n9\n70\n").unwrap();
    let scenario = resolve(&directory.path().join("trace.toml").display().to_string(), &text, &[]);
    let job = blueprint(&scenario, 0, 2, 1).unwrap().job;
    let at: Vec<u64> = job.orders.iter().map(|order| order.at_ns).collect();
    assert_eq!(at, [500_000_001, 1_250_000_001, 9_000_000_001]);
}

#[test]
fn what_is_wrong_with_a_trace_is_said_with_its_place() {
    let rows: [(&str, &[&str], &str); 8] = [
        ("when\n1\n", &[], "has no column `at_s` and `intended_s`"),
        ("at_s\n1\nlater\n", &[], "`at_s` is `later`; write seconds from 0 to"),
        ("at_s\n-1\n", &[], "`at_s` is `-1`; write seconds from 0 to"),
        ("at_s\n0.5\n", &[], "no session of the trace is in the window, which begins 1 s after it and lasts 10 s"),
        ("at_s,service\n2,other\n", &[], "has no session of `job`"),
        ("at_s\n2\n", &["arrivals.job.rate=5 /s"], "`rate` and `trace` both say when sessions come; leave one out"),
        ("at_s\n2\n", &["arrivals.job.sources=3"], "whoever waits; leave `sources` out"),
        ("at_s\n2\n", &["arrivals.job.trace=none.csv"], "none.csv` can't be read: no such file or directory"),
    ];
    for (csv, options, expected) in rows {
        let said = beside(csv, options).unwrap_err();
        assert!(said.contains(expected), "{said}");
    }
    let said = beside("at_s\n1\n2\nlater\n", &[]).unwrap_err();
    assert!(said.contains("job.csv:4:1"), "{said}");
    let neither = SCENARIO.replace("trace = \"job.csv\"\n", "");
    let unknown = SCENARIO.replace("warm_up = \"1 s\"\n", "");
    let read = |text: &str| load("x.toml", text, &[], &Hardware::built_in()).unwrap_err().to_string();
    assert!(read(&neither).contains("does not say when its sessions come; write `rate = \"5 /s\"`, or a `trace`"));
    assert!(read(&unknown).contains("write `time.warm_up`"));
}
