//! What a node has room for: connections, backlog, workers.

use super::service_keys::ServiceKeys;
use super::settings::Ledger;
use crate::scenario::Limits;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{Service, WorkerFor};

/// Sessions that wait for a connection unless the scenario says otherwise: the listen backlog that Postfix asks for in
/// its distributed configuration. Assumption for other products.
const BACKLOG: u32 = 100;

/// The limits of a service; none where nothing is written. `opens`: whether there are sessions that open a mailbox.
pub(super) fn limits(keys: &ServiceKeys<'_>, opens: bool, ledger: &mut Ledger) -> Result<Limits, ScenarioError> {
    let name = keys.name;
    let mut take = |leaf: &str, of: fn(&Service) -> Option<u32>| {
        let Some((value, origin)) = keys.get(of) else { return Ok(None) };
        let least = u32::from(leaf != "backlog");
        if !(least..=1_000_000).contains(&value) {
            return Err(keys.error(format!("`{leaf}` of service `{name}` must be between {least} and a million")));
        }
        ledger.note(&keys.key(leaf), value.to_string(), origin);
        Ok(Some(value))
    };
    let connections = take("connections", |service| service.connections)?;
    let backlog = take("backlog", |service| service.backlog)?;
    let workers = take("workers", |service| service.workers)?;
    let queue_workers = take("queue_workers", |service| service.queue_workers)?;
    let worker_for = keys.get(|service| service.worker_for);
    if let Some((value, origin)) = &worker_for {
        ledger.note(&keys.key("worker_for"), format!("{value:?}").to_lowercase(), origin.clone());
    }
    let worker_per_operation = worker_for.is_some_and(|(value, _)| value == WorkerFor::Operation);
    if let Some((_, own)) = keys.own {
        if own.worker_for == Some(WorkerFor::Operation) && workers.is_none() {
            let message = format!("`worker_for` of service `{name}` is about its workers; write how many in `workers`");
            return Err(keys.error(message));
        }
        if connections.is_none() && backlog.is_some() {
            let message =
                format!("`backlog` of service `{name}` is where sessions wait for one of `connections`; write both");
            return Err(keys.error(message));
        }
    }
    let lock = keys.get(|service| service.mailbox_lock);
    let mailbox_lock = lock.as_ref().is_some_and(|(lock, _)| *lock);
    if mailbox_lock && !opens {
        let message = format!("no session of `{name}` opens the mailbox of a pool; leave `mailbox_lock` out");
        return Err(keys.error(message));
    }
    if let Some((lock, origin)) = lock {
        ledger.note(&keys.key("mailbox_lock"), lock.to_string(), origin);
    }
    let backlog = backlog.unwrap_or(BACKLOG);
    Ok(Limits { connections, backlog, workers, queue_workers, worker_per_operation, mailbox_lock })
}
