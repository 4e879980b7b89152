//! Sessions with a connection for each page: how often they log in again.

use super::spread::Crowd;
use crate::scenario::{Algorithm, Route, Scenario, Stream};

/// Logins again for each session of a stream, and whether exactly.
///
/// Every operation that the client thinks about has a connection of its own, and comes to the node of the last one with the
/// sum of the squares of the nodes' parts. Turns, and choices by connections, depend on who comes in between: the same
/// then, nearly. Whoever is recognised by an address that stays comes back to the same node.
pub(super) fn relogins(scenario: &Scenario, stream: &Stream, crowd: &Crowd) -> (f64, bool) {
    let service = stream.service;
    if scenario.services[service].relogin.is_none() {
        return (0.0, true);
    }
    let moves = 1.0 - crowd.chance_of_the_same(&scenario.cluster, service);
    let routes = scenario.cluster.route(service);
    let (Some(route), true) = (routes, moves > 0.0) else { return (0.0, true) };
    let operations = stream.operations.iter().map(|index| &scenario.operations[*index]).enumerate();
    let pages = operations.filter(|(_, operation)| operation.client_waits && operation.think.mean() > 0.0);
    let pages: f64 = pages.map(|(place, operation)| stream.executions(place, operation)).sum();
    let changing: f64 =
        scenario.groups.iter().filter(|group| group.new_address_per_connection).map(|group| group.share).sum();
    if route.reads_addresses() {
        (pages * moves * changing, changing == 0.0)
    } else if route.reads_domains() {
        (0.0, true)
    } else {
        (pages * moves, is_random(route))
    }
}

fn is_random(route: &Route) -> bool {
    matches!(route, Route::Switch(switch) if switch.algorithm == Algorithm::Random)
}
