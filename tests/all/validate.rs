//! `mxplan validate --theory`: which exact values the program can express, and whether it meets them.

use assert_cmd::Command;
use mxplan::experiment::Control;
use mxplan::scenario::{Hardware, load};
use mxplan::validation::theory::{Case, Theory, cases, rows, validate};
use std::path::Path;

fn only(systems: &[&str]) -> Vec<Case> {
    let mut cases = cases(&rows());
    cases.retain(|case| systems.iter().any(|system| case.name.starts_with(system)));
    cases
}

fn checked(cases: &[Case], replications: u64) -> Theory {
    validate(cases, 321, (1, replications), &Control::default()).unwrap()
}

#[test]
fn every_case_is_a_scenario_and_every_row_of_it_has_a_value() {
    let cases = cases(&rows());
    let compared: Vec<usize> = cases.iter().flat_map(|case| &case.compared).map(|(row, ..)| row.line).collect();
    assert_eq!((cases.len(), compared.len()), (75, 122));
    for case in &cases {
        load(&case.name, &case.text, &[], &Hardware::built_in()).unwrap_or_else(|e| panic!("{}: {e}", case.name));
        assert!(case.compared.iter().all(|(_, _, exact)| exact.is_finite() && *exact > 0.0), "{}", case.name);
    }
}

#[test]
fn small_systems_meet_their_exact_values() {
    // 100 replications of 40 000 sessions: chance hides no fault of 2 % in any of these rows.
    let cases = only(&["MDc c=10", "MDc c=20", "Repairman", "MMcK", "ErlangB c=2"]);
    let theory = checked(&cases, 100);
    for row in &theory.checked {
        let what = format!("{} {} {}", row.system, row.parameters, row.measure);
        println!("{what}: {:+.2} standard errors, power {:.2} %", row.standard_errors, 100.0 * row.power_ratio);
        assert!(row.passed && row.power_ratio < 0.02, "{row:?}");
    }
    assert_eq!((theory.expressed, theory.passed), (7, 7));
}

#[test]
fn a_fault_of_five_percent_is_found() {
    // Two cores of which each is 5 % slow would be found: here the exact values are shifted instead.
    let mut cases = only(&["MMc c=4", "MDc c=10"]);
    for (_, _, exact) in cases.iter_mut().flat_map(|case| &mut case.compared) {
        *exact *= 1.05;
    }
    let theory = checked(&cases, 40);
    let found = theory.checked.iter().filter(|row| !row.passed).count();
    println!("{found} of {} rows see it", theory.expressed);
    assert_eq!(found as u64, theory.expressed);
}

fn command(out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("mxplan").unwrap();
    command.args(["validate", "--theory", "--only", "MMcK", "--replications", "5", "--out"]).arg(out).args(arguments);
    command
}

#[test]
fn each_form_is_the_bytes_of_its_file_with_any_number_of_threads() {
    let out = tempfile::tempdir().unwrap();
    let stdout = |arguments: &[&str]| {
        let output = command(out.path(), arguments).assert().code(0).get_output().clone();
        String::from_utf8(output.stdout).unwrap()
    };
    let file = |name: &str| std::fs::read_to_string(out.path().join(name)).unwrap();
    let json = stdout(&["--format", "json", "--jobs", "1"]);
    assert_eq!(json, file("theory.json"));
    let csv = stdout(&["--format", "csv", "--jobs", "2"]);
    assert_eq!((&csv, &json), (&file("theory.csv"), &file("theory.json")));
    assert_eq!(csv.lines().count(), 3);
    let svg = file("theory.svg");
    assert!(svg.contains("2 of 2 exact values are met; the largest error is "), "{svg}");
    let table = stdout(&[]);
    assert!(table.contains("2 of 2 rows hold"), "{table}");
}

#[test]
fn a_system_that_is_not_there_is_bad_usage() {
    let out = tempfile::tempdir().unwrap();
    let mut command = Command::cargo_bin("mxplan").unwrap();
    let output = command.args(["validate", "--only", "M/M/17", "--out"]).arg(out.path()).assert().code(2);
    let message = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(message.contains("no system has `M/M/17` in its name (in `--only`)"), "{message}");
}
