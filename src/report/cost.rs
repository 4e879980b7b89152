//! `cost.csv`: what each candidate of a search costs, and how long people wait with it.

use super::sheet::{Sheet, estimate_cells, estimate_heads, optional};
use crate::planner::Offer;
use crate::stats::Estimate;

/// The text of `cost.csv`, a row for each candidate in the order of preference.
#[must_use]
pub fn csv(offers: &[Offer]) -> String {
    let heads = ["candidate", "cost_usd", "stage", "decision", "standing", "service", "state"];
    let mut sheet = Sheet::new(heads.map(str::to_owned).into_iter().chain(estimate_heads("server_p95_s")));
    for offer in offers {
        let wait = offer.wait.as_ref();
        let mut cells = vec![offer.candidate.clone(), offer.cost_usd.to_string()];
        cells.extend([offer.stage.name(), offer.decision.name()].map(str::to_owned));
        cells.push(optional(offer.standing.map(|standing| standing.name())));
        cells.push(optional(wait.map(|wait| wait.service.clone())));
        cells.push(optional(wait.map(|wait| wait.state.name())));
        cells.extend(estimate_cells(wait.map_or(&Estimate::NONE, |wait| &wait.server_p95_s)));
        sheet.row(cells);
    }
    sheet.text()
}
