//! Results by hour, where the load changes over the day.

use crate::support::{resolve, run};
use mxplan::cluster::LevelObserved;
use mxplan::experiment::{Control, Execution, Rule, StopReason, replicate, simulate, summarise};
use mxplan::scenario::Scenario;

/// An M/M/1 with services of 10 ms, and a level.
const TEXT: &str = concat!(
    include_str!("../../scenarios/theory/mm1-fcfs.toml"),
    "\n[level.job]\nservice = \"job\"\nshare = \"90 %\"\nunder = \"100 ms\"\n"
);
const WARM_UP: &str = "time.warm_up=60 s";

/// With so long a window, 40 arrivals a second, and 80 in its second hour.
fn with_a_busy_second_hour(window: &str) -> Scenario {
    let mut scenario = resolve("x.toml", TEXT, &[WARM_UP, window]);
    scenario.streams[0].hours_per_s = vec![40.0, 80.0, 40.0];
    scenario
}

#[test]
fn each_hour_has_the_results_of_its_own_load() {
    let summary = run(&with_a_busy_second_hour("time.window=3 h"), 10);
    assert_eq!(summary.hours.len(), 3);
    // At 0.4 and 0.8 of what it can do. Beyond 100 ms: e^(−(μ − λ) 0.1 s). A replication's hour at 0.8 knows its mean within
    // 4 %, ten of them within 1.3 %; the first minutes of the hours between are the others' by less than that.
    for (hour, of) in summary.hours.iter().enumerate() {
        let free = if hour == 1 { 20.0 } else { 60.0 };
        let service = of.services["job"];
        assert_eq!(of.length_s, 3_600.0);
        for (found, due) in [
            (service.mean_response_s, 1.0 / free),
            (service.p95_response_s, 20.0_f64.ln() / free),
            (of.in_time_ratio["job"], 1.0 - (-0.1 * free).exp()),
        ] {
            let (estimate, half) = (found.estimate.unwrap(), found.half_width().unwrap());
            println!("hour {hour}: {estimate} ± {half}, {due}");
            assert!(
                (estimate - due).abs() < 2.0 * half + 0.002 * due && half < 0.05 * due,
                "{hour}: {found:?} and not {due}"
            );
        }
    }
    // The whole is the sum of its hours.
    let whole = &summary.services["job"];
    let of_hours = |count: fn(&mxplan::experiment::ServiceHourSummary) -> u64| -> u64 {
        summary.hours.iter().map(|hour| count(&hour.services["job"])).sum()
    };
    assert_eq!((of_hours(|hour| hour.offered), of_hours(|hour| hour.served)), (whole.offered, whole.served));
}

#[test]
fn a_short_window_has_no_hours_and_a_piece_of_an_hour_is_one() {
    let hours = |window: &str| run(&with_a_busy_second_hour(window), 2).hours;
    assert!(hours("time.window=119 min").is_empty());
    let short = with_a_busy_second_hour("time.window=119 min");
    assert_eq!(mxplan::report::charts::hours(&short, &run(&short, 2)), None);
    let hours = hours("time.window=150 min");
    assert_eq!(hours.iter().map(|hour| hour.length_s).collect::<Vec<_>>(), [3_600.0, 3_600.0, 1_800.0]);
}

#[test]
fn hours_are_the_same_in_any_order_of_replications_and_in_their_file() {
    let scenario = with_a_busy_second_hour("time.window=2 h");
    let summary = |execution| {
        let run = replicate(&scenario, Rule::Count(4), &Control::default(), execution).unwrap();
        summarise(&scenario, &run.records, StopReason::Replications)
    };
    let summary = [Execution::InOrder, Execution::Shuffled].map(summary);
    assert_eq!(summary[0].hours, summary[1].hours);
    let csv = mxplan::report::hours::csv(&scenario, &summary[0]).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "hour,length_s,service,level,offered,served,mean_response_s,mean_response_s_low,mean_response_s_high,p95_response_s,\
         p95_response_s_low,p95_response_s_high,in_time_ratio,in_time_ratio_low,in_time_ratio_high"
    );
    // A service and a level in each of two hours.
    assert_eq!(lines.len(), 5);
    assert!(lines[1].starts_with("0,3600,job,,") && lines[2].starts_with("0,3600,job,job,,"), "{csv}");
}

#[test]
fn what_is_overdue_when_the_window_ends_is_late_in_its_last_hour() {
    for window in ["time.window=2 h", "time.window=150 min"] {
        let mut scenario = resolve("x.toml", TEXT, &[WARM_UP, window, "service.job.operation.work.cpu=10 h"]);
        scenario.streams[0].hours_per_s = vec![0.01];
        let observed = simulate(&scenario, 0, &Control::default()).unwrap().observed;
        let (last, whole) = (observed.hours.last().unwrap().levels[0], observed.levels[0]);
        assert!(whole.late > 50 && whole.late == whole.total, "{whole:?}");
        let of_hours = |count: fn(&LevelObserved) -> u64| -> u64 {
            observed.hours.iter().map(|hour| count(&hour.levels[0])).sum()
        };
        assert_eq!((of_hours(|level| level.total), of_hours(|level| level.late)), (whole.total, whole.late));
        assert_eq!(last, whole, "nobody is done before the end");
    }
}
