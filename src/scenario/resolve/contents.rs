//! Mailboxes: how large they are, how much of them is read again and again, and how they grow.

use super::settings::Ledger;
use super::{Origin, product::plain};
use crate::scenario::Contents;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{File, Population, StoreTransfer};
use crate::scenario::source::Source;
use crate::scenario::{Operation, Stream};
use crate::units::{Bytes, Growth, Share, Time};
use toml::Spanned;

/// The part of a mailbox that is read again and again, unless the scenario says otherwise: all of it. A POP client reads
/// everything and deletes it; where mail is kept (IMAP), much less is, and the user should say how much. All is the
/// cautious choice: the cache then helps least. Assumption.
const ACTIVE: Share = Share(1.0);

/// The largest mean mailbox: far beyond any quota.
const LARGEST: Bytes = Bytes(1_000_000_000_000);

/// The longest time that mail is kept.
const LONGEST: Time = Time::from_secs(100 * 366 * 86_400);

const SECONDS_PER_DAY: f64 = 86_400.0;

/// The mailboxes of each population.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    streams: &[Stream],
    operations: &[Operation],
    ledger: &mut Ledger,
) -> Result<Vec<Contents>, ScenarioError> {
    let mut all = Vec::new();
    for (name, written) in &file.population {
        let key = |leaf: &str| format!("population.{}.{leaf}", name.get_ref());
        let (users, mut contents) = (*written.users.get_ref(), Contents::unknown(*written.users.get_ref()));
        let received = received_per_day(&format!("{}/", name.get_ref()), streams, operations) / users as f64;
        let Some((mailbox, origin)) = mailbox(source, written, received)? else {
            all.push(contents);
            continue;
        };
        if let Some(retention) = &written.retention {
            ledger.note(&key("retention"), retention.get_ref().to_string(), Origin::File);
        }
        if let Some(quota) = &written.quota {
            ledger.note(&key("quota"), quota.get_ref().to_string(), Origin::File);
        }
        ledger.note(&key("mailbox"), mailbox.to_string(), origin);
        let active = plain(written.active.as_ref());
        let growth = plain(written.growth.as_ref());
        contents.mailbox = Some(mailbox);
        contents.active = ledger.take(&key("active"), active.as_ref(), ACTIVE, Share::to_string).0;
        contents.growth = ledger.take(&key("growth"), growth.as_ref(), Growth(0.0), Growth::to_string).0;
        all.push(contents);
    }
    let known = all.iter().filter(|contents| contents.mailbox.is_some()).count();
    let lacks = all.iter().zip(file.population.keys()).find(|(contents, _)| contents.mailbox.is_none());
    if let Some((_, name)) = lacks.filter(|_| known > 0) {
        let message =
            format!("population `{}` has no `mailbox`, and another one has; write it for all", name.get_ref());
        return Err(source.error(name.span(), message));
    }
    Ok(all)
}

/// The mean size of a mailbox: as written, or what is received in the time that mail is kept; never above the quota. Of
/// mailboxes around the quota the mean alone is known, so those above it are not cut one by one.
fn mailbox(
    source: &Source,
    written: &Population,
    received_per_day: f64,
) -> Result<Option<(Bytes, Origin)>, ScenarioError> {
    let in_range = |leaf: &str, size: &Spanned<Bytes>| {
        let bytes = *size.get_ref();
        if (1..=LARGEST.0).contains(&bytes.0) {
            return Ok(bytes);
        }
        Err(source.error(size.span(), format!("`{leaf}` is `{bytes}`; it must be between `1 B` and `{LARGEST}`")))
    };
    let quota = written.quota.as_ref().map_or(Ok(LARGEST), |quota| in_range("quota", quota))?;
    match (&written.mailbox, &written.retention) {
        (Some(_), Some(retention)) => {
            let message =
                "the size of the mailboxes follows from `retention`, and is written in `mailbox`; write one of them";
            Err(source.error(retention.span(), message))
        }
        (Some(mailbox), None) => Ok(Some((in_range("mailbox", mailbox)?.min(quota), Origin::File))),
        (None, Some(retention)) => {
            let kept = *retention.get_ref();
            if kept == Time::ZERO || kept > LONGEST {
                let message = format!("`retention` is `{kept}`; it must be above zero and at most a century");
                return Err(source.error(retention.span(), message));
            }
            let bytes = received_per_day * kept.as_secs_f64() / SECONDS_PER_DAY;
            if bytes < 1.0 {
                let message = "no session puts anything into a mailbox, so nothing is kept; write `mailbox` instead";
                return Err(source.error(retention.span(), message));
            }
            Ok(Some((Bytes(bytes.round() as u64).min(quota), Origin::Default)))
        }
        (None, None) => {
            let complain = |leaf: &str, span| {
                let message = format!(
                    "`{leaf}` is about mailboxes whose size is not known; write `mailbox`, or the `retention` that it \
                     follows from"
                );
                Err(source.error(span, message))
            };
            match (&written.active, &written.quota, &written.growth) {
                (Some(active), _, _) => complain("active", active.span()),
                (_, Some(quota), _) => complain("quota", quota.span()),
                (_, _, Some(growth)) => complain("growth", growth.span()),
                (None, None, None) => Ok(None),
            }
        }
    }
}

/// Bytes that the sessions of a population, whose streams begin with its name, put into mailboxes on an average day.
fn received_per_day(prefix: &str, streams: &[Stream], operations: &[Operation]) -> f64 {
    let mut bytes = 0.0;
    for stream in streams.iter().filter(|stream| stream.name.starts_with(prefix)) {
        for (place, index) in stream.operations.iter().enumerate() {
            let operation = &operations[*index];
            if operation.store_transfer == StoreTransfer::Save && !operation.local_state {
                bytes += stream.per_day * stream.executions(place, operation) * stream.size.mean();
            }
        }
    }
    bytes
}
