//! The external monitor: how it polls, and how long its orders take.

use super::settings::Ledger;
use super::switch_check::Verdict;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{CheckKind, File};
use crate::scenario::monitor::Monitor;
use crate::scenario::source::Source;
use crate::scenario::topology::Cluster;
use crate::units::Time;
use std::ops::RangeInclusive;

/// How often a process outside looks: `delay_loop` of keepalived (keepalived.conf(5), 60 s).
const INTERVAL: Time = Time::from_secs(60);
/// A script that is started anew more often than each second does nothing else.
const INTERVALS: RangeInclusive<Time> = Time::from_secs(1)..=Time::from_secs(3_600);

/// How long it waits for a banner: the plugins of Nagios give up after 10 s; from memory.
const TIMEOUT: Time = Time::from_secs(10);

/// From a decision until its order is carried out: a script starts, logs in on a machine or a switch, gives one command, or has
/// a name server load a zone. Assumption.
const ACTION_DELAY: Time = Time::from_secs(5);
const LONGEST_DELAY: Time = Time::from_secs(3_600);

/// The monitor, if there is one.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    services: usize,
    cluster: &Cluster,
    ledger: &mut Ledger,
) -> Result<Option<Monitor>, ScenarioError> {
    let Some(table) = &file.monitor else { return Ok(None) };
    let written = table.get_ref();
    if !(0..services).any(|service| cluster.can_do_without(service)) {
        let message = "`[monitor]` takes out nodes that have others beside them, and no service has two; leave it out, or write \
                       a second node";
        return Err(source.error(table.span(), message));
    }
    let key = |leaf: &str| format!("monitor.{leaf}");
    let own = written.interval.as_ref().map(|interval| *interval.get_ref());
    let interval = ledger.take(&key("interval"), own.as_ref(), INTERVAL, Time::to_string);
    if let Some(own) = written.interval.as_ref().filter(|_| !INTERVALS.contains(&interval)) {
        let message =
            format!("`interval` is `{interval}`; a monitor polls each second at most, and each hour at least");
        return Err(source.error(own.span(), message));
    }
    let verdict = Verdict {
        fall: written.fall.as_ref(),
        rise: written.rise.as_ref(),
        timeout: (written.timeout.as_ref(), interval.min(TIMEOUT)),
        phase: written.phase.as_ref(),
    };
    let poll = verdict.resolve(source, (CheckKind::Service, interval), key, ledger)?;
    let own = written.action_delay.as_ref().map(|delay| *delay.get_ref());
    let action_delay = ledger.take(&key("action_delay"), own.as_ref(), ACTION_DELAY, Time::to_string);
    if let Some(own) =
        written.action_delay.as_ref().filter(|_| action_delay == Time::ZERO || action_delay > LONGEST_DELAY)
    {
        let message =
            format!("`action_delay` is `{action_delay}`; no order is carried out at once, so write a time up to 1 h");
        return Err(source.error(own.span(), message));
    }
    Ok(Some(Monitor { poll, action_delay }))
}
