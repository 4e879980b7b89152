//! A program that is killed at any moment leaves whole files only.

use crate::cli::shipped;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn start(out: &Path, seed: u64) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mxplan"));
    command.arg("run").arg(shipped("regional-isp.toml")).args(["--set", "time.window=60 s", "--replications", "2"]);
    command.args(["--quiet", "--seed", &seed.to_string(), "--out"]).arg(out);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Each file under its own name is whole.
fn whole_files(out: &Path) -> usize {
    let mut whole = 0;
    for entry in std::fs::read_dir(out).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with('.') && name.ends_with(".tmp") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        if name.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        } else if name.ends_with(".csv") {
            let mut rows = csv::Reader::from_reader(text.as_bytes());
            assert!(text.ends_with('\n') && rows.records().all(|row| row.is_ok()), "{name} is cut short");
        } else {
            assert!(text.trim_end().ends_with("</svg>"), "{name} is cut short");
        }
        whole += 1;
    }
    whole
}

#[test]
fn a_killed_run_leaves_old_files_or_new_ones_and_none_by_half() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    assert!(start(&out, 1).wait().unwrap().success());
    let complete = whole_files(&out);
    // However fast the machine is, some are killed before, some while, and some after they write.
    for turn in 0..40_u64 {
        let mut child = start(&out, turn + 2);
        std::thread::sleep(Duration::from_millis(turn * 7));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(whole_files(&out), complete, "none is missing after turn {turn}");
    }
    assert!(start(&out, 1).wait().unwrap().success());
    let leftovers = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(leftovers.into_iter().all(|name| !name.to_string_lossy().ends_with(".tmp")), "leftovers are swept");
}
