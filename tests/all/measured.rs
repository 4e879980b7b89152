//! The recorded campaign: what it is found from, and what of it is predicted.

use mxplan::lab::{calibrate, runs};
use mxplan::report::lab::demands_json;
use mxplan::validation::measured::{Campaign, Demands, RecordedRun, Role, compare, predicted, simulated};
use std::path::{Path, PathBuf};

fn recorded() -> (Campaign, Vec<RecordedRun>, PathBuf) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/measured/one-core-2026");
    let path = directory.join("campaign.toml");
    let campaign = Campaign::read(&path, &std::fs::read_to_string(&path).unwrap()).unwrap();
    let read = |file: &String| {
        let text = std::fs::read_to_string(directory.join("runs").join(file)).unwrap();
        RecordedRun::read(file, &text, &campaign).unwrap()
    };
    let all = runs(&campaign).iter().map(|planned| read(&planned.file)).collect();
    (campaign, all, directory)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[test]
fn the_campaign_is_whole_and_lost_no_mail() {
    let (campaign, runs, _) = recorded();
    assert_eq!(runs.len(), campaign.points.len() * 3);
    assert!(runs.iter().all(|run| run.measured.usable && run.measured.mail.accepted == run.measured.mail.stored));
    let held_out = campaign.points.values().filter(|point| point.role == Role::HeldOut).count();
    assert!(held_out >= 20, "{held_out}");
}

#[test]
fn the_demands_are_those_of_the_calibration_points_alone() {
    let (campaign, mut runs, directory) = recorded();
    let frozen = std::fs::read_to_string(directory.join("demands.json")).unwrap();
    assert_eq!(demands_json(&calibrate(&campaign, &runs).unwrap()), frozen);
    runs.retain(|run| campaign.points[&run.point].role == Role::Calibration);
    assert_eq!(demands_json(&calibrate(&campaign, &runs).unwrap()), frozen);
    // And of those that count for something.
    runs.iter_mut().for_each(|run| run.measured.usable = false);
    assert!(calibrate(&campaign, &runs).unwrap_err().0.contains("no usable run"));
}

#[test]
fn what_was_held_out_is_predicted() {
    let (campaign, runs, directory) = recorded();
    let frozen =
        Demands::read("demands.json", &std::fs::read_to_string(directory.join("demands.json")).unwrap()).unwrap();
    let mut errors: Vec<(String, f64)> = Vec::new();
    for run in runs.iter().filter(|run| campaign.points[&run.point].role == Role::HeldOut) {
        // Beyond that nothing is promised.
        if run.measured.nodes.values().any(|node| node.cpu_ratio > 0.75) {
            continue;
        }
        let found = &frozen.sets[&campaign.points[&run.point].demands];
        let summary = simulated(&predicted(&campaign, &run.point, run.seed, found).unwrap()).unwrap();
        for compared in compare(&run.measured, &summary) {
            let parts: Vec<&str> = compared.figure.split('.').collect();
            let kind = match parts[..] {
                ["services", _, "offered"] => {
                    assert_eq!(compared.measured, compared.simulated, "{}: the same sessions", run.point);
                    continue;
                }
                ["services", service, "response_s", which] => format!("{service} {which}"),
                ["nodes", _, "cpu_ratio"] => "utilisation".to_owned(),
                ["nodes", _, "share_ratio"] => "share".to_owned(),
                _ => continue,
            };
            println!("{} {} {}: {:+.3}", run.point, run.seed, compared.figure, compared.relative_error);
            errors.push((kind, compared.relative_error));
        }
    }
    let mut kinds: Vec<String> = errors.iter().map(|(kind, _)| kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let own: Vec<f64> = errors.iter().filter(|(of, _)| *of == kind).map(|(_, error)| *error).collect();
        let (count, signed, size) =
            (own.len(), median(own.clone()), median(own.iter().map(|error| error.abs()).collect()));
        println!("ALL {kind}: {count} runs, median error {signed:+.3}, of its size {size:.3}");
        if kind == "utilisation" {
            assert!(size < 0.10, "utilisation is off by {size}");
        }
    }
}
