//! How services start that keep their mail on another node, as written.

use crate::units::Time;
use serde::Deserialize;
use toml::Spanned;

/// How the services start again that use the mail store of another node, after it was away or their own node was.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreStart {
    /// How long they take to start, up to a day; default no time.
    pub start_time: Option<Spanned<Time>>,
    /// Whether they are set to start after the share is connected; default yes. If not, they start without it and do nothing
    /// until somebody starts them once more.
    pub depends: Option<Spanned<bool>>,
    /// How long after the return of the store somebody does that, up to a week; default 30 minutes. For services that do not
    /// depend on it.
    pub restart_after: Option<Spanned<Time>>,
}
