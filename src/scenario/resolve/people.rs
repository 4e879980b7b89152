//! Populations with their profiles, bare arrivals, client groups: who comes, how often, and for what.

use super::Origin;
use super::clock::{self, Window};
use super::filters::{Filter, among, filters, spam_size};
use super::footprint::footprint;
use super::groups::groups;
use super::limits::limits;
use super::operation::{completed, note_operation};
use super::settings::Ledger;
use crate::random::Law;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Arrivals, File};
use crate::scenario::profile;
use crate::scenario::source::Source;
use crate::scenario::{ClientGroup, Footprint, Gate, Limits, Operation, Product, Service, Stream};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// Users up to which a population is a finite source unless the scenario says otherwise: the white paper's smallest rows
/// are for 6 to 50 people.
const OFFICE: u64 = 50;

/// What the populations and bare streams amount to.
pub(super) struct People {
    pub(super) services: Vec<Service>,
    pub(super) operations: Vec<Operation>,
    pub(super) streams: Vec<Stream>,
    pub(super) sources: Vec<u64>,
    pub(super) groups: Vec<ClientGroup>,
    pub(super) domains: u64,
}

/// What sessions do, while services and operations are still names.
#[derive(Default)]
struct Book {
    /// Operations by (service, operation, profile), in the order of these names.
    operations: BTreeMap<(String, String, String), Operation>,
    /// What sessions from outside have to pass, and whether there are such sessions.
    filters: Vec<Filter>,
    outside: bool,
    /// Finite sources.
    sources: Vec<u64>,
    /// The services of the profiles; the first profile that has one counts.
    habits: BTreeMap<String, (file::Service, Origin)>,
}

/// A stream whose service and operations are still names.
#[derive(Clone)]
struct Sketch {
    name: String,
    profile: String,
    service: String,
    source: Option<usize>,
    operations: Vec<(String, Option<Gate>)>,
    /// Sessions per second in each hour of the week.
    week_per_s: Vec<f64>,
    messages: Law,
    size: Law,
    recipients: Law,
    remote: f64,
}

pub(super) fn resolve(
    source: &Source,
    file: &File,
    beside: &Path,
    window: Window,
    product: &Product,
    ledger: &mut Ledger,
) -> Result<People, ScenarioError> {
    if file.population.is_empty() && file.arrivals.is_empty() {
        let message = "nobody uses this cluster; write a `[population.NAME]`, or a bare stream `[arrivals.NAME]`";
        return Err(source.error_in_file(message));
    }
    let filters = filters(source, file, ledger)?;
    let mut book = Book { filters, ..Book::default() };
    let mut sketches = Vec::new();
    let mut domains = 0;
    for (name, population) in &file.population {
        domains +=
            self::population(source, file, beside, name.get_ref(), population, &mut book, &mut sketches, ledger)?;
    }
    for (name, arrivals) in &file.arrivals {
        sketches.push(bare(source, file, name.get_ref(), arrivals, &mut book, ledger)?);
    }
    if let Some(filter) = file.filter.keys().next().filter(|_| !book.outside) {
        let message = "no session comes from outside, so there is nothing to filter; leave the filters out, or write \
                       `from_outside = true` in a session of the profile";
        return Err(source.error(filter.span(), message));
    }
    for (service, table) in &file.service {
        let used = |operation: Option<&str>| {
            book.operations.keys().any(|(s, o, _)| s == service.get_ref() && operation.is_none_or(|name| name == o))
        };
        if !used(None) {
            let known: Vec<String> = book.operations.keys().map(|(s, _, _)| s.clone()).collect();
            let message = unknown("session of a service", service.get_ref(), known.iter().map(String::as_str));
            return Err(source.error(service.span(), message));
        }
        if let Some(operation) = table.operation.keys().find(|o| !used(Some(o.get_ref()))) {
            let known: Vec<&str> =
                book.operations.keys().filter(|(s, _, _)| s == service.get_ref()).map(|(_, o, _)| o.as_str()).collect();
            let message = unknown("session with an operation", operation.get_ref(), known);
            return Err(source.error(operation.span(), message));
        }
    }
    let groups = groups(source, &file.client_group, ledger)?;
    let habits = std::mem::take(&mut book.habits);
    let sources = std::mem::take(&mut book.sources);
    let mut people = assemble(book, sketches, window, groups, domains);
    people.sources = sources;
    for service in &mut people.services {
        let own = profile::find(&file.service, &service.name);
        service.limits = limits(source, &service.name, own, habits.get(&service.name), ledger)?;
        service.footprint = footprint(source, &service.name, own, habits.get(&service.name), product, ledger)?;
    }
    Ok(people)
}

/// Turns names into indices.
fn assemble(book: Book, sketches: Vec<Sketch>, window: Window, groups: Vec<ClientGroup>, domains: u64) -> People {
    let mut services: Vec<Service> = Vec::new();
    let mut operations: Vec<Operation> = Vec::new();
    let keys: Vec<_> = book.operations.keys().cloned().collect();
    for ((service, name, profile), operation) in book.operations {
        if services.last().is_none_or(|last| last.name != service) {
            let (limits, footprint) = (Limits::default(), Footprint::default());
            services.push(Service { name: service.clone(), limits, footprint, operations: Vec::new() });
        }
        let index = services.len() - 1;
        services[index].operations.push(operations.len());
        let twins = keys.iter().filter(|(s, o, _)| *s == service && *o == name).count();
        let name = if twins > 1 { format!("{name}@{profile}") } else { name };
        operations.push(Operation { name, service: index, ..operation });
    }
    let find = |service: &str, name: &str, profile: &str| {
        keys.iter()
            .position(|(s, o, p)| s == service && o == name && p == profile)
            .expect("every operation of a sketch was entered in the book")
    };
    let busiest = clock::busiest(sketches.iter().map(|sketch| &sketch.week_per_s));
    let streams = sketches.into_iter().map(|s| {
        let (rate_per_s, hours_per_s) = window.rates(&s.week_per_s, busiest);
        Stream {
            operations: s.operations.iter().map(|(o, _)| find(&s.service, o, &s.profile)).collect(),
            gates: s.operations.iter().map(|(_, gate)| *gate).collect(),
            service: services.iter().position(|service| service.name == s.service).expect("its operations exist"),
            name: s.name,
            source: s.source,
            per_day: s.week_per_s.iter().sum::<f64>() * 3_600.0 / 7.0,
            rate_per_s,
            hours_per_s,
            messages: s.messages,
            size: s.size,
            recipients: s.recipients,
            remote: s.remote,
        }
    });
    let streams = streams.collect();
    People { services, operations, streams, sources: Vec::new(), groups, domains }
}

/// Resolves one population into streams; returns its domains.
#[expect(clippy::too_many_arguments, reason = "the parts of one resolver, passed on as they are")]
fn population(
    source: &Source,
    file: &File,
    beside: &Path,
    name: &str,
    population: &file::Population,
    book: &mut Book,
    sketches: &mut Vec<Sketch>,
    ledger: &mut Ledger,
) -> Result<u64, ScenarioError> {
    let key = |leaf: &str| format!("population.{name}.{leaf}");
    let users = *population.users.get_ref();
    if users == 0 || users > 1_000_000_000 {
        let message = format!("`users` is `{users}`; it must be between 1 and a billion");
        return Err(source.error(population.users.span(), message));
    }
    ledger.note(&key("users"), users.to_string(), Origin::File);
    let domains = population.domains.as_ref().map(|domains| *domains.get_ref());
    let domains = ledger.take(&key("domains"), domains.as_ref(), 1, u64::to_string);
    if domains == 0 || domains > 10_000_000 {
        let span = population.domains.as_ref().map_or(0..0, toml::Spanned::span);
        return Err(source.error(span, format!("`domains` is `{domains}`; it must be between 1 and ten million")));
    }
    // A small office notices when its people are busy; a city does not.
    let finite = ledger.take(&key("finite"), population.finite.as_ref(), users <= OFFICE, bool::to_string);
    let people = finite.then(|| {
        book.sources.push(users);
        book.sources.len() - 1
    });
    let spam = population.spam.as_ref().map(|spam| spam.get_ref().0);
    let spam = ledger.take(&key("spam"), spam.as_ref(), 0.0, f64::to_string);
    if spam > 0.999 {
        let span = population.spam.as_ref().map_or(0..0, toml::Spanned::span);
        return Err(source.error(span, "`spam` leaves no wanted mail; it is at most 99.9 %"));
    }
    let written = &population.profile;
    ledger.note(&key("profile"), written.get_ref().clone(), Origin::File);
    let complain = |message: String| source.error(written.span(), message);
    let (habits, profile) = profile::read(written.get_ref(), beside, complain)?;
    if *profile.format.get_ref() != super::FORMAT {
        let message =
            format!("`format` is `{}`; this program reads format {}", profile.format.get_ref(), super::FORMAT);
        return Err(habits.error(profile.format.span(), message));
    }
    let origin = Origin::Profile(profile.name.clone());
    clock::check(&habits, &profile)?;
    let shares: Vec<String> = profile.day.get_ref().iter().map(|share| share.0.to_string()).collect();
    ledger.note(&key("day"), shares.join(", "), origin.clone());
    let days = profile.week.as_ref().map_or("1".to_owned(), |week| format!("{:?}", week.get_ref()));
    ledger.note(&key("week"), days, if profile.week.is_some() { origin.clone() } else { Origin::Default });
    ledger.note(&key("size"), print_law(&profile.size.law), origin.clone());
    ledger.note(&key("recipients"), print_law(&profile.recipients.law), origin.clone());
    if profile.recipients.law.quantile(0.0) < 1.0 {
        return Err(habits.error_in_file("`recipients` may be below 1; a message has at least one recipient"));
    }
    for (kind, session) in &profile.session {
        let service = session.service.get_ref();
        let Some((_, table)) = profile::find(&profile.service, service) else {
            let known = profile.service.keys().map(|name| name.get_ref().as_str());
            return Err(habits.error(session.service.span(), unknown("service", service, known)));
        };
        let per_day = session.per_user_per_day;
        if !(per_day.is_finite() && per_day > 0.0) {
            let message = format!("`per_user_per_day` is `{per_day}`; it must be above zero");
            return Err(habits.error(kind.span(), message));
        }
        book.habits.entry(service.clone()).or_insert_with(|| (table.clone(), origin.clone()));
        let mut own = Vec::new();
        for name in &session.operations {
            let Some((_, operation)) = profile::find(&table.operation, name.get_ref()) else {
                let known = table.operation.keys().map(|name| name.get_ref().as_str());
                return Err(habits.error(name.span(), unknown("operation", name.get_ref(), known)));
            };
            let over =
                profile::find(&file.service, service).and_then(|(_, s)| profile::find(&s.operation, name.get_ref()));
            let (span, whose) = over.map_or((name.span(), &habits), |(over, _)| (over.span(), source));
            let merged = over.map_or_else(|| operation.clone(), |(_, over)| profile::merged(operation, over));
            let resolved = completed(whose, span, &merged)?;
            let key = format!("service.{service}.operation.{}", name.get_ref());
            note_operation(ledger, &key, over.map(|(_, over)| over), Some(operation), &origin, &resolved);
            own.push((name.get_ref().clone(), resolved.clone()));
            book.operations.insert((service.clone(), name.get_ref().clone(), profile.name.clone()), resolved);
        }
        let key = |leaf: &str| format!("population.{name}.session.{}.{leaf}", kind.get_ref());
        let messages = session.messages.as_ref().map_or(Law::ZERO, |messages| messages.law.clone());
        let remote = session.remote.map_or(0.0, |share| share.0);
        ledger.note(&key("per_user_per_day"), per_day.to_string(), origin.clone());
        ledger.note(&key("messages"), print_law(&messages), origin.clone());
        ledger.note(&key("remote"), remote.to_string(), origin.clone());
        let names: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
        ledger.note(&key("operations"), names.join(", "), origin.clone());
        let wanted = Sketch {
            name: format!("{name}/{}", kind.get_ref()),
            profile: profile.name.clone(),
            service: service.clone(),
            source: people.filter(|_| session.from_outside != Some(true)),
            operations: own.iter().map(|(name, _)| (name.clone(), None)).collect(),
            week_per_s: clock::weekly(&profile, users as f64 * per_day),
            messages,
            size: profile.size.law.clone(),
            recipients: profile.recipients.law.clone(),
            remote,
        };
        if session.from_outside != Some(true) {
            sketches.push(wanted);
            continue;
        }
        book.outside = true;
        for filter in &book.filters {
            let key = (service.clone(), filter.name.clone(), profile.name.clone());
            if book.operations.insert(key, filter.operation.clone()).is_some_and(|known| known != filter.operation) {
                let message =
                    format!("filter `{}` has the name of an operation of `{service}`; call it otherwise", filter.name);
                return Err(source.error_in_file(message));
            }
        }
        let chain = |spam: bool| among(&book.filters, &own, spam).map_err(|message| habits.error(kind.span(), message));
        if spam > 0.0 {
            sketches.push(Sketch {
                name: format!("{name}/{}-spam", kind.get_ref()),
                operations: chain(true)?,
                week_per_s: wanted.week_per_s.iter().map(|rate| rate * spam / (1.0 - spam)).collect(),
                size: spam_size(&wanted.size),
                ..wanted.clone()
            });
        }
        let operations = if book.filters.is_empty() { wanted.operations.clone() } else { chain(false)? };
        sketches.push(Sketch { operations, ..wanted });
    }
    if let Some(written) = population.spam.as_ref().filter(|_| !book.outside) {
        let message = "no session of the profile comes from outside, so there is no spam; leave `spam` out";
        return Err(source.error(written.span(), message));
    }
    Ok(domains)
}

/// Resolves a bare stream.
fn bare(
    source: &Source,
    file: &File,
    name: &str,
    arrivals: &Arrivals,
    book: &mut Book,
    ledger: &mut Ledger,
) -> Result<Sketch, ScenarioError> {
    let service = arrivals.service.get_ref();
    let Some((_, table)) = profile::find(&file.service, service) else {
        let known = file.service.keys().map(|name| name.get_ref().as_str());
        return Err(source.error(arrivals.service.span(), unknown("service", service, known)));
    };
    let key = |leaf: &str| format!("arrivals.{name}.{leaf}");
    if arrivals.rate.0 <= 0.0 {
        return Err(source.error(arrivals.service.span(), format!("`rate` of `{name}` is zero; leave the stream out")));
    }
    ledger.note(&key("service"), service.clone(), Origin::File);
    ledger.note(&key("rate"), format!("{} /s", arrivals.rate.0), Origin::File);
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
    let mut operations = Vec::new();
    for (operation, span) in names {
        let Some((_, written)) = profile::find(&table.operation, operation) else {
            let known = table.operation.keys().map(|name| name.get_ref().as_str());
            return Err(source.error(span, unknown("operation", operation, known)));
        };
        let resolved = completed(source, span, written)?;
        let key = format!("service.{service}.operation.{operation}");
        note_operation(ledger, &key, Some(written), None, &Origin::Default, &resolved);
        book.operations.insert((service.clone(), operation.to_owned(), String::new()), resolved);
        operations.push((operation.to_owned(), None));
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
    let source = ledger.take(&key("sources"), written.map(Some).as_ref(), None, print);
    let source = source.map(|people| {
        book.sources.push(people);
        book.sources.len() - 1
    });
    Ok(Sketch {
        name: name.to_owned(),
        profile: String::new(),
        service: service.clone(),
        source,
        operations,
        week_per_s: clock::constant(arrivals.rate.0),
        messages,
        size,
        recipients,
        remote,
    })
}

/// A law for the record of a run: unambiguous, in base units.
pub(super) fn print_law(law: &Law) -> String {
    law.to_string()
}
