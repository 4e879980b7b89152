//! Bursts: whose sessions, when, and what they make of the busiest hour.

use super::Origin;
use super::clock::{self, Window};
use super::settings::Ledger;
use super::spell::{DAY, HOUR, spell};
use crate::scenario::background::Span;
use crate::scenario::burst::{Burst, mean_factor};
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, File};
use crate::scenario::source::Source;
use crate::units::Time;
use toml::Spanned;

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
    let what = format!("burst `{}`", name.get_ref());
    let (begins, ends) = spell(source, &what, &written.at, &written.lasts, window)?;
    Ok(Burst { begins, ends, factor })
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

/// The busiest hour of all streams together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Busiest {
    /// The hour of the week.
    pub(super) hour: usize,
    /// From when to when: in the day of a window with a clock, else in the window, of which it is at most the whole.
    pub(super) from: Time,
    pub(super) to: Time,
}

/// The busiest hour, and the rates of streams with these rates by hour of the week and these bursts. Of hours in which
/// equal numbers of sessions come, that with most of the background loads counts.
pub(super) fn rates(window: Window, weeks: &[&[f64]], bursts: &[Vec<Burst>], loads: &[Span]) -> (Busiest, Vec<Rates>) {
    let Window::PeakHour(length) = window else {
        let surging: Vec<Vec<f64>> = weeks.iter().zip(bursts).map(|(week, bursts)| with_daily(week, bursts)).collect();
        let busiest = clock::busiest(surging.iter().map(Vec::as_slice));
        let of = |((week, surging), bursts): ((&&[f64], &Vec<f64>), &Vec<Burst>)| {
            let (rate_per_s, surging) = window.rates(surging, busiest);
            let hours_per_s = window.rates(week, busiest).1;
            let mean_per_s = surging.iter().sum::<f64>() / surging.len() as f64;
            Rates { rate_per_s, mean_per_s, hours_per_s, bursts: on_every_day(bursts, window) }
        };
        let from = HOUR * (busiest as u64 % 24);
        let hour = Busiest { hour: busiest, from, to: from + HOUR };
        return (hour, weeks.iter().zip(&surging).zip(bursts).map(of).collect());
    };
    let peak = clock::busiest(weeks.iter().copied());
    let streams: Vec<_> = weeks.iter().zip(bursts).map(|(week, bursts)| (week[peak], &bursts[..])).collect();
    let (from, to) = busiest(&streams, loads, length);
    let of = |(week, bursts): (&&[f64], &Vec<Burst>)| Rates {
        rate_per_s: week[peak] * mean_factor(bursts, from, to),
        mean_per_s: week[peak] * mean_factor(bursts, Time::ZERO, length),
        hours_per_s: vec![week[peak]],
        bursts: bursts.clone(),
    };
    (Busiest { hour: peak, from, to }, weeks.iter().zip(bursts).map(of).collect())
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
/// ends with a burst or a background load.
fn busiest(streams: &[(f64, &[Burst])], loads: &[Span], window: Time) -> (Time, Time) {
    let length = HOUR.min(window);
    let last = window - length;
    let bursts = streams.iter().flat_map(|(_, bursts)| *bursts).map(|burst| (burst.begins, burst.ends));
    let spells = bursts.chain(loads.iter().map(|span| (span.begins, span.ends)));
    let candidates = spells.flat_map(|(begins, ends)| [begins, ends.saturating_sub(length)]);
    let rank = |from: Time| -> (f64, f64) {
        let sessions = streams.iter().map(|(rate, bursts)| rate * mean_factor(bursts, from, from + length)).sum();
        (sessions, loads.iter().map(|span| span.share_of(from, from + length)).sum())
    };
    let mut best = (Time::ZERO, rank(Time::ZERO));
    for from in candidates.map(|from| from.min(last)) {
        let rank = rank(from);
        if rank > best.1 {
            best = (from, rank);
        }
    }
    (best.0, best.0 + length)
}
