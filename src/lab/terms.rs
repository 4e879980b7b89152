//! What was measured, in the terms in which hardware is bought: a speed beside those of the hardware table, and a profile whose
//! demands are milliseconds of the reference core as in every other profile.
//!
//! A profile says what its operations cost on the reference core, by its own sources. The speed of the machine that was measured is
//! how many times as fast as that its sessions were: the work of the operations that were measured, by the profile's own habits,
//! over the core time that it takes here. Demands are scaled by it, so that on a machine of this speed they take what was
//! measured, and on others what their speeds make of it.

use crate::scenario::{Hardware, Operation, Scenario, ScenarioError, load};
use crate::units::Time;
use crate::validation::measured::Found;
use std::collections::BTreeMap;

/// A machine that was measured, and what the operations of a profile cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// Speed of one core, relative to the reference core.
    pub speed: f64,
    /// The keys of the profile that were measured: demands on the reference core, and latencies as they are.
    pub times: Vec<(String, Time)>,
    /// Operations of the profile that take core time and were not measured.
    pub unmeasured: Vec<String>,
}

/// Why there are none.
#[derive(Debug)]
pub enum NoTerms {
    /// The profile can't be used.
    Profile(ScenarioError),
    /// It has no operation in common with what was measured.
    Nothing,
}

/// Puts what was found in terms of a profile: a built-in one, or a file.
///
/// # Errors
/// When there is no such profile, or nothing of it was measured.
pub fn terms(profile: &str, found: &Found) -> Result<Terms, NoTerms> {
    let scenario = people_of(profile).map_err(NoTerms::Profile)?;
    let measured_s = |operation: &Operation, what: &str| {
        let key = key(&scenario, operation, what);
        found.cpu_s.get(&key).and_then(|demand| demand.estimate)
    };
    let per_s = |of: &dyn Fn(&Operation) -> f64| -> f64 {
        scenario
            .streams
            .iter()
            .map(|stream| stream.mean_rate_per_s() * stream.per_session(&scenario.operations, of))
            .sum()
    };
    let both = |pick: &dyn Fn(f64, f64) -> f64| {
        per_s(&|operation| {
            let of = |what: &str, own: f64| measured_s(operation, what).map_or(0.0, |measured| pick(own, measured));
            of("cpu", operation.cpu.mean()) + of("data_cpu", operation.data_cpu.mean())
        })
    };
    let (own, measured) = (both(&|own, _| own), both(&|_, measured| measured));
    if own <= 0.0 || measured <= 0.0 {
        return Err(NoTerms::Nothing);
    }
    // No more digits than it is worth; the demands go by the same.
    let speed = (own / measured * 100.0).round().max(1.0) / 100.0;
    let mut times = BTreeMap::new();
    let mut unmeasured = Vec::new();
    for operation in &scenario.operations {
        for (what, own) in [("cpu", &operation.cpu), ("data_cpu", &operation.data_cpu)] {
            match measured_s(operation, what) {
                Some(seconds) => {
                    times.insert(key(&scenario, operation, what), Time::from_secs_f64(seconds * speed));
                }
                None if own.mean() > 0.0 => unmeasured.push(key(&scenario, operation, what)),
                None => {}
            }
        }
        let latency = key(&scenario, operation, "remote_latency");
        let seconds = found.latency_s.get(&latency).and_then(|latency| latency.estimate);
        if let Some(seconds) = seconds.filter(|seconds| *seconds > 0.0 || operation.remote_latency.mean() > 0.0) {
            times.insert(latency, Time::from_secs_f64(seconds));
        }
    }
    Ok(Terms { speed, times: times.into_iter().collect(), unmeasured })
}

fn key(scenario: &Scenario, operation: &Operation, what: &str) -> String {
    format!("service.{}.operation.{}.{what}", scenario.services[operation.service].name, operation.name)
}

/// Some people of the profile, on one server of the reference speed.
fn people_of(profile: &str) -> Result<Scenario, ScenarioError> {
    let text = format!(
        "format = 1\nname = \"people\"\n[time]\nwindow = \"peak-hour\"\n[population.people]\nusers = 1000\nprofile = {profile:?}\n\
         [cluster]\nconfiguration = \"stand-alone\"\n[node.primary]\ntier = \"piii-1000-raid\"\n"
    );
    load(&format!("`--profile {profile}`"), &text, &[], &Hardware::built_in())
}
