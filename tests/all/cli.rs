//! The program as its users meet it: arguments in, two streams and an exit code out.

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub(crate) fn mxplan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mxplan"));
    command.env_remove("NO_COLOR");
    command
}

pub(crate) fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

/// Runs with the arguments; exit code, stdout, stderr.
pub(crate) fn outcome(arguments: &[&str]) -> (i32, String, String) {
    let output = mxplan().args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// `run` on a shipped scenario with a short window, into a directory.
pub(crate) fn short_run(scenario: &str, out: &Path, more: &[&str]) -> (i32, String, String) {
    let (scenario, out) = (shipped(scenario), out.to_string_lossy().into_owned());
    let mut arguments = vec!["run", scenario.to_str().unwrap(), "--out", &out, "--set", "time.window=120 s"];
    arguments.extend(more);
    outcome(&arguments)
}

pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_template_goes_to_stdout_or_to_a_new_file_and_never_over_an_old_one() {
    let (code, stdout, _) = outcome(&["new"]);
    assert_eq!((code, stdout), (0, std::fs::read_to_string(shipped("regional-isp.toml")).unwrap()));
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("mine.toml");
    let path = path.to_str().unwrap();
    let (code, stdout, stderr) = outcome(&["new", "stand-alone", "--out", path]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(stderr.contains("next: `mxplan check"), "{stderr}");
    assert_eq!(std::fs::read(path).unwrap(), std::fs::read(shipped("stand-alone.toml")).unwrap());
    let (code, _, stderr) = outcome(&["new", "regional-isp", "--out", path]);
    assert_eq!(code, 2);
    assert!(stderr.contains("exists already; name another file with `--out FILE`"), "{stderr}");
    assert_eq!(std::fs::read(path).unwrap(), std::fs::read(shipped("stand-alone.toml")).unwrap());
}

#[test]
fn a_new_scenario_runs_as_it_is_far_from_the_project() {
    for template in ["regional-isp", "regional-isp-scanned", "stand-alone", "company-2000", "today-50k-imap", "webmail"]
    {
        let home = tempfile::tempdir().unwrap();
        let at = |arguments: &[&str]| mxplan().current_dir(home.path()).args(arguments).output().unwrap();
        assert!(at(&["new", template, "--out", "mine.toml"]).status.success());
        assert!(at(&["check", "mine.toml"]).status.success());
        let run = at(&["run", "mine.toml", "--replications", "1"]);
        // One replication has no intervals, and the shipped designs hold their levels with or without.
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stdout));
        let results: Vec<_> = std::fs::read_dir(home.path().join("output")).unwrap().map(Result::unwrap).collect();
        assert_eq!(results.len(), 1);
        let name = results[0].file_name().into_string().unwrap();
        let digits = name.strip_prefix("mine-").unwrap();
        assert!(digits.len() == 8 && digits.chars().all(|c| c.is_ascii_hexdigit()), "{name}");
    }
}

#[test]
fn check_answers_at_once_with_load_users_and_one_primary_down() {
    let regional = shipped("regional-isp.toml");
    let began = Instant::now();
    let (code, stdout, stderr) = outcome(&["check", regional.to_str().unwrap()]);
    // 0.1 s by itself; the rest is for a machine that is busy with the other tests.
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!((code, stderr.as_str()), (0, ""));
    for part in [
        "Which cluster for 30 000 mailboxes",
        "subscribers/eager-check",
        "primary-1 to primary-3",
        "The CPU of primary-1 to primary-3 binds first",
        "users when full",
        "The same without `primary-3`",
        "primary-1 to primary-2",
        "warm-up",
        "long enough",
        "profile pop-isp-2003",
        "the built-in hardware table",
    ] {
        assert!(stdout.contains(part), "`{part}` is missing in\n{stdout}");
    }
}

#[test]
fn check_tells_programs_the_same() {
    let regional = shipped("regional-isp.toml");
    let arguments = ["check", regional.to_str().unwrap(), "--set", "node.primary.count=2", "--seed", "9", "--format"];
    let with = |format: &str| outcome(&[&arguments[..], &[format]].concat());
    let (code, stdout, _) = with("json");
    assert_eq!(code, 0);
    let value = json(&stdout);
    assert_eq!(value["seed"], 9);
    assert_eq!(value["normal"]["stations"].as_array().unwrap().len(), 3 * 4);
    assert_eq!(value["one_primary_down"]["without"], "primary-2");
    assert!(value["normal"]["binding"]["utilisation_ratio"].as_f64().unwrap() < 1.0);
    let settings = value["settings"].as_array().unwrap();
    let origin = |key: &str| settings.iter().find(|s| s["key"] == key).map(|s| s["origin"].clone()).unwrap();
    assert_eq!(origin("node.primary.count"), "--set");
    assert_eq!(origin("random.seed"), "--set");
    assert_eq!(origin("population.subscribers.users"), "file");
    let (_, table, _) = with("csv");
    assert_eq!(table.lines().count(), 1 + 3 * 4 + 2 * 4);
    assert!(table.starts_with("without,node,tier,resource,utilisation_ratio,"), "{table}");
}

#[test]
fn quiet_means_errors_only() {
    let home = tempfile::tempdir().unwrap();
    let (_, _, stderr) =
        short_run("stand-alone.toml", home.path(), &["--replications", "1", "--set", "time.window=9 s"]);
    assert!(stderr.contains("warning: the window of 9 s is shorter") && stderr.contains("`time.window`"), "{stderr}");
    let (_, stdout, stderr) = short_run("stand-alone.toml", home.path(), &["--replications", "1", "--quiet"]);
    assert!(stdout.contains("Services"));
    assert_eq!(stderr, "");
    assert_eq!(outcome(&["check", "nowhere.toml", "--quiet"]).2.lines().count(), 1);
}

#[test]
fn colour_is_for_terminals_or_for_those_who_ask() {
    let home = tempfile::tempdir().unwrap();
    let plain = short_run("regional-isp.toml", home.path(), &["--replications", "1"]).1;
    let colour = short_run("regional-isp.toml", home.path(), &["--replications", "1", "--color", "always"]).1;
    assert!(!plain.contains('\u{1b}') && colour.contains('\u{1b}'));
    assert!(outcome(&["--color=always", "check", "nowhere.toml"]).2.contains('\u{1b}'));
    assert!(outcome(&["--color=always", "chekc"]).2.contains('\u{1b}'));
    assert!(!outcome(&["chekc"]).2.contains('\u{1b}'));
}

#[test]
fn the_exit_code_is_the_answer() {
    let home = tempfile::tempdir().unwrap();
    let (code, stdout, _) = short_run("regional-isp.toml", home.path(), &["--set", "level.pop3-login.under=1 ms"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("1 of 4 service levels missed: `pop3-login`."), "{stdout}");
    // Twice the capacity, and a limit that nobody reaches within so short a window.
    let overload = ["population.subscribers.users=180000", "level.pop3-login.under=1 h", "level.delivery.under=1 h"];
    let options: Vec<&str> =
        overload.iter().flat_map(|option| ["--set", option]).chain(["--replications", "2"]).collect();
    let (code, stdout, stderr) = short_run("stand-alone.toml", home.path(), &options);
    assert_eq!(code, 1);
    assert!(stdout.contains("The CPU of `primary` can't keep up"), "{stdout}");
    assert!(stderr.contains("warning: the CPU of `primary` can't keep up"), "{stderr}");
    // Nothing is asked for, so nothing is missed.
    let theory = shipped("theory/mm1-ps.toml");
    let out = home.path().to_str().unwrap();
    let short = ["--set", "time.window=20 s", "--replications", "2", "--out", out];
    let (code, stdout, _) = outcome(&[&["run", theory.to_str().unwrap()][..], &short].concat());
    assert_eq!(code, 0);
    assert!(stdout.contains("No service level is asked for."), "{stdout}");
}

#[test]
fn precision_stops_when_it_is_reached() {
    let home = tempfile::tempdir().unwrap();
    let (_, stdout, _) = short_run("stand-alone.toml", home.path(), &["--precision", "0.9", "--format", "json"]);
    assert_eq!(json(&stdout)["stop_reason"], "precision");
}

#[test]
fn the_hardware_table_can_be_printed_and_given_back() {
    let (code, table, _) = outcome(&["hardware"]);
    assert_eq!(code, 0);
    assert!(table.contains("dual-piii-1000-raid") && table.contains("100 Mbit/s"), "{table}");
    let (_, text, _) = outcome(&["hardware", "--format", "csv"]);
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("mine.csv");
    std::fs::write(&path, text.replace("piii-1000,", "my-server,")).unwrap();
    let (code, mine, _) = outcome(&["hardware", "--format", "json", "--hardware", path.to_str().unwrap()]);
    assert_eq!(code, 0);
    let tiers = json(&mine)["tiers"].as_array().unwrap().clone();
    assert!(tiers.iter().any(|tier| tier["tier"] == "my-server"));
}

#[test]
fn shells_and_manual_readers_are_served() {
    for shell in ["bash", "zsh", "fish"] {
        let (code, script, _) = outcome(&["completions", shell]);
        assert!(code == 0 && script.contains("mxplan"), "{shell}");
    }
    assert!(outcome(&["man"]).1.contains(".TH mxplan"));
    let (code, help, _) = outcome(&["--help"]);
    assert!(code == 0 && help.contains("hardware") && !help.contains("completions"), "{help}");
    assert!(outcome(&["--version"]).1.starts_with("mxplan "));
}
