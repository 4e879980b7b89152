//! Nodes and configuration: what the cluster is made of, and who holds the mail store.

use super::people::People;
use super::settings::Ledger;
use super::{Hardware, Origin, dns, nlb, routing, tiers};
use crate::scenario::Operation;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Configuration, DirectoryKind, File, FilterPlace, Role};
use crate::scenario::source::Source;
use crate::scenario::topology::{Cluster, Node, numbered};
use std::net::Ipv4Addr;
use std::ops::Range;
use toml::Spanned;

/// The most machines of one kind: far beyond any mail cluster, and a bound on memory.
const MOST_NODES: u32 = 10_000;

/// A node and where its tier was named.
type Placed = (Node, Range<usize>);

pub(super) fn resolve(
    source: &Source,
    file: &File,
    hardware: &Hardware,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Cluster, ScenarioError> {
    let configuration = *file.cluster.configuration.get_ref();
    ledger.note("cluster.configuration", configuration.name().to_owned(), Origin::File);
    let mut placed: Vec<Placed> = Vec::new();
    for (name, written) in &file.node {
        placed.extend(table(source, file, hardware, people, (name, written), ledger)?);
    }
    // Primaries first: the rest of the program relies on it.
    placed.sort_by_key(|(node, _)| node.role);
    fits(source, file, &placed)?;
    store(source, file, &mut placed, ledger)?;
    for (node, span) in &placed {
        check_disks(source, span, node, &people.operations)?;
    }
    let nodes = placed.into_iter().map(|(node, _)| node).collect();
    let mut cluster = Cluster { configuration, nodes, routing: None };
    for (index, service) in people.services.iter().enumerate() {
        if cluster.servers(index).next().is_none() {
            let message = format!("no node runs `{0}`; add `{0}` to the `services` of a `[node.X]`", service.name);
            return Err(source.error(file.cluster.configuration.span(), message));
        }
    }
    routing::check_backups(source, file, &cluster, people)?;
    cluster.routing = routing::resolve(source, file, &cluster, people, ledger)?;
    nlb::agree(source, file, &mut cluster, people)?;
    Ok(cluster)
}

/// The nodes of one table.
fn table(
    source: &Source,
    file: &File,
    hardware: &Hardware,
    people: &People,
    (name, written): (&Spanned<String>, &file::Node),
    ledger: &mut Ledger,
) -> Result<Vec<Placed>, ScenarioError> {
    let key = |leaf: &str| format!("node.{}.{leaf}", name.get_ref());
    let role = match (written.role, name.get_ref().as_str()) {
        (Some(role), _) => role,
        (None, "primary") => Role::Primary,
        (None, "data") => Role::Data,
        (None, "backup") => Role::Backup,
        (None, "filter") => Role::Filter,
        (None, "database") => Role::Database,
        (None, "name-server") => Role::NameServer,
        (None, _) if written.services.is_some() => Role::Primary,
        (None, other) => {
            let message = format!(
                "node `{other}` has no role; write `role = \"primary\"`, `\"data\"`, `\"backup\"`, `\"filter\"`, \
                 `\"database\"` or `\"name-server\"`"
            );
            return Err(source.error(name.span(), message));
        }
    };
    let origin = if written.role.is_some() { Origin::File } else { Origin::Default };
    ledger.note(&key("role"), role.name().to_owned(), origin);
    ledger.note(&key("tier"), written.tier.get_ref().clone(), Origin::File);
    let tier = tiers::tier(source, file, hardware, written.tier.get_ref(), &written.tier.span(), ledger)?;
    let count = written.count.as_ref().map(|count| *count.get_ref());
    let count = ledger.take(&key("count"), count.as_ref(), 1, u32::to_string);
    if count == 0 || count > MOST_NODES {
        let span = written.count.as_ref().map_or(name.span(), Spanned::span);
        let message = format!("`count` is `{count}`; it must be between 1 and {MOST_NODES}");
        return Err(source.error(span, message));
    }
    let services = services(source, file, people, (name, written), role)?;
    if let Some(services) = &services {
        let names: Vec<&str> = services.iter().map(|index| people.services[*index].name.as_str()).collect();
        ledger.note(&key("services"), names.join(", "), Origin::File);
    }
    let weight = routing::weight(source, file, (name, written), role, ledger)?;
    let site = written.site.as_ref().map(Spanned::get_ref);
    if let (Some(site), Some(written)) = (site, &written.site) {
        if site.trim().is_empty() {
            let message = "`site` has no name; leave it out, or write for example `\"main\"`";
            return Err(source.error(written.span(), message));
        }
        ledger.note(&key("site"), site.clone(), Origin::File);
    }
    let first = address(source, file, (name, written), role, ledger)?;
    let backup = routing::backup(source, file, (name, written), role, ledger)?;
    let node = |(index, name): (u32, String)| {
        let address = first.map(|first| Ipv4Addr::from_bits(first.to_bits().wrapping_add(index)));
        let node = Node::new(name, role, &tier);
        (Node { services: services.clone(), weight, backup, site: site.cloned(), address, ..node }, written.tier.span())
    };
    Ok((0..).zip(numbered(name.get_ref(), count)).map(node).collect())
}

/// The address that DNS has for the first node of a table.
fn address(
    source: &Source,
    file: &File,
    (name, written): (&Spanned<String>, &file::Node),
    role: Role,
    ledger: &mut Ledger,
) -> Result<Option<Ipv4Addr>, ScenarioError> {
    let Some(own) = &written.address else { return Ok(None) };
    if role != Role::Primary || !dns::is_used(file) {
        let message = format!(
            "`address` is for primaries that clients find by DNS; leave it out of node `{}`, or write a \
             `[routing.default.round-robin-dns]`",
            name.get_ref()
        );
        return Err(source.error(own.span(), message));
    }
    ledger.note(&format!("node.{}.address", name.get_ref()), own.get_ref().to_string(), Origin::File);
    Ok(Some(*own.get_ref()))
}

/// The services that the nodes of a table run: all of them but in the configuration that splits them.
fn services(
    source: &Source,
    file: &File,
    people: &People,
    (name, written): (&Spanned<String>, &file::Node),
    role: Role,
) -> Result<Option<Vec<usize>>, ScenarioError> {
    let splits = *file.cluster.configuration.get_ref() == Configuration::ServiceSpecific && role == Role::Primary;
    let known = || people.services.iter().map(|service| service.name.as_str());
    let Some(names) = written.services.as_ref().filter(|names| !(splits && names.is_empty())) else {
        if !splits {
            return Ok(None);
        }
        let service = known().next().unwrap_or("smtp");
        let message =
            format!("node `{}` runs no services; write for example `services = [\"{service}\"]`", name.get_ref());
        return Err(source.error(name.span(), message));
    };
    if !splits {
        let message = format!(
            "`services` is for the primaries of configuration `service-specific`; node `{}` runs all that its role has",
            name.get_ref()
        );
        return Err(source.error(names.first().map_or(name.span(), Spanned::span), message));
    }
    let mut services = Vec::new();
    for name in names {
        let Some(index) = known().position(|service| service == name.get_ref()) else {
            return Err(source.error(name.span(), unknown("service", name.get_ref(), known())));
        };
        services.push(index);
    }
    services.sort_unstable();
    services.dedup();
    Ok(Some(services))
}

/// Refuses nodes that the configuration has no place for, and the lack of those that it needs.
fn fits(source: &Source, file: &File, placed: &[Placed]) -> Result<(), ScenarioError> {
    let configuration = *file.cluster.configuration.get_ref();
    let count = |role: Role| placed.iter().filter(|(node, _)| node.role == role).count() as u32;
    let (primaries, data, backups) = (count(Role::Primary), count(Role::Data), count(Role::Backup));
    let for_filters = file.filter.iter().find(|(_, filter)| filter.place == Some(FilterPlace::FilterTier));
    if let (Some((filter, _)), 0) = (for_filters, count(Role::Filter)) {
        let message = format!(
            "filter `{}` has no machines to work on; write a `[node.filter]` with its `tier`",
            filter.get_ref()
        );
        return Err(source.error(filter.span(), message));
    }
    if let (None, Some((node, span))) = (for_filters, placed.iter().find(|(node, _)| node.role == Role::Filter)) {
        let message = format!(
            "nothing runs on node `{}`; let a filter work there with `place = \"filter-tier\"`, or leave the node out",
            node.name
        );
        return Err(source.error(span.clone(), message));
    }
    let (name, databases) = (configuration.name(), count(Role::Database));
    let asks_one = file.cluster.directory.as_ref().is_some_and(|kind| *kind.get_ref() == DirectoryKind::Odbc);
    let message = if count(Role::NameServer) > 0 && !dns::is_used(file) {
        "there is a name server, and nobody asks it; write a `[routing.default.round-robin-dns]`, or leave the node out"
            .to_owned()
    } else if databases > 0 && !asks_one {
        "there is a database node, and nobody asks it; write `directory = \"odbc\"`, or leave the node out".to_owned()
    } else if databases > 1 {
        format!("there is one directory, and {databases} database nodes; leave the others out")
    } else if primaries == 0 {
        format!("configuration `{name}` needs a primary; write a `[node.primary]` with its `tier`")
    } else if configuration.has_data_server() && data != 1 {
        format!("configuration `{name}` needs one data server and has {data}; write one `[node.data]` with its `tier`")
    } else if !configuration.has_data_server() && data > 0 {
        format!("configuration `{name}` has no data server; leave `[node.data]` out, or write `multiple-primaries`")
    } else if configuration.primaries() == (1..=1) && primaries != 1 {
        format!("configuration `{name}` has one primary, not {primaries}; write `multiple-primaries` for more")
    } else if !configuration.primaries().contains(&primaries) {
        format!(
            "configuration `{name}` has two primaries, not {primaries}; write `multiple-primaries` for another number"
        )
    } else if configuration.backups() == (1..=1) && backups != 1 {
        format!("configuration `{name}` needs one backup and has {backups}; write one `[node.backup]` with its `tier`")
    } else if configuration.backups() == (0..=0) && backups > 0 {
        format!("configuration `{name}` has no backup; leave `[node.backup]` out, or write `primary-with-backup`")
    } else if !configuration.backups().contains(&backups) {
        format!("configuration `{name}` has at most one backup, not {backups}; leave the others out")
    } else {
        return Ok(());
    };
    Err(source.error(file.cluster.configuration.span(), message))
}

/// Puts the mail store on its node: the data server, the only primary, or the one of two that the user names.
fn store(source: &Source, file: &File, placed: &mut [Placed], ledger: &mut Ledger) -> Result<(), ScenarioError> {
    let configuration = *file.cluster.configuration.get_ref();
    let written = file.cluster.store.as_ref();
    if configuration != Configuration::DualPrimaries {
        if let Some(written) = written {
            let message = format!(
                "`store` chooses among the primaries of `dual-primaries`; `{}` leaves no choice, leave it out",
                configuration.name()
            );
            return Err(source.error(written.span(), message));
        }
        if !configuration.has_data_server() {
            placed[0].0.holds_store = true;
        }
        return Ok(());
    }
    let known = || placed.iter().filter(|(node, _)| node.role == Role::Primary).map(|(node, _)| node.name.as_str());
    let holder = match written {
        None => 0,
        Some(written) => known().position(|name| name == written.get_ref()).ok_or_else(|| {
            let known: Vec<&str> = known().collect();
            source.error(written.span(), unknown("primary", written.get_ref(), known))
        })?,
    };
    let origin = if written.is_some() { Origin::File } else { Origin::Default };
    ledger.note("cluster.store", placed[holder].0.name.clone(), origin);
    placed[holder].0.holds_store = true;
    Ok(())
}

/// Refuses a tier without disks where an operation needs one.
pub(super) fn check_disks(
    source: &Source,
    span: &Range<usize>,
    node: &Node,
    operations: &[Operation],
) -> Result<(), ScenarioError> {
    let needs = |operation: &&Operation| {
        let (queue, store) = (
            operation.queue_writes + operation.queue_fsyncs,
            operation.store_reads + operation.store_writes + operation.store_fsyncs,
        );
        let local = if operation.local_state { store } else { 0 };
        (node.serves(operation.service) && queue + local > 0) || (node.holds_store && store > local)
    };
    match operations.iter().find(needs) {
        Some(operation) if node.tier.disks == 0 => {
            let message = format!(
                "tier `{}` has no disk, and operation `{}` needs one here; write `disks` and `disk_iops` in the tier",
                node.tier.name, operation.name
            );
            Err(source.error(span.clone(), message))
        }
        _ => Ok(()),
    }
}
