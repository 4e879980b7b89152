//! Other programs: run to their end, or started and left.

use std::fmt::Write as _;
use std::fs::File;
use std::process::{Command, Stdio};

/// Runs a program and wants it to succeed.
///
/// # Errors
/// What was run and what it said.
pub fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    let shown = shown(command.args(arguments));
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("`{shown}` can't be started: {e}"))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(said(&output.stdout));
    }
    let last = [said(&output.stderr), said(&output.stdout)].concat();
    Err(format!("`{shown}` failed: {}", end(&last)))
}

/// Starts a program that goes on in the background, and wants it to do so. What it says goes to a file: a pipe would stay open
/// as long as it lives.
///
/// # Errors
/// What was started and what it said.
pub fn launch(command: &mut Command, log: &str) -> Result<(), String> {
    let shown = shown(command);
    let failed = |what: String| format!("`{shown}` failed: {what}");
    let (out, err) = File::create(log)
        .and_then(|file| Ok((file.try_clone()?, file)))
        .map_err(|e| format!("`{log}` can't be written: {e}"))?;
    let status = command.stdin(Stdio::null()).stdout(out).stderr(err).status().map_err(|e| failed(e.to_string()))?;
    if status.success() {
        return Ok(());
    }
    let said = std::fs::read_to_string(log).unwrap_or_default();
    Err(failed(end(&said)))
}

/// The last three lines of what was said: servers say why, and then that it was fatal.
fn end(said: &str) -> String {
    let last: Vec<&str> = said.lines().rev().take(3).collect();
    last.into_iter().rev().collect::<Vec<_>>().join("; ")
}

fn shown(command: &Command) -> String {
    let mut shown = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        // A text always takes more.
        let _ = write!(shown, " {}", argument.to_string_lossy());
    }
    shown
}
