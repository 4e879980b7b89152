//! How evenly the sessions of a service fall on its nodes.

use super::Record;
use crate::scenario::Scenario;
use crate::stats::{CONFIDENCE, Estimate, mean_interval};
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
        let nodes: Vec<usize> = scenario.cluster.servers(index).collect();
        if nodes.len() < 2 {
            continue;
        }
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
            interval_max_over_mean: over_intervals(records, index, max_over_mean),
            interval_jain: over_intervals(records, index, jain),
        };
        summaries.insert(service.name.clone(), summary);
    }
    summaries
}

/// The mean of a measure over the intervals of each replication, and its interval over the replications.
fn over_intervals(records: &[Record], service: usize, measure: fn(&[f64]) -> f64) -> Estimate {
    let mean = |record: &Record| {
        let intervals = &record.observed.shares.as_ref()?.services[service];
        let counts = intervals.iter().map(|counts| counts.iter().map(|count| f64::from(*count)).collect::<Vec<f64>>());
        let seen = counts.filter(|counts| counts.iter().sum::<f64>() > 0.0);
        let values: Vec<f64> = seen.map(|counts| measure(&counts)).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    mean_interval(&records.iter().filter_map(mean).collect::<Vec<_>>(), CONFIDENCE)
}

fn max_over_mean(counts: &[f64]) -> f64 {
    counts.iter().copied().fold(0.0, f64::max) * counts.len() as f64 / counts.iter().sum::<f64>()
}

fn jain(counts: &[f64]) -> f64 {
    let (sum, squares) = (counts.iter().sum::<f64>(), counts.iter().map(|count| count * count).sum::<f64>());
    sum * sum / (counts.len() as f64 * squares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_to_one_by_hand() {
        assert_eq!((max_over_mean(&[3.0, 1.0]), jain(&[3.0, 1.0])), (1.5, 0.8));
        assert_eq!((max_over_mean(&[5.0, 5.0, 5.0]), jain(&[5.0, 5.0, 5.0])), (1.0, 1.0));
        assert_eq!((max_over_mean(&[8.0, 0.0, 0.0, 0.0]), jain(&[8.0, 0.0, 0.0, 0.0])), (4.0, 0.25));
    }
}
