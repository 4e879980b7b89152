//! How sessions find a node, for each service.

use super::Origin;
use super::people::People;
use super::settings::Ledger;
use super::{dns, nlb, switch};
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Configuration, File, Role};
use crate::scenario::profile;
use crate::scenario::route::Route;
use crate::scenario::source::Source;
use crate::scenario::topology::{Cluster, Node};
use toml::Spanned;

/// For each service, how its sessions find a node; none where no service has a choice, and a switch has no use.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    cluster: &Cluster,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Option<Vec<Route>>, ScenarioError> {
    let configuration = cluster.configuration;
    let has_choice = |service: usize| configuration.is_balanced() || cluster.servers(service).nth(1).is_some();
    let known = || people.services.iter().map(|service| service.name.as_str()).chain(["default"]);
    if !(0..people.services.len()).any(has_choice) {
        if let Some(name) = file.routing.keys().next() {
            let has =
                if *configuration.primaries().end() == 1 { "has one primary" } else { "has one node for each service" };
            let message = format!(
                "configuration `{}` {has}, and nothing to route; leave `[routing.{}]` out",
                configuration.name(),
                name.get_ref()
            );
            return Err(source.error(name.span(), message));
        }
        return Ok(None);
    }
    for name in file.routing.keys() {
        if !known().any(|service| service == name.get_ref()) {
            let known: Vec<&str> = known().collect();
            return Err(source.error(name.span(), unknown("service", name.get_ref(), known)));
        }
        let service = people.services.iter().position(|service| service.name == *name.get_ref());
        if service.is_some_and(|service| !has_choice(service)) {
            let message =
                format!("service `{0}` has one node, and nothing to route; leave `[routing.{0}]` out", name.get_ref());
            return Err(source.error(name.span(), message));
        }
    }
    let written = |name: &str| profile::find(&file.routing, name).map(|(_, routing)| routing);
    let default = match written("default") {
        None => {
            ledger.note("routing.default.switch.algorithm", Route::IN_TURN.name().to_owned(), Origin::Default);
            Route::IN_TURN
        }
        Some(routing) => route(source, file, "default", routing, names(cluster, None), ledger)?,
    };
    let mut routes = Vec::new();
    for (index, service) in people.services.iter().enumerate() {
        let route = match written(&service.name) {
            None => default.clone(),
            Some(own) => self::route(source, file, &service.name, own, names(cluster, Some(index)), ledger)?,
        };
        let bare = people.streams.iter().find(|stream| stream.service == index && stream.domains.is_none());
        if let Some(bare) = bare.filter(|_| route.reads_domains() && has_choice(index)) {
            let at = file.routing.keys().find(|name| name.get_ref() == &service.name);
            let at = at.or_else(|| file.routing.keys().find(|name| name.get_ref() == "default"));
            let message = format!(
                "the sessions of the bare stream `{}` are for no domain, and `content` chooses by it; write another \
                 `algorithm` for `{}`, or a population",
                bare.name, service.name
            );
            return Err(source.error(at.map_or(0..0, Spanned::span), message));
        }
        routes.push(route);
    }
    Ok(Some(routes))
}

/// A way, for a service or for all that have none of their own.
fn route<'a>(
    source: &Source,
    file: &File,
    name: &str,
    written: &file::Routing,
    nodes: impl Iterator<Item = &'a str> + Clone,
    ledger: &mut Ledger,
) -> Result<Route, ScenarioError> {
    let key = format!("routing.{name}");
    match written {
        file::Routing::Switch(own) => {
            let has_backups = file.node.values().any(|node| node.backup.is_some());
            Ok(Route::Switch(switch::resolve(source, &format!("{key}.switch"), own, (has_backups, nodes), ledger)?))
        }
        file::Routing::RoundRobinDns(own) => {
            Ok(Route::RoundRobinDns(dns::resolve(source, &format!("{key}.round-robin-dns"), own, nodes, ledger)?))
        }
        file::Routing::Nlb(own) => Ok(Route::Nlb(nlb::resolve(source, &format!("{key}.nlb"), own, nodes, ledger)?)),
    }
}

/// The nodes that take the sessions of a service, or of any.
fn names(cluster: &Cluster, service: Option<usize>) -> impl Iterator<Item = &str> + Clone {
    let takes = move |node: &&Node| match service {
        None => node.role == Role::Primary,
        Some(service) => node.serves(service),
    };
    cluster.nodes.iter().filter(takes).map(|node| node.name.as_str())
}

/// The weight of the nodes of a table.
pub(super) fn weight(
    source: &Source,
    file: &File,
    (name, written): (&Spanned<String>, &file::Node),
    role: Role,
    ledger: &mut Ledger,
) -> Result<u32, ScenarioError> {
    let key = format!("node.{}.weight", name.get_ref());
    let Some(own) = &written.weight else {
        if role == Role::Primary && file.node.values().any(|node| node.weight.is_some()) {
            ledger.note(&key, "1".to_owned(), Origin::Default);
        }
        return Ok(1);
    };
    let weight = *own.get_ref();
    let message = if role != Role::Primary {
        format!("`weight` is for the primaries behind a switch; leave it out of node `{}`", name.get_ref())
    } else if !file.cluster.configuration.get_ref().is_balanced()
        && *file.cluster.configuration.get_ref() != Configuration::ServiceSpecific
    {
        format!("nothing is balanced here; leave `weight` out of node `{}`", name.get_ref())
    } else if !(1..=256).contains(&weight) {
        format!("`weight` is `{weight}`; it must be between 1 and 256")
    } else {
        ledger.note(&key, weight.to_string(), Origin::File);
        return Ok(weight);
    };
    Err(source.error(own.span(), message))
}

/// Whether the nodes of a table get sessions only when no other is up.
pub(super) fn backup(
    source: &Source,
    file: &File,
    (name, written): (&Spanned<String>, &file::Node),
    role: Role,
    ledger: &mut Ledger,
) -> Result<bool, ScenarioError> {
    let Some(own) = &written.backup else { return Ok(false) };
    let configuration = *file.cluster.configuration.get_ref();
    if role == Role::Primary && (configuration.is_balanced() || configuration == Configuration::ServiceSpecific) {
        ledger.note(&format!("node.{}.backup", name.get_ref()), own.get_ref().to_string(), Origin::File);
        return Ok(*own.get_ref());
    }
    let message = format!(
        "`backup` is for primaries behind a switch; leave it out of node `{}` (a backup that receives mail has \
         `role = \"backup\"`)",
        name.get_ref()
    );
    Err(source.error(own.span(), message))
}

/// Refuses a service of which every node is a backup.
pub(super) fn check_backups(
    source: &Source,
    file: &File,
    cluster: &Cluster,
    people: &People,
) -> Result<(), ScenarioError> {
    for (index, service) in people.services.iter().enumerate() {
        if cluster.servers(index).all(|node| cluster.nodes[node].backup) {
            let at = file.node.values().find_map(|node| node.backup.as_ref()).map_or(0..0, Spanned::span);
            let message = format!(
                "every node of `{}` is a backup; leave `backup` out of one that is to have the sessions",
                service.name
            );
            return Err(source.error(at, message));
        }
    }
    Ok(())
}
