//! Queries that reach the zone's name servers.

use super::certainty::Certainty;
use crate::scenario::{Scenario, Stream};

/// Queries per second by all resolvers for all services, when sessions come at these rates.
///
/// A resolver that clients ask as a Poisson process of rate `λ`, and that keeps an answer for `T`, asks the zone once in
/// `T + 1/λ`: as often as answers expire, or as clients come where nothing is kept. That is exact at a constant rate. A rate
/// that changes makes fewer queries than its mean, and so do clients that pin.
pub(super) fn queries(scenario: &Scenario, rate_per_s: impl Fn(&Stream) -> f64) -> (f64, Certainty) {
    let (mut total, mut certainty) = (0.0, Certainty::Sure);
    for service in 0..scenario.services.len() {
        let Some(zone) = scenario.cluster.zone(service) else { continue };
        let streams = scenario.streams.iter().filter(|own| own.service == service && !own.on_open_connections);
        let mut per_s = 0.0;
        for stream in streams {
            per_s += rate_per_s(stream) * stream.arrivals_at(0);
            if stream.changes() || stream.source.is_some() {
                certainty = Certainty::UnlessRefused;
            }
        }
        for (group, resolvers) in scenario.groups.iter().filter_map(|group| Some((group, group.resolvers?))) {
            let of_group = per_s * group.share;
            let per_address = of_group / group.addresses as f64;
            let knows = per_address / (per_address + 1.0 / resolvers.pin_life.as_secs_f64());
            let asking = of_group * (1.0 - resolvers.pinners * knows);
            if resolvers.pinners > 0.0 || (resolvers.stretchers > 0.0 && resolvers.stretchers < 1.0) {
                certainty = Certainty::UnlessRefused;
            }
            let mut before = 0;
            for end in resolvers.ends(group.addresses) {
                let part = (end - std::mem::replace(&mut before, end)) as f64 / group.addresses as f64;
                let (clients, share) = (part * asking, resolvers.stretchers);
                for (stretches, share) in [(false, 1.0 - share), (true, share)] {
                    let keeps = resolvers.keeps(zone.ttl, stretches).as_secs_f64();
                    let cycle = if keeps > 0.0 { keeps + zone.search.as_secs_f64() } else { 0.0 };
                    total += share * clients / (1.0 + clients * cycle);
                }
            }
        }
    }
    (total, certainty)
}
