//! The ways of balancing that a search tries.

use super::people::People;
use super::settings::Ledger;
use super::{Origin, dns, nlb};
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, Algorithm, Balancer, Choice, Configuration, SwitchPairs};
use crate::scenario::source::Source;
use crate::scenario::{Cluster, Nlb, RoundRobinDns, Route, Survive, Switch};
use toml::Spanned;

/// The algorithms of a switch unless the scenario says otherwise: the one that knows nothing of the nodes, and the one that
/// sees how much each of them has to do.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::RoundRobin, Algorithm::LeastConnections];

/// For each way to try, how the sessions of each service find a node; none where the scenario's own is the only one.
///
/// What a service has of a kind in the scenario (checks, time to live, affinity) it keeps in every way of that kind; what it
/// has not is as it is by default.
pub(super) fn ways(
    source: &Source,
    (written, configurations): (&file::Plan, &[Configuration]),
    cluster: &Cluster,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Option<Vec<Vec<Route>>>, ScenarioError> {
    let Some(balancers) = &written.balancers else {
        if let Some(own) = &written.algorithms {
            let message = "`algorithms` are those of a switch among the `balancers` that are tried; write for example \
                           `balancers = [\"switch\"]` beside it";
            return Err(source.error(own.span(), message));
        }
        return Ok(None);
    };
    if configurations.iter().all(|one| *one.primaries().end() == 1) {
        let message = "no configuration of `[plan]` has several primaries, and there is nothing to balance; leave `balancers` \
                       out, or add `multiple-primaries`";
        return Err(source.error(balancers.span(), message));
    }
    let mut kinds: Vec<Balancer> = match balancers.get_ref() {
        Choice::All => Balancer::ALL.to_vec(),
        Choice::These(these) => these.clone(),
    };
    kinds.sort_unstable();
    kinds.dedup();
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    ledger.note("plan.balancers", names.join(", "), Origin::File);
    let algorithms = algorithms(source, written, kinds.contains(&Balancer::Switch), people, ledger)?;
    let own = cluster.routing.as_deref().unwrap_or_default();
    let mut ways = Vec::new();
    for kind in kinds {
        match kind {
            Balancer::RoundRobinDns => ways.push(each(people, |service| Route::RoundRobinDns(zone(own, service)))),
            Balancer::Switch => {
                let with = |algorithm: &Algorithm| {
                    each(people, |service| Route::Switch(choosing(switch(own, service), *algorithm)))
                };
                ways.extend(algorithms.iter().map(with));
            }
            Balancer::Nlb => ways.push(each(people, |service| Route::Nlb(hosts(own, service, people)))),
        }
    }
    Ok(Some(ways))
}

fn each(people: &People, route: impl Fn(usize) -> Route) -> Vec<Route> {
    (0..people.services.len()).map(route).collect()
}

/// The algorithms of the switch to try.
fn algorithms(
    source: &Source,
    written: &file::Plan,
    has_switch: bool,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Vec<Algorithm>, ScenarioError> {
    if let Some(own) = written.algorithms.as_ref().filter(|_| !has_switch) {
        let message = "`algorithms` are those of a switch, and `balancers` names none; write `\"switch\"` there, or leave \
                       `algorithms` out";
        return Err(source.error(own.span(), message));
    }
    if !has_switch {
        return Ok(Vec::new());
    }
    let bare = people.streams.iter().find(|stream| stream.domains.is_none());
    let mut algorithms = match written.algorithms.as_ref().map(Spanned::get_ref) {
        None => ALGORITHMS.to_vec(),
        Some(Choice::All) => {
            Algorithm::ALL.into_iter().filter(|one| *one != Algorithm::Content || bare.is_none()).collect()
        }
        Some(Choice::These(these)) => these.clone(),
    };
    algorithms.sort_unstable();
    algorithms.dedup();
    if let (Some(bare), Some(own)) = (bare.filter(|_| algorithms.contains(&Algorithm::Content)), &written.algorithms) {
        let message = format!(
            "the sessions of the bare stream `{}` are for no domain, and `content` chooses by it; leave `content` out",
            bare.name
        );
        return Err(source.error(own.span(), message));
    }
    let origin = if written.algorithms.is_some() { Origin::File } else { Origin::Default };
    let names: Vec<&str> = algorithms.iter().map(|algorithm| algorithm.name()).collect();
    ledger.note("plan.algorithms", names.join(", "), origin);
    Ok(algorithms)
}

/// What a service has of a kind, else what another one has. What stands before something else is no way by itself.
fn switch(routes: &[Route], service: usize) -> Switch {
    let plain = |route: &Route| match route {
        Route::Switch(switch) if switch.within.is_none() => Some(switch.clone()),
        Route::Switch(_) | Route::RoundRobinDns(_) | Route::Nlb(_) => None,
    };
    let known = routes.get(service).and_then(plain).or_else(|| routes.iter().find_map(plain));
    known.unwrap_or(Switch::new(Algorithm::RoundRobin))
}

/// The same switch with another algorithm, without what this one has no use for.
fn choosing(switch: Switch, algorithm: Algorithm) -> Switch {
    let follows = algorithm.follows_weights();
    Switch {
        algorithm,
        replacement: switch.replacement && algorithm == Algorithm::RandomTwoChoices,
        agent: switch.agent.filter(|_| follows),
        slow_start: switch.slow_start.filter(|_| follows),
        ..switch
    }
}

fn zone(routes: &[Route], service: usize) -> RoundRobinDns {
    let plain = |route: &Route| match route {
        Route::RoundRobinDns(zone) if zone.within.is_none() => Some(zone.clone()),
        Route::RoundRobinDns(_) | Route::Switch(_) | Route::Nlb(_) => None,
    };
    let known = routes.get(service).and_then(plain).or_else(|| routes.iter().find_map(plain));
    known.unwrap_or_else(dns::usual)
}

/// Hosts of any number: weights of single ones by name mean nothing to a search.
fn hosts(routes: &[Route], service: usize, people: &People) -> Nlb {
    let known = routes.get(service).and_then(Route::nlb).or_else(|| routes.iter().find_map(Route::nlb));
    let mut nlb = Nlb { weights: std::collections::BTreeMap::new(), ..known.cloned().unwrap_or_else(nlb::usual) };
    nlb.even = nlb::is_even(&nlb, people, service);
    nlb
}

/// Whether a second switch stands by.
pub(super) fn pairs(
    source: &Source,
    written: &file::Plan,
    (ways, own): (Option<&[Vec<Route>]>, &Cluster),
    (has_pair, survive): (bool, Survive),
    ledger: &mut Ledger,
) -> Result<SwitchPairs, ScenarioError> {
    let default = if has_pair { SwitchPairs::Always } else { SwitchPairs::Never };
    let Some(chosen) = &written.switch_pair else { return Ok(default) };
    let pairs = *chosen.get_ref();
    let mut routes = ways.unwrap_or_default().iter().chain(&own.routing).flatten();
    // Where the scenario routes nothing, a search puts a switch before several primaries.
    let has_switch = routes.any(Route::has_switch) || (ways.is_none() && own.routing.is_none());
    let message = if pairs == SwitchPairs::AsNeeded && survive == Survive::None {
        "nothing must be outlasted, so no second switch is needed; write `survive = \"one-node\"`, or `switch_pair = \"always\"`"
    } else if !has_switch {
        "no way of balancing that is tried has a switch; leave `switch_pair` out, or add `\"switch\"` to `balancers`"
    } else {
        ledger.note("plan.switch_pair", pairs.name().to_owned(), Origin::File);
        return Ok(pairs);
    };
    Err(source.error(chosen.span(), message))
}
