//! Which sessions carry mail, and where among their operations a message has been taken.

use crate::scenario::Operation;
use crate::scenario::file::{Messages, Times};

/// Whether a session carries mail: it does when one of its operations delivers. `remote` is the share of its messages that
/// leave the cluster.
///
/// # Errors
/// Why its mail would not all be taken and delivered once, and the remedy.
pub(super) fn carries(operations: &[(String, Operation)], remote: f64, stands_open: bool) -> Result<bool, String> {
    let delivering: Vec<&(String, Operation)> = operations.iter().filter(|(_, o)| o.delivers).collect();
    let Some((name, _)) = delivering.first() else { return Ok(false) };
    if let Some((name, _)) = delivering.iter().find(|(_, o)| o.times == Times::Once) {
        return Err(format!(
            "operation `{name}` delivers, and is done once; write `times = \"per-message\"` or `\"per-recipient\"`"
        ));
    }
    if stands_open {
        return Err(format!(
            "operation `{name}` delivers mail that comes on a connection which stands open; let it come in a session of its own"
        ));
    }
    let kinds = [("stay in", Messages::Local, 1.0 - remote), ("leave", Messages::Remote, remote)];
    for (do_what, kind, _) in kinds.into_iter().filter(|(.., share)| *share > 0.0) {
        let mut by = delivering.iter().filter(|(_, o)| o.messages == Messages::All || o.messages == kind);
        match (by.next(), by.next()) {
            (Some(_), None) => {}
            (None, _) => {
                return Err(format!(
                    "no operation delivers the messages that {do_what} the cluster; write `delivers = true` in the one that does"
                ));
            }
            (Some((one, _)), Some((other, _))) => {
                return Err(format!(
                    "operations `{one}` and `{other}` both deliver the messages that {do_what} the cluster; leave `delivers` \
                     out of one"
                ));
            }
        }
    }
    if taken_at(operations.iter().map(|(_, operation)| operation)).is_none() {
        return Err(
            "no operation takes the messages: one that is done per message, and that the client waits for before any work \
             after the reply"
                .to_owned(),
        );
    }
    Ok(true)
}

/// The place of the last operation that a client waits for with each message, before any work after the reply.
pub(super) fn taken_at<'a>(operations: impl Iterator<Item = &'a Operation>) -> Option<usize> {
    let before = operations.enumerate().take_while(|(_, operation)| operation.client_waits);
    before.filter(|(_, operation)| operation.times != Times::Once).last().map(|(place, _)| place)
}
