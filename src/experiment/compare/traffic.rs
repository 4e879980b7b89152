//! Whether two scenarios are met by the same people, and what of them can be compared.

use crate::analytic::settling;
use crate::scenario::error::list;
use crate::scenario::{Scenario, Stream};
use crate::units::Time;

/// What several scenarios have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    /// The services to which sessions come in each of them, in the order of their names.
    pub services: Vec<Compared>,
    /// The longest of their warm-ups: windows that began at different times would see different sessions.
    pub warm_up: Time,
    /// For each scenario, what is different about its people from those of the first; nothing where the same ones come.
    pub differs: Vec<Vec<String>>,
    /// Services and levels that some scenario does not have, or has in another sense.
    pub left_out: Vec<String>,
}

/// A service that is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Its name.
    pub name: String,
    /// Names of its levels that are about the same thing under the same limit everywhere.
    pub levels: Vec<String>,
}

/// Why there is nothing to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// Windows of another length than that of the first one: a replication would be worth more in one than in the other.
    Window {
        /// Which scenario.
        index: usize,
        /// The length there.
        there: Time,
        /// The length in the first one.
        first: Time,
    },
    /// There is no service to which sessions come in all of them.
    NoService,
}

/// Compares what scenarios say about people.
///
/// # Errors
/// When windows differ, or no service is in all of them.
pub fn common(scenarios: &[&Scenario]) -> Result<Common, Mismatch> {
    let (first, others) = scenarios.split_first().ok_or(Mismatch::NoService)?;
    for (index, other) in others.iter().enumerate() {
        if other.window != first.window {
            return Err(Mismatch::Window { index: index + 1, there: other.window, first: first.window });
        }
    }
    let mut left_out = Vec::new();
    let names = scenarios.iter().flat_map(|scenario| visited(scenario)).collect::<std::collections::BTreeSet<&str>>();
    let mut services = Vec::new();
    for name in names {
        if !scenarios.iter().all(|scenario| visited(scenario).any(|other| other == name)) {
            left_out.push(format!("the service `{name}`"));
            continue;
        }
        services.push(Compared { name: name.to_owned(), levels: levels(scenarios, name, &mut left_out) });
    }
    if services.is_empty() {
        return Err(Mismatch::NoService);
    }
    Ok(Common {
        services,
        warm_up: scenarios.iter().map(|scenario| settling(scenario).warm_up).max().unwrap_or(Time::ZERO),
        differs: scenarios.iter().map(|scenario| differences(first, scenario)).collect(),
        left_out,
    })
}

/// Names of the services to which sessions come from outside.
fn visited(scenario: &Scenario) -> impl Iterator<Item = &str> {
    scenario.streams.iter().map(|stream| scenario.services[stream.service].name.as_str())
}

/// Names of the levels of a service that mean the same everywhere; the others are left out.
fn levels(scenarios: &[&Scenario], service: &str, left_out: &mut Vec<String>) -> Vec<String> {
    let meant = |scenario: &Scenario, name: &str| {
        let level = scenario.levels.iter().find(|level| level.name == name)?;
        let operation = level.operation.map(|operation| scenario.operations[operation].name.clone());
        (scenario.services[level.service].name == service).then_some((operation, level.under))
    };
    let all = scenarios.iter().flat_map(|scenario| scenario.levels.iter().map(|level| level.name.as_str()));
    let mut kept = Vec::new();
    for name in all.collect::<std::collections::BTreeSet<&str>>() {
        let meanings: Vec<_> = scenarios.iter().map(|scenario| meant(scenario, name)).collect();
        match meanings.as_slice() {
            [first, others @ ..] if first.is_some() && others.iter().all(|other| other == first) => {
                kept.push(name.to_owned());
            }
            _ if meanings.iter().any(Option::is_some) => left_out.push(format!("the level `{name}` of `{service}`")),
            _ => {}
        }
    }
    kept
}

/// What differs about the people of a scenario from those of another, in words.
fn differences(first: &Scenario, other: &Scenario) -> Vec<String> {
    let mut differs = Vec::new();
    if first.seed != other.seed {
        differs.push(format!("the seed, {} and not {}", other.seed, first.seed));
    }
    let names = |scenario: &Scenario| scenario.streams.iter().map(|stream| stream.name.clone()).collect::<Vec<_>>();
    let (ours, theirs) = (names(first), names(other));
    for (what, here, there) in [("are only in the first", &ours, &theirs), ("are new", &theirs, &ours)] {
        let only: Vec<&str> = here.iter().filter(|name| !there.contains(name)).map(String::as_str).collect();
        if !only.is_empty() {
            differs.push(format!("streams of sessions: {} {what}", list(only)));
        }
    }
    let both = first.streams.iter().filter_map(|stream| {
        let twin = other.streams.iter().find(|twin| twin.name == stream.name)?;
        Some((stream, twin))
    });
    let (mut rates, mut contents) = (Vec::new(), Vec::new());
    for (stream, twin) in both {
        let source = |scenario: &Scenario, stream: &Stream| stream.source.map(|source| scenario.sources[source]);
        let same_rate = (&stream.hours_per_s, &stream.bursts) == (&twin.hours_per_s, &twin.bursts)
            && stream.trace == twin.trace
            && source(first, stream) == source(other, twin);
        if !same_rate {
            rates.push(stream.name.as_str());
        }
        let mail = |stream: &Stream| {
            (stream.messages.clone(), stream.size.clone(), stream.recipients.clone(), stream.remote, stream.domains)
        };
        if mail(stream) != mail(twin) {
            contents.push(stream.name.as_str());
        }
    }
    if !rates.is_empty() {
        differs.push(format!("how often the sessions of {} come", list(rates)));
    }
    if !contents.is_empty() {
        differs.push(format!("the mail in the sessions of {}", list(contents)));
    }
    if first.groups != other.groups {
        differs.push("the client groups".to_owned());
    }
    if (&first.senders, &first.exchange) != (&other.senders, &other.exchange) {
        differs.push("the servers that send mail".to_owned());
    }
    differs
}
