//! `hours.csv`: each service and each level, hour by hour of the window; and for people the hours that matter.

use super::number;
use super::sheet::{Sheet, estimate_cells, estimate_heads};
use super::table::Columns;
use crate::experiment::{HourSummary, Summary};
use crate::scenario::Scenario;

/// The text of `hours.csv`: in every hour a row for each service and, with its name in `level`, one for each level. None in a
/// window that is looked at as a whole.
#[must_use]
pub fn csv(scenario: &Scenario, summary: &Summary) -> Option<String> {
    let mut heads: Vec<String> =
        ["hour", "length_s", "service", "level", "offered", "served"].map(str::to_owned).to_vec();
    let estimates = ["mean_response_s", "p95_response_s", "in_time_ratio"];
    heads.extend(estimates.iter().flat_map(|name| estimate_heads(name)));
    let mut sheet = Sheet::new(&heads);
    for hour in &summary.hours {
        let begin = |service: &str, level: &str| {
            [hour.hour.to_string(), hour.length_s.to_string(), service.to_owned(), level.to_owned()].to_vec()
        };
        for service in &scenario.services {
            let of = &hour.services[&service.name];
            let mut cells = begin(&service.name, "");
            cells.extend([of.offered, of.served].map(|count| count.to_string()));
            cells.extend([of.mean_response_s, of.p95_response_s].iter().flat_map(estimate_cells));
            cells.extend([const { String::new() }; 3]);
            sheet.row(cells);
        }
        for level in &scenario.levels {
            let mut cells = begin(&scenario.services[level.service].name, &level.name);
            cells.extend([const { String::new() }; 8]);
            cells.extend(estimate_cells(&hour.in_time_ratio[&level.name]));
            sheet.row(cells);
        }
    }
    (!summary.hours.is_empty()).then(|| sheet.text())
}

/// The busiest hour of each service and the worst of each level.
#[must_use]
pub fn text(scenario: &Scenario, summary: &Summary) -> String {
    let replications = summary.replications.max(1) as f64;
    let mut busiest = Columns::new(2, ["service", "busiest hour", "sessions/s", "mean", "p95"]);
    for service in &scenario.services {
        let of = |hour: &HourSummary| hour.services[&service.name];
        let rate = |hour: &HourSummary| of(hour).offered as f64 / (hour.length_s * replications);
        let Some(hour) = first_most(&summary.hours, rate) else { continue };
        let (mean, p95) = (number::time(&of(hour).mean_response_s), number::time(&of(hour).p95_response_s));
        busiest.row([service.name.clone(), hour.hour.to_string(), number::plain(rate(hour)), mean, p95]);
    }
    let mut worst = Columns::new(2, ["level", "worst hour", "in time"]);
    for level in &scenario.levels {
        let in_time = |hour: &HourSummary| hour.in_time_ratio[&level.name];
        let late = |hour: &HourSummary| in_time(hour).estimate.map_or(-1.0, |share| 1.0 - share);
        let Some(hour) = first_most(&summary.hours, late) else { continue };
        worst.row([level.name.clone(), hour.hour.to_string(), number::estimate(&in_time(hour), number::ratio)]);
    }
    let levels = if scenario.levels.is_empty() { String::new() } else { format!("\n{}", worst.text()) };
    busiest.text() + &levels
}

/// The hour with the most of something, the first of equals.
fn first_most(hours: &[HourSummary], of: impl Fn(&HourSummary) -> f64) -> Option<&HourSummary> {
    hours.iter().reduce(|most, next| if of(next) > of(most) { next } else { most })
}
