//! `services.csv`: a row for each service and, below it, one for each of its operations.
//!
//! `operation` is empty in the row of the service as a whole; what only the whole service or only an operation has is
//! empty in the rows of the other.

use super::sheet::{Sheet, estimate_cells, estimate_heads};
use crate::experiment::{OperationSummary, Response, ServiceSummary, Summary};
use crate::scenario::Scenario;
use crate::stats::Estimate;

const COUNTS: [&str; 12] = [
    "service",
    "operation",
    "offered",
    "served",
    "refused",
    "timed_out",
    "lost",
    "retried",
    "present_at_start",
    "present_at_end",
    "done",
    "client_waits",
];
const QUANTILES: [&str; 4] = ["mean", "p50", "p95", "p99"];

/// The text of `services.csv`, services and operations in the order of the scenario.
#[must_use]
pub fn csv(scenario: &Scenario, summary: &Summary) -> String {
    let mut heads: Vec<String> = COUNTS.map(str::to_owned).to_vec();
    heads.extend(["throughput_per_s", "concurrency"].iter().flat_map(|name| estimate_heads(name)));
    for block in ["response_s", "server_s", "link_s"] {
        heads.extend(QUANTILES.iter().flat_map(|name| estimate_heads(&format!("{block}.{name}"))));
    }
    let mut sheet = Sheet::new(&heads);
    for service in &scenario.services {
        let Some(summary) = summary.services.get(&service.name) else { continue };
        sheet.row(of_service(&service.name, summary));
        for operation in service.operations.iter().map(|index| &scenario.operations[*index].name) {
            let Some(summary) = summary.operations.get(operation) else { continue };
            sheet.row(of_operation(&service.name, operation, summary));
        }
    }
    sheet.text()
}

fn of_service(name: &str, summary: &ServiceSummary) -> Vec<String> {
    let mut cells = vec![name.to_owned(), String::new()];
    let failed = [summary.refused, summary.timed_out, summary.lost, summary.retried];
    let counts = [summary.offered, summary.served].into_iter().chain(failed);
    let counts = counts.chain([summary.present_at_start, summary.present_at_end]);
    cells.extend(counts.map(|count| count.to_string()));
    cells.extend([String::new(), String::new()]);
    cells.extend([summary.throughput_per_s, summary.concurrency].iter().flat_map(estimate_cells));
    cells.extend([summary.response_s, summary.server_s, summary.link_s].iter().flat_map(response));
    cells
}

fn of_operation(service: &str, name: &str, summary: &OperationSummary) -> Vec<String> {
    let mut cells = vec![service.to_owned(), name.to_owned()];
    cells.extend([const { String::new() }; 8]);
    cells.extend([summary.done.to_string(), summary.client_waits.to_string()]);
    cells.extend([Estimate::NONE; 2].iter().flat_map(estimate_cells));
    cells.extend(response(&summary.response_s));
    cells.extend([Estimate::NONE; 8].iter().flat_map(estimate_cells));
    cells
}

fn response(response: &Response) -> Vec<String> {
    [response.mean, response.p50, response.p95, response.p99].iter().flat_map(estimate_cells).collect()
}
