//! Greylists: filters of connections that turn strangers away for now, since spam seldom comes back.

use super::operation::print_law;
use super::settings::Ledger;
use crate::random::Law;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, Stage};
use crate::scenario::source::Source;
use toml::Spanned;

/// When those who were turned away come back, in seconds, unless the scenario says otherwise: Postfix tries again at an
/// age of 300 s or at the next scan of its queue, every 300 s; other servers take up to 15 minutes (Exim, IIS).
const AFTER_S: (f64, f64) = (300.0, 900.0);

/// What a filter does to strangers.
pub(super) struct Greylist {
    pub(super) defer: f64,
    pub(super) spam_defer: f64,
    pub(super) returns: f64,
    pub(super) spam_returns: f64,
    pub(super) after: Law,
}

/// The greylist that a filter is; one that turns nobody away where it is none.
pub(super) fn greylist(
    source: &Source,
    name: &Spanned<String>,
    written: &file::Filter,
    stage: Stage,
    ledger: &mut Ledger,
) -> Result<Greylist, ScenarioError> {
    let shares = [written.defer, written.spam_defer, written.returns, written.spam_returns];
    let [defer, spam_defer, returns, spam_returns] = shares.map(|share| share.map(|share| share.0));
    if shares.iter().all(Option::is_none) && written.after.is_none() {
        return Ok(Greylist { defer: 0.0, spam_defer: 0.0, returns: 0.0, spam_returns: 0.0, after: Law::ZERO });
    }
    let what = format!("filter `{}`", name.get_ref());
    if stage != Stage::Connection {
        let message = format!(
            "{what} has the message already when it looks at the content; write `stage = \"connection\"` too, or leave \
             out what makes it a greylist"
        );
        return Err(source.error(name.span(), message));
    }
    if defer.is_none() && spam_defer.is_none() {
        let message = format!("{what} turns nobody away for now, so nobody comes back; write `defer` too");
        return Err(source.error(name.span(), message));
    }
    let mut share = |leaf: &str, written: Option<f64>, default: f64| {
        let key = format!("filter.{}.{leaf}", name.get_ref());
        ledger.take(&key, written.as_ref(), default, f64::to_string)
    };
    let defer = share("defer", defer, 0.0);
    let spam_defer = share("spam_defer", spam_defer, defer);
    let returns = share("returns", returns, 1.0);
    let spam_returns = share("spam_returns", spam_returns, 0.0);
    let usual = Law::uniform(AFTER_S.0, AFTER_S.1).expect("the default is in range");
    let after = written.after.as_ref().map(|written| &written.law);
    let after = ledger.take(&format!("filter.{}.after", name.get_ref()), after, usual, print_law);
    Ok(Greylist { defer, spam_defer, returns, spam_returns, after })
}
