//! Round-robin DNS: what the zone says.

use super::operation::print_law;
use super::settings::Ledger;
use super::within;
use crate::random::Law;
use crate::scenario::dns::RoundRobinDns;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, Balancer, Choice, File, Role, Rotation, Routing};
use crate::scenario::source::Source;
use crate::scenario::topology::Cluster;
use crate::units::Time;

/// The usual time to live of addresses that share a load; from memory of many zones.
const TTL: Time = Time::from_secs(300);
/// BIND keeps nothing for longer (`max-cache-ttl`).
const LONGEST_TTL: Time = Time::from_secs(7 * 86_400);
/// A name server in another network of the same continent. Assumption.
const ROUND_TRIP: Time = Time::from_millis(50);
const LONGEST_ROUND_TRIP: Time = Time::from_secs(60);
const MOST_TRIPS: u32 = 10;

/// What a query takes on the reference core: name servers of its time answered some thousand queries a second; from memory.
const QUERY_CPU: Time = Time(100_000);

/// Whether any service is reached by DNS.
pub(super) fn is_used(file: &File) -> bool {
    file.routing.values().any(|routing| matches!(routing, Routing::RoundRobinDns(_)))
}

/// Whether any service is reached by DNS, be it only in a search.
pub(super) fn is_asked(file: &File) -> bool {
    let tries = |balancers: &Choice<Balancer>| match balancers {
        Choice::All => true,
        Choice::These(these) => these.contains(&Balancer::RoundRobinDns),
    };
    let balancers = file.plan.as_ref().and_then(|plan| plan.balancers.as_ref());
    is_used(file) || balancers.is_some_and(|balancers| tries(balancers.get_ref()))
}

/// The zone of a name about which a scenario says nothing.
pub(super) fn usual() -> RoundRobinDns {
    RoundRobinDns { ttl: TTL, rotation: Rotation::Random, search: ROUND_TRIP, within: None }
}

/// The zone whose keys begin so, for a service on these nodes.
pub(super) fn resolve<'a>(
    source: &Source,
    key: &str,
    written: &file::RoundRobinDns,
    nodes: impl Iterator<Item = &'a str> + Clone,
    ledger: &mut Ledger,
) -> Result<RoundRobinDns, ScenarioError> {
    let at = |leaf: &str| format!("{key}.{leaf}");
    let own = written.ttl.as_ref().map(|ttl| *ttl.get_ref());
    let ttl = ledger.take(&at("ttl"), own.as_ref(), TTL, Time::to_string);
    if let Some(own) = written.ttl.as_ref().filter(|_| ttl > LONGEST_TTL) {
        let message = format!("`ttl` is `{ttl}`; resolvers keep nothing for longer than a week, so write at most that");
        return Err(source.error(own.span(), message));
    }
    let rotation =
        ledger.take(&at("rotation"), written.rotation.as_ref(), Rotation::Random, |own| own.name().to_owned());
    let own = written.trips.as_ref().map(|trips| *trips.get_ref());
    let trips = ledger.take(&at("trips"), own.as_ref(), 1, u32::to_string);
    if let Some(own) = written.trips.as_ref().filter(|_| !(1..=MOST_TRIPS).contains(&trips)) {
        let message = format!("`trips` is `{trips}`; it must be between 1, the zone's server alone, and {MOST_TRIPS}");
        return Err(source.error(own.span(), message));
    }
    let own = written.round_trip.as_ref().map(|trip| *trip.get_ref());
    let round_trip = ledger.take(&at("round_trip"), own.as_ref(), ROUND_TRIP, Time::to_string);
    if let Some(own) = written.round_trip.as_ref().filter(|_| round_trip > LONGEST_ROUND_TRIP) {
        return Err(source.error(own.span(), format!("`round_trip` is `{round_trip}`; it must be at most a minute")));
    }
    let within = match &written.within {
        None => None,
        Some(own) => Some(within::behind_dns(source, &at("within"), own, nodes, ledger)?),
    };
    Ok(RoundRobinDns { ttl, rotation, search: round_trip * u64::from(trips), within })
}

/// What a query costs the name servers of the cluster, if it has any.
pub(super) fn query_cpu(
    source: &Source,
    file: &File,
    cluster: &Cluster,
    ledger: &mut Ledger,
) -> Result<Law, ScenarioError> {
    if cluster.of_role(Role::NameServer).next().is_none() {
        if file.dns.is_some() {
            let message = "`[dns]` is about a name server of the cluster, and there is none; write a `[node.name-server]` \
                           with its `tier`, or leave `[dns]` out";
            return Err(source.error_in_file(message));
        }
        return Ok(Law::ZERO);
    }
    let usual = Law::constant(QUERY_CPU.as_secs_f64()).expect("a tenth of a millisecond is a time");
    let written = file.dns.as_ref().and_then(|dns| dns.cpu.as_ref()).map(|written| written.law.clone());
    Ok(ledger.take("dns.cpu", written.as_ref(), usual, print_law))
}
