//! Who comes, and for what: populations, bare streams, client groups, all of it together.

use super::background::spans;
use super::bare::bare;
use super::book::Book;
use super::bounds;
use super::bursts::{self, Busiest};
use super::clock::Window;
use super::dns;
use super::filters::filters;
use super::footprint::footprint;
use super::groups::groups;
use super::limits::limits;
use super::mailboxes::note_found;
use super::population::population;
use super::relogin::relogin;
use super::service_keys::ServiceKeys;
use super::settings::Ledger;
use super::sketch::{Sketch, assemble};
use super::state::state;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::File;
use crate::scenario::mailboxes::close_loop;
use crate::scenario::profile;
use crate::scenario::source::Source;
use crate::scenario::{ClientGroup, Mailboxes, Operation, Product, Service, Stream};
use crate::units::Time;
use std::path::Path;

/// What the populations and bare streams amount to.
pub(super) struct People {
    pub(super) services: Vec<Service>,
    pub(super) operations: Vec<Operation>,
    pub(super) streams: Vec<Stream>,
    pub(super) sources: Vec<u64>,
    pub(super) mailboxes: Vec<Mailboxes>,
    pub(super) groups: Vec<ClientGroup>,
    pub(super) domains: u64,
    /// When most of them come.
    pub(super) busiest: Busiest,
}

pub(super) fn resolve(
    source: &Source,
    file: &File,
    beside: &Path,
    (window, warm_up): (Window, Option<Time>),
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
        let time = (window, warm_up);
        sketches.extend(bare(source, (file, beside), name.get_ref(), (arrivals, time), &mut book, ledger)?);
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
    let mut bursts = bursts::bursts(source, file, window, &names, ledger)?;
    for (own, sketch) in bursts.iter_mut().zip(&sketches) {
        own.extend(sketch.course.iter().flat_map(|course| course.bursts(window)));
    }
    let loads = spans(source, file, window)?;
    let users = file.population.values().map(|population| *population.users.get_ref()).sum();
    let by_dns = dns::is_asked(file);
    // A search by DNS lets a primary fail.
    let can_fail = !file.fault.is_empty() || (by_dns && !dns::is_used(file));
    let groups = groups(source, &file.client_group, users, (by_dns, can_fail), ledger)?;
    let habits = std::mem::take(&mut book.habits);
    let mut people = assemble(book, sketches, window, (&bursts, &loads), groups, domains);
    bounds::check(source, file, &people)?;
    close_loop(&mut people.streams, &people.operations, &people.mailboxes);
    note_found(&people.streams, ledger);
    let streams = &people.streams;
    for (index, service) in people.services.iter_mut().enumerate() {
        let opens = streams.iter().any(|stream| stream.service == index && stream.pool.is_some());
        let name = service.name.clone();
        let keys = ServiceKeys {
            source,
            name: &name,
            own: profile::find(&file.service, &name),
            profile: habits.get(&name).map(|(service, origin)| (service, origin)),
        };
        service.limits = limits(&keys, opens, ledger)?;
        service.relogin = relogin(&keys, index, (&people.operations, streams), ledger)?;
        state(&keys, people.operations.iter_mut().filter(|operation| operation.service == index), ledger)?;
        service.footprint = footprint(&keys, product, ledger)?;
    }
    Ok(people)
}
