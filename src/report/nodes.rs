//! `nodes.csv`: each node, hour by hour of the window, over all replications.

use super::sheet::{Sheet, estimate_cells, estimate_heads};
use crate::analytic::Resource;
use crate::cluster::NodeHour;
use crate::experiment::Record;
use crate::scenario::{Role, Scenario};
use crate::stats::{CONFIDENCE, Estimate, mean_interval, share_interval};

/// The text of `nodes.csv`. Sessions are summed over the replications, `link_ratio` is the busier direction.
#[must_use]
pub fn csv(scenario: &Scenario, records: &[Record]) -> String {
    let mut heads: Vec<String> = ["node", "role", "tier", "hour", "length_s", "sessions"].map(str::to_owned).to_vec();
    heads.extend(["cpu_ratio", "disk_ratio", "link_ratio", "share_ratio"].iter().flat_map(|name| estimate_heads(name)));
    let mut sheet = Sheet::new(&heads);
    let hours = records.first().map_or(0, |r| r.observed.nodes.first().map_or(0, |node| node.hours.len()));
    for (index, node) in scenario.cluster.nodes.iter().enumerate() {
        for hour in 0..hours {
            let parts: Vec<&NodeHour> = records.iter().map(|r| &r.observed.nodes[index].hours[hour]).collect();
            let length_s = parts.first().map_or(0.0, |part| part.length_ns as f64 / 1e9);
            let sessions: u64 = parts.iter().map(|part| part.sessions).sum();
            let used = |resource: Resource| utilisation(records, index, hour, resource);
            let (inwards, outwards) = (used(Resource::LinkIn), used(Resource::LinkOut));
            let link = if inwards.estimate >= outwards.estimate { inwards } else { outwards };
            let share = if node.role == Role::Primary { share(records, index, hour) } else { Estimate::NONE };
            let mut cells = vec![node.name.clone(), node.role.name().to_owned(), node.tier.name.clone()];
            cells.extend([hour.to_string(), length_s.to_string(), sessions.to_string()]);
            let estimates = [used(Resource::Cpu), used(Resource::Disk), link, share];
            cells.extend(estimates.iter().flat_map(estimate_cells));
            sheet.row(cells);
        }
    }
    sheet.text()
}

fn utilisation(records: &[Record], node: usize, hour: usize, resource: Resource) -> Estimate {
    let values: Vec<f64> = records
        .iter()
        .filter_map(|record| {
            let node = &record.observed.nodes[node];
            let (part, station) = (&node.hours[hour], node.stations[resource as usize]?);
            let busy_ns = part.busy_ns[resource as usize]?;
            Some(busy_ns as f64 / (part.length_ns as f64 * station.capacity()))
        })
        .collect();
    mean_interval(&values, CONFIDENCE)
}

/// The node's share of the sessions of the hour.
fn share(records: &[Record], node: usize, hour: usize) -> Estimate {
    let pairs: Vec<(f64, f64)> = records
        .iter()
        .map(|record| {
            let nodes = &record.observed.nodes;
            let all: u64 = nodes.iter().map(|node| node.hours[hour].sessions).sum();
            (nodes[node].hours[hour].sessions as f64, all as f64)
        })
        .collect();
    share_interval(&pairs, CONFIDENCE)
}
