//! How many mail domains a population has, and how unequal they are.

use super::settings::Ledger;
use crate::scenario::domains::Domains;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{Algorithm, File, Population, Routing};
use crate::scenario::source::Source;

/// Zipf's exponent unless the scenario says otherwise: clients over domains are pure Zipf in the studies of balancing by DNS
/// (Colajanni, Yu and Cardellini 1998).
const SKEW: f64 = 1.0;

/// The domains of a population whose number is known, after those of others.
pub(super) fn domains(
    source: &Source,
    file: &File,
    (name, population): (&str, &Population),
    (first, number): (u64, u64),
    ledger: &mut Ledger,
) -> Result<Domains, ScenarioError> {
    let written = population.domain_skew.as_ref();
    let skew = written.map_or(SKEW, |skew| *skew.get_ref());
    if let Some(written) = written.filter(|_| !(0.0..=3.0).contains(&skew)) {
        let message = format!("`domain_skew` is `{skew}`; it must be between 0, all of one size, and 3");
        return Err(source.error(written.span(), message));
    }
    let by_content = |routing: &Routing| {
        let switch = match routing {
            Routing::Switch(switch) => Some(switch),
            Routing::Nlb(_) => None,
            Routing::RoundRobinDns(dns) => dns.within.as_ref().and_then(|within| within.switch.as_ref()),
        };
        switch.is_some_and(|switch| switch.algorithm == Algorithm::Content)
    };
    if written.is_some() || file.routing.values().any(by_content) {
        let own = written.map(|_| skew);
        ledger.take(&format!("population.{name}.domain_skew"), own.as_ref(), SKEW, f64::to_string);
    }
    Ok(Domains { first, number, skew })
}
