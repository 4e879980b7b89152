//! Tiers, nodes, configuration and routing: what the cluster is made of.

use super::people::People;
use super::settings::Ledger;
use super::{Hardware, Origin};
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Algorithm, Configuration, Discipline, File, Role};
use crate::scenario::hardware::{Tier, random_access};
use crate::scenario::source::Source;
use crate::scenario::topology::{Cluster, Node, numbered};
use crate::scenario::{Operation, profile};
use crate::units::{Bandwidth, Money};
use std::ops::Range;
use std::sync::Arc;

/// The most machines of one kind: far beyond any mail cluster, and a bound on memory.
const MOST_NODES: u32 = 10_000;

/// Disk operations that a write-back cache holds: 64 MB in pieces of 64 KB. Assumption, for controllers of 2000-2006.
const WRITE_BACK_LIMIT: u32 = 1_000;

pub(super) fn resolve(
    source: &Source,
    file: &File,
    hardware: &Hardware,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Cluster, ScenarioError> {
    let configuration = *file.cluster.configuration.get_ref();
    ledger.note("cluster.configuration", configuration.name().to_owned(), Origin::File);
    let mut nodes = Vec::new();
    for (name, written) in &file.node {
        let key = |leaf: &str| format!("node.{}.{leaf}", name.get_ref());
        let role = match (written.role, name.get_ref().as_str()) {
            (Some(role), _) => role,
            (None, "primary") => Role::Primary,
            (None, "data") => Role::Data,
            (None, other) => {
                let message = format!("node `{other}` has no role; write `role = \"primary\"` or `\"data\"`");
                return Err(source.error(name.span(), message));
            }
        };
        let origin = if written.role.is_some() { Origin::File } else { Origin::Default };
        ledger.note(&key("role"), role.name().to_owned(), origin);
        ledger.note(&key("tier"), written.tier.get_ref().clone(), Origin::File);
        let tier = tier(source, file, hardware, written.tier.get_ref(), &written.tier.span(), ledger)?;
        let count = written.count.as_ref().map(|count| *count.get_ref());
        let count = ledger.take(&key("count"), count.as_ref(), 1, u32::to_string);
        if count == 0 || count > MOST_NODES {
            let span = written.count.as_ref().map_or(name.span(), toml::Spanned::span);
            let message = format!("`count` is `{count}`; it must be between 1 and {MOST_NODES}");
            return Err(source.error(span, message));
        }
        check_disks(source, &written.tier.span(), &tier, role, configuration, &people.operations)?;
        for name in numbered(name.get_ref(), count) {
            nodes.push(Node { name, role, tier: Arc::clone(&tier) });
        }
    }
    // Primaries first: the rest of the program relies on it.
    nodes.sort_by_key(|node| node.role);
    fits(source, file, configuration, &nodes)?;
    let routing = routing(source, file, configuration, people, ledger)?;
    Ok(Cluster { configuration, nodes, routing })
}

/// Refuses nodes that the configuration has no place for, and the lack of those that it needs.
fn fits(source: &Source, file: &File, configuration: Configuration, nodes: &[Node]) -> Result<(), ScenarioError> {
    let count = |role: Role| nodes.iter().filter(|node| node.role == role).count();
    let (primaries, data) = (count(Role::Primary), count(Role::Data));
    let name = configuration.name();
    let message = if primaries == 0 {
        format!("configuration `{name}` needs a primary; write a `[node.primary]` with its `tier`")
    } else if configuration.has_data_server() && data != 1 {
        format!("configuration `{name}` needs one data server and has {data}; write one `[node.data]` with its `tier`")
    } else if !configuration.has_data_server() && data > 0 {
        format!("configuration `{name}` has no data server; leave `[node.data]` out, or write `multiple-primaries`")
    } else if !configuration.is_balanced() && primaries != 1 {
        format!("configuration `{name}` has one primary, not {primaries}; write `multiple-primaries` for more")
    } else {
        return Ok(());
    };
    Err(source.error(file.cluster.configuration.span(), message))
}

/// For each service, how the switch chooses.
fn routing(
    source: &Source,
    file: &File,
    configuration: Configuration,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Option<Vec<Algorithm>>, ScenarioError> {
    if !configuration.is_balanced() {
        if let Some(name) = file.routing.keys().next() {
            let message = format!(
                "configuration `{}` has one primary, and nothing to route; leave `[routing.{}]` out",
                configuration.name(),
                name.get_ref()
            );
            return Err(source.error(name.span(), message));
        }
        return Ok(None);
    }
    let known = || people.services.iter().map(|service| service.name.as_str()).chain(["default"]);
    for name in file.routing.keys() {
        if !known().any(|service| service == name.get_ref()) {
            let known: Vec<&str> = known().collect();
            return Err(source.error(name.span(), unknown("service", name.get_ref(), known)));
        }
    }
    let algorithm =
        |name: &str| profile::find(&file.routing, name).map(|(_, file::Routing::Switch(switch))| switch.algorithm);
    let print = |algorithm: &Algorithm| algorithm.name().to_owned();
    let default = algorithm("default");
    let default = ledger.take("routing.default.switch.algorithm", default.as_ref(), Algorithm::RoundRobin, print);
    let of = |service: &crate::scenario::Service| match algorithm(&service.name) {
        None => default,
        Some(own) => {
            ledger.note(&format!("routing.{}.switch.algorithm", service.name), print(&own), Origin::File);
            own
        }
    };
    Ok(Some(people.services.iter().map(of).collect()))
}

/// Finds a tier by name: the scenario's own first, then the hardware table's.
pub(super) fn tier(
    source: &Source,
    file: &File,
    hardware: &Hardware,
    name: &str,
    span: &Range<usize>,
    ledger: &mut Ledger,
) -> Result<Arc<Tier>, ScenarioError> {
    let (tier, origin) = if let Some((at, written)) = profile::find(&file.tier, name) {
        (own_tier(source, at.get_ref(), written)?, Origin::File)
    } else if let Some(tier) = hardware.tier(name) {
        (tier, Origin::Hardware(hardware.name.clone()))
    } else {
        let own = file.tier.keys().map(|name| name.get_ref().as_str());
        let known: Vec<&str> = own.chain(hardware.rows.iter().map(|row| row.tier.as_str())).collect();
        return Err(source.error(span.clone(), unknown("tier", name, known)));
    };
    let mut note = |leaf: &str, value: String| ledger.note(&format!("tier.{name}.{leaf}"), value, origin.clone());
    note("cores", tier.cores.to_string());
    note("speed", tier.speed.to_string());
    note("discipline", format!("{:?}", tier.discipline));
    note("contention", tier.contention.to_string());
    note("coherency", tier.coherency.to_string());
    note("disks", tier.disks.to_string());
    note("disk_service", tier.disk_service.to_string());
    note("disk_transfer", tier.disk_transfer.map_or("unlimited".to_owned(), |transfer| transfer.to_string()));
    note("raid_write_penalty", tier.raid_write_penalty.to_string());
    note("write_back", tier.write_back.is_some().to_string());
    if let Some(limit) = tier.write_back {
        note("write_back_limit", limit.to_string());
    }
    note("network", tier.network.map_or("unlimited".to_owned(), |network| network.to_string()));
    note("price", tier.price.to_string());
    Ok(Arc::new(tier))
}

/// A tier of the scenario's own, with defaults: no disk, no network cost, no price.
fn own_tier(source: &Source, name: &str, written: &file::Tier) -> Result<Tier, ScenarioError> {
    let cores = *written.cores.get_ref();
    if cores == 0 || cores > 4_096 {
        return Err(source.error(written.cores.span(), format!("`cores` is `{cores}`; it must be between 1 and 4096")));
    }
    let speed = *written.speed.get_ref();
    if !(speed.is_finite() && speed > 0.0) {
        let message = format!("`speed` is `{speed}`; it must be above zero (1.0 = a Pentium III at 1000 MHz)");
        return Err(source.error(written.speed.span(), message));
    }
    let complain = |message: String| Err(source.error(written.cores.span(), message));
    for (key, value) in [("contention", written.contention), ("coherency", written.coherency)] {
        if value.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            return complain(format!("`{key}` of tier `{name}` must be between 0 and 1"));
        }
    }
    let discipline = written.discipline.unwrap_or(Discipline::ProcessorSharing);
    let scales = written.contention.unwrap_or(0.0) > 0.0 || written.coherency.unwrap_or(0.0) > 0.0;
    if discipline == Discipline::Fcfs && scales {
        return complain(format!("tier `{name}` scales by `contention` or `coherency`, which `fcfs` has no use for"));
    }
    let disks = written.disks.unwrap_or(0);
    let disk_service = match (&written.disk_service, written.disk_iops) {
        (Some(_), Some(_)) => {
            return complain(format!("tier `{name}` has `disk_service` and `disk_iops`; write one of them"));
        }
        (Some(law), None) => law.law.clone(),
        (None, Some(iops)) if iops.0 > 0.0 => random_access(iops.0),
        _ if disks == 0 => crate::random::Law::ZERO,
        _ => return complain(format!("tier `{name}` has disks of unknown speed; write `disk_iops = \"150 /s\"`")),
    };
    if disks == 0 && (written.disk_service.is_some() || written.disk_iops.is_some() || written.disk_transfer.is_some())
    {
        return complain(format!("tier `{name}` has a disk speed and no disks; write `disks = 1` or more"));
    }
    let raid_write_penalty = written.raid_write_penalty.unwrap_or(1);
    if raid_write_penalty == 0 || raid_write_penalty > 16 {
        return complain(format!("`raid_write_penalty` of tier `{name}` must be between 1 and 16"));
    }
    let limit = written.write_back_limit.unwrap_or(WRITE_BACK_LIMIT);
    let write_back = written.write_back.unwrap_or(false).then_some(limit);
    if write_back.is_none() && written.write_back_limit.is_some() {
        return complain(format!("tier `{name}` has a `write_back_limit` and no cache; write `write_back = true` too"));
    }
    if disks == 0 && write_back.is_some() {
        return complain(format!("tier `{name}` has a write-back cache and no disks; write `disks = 1` or more"));
    }
    if !(raid_write_penalty..=1_000_000).contains(&limit) {
        return complain(format!(
            "`write_back_limit` of tier `{name}` must be between its `raid_write_penalty` and a million"
        ));
    }
    Ok(Tier {
        name: name.to_owned(),
        cores,
        speed,
        discipline,
        contention: written.contention.unwrap_or(0.0),
        coherency: written.coherency.unwrap_or(0.0),
        disks,
        disk_service,
        disk_transfer: written.disk_transfer,
        raid_write_penalty,
        write_back,
        network: written.network.map(|network| Bandwidth(network.0)),
        price: written.price.unwrap_or(Money(0)),
    })
}

/// Refuses a tier without disks where an operation needs one.
pub(super) fn check_disks(
    source: &Source,
    span: &Range<usize>,
    tier: &Tier,
    role: Role,
    configuration: Configuration,
    operations: &[Operation],
) -> Result<(), ScenarioError> {
    let holds_store = match role {
        Role::Data => true,
        Role::Primary => !configuration.has_data_server(),
    };
    let needs = |operation: &&Operation| {
        (role == Role::Primary && operation.queue_writes + operation.queue_fsyncs > 0)
            || (holds_store && operation.store_reads + operation.store_writes + operation.store_fsyncs > 0)
    };
    match operations.iter().find(needs) {
        Some(operation) if tier.disks == 0 => {
            let message = format!(
                "tier `{}` has no disk, and operation `{}` needs one here; write `disks` and `disk_iops` in the tier",
                tier.name, operation.name
            );
            Err(source.error(span.clone(), message))
        }
        _ => Ok(()),
    }
}
