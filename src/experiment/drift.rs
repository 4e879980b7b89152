//! Whether a window begins before the cluster has settled, seen from the records: a warning, and never a rule.
//!
//! The warm-up is computed from the relaxation time. MSER-5 looks at the mean over the replications of the sessions under way,
//! minute by minute; where it would cut, and the replications agree that the minutes before the cut are unlike those after it,
//! something settles more slowly than was computed.

use super::Record;
use crate::scenario::{Scenario, Stream};
use crate::stats::{mean_interval, mser5};

/// Of the comparison: the cut is where the difference is greatest, so a usual level would cry wolf.
const CONFIDENCE: f64 = 0.999;
/// Fewer replications agree by chance.
const FEWEST: usize = 5;
/// Minutes below which MSER-5 says nothing.
const SHORTEST: usize = 50;

/// A service that has not settled when the window begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// Its name.
    pub service: String,
    /// The minutes of the window that are unlike the others.
    pub minutes: usize,
    /// Sessions under way in these minutes over those in the others, on average.
    pub ratio: f64,
}

/// The services that have not settled; none where the load changes by itself, as by the hour.
#[must_use]
pub fn drift(scenario: &Scenario, records: &[Record]) -> Vec<Drift> {
    let changes = scenario.streams.iter().any(Stream::changes);
    if changes || !scenario.faults.is_empty() || !scenario.background.is_empty() || records.len() < FEWEST {
        return Vec::new();
    }
    (0..scenario.services.len()).filter_map(|service| of_service(scenario, records, service)).collect()
}

fn of_service(scenario: &Scenario, records: &[Record], service: usize) -> Option<Drift> {
    let series: Vec<Vec<f64>> = records.iter().map(|record| minutes(record, service)).collect();
    let length = series.iter().map(Vec::len).min().filter(|length| *length >= SHORTEST)?;
    let mean: Vec<f64> =
        (0..length).map(|minute| series.iter().map(|own| own[minute]).sum::<f64>() / series.len() as f64).collect();
    let cut = mser5(&mean).unwrap_or(length / 2);
    if cut == 0 {
        return None;
    }
    let average = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let differences: Vec<f64> = series.iter().map(|own| average(&own[..cut]) - average(&own[cut..length])).collect();
    let difference = mean_interval(&differences, CONFIDENCE);
    let surely = difference.low.is_some_and(|low| low > 0.0) || difference.high.is_some_and(|high| high < 0.0);
    let (before, after) = (average(&mean[..cut]), average(&mean[cut..]));
    surely.then(|| Drift { service: scenario.services[service].name.clone(), minutes: cut, ratio: before / after })
}

/// Sessions under way in each whole minute.
fn minutes(record: &Record, service: usize) -> Vec<f64> {
    let whole = record.observed.minutes.iter().filter(|minute| minute.length_ns == 60_000_000_000);
    whole.map(|minute| minute.services[service].2 as f64 / minute.length_ns as f64).collect()
}
