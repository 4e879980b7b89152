//! The files of a run: whole, complete before anything is printed, and the same bytes every time.

use crate::cli::{json, shipped, short_run};
use crate::support;
use assert_cmd::Command;
use mxplan::experiment::Verdict;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

const FILES: [&str; 10] = [
    "manifest.json",
    "nodes.csv",
    "replications.csv",
    "services.csv",
    "shares.csv",
    "shares.svg",
    "summary.json",
    "timeline.csv",
    "utilisation.csv",
    "utilisation.svg",
];

fn contents(directory: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect()
}

#[test]
fn the_program_writes_what_the_library_computes() {
    let home = tempfile::tempdir().unwrap();
    let (code, stdout, _) = short_run("stand-alone.toml", home.path(), &["--replications", "3", "--format", "json"]);
    let scenario = support::scenario("stand-alone.toml", &["time.window=120 s"]);
    let expected = support::run(&scenario, 3);
    // Bytes, because a number that is read again from its shortest form may be off by its last bit.
    assert_eq!(stdout, serde_json::to_string_pretty(&expected).unwrap() + "\n");
    assert_eq!((code, expected.verdict), (0, Verdict::Met));
}

#[test]
fn run_shows_a_summary_and_leaves_whole_files() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("a/b");
    let (code, stdout, stderr) = short_run("regional-isp.toml", &out, &["--replications", "3"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    for part in ["Services", "- retrieve", "p95", "Nodes", "primary-3", "met    `pop3-login`", "service levels hold"] {
        assert!(stdout.contains(part), "`{part}` is missing in\n{stdout}");
    }
    assert!(stderr.contains("files in `"), "{stderr}");
    let files = contents(&out);
    assert_eq!(files.keys().map(String::as_str).collect::<Vec<_>>(), FILES);
    let lines = |name: &str| files[name].lines().count() - 1;
    assert_eq!(lines("services.csv"), 2 + 6);
    assert_eq!(lines("nodes.csv"), 4);
    assert_eq!(lines("timeline.csv"), 3 * 2);
    assert_eq!(lines("utilisation.csv"), 4 * 120);
    assert_eq!(lines("replications.csv"), 3);
    assert_eq!(lines("shares.csv"), 3 * 2 * 2 * 3);
    assert!(files["shares.svg"].contains("pop3: share of each node") && files["shares.svg"].contains("primary-3"));
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert!(reader.records().all(|row| row.is_ok()), "{name} is not rectangular");
    }
}

#[test]
fn raw_rows_add_up_to_the_summary() {
    let home = tempfile::tempdir().unwrap();
    short_run("regional-isp.toml", home.path(), &["--replications", "3"]);
    let files = contents(home.path());
    let offered = json(&files["summary.json"])["services"]["pop3"]["offered"].as_u64().unwrap();
    let sum = |name: &str, head: &str| -> u64 {
        let mut reader = csv::Reader::from_reader(files[name].as_bytes());
        let column = reader.headers().unwrap().iter().position(|known| known == head).unwrap();
        reader.records().map(|row| row.unwrap()[column].parse::<u64>().unwrap()).sum()
    };
    assert_eq!(sum("replications.csv", "services.pop3.offered"), offered);
    assert_eq!(sum("timeline.csv", "services.pop3.began"), offered);
    let all = json(&files["summary.json"])["services"]["smtp"]["offered"].as_u64().unwrap() + offered;
    assert_eq!(sum("shares.csv", "sessions"), all);
}

#[test]
fn the_manifest_tells_how_to_get_the_same_bytes_again() {
    let home = tempfile::tempdir().unwrap();
    let (first, second) = (home.path().join("first"), home.path().join("second"));
    short_run("stand-alone.toml", &first, &["--replications", "2", "--seed", "12"]);
    let (mut before, manifest) = (contents(&first), std::fs::read_to_string(first.join("manifest.json")).unwrap());
    let manifest = json(&manifest);
    assert_eq!(manifest["seed"], 12);
    assert_eq!(manifest["replication_rule"], "replications 2");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    let text = std::fs::read_to_string(shipped("stand-alone.toml")).unwrap();
    assert_eq!(manifest["scenario"]["text"], text);
    let reproduce = manifest["reproduce"].as_str().unwrap().strip_prefix("mxplan").unwrap().to_owned();
    let command = format!("{} {reproduce} --out {}", env!("CARGO_BIN_EXE_mxplan"), second.display());
    Command::new("sh").args(["-c", &command]).assert().success();
    let mut after = contents(&second);
    before.remove("manifest.json");
    after.remove("manifest.json");
    assert_eq!(before, after);
    let names: Vec<_> =
        manifest["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), before.len());
    assert!(names.iter().all(|name| before.contains_key(*name)));
}

#[test]
fn stdout_in_json_and_csv_is_the_bytes_of_the_file() {
    let home = tempfile::tempdir().unwrap();
    for (format, file) in [("json", "summary.json"), ("csv", "services.csv")] {
        let (_, stdout, _) = short_run("stand-alone.toml", home.path(), &["--replications", "2", "--format", format]);
        assert_eq!(stdout, contents(home.path())[file]);
    }
}

#[test]
fn threads_leave_no_trace_in_any_file_but_the_manifest() {
    let home = tempfile::tempdir().unwrap();
    let with = |jobs: &str| {
        let out = home.path().join(jobs);
        let (code, stdout, _) = short_run("regional-isp.toml", &out, &["--jobs", jobs]);
        let mut files = contents(&out);
        assert_eq!(json(&files.remove("manifest.json").unwrap())["threads"], jobs.parse::<u64>().unwrap());
        (code, stdout, files)
    };
    assert_eq!(with("1"), with("2"));
}

#[test]
fn an_unwritable_directory_is_found_out_before_anything_is_simulated() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    std::fs::write(&file, "").unwrap();
    let began = Instant::now();
    // Simulating this would take hours.
    let (code, stdout, stderr) = short_run("regional-isp.toml", &file, &["--set", "time.window=300 days"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("error: the output directory `") && stderr.contains("`--out DIR`"), "{stderr}");
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_closed_pipe_ends_quietly_with_whole_files() {
    let home = tempfile::tempdir().unwrap();
    let scenario = shipped("stand-alone.toml");
    let run = format!(
        "set -o pipefail; {} run {} --set 'time.window=60 s' --replications 1 --quiet --out {} | true",
        env!("CARGO_BIN_EXE_mxplan"),
        scenario.display(),
        home.path().display()
    );
    Command::new("bash").args(["-c", &run]).assert().code(0).stderr("");
    // One server has nothing to share.
    let shares = FILES.iter().filter(|name| name.starts_with("shares")).count();
    assert_eq!(contents(home.path()).len(), FILES.len() - shares);
}
