//! How sessions find a node, for each service.

use super::Origin;
use super::people::People;
use super::settings::Ledger;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Algorithm, Configuration, File, Role};
use crate::scenario::profile;
use crate::scenario::route::{Persistence, Route, Switch};
use crate::scenario::source::Source;
use crate::scenario::topology::Cluster;
use crate::units::Time;
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
    let written = |name: &str| profile::find(&file.routing, name).map(|(_, file::Routing::Switch(switch))| switch);
    let default = match written("default") {
        None => {
            ledger.note("routing.default.switch.algorithm", Route::IN_TURN.name().to_owned(), Origin::Default);
            Route::IN_TURN
        }
        Some(switch) => self::switch(source, "default", switch, ledger)?,
    };
    let mut routes = Vec::new();
    for (index, service) in people.services.iter().enumerate() {
        let Route::Switch(route) = match written(&service.name) {
            None => default,
            Some(own) => switch(source, &service.name, own, ledger)?,
        };
        let bare = people.streams.iter().find(|stream| stream.service == index && stream.domains.is_none());
        if let Some(bare) = bare.filter(|_| route.algorithm == Algorithm::Content && has_choice(index)) {
            let at = file.routing.keys().find(|name| name.get_ref() == &service.name);
            let at = at.or_else(|| file.routing.keys().find(|name| name.get_ref() == "default"));
            let message = format!(
                "the sessions of the bare stream `{}` are for no domain, and `content` chooses by it; write another \
                 `algorithm` for `{}`, or a population",
                bare.name, service.name
            );
            return Err(source.error(at.map_or(0..0, Spanned::span), message));
        }
        routes.push(Route::Switch(route));
    }
    Ok(Some(routes))
}

/// How long a switch remembers an address unless the scenario says otherwise: the persistence time-out of LVS
/// (`ipvsadm`, 360 s).
const TIMEOUT: Time = Time::from_secs(360);

/// All bits of an address.
const WHOLE: u32 = 32;

/// A switch, for a service or for all that have none of their own.
fn switch(source: &Source, name: &str, written: &file::Switch, ledger: &mut Ledger) -> Result<Route, ScenarioError> {
    let key = |leaf: &str| format!("routing.{name}.switch.{leaf}");
    let algorithm = written.algorithm;
    ledger.note(&key("algorithm"), algorithm.name().to_owned(), Origin::File);
    let mut replacement = false;
    if algorithm == Algorithm::RandomTwoChoices {
        let own = written.replacement.as_ref().map(|own| *own.get_ref());
        replacement = ledger.take(&key("replacement"), own.as_ref(), false, bool::to_string);
    } else if let Some(own) = &written.replacement {
        let message = format!(
            "`replacement` is about the draws of `random-two-choices`; leave it out with `{}`",
            algorithm.name()
        );
        return Err(source.error(own.span(), message));
    }
    let persistence = match &written.persistence {
        None => None,
        Some(own) => Some(persistence(source, own, key, ledger)?),
    };
    Ok(Route::Switch(Switch { algorithm, replacement, persistence }))
}

fn persistence(
    source: &Source,
    written: &file::Persistence,
    key: impl Fn(&str) -> String,
    ledger: &mut Ledger,
) -> Result<Persistence, ScenarioError> {
    let mask = written.mask.as_ref().map(|mask| *mask.get_ref());
    let mask = ledger.take(&key("persistence.mask"), mask.as_ref(), WHOLE, u32::to_string);
    if let Some(written) = written.mask.as_ref().filter(|_| !(8..=WHOLE).contains(&mask)) {
        let message = format!("`mask` is `{mask}`; it must be between 8 and 32 bits of an address");
        return Err(source.error(written.span(), message));
    }
    let timeout = written.timeout.as_ref().map(|timeout| *timeout.get_ref());
    let timeout = ledger.take(&key("persistence.timeout"), timeout.as_ref(), TIMEOUT, Time::to_string);
    if let Some(written) = written.timeout.as_ref().filter(|_| timeout == Time::ZERO) {
        let message =
            "`timeout` is zero, and nobody is remembered; leave `persistence` out, or write a time above zero";
        return Err(source.error(written.span(), message));
    }
    Ok(Persistence { mask, timeout })
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
