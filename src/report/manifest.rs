//! `manifest.json`: what a result came from, and how to get it again.
//!
//! The only file of a run that knows the time, the host and the threads; all others have the same bytes every time.

use crate::scenario::Scenario;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Version of the layout.
const FORMAT: u32 = 1;

/// The random numbers, by the names under which they are published.
const GENERATOR: &str = "xoshiro256++, streams keyed by BLAKE3";

/// When the work began.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: SystemTime,
    since: Instant,
}

impl Clock {
    /// Starts now.
    #[must_use]
    pub fn start() -> Clock {
        Clock { started: SystemTime::now(), since: Instant::now() }
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Its name in the directory.
    pub name: String,
    /// Of its bytes, in hexadecimal digits.
    pub sha256: String,
}

impl Written {
    /// Notes a file and the hash of its text.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Written {
        Written { name: name.to_owned(), sha256: sha256(text) }
    }
}

/// A scenario that was read.
#[derive(Debug, Clone, Copy)]
pub struct Read<'a> {
    /// Its file, as the user named it.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
    /// What it was resolved to.
    pub scenario: &'a Scenario,
}

/// Everything that a manifest tells.
#[derive(Debug)]
pub struct Provenance<'a> {
    /// Name of the command.
    pub command: &'a str,
    /// The arguments that bring the same files again.
    pub reproduce: &'a [String],
    /// The scenario; the baseline, where there are several.
    pub scenario: Read<'a>,
    /// The others.
    pub against: &'a [Read<'a>],
    /// Name of the hardware table.
    pub hardware: &'a str,
    /// When there were enough replications.
    pub rule: String,
    /// How many were used.
    pub threads: usize,
    /// When it began.
    pub clock: Clock,
    /// What was written.
    pub files: &'a [Written],
}

#[derive(Serialize)]
struct Manifest<'a> {
    format: u32,
    program: &'a str,
    version: &'a str,
    command: &'a str,
    reproduce: String,
    scenario: ScenarioText<'a>,
    hardware: &'a str,
    seed: u64,
    generator: &'a str,
    replication_rule: &'a str,
    threads: usize,
    host: String,
    started: String,
    wall_s: f64,
    files: &'a [Written],
    settings: Vec<super::check::SettingOut<'a>>,
    /// What the scenario was compared with; absent where it was with nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    against: Vec<Against<'a>>,
}

#[derive(Serialize)]
struct Against<'a> {
    scenario: ScenarioText<'a>,
    seed: u64,
    settings: Vec<super::check::SettingOut<'a>>,
}

#[derive(Serialize)]
struct ScenarioText<'a> {
    name: &'a str,
    path: String,
    sha256: String,
    text: &'a str,
}

/// The text of `manifest.json`.
#[must_use]
pub fn manifest(of: &Provenance) -> String {
    let words: Vec<String> = of.reproduce.iter().map(|word| quoted(word)).collect();
    super::pretty(&Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        command: of.command,
        reproduce: format!("{} {}", env!("CARGO_PKG_NAME"), words.join(" ")),
        scenario: text(of.scenario),
        hardware: of.hardware,
        seed: of.scenario.scenario.seed,
        generator: GENERATOR,
        replication_rule: &of.rule,
        threads: of.threads,
        host: host(),
        started: utc(of.clock.started.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())),
        wall_s: of.clock.since.elapsed().as_secs_f64(),
        files: of.files,
        settings: super::check::settings(of.scenario.scenario),
        against: of.against.iter().map(|read| against(*read)).collect(),
    })
}

fn text(read: Read) -> ScenarioText {
    ScenarioText {
        name: &read.scenario.name,
        path: read.path.display().to_string(),
        sha256: sha256(read.text),
        text: read.text,
    }
}

fn against(read: Read) -> Against {
    Against { scenario: text(read), seed: read.scenario.seed, settings: super::check::settings(read.scenario) }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A word as a POSIX shell takes it.
fn quoted(word: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+%".contains(c);
    if !word.is_empty() && word.chars().all(harmless) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    name.or_else(|| std::env::var("HOSTNAME").ok()).map_or_else(|| "unknown".to_owned(), |name| name.trim().to_owned())
}

/// Seconds since 1970 as `2003-07-14T09:30:00Z`. From days to the calendar: Howard Hinnant, "chrono-compatible
/// low-level date algorithms", `civil_from_days`; years begin in March, so that the leap day is the last.
fn utc(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right_at_the_edges_of_years_and_leap_days() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(utc(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(utc(1_735_689_599), "2024-12-31T23:59:59Z");
    }

    #[test]
    fn words_survive_the_shell() {
        assert_eq!(quoted("node.primary.count=3"), "node.primary.count=3");
        assert_eq!(quoted("time.window=1 h"), "'time.window=1 h'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn hashes_are_sha256() {
        assert_eq!(sha256("abc")[..16], *"ba7816bf8f01cfea");
    }
}
