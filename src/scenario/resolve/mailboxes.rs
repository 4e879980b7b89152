//! Mailboxes: how large they are, and how much of them is read again and again.

use super::settings::Ledger;
use super::{Origin, product::plain};
use crate::scenario::error::ScenarioError;
use crate::scenario::file::File;
use crate::scenario::memory::Mailboxes;
use crate::scenario::source::Source;
use crate::units::{Bytes, Share};

/// The part of a mailbox that is read again and again, unless the scenario says otherwise: all of it. A POP client reads
/// everything and deletes it; where mail is kept (IMAP), much less is, and the user should say how much. All is the
/// cautious choice: the cache then helps least. Assumption.
const ACTIVE: Share = Share(1.0);

/// The largest mean mailbox: far beyond any quota.
const LARGEST: Bytes = Bytes(1_000_000_000_000);

/// The mailboxes of each population.
pub(super) fn resolve(source: &Source, file: &File, ledger: &mut Ledger) -> Result<Vec<Mailboxes>, ScenarioError> {
    let mut all = Vec::new();
    for (name, written) in &file.population {
        let key = |leaf: &str| format!("population.{}.{leaf}", name.get_ref());
        let mailbox = plain(written.mailbox.as_ref());
        if let Some((mailbox, at)) = mailbox.zip(written.mailbox.as_ref()) {
            if !(1..=LARGEST.0).contains(&mailbox.0) {
                let message = format!("`mailbox` is `{mailbox}`; it must be between `1 B` and `{LARGEST}`");
                return Err(source.error(at.span(), message));
            }
            ledger.note(&key("mailbox"), mailbox.to_string(), Origin::File);
            let active = plain(written.active.as_ref());
            let active = ledger.take(&key("active"), active.as_ref(), ACTIVE, Share::to_string);
            all.push(Mailboxes { users: *written.users.get_ref(), mailbox: Some(mailbox), active: active.0 });
            continue;
        }
        if let Some(active) = &written.active {
            let message = "`active` is a share of the mailboxes, and their size is not known; write `mailbox` too";
            return Err(source.error(active.span(), message));
        }
        all.push(Mailboxes { users: *written.users.get_ref(), mailbox: None, active: ACTIVE.0 });
    }
    let known = all.iter().filter(|mailboxes| mailboxes.mailbox.is_some()).count();
    let lacks = all.iter().zip(file.population.keys()).find(|(mailboxes, _)| mailboxes.mailbox.is_none());
    if let Some((_, name)) = lacks.filter(|_| known > 0) {
        let message =
            format!("population `{}` has no `mailbox`, and another one has; write it for all", name.get_ref());
        return Err(source.error(name.span(), message));
    }
    Ok(all)
}
