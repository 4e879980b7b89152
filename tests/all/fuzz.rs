//! Scenarios with a slip anywhere: never a panic, and every error says where it is.

use mxplan::analytic::appraise;
use mxplan::scenario::{Hardware, load};
use proptest::prelude::*;

/// What people leave in place of a value.
const VALUES: &[&str] = &[
    "0",
    "-1",
    "1e300",
    "nan",
    "inf",
    "18446744073709551616",
    "\"\"",
    "\"0 s\"",
    "\"100 %\"",
    "\"1e300 /s\"",
    "[]",
    "{}",
    "true",
];

fn shipped() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for folder in ["scenarios", "scenarios/theory"] {
        for entry in std::fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                texts.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    // The order of a directory is nobody's promise.
    texts.sort();
    texts
}

/// Reads a text, and everything that can be said about it without simulating.
fn look(path: &str, text: &str, hardware: &Hardware) -> Result<(), TestCaseError> {
    match load(path, text, &[], hardware) {
        Ok(scenario) => {
            prop_assert!(!appraise(&scenario).normal.stations.is_empty());
        }
        Err(error) => {
            let message = error.to_string();
            prop_assert!(message.contains(path) || message.contains("the built-in"), "no place: {message}");
            prop_assert!(
                !message.contains("struct ") && !message.contains("u32") && !message.contains("::"),
                "{message}"
            );
        }
    }
    Ok(())
}

/// The lines of a text that give a key its value.
fn keys(lines: &[&str]) -> Vec<usize> {
    (0..lines.len()).filter(|line| !lines[*line].starts_with('#') && lines[*line].contains(" = ")).collect()
}

#[test]
fn a_scenario_with_a_slip_is_read_or_refused_with_its_place() {
    let (texts, hardware) = (shipped(), Hardware::built_in());
    let config = ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let slip = (0..texts.len(), 0..6_u8, any::<prop::sample::Index>(), any::<prop::sample::Index>());
    runner
        .run(&slip, |(which, kind, here, there)| {
            let (path, text) = &texts[which];
            let mut lines: Vec<&str> = text.lines().collect();
            let (own, places) = (lines.clone(), keys(&lines));
            let (line, other) = (places[here.index(places.len())], places[there.index(places.len())]);
            let key = |line: usize| own[line].split_once(" = ").unwrap().0;
            let value = |line: usize| own[line].split_once(" = ").unwrap().1;
            let changed = match kind {
                0 => VALUES[there.index(VALUES.len())].to_owned(),
                _ => value(other).to_owned(),
            };
            let (mine, theirs) = (format!("{} = {changed}", key(line)), format!("{} = {}", key(other), value(line)));
            let text = match kind {
                0 => {
                    lines[line] = &mine;
                    lines.join("\n")
                }
                1 => {
                    lines.remove(here.index(own.len()));
                    lines.join("\n")
                }
                2 => {
                    (lines[line], lines[other]) = (&mine, &theirs);
                    lines.join("\n")
                }
                3 => {
                    lines.insert(line, own[other]);
                    lines.join("\n")
                }
                4 => text.chars().take(here.index(text.len())).collect(),
                _ => {
                    let at = here.index(text.len());
                    let odd = ["\"", "[", "=", "{", "é", "#", "\0", "-", "\r"][there.index(9)];
                    text.chars().take(at).chain(odd.chars()).chain(text.chars().skip(at + 1)).collect()
                }
            };
            look(path, &text, &hardware)
        })
        .unwrap();
}
