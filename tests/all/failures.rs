//! What becomes of each failure: detected, removed, repaired, recovered, and whom it cost.

use crate::cli::{json, short_run};
use crate::support::{run, scenario};
use mxplan::experiment::{FailureSummary, Summary};
use mxplan::scenario::Scenario;

const RATE_PER_S: f64 = 40.0;

/// Four nodes; one fails at 200.5 s for 200 s.
fn failing(component: &str, kind: &str, options: &[&str]) -> Scenario {
    let fault =
        format!("fault.x={{ component = \"{component}\", kind = \"{kind}\", at = \"200.5 s\", lasts = \"200 s\" }}");
    let rate = format!("arrivals.job.rate=\"{RATE_PER_S} /s\"");
    let mut all = vec!["time.window=600 s", "time.warm_up=60 s", &rate, &fault];
    all.extend(options);
    scenario("theory/split.toml", &all)
}

fn only(summary: &Summary) -> &FailureSummary {
    assert_eq!(summary.failures.len(), 1);
    &summary.failures[0]
}

/// Detected, removed, repaired and recovered, on average.
fn times(failure: &FailureSummary) -> [Option<f64>; 4] {
    let times = [failure.detected_s, failure.removed_s, failure.repaired_s, failure.recovered_s];
    times.map(|time| time.map(|time| time.estimate.unwrap()))
}

const CHECKED: &str = "routing.default.switch={ algorithm = \"round-robin\", check = { interval = \"2 s\", fall = 3, rise = 2, phase = \"0 s\" } }";

#[test]
fn checks_find_a_failure_and_its_end_by_their_grid() {
    // Checks at even seconds: the third that fails is at 206 s, the second that passes at 404 s. Those of a machine that does
    // not answer take 2 s to fail, and the next begins 2 s later: from 202 to 204 s and so on, until 212 s. Once it is held to be
    // down no further one tells anything new, and the next that does is that of 402 s.
    for (component, kind, due) in [
        ("primary-2", "stop", [206.0, 206.0, 400.5, 404.0]),
        ("primary-2.job", "stop", [206.0, 206.0, 400.5, 404.0]),
        ("primary-2", "black-hole", [212.0, 212.0, 400.5, 404.0]),
        ("primary-2.link", "black-hole", [212.0, 212.0, 400.5, 404.0]),
    ] {
        let summary = run(&failing(component, kind, &[CHECKED]), 10);
        let failure = only(&summary);
        println!("{component} {kind}: {:?}, unanswered {}", times(failure), failure.sessions_unanswered);
        assert_eq!(times(failure), due.map(Some), "{component} {kind}");
        assert_eq!((failure.at_s, failure.kind, failure.component.as_str()), (200.5, kind, component));
        // A quarter of the sessions until it is removed, and of all that is refused nothing else is to blame.
        let sent = RATE_PER_S / 4.0 * (due[1] - 200.5) * 10.0;
        let found = failure.sessions_unanswered as f64;
        assert!((found / sent - 1.0).abs() < 0.1, "{component} {kind}: {found} unanswered, due {sent}");
        assert_eq!(failure.sessions_unanswered, summary.nodes["primary-2"].unanswered.unwrap());
        assert_eq!(failure.sessions_lost, summary.services["job"].lost);
    }
}

#[test]
fn heartbeats_notice_machines_and_their_links_and_no_services() {
    let nlb = "routing={ default = { nlb = {} } }";
    for (component, kind) in [("primary-2", "stop"), ("primary-2.os", "hang"), ("primary-2.link", "black-hole")] {
        let summary = run(&failing(component, kind, &[nlb]), 40);
        let [detected, removed, repaired, recovered] = times(only(&summary)).map(Option::unwrap);
        println!("{component} {kind}: {detected:.2} {removed:.2} {repaired:.2} {recovered:.2}");
        // Uniform in 4 to 5 s after the failure: the mean of 40 is known to 0.046 s. A convergence takes 3 s.
        assert!((detected - 205.0).abs() < 0.19, "{component}: {detected}");
        assert!((removed - detected - 3.0).abs() < 1e-6 && repaired == 400.5 && recovered == 403.5);
    }
    let summary = run(&failing("primary-2.job", "hang", &[nlb]), 10);
    assert_eq!(times(only(&summary)), [None, None, Some(400.5), Some(400.5)], "a hung service goes unnoticed");
}

#[test]
fn where_nobody_watches_a_failure_is_over_when_it_is_repaired() {
    let summary = run(&failing("primary-2", "stop", &[]), 10);
    assert_eq!(times(only(&summary)), [None, None, Some(400.5), Some(400.5)]);
    let summary = run(&failing("primary-2", "stop", &["fault.x.lasts=2 h"]), 10);
    assert_eq!(times(only(&summary)), [None; 4]);
    let summary = run(&failing("primary-2", "maintenance", &[CHECKED]), 10);
    assert_eq!(times(only(&summary)), [None, Some(200.5), Some(400.5), Some(400.5)], "it is drained at once");
}

#[test]
fn a_run_writes_what_became_of_failures_and_draws_it() {
    let home = tempfile::tempdir().unwrap();
    let failing = [
        "--replications",
        "3",
        "--set",
        "routing.default.switch.check={}",
        "--set",
        "fault.store={ component = \"data\", kind = \"stop\", at = \"30 s\", lasts = \"20 s\" }",
        "--set",
        "fault.half={ component = \"primary-2.pop3\", kind = \"hang\", at = \"60 s\", lasts = \"40 s\" }",
    ];
    let (_, stdout, stderr) = short_run("regional-isp.toml", home.path(), &failing);
    assert!(stdout.contains("Failures") && stdout.contains("primary-2.pop3"), "{stdout}{stderr}");
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    let summary = json(&read("summary.json"));
    let failures = summary["failures"].as_array().unwrap();
    let names: Vec<&str> = failures.iter().map(|failure| failure["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["half", "store"], "in the order of the script");
    assert_eq!(failures[1]["repaired_s"]["estimate"], 50.0);
    assert!(
        failures[1].get("detected_s").is_none() && failures[0].get("detected_s").is_none(),
        "tcp checks see neither"
    );
    let rows = read("failures.csv");
    assert_eq!(rows.lines().count(), 1 + 3 * 2);
    assert!(rows.lines().nth(2).unwrap().starts_with("0,store,data,stop,30,,,50,,50,"), "{rows}");
    let timeline = read("failure_timeline.csv");
    for row in [
        "0,condition,data,30,refuses",
        "0,condition,data,50,up",
        "0,condition,primary-2.pop3,60,mute",
        "0,failure,half,100,repaired",
        "0,sessions under way,smtp,0,",
    ] {
        assert!(timeline.lines().any(|line| line.starts_with(row)), "`{row}` is missing in\n{timeline}");
    }
    let chart = read("failures.svg");
    assert!(
        chart.contains("primary-2.pop3") && chart.contains("pop3: sessions under way") && chart.contains("refuses")
    );
    let quiet = tempfile::tempdir().unwrap();
    short_run("regional-isp.toml", quiet.path(), &["--replications", "1"]);
    let left: Vec<_> = std::fs::read_dir(quiet.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("failure")), "{left:?}");
}
