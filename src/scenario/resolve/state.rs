//! Where the operations of a service keep what they store: in the mail store that all share, or each node for itself.

use super::service_keys::ServiceKeys;
use super::settings::Ledger;
use crate::scenario::Operation;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::State;

/// Shared unless something else is written; entered in the `operations` of the service.
pub(super) fn state<'a>(
    keys: &ServiceKeys<'_>,
    operations: impl Iterator<Item = &'a mut Operation>,
    ledger: &mut Ledger,
) -> Result<(), ScenarioError> {
    let Some((state, origin)) = keys.get(|service| service.state) else { return Ok(()) };
    ledger.note(&keys.key("state"), format!("{state:?}").to_lowercase(), origin);
    let mut stores = false;
    for operation in operations {
        stores |= operation.uses_store();
        operation.local_state = state == State::Local;
    }
    if !stores && state == State::Local {
        let message = format!(
            "service `{}` reads and writes nothing in the mail store, so its `state` is about nothing",
            keys.name
        );
        return Err(keys.error(message));
    }
    Ok(())
}
