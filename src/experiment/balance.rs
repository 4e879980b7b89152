//! How evenly the sessions of a service fall on its nodes.

use super::Record;
use crate::scenario::Scenario;
use crate::stats::{CONFIDENCE, Estimate, jain, max_over_mean, mean_interval};
use serde::Serialize;
use std::collections::BTreeMap;

/// Sessions that came to each node of a service, over whole windows: 1 and 1 when all nodes got the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BalanceSummary {
    /// Those of the node that got most, over those of a node on average; at most the number of nodes.
    pub max_over_mean: Estimate,
    /// `(Σx)² / n Σx²` (Jain, Chiu and Hawe 1984), which is at least `1/n`.
    pub jain: Estimate,
    /// The same in intervals of this length, on average over those in which sessions came.
    pub interval_s: f64,
    /// The first of them.
    pub interval_max_over_mean: Estimate,
    /// The second of them.
    pub interval_jain: Estimate,
}

/// Every service that something distributes over several nodes.
pub(super) fn summarise(scenario: &Scenario, records: &[Record]) -> BTreeMap<String, BalanceSummary> {
    let mut summaries = BTreeMap::new();
    if scenario.cluster.routing.is_none() {
        return summaries;
    }
    for (index, service) in scenario.services.iter().enumerate() {
        let nodes: Vec<usize> = scenario.cluster.workers(index);
        if nodes.len() < 2 {
            continue;
        }
        // Backups are no nodes that stand idle.
        let servers = scenario.cluster.servers(index).enumerate();
        let places: Vec<usize> = servers.filter(|(_, node)| nodes.contains(node)).map(|(place, _)| place).collect();
        let sessions =
            |record: &Record, node: usize| -> f64 { record.observed.nodes[node].desks[index].sessions as f64 };
        let over_records = |measure: fn(&[f64]) -> f64| {
            let counts = records.iter().map(|record| nodes.iter().map(|node| sessions(record, *node)).collect());
            let values = counts.filter(|counts: &Vec<f64>| counts.iter().sum::<f64>() > 0.0);
            mean_interval(&values.map(|counts| measure(&counts)).collect::<Vec<_>>(), CONFIDENCE)
        };
        let summary = BalanceSummary {
            max_over_mean: over_records(max_over_mean),
            jain: over_records(jain),
            interval_s: scenario.share_interval.as_secs_f64(),
            interval_max_over_mean: over_intervals(records, index, &places, max_over_mean),
            interval_jain: over_intervals(records, index, &places, jain),
        };
        summaries.insert(service.name.clone(), summary);
    }
    summaries
}

/// The mean of a measure over the intervals of each replication, and its interval over the replications. `places` are those
/// of the nodes among all of the service.
fn over_intervals(records: &[Record], service: usize, places: &[usize], measure: fn(&[f64]) -> f64) -> Estimate {
    let mean = |record: &Record| {
        let intervals = &record.observed.shares.as_ref()?.services[service];
        let counts =
            intervals.iter().map(|counts| places.iter().map(|place| f64::from(counts[*place])).collect::<Vec<f64>>());
        let seen = counts.filter(|counts| counts.iter().sum::<f64>() > 0.0);
        let values: Vec<f64> = seen.map(|counts| measure(&counts)).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    mean_interval(&records.iter().filter_map(mean).collect::<Vec<_>>(), CONFIDENCE)
}
