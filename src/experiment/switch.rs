//! How far the switch was used.

use super::Record;
use crate::cluster::{StationObserved, SwitchObserved};
use crate::stats::{CONFIDENCE, Estimate, mean_interval};
use serde::Serialize;

/// The switch, where it has limits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SwitchSummary {
    /// Utilisation by new connections; where their rate has a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections_ratio: Option<Estimate>,
    /// Utilisation by bytes; where the throughput has a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughput_ratio: Option<Estimate>,
    /// Connections refused because there were too many.
    pub refused: u64,
    /// Mean number of connections.
    pub open: Estimate,
    /// The most connections at one time.
    pub open_peak: u64,
}

/// What was observed of the switch, if it has limits.
pub(super) fn summarise(records: &[Record]) -> Option<SwitchSummary> {
    let observed: Option<Vec<(&SwitchObserved, u64)>> =
        records.iter().map(|record| Some((record.observed.switch.as_ref()?, record.observed.window_ns))).collect();
    let observed = observed.filter(|observed| !observed.is_empty())?;
    let ratio = |of: fn(&SwitchObserved) -> Option<StationObserved>| {
        let used = observed.iter().map(|(switch, window_ns)| Some(of(switch)?.utilisation(*window_ns)));
        used.collect::<Option<Vec<f64>>>().map(|used| mean_interval(&used, CONFIDENCE))
    };
    let open: Vec<f64> = observed.iter().map(|(switch, window_ns)| switch.open_ns as f64 / *window_ns as f64).collect();
    Some(SwitchSummary {
        connections_ratio: ratio(|switch| switch.connections),
        throughput_ratio: ratio(|switch| switch.throughput),
        refused: observed.iter().map(|(switch, _)| switch.refused).sum(),
        open: mean_interval(&open, CONFIDENCE),
        open_peak: observed.iter().map(|(switch, _)| switch.open_peak).max().unwrap_or(0),
    })
}
