//! What a service's sessions keep in memory.

use super::service_keys::ServiceKeys;
use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::Service;
use crate::scenario::memory::Footprint;
use crate::scenario::product::{LARGEST_PIECE, Product};
use crate::units::Bytes;

/// The product's unless something else is written.
pub(super) fn footprint(
    keys: &ServiceKeys<'_>,
    product: &Product,
    ledger: &mut Ledger,
) -> Result<Footprint, ScenarioError> {
    let mut take = |leaf: &str, of: fn(&Service) -> Option<Bytes>, default: Bytes| {
        let Some((value, origin)) = keys.get(of) else { return Ok(default) };
        if value > LARGEST_PIECE {
            let name = keys.name;
            return Err(
                keys.error(format!("`{leaf}` of service `{name}` is `{value}`; it is at most `{LARGEST_PIECE}`"))
            );
        }
        ledger.note(&keys.key(leaf), value.to_string(), origin);
        Ok(value)
    };
    let connection = take("connection_ram", |service| service.connection_ram, product.connection_ram)?;
    let worker = take("worker_ram", |service| service.worker_ram, product.worker_ram)?;
    Ok(Footprint { connection, worker })
}
