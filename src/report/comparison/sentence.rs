//! The conclusion about a pair of designs: which is better, in what, by how much, and where nothing can be said.

use crate::experiment::compare::{Difference, Figures, Outcome, Pair};
use crate::report::number;
use crate::stats::Estimate;

/// One sentence, and one about the price where that differs.
pub(super) fn sentence(pair: &Pair) -> String {
    let (a, b) = (pair.baseline, pair.against);
    let lead = match pair.outcome {
        Outcome::Better => format!("{b} is better than {a}"),
        Outcome::Worse => format!("{b} is worse than {a}"),
        Outcome::Mixed => format!("{b} is better than {a} in some ways and worse in others"),
        Outcome::NoDifference => format!("No difference is seen between {b} and {a}"),
        Outcome::NotJudged => {
            return format!(
                "One replication has no intervals: what {b} and {a} differ by may be chance.{}",
                price(pair)
            );
        }
    };
    let clauses: Vec<String> = pair.services.iter().flat_map(|(name, figures)| of_service(name, figures)).collect();
    format!("{lead}: {}.{}", clauses.join("; "), price(pair))
}

fn price(pair: &Pair) -> String {
    let Some(usd) = pair.cost_usd.filter(|usd| *usd != 0.0) else { return String::new() };
    let which = if usd > 0.0 { "more" } else { "less" };
    format!(" {} costs {} USD {which}.", pair.against, number::count(usd.abs() as u64))
}

fn of_service(name: &str, figures: &Figures<Difference>) -> Vec<String> {
    let (mean, p95) = (part(&figures.mean_s), part(&figures.p95_s));
    let server = part(&figures.server_mean_s).map_or_else(String::new, |part| format!(", at the servers {part}"));
    let times = match (mean, p95) {
        (Some(mean), Some(p95)) => {
            format!("sessions of `{name}` take {mean} time on average{server}, and {p95} at the 95th percentile")
        }
        (Some(mean), None) => format!("sessions of `{name}` take {mean} time on average{server}"),
        (None, Some(p95)) => format!("the 95th percentile of `{name}` is {p95}, and no difference is seen on average"),
        (None, None) => format!("no difference is seen in the times of `{name}`{}", within(&figures.mean_s)),
    };
    let late = figures.late_ratio.iter().filter_map(|(level, difference)| {
        let [word, by] = share(&difference.difference)?;
        Some(format!("`{level}` is late {word} often, by {by}"))
    });
    let fates =
        [(&figures.refused_ratio, "refused"), (&figures.timed_out_ratio, "timed out"), (&figures.lost_ratio, "lost")];
    let fates = fates.into_iter().filter_map(|(difference, fate)| {
        let [word, by] = share(&difference.difference)?;
        Some(format!("{word} of `{name}` is {fate}, by {by}"))
    });
    [times].into_iter().chain(late).chain(fates).collect()
}

/// A change of less than this is not worth its figures.
const SLIGHT: f64 = 0.001;

/// `12.3 % (11.1 % to 13.5 %) less`; none where the interval holds zero.
fn part(difference: &Difference) -> Option<String> {
    let (ratio, [word, _]) = (difference.ratio?, share(&difference.difference)?);
    let sign = if word == "less" { -1.0 } else { 1.0 };
    let change = |ratio: Option<f64>| Some(sign * (ratio? - 1.0));
    let (by, mut ends) = (change(ratio.estimate)?, [change(ratio.low)?, change(ratio.high)?]);
    ends.sort_by(f64::total_cmp);
    if by < SLIGHT {
        return Some(format!("less than {} {word}", number::ratio(SLIGHT)));
    }
    let [low, high] = ends.map(number::ratio_signed);
    Some(format!("{} ({low} to {high}) {word}", number::ratio_signed(by)))
}

/// The interval of what can't be told from nothing.
fn within(difference: &Difference) -> String {
    let change = |ratio: Option<f64>| Some(number::ratio_signed(ratio? - 1.0));
    let ends = difference.ratio.and_then(|ratio| Some((change(ratio.low)?, change(ratio.high)?)));
    ends.map_or_else(String::new, |(low, high)| format!(" (mean between {low} and {high})"))
}

/// `less` or `more`, and by how many points; none where the interval holds zero or is unknown.
fn share(difference: &Estimate) -> Option<[String; 2]> {
    let (by, low, high) = (difference.estimate?, difference.low?, difference.high?);
    let word = match (low > 0.0, high < 0.0) {
        (true, _) => "more",
        (_, true) => "less",
        (false, false) => return None,
    };
    let mut ends = [low.abs(), high.abs()];
    ends.sort_by(f64::total_cmp);
    let [low, high] = ends.map(|end| number::plain(end * 100.0));
    Some([word.to_owned(), format!("{} ({low} to {high})", number::points(by.abs()))])
}
