//! What clients do when nobody answers.

use super::settings::Ledger;
use crate::scenario::Patience;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::ClientGroup;
use crate::scenario::source::Source;
use crate::units::Time;
use toml::Spanned;

/// The patience of a client group; `matters` when something can fail: else the defaults are not worth a line.
pub(super) fn resolve(
    source: &Source,
    name: &str,
    written: &ClientGroup,
    matters: bool,
    ledger: &mut Ledger,
) -> Result<Patience, ScenarioError> {
    let usual = Patience::default();
    let mut time = |leaf: &str, written: &Option<Spanned<Time>>, usual: Time| -> Result<Time, ScenarioError> {
        if let Some(written) = written.as_ref().filter(|time| *time.get_ref() == Time::ZERO) {
            return Err(source.error(written.span(), format!("`{leaf}` must be above zero")));
        }
        let own = written.as_ref().map(|time| *time.get_ref());
        if own.is_none() && !matters {
            return Ok(usual);
        }
        Ok(ledger.take(&format!("client_group.{name}.{leaf}"), own.as_ref(), usual, Time::to_string))
    };
    let connect_timeout = time("connect_timeout", &written.connect_timeout, usual.connect_timeout)?;
    let first_resend = time("first_resend", &written.first_resend, usual.first_resend)?;
    let timeout = time("timeout", &written.timeout, usual.timeout)?;
    let mut next_address = usual.next_address;
    if written.next_address.is_some() || matters {
        let key = format!("client_group.{name}.next_address");
        next_address = ledger.take(&key, written.next_address.as_ref(), usual.next_address, bool::to_string);
    }
    Ok(Patience { connect_timeout, first_resend, timeout, next_address })
}
