//! What several designs differ by: for programs here, for people in `text`, and in a sentence for each pair in `sentence`.

mod sentence;
mod text;

pub use text::text;

use super::sheet::{Sheet, estimate_cells, estimate_heads, optional};
use crate::experiment::compare::Comparison;
use crate::stats::Estimate;

/// The text of `comparison.json`.
#[must_use]
pub fn json(comparison: &Comparison) -> String {
    super::pretty(comparison)
}

/// The text of `comparison.csv`: a row for each pair, service and figure, under the names of `comparison.json`.
///
/// `a` is the figure of the baseline and `b` that of the other scenario; what a figure does not have is empty.
#[must_use]
pub fn csv(comparison: &Comparison) -> String {
    let mut heads: Vec<String> = ["baseline", "against", "service", "figure"].map(str::to_owned).to_vec();
    heads.extend(["a", "b", "difference", "ratio"].iter().flat_map(|name| estimate_heads(name)));
    heads.push("narrowing".to_owned());
    let mut sheet = Sheet::new(&heads);
    let Some(baseline) = comparison.scenarios.first() else { return sheet.text() };
    for (pair, side) in comparison.pairs.iter().zip(comparison.scenarios.iter().skip(1)) {
        for (service, figures) in &pair.services {
            let (Some(a), Some(b)) = (baseline.services.get(service), side.services.get(service)) else { continue };
            for (((name, _, difference), (_, _, a)), (_, _, b)) in
                figures.list().into_iter().zip(a.list()).zip(b.list())
            {
                let labels = [pair.baseline, pair.against].map(|label| label.to_string());
                let estimates = [*a, *b, difference.difference, difference.ratio.unwrap_or(Estimate::NONE)];
                let cells = labels.into_iter().chain([service.clone(), name]);
                let cells = cells.chain(estimates.iter().flat_map(estimate_cells));
                sheet.row(cells.chain([optional(difference.narrowing)]));
            }
        }
    }
    sheet.text()
}
