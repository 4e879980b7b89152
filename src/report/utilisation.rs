//! `utilisation.csv`: each node over time, more finely than by the hour; what the heat map shows.

use super::sheet::{Sheet, estimate_cells, estimate_heads};
use crate::analytic::Resource;
use crate::experiment::Record;
use crate::scenario::Scenario;
use crate::stats::{CONFIDENCE, Estimate, mean_interval};

/// How far the resources of a node are used in each interval, in the mean of the replications.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeUse {
    /// By interval; without a value where there is nothing to use up.
    pub cpu: Vec<Estimate>,
    /// The same.
    pub disk: Vec<Estimate>,
    /// The direction that is busier in the interval.
    pub link: Vec<Estimate>,
}

/// When an interval begins, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// In seconds after the beginning of the window.
    pub begin_s: f64,
    /// In seconds.
    pub length_s: f64,
}

/// The intervals of the window.
#[must_use]
pub fn intervals(records: &[Record]) -> Vec<Interval> {
    let Some(first) = records.first().map(|record| &record.observed) else { return Vec::new() };
    let seconds = |ns: u64| ns as f64 / 1e9;
    let begins = (0..first.window_ns).step_by(first.utilisation.interval_ns.max(1) as usize);
    begins
        .map(|begin| Interval {
            begin_s: seconds(begin),
            length_s: seconds(first.utilisation.interval_ns.min(first.window_ns - begin)),
        })
        .collect()
}

/// By node of the cluster.
#[must_use]
pub fn nodes(records: &[Record]) -> Vec<NodeUse> {
    let intervals = intervals(records);
    let count = records.first().map_or(0, |record| record.observed.utilisation.nodes.len());
    let of = |node: usize, resource: Resource| -> Vec<Estimate> {
        let one = |(index, interval): (usize, &Interval)| {
            let values: Vec<f64> = records
                .iter()
                .filter_map(|record| {
                    let busy_ns = record.observed.utilisation.nodes[node][resource as usize].as_ref()?[index];
                    let capacity = record.observed.nodes[node].stations[resource as usize]?.capacity();
                    Some(busy_ns as f64 / (interval.length_s * 1e9 * capacity))
                })
                .collect();
            mean_interval(&values, CONFIDENCE)
        };
        intervals.iter().enumerate().map(one).collect()
    };
    (0..count)
        .map(|node| {
            let both = of(node, Resource::LinkIn).into_iter().zip(of(node, Resource::LinkOut));
            let busier = |(inwards, outwards): (Estimate, Estimate)| {
                if inwards.estimate >= outwards.estimate { inwards } else { outwards }
            };
            NodeUse { cpu: of(node, Resource::Cpu), disk: of(node, Resource::Disk), link: both.map(busier).collect() }
        })
        .collect()
}

/// The text of `utilisation.csv`, a row for each node in each interval.
#[must_use]
pub fn csv(scenario: &Scenario, records: &[Record]) -> String {
    let mut heads: Vec<String> = ["node", "role", "tier", "time_s", "length_s"].map(str::to_owned).to_vec();
    heads.extend(["cpu_ratio", "disk_ratio", "link_ratio"].iter().flat_map(|name| estimate_heads(name)));
    let mut sheet = Sheet::new(&heads);
    let intervals = intervals(records);
    for (node, used) in scenario.cluster.nodes.iter().zip(nodes(records)) {
        for (index, interval) in intervals.iter().enumerate() {
            let mut cells = vec![node.name.clone(), node.role.name().to_owned(), node.tier.name.clone()];
            cells.extend([interval.begin_s, interval.length_s].map(|time| time.to_string()));
            cells.extend([&used.cpu, &used.disk, &used.link].iter().flat_map(|used| estimate_cells(&used[index])));
            sheet.row(cells);
        }
    }
    sheet.text()
}
