//! `shares.csv`: how the sessions of each service fall on its nodes over time, replication by replication.

use super::sheet::Sheet;
use crate::experiment::Record;
use crate::scenario::Scenario;

/// The text of `shares.csv`; none where nothing distributes sessions. One row for each node in each interval.
#[must_use]
pub fn csv(scenario: &Scenario, records: &[Record]) -> Option<String> {
    let heads = ["replication", "service", "time_s", "node", "sessions", "share_ratio"];
    let mut sheet = Sheet::new(heads);
    for record in records {
        let shares = record.observed.shares.as_ref()?;
        for (index, intervals) in shares.services.iter().enumerate() {
            let names: Vec<&str> =
                scenario.cluster.servers(index).map(|node| scenario.cluster.nodes[node].name.as_str()).collect();
            for (number, counts) in intervals.iter().enumerate() {
                let all: u32 = counts.iter().sum();
                let time_s = (number as u64 * shares.interval_ns) as f64 / 1e9;
                for (name, count) in names.iter().zip(counts) {
                    let share = if all == 0 { String::new() } else { (f64::from(*count) / f64::from(all)).to_string() };
                    let service = scenario.services[index].name.clone();
                    let replication = record.replication.to_string();
                    sheet.row(vec![
                        replication,
                        service,
                        time_s.to_string(),
                        (*name).to_owned(),
                        count.to_string(),
                        share,
                    ]);
                }
            }
        }
    }
    Some(sheet.text())
}
