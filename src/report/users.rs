//! `users.csv`: how the chosen design does as its people become more.

use super::sheet::{Sheet, estimate_cells, estimate_heads, optional};
use crate::planner::Curve;

/// The text of `users.csv`, a row for each level at each load in each state.
#[must_use]
pub fn csv(curve: &Curve) -> String {
    let mut heads: Vec<String> =
        ["load_factor", "users", "state", "level", "limit", "limit_s", "share_ratio"].map(str::to_owned).to_vec();
    let estimates = ["response_s.p50", "response_s.p95", "response_s.p99", "in_time_ratio"];
    heads.extend(estimates.iter().flat_map(|name| estimate_heads(name)));
    heads.extend(["met", "utilisation_ratio", "replications"].map(str::to_owned));
    let mut sheet = Sheet::new(&heads);
    for point in &curve.points {
        for level in &point.levels {
            let mut cells = vec![point.load_factor.to_string(), optional(point.users), point.state.name().to_owned()];
            cells.extend([level.name.clone(), level.limit.clone()]);
            cells.extend([level.limit_s, level.share_ratio].map(|value| value.to_string()));
            let response = &level.response_s;
            let estimates = [&response.p50, &response.p95, &response.p99, &level.in_time_ratio];
            cells.extend(estimates.into_iter().flat_map(estimate_cells));
            cells.extend([level.met.to_string(), point.utilisation_ratio.to_string(), point.replications.to_string()]);
            sheet.row(cells);
        }
    }
    sheet.text()
}
