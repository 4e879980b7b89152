//! Profiles: the habits of people and the demands of their software, built in or in a file beside the scenario.

use super::error::{ScenarioError, list};
use super::file::{Named, Operation, Profile};
use super::source::Source;
use super::text::{self, reason};
use std::path::Path;

/// Every built-in profile with its name.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("pop-isp-2003", include_str!("../../scenarios/profiles/pop-isp-2003.toml")),
    ("all-services-2004", include_str!("../../scenarios/profiles/all-services-2004.toml")),
    ("corporate-imap-2010", include_str!("../../scenarios/profiles/corporate-imap-2010.toml")),
    ("imap-mobile", include_str!("../../scenarios/profiles/imap-mobile.toml")),
    ("webmail", include_str!("../../scenarios/profiles/webmail.toml")),
];

/// Finds and reads the profile that a population names: a built-in one, or a `.toml` file relative to `beside`.
///
/// # Errors
/// When there is no such profile (`complain` gives the place where it was named), or it does not read.
pub fn read(
    name: &str,
    beside: &Path,
    complain: impl Fn(String) -> ScenarioError,
) -> Result<(Source, Profile), ScenarioError> {
    let source = if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        Source::new(&format!("the built-in profile `{name}`"), text)
    } else if name.ends_with(".toml") {
        let path = beside.join(name);
        let text = text::read(&path)
            .map_err(|e| complain(format!("the profile `{}` can't be read: {}", path.display(), reason(&e))))?;
        Source::new(&path.display().to_string(), &text)
    } else {
        let known = list(BUILT_IN.iter().map(|(known, _)| *known));
        let near = super::error::nearest(name, BUILT_IN.iter().map(|(known, _)| *known));
        let hint = near.map_or_else(|| format!("built in: {known}"), |near| format!("did you mean `{near}`?"));
        return Err(complain(format!(
            "there is no profile `{name}`; {hint} (a profile of your own is a file such as `\"{name}.toml\"` beside \
             the scenario)"
        )));
    };
    let profile = source.read()?;
    Ok((source, profile))
}

/// Lays the keys that `over` has on top of `under`'s.
#[must_use]
pub fn merged(under: &Operation, over: &Operation) -> Operation {
    Operation {
        cpu: over.cpu.clone().or_else(|| under.cpu.clone()),
        cpu_per_kb: over.cpu_per_kb.or(under.cpu_per_kb),
        data_cpu: over.data_cpu.clone().or_else(|| under.data_cpu.clone()),
        lookups: over.lookups.or(under.lookups),
        queue_writes: over.queue_writes.or(under.queue_writes),
        store_reads: over.store_reads.or(under.store_reads),
        queue_fsyncs: over.queue_fsyncs.or(under.queue_fsyncs),
        store_fsyncs: over.store_fsyncs.or(under.store_fsyncs),
        store_writes: over.store_writes.or(under.store_writes),
        client_transfer: over.client_transfer.or(under.client_transfer),
        store_transfer: over.store_transfer.or(under.store_transfer),
        round_trips: over.round_trips.or(under.round_trips),
        think: over.think.clone().or_else(|| under.think.clone()),
        remote_latency: over.remote_latency.clone().or_else(|| under.remote_latency.clone()),
        reload_per_domain: over.reload_per_domain.or(under.reload_per_domain),
        reload_first: over.reload_first.or(under.reload_first),
        calls: over.calls.clone().or_else(|| under.calls.clone()),
        reply: over.reply.or(under.reply),
        concurrency: over.concurrency.or(under.concurrency),
        times: over.times.or(under.times),
        messages: over.messages.or(under.messages),
        delivers: over.delivers.or(under.delivers),
    }
}

/// The entry of a named table, by name.
#[must_use]
pub fn find<'a, T>(table: &'a Named<T>, name: &str) -> Option<(&'a toml::Spanned<String>, &'a T)> {
    table.iter().find(|(known, _)| known.get_ref() == name)
}
