//! Operations: defaults, what can't be, and where each key is from.

use super::Origin;
use super::settings::Ledger;
use crate::random::Law;
use crate::scenario::Operation;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, ClientTransfer, Messages, Reply, StoreTransfer, Times};
use crate::scenario::source::Source;
use crate::units::Time;
use std::ops::Range;

/// Gives an operation its defaults and refuses what can't be.
pub(super) fn completed(
    source: &Source,
    span: Range<usize>,
    written: &file::Operation,
) -> Result<Operation, ScenarioError> {
    let client_transfer = written.client_transfer.unwrap_or(ClientTransfer::None);
    let store_transfer = written.store_transfer.unwrap_or(StoreTransfer::None);
    let moves = client_transfer != ClientTransfer::None || store_transfer != StoreTransfer::None;
    let client_waits = written.reply.unwrap_or(Reply::After) == Reply::After;
    let times = written.times.unwrap_or(if moves { Times::PerMessage } else { Times::Once });
    let messages = written.messages.unwrap_or(Messages::All);
    let complain = |message: &str| Err(source.error(span.clone(), message));
    if moves && times == Times::Once {
        return complain("an operation that moves a message is done for each one; write `times = \"per-message\"`");
    }
    if messages != Messages::All && times == Times::Once {
        return complain("`messages` chooses among messages; write `times = \"per-message\"` or `\"per-recipient\"`");
    }
    let client = client_transfer != ClientTransfer::None || written.round_trips.unwrap_or(0) > 0;
    if !client_waits && client {
        return complain(
            "the client has gone when `reply = \"before\"`; leave `client_transfer` and `round_trips` out",
        );
    }
    if written.reload_first.is_some() && written.reload_per_domain.is_none() {
        return complain("`reload_first` is about changes of the configuration; write `reload_per_domain` too");
    }
    if !client_waits && (written.think.is_some() || written.calls.is_some()) {
        return complain("nobody waits when `reply = \"before\"`; leave `think` and `calls` out");
    }
    if written.concurrency.is_some_and(|most| !(1..=1_000_000).contains(&most)) {
        return complain("`concurrency` must be between 1 and a million");
    }
    let visits = [written.queue_writes, written.store_reads, written.store_writes, written.round_trips];
    if [written.queue_fsyncs, written.store_fsyncs].iter().flatten().any(|fsyncs| *fsyncs > 1_000) {
        return complain("`queue_fsyncs` and `store_fsyncs` are at most 1000 each");
    }
    if written.lookups.is_some_and(|lookups| lookups > 1_000) {
        return complain("`lookups` are at most 1000");
    }
    if visits.iter().flatten().any(|visits| *visits > 1_000) {
        return complain("`queue_writes`, `store_reads`, `store_writes` and `round_trips` are at most 1000 each");
    }
    let law = |law: &Option<crate::scenario::law::Written<Time>>| {
        law.as_ref().map_or(Law::ZERO, |written| written.law.clone())
    };
    Ok(Operation {
        name: String::new(),
        service: 0,
        cpu: law(&written.cpu),
        cpu_per_kb_s: written.cpu_per_kb.unwrap_or(Time::ZERO).as_secs_f64(),
        data_cpu: law(&written.data_cpu),
        lookups: written.lookups.unwrap_or(0),
        queue_writes: written.queue_writes.unwrap_or(0),
        store_reads: written.store_reads.unwrap_or(0),
        store_writes: written.store_writes.unwrap_or(0),
        queue_fsyncs: written.queue_fsyncs.unwrap_or(0),
        store_fsyncs: written.store_fsyncs.unwrap_or(0),
        client_transfer,
        store_transfer,
        round_trips: written.round_trips.unwrap_or(0),
        think: law(&written.think),
        remote_latency: law(&written.remote_latency),
        returns_after: Law::ZERO,
        reload_per_domain_s: written.reload_per_domain.unwrap_or(Time::ZERO).as_secs_f64(),
        reload_first: written.reload_first.map_or(0.0, |share| share.0),
        part: (0.0, 1.0),
        calls: Vec::new(),
        at_filter_tier: false,
        local_state: false,
        client_waits,
        concurrency: written.concurrency,
        times,
        messages,
        delivers: written.delivers.unwrap_or(false),
    })
}

/// Notes every key of an operation with its origin: the file's own key, the profile's, or the default.
pub(super) fn note_operation(
    ledger: &mut Ledger,
    key: &str,
    over: Option<&file::Operation>,
    under: Option<&file::Operation>,
    profile: &Origin,
    resolved: &Operation,
) {
    let mut note = |leaf: &str, written: fn(&file::Operation) -> bool, value: String| {
        let origin = if over.is_some_and(written) {
            Origin::File
        } else if under.is_some_and(written) {
            profile.clone()
        } else {
            Origin::Default
        };
        ledger.note(&format!("{key}.{leaf}"), value, origin);
    };
    note("cpu", |o| o.cpu.is_some(), print_law(&resolved.cpu));
    note("cpu_per_kb", |o| o.cpu_per_kb.is_some(), format!("{} s", resolved.cpu_per_kb_s));
    note("data_cpu", |o| o.data_cpu.is_some(), print_law(&resolved.data_cpu));
    note("lookups", |o| o.lookups.is_some(), resolved.lookups.to_string());
    note("queue_writes", |o| o.queue_writes.is_some(), resolved.queue_writes.to_string());
    note("store_reads", |o| o.store_reads.is_some(), resolved.store_reads.to_string());
    note("store_writes", |o| o.store_writes.is_some(), resolved.store_writes.to_string());
    note("queue_fsyncs", |o| o.queue_fsyncs.is_some(), resolved.queue_fsyncs.to_string());
    note("store_fsyncs", |o| o.store_fsyncs.is_some(), resolved.store_fsyncs.to_string());
    note("client_transfer", |o| o.client_transfer.is_some(), format!("{:?}", resolved.client_transfer).to_lowercase());
    note("store_transfer", |o| o.store_transfer.is_some(), format!("{:?}", resolved.store_transfer).to_lowercase());
    note("round_trips", |o| o.round_trips.is_some(), resolved.round_trips.to_string());
    note("think", |o| o.think.is_some(), print_law(&resolved.think));
    note("remote_latency", |o| o.remote_latency.is_some(), print_law(&resolved.remote_latency));
    note("reload_per_domain", |o| o.reload_per_domain.is_some(), format!("{} s", resolved.reload_per_domain_s));
    note("reload_first", |o| o.reload_first.is_some(), resolved.reload_first.to_string());
    note("reply", |o| o.reply.is_some(), if resolved.client_waits { "after" } else { "before" }.to_owned());
    let concurrency = resolved.concurrency.map_or("unlimited".to_owned(), |most| most.to_string());
    note("concurrency", |o| o.concurrency.is_some(), concurrency);
    let times = match resolved.times {
        Times::Once => "once",
        Times::PerMessage => "per-message",
        Times::PerRecipient => "per-recipient",
    };
    note("times", |o| o.times.is_some(), times.to_owned());
    note("messages", |o| o.messages.is_some(), format!("{:?}", resolved.messages).to_lowercase());
    note("delivers", |o| o.delivers.is_some(), resolved.delivers.to_string());
}

/// A law for the record of a run: unambiguous, in base units.
pub(super) fn print_law(law: &Law) -> String {
    law.to_string()
}
