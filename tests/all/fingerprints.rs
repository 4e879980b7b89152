//! Each shipped scenario takes the course that it took when its fingerprint was written.
//!
//! A fingerprint is a hash of every event of a replication, when, and in which order. A change that should leave results alone
//! leaves these alone; one that should not writes them anew, and says so:
//!
//!     MXPLAN_FINGERPRINTS=write cargo test --test all fingerprints

use crate::support::resolve;
use mxplan::cluster::Sabotage;
use mxplan::engine::TrajectoryHash;
use mxplan::experiment::{Control, simulate_observed};
use mxplan::scenario::{Hardware, load};
use rayon::prelude::*;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/fingerprints.csv");
/// Enough for thousands of events. A scenario whose script is about later runs as long as it is.
const SHORT: &str = "time.window=120 s";

pub(crate) fn shipped() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in ["", "theory/"] {
        for entry in std::fs::read_dir(format!("{}/scenarios/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let name = format!("{folder}{}", path.file_name().unwrap().to_string_lossy());
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    // The order of a directory is nobody's promise.
    files.sort();
    files
}

/// A line of the file: what ran, how long, how many events, and the hash of them.
fn fingerprint((name, text): &(String, String)) -> String {
    let path = format!("{}/scenarios/{name}", env!("CARGO_MANIFEST_DIR"));
    let short = load(&path, text, &[SHORT.parse().unwrap()], &Hardware::built_in());
    let scenario = short.unwrap_or_else(|_| resolve(&path, text, &[]));
    let mut hash = TrajectoryHash::default();
    let record = simulate_observed(&scenario, 0, &Control::default(), Sabotage::default(), &mut hash).unwrap();
    format!("{name},{},{},{:016x}", scenario.window, record.events, hash.value())
}

#[test]
fn every_shipped_scenario_takes_its_course() {
    let lines: Vec<String> = shipped().par_iter().map(fingerprint).collect();
    let text = format!("scenario,window,events,trajectory\n{}\n", lines.join("\n"));
    if std::env::var("MXPLAN_FINGERPRINTS").is_ok_and(|mode| mode == "write") {
        std::fs::write(FILE, &text).unwrap();
    }
    let known = std::fs::read_to_string(FILE).unwrap_or_default();
    let changed: Vec<&str> = text.lines().filter(|line| !known.lines().any(|known| known == *line)).collect();
    assert!(
        text == known,
        "these took another course, or are not in `tests/all/fingerprints.csv`:\n{}\nif that is meant, write them anew: \
         MXPLAN_FINGERPRINTS=write cargo test --test all fingerprints",
        changed.join("\n")
    );
}
