//! What happens to a simulation when far more comes than the cluster can do, and nothing limits what waits.

use crate::cli::{json, shipped, short_run};
use crate::support::{run, scenario};
use mxplan::cluster::{MOST_SESSIONS, MOST_WAITING};
use mxplan::experiment::{Control, Execution, Rule, StopReason, Verdict, replicate};

/// A queue to which a thousand times as much comes as it can do.
const FLOOD: &[&str] = &["arrivals.job.rate=100000 /s", "time.window=day", "time.warm_up=0 s"];
/// A run looks at what it holds once in so many events, each of which brings one session at most.
const BETWEEN_LOOKS: u64 = 65_536;

#[test]
fn a_replication_that_gathers_sessions_without_end_ends_at_a_bound() {
    let flooded = scenario("theory/mm1-ps.toml", FLOOD);
    let ended = |execution| replicate(&flooded, Rule::Count(3), &Control::default(), execution).unwrap();
    let run = ended(Execution::InOrder);
    let StopReason::Overfull(overfull) = run.stop_reason else { panic!("{:?}", run.stop_reason) };
    assert!(run.records.is_empty());
    assert_eq!(overfull.replication, 0);
    let held = overfull.crowd.sessions;
    assert!((MOST_SESSIONS..=MOST_SESSIONS + BETWEEN_LOOKS).contains(&held), "{held} sessions");
    assert_eq!(ended(Execution::Shuffled), run, "threads and their order leave no trace");
}

#[test]
fn work_that_belongs_to_no_session_is_bounded_too() {
    let busy = scenario(
        "stand-alone.toml",
        &[
            "population.subscribers.users=10",
            "time.window=day",
            "background.index={ role = \"primary\", reads = \"100000 /s\" }",
        ],
    );
    let run = replicate(&busy, Rule::Count(1), &Control::default(), Execution::InOrder).unwrap();
    let StopReason::Overfull(overfull) = run.stop_reason else { panic!("{:?}", run.stop_reason) };
    let held = overfull.crowd.work;
    assert!((MOST_WAITING..=MOST_WAITING + 16 * BETWEEN_LOOKS).contains(&held), "{held} pieces of work");
    assert_eq!(overfull.crowd.node, 0);
}

#[test]
fn an_overload_that_limits_refuse_runs_to_its_end() {
    let limits = ["service.job.connections=100", "service.job.backlog=50"];
    let flood = ["arrivals.job.rate=1000 /s", "time.window=60 s", "time.warm_up=0 s"];
    let limited = scenario("theory/mm1-ps.toml", &[&flood[..], &limits[..]].concat());
    let summary = run(&limited, 2);
    let job = &summary.services["job"];
    assert!(summary.overfull.is_none() && job.refused > job.served, "{} refused, {} served", job.refused, job.served);
    assert_eq!(summary.nodes["primary"].connections_peak, 100);
}

#[test]
fn the_answer_names_the_resource_and_is_no_where_a_level_is_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let flood: Vec<&str> = FLOOD.iter().flat_map(|option| ["--set", *option]).chain(["--replications", "2"]).collect();
    let (code, stdout, stderr) = short_run("theory/mm1-ps.toml", home.path(), &flood);
    assert_eq!(code, 0, "nothing was asked for: {stderr}");
    assert!(stdout.contains("The CPU of `primary` can't keep up"), "{stdout}");
    assert!(stdout.contains("sessions were under way, most at `primary`"), "{stdout}");
    let summary = std::fs::read_to_string(home.path().join("summary.json")).unwrap();
    let summary = json(&summary);
    assert_eq!((&summary["stop_reason"], &summary["replications"]), (&"overfull".into(), &0.into()));
    assert!(summary["overfull"]["sessions"].as_u64().unwrap() > MOST_SESSIONS);
    let level = "level={ fast = { service = \"job\", share = 0.95, under = \"1 s\" } }";
    let (code, stdout, _) = short_run("theory/mm1-ps.toml", home.path(), &[&flood[..], &["--set", level]].concat());
    assert_eq!(code, 1);
    assert!(stdout.contains("1 of 1 service levels missed: `fast`"), "{stdout}");
}

#[test]
fn replications_before_one_that_held_too_much_meet_no_level() {
    let fine = scenario(
        "theory/mm1-ps.toml",
        &["time.window=60 s", "level={ fast = { service = \"job\", share = 0.5, under = \"100 s\" } }"],
    );
    let run = replicate(&fine, Rule::Count(3), &Control::default(), Execution::InOrder).unwrap();
    let flooded = scenario("theory/mm1-ps.toml", FLOOD);
    let cut = replicate(&flooded, Rule::Count(1), &Control::default(), Execution::InOrder).unwrap().stop_reason;
    let verdict = |reason| mxplan::experiment::summarise(&fine, &run.records, reason).verdict;
    assert_eq!(verdict(run.stop_reason), Verdict::Met);
    assert_eq!(verdict(cut), Verdict::Missed);
}

#[test]
fn a_design_that_gathers_without_end_is_not_compared() {
    let home = tempfile::tempdir().unwrap();
    let scenario = shipped("theory/mm1-ps.toml");
    let options = FLOOD.iter().flat_map(|option| ["--set", *option]);
    let mut command = crate::cli::mxplan();
    command.arg("compare").args([&scenario, &scenario]).args(options).args(["--replications", "2", "--out"]);
    let output = command.arg(home.path().join("out")).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("mm1-ps.toml` can't be compared: in replication 0"), "{stderr}");
    assert!(output.stdout.is_empty() && !home.path().join("out").exists());
}

#[test]
fn a_plan_turns_down_what_holds_more_than_a_simulation_and_says_so() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("x.toml");
    // No processor is busy, and a million people think for a quarter of an hour.
    let text = std::fs::read_to_string(shipped("theory/mm1-ps.toml")).unwrap()
        + "[level.fast]\nservice = \"job\"\nshare = 0.95\nunder = \"1 s\"\n[plan]\nconfigurations = [\"stand-alone\"]\n";
    std::fs::write(&path, text).unwrap();
    let mut command = crate::cli::mxplan();
    command
        .arg("plan")
        .arg(&path)
        .args(["--replications", "1", "--format", "csv", "--out"])
        .arg(home.path().join("out"));
    for option in [
        "arrivals.job.rate=10000 /s",
        "service.job.operation.work.cpu=10 us",
        "service.job.operation.work.think=900 s",
        "time.window=day",
        "time.warm_up=0 s",
        "plan.tiers=[\"unit\"]",
    ] {
        command.args(["--set", option]);
    }
    let output = command.output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{stdout}{stderr}");
    assert!(stdout.contains("simulated,rejected,overfull,\"more than a simulation holds"), "{stdout}");
}
