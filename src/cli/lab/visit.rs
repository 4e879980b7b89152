//! A visit to the lab: planned, seen to be possible, and made under the eyes of a user who may stop it.

use crate::cli::{Failure, Terminal};
use crate::lab::guard::{self, Guarded, guard};
use crate::lab::job::Job;
use crate::lab::{Blueprint, Ground, Need, Parts, Record, blueprint_on, measure, preflight, remedy};
use crate::scenario::Scenario;
use crate::validation::measured::Measured;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What hosts stand on.
pub(super) fn ground(is_loopback: bool) -> Ground {
    if is_loopback { Ground::Loopback } else { Ground::Bridge }
}

/// The job of a scenario, or why there is none.
pub(super) fn plan(scenario: &Scenario, ground: Ground) -> Result<Blueprint, Failure> {
    let processors = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
    blueprint_on(ground, scenario, 0, (processors, std::process::id())).map_err(|obstacles| {
        Failure::Unusable(format!("the lab can't be `{}`: {}", scenario.name, obstacles.join("; ")))
    })
}

/// Whether everything is here that these jobs take.
pub(super) fn ready(jobs: &[&Job]) -> Result<(), Failure> {
    let ground = jobs.first().map_or(Ground::Bridge, |job| job.ground);
    let needs = preflight(ground, Parts::of(jobs));
    let is_missing = |need: &Need| Some(format!("`{}` is missing: {}", need.what, need.found.as_ref().err()?));
    let missing: Vec<String> = needs.iter().filter_map(is_missing).collect();
    match remedy(ground, &needs) {
        Some(remedy) => {
            Err(Failure::Unusable(format!("the lab can't be built here: {}; {remedy}", missing.join("; "))))
        }
        None => Ok(()),
    }
}

/// Whether the user has pressed Ctrl-C.
pub(super) fn listen(terminal: Terminal) -> Arc<AtomicBool> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&cancelled);
    if let Err(e) = ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed)) {
        terminal.warn(&format!("Ctrl-C ends the program before it has cleared up: {e}; `mxplan lab down` does so"));
    }
    cancelled
}

/// Has a plan carried out, and sums up what was measured.
pub(super) fn visit(
    plan: &Blueprint,
    cancelled: &AtomicBool,
    say: impl Fn(&str),
) -> Result<(Record, Measured), Failure> {
    let guarded = guard(&plan.job, &["lab", "confined"], cancelled, say).map_err(|failure| match failure {
        guard::Failure::Cancelled => {
            Failure::Interrupted("the lab is cleared up; the run under way is not kept".to_owned())
        }
        guard::Failure::Broken(what) => Failure::Unusable(format!("the lab has failed: {what}")),
    })?;
    let Guarded { record, tear_down_s } = guarded;
    let measured = measure(&record, tear_down_s);
    Ok((record, measured))
}
