//! Where the operations of a service keep what they store: in the mail store that all share, or each node for itself.

use super::Origin;
use super::settings::Ledger;
use crate::scenario::Operation;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{Service, State};
use crate::scenario::source::Source;
use toml::Spanned;

/// The scenario's own key, else the profile's, else shared; entered in the `operations` of the service.
pub(super) fn state<'a>(
    source: &Source,
    name: &str,
    own: Option<(&Spanned<String>, &Service)>,
    profile: Option<&(Service, Origin)>,
    operations: impl Iterator<Item = &'a mut Operation>,
    ledger: &mut Ledger,
) -> Result<(), ScenarioError> {
    let written = own.and_then(|(_, service)| service.state).map(|state| (state, Origin::File));
    let habit = || profile.and_then(|(service, origin)| Some((service.state?, origin.clone())));
    let Some((state, origin)) = written.or_else(habit) else { return Ok(()) };
    ledger.note(&format!("service.{name}.state"), format!("{state:?}").to_lowercase(), origin);
    let mut stores = false;
    for operation in operations {
        stores |= operation.uses_store();
        operation.local_state = state == State::Local;
    }
    if !stores && state == State::Local {
        let message =
            format!("service `{name}` reads and writes nothing in the mail store, so its `state` is about nothing");
        return Err(own.map_or_else(|| source.error_in_file(&*message), |(at, _)| source.error(at.span(), &*message)));
    }
    Ok(())
}
