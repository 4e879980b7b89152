//! What one failure of each part of the chosen design does.

use crate::planner::{Design, Trial};
use crate::report::number::{self, NOTHING};
use crate::report::table::{Columns, heading};
use crate::stats::Estimate;

/// The section, with what has no second one.
pub(super) fn section(design: &Design) -> String {
    let stops = format!(" if it fails, the mail stops: {}\n", design.single_points_of_failure.join(", "));
    let Some(first) = design.failures.first() else { return heading("Failures") + &stops };
    let lasts = number::seconds(first.repaired_after_s);
    let mut text = heading(&format!("When a part falls silent for {lasts} in the busiest hour"));
    let mut table = Columns::new(2, ["what", "role", "noticed", "taken out", "served again", "sessions that fail"]);
    for trial in &design.failures {
        let Trial { component, role, detected_after_s, removed_after_s, served_again_after_s, .. } = trial;
        let time = |time: &Option<Estimate>| time.as_ref().map_or_else(|| "never".to_owned(), number::time);
        let removed = if removed_after_s.is_none() { NOTHING.to_owned() } else { time(removed_after_s) };
        table.row([
            component.clone(),
            if component == role { String::new() } else { (*role).to_owned() },
            time(detected_after_s),
            removed,
            number::time(served_again_after_s),
            number::estimate(&trial.failed_ratio, number::ratio),
        ]);
    }
    text += &table.text();
    text + " one scripted failure of each; how often they come and how long repairs take is not in it\n" + &stops
}
