//! Bursts: whose sessions, when, and what they make of the busiest hour.

use super::Origin;
use super::clock::{self, Window};
use super::settings::Ledger;
use crate::scenario::burst::{Burst, mean_factor};
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, File};
use crate::scenario::source::Source;
use crate::units::Time;
use toml::Spanned;

const HOUR: Time = Time::from_secs(3_600);
const DAY: Time = Time::from_secs(86_400);
/// The largest factor: above it the burst is the workload, and the rest is noise.
const MOST: f64 = 10_000.0;

/// The bursts of each of the streams, of which the names are given: in one day of a window that has a clock, else in the
/// window.
pub(super) fn bursts(
    source: &Source,
    file: &File,
    window: Window,
    streams: &[&str],
    ledger: &mut Ledger,
) -> Result<Vec<Vec<Burst>>, ScenarioError> {
    let mut bursts = vec![Vec::new(); streams.len()];
    for (name, written) in &file.burst {
        let population = written.population.get_ref();
        if !file.population.keys().any(|known| known.get_ref() == population) {
            let known = file.population.keys().map(|name| name.get_ref().as_str());
            return Err(source.error(written.population.span(), unknown("population", population, known)));
        }
        let of =
            |stream: &str| stream.split_once('/').filter(|(p, _)| p == population).map(|(_, kind)| kind.to_owned());
        let wanted = written.session.as_ref();
        let kinds: Vec<Option<String>> = streams.iter().map(|stream| of(stream)).collect();
        if let Some(session) = wanted.filter(|session| !kinds.iter().flatten().any(|kind| kind == session.get_ref())) {
            let known = kinds.iter().flatten().map(String::as_str);
            return Err(source.error(session.span(), unknown("session", session.get_ref(), known)));
        }
        let burst = one(source, name, written, window)?;
        let key = |leaf: &str| format!("burst.{}.{leaf}", name.get_ref());
        ledger.note(&key("population"), population.clone(), Origin::File);
        ledger.take(&key("session"), wanted.map(Spanned::get_ref), "all".to_owned(), String::clone);
        ledger.note(&key("at"), written.at.get_ref().clone(), Origin::File);
        ledger.note(&key("lasts"), written.lasts.get_ref().to_string(), Origin::File);
        ledger.note(&key("factor"), written.factor.get_ref().to_string(), Origin::File);
        for (kind, bursts) in kinds.iter().zip(&mut bursts) {
            if kind.as_ref().is_some_and(|kind| wanted.is_none_or(|session| session.get_ref() == kind)) {
                bursts.push(burst);
            }
        }
    }
    Ok(bursts)
}

/// One burst, checked.
fn one(source: &Source, name: &Spanned<String>, written: &file::Burst, window: Window) -> Result<Burst, ScenarioError> {
    let factor = *written.factor.get_ref();
    if !(factor > 0.0 && factor <= MOST) {
        let message = format!("`factor` is `{factor}`; it must be above 0 and at most {MOST}");
        return Err(source.error(written.factor.span(), message));
    }
    let at = written.at.get_ref();
    let clock = !matches!(window, Window::PeakHour(_));
    let begins = if clock { of_the_day(at) } else { at.parse().ok() };
    let Some(begins) = begins else {
        let message = if clock {
            format!("`{at}` is no time of the day; write for example `\"09:00\"`, since the window has a clock")
        } else {
            format!(
                "`{at}` is no time after the warm-up; write for example `\"600 s\"`, since only the windows `day` and \
                 `week` have a clock"
            )
        };
        return Err(source.error(written.at.span(), message));
    };
    let (ends, limit) = (begins + *written.lasts.get_ref(), if clock { DAY } else { window.length() });
    if *written.lasts.get_ref() == Time::ZERO || ends > limit {
        let what = if clock { "day" } else { "window" };
        let message = format!("burst `{}` must last for a time and be over at the end of the {what}", name.get_ref());
        return Err(source.error(written.lasts.span(), message));
    }
    Ok(Burst { begins, ends, factor })
}

/// A time of the day as people write it, from `00:00` to `23:59`.
fn of_the_day(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str, below: u64| digits.parse::<u64>().ok().filter(|n| digits.len() == 2 && *n < below);
    Some(Time::from_secs(number(hours, 24)? * 3_600 + number(minutes, 60)? * 60))
}

/// How often the sessions of a stream come.
pub(super) struct Rates {
    /// In the busiest hour of all streams together.
    pub(super) rate_per_s: f64,
    /// Over the window.
    pub(super) mean_per_s: f64,
    /// By hour of the window, without bursts.
    pub(super) hours_per_s: Vec<f64>,
    pub(super) bursts: Vec<Burst>,
}

/// The busiest hour of the week, and the rates of streams with these rates by hour of it and these bursts.
pub(super) fn rates(window: Window, weeks: &[&[f64]], bursts: &[Vec<Burst>]) -> (usize, Vec<Rates>) {
    let Window::PeakHour(length) = window else {
        let surging: Vec<Vec<f64>> = weeks.iter().zip(bursts).map(|(week, bursts)| with_daily(week, bursts)).collect();
        let busiest = clock::busiest(surging.iter().map(Vec::as_slice));
        let of = |((week, surging), bursts): ((&&[f64], &Vec<f64>), &Vec<Burst>)| {
            let (rate_per_s, surging) = window.rates(surging, busiest);
            let hours_per_s = window.rates(week, busiest).1;
            let mean_per_s = surging.iter().sum::<f64>() / surging.len() as f64;
            Rates { rate_per_s, mean_per_s, hours_per_s, bursts: on_every_day(bursts, window) }
        };
        return (busiest, weeks.iter().zip(&surging).zip(bursts).map(of).collect());
    };
    let peak = clock::busiest(weeks.iter().copied());
    let streams: Vec<_> = weeks.iter().zip(bursts).map(|(week, bursts)| (week[peak], &bursts[..])).collect();
    let (from, to) = busiest(&streams, length);
    let of = |(week, bursts): (&&[f64], &Vec<Burst>)| Rates {
        rate_per_s: week[peak] * mean_factor(bursts, from, to),
        mean_per_s: week[peak] * mean_factor(bursts, Time::ZERO, length),
        hours_per_s: vec![week[peak]],
        bursts: bursts.clone(),
    };
    (peak, weeks.iter().zip(bursts).map(of).collect())
}

/// The rates of the hours of the week, when each day has these bursts: a burst that is shorter than an hour counts by its
/// mean over the hour.
fn with_daily(week_per_s: &[f64], bursts: &[Burst]) -> Vec<f64> {
    let of = |hour: usize| mean_factor(bursts, HOUR * (hour as u64 % 24), HOUR * (hour as u64 % 24 + 1));
    week_per_s.iter().enumerate().map(|(hour, rate)| rate * of(hour)).collect()
}

/// The bursts of a window of whole days.
fn on_every_day(bursts: &[Burst], window: Window) -> Vec<Burst> {
    let days = window.length().0 / DAY.0;
    let on = |day: u64| move |b: &Burst| Burst { begins: b.begins + DAY * day, ends: b.ends + DAY * day, ..*b };
    (0..days).flat_map(|day| bursts.iter().map(on(day))).collect()
}

/// The busiest hour of streams with constant rates and bursts in a window, or the window if that is shorter: it begins or
/// ends with a burst.
fn busiest(streams: &[(f64, &[Burst])], window: Time) -> (Time, Time) {
    let length = HOUR.min(window);
    let last = window - length;
    let ends = streams.iter().flat_map(|(_, bursts)| *bursts).flat_map(|b| [b.begins, b.ends.saturating_sub(length)]);
    let total = |from: Time| -> f64 {
        streams.iter().map(|(rate, bursts)| rate * mean_factor(bursts, from, from + length)).sum()
    };
    let mut best = Time::ZERO;
    for from in ends.map(|from| from.min(last)) {
        if total(from) > total(best) {
            best = from;
        }
    }
    (best, best + length)
}
