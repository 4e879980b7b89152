//! `replications.csv`: one row for each replication, raw, for those who compute intervals of their own.

use super::sheet::{Sheet, optional};
use crate::analytic::Resource;
use crate::experiment::Record;
use crate::scenario::Scenario;

const RESOURCES: [(Resource, &str); 4] = [
    (Resource::Cpu, "cpu_ratio"),
    (Resource::Disk, "disk_ratio"),
    (Resource::LinkIn, "link_in_ratio"),
    (Resource::LinkOut, "link_out_ratio"),
];

/// The text of `replications.csv`.
#[must_use]
pub fn csv(scenario: &Scenario, records: &[Record]) -> String {
    let mut sheet = Sheet::new(heads(scenario));
    for record in records {
        let observed = &record.observed;
        let seconds = |ns: u64| (ns as f64 / 1e9).to_string();
        let mut cells = vec![record.replication.to_string(), seconds(record.warm_up_ns), seconds(observed.window_ns)];
        cells.push(record.events.to_string());
        for service in &observed.services {
            let (flow, response) = (&service.flow, &service.response);
            let refused = flow.refused - service.timed_out - service.lost;
            let counts = [flow.began, flow.ended, refused, service.timed_out, service.lost];
            cells.extend(counts.map(|count| count.to_string()));
            cells.push(optional(response.mean_s()));
        }
        for node in &observed.nodes {
            cells.extend([node.sessions.to_string(), node.connections_peak.to_string()]);
            cells.extend(RESOURCES.map(|(resource, _)| {
                optional(node.stations[resource as usize].map(|station| station.utilisation(observed.window_ns)))
            }));
        }
        for level in &observed.levels {
            cells.extend([level.total.to_string(), level.late.to_string()]);
        }
        sheet.row(cells);
    }
    sheet.text()
}

fn heads(scenario: &Scenario) -> Vec<String> {
    let mut heads: Vec<String> = ["replication", "warm_up_s", "window_s", "events"].map(str::to_owned).to_vec();
    for service in &scenario.services {
        heads.extend(
            ["offered", "served", "refused", "timed_out", "lost", "response_s.mean"]
                .map(|leaf| format!("services.{}.{leaf}", service.name)),
        );
    }
    for node in &scenario.cluster.nodes {
        heads.extend(["sessions", "connections_peak"].map(|leaf| format!("nodes.{}.{leaf}", node.name)));
        heads.extend(RESOURCES.map(|(_, leaf)| format!("nodes.{}.{leaf}", node.name)));
    }
    for level in &scenario.levels {
        heads.extend(["total", "late"].map(|leaf| format!("levels.{}.{leaf}", level.name)));
    }
    heads
}
