//! `mxplan plan` from the command line: its files, its forms, its exit codes.

use assert_cmd::Command;
use std::path::Path;

const CHARTS: [&str; 4] = ["cost.csv", "cost.svg", "users.csv", "users.svg"];

fn plan(out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("mxplan").unwrap();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/regional-isp.toml");
    // Short, since nothing here is about figures.
    command.args(["plan", scenario, "--set", "time.window=60 s", "--replications", "3", "--out"]).arg(out);
    command.args(arguments);
    command
}

fn stdout(command: &mut Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

fn file(out: &Path, name: &str) -> String {
    std::fs::read_to_string(out.join(name)).unwrap()
}

#[test]
fn each_form_is_the_bytes_of_its_file_and_the_sentence_opens_the_table() {
    let out = tempfile::tempdir().unwrap();
    let json = stdout(&mut plan(out.path(), &["--format", "json"]), 0);
    assert_eq!(json, file(out.path(), "recommendation.json"));
    let charts = || CHARTS.map(|name| file(out.path(), name));
    let drawn = charts();
    let csv = stdout(&mut plan(out.path(), &["--format", "csv", "--jobs", "1"]), 0);
    assert_eq!(csv, file(out.path(), "candidates.csv"));
    assert_eq!(json, file(out.path(), "recommendation.json"), "threads leave no trace");
    assert_eq!(drawn, charts(), "nor in the charts");
    let recommendation: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(recommendation["format"], 1);
    assert_eq!(recommendation["chosen"]["nodes"].as_array().unwrap().len(), 3);
    let candidates = recommendation["counts"]["candidates"].as_u64().unwrap();
    assert_eq!(csv.lines().count() as u64, candidates + 1);
    let table = stdout(&mut plan(out.path(), &[]), 0);
    assert_eq!(table.lines().nth(2), recommendation["sentence"].as_str());
    let manifest: serde_json::Value = serde_json::from_str(&file(out.path(), "manifest.json")).unwrap();
    let files: Vec<_> = manifest["files"].as_array().unwrap().iter().map(|file| file["name"].clone()).collect();
    assert_eq!(files, [&["recommendation.json", "candidates.csv", "dns.txt", "setup.txt"], &CHARTS[..]].concat());
    let zone = file(out.path(), "dns.txt");
    assert!(zone.contains("$ORIGIN domain.com.\n") && zone.contains("IN MX 5 mail\n"), "{zone}");
    let steps = recommendation["deployment"]["steps"].as_array().unwrap();
    let setup = file(out.path(), "setup.txt");
    assert!(setup.contains(&format!("\n{}. {}\n", steps.len(), steps.last().unwrap().as_str().unwrap())), "{setup}");
    assert!(manifest["reproduce"].as_str().unwrap().starts_with("mxplan plan "));
}

#[test]
fn no_candidate_is_an_answer_and_no_error() {
    let out = tempfile::tempdir().unwrap();
    let text = stdout(&mut plan(out.path(), &["--set", "population.subscribers.users=100_000_000"]), 1);
    assert!(text.contains("None of the 576 candidates holds; `multiple-primaries/"), "{text}");
    assert!(!file(out.path(), "recommendation.json").contains("\"chosen\": "));
}

#[test]
fn without_a_plan_there_is_no_question_and_no_directory() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let mut command = Command::cargo_bin("mxplan").unwrap();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/theory/mm1-ps.toml");
    let output = command.args(["plan", scenario, "--out"]).arg(&out).assert().code(2).get_output().clone();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("`[plan]`") && message.contains("mm1-ps.toml"), "{message}");
    assert!(!out.exists());
}
