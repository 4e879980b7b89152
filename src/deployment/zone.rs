//! The records of a design as lines for the zone file of the domain.

use super::dns::{DOMAIN, Record, dns};
use crate::scenario::{Route, Scenario};
use crate::units::Time;

/// What is not balanced by DNS may be kept for an hour. Assumption.
const KEPT: Time = Time::from_secs(3_600);

/// The lines, in the form of RFC 1035; the domain and the addresses are examples.
#[must_use]
pub fn zone(scenario: &Scenario) -> String {
    let ttl = (0..scenario.services.len())
        .filter_map(|service| match scenario.cluster.route(service) {
            Some(Route::RoundRobinDns(zone)) => Some(zone.ttl),
            Some(Route::Switch(_) | Route::Nlb(_)) | None => None,
        })
        .min()
        .unwrap_or(KEPT);
    let mut text = format!(
        "; lines for the zone of {DOMAIN}; your domain and your addresses take the place of the examples\n\
         $ORIGIN {DOMAIN}.\n$TTL {}\n",
        KEPT.as_secs_f64()
    );
    for record in dns(scenario) {
        text += &match record {
            Record::Address { name, address } => {
                format!("{:<10} {:>5} IN A  {address}\n", own(&name), ttl.as_secs_f64())
            }
            Record::Mail { preference, host } => format!("{:<10} {:>5} IN MX {preference} {}\n", "@", "", own(&host)),
        };
    }
    text
}

/// The name without the domain.
fn own(name: &str) -> &str {
    name.strip_suffix(DOMAIN).and_then(|name| name.strip_suffix('.')).unwrap_or(name)
}
