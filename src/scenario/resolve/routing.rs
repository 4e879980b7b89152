//! How sessions find a node: for each service, how the switch chooses.

use super::Origin;
use super::people::People;
use super::settings::Ledger;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Algorithm, File};
use crate::scenario::profile;
use crate::scenario::source::Source;
use crate::scenario::topology::Cluster;

/// For each service, how the switch chooses; none where no service has a choice, and a switch has no use.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    cluster: &Cluster,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Option<Vec<Algorithm>>, ScenarioError> {
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
