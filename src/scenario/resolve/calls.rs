//! Operations that are done as a part of others: `calls = ["imap/fetch"]`.

use crate::scenario::error::ScenarioError;
use crate::scenario::file::Operation;
use crate::scenario::source::Source;
use std::ops::Range;

/// An operation that another one calls, by name, and where that was written.
pub(super) struct Call {
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) span: Range<usize>,
}

impl Call {
    /// The names, for looking it up once every operation has its number.
    pub(super) fn names(&self) -> (String, String) {
        (self.service.clone(), self.operation.clone())
    }
}

/// What an operation of `service` calls.
pub(super) fn calls(source: &Source, service: &str, written: &Operation) -> Result<Vec<Call>, ScenarioError> {
    let mut calls = Vec::new();
    for text in written.calls.iter().flatten() {
        let Some((callee, operation)) = text.get_ref().split_once('/') else {
            let message = format!(
                "`{}` names no operation of another service; write for example `\"imap/fetch\"`",
                text.get_ref()
            );
            return Err(source.error(text.span(), message));
        };
        if callee == service {
            let message = format!(
                "`{}` is an operation of the same service; list it in the session's `operations`",
                text.get_ref()
            );
            return Err(source.error(text.span(), message));
        }
        calls.push(Call { service: callee.to_owned(), operation: operation.to_owned(), span: text.span() });
    }
    Ok(calls)
}

/// Refuses what can't be done on behalf of another operation.
pub(super) fn check_called(source: &Source, call: &Call, called: &Operation) -> Result<(), ScenarioError> {
    let what = format!("{}/{}", call.service, call.operation);
    let complain = |message: String| Err(source.error(call.span.clone(), message));
    if called.calls.as_ref().is_some_and(|calls| !calls.is_empty()) {
        return complain(format!("`{what}` calls others itself, and calls go one deep; call those from here too"));
    }
    if called.reply == Some(crate::scenario::file::Reply::Before) {
        return complain(format!(
            "nobody waits for `{what}` (`reply = \"before\"`), so nobody calls it; list it in the session's `operations`"
        ));
    }
    if called.think.is_some() {
        return complain(format!("a server calls `{what}`, and servers don't `think`; leave that out there"));
    }
    Ok(())
}
