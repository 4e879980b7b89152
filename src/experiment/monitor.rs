//! What the external monitor has done.

use super::Record;
use crate::cluster::{Moments, MonitorObserved};
use crate::scenario::Scenario;
use crate::stats::{CONFIDENCE, Estimate, mean_interval};
use serde::Serialize;
use std::collections::BTreeMap;

/// The monitor, where there is one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonitorSummary {
    /// How often a service of a node was held to be down.
    pub noticed: u64,
    /// How often a node was taken out.
    pub removed: u64,
    /// How often it was put back.
    pub returned: u64,
    /// How often a name would have lost its last address; where a zone is edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_address_kept: Option<u64>,
    /// By node about which something was done: when first.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub nodes: BTreeMap<String, FirstMoments>,
}

/// When something was done about a node for the first time since the window began, on average over the replications in which
/// it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirstMoments {
    /// One of its services was held to be down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noticed_s: Option<Estimate>,
    /// It was taken out; hosts still had to converge then, and caches to forget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_s: Option<Estimate>,
    /// It was put back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned_s: Option<Estimate>,
}

/// None where there is no monitor.
pub(super) fn summarise(scenario: &Scenario, records: &[Record]) -> Option<MonitorSummary> {
    let observed: Option<Vec<&MonitorObserved>> =
        records.iter().map(|record| record.observed.monitor.as_ref()).collect();
    let observed = observed.filter(|observed| !observed.is_empty())?;
    let total = |count: fn(&MonitorObserved) -> u64| observed.iter().map(|monitor| count(monitor)).sum();
    let first = |node: usize, moment: fn(&Moments) -> Option<u64>| {
        let times = observed.iter().filter_map(|monitor| moment(&monitor.first[node]));
        let times: Vec<f64> = times.map(|ns| ns as f64 / 1e9).collect();
        (!times.is_empty()).then(|| mean_interval(&times, CONFIDENCE))
    };
    let nodes = scenario.cluster.nodes.iter().enumerate().map(|(index, node)| {
        let moments = FirstMoments {
            noticed_s: first(index, |moments| moments.noticed_ns),
            removed_s: first(index, |moments| moments.removed_ns),
            returned_s: first(index, |moments| moments.returned_ns),
        };
        (node.name.clone(), moments)
    });
    let has_zone = (0..scenario.services.len()).any(|service| scenario.cluster.has_zone_of_nodes(service));
    Some(MonitorSummary {
        noticed: total(|monitor| monitor.noticed),
        removed: total(|monitor| monitor.removed),
        returned: total(|monitor| monitor.returned),
        last_address_kept: has_zone.then(|| total(|monitor| monitor.kept)),
        nodes: nodes.filter(|(_, moments)| moments.is_any()).collect(),
    })
}

impl FirstMoments {
    fn is_any(&self) -> bool {
        self.noticed_s.is_some() || self.removed_s.is_some() || self.returned_s.is_some()
    }
}
