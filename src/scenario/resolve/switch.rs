//! Load-balancing switches.

use super::Origin;
use super::settings::Ledger;
use super::within;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, Algorithm};
use crate::scenario::source::Source;
use crate::scenario::switch::{Persistence, Switch};
use crate::units::Time;

/// How long a switch remembers an address unless the scenario says otherwise: the persistence time-out of LVS
/// (`ipvsadm`, 360 s).
const TIMEOUT: Time = Time::from_secs(360);

/// All bits of an address.
const WHOLE: u32 = 32;

/// The switch whose keys begin so.
pub(super) fn resolve<'a>(
    source: &Source,
    key: &str,
    written: &file::Switch,
    nodes: impl Iterator<Item = &'a str> + Clone,
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
    let within = match &written.within {
        None => None,
        Some(own) => Some(within::resolve(source, &key("within"), own, nodes, ledger)?),
    };
    Ok(Switch { algorithm, replacement, persistence, within })
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
