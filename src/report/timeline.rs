//! `timeline.csv`: each replication minute by minute; the last minute may be shorter.

use super::sheet::Sheet;
use crate::experiment::Record;
use crate::scenario::Scenario;

/// The text of `timeline.csv`: sessions that began and ended in the minute, and the mean number under way.
#[must_use]
pub fn csv(scenario: &Scenario, records: &[Record]) -> String {
    let mut heads: Vec<String> = ["replication", "minute", "length_s"].map(str::to_owned).to_vec();
    for service in &scenario.services {
        heads.extend(["began", "ended", "concurrency"].map(|leaf| format!("services.{}.{leaf}", service.name)));
    }
    let mut sheet = Sheet::new(&heads);
    for record in records {
        for (index, minute) in record.observed.minutes.iter().enumerate() {
            let length_s = minute.length_ns as f64 / 1e9;
            let mut cells = vec![record.replication.to_string(), index.to_string(), length_s.to_string()];
            for (began, ended, number_ns) in &minute.services {
                let concurrency = *number_ns as f64 / minute.length_ns as f64;
                cells.extend([began.to_string(), ended.to_string(), concurrency.to_string()]);
            }
            sheet.row(cells);
        }
    }
    sheet.text()
}
