//! What the switch can bear.

use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::File;
use crate::scenario::source::Source;
use crate::scenario::switch_limits::SwitchLimits;
use crate::scenario::topology::Cluster;
use crate::units::{Bandwidth, Rate, Time};
use toml::Spanned;

/// What a limit is called that is not there.
const NONE: &str = "none";

/// The limits as written; none where the scenario has no such table.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    services: usize,
    cluster: &Cluster,
    ledger: &mut Ledger,
) -> Result<SwitchLimits, ScenarioError> {
    let Some(table) = &file.switch else { return Ok(SwitchLimits::default()) };
    if !(0..services).any(|service| cluster.is_behind_switch(service)) {
        let message = "no service is behind a switch; leave `[switch]` out, or write a `[routing.default.switch]`";
        return Err(source.error(table.span(), message));
    }
    let written = table.get_ref();
    let rate = written.connection_rate.as_ref();
    let connection_rate = limit("connection_rate", rate, Rate::to_string, ledger);
    if let Some(own) = rate.filter(|rate| rate.get_ref().0 <= 0.0) {
        let message = "`connection_rate` is zero, and nobody gets through; leave it out, or write a rate above zero";
        return Err(source.error(own.span(), message));
    }
    let connections = limit("connections", written.connections.as_ref(), u32::to_string, ledger);
    if let Some(own) = written.connections.as_ref().filter(|own| *own.get_ref() == 0) {
        let message = "`connections` is `0`, and nobody gets through; leave it out, or write at least 1";
        return Err(source.error(own.span(), message));
    }
    let throughput = limit("throughput", written.throughput.as_ref(), Bandwidth::to_string, ledger);
    let own = written.latency.as_ref().map(|latency| *latency.get_ref());
    let latency = ledger.take("switch.latency", own.as_ref(), Time::ZERO, Time::to_string);
    if let Some(own) = written.latency.as_ref().filter(|_| latency > Time::from_secs(1)) {
        let message = format!("`latency` is `{latency}`; it is at most `1 s`");
        return Err(source.error(own.span(), message));
    }
    Ok(SwitchLimits { connection_rate, connections, throughput, latency })
}

/// A limit, with its place in the ledger.
fn limit<T: Copy>(
    leaf: &str,
    written: Option<&Spanned<T>>,
    print: impl Fn(&T) -> String,
    ledger: &mut Ledger,
) -> Option<T> {
    let own = written.map(|own| *own.get_ref());
    ledger.take(&format!("switch.{leaf}"), own.map(Some).as_ref(), None, |limit: &Option<T>| {
        limit.as_ref().map_or_else(|| NONE.to_owned(), &print)
    })
}
