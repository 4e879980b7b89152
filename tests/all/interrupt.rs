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
