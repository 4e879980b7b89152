//! Bare streams of sessions, without people.

use super::Origin;
use super::book::{Book, Habits};
use super::carried::carries;
use super::clock::{self, Window};
use super::operation::print_law;
use super::settings::Ledger;
use super::sketch::Sketch;
use super::standing::stay;
use super::trace::{self, Course};
use crate::random::Law;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{Arrivals, File};
use crate::scenario::profile;
use crate::scenario::source::Source;
use crate::scenario::{Gate, Whose};
use crate::units::Time;
use std::ops::Range;
use std::path::Path;

/// Resolves a bare stream.
pub(super) fn bare(
    source: &Source,
    (file, beside): (&File, &Path),
    name: &str,
    (arrivals, time): (&Arrivals, (Window, Option<Time>)),
    book: &mut Book,
    ledger: &mut Ledger,
) -> Result<Vec<Sketch>, ScenarioError> {
    let service = arrivals.service.get_ref();
    let Some((_, table)) = profile::find(&file.service, service) else {
        let known = file.service.keys().map(|name| name.get_ref().as_str());
        return Err(source.error(arrivals.service.span(), unknown("service", service, known)));
    };
    let key = |leaf: &str| format!("arrivals.{name}.{leaf}");
    ledger.note(&key("service"), service.clone(), Origin::File);
    let (week_per_s, course) = rates(source, beside, name, (arrivals, time), ledger)?;
    let names: Vec<(&str, Range<usize>)> = match &arrivals.operations {
        Some(names) => names.iter().map(|name| (name.get_ref().as_str(), name.span())).collect(),
        None if table.operation.len() == 1 => {
            table.operation.keys().map(|name| (name.get_ref().as_str(), name.span())).collect()
        }
        None => {
            let message = format!(
                "service `{service}` has {} operations; list those of a session in order in `operations`",
                table.operation.len()
            );
            return Err(source.error(arrivals.service.span(), message));
        }
    };
    if names.is_empty() {
        let message = format!("the sessions of `{name}` do nothing; name at least one of the service's `operations`");
        return Err(source.error(arrivals.service.span(), message));
    }
    let habits = Habits { scenario: source, over: &file.service, profile: None };
    let handshakes = habits.handshakes(service, book, ledger)?;
    let mut operations: Vec<(String, Option<Gate>)> = handshakes.into_iter().map(|(name, _)| (name, None)).collect();
    let mut own = Vec::new();
    for (operation, span) in names {
        let resolved = habits.enter(service, operation, &span, book, ledger)?;
        operations.push((operation.to_owned(), None));
        own.push((operation.to_owned(), resolved));
    }
    let names: Vec<&str> = operations.iter().map(|(name, _)| name.as_str()).collect();
    ledger.note(&key("operations"), names.join(", "), Origin::File);
    let mut law = |leaf: &str, written: Option<&Law>, default: f64| {
        ledger.take(&key(leaf), written, Law::constant(default).expect("defaults are in range"), print_law)
    };
    let messages = law("messages", arrivals.messages.as_ref().map(|written| &written.law), 1.0);
    let size = law("size", arrivals.size.as_ref().map(|written| &written.law), 0.0);
    let recipients = law("recipients", arrivals.recipients.as_ref().map(|written| &written.law), 1.0);
    let remote = arrivals.remote.map(|share| share.0);
    let remote = ledger.take(&key("remote"), remote.as_ref(), 0.0, f64::to_string);
    let mail = carries(&own, remote, false).map_err(|message| source.error(arrivals.service.span(), message))?;
    let outside = arrivals.from_outside.as_ref().is_some_and(|outside| *outside.get_ref());
    if let Some(written) = arrivals.from_outside.as_ref().filter(|outside| *outside.get_ref() && !mail) {
        let message = format!(
            "the sessions of `{name}` carry no mail, so it matters little where they come from; write `delivers = true` in the \
             operation that delivers it, or leave `from_outside` out"
        );
        return Err(source.error(written.span(), message));
    }
    if outside {
        ledger.note(&key("from_outside"), "true".to_owned(), Origin::File);
    }
    if recipients.quantile(0.0) < 1.0 {
        let message = format!("`recipients` of `{name}` may be below 1; a message has at least one recipient");
        return Err(source.error(arrivals.service.span(), message));
    }
    if let Some(written) = arrivals.sources.as_ref().filter(|sources| !(1..=1_000_000_000).contains(sources.get_ref()))
    {
        let message = format!("`sources` is `{}`; it must be between 1 and a billion", written.get_ref());
        return Err(source.error(written.span(), message));
    }
    let written = arrivals.sources.as_ref().map(|sources| *sources.get_ref());
    let print = |sources: &Option<u64>| sources.map_or("unlimited".to_owned(), |sources| sources.to_string());
    let people = ledger.take(&key("sources"), written.map(Some).as_ref(), None, print);
    let people = people.map(|people| {
        book.sources.push(people);
        book.sources.len() - 1
    });
    let stays = (arrivals.stays.as_ref(), arrivals.visit.as_ref(), arrivals.reconnect.as_ref());
    let label = format!("arrivals.{name}");
    let stay = stay(source, stays, &week_per_s, (&label, &Origin::File), ledger)?;
    let sketch = Sketch {
        name: name.to_owned(),
        profile: String::new(),
        service: service.clone(),
        domains: None,
        source: people,
        course,
        operations,
        week_per_s,
        messages,
        whose: mail.then_some(if outside { Whose::Server } else { Whose::Person }),
        mailboxes: None,
        pool: None,
        size,
        recipients,
        remote,
        stay,
        on_open_connections: false,
    };
    let visits = habits.visits(&sketch, arrivals.visit.as_ref(), (&label, &Origin::File), book, ledger)?;
    Ok([sketch].into_iter().chain(visits).collect())
}

/// How many sessions come in each hour of the week, and when exactly, where a trace says so.
fn rates(
    source: &Source,
    beside: &Path,
    name: &str,
    (arrivals, (window, warm_up)): (&Arrivals, (Window, Option<Time>)),
    ledger: &mut Ledger,
) -> Result<(Vec<f64>, Option<Course>), ScenarioError> {
    let complain = |message: String| source.error(arrivals.service.span(), message);
    let key = |leaf: &str| format!("arrivals.{name}.{leaf}");
    match (arrivals.rate, &arrivals.trace) {
        (Some(rate), None) if rate.0 <= 0.0 => {
            Err(complain(format!("`rate` of `{name}` is zero; leave the stream out")))
        }
        (Some(rate), None) => {
            ledger.note(&key("rate"), format!("{} /s", rate.0), Origin::File);
            Ok((clock::constant(rate.0), None))
        }
        (None, Some(file)) => {
            if let Some(sources) = &arrivals.sources {
                let message = "a trace says when each session comes, whoever waits; leave `sources` out";
                return Err(source.error(sources.span(), message));
            }
            let (course, value) = trace::course(source, file, (beside, arrivals.service.get_ref()), (window, warm_up))?;
            ledger.note(&key("trace"), value, Origin::File);
            Ok((course.week_per_s(window), Some(course)))
        }
        (Some(_), Some(file)) => {
            Err(source.error(file.span(), "`rate` and `trace` both say when sessions come; leave one out"))
        }
        (None, None) => Err(complain(format!(
            "`{name}` does not say when its sessions come; write `rate = \"5 /s\"`, or a `trace`"
        ))),
    }
}
