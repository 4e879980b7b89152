//! What a node has room for: connections, backlog, workers.

use super::Origin;
use super::settings::Ledger;
use crate::scenario::Limits;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{Service, WorkerFor};
use crate::scenario::source::Source;
use toml::Spanned;

/// Sessions that wait for a connection unless the scenario says otherwise: the listen backlog that Postfix asks for in
/// its distributed configuration. Assumption for other products.
const BACKLOG: u32 = 100;

/// The limits of a service: the scenario's own key, else the profile's, else none. `opens`: whether there are sessions that
/// open a mailbox.
pub(super) fn limits(
    source: &Source,
    name: &str,
    own: Option<(&Spanned<String>, &Service)>,
    profile: Option<&(Service, Origin)>,
    opens: bool,
    ledger: &mut Ledger,
) -> Result<Limits, ScenarioError> {
    let mut take = |leaf: &str, of: fn(&Service) -> Option<u32>| {
        let written = own.and_then(|(_, service)| of(service));
        let habit = profile.and_then(|(service, origin)| of(service).map(|value| (value, origin.clone())));
        let (value, origin) = match (written, habit) {
            (Some(value), _) => (Some(value), Origin::File),
            (None, Some((value, origin))) => (Some(value), origin),
            (None, None) => return Ok(None),
        };
        let least = u32::from(leaf != "backlog");
        let value = value.filter(|value| (least..=1_000_000).contains(value)).ok_or_else(|| {
            let message = format!("`{leaf}` of service `{name}` must be between {least} and a million");
            own.map_or_else(|| source.error_in_file(&*message), |(at, _)| source.error(at.span(), &*message))
        })?;
        ledger.note(&format!("service.{name}.{leaf}"), value.to_string(), origin);
        Ok(Some(value))
    };
    let connections = take("connections", |service| service.connections)?;
    let backlog = take("backlog", |service| service.backlog)?;
    let workers = take("workers", |service| service.workers)?;
    let queue_workers = take("queue_workers", |service| service.queue_workers)?;
    let written = own.and_then(|(_, service)| service.worker_for);
    let habit = profile.and_then(|(service, origin)| service.worker_for.map(|value| (value, origin.clone())));
    let worker_for = written.map(|value| (value, Origin::File)).or(habit);
    if let Some((value, origin)) = &worker_for {
        ledger.note(&format!("service.{name}.worker_for"), format!("{value:?}").to_lowercase(), origin.clone());
    }
    let worker_per_operation = worker_for.is_some_and(|(value, _)| value == WorkerFor::Operation);
    if let (Some(WorkerFor::Operation), None, Some((at, _))) = (written, workers, own) {
        let message = format!("`worker_for` of service `{name}` is about its workers; write how many in `workers`");
        return Err(source.error(at.span(), message));
    }
    if let (None, Some(_), Some((at, _))) = (connections, backlog, own) {
        let message =
            format!("`backlog` of service `{name}` is where sessions wait for one of `connections`; write both");
        return Err(source.error(at.span(), message));
    }
    let habit = profile.and_then(|(service, origin)| service.mailbox_lock.map(|lock| (lock, origin.clone())));
    let lock = own.and_then(|(_, service)| service.mailbox_lock).map(|lock| (lock, Origin::File)).or(habit);
    let mailbox_lock = lock.as_ref().is_some_and(|(lock, _)| *lock);
    if mailbox_lock && !opens {
        let message = format!("no session of `{name}` opens the mailbox of a pool; leave `mailbox_lock` out");
        return Err(own.map_or_else(|| source.error_in_file(&*message), |(at, _)| source.error(at.span(), &*message)));
    }
    if let Some((lock, origin)) = lock {
        ledger.note(&format!("service.{name}.mailbox_lock"), lock.to_string(), origin);
    }
    let backlog = backlog.unwrap_or(BACKLOG);
    Ok(Limits { connections, backlog, workers, queue_workers, worker_per_operation, mailbox_lock })
}
