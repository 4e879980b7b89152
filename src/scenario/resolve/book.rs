//! The book of the operations: under their names, as profile and scenario have them together.

use super::Origin;
use super::calls::{Call, calls, check_called};
use super::filters::Filter;
use super::operation::{completed, note_operation, print_law};
use super::service_keys::ServiceKeys;
use super::settings::Ledger;
use super::sketch::Sketch;
use super::tls;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Named, Profile, Visit};
use crate::scenario::profile;
use crate::scenario::source::Source;
use crate::scenario::{Mailboxes, Operation};
use std::collections::BTreeMap;
use std::ops::Range;

/// What sessions do, while services and operations are still names.
#[derive(Default)]
pub(super) struct Book {
    /// Operations by (service, operation, profile), in the order of these names.
    pub(super) operations: BTreeMap<OperationKey, Operation>,
    /// What some of them call, by service and operation of the same profile.
    pub(super) calls: BTreeMap<OperationKey, Vec<(String, String)>>,
    /// What sessions from outside have to pass, and whether there are such sessions.
    pub(super) filters: Vec<Filter>,
    pub(super) outside: bool,
    /// Finite sources.
    pub(super) sources: Vec<u64>,
    /// The mailboxes that are opened by pools.
    pub(super) mailboxes: Vec<Mailboxes>,
    /// The services of the profiles; the first profile that has one counts.
    pub(super) habits: BTreeMap<String, (file::Service, Origin)>,
}

/// Service, operation, profile.
pub(super) type OperationKey = (String, String, String);

/// Where the sessions of a stream find their operations: a profile with what the scenario lays over it, or the scenario.
pub(super) struct Habits<'a> {
    pub(super) scenario: &'a Source,
    /// The scenario's services.
    pub(super) over: &'a Named<file::Service>,
    /// The profile's, with its text, its name and how that is noted.
    pub(super) profile: Option<(&'a Source, &'a Profile, &'a Origin)>,
}

impl Habits<'_> {
    /// The name of the profile, which sets its operations apart from those of others.
    pub(super) fn name(&self) -> &str {
        self.profile.map_or("", |(_, profile, _)| &profile.name)
    }

    /// Where the services with their operations stand.
    fn text(&self) -> (&Source, &Named<file::Service>) {
        self.profile.map_or((self.scenario, self.over), |(source, profile, _)| (source, &profile.service))
    }

    /// Resolves an operation that was named at `span`, with all that it calls, and enters it in the book.
    pub(super) fn enter(
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

    /// What happens on the connections that a sketch's sessions leave open, if anything does.
    pub(super) fn visits(
        &self,
        sketch: &Sketch,
        visit: Option<&Visit>,
        (key, origin): (&str, &Origin),
        book: &mut Book,
        ledger: &mut Ledger,
    ) -> Result<Option<Sketch>, ScenarioError> {
        let Some(visit) = visit else { return Ok(None) };
        for name in &visit.operations {
            self.enter(&sketch.service, name.get_ref(), &name.span(), book, ledger)?;
        }
        let names = visit.operations.iter().map(|name| name.get_ref().clone()).collect();
        let messages = visit.messages.as_ref().map(|messages| messages.law.clone());
        if let Some(messages) = &messages {
            ledger.note(&format!("{key}.visit.messages"), print_law(messages), origin.clone());
        }
        Ok(Some(sketch.visits(names, messages)))
    }

    /// The handshakes that sessions of a service begin with.
    pub(super) fn handshakes(
        &self,
        service: &str,
        book: &mut Book,
        ledger: &mut Ledger,
    ) -> Result<Vec<(String, Operation)>, ScenarioError> {
        let profile = self.profile.and_then(|(_, profile, origin)| {
            let (_, table) = profile::find(&profile.service, service)?;
            Some((table, origin))
        });
        let own = profile::find(self.over, service);
        let keys = ServiceKeys { source: self.scenario, name: service, own, profile };
        let handshakes = tls::handshakes(&keys, ledger)?;
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
