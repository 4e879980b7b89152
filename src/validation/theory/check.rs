//! Simulating the cases and comparing.

use super::cases::Case;
use super::measure::Measure;
use super::rows::Row;
use crate::experiment::{Control, Execution, Failure, Rule, StopReason, replicate, summarise};
use crate::scenario::{Hardware, load};
use crate::stats::{CONFIDENCE, Estimate, student_t};
use serde::Serialize;

/// Version of the layout of `theory.json`.
const FORMAT: u32 = 1;
/// A row that holds is outside of its bound once in a million runs.
const FALSE_ALARM: f64 = 1e-6;

/// The model against exact values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Theory {
    /// Version of the layout.
    pub format: u32,
    /// Rows of the table.
    pub rows: u64,
    /// Of these the ones that were compared.
    pub expressed: u64,
    /// And of these the ones that hold.
    pub passed: u64,
    /// The largest distance of an estimate from its exact value, as a part of it.
    pub largest_relative_error: f64,
    /// Replications of each system.
    pub replications: u64,
    /// Whether it was stopped before its end.
    pub cancelled: bool,
    /// One by one, in the order of the table.
    pub checked: Vec<Checked>,
}

/// A row and what a simulation says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// Its line in `scenarios/theory/exact_values.csv`.
    pub line: usize,
    /// The system.
    pub system: String,
    /// Its parameters.
    pub parameters: String,
    /// What the table gives.
    pub quantity: String,
    /// What was measured.
    pub measure: &'static str,
    /// The exact value of that: seconds, per second, sessions or a share.
    pub exact: f64,
    /// The estimate of it.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// Its distance from the exact value as a part of it, with a sign.
    pub relative_error: f64,
    /// The same in standard errors.
    pub standard_errors: f64,
    /// The largest fault that chance could hide, as a part of the exact value.
    pub power_ratio: f64,
    /// Whether the distance can be chance.
    pub passed: bool,
}

/// Simulates every case and compares; a cancelled validation returns what is finished.
///
/// `rows` is how many the table has.
///
/// # Errors
/// When the program's own invariants do not hold in a simulation.
pub fn validate(
    cases: &[Case],
    rows: u64,
    (seed, replications): (u64, u64),
    control: &Control,
) -> Result<Theory, Failure> {
    let mut checked = Vec::new();
    let mut cancelled = false;
    for case in cases {
        // Systems with the same arrivals would err together.
        let own = seed.wrapping_mul(1_000_003).wrapping_add(case.line as u64);
        let set = format!("random.seed={own}").parse().expect("a number is a value");
        let scenario = load(&case.name, &case.text, &[set], &Hardware::built_in())
            .expect("cases are written by the program, and a test loads each of them");
        let run = replicate(&scenario, Rule::Count(replications), control, Execution::InOrder)?;
        if run.stop_reason == StopReason::Cancelled {
            cancelled = true;
            break;
        }
        let summary = summarise(&scenario, &run.records, run.stop_reason);
        let check = |(row, measure, exact): &(Row, Measure, f64)| {
            compare(row, *measure, *exact, measure.of(&summary, &run.records), replications)
        };
        checked.extend(case.compared.iter().map(check));
    }
    checked.sort_by_key(|checked| checked.line);
    Ok(Theory {
        format: FORMAT,
        rows,
        expressed: checked.len() as u64,
        passed: checked.iter().filter(|checked| checked.passed).count() as u64,
        largest_relative_error: checked.iter().map(|checked| checked.relative_error.abs()).fold(0.0, f64::max),
        replications,
        cancelled,
        checked,
    })
}

fn compare(row: &Row, measure: Measure, exact: f64, estimate: Estimate, replications: u64) -> Checked {
    let degrees = replications.saturating_sub(1).max(1) as usize;
    let error = estimate.half_width().unwrap_or(f64::INFINITY) / student_t(degrees, 0.5 + CONFIDENCE / 2.0);
    let bound = student_t(degrees, 1.0 - FALSE_ALARM / 2.0) * error;
    let distance = estimate.estimate.unwrap_or(f64::INFINITY) - exact;
    Checked {
        line: row.line,
        system: row.system.clone(),
        parameters: row.parameters.clone(),
        quantity: row.quantity.clone(),
        measure: measure.name(),
        exact,
        estimate,
        relative_error: distance / exact,
        standard_errors: distance / error,
        power_ratio: bound / exact,
        passed: distance.abs() <= bound && bound.is_finite(),
    }
}
