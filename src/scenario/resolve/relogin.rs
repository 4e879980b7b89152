//! Services whose sessions take a connection for each page, and log in again where they are not known.

use super::service_keys::ServiceKeys;
use super::settings::Ledger;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::{Operation, Stream};

/// The operation that is done again, if the service has one.
pub(super) fn relogin(
    keys: &ServiceKeys<'_>,
    service: usize,
    (operations, streams): (&[Operation], &[Stream]),
    ledger: &mut Ledger,
) -> Result<Option<usize>, ScenarioError> {
    let written = keys.get(|service| service.relogin.as_ref().map(|name| name.get_ref().clone()));
    let Some((name, origin)) = written else { return Ok(None) };
    let own = || operations.iter().enumerate().filter(|(_, operation)| operation.service == service);
    let Some((index, _)) = own().find(|(_, operation)| operation.name == name) else {
        let message = unknown("operation", &name, own().map(|(_, operation)| operation.name.as_str()));
        return Err(keys.error(format!("`relogin` of service `{}`: {message}", keys.name)));
    };
    if streams.iter().any(|stream| stream.service == service && stream.standing.is_some()) {
        let message =
            format!("a session of `{}` has a connection for each page; leave `relogin` or `stays` out", keys.name);
        return Err(keys.error(message));
    }
    ledger.note(&keys.key("relogin"), name, origin);
    Ok(Some(index))
}
