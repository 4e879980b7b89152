//! How services start again that use the mail store of another node.

use super::people::People;
use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::File;
use crate::scenario::source::Source;
use crate::scenario::store_start::{RESTART_AFTER, StoreStart};
use crate::scenario::topology::Cluster;
use crate::units::Time;
use toml::Spanned;

const DAY: Time = Time::from_secs(86_400);

/// The order and the times; none where the scenario says nothing about them.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    cluster: &Cluster,
    people: &People,
    ledger: &mut Ledger,
) -> Result<Option<StoreStart>, ScenarioError> {
    let Some(table) = &file.store else { return Ok(None) };
    let uses = people.operations.iter().any(|operation| operation.uses_store() && !operation.local_state);
    if !cluster.shares_store() || !uses {
        let message = "no service has its mail on another node, and none waits for a share; leave `[store]` out, or write a \
             configuration with a data server";
        return Err(source.error(table.span(), message));
    }
    if file.fault.is_empty() {
        let message =
            "nothing fails in this scenario, and nothing starts again; leave `[store]` out, or write a `[fault.X]`";
        return Err(source.error(table.span(), message));
    }
    let written = table.get_ref();
    let mut time = |leaf: &str, written: Option<&Spanned<Time>>, usual: Time, most: Time| {
        let own = written.map(|own| *own.get_ref());
        let time = ledger.take(&format!("store.{leaf}"), own.as_ref(), usual, Time::to_string);
        match written.filter(|_| time > most) {
            Some(own) => Err(source.error(own.span(), format!("`{leaf}` is `{time}`; it is at most `{most}`"))),
            None => Ok(time),
        }
    };
    let start_time = time("start_time", written.start_time.as_ref(), Time::ZERO, DAY)?;
    let depends = written.depends.as_ref().is_none_or(|depends| *depends.get_ref());
    let restart_after = match (&written.restart_after, depends) {
        (Some(own), true) => {
            let message = "services that depend on the store need nobody to start them; leave `restart_after` out, or write \
                           `depends = false`";
            return Err(source.error(own.span(), message));
        }
        (None, true) => None,
        (own, false) => Some(time("restart_after", own.as_ref(), RESTART_AFTER, DAY * 7)?),
    };
    ledger.take("store.depends", written.depends.as_ref().map(Spanned::get_ref), true, bool::to_string);
    Ok(Some(StoreStart { start_time, restart_after }))
}
