//! Whether balancing is warranted, and by which of the white paper's reasons.

use crate::planner::{Balancing, Side};
use crate::report::number::{self, NOTHING};
use crate::report::table::{Columns, heading};
use crate::stats::Estimate;

/// The section: the answer in a sentence, then each reason with its figures.
pub(super) fn section(balancing: &Balancing) -> String {
    let mut text = heading("Is balancing warranted?");
    text += &format!(" {}\n", balancing.sentence());
    let mut table = Columns::new(2, ["reason", "measured as", "one server", "balanced", "speaks for it"]);
    let Balancing { single, balanced, reasons, .. } = balancing;
    let estimate = |of: Option<Estimate>, print: fn(f64) -> String| {
        of.map_or_else(|| NOTHING.to_owned(), |of| number::estimate(&of, print))
    };
    let full = |side: &Side| number::ratio(side.fullness_ratio);
    let delay = |side: &Side| estimate(side.server_p95_s, number::seconds);
    let gap = |side: &Side| side.served_again_after_s.map_or_else(|| NOTHING.to_owned(), |time| number::time(&time));
    let failed = |side: &Side| estimate(side.failed_ratio, number::ratio);
    let scales = |side: &Side| number::plain(side.scales_to_factor);
    type Row<'a> = (&'static str, bool, &'a dyn Fn(&Side) -> String, &'static str);
    let rows: [Row<'_>; 5] = [
        ("volume", reasons.volume, &full, "use of its fullest resource, of what may be used"),
        ("delay", reasons.delay, &delay, "95 % of the slowest service, at the servers"),
        ("recovery", reasons.recovery, &gap, "until people are served again, a server down"),
        ("reliability", reasons.reliability, &failed, "sessions that fail in that hour"),
        ("scalability", reasons.scalability, &scales, "times today's load on the roomiest of its kind"),
    ];
    for (name, speaks, figure, unit) in rows {
        let other = balanced.as_ref().map_or_else(|| NOTHING.to_owned(), figure);
        let answer = if speaks { "yes" } else { "no" };
        table.row([name.to_owned(), unit.to_owned(), figure(single), other, answer.to_owned()]);
    }
    text + &table.text()
}
