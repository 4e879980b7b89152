//! Connections that stay open: how many there are in each hour of the week, and what happens on them.

use super::Origin;
use super::clock::{HOURS_PER_WEEK, Window};
use super::settings::Ledger;
use crate::scenario::Standing;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::Visit;
use crate::scenario::source::Source;
use crate::units::Time;
use toml::Spanned;

const HOUR_S: f64 = 3_600.0;
/// After so many weeks the number of a week before has no influence on that of an hour, however long connections stay.
const LONGEST: Time = Time::from_secs(7 * 86_400);
const WEEKS: usize = 20;
/// Assumption: mail clients notice a broken connection and are back within a minute.
const RECONNECT: Time = Time::from_secs(60);

/// How long the connections of a kind of session stay, and what happens on them.
#[derive(Debug, Clone)]
pub(super) struct Stay {
    stay_s: f64,
    /// Visits per second on one of them; none when nothing happens.
    pub(super) visits_per_s: Option<f64>,
    /// Connections in each hour of the week: on average, and when it begins.
    mean: Vec<f64>,
    begin: Vec<f64>,
    reconnect: Time,
}

/// Refuses what can't be, and notes the rest; `week_per_s` is when sessions leave a connection open.
pub(super) fn stay(
    whose: &Source,
    (stays, visit, reconnect): (Option<&Spanned<Time>>, Option<&Visit>, Option<&Spanned<Time>>),
    week_per_s: &[f64],
    (key, origin): (&str, &Origin),
    ledger: &mut Ledger,
) -> Result<Option<Stay>, ScenarioError> {
    let Some(stays) = stays else {
        if let Some(reconnect) = reconnect {
            let message = "a connection that is closed does not break; write how long it `stays` too";
            return Err(whose.error(reconnect.span(), message));
        }
        return match visit {
            None => Ok(None),
            Some(visit) => {
                let message = "nothing happens on a connection that is closed; write how long it `stays` too";
                Err(whose.error(visit.every.span(), message))
            }
        };
    };
    let length = *stays.get_ref();
    if length == Time::ZERO || length > LONGEST {
        let message = format!("`stays` is `{length}`; it must be above zero and at most a week");
        return Err(whose.error(stays.span(), message));
    }
    if let Some(visit) = visit.filter(|visit| *visit.every.get_ref() == Time::ZERO) {
        return Err(whose.error(visit.every.span(), "`every` must be above zero"));
    }
    ledger.note(&format!("{key}.stays"), length.to_string(), origin.clone());
    if let Some(visit) = visit {
        ledger.note(&format!("{key}.visit.every"), visit.every.get_ref().to_string(), origin.clone());
        let names: Vec<&str> = visit.operations.iter().map(|name| name.get_ref().as_str()).collect();
        ledger.note(&format!("{key}.visit.operations"), names.join(", "), origin.clone());
    }
    let is_written = reconnect.is_some();
    let reconnect = reconnect.map_or(RECONNECT, |time| *time.get_ref());
    let origin = if is_written { origin.clone() } else { Origin::Default };
    ledger.note(&format!("{key}.reconnect"), reconnect.to_string(), origin);
    let stay_s = length.as_secs_f64();
    let (mean, begin) = numbers(week_per_s, stay_s);
    let visits_per_s = visit.map(|visit| 1.0 / visit.every.get_ref().as_secs_f64());
    Ok(Some(Stay { stay_s, visits_per_s, mean, begin, reconnect }))
}

/// The number of customers of M(t)/M/∞ in each hour of a week that repeats itself: on average, and when the hour begins.
/// Within an hour of constant rate it tends to rate × stay exponentially (Eick, Massey and Whitt 1993).
fn numbers(week_per_s: &[f64], stay_s: f64) -> (Vec<f64>, Vec<f64>) {
    let left = (-HOUR_S / stay_s).exp();
    let (mut mean, mut begin) = (vec![0.0; HOURS_PER_WEEK], vec![0.0; HOURS_PER_WEEK]);
    let mut number = week_per_s.iter().sum::<f64>() / HOURS_PER_WEEK as f64 * stay_s;
    for hour in (0..HOURS_PER_WEEK).cycle().take(WEEKS * HOURS_PER_WEEK) {
        let limit = week_per_s[hour] * stay_s;
        begin[hour] = number;
        mean[hour] = limit + (number - limit) * stay_s / HOUR_S * (1.0 - left);
        number = limit + (number - limit) * left;
    }
    (mean, begin)
}

impl Stay {
    /// Visits per second in each hour of the week.
    pub(super) fn visits(&self) -> Vec<f64> {
        let per_s = self.visits_per_s.unwrap_or(0.0);
        self.mean.iter().map(|number| number * per_s).collect()
    }

    /// What a window sees of it. The busiest hour on its own keeps the number that the day has brought about by then:
    /// connections leave as fast as they come.
    pub(super) fn in_window(&self, window: Window, busiest: usize, rate_per_s: f64, visits: Option<usize>) -> Standing {
        let (at_start, leaves_per_s) = match window {
            Window::PeakHour(_) => (self.mean[busiest], rate_per_s / self.mean[busiest]),
            Window::Day => (self.begin[busiest / 24 * 24], 1.0 / self.stay_s),
            Window::Week => (self.begin[0], 1.0 / self.stay_s),
        };
        let visits_per_s = self.visits_per_s.unwrap_or(0.0);
        Standing { at_start, leaves_per_s, visits_per_s, visits, reconnect: self.reconnect }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_a_constant_rate_the_number_is_rate_times_stay() {
        let (mean, begin) = numbers(&[0.5; HOURS_PER_WEEK], 7_200.0);
        assert!(mean.iter().chain(&begin).all(|number| (number - 3_600.0).abs() < 1e-6));
    }

    #[test]
    fn long_stays_smooth_the_day_and_lose_nothing() {
        let week: Vec<f64> = (0..HOURS_PER_WEEK).map(|hour| if hour % 24 == 9 { 2.4 } else { 0.0 }).collect();
        let (short, _) = numbers(&week, 60.0);
        let (long, _) = numbers(&week, 86_400.0);
        let average = |numbers: &[f64]| numbers.iter().sum::<f64>() / HOURS_PER_WEEK as f64;
        // Little: 0.1 a second on average.
        assert!((average(&short) - 6.0).abs() < 1e-6 && (average(&long) - 8_640.0).abs() < 1e-3);
        assert!(short[9] > 100.0 && short[8] < 1e-6 && long[8] > 0.5 * long[9]);
    }
}
