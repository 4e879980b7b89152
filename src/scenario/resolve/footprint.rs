//! What a service's sessions keep in memory.

use super::Origin;
use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::Service;
use crate::scenario::memory::Footprint;
use crate::scenario::product::{LARGEST_PIECE, Product};
use crate::scenario::source::Source;
use crate::units::Bytes;
use toml::Spanned;

/// The scenario's own key, else the profile's, else the product's.
pub(super) fn footprint(
    source: &Source,
    name: &str,
    own: Option<(&Spanned<String>, &Service)>,
    profile: Option<&(Service, Origin)>,
    product: &Product,
    ledger: &mut Ledger,
) -> Result<Footprint, ScenarioError> {
    let mut take = |leaf: &str, of: fn(&Service) -> Option<Bytes>, default: Bytes| {
        let written = own.and_then(|(_, service)| of(service)).map(|value| (value, Origin::File));
        let habit = || profile.and_then(|(service, origin)| of(service).map(|value| (value, origin.clone())));
        let Some((value, origin)) = written.or_else(habit) else { return Ok(default) };
        if value > LARGEST_PIECE {
            let message = format!("`{leaf}` of service `{name}` is `{value}`; it is at most `{LARGEST_PIECE}`");
            return Err(
                own.map_or_else(|| source.error_in_file(&*message), |(at, _)| source.error(at.span(), &*message))
            );
        }
        ledger.note(&format!("service.{name}.{leaf}"), value.to_string(), origin);
        Ok(value)
    };
    let connection = take("connection_ram", |service| service.connection_ram, product.connection_ram)?;
    let worker = take("worker_ram", |service| service.worker_ram, product.worker_ram)?;
    Ok(Footprint { connection, worker })
}
