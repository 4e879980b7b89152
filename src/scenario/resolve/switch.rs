//! Load-balancing switches.

use super::Origin;
use super::settings::Ledger;
use super::{switch_check, within};
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, Algorithm};
use crate::scenario::source::Source;
use crate::scenario::switch::{Agent, Persistence, Switch};
use crate::units::Time;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;

/// How long a switch remembers an address unless the scenario says otherwise: the persistence time-out of LVS
/// (`ipvsadm`, 360 s).
const TIMEOUT: Time = Time::from_secs(360);

/// How often a switch looks at its nodes unless the scenario says otherwise: `inter` and `agent-inter` of HAProxy.
pub(super) const INTERVAL: Time = Time::from_secs(2);

/// How often it may: more often is no load balancer's way, and more seldom finds nothing out within a window.
const INTERVALS: RangeInclusive<Time> = Time(100_000_000)..=Time::from_secs(3_600);

/// All bits of an address.
const WHOLE: u32 = 32;

/// The switch whose keys begin so.
pub(super) fn resolve<'a>(
    source: &Source,
    key: &str,
    written: &file::Switch,
    (has_backups, nodes): (bool, impl Iterator<Item = &'a str> + Clone),
    ledger: &mut Ledger,
) -> Result<Switch, ScenarioError> {
    let key = |leaf: &str| format!("{key}.{leaf}");
    let algorithm = written.algorithm;
    ledger.note(&key("algorithm"), algorithm.name().to_owned(), Origin::File);
    let mut replacement = false;
    if algorithm == Algorithm::RandomTwoChoices {
        let own = written.replacement.as_ref().map(|own| *own.get_ref());
        replacement = ledger.take(&key("replacement"), own.as_ref(), false, bool::to_string);
    } else if let Some(own) = &written.replacement {
        let message = format!(
            "`replacement` is about the draws of `random-two-choices`; leave it out with `{}`",
            algorithm.name()
        );
        return Err(source.error(own.span(), message));
    }
    let persistence = match &written.persistence {
        None => None,
        Some(own) => Some(persistence(source, own, key, ledger)?),
    };
    let agent = match &written.agent {
        None => None,
        Some(own) => Some(agent(source, own, algorithm, key, ledger)?),
    };
    let check = match &written.check {
        None => None,
        Some(own) => Some(switch_check::check(source, own, key, ledger)?),
    };
    let slow_start = match &written.slow_start {
        None => None,
        Some(own) => {
            follows(source, "slow_start", own.span(), algorithm)?;
            Some(switch_check::slow_start(source, own, check.is_some(), key, ledger)?)
        }
    };
    let within = match &written.within {
        None => None,
        Some(own) => Some(within::behind_switch(source, &key("within"), (own, written), nodes, ledger)?),
    };
    Ok(Switch {
        within,
        replacement,
        persistence,
        check,
        slow_start,
        proxy: switch_check::proxy(source, written, key, ledger)?,
        all_backups: all_backups(source, written, has_backups, key, ledger)?,
        agent,
        ..Switch::new(algorithm)
    })
}

fn all_backups(
    source: &Source,
    written: &file::Switch,
    has_backups: bool,
    key: impl Fn(&str) -> String,
    ledger: &mut Ledger,
) -> Result<bool, ScenarioError> {
    let own = written.all_backups.as_ref().map(|own| *own.get_ref());
    if has_backups {
        return Ok(ledger.take(&key("all_backups"), own.as_ref(), false, bool::to_string));
    }
    match &written.all_backups {
        None => Ok(false),
        Some(own) => {
            let message = "`all_backups` is about nodes with `backup = true`, and there are none; leave it out";
            Err(source.error(own.span(), message))
        }
    }
}

fn agent(
    source: &Source,
    written: &Spanned<file::Agent>,
    algorithm: Algorithm,
    key: impl Fn(&str) -> String,
    ledger: &mut Ledger,
) -> Result<Agent, ScenarioError> {
    follows(source, "agent", written.span(), algorithm)?;
    let own = written.get_ref().interval.as_ref();
    Ok(Agent { interval: interval(source, own, &key("agent.interval"), ledger)? })
}

/// How often a switch looks at its nodes.
pub(super) fn interval(
    source: &Source,
    written: Option<&Spanned<Time>>,
    key: &str,
    ledger: &mut Ledger,
) -> Result<Time, ScenarioError> {
    let own = written.map(|own| *own.get_ref());
    let interval = ledger.take(key, own.as_ref(), INTERVAL, Time::to_string);
    match written.filter(|_| !INTERVALS.contains(&interval)) {
        None => Ok(interval),
        Some(own) => {
            let message = format!("`interval` is `{interval}`; it must be between 100 ms and 1 h");
            Err(source.error(own.span(), message))
        }
    }
}

/// Refuses what changes weights where the algorithm does not follow them.
fn follows(source: &Source, what: &str, at: Range<usize>, algorithm: Algorithm) -> Result<(), ScenarioError> {
    if algorithm.follows_weights() {
        return Ok(());
    }
    let message = format!(
        "`{what}` changes what weights count for, and `{}` takes no notice; leave it out, or write \
         `weighted-round-robin`, `weighted-least-connections` or `consistent-hash`",
        algorithm.name()
    );
    Err(source.error(at, message))
}

fn persistence(
    source: &Source,
    written: &file::Persistence,
    key: impl Fn(&str) -> String,
    ledger: &mut Ledger,
) -> Result<Persistence, ScenarioError> {
    let mask = written.mask.as_ref().map(|mask| *mask.get_ref());
    let mask = ledger.take(&key("persistence.mask"), mask.as_ref(), WHOLE, u32::to_string);
    if let Some(written) = written.mask.as_ref().filter(|_| !(8..=WHOLE).contains(&mask)) {
        let message = format!("`mask` is `{mask}`; it must be between 8 and 32 bits of an address");
        return Err(source.error(written.span(), message));
    }
    let timeout = written.timeout.as_ref().map(|timeout| *timeout.get_ref());
    let timeout = ledger.take(&key("persistence.timeout"), timeout.as_ref(), TIMEOUT, Time::to_string);
    if let Some(written) = written.timeout.as_ref().filter(|_| timeout == Time::ZERO) {
        let message =
            "`timeout` is zero, and nobody is remembered; leave `persistence` out, or write a time above zero";
        return Err(source.error(written.span(), message));
    }
    Ok(Persistence { mask, timeout })
}
