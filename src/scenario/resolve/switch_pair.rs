//! Whether a second switch stands by, and how it takes over.

use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::File;
use crate::scenario::source::Source;
use crate::scenario::switch_pair::{FAILOVER, SwitchPair};
use crate::units::Time;
use toml::Spanned;

/// The pair; none where there is one switch. That there is any is made sure of with its limits.
pub(super) fn resolve(source: &Source, file: &File, ledger: &mut Ledger) -> Result<Option<SwitchPair>, ScenarioError> {
    let Some(written) = file.switch.as_ref().map(Spanned::get_ref) else { return Ok(None) };
    let pair = written.pair.as_ref().map(|pair| *pair.get_ref());
    if !ledger.take("switch.pair", pair.as_ref(), false, bool::to_string) {
        let failover = written.failover.as_ref().map(|own| ("failover", own.span()));
        let table = written.keeps_connections.as_ref().map(|own| ("keeps_connections", own.span()));
        let Some((leaf, span)) = failover.or(table) else { return Ok(None) };
        let message =
            format!("`{leaf}` is about a second switch, and there is none; write `pair = true`, or leave it out");
        return Err(source.error(span, message));
    }
    let own = written.failover.as_ref().map(|failover| *failover.get_ref());
    let failover = ledger.take("switch.failover", own.as_ref(), FAILOVER, Time::to_string);
    if let Some(own) = &written.failover
        && !(Time::from_millis(1)..=Time::from_secs(600)).contains(&failover)
    {
        let message = format!("`failover` is `{failover}`; it must be between 1 ms and 10 min");
        return Err(source.error(own.span(), message));
    }
    let own = written.keeps_connections.as_ref().map(|keeps| *keeps.get_ref());
    let keeps_connections = ledger.take("switch.keeps_connections", own.as_ref(), false, bool::to_string);
    Ok(Some(SwitchPair { failover, keeps_connections }))
}
