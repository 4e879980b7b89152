//! Populations with their profiles, bare arrivals, client groups: who comes, how often, and for what.

use super::Origin;
use super::bursts::{self, Rates};
use super::calls::{Call, calls, check_called};
use super::clock::{self, Window};
use super::filters::{Filter, among, filters, spam_size};
use super::footprint::footprint;
use super::groups::groups;
use super::limits::limits;
use super::mailboxes::{note_found, opened, pools};
use super::operation::{completed, note_operation};
use super::settings::Ledger;
use super::standing::{Stay, stay};
use super::tls;
use crate::random::Law;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Arrivals, File, Named, Profile};
use crate::scenario::mailboxes::close_loop;
use crate::scenario::profile;
use crate::scenario::source::Source;
use crate::scenario::{
    Burst, ClientGroup, Domains, Footprint, Gate, Limits, Mailboxes, Operation, Product, Service, Stream,
};
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
    pub(super) mailboxes: Vec<Mailboxes>,
    pub(super) groups: Vec<ClientGroup>,
    pub(super) domains: u64,
}

/// What sessions do, while services and operations are still names.
#[derive(Default)]
struct Book {
    /// Operations by (service, operation, profile), in the order of these names.
    operations: BTreeMap<OperationKey, Operation>,
    /// What some of them call, by service and operation of the same profile.
    calls: BTreeMap<OperationKey, Vec<(String, String)>>,
    /// What sessions from outside have to pass, and whether there are such sessions.
    filters: Vec<Filter>,
    outside: bool,
    /// Finite sources.
    sources: Vec<u64>,
    /// The mailboxes that are opened by pools.
    mailboxes: Vec<Mailboxes>,
    /// The services of the profiles; the first profile that has one counts.
    habits: BTreeMap<String, (file::Service, Origin)>,
}

/// Service, operation, profile.
type OperationKey = (String, String, String);

/// Where the sessions of a stream find their operations: a profile with what the scenario lays over it, or the scenario.
struct Habits<'a> {
    scenario: &'a Source,
    /// The scenario's services.
    over: &'a Named<file::Service>,
    /// The profile's, with its text, its name and how that is noted.
    profile: Option<(&'a Source, &'a Profile, &'a Origin)>,
}

impl Habits<'_> {
    /// The name of the profile, which sets its operations apart from those of others.
    fn name(&self) -> &str {
        self.profile.map_or("", |(_, profile, _)| &profile.name)
    }

    /// Where the services with their operations stand.
    fn text(&self) -> (&Source, &Named<file::Service>) {
        self.profile.map_or((self.scenario, self.over), |(source, profile, _)| (source, &profile.service))
    }

    /// Resolves an operation that was named at `span`, with all that it calls, and enters it in the book.
    fn enter(
        &self,
        service: &str,
        name: &str,
        span: &Range<usize>,
        book: &mut Book,
        ledger: &mut Ledger,
    ) -> Result<Operation, ScenarioError> {
        let text = self.text().0;
        let (merged, resolved) = self.one(service, name, (text, span), book, ledger)?;
        let over = profile::find(self.over, service).and_then(|(_, s)| profile::find(&s.operation, name));
        let own = self.profile.is_none() || over.is_some_and(|(_, over)| over.calls.is_some());
        let whose = if own { self.scenario } else { text };
        let called = calls(whose, service, &merged)?;
        for call in &called {
            let (callee, _) = self.one(&call.service, &call.operation, (whose, &call.span), book, ledger)?;
            check_called(whose, call, &callee)?;
        }
        if !called.is_empty() {
            let key = (service.to_owned(), name.to_owned(), self.name().to_owned());
            let names: Vec<(String, String)> = called.iter().map(Call::names).collect();
            let printed: Vec<String> =
                names.iter().map(|(service, operation)| format!("{service}/{operation}")).collect();
            let profile = self.profile.filter(|_| !own);
            let origin = profile.map_or(Origin::File, |(_, _, origin)| origin.clone());
            ledger.note(&format!("service.{service}.operation.{name}.calls"), printed.join(", "), origin);
            book.calls.insert(key, names);
        }
        Ok(resolved)
    }

    /// The handshakes that sessions of a service begin with.
    fn handshakes(
        &self,
        service: &str,
        book: &mut Book,
        ledger: &mut Ledger,
    ) -> Result<Vec<(String, Operation)>, ScenarioError> {
        let profile =
            self.profile.and_then(|(_, profile, origin)| Some((tls::service(&profile.service, service)?, origin)));
        let written = tls::Written { source: self.scenario, own: tls::service(self.over, service), profile };
        let handshakes = tls::handshakes(service, &written, ledger)?;
        for (name, operation) in &handshakes {
            let key = (service.to_owned(), name.clone(), self.name().to_owned());
            if book.operations.insert(key, operation.clone()).is_some_and(|known| known.part == (0.0, 1.0)) {
                let message =
                    format!("`{name}` is the name of a handshake; call the operation of `{service}` otherwise");
                return Err(self.text().0.error_in_file(message));
            }
        }
        Ok(handshakes)
    }

    /// The same without what it calls: as merged, and as resolved. `whose` is where it was named.
    fn one(
        &self,
        service: &str,
        name: &str,
        (whose, span): (&Source, &Range<usize>),
        book: &mut Book,
        ledger: &mut Ledger,
    ) -> Result<(file::Operation, Operation), ScenarioError> {
        let services = self.text().1;
        let Some((_, table)) = profile::find(services, service) else {
            let known = services.keys().map(|name| name.get_ref().as_str());
            return Err(whose.error(span.clone(), unknown("service", service, known)));
        };
        let Some((_, operation)) = profile::find(&table.operation, name) else {
            let known = table.operation.keys().map(|name| name.get_ref().as_str());
            return Err(whose.error(span.clone(), unknown("operation", name, known)));
        };
        let key = format!("service.{service}.operation.{name}");
        let over = profile::find(self.over, service).and_then(|(_, s)| profile::find(&s.operation, name));
        let (merged, resolved) = match (self.profile, over) {
            (Some((_, _, origin)), Some((at, over))) => {
                let merged = profile::merged(operation, over);
                let resolved = completed(self.scenario, at.span(), &merged)?;
                note_operation(ledger, &key, Some(over), Some(operation), origin, &resolved);
                (merged, resolved)
            }
            (Some((_, _, origin)), None) => {
                let resolved = completed(whose, span.clone(), operation)?;
                note_operation(ledger, &key, None, Some(operation), origin, &resolved);
                (operation.clone(), resolved)
            }
            (None, _) => {
                let resolved = completed(whose, span.clone(), operation)?;
                note_operation(ledger, &key, Some(operation), None, &Origin::Default, &resolved);
                (operation.clone(), resolved)
            }
        };
        let key = (service.to_owned(), name.to_owned(), self.name().to_owned());
        book.operations.insert(key, resolved.clone());
        if let Some((_, profile, origin)) = self.profile {
            let (_, table) = profile::find(&profile.service, service).expect("looked up above");
            book.habits.entry(service.to_owned()).or_insert_with(|| (table.clone(), origin.clone()));
        }
        Ok((merged, resolved))
    }
}

/// A stream whose service and operations are still names.
#[derive(Clone)]
struct Sketch {
    name: String,
    profile: String,
    service: String,
    domains: Option<Domains>,
    source: Option<usize>,
    operations: Vec<(String, Option<Gate>)>,
    /// Sessions per second in each hour of the week.
    week_per_s: Vec<f64>,
    messages: Law,
    mailboxes: Option<usize>,
    pool: Option<usize>,
    size: Law,
    recipients: Law,
    remote: f64,
    /// The connections that its sessions leave open. What happens on those is the next sketch.
    stay: Option<Stay>,
    /// Whether it is about such connections.
    on_open_connections: bool,
}

impl Sketch {
    /// What happens on the connections that this one's sessions leave open.
    fn visits(&self, operations: Vec<String>, messages: Option<Law>) -> Sketch {
        Sketch {
            name: format!("{}/visit", self.name),
            operations: operations.into_iter().map(|name| (name, None)).collect(),
            week_per_s: self.stay.as_ref().map_or_else(Vec::new, Stay::visits),
            // With messages of their own they open no mailbox.
            pool: self.pool.filter(|_| messages.is_none()),
            messages: messages.unwrap_or(Law::ZERO),
            stay: None,
            on_open_connections: true,
            ..self.clone()
        }
    }
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
        let before = sketches.len();
        let own = self::population(source, file, beside, name.get_ref(), population, &mut book, &mut sketches, ledger)?;
        let seen = super::domains::domains(source, file, (name.get_ref(), population), (domains, own), ledger)?;
        sketches[before..].iter_mut().for_each(|sketch| sketch.domains = Some(seen));
        domains += own;
    }
    for (name, arrivals) in &file.arrivals {
        sketches.extend(bare(source, file, name.get_ref(), arrivals, &mut book, ledger)?);
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
    // What happens on open connections follows from their number, and has no bursts of its own.
    let bursting = |sketch: &Sketch| if sketch.on_open_connections { String::new() } else { sketch.name.clone() };
    let names: Vec<String> = sketches.iter().map(bursting).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let bursts = bursts::bursts(source, file, window, &names, ledger)?;
    let users = file.population.values().map(|population| *population.users.get_ref()).sum();
    let groups = groups(source, &file.client_group, users, ledger)?;
    let habits = std::mem::take(&mut book.habits);
    let sources = std::mem::take(&mut book.sources);
    let mailboxes = std::mem::take(&mut book.mailboxes);
    let mut people = assemble(book, sketches, window, &bursts, groups, domains);
    people.sources = sources;
    people.mailboxes = mailboxes;
    close_loop(&mut people.streams, &people.operations, &people.mailboxes);
    note_found(&people.streams, ledger);
    let streams = &people.streams;
    for (index, service) in people.services.iter_mut().enumerate() {
        let opens = streams.iter().any(|stream| stream.service == index && stream.pool.is_some());
        let own = profile::find(&file.service, &service.name);
        service.limits = limits(source, &service.name, own, habits.get(&service.name), opens, ledger)?;
        service.footprint = footprint(source, &service.name, own, habits.get(&service.name), product, ledger)?;
    }
    Ok(people)
}

/// Turns names into indices.
fn assemble(
    book: Book,
    sketches: Vec<Sketch>,
    window: Window,
    bursts: &[Vec<Burst>],
    groups: Vec<ClientGroup>,
    domains: u64,
) -> People {
    let mut services: Vec<Service> = Vec::new();
    let mut operations: Vec<Operation> = Vec::new();
    let keys: Vec<_> = book.operations.keys().cloned().collect();
    let find = |service: &str, name: &str, profile: &str| {
        keys.iter()
            .position(|(s, o, p)| s == service && o == name && p == profile)
            .expect("every operation of a sketch was entered in the book")
    };
    for ((service, name, profile), operation) in book.operations {
        if services.last().is_none_or(|last| last.name != service) {
            let (limits, footprint) = (Limits::default(), Footprint::default());
            services.push(Service { name: service.clone(), limits, footprint, operations: Vec::new() });
        }
        let index = services.len() - 1;
        services[index].operations.push(operations.len());
        let own = (service.clone(), name.clone(), profile.clone());
        let called = book.calls.get(&own).into_iter().flatten();
        let calls = called.map(|(service, name)| find(service, name, &profile)).collect();
        let twins = keys.iter().filter(|(s, o, _)| *s == service && *o == name).count();
        let name = if twins > 1 { format!("{name}@{profile}") } else { name };
        operations.push(Operation { name, service: index, calls, ..operation });
    }
    let weeks: Vec<&[f64]> = sketches.iter().map(|sketch| &sketch.week_per_s[..]).collect();
    let (busiest, rates) = bursts::rates(window, &weeks, bursts);
    let streams = sketches.into_iter().zip(rates).enumerate().map(|(index, (s, rates))| {
        let Rates { rate_per_s, mean_per_s, hours_per_s, bursts } = rates;
        let standing = s.stay.map(|stay| {
            let visits = stay.visits_per_s.map(|_| index + 1);
            stay.in_window(window, busiest, hours_per_s[0], visits)
        });
        Stream {
            standing,
            on_open_connections: s.on_open_connections,
            operations: s
                .operations
                .iter()
                .map(|(name, _)| {
                    let (service, name) = name.split_once('/').unwrap_or((&s.service, name));
                    find(service, name, &s.profile)
                })
                .collect(),
            gates: s.operations.iter().map(|(_, gate)| *gate).collect(),
            service: services.iter().position(|service| service.name == s.service).expect("its operations exist"),
            name: s.name,
            domains: s.domains,
            source: s.source,
            per_day: s.week_per_s.iter().sum::<f64>() * 3_600.0 / 7.0,
            rate_per_s,
            mean_per_s,
            bursts,
            hours_per_s,
            messages: s.messages,
            mailboxes: s.mailboxes,
            pool: s.pool,
            size: s.size,
            recipients: s.recipients,
            remote: s.remote,
        }
    });
    let streams = streams.collect();
    People { services, operations, streams, sources: Vec::new(), mailboxes: Vec::new(), groups, domains }
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
    let size = offered_size(source, &key("max_message_size"), population, &profile.size.law, ledger)?;
    ledger.note(&key("recipients"), print_law(&profile.recipients.law), origin.clone());
    if profile.recipients.law.quantile(0.0) < 1.0 {
        return Err(habits.error_in_file("`recipients` may be below 1; a message has at least one recipient"));
    }
    let whole = Habits { scenario: source, over: &file.service, profile: Some((&habits, &profile, &origin)) };
    let mailboxes = pools(&habits, &profile, name, users, &origin, ledger)?;
    for (kind, session) in &profile.session {
        let service = session.service.get_ref();
        if profile::find(&profile.service, service).is_none() {
            let known = profile.service.keys().map(|name| name.get_ref().as_str());
            return Err(habits.error(session.service.span(), unknown("service", service, known)));
        }
        let per_day = session.per_user_per_day;
        if !(per_day.is_finite() && per_day > 0.0) {
            let message = format!("`per_user_per_day` is `{per_day}`; it must be above zero");
            return Err(habits.error(kind.span(), message));
        }
        let mut own = whole.handshakes(service, book, ledger)?;
        for name in &session.operations {
            // Work of another service that nobody waits for is written with that service's name.
            let (of, bare) = name.get_ref().split_once('/').unwrap_or((service, name.get_ref()));
            let resolved = whole.enter(of, bare, &name.span(), book, ledger)?;
            if of != service && resolved.client_waits {
                let message = format!(
                    "`{}` is for another service, and the client waits for it; let an operation of `{service}` have it \
                     in its `calls`",
                    name.get_ref()
                );
                return Err(habits.error(name.span(), message));
            }
            own.push((name.get_ref().clone(), resolved));
        }
        let key = |leaf: &str| format!("population.{name}.session.{}.{leaf}", kind.get_ref());
        let messages = session.messages.as_ref().map_or(Law::ZERO, |messages| messages.law.clone());
        let pool = mailboxes.as_ref().map_or(Ok(None), |mailboxes| opened(&habits, kind, session, mailboxes, &own))?;
        let remote = session.remote.map_or(0.0, |share| share.0);
        ledger.note(&key("per_user_per_day"), per_day.to_string(), origin.clone());
        ledger.note(&key("messages"), print_law(&messages), origin.clone());
        ledger.note(&key("remote"), remote.to_string(), origin.clone());
        if let Some(pool) = &session.pool {
            ledger.note(&key("pool"), pool.get_ref().clone(), origin.clone());
        }
        let names: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
        ledger.note(&key("operations"), names.join(", "), origin.clone());
        let week_per_s = clock::weekly(&profile, users as f64 * per_day);
        let label = format!("population.{name}.session.{}", kind.get_ref());
        let stays = (session.stays.as_ref(), session.visit.as_ref());
        let stay = stay(&habits, stays, &week_per_s, (&label, &origin), ledger)?;
        if stay.is_some() && session.from_outside == Some(true) {
            let message = "other servers leave no connection open; leave `stays` out, or `from_outside`";
            return Err(habits.error(kind.span(), message));
        }
        let wanted = Sketch {
            name: format!("{name}/{}", kind.get_ref()),
            profile: profile.name.clone(),
            service: service.clone(),
            domains: None,
            // Whoever has a connection open may still have other sessions.
            source: people.filter(|_| session.from_outside != Some(true) && stay.is_none()),
            operations: own.iter().map(|(name, _)| (name.clone(), None)).collect(),
            week_per_s,
            messages,
            mailboxes: mailboxes.as_ref().map(|_| book.mailboxes.len()),
            pool,
            size: size.clone(),
            recipients: profile.recipients.law.clone(),
            remote,
            stay,
            on_open_connections: false,
        };
        if session.from_outside != Some(true) {
            let visits = match &session.visit {
                None => None,
                Some(visit) => {
                    for name in &visit.operations {
                        whole.enter(service, name.get_ref(), &name.span(), book, ledger)?;
                    }
                    let names = visit.operations.iter().map(|name| name.get_ref().clone()).collect();
                    let messages = visit.messages.as_ref().map(|messages| messages.law.clone());
                    if let Some(messages) = &messages {
                        ledger.note(&format!("{label}.visit.messages"), print_law(messages), origin.clone());
                    }
                    Some(wanted.visits(names, messages))
                }
            };
            sketches.push(wanted);
            sketches.extend(visits);
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
    if let Some(mailboxes) = mailboxes {
        let delivers = |(service, operation, habits): &(String, String, String)| {
            *habits == profile.name && book.operations[&(service.clone(), operation.clone(), habits.clone())].delivers
        };
        if !book.operations.keys().any(delivers) {
            let message = "nothing is put into the mailboxes of the pools; write `delivers = true` in the operation that \
                           does";
            let span = profile.pool.keys().next().map_or(0..0, toml::Spanned::span);
            return Err(habits.error(span, message));
        }
        book.mailboxes.push(mailboxes);
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
) -> Result<Vec<Sketch>, ScenarioError> {
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
    let habits = Habits { scenario: source, over: &file.service, profile: None };
    let handshakes = habits.handshakes(service, book, ledger)?;
    let mut operations: Vec<(String, Option<Gate>)> = handshakes.into_iter().map(|(name, _)| (name, None)).collect();
    for (operation, span) in names {
        let resolved = habits.enter(service, operation, &span, book, ledger)?;
        if resolved.delivers {
            let message = "a bare stream has no mailboxes to put mail into; leave `delivers` out";
            return Err(source.error(span, message));
        }
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
    let people = ledger.take(&key("sources"), written.map(Some).as_ref(), None, print);
    let people = people.map(|people| {
        book.sources.push(people);
        book.sources.len() - 1
    });
    let week_per_s = clock::constant(arrivals.rate.0);
    let stays = (arrivals.stays.as_ref(), arrivals.visit.as_ref());
    let stay = stay(source, stays, &week_per_s, (&format!("arrivals.{name}"), &Origin::File), ledger)?;
    let sketch = Sketch {
        name: name.to_owned(),
        profile: String::new(),
        service: service.clone(),
        domains: None,
        source: people,
        operations,
        week_per_s,
        messages,
        mailboxes: None,
        pool: None,
        size,
        recipients,
        remote,
        stay,
        on_open_connections: false,
    };
    let Some(visit) = &arrivals.visit else { return Ok(vec![sketch]) };
    for operation in &visit.operations {
        habits.enter(service, operation.get_ref(), &operation.span(), book, ledger)?;
    }
    let names = visit.operations.iter().map(|operation| operation.get_ref().clone()).collect();
    let messages = visit.messages.as_ref().map(|messages| messages.law.clone());
    if let Some(messages) = &messages {
        ledger.note(&key("visit.messages"), print_law(messages), Origin::File);
    }
    let visits = sketch.visits(names, messages);
    Ok(vec![sketch, visits])
}

/// The law of the sizes of what is sent to a cluster that takes messages up to a size: that of the messages which fit.
/// Servers say the size in their greeting (RFC 1870, 1995), so that a larger message is not sent at all. The rate of the
/// sessions stays as written: it is that of the mail which comes (an assumption of no weight, since few are so large).
fn offered_size(
    source: &Source,
    key: &str,
    population: &file::Population,
    size: &Law,
    ledger: &mut Ledger,
) -> Result<Law, ScenarioError> {
    let Some(most) = &population.max_message_size else {
        ledger.note(key, "unlimited".to_owned(), Origin::Default);
        return Ok(size.clone());
    };
    ledger.note(key, most.get_ref().to_string(), Origin::File);
    let cut = size.up_to(most.get_ref().0 as f64);
    cut.map_err(|error| source.error(most.span(), format!("`max_message_size` does not fit the sizes: {error}")))
}

/// A law for the record of a run: unambiguous, in base units.
pub(super) fn print_law(law: &Law) -> String {
    law.to_string()
}
