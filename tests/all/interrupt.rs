//! Ctrl-C: what is finished is kept, as a prefix in index order, and said so.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// Starts a run that nobody waits for, interrupts it after a second, and waits for its end.
fn interrupted(out: &Path, window: &str, replications: &str) -> Output {
    let scenario = format!("{}/scenarios/stand-alone.toml", env!("CARGO_MANIFEST_DIR"));
    let child = Command::new(env!("CARGO_BIN_EXE_mxplan"))
        .args(["run", &scenario, "--set", &format!("time.window={window}"), "--replications", replications])
        .args(["--format", "json", "--jobs", "2", "--out"])
        .arg(out)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    child.wait_with_output().unwrap()
}

#[test]
fn what_is_finished_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let output = interrupted(home.path(), "200 s", "100000");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["stop_reason"], "cancelled");
    let kept = summary["replications"].as_u64().unwrap();
    assert!(kept > 0 && stderr.contains(&format!("interrupted: kept the first {kept} replications")), "{stderr}");
    assert_eq!(std::fs::read(home.path().join("summary.json")).unwrap(), output.stdout);
    let rows = std::fs::read_to_string(home.path().join("replications.csv")).unwrap();
    let indices = rows.lines().skip(1).map(|row| row.split(',').next().unwrap().parse::<u64>().unwrap());
    assert!(indices.eq(0..kept), "a prefix without a gap");
}

#[test]
fn where_nothing_is_finished_nothing_is_left() {
    let home = tempfile::tempdir().unwrap();
    let output = interrupted(&home.path().join("results/here"), "300 days", "2");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("interrupted: no replication was finished, nothing is written"), "{stderr}");
    assert!(output.stdout.is_empty() && !home.path().join("results").exists());
}

/// Interrupts a command by a signal, later each time, until something was finished by then and something was not.
fn interrupted_on_the_way(home: &Path, arguments: &[&str], signal: &str) -> (std::path::PathBuf, Output) {
    for wait in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000] {
        let out = home.join(wait.to_string());
        let mut command = Command::new(env!("CARGO_BIN_EXE_mxplan"));
        command.args(arguments).args(["--jobs", "2", "--format", "json", "--out"]).arg(&out);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{stderr}");
        if !stderr.contains("nothing is written") {
            return (out, output);
        }
        assert!(output.stdout.is_empty() && !out.exists(), "no half state: {stderr}");
    }
    panic!("nothing was ever finished");
}

fn read(out: &Path, name: &str) -> String {
    std::fs::read_to_string(out.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn a_plan_keeps_the_candidates_that_were_judged() {
    let scenario = format!("{}/scenarios/regional-isp.toml", env!("CARGO_MANIFEST_DIR"));
    let home = tempfile::tempdir().unwrap();
    // No design answers so fast, so that every survivor of the screen is simulated, which takes minutes.
    let options = ["--set", "level.pop3-login.under=1 us", "--set", "time.window=120 s", "--set", "plan.survive=none"];
    let (out, output) = interrupted_on_the_way(home.path(), &[&["plan", &scenario], &options[..]].concat(), "-TERM");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let recommendation: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read(&out, "recommendation.json").as_bytes(), output.stdout);
    assert_eq!(recommendation["cancelled"], true);
    assert!(recommendation["chosen"].is_null());
    let judged = recommendation["counts"]["simulated"].as_u64().unwrap();
    assert!(judged > 0 && stderr.contains(&format!("kept the {judged} candidates that were judged")), "{stderr}");
    let candidates = read(&out, "candidates.csv");
    let mut rows = csv::Reader::from_reader(candidates.as_bytes());
    let heads = rows.headers().unwrap().clone();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (decision, reason) = (column("decision"), column("reason_code"));
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len() as u64, recommendation["counts"]["candidates"].as_u64().unwrap());
    let of = |code: &str, word: &str| rows.iter().filter(|row| (&row[reason], &row[decision]) == (code, word)).count();
    assert_eq!(of("level-missed", "rejected") as u64, judged, "what was finished has its decision");
    let left = of("cancelled", "undecided") as u64;
    assert_eq!(left, recommendation["counts"]["not_reached"].as_u64().unwrap());
    assert!(left > 0, "the rest says why it has none");
    let manifest: serde_json::Value = serde_json::from_str(&read(&out, "manifest.json")).unwrap();
    let again = manifest["reproduce"].as_str().unwrap();
    assert!(again.starts_with("mxplan plan ") && again.contains("level.pop3-login.under=1 us"), "{again}");
}

#[test]
fn a_comparison_keeps_the_replications_that_all_designs_have() {
    let scenario = format!("{}/scenarios/stand-alone.toml", env!("CARGO_MANIFEST_DIR"));
    let home = tempfile::tempdir().unwrap();
    let arguments = ["compare", &scenario, &scenario, "--set", "time.window=200 s", "--replications", "100000"];
    let (out, output) = interrupted_on_the_way(home.path(), &arguments, "-INT");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let comparison: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read(&out, "comparison.json").as_bytes(), output.stdout);
    let kept = comparison["replications"].as_u64().unwrap();
    assert!(kept > 0 && stderr.contains(&format!("kept the first {kept} replications of each")), "{stderr}");
    let manifest: serde_json::Value = serde_json::from_str(&read(&out, "manifest.json")).unwrap();
    assert!(manifest["reproduce"].as_str().unwrap().ends_with(&format!("--replications {kept}")));
}
