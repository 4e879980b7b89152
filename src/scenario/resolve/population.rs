//! A population with its profile: which sessions it holds, how often, and for what.

use super::Origin;
use super::book::{Book, Habits};
use super::carried::carries;
use super::clock;
use super::filters::{among, spam_size};
use super::mailboxes::{opened, pools};
use super::operation::print_law;
use super::settings::Ledger;
use super::sketch::Sketch;
use super::standing::stay;
use crate::random::Law;
use crate::scenario::Whose;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, File};
use crate::scenario::profile;
use crate::scenario::source::Source;
use std::path::Path;

/// Users up to which a population is a finite source unless the scenario says otherwise: the white paper's smallest rows
/// are for 6 to 50 people.
const OFFICE: u64 = 50;

/// Resolves one population into streams; returns its domains.
#[expect(clippy::too_many_arguments, reason = "the parts of one resolver, passed on as they are")]
pub(super) fn population(
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
        let mail = carries(&own, remote, false).map_err(|message| habits.error(kind.span(), message))?;
        let outside = session.from_outside == Some(true);
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
        let stays = (session.stays.as_ref(), session.visit.as_ref(), session.reconnect.as_ref());
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
            course: None,
            operations: own.iter().map(|(name, _)| (name.clone(), None)).collect(),
            week_per_s,
            messages,
            whose: mail.then_some(if outside { Whose::Server } else { Whose::Person }),
            mailboxes: mailboxes.as_ref().map(|_| book.mailboxes.len()),
            pool,
            size: size.clone(),
            recipients: profile.recipients.law.clone(),
            remote,
            stay,
            on_open_connections: false,
        };
        if session.from_outside != Some(true) {
            let visits = whole.visits(&wanted, session.visit.as_ref(), (&label, &origin), book, ledger)?;
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
                whose: wanted.whose.map(|_| Whose::Spammer),
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
