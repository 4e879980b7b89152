//! How a switch finds out about its nodes, and what it does when one does not answer.

use super::settings::Ledger;
use super::switch::{INTERVAL, interval};
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, CheckKind};
use crate::scenario::source::Source;
use crate::scenario::switch_check::{Check, Proxy};
use crate::units::Time;
use toml::Spanned;

/// Failures and successes in a row that change a switch's mind: `fall` and `rise` of HAProxy.
const FALL: u32 = 3;
const RISE: u32 = 2;

/// How long a proxy waits for a connection: the `timeout connect` of the examples in HAProxy's manual (5000 ms), which has
/// no default; `connect_timeout` of keepalived's checks is the same.
const CONNECT_TIMEOUT: Time = Time::from_secs(5);

/// The checks of the switch whose keys begin so.
pub(super) fn check(
    source: &Source,
    written: &file::Check,
    key: impl Fn(&str) -> String,
    ledger: &mut Ledger,
) -> Result<Check, ScenarioError> {
    let kind = ledger.take(&key("check.kind"), written.kind.as_ref(), CheckKind::Tcp, |kind| kind.name().to_owned());
    let interval = interval(source, written.interval.as_ref(), &key("check.interval"), ledger)?;
    let key = |leaf: &str| key(&format!("check.{leaf}"));
    let verdict = Verdict {
        fall: written.fall.as_ref(),
        rise: written.rise.as_ref(),
        timeout: (written.timeout.as_ref(), interval),
        phase: written.phase.as_ref(),
    };
    let check = verdict.resolve(source, (kind, interval), key, ledger)?;
    let cpu = written.cpu.as_ref().map(|cpu| *cpu.get_ref());
    let cpu = ledger.take(&key("cpu"), cpu.as_ref(), Time::ZERO, Time::to_string);
    match written.cpu.as_ref().filter(|_| kind == CheckKind::Ping || cpu >= interval) {
        None => Ok(Check { cpu, ..check }),
        Some(own) if kind == CheckKind::Ping => {
            let message = "`cpu` is core time of a server, and a ping asks none; write another `kind`, or no `cpu`";
            Err(source.error(own.span(), message))
        }
        Some(own) => {
            let message = format!("`cpu` is `{cpu}`; it must be less than the interval, `{interval}`");
            Err(source.error(own.span(), message))
        }
    }
}

/// What everybody who looks at nodes again and again makes of it.
pub(super) struct Verdict<'a> {
    pub(super) fall: Option<&'a Spanned<u32>>,
    pub(super) rise: Option<&'a Spanned<u32>>,
    /// And what it is by default.
    pub(super) timeout: (Option<&'a Spanned<Time>>, Time),
    pub(super) phase: Option<&'a Spanned<Time>>,
}

impl Verdict<'_> {
    /// Checks of this kind and interval, whose keys begin so.
    pub(super) fn resolve(
        &self,
        source: &Source,
        (kind, interval): (CheckKind, Time),
        key: impl Fn(&str) -> String,
        ledger: &mut Ledger,
    ) -> Result<Check, ScenarioError> {
        let mut in_a_row = |leaf: &str, written: Option<&Spanned<u32>>, default: u32| {
            let own = written.map(|own| *own.get_ref());
            let number = ledger.take(&key(leaf), own.as_ref(), default, u32::to_string);
            match written.filter(|_| !(1..=100).contains(&number)) {
                None => Ok(number),
                Some(own) => {
                    let message = format!("`{leaf}` is `{number}`; it must be between 1 and 100 checks in a row");
                    Err(source.error(own.span(), message))
                }
            }
        };
        let (fall, rise) = (in_a_row("fall", self.fall, FALL)?, in_a_row("rise", self.rise, RISE)?);
        let (written, usual) = self.timeout;
        let own = written.map(|timeout| *timeout.get_ref());
        let timeout = ledger.take(&key("timeout"), own.as_ref(), usual, Time::to_string);
        if let Some(own) = written.filter(|_| timeout == Time::ZERO || timeout > interval) {
            let message =
                format!("`timeout` is `{timeout}`; it must be above zero and at most the interval, `{interval}`");
            return Err(source.error(own.span(), message));
        }
        let phase = self.phase.map(|phase| *phase.get_ref());
        ledger.take(&key("phase"), phase.map(Some).as_ref(), None, |phase| {
            phase.map_or_else(|| "random by node".to_owned(), |phase: Time| phase.to_string())
        });
        if let Some((own, phase)) = self.phase.zip(phase).filter(|(_, phase)| *phase >= interval) {
            let message = format!("`phase` is `{phase}`; it must be less than the interval, `{interval}`");
            return Err(source.error(own.span(), message));
        }
        Ok(Check { kind, interval, fall, rise, timeout, cpu: Time::ZERO, phase })
    }
}

/// What the switch does itself about nodes that do not answer; none where it passes packets on and no such key is written.
pub(super) fn proxy(
    source: &Source,
    written: &file::Switch,
    key: impl Fn(&str) -> String,
    ledger: &mut Ledger,
) -> Result<Option<Proxy>, ScenarioError> {
    let retries = written.retries.as_ref().map(|retries| *retries.get_ref());
    if let Some(own) = written.redispatch.as_ref().filter(|_| retries.is_none_or(|retries| retries == 0)) {
        let message =
            "`redispatch` is about the last of `retries`, and there are none; write for example `retries = 3`";
        return Err(source.error(own.span(), message));
    }
    if retries.is_none() && written.connect_timeout.is_none() {
        return Ok(None);
    }
    let retries = ledger.take(&key("retries"), retries.as_ref(), 0, u32::to_string);
    if let Some(own) = written.retries.as_ref().filter(|_| retries > 100) {
        let message = format!("`retries` is `{retries}`; it is at most 100");
        return Err(source.error(own.span(), message));
    }
    let own = written.redispatch.as_ref().map(|own| *own.get_ref());
    let redispatch = ledger.take(&key("redispatch"), own.as_ref(), false, bool::to_string);
    let own = written.connect_timeout.as_ref().map(|own| *own.get_ref());
    let connect_timeout = ledger.take(&key("connect_timeout"), own.as_ref(), CONNECT_TIMEOUT, Time::to_string);
    let bounds = Time::from_millis(1)..=Time::from_secs(600);
    if let Some(own) = written.connect_timeout.as_ref().filter(|_| !bounds.contains(&connect_timeout)) {
        let message = format!("`connect_timeout` is `{connect_timeout}`; it must be between 1 ms and 10 min");
        return Err(source.error(own.span(), message));
    }
    Ok(Some(Proxy { retries, redispatch, connect_timeout }))
}

/// For how long a node that was down gets fewer sessions than its weight.
pub(super) fn slow_start(
    source: &Source,
    written: &Spanned<Time>,
    has_check: bool,
    key: impl Fn(&str) -> String,
    ledger: &mut Ledger,
) -> Result<Time, ScenarioError> {
    let time = *written.get_ref();
    if !has_check {
        let message = "`slow_start` begins when a check finds a node up again, and there is none; write `check` too";
        return Err(source.error(written.span(), message));
    }
    if !(Time::from_secs(1)..=Time::from_secs(3_600)).contains(&time) {
        let message = format!("`slow_start` is `{time}`; it must be between 1 s and 1 h");
        return Err(source.error(written.span(), message));
    }
    Ok(ledger.take(&key("slow_start"), Some(&time), INTERVAL, Time::to_string))
}
