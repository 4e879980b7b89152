//! What fails by script, as written.

use crate::units::{Share, Time};
use serde::Deserialize;
use toml::Spanned;

/// Something that fails at a given time, and is repaired.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What fails: a node by its name, as `"primary-2"`; its operating system, `"primary-2.os"`; one service on it,
    /// `"primary-2.pop3"`; its network link, `"primary-2.link"`; the `"switch"`; the zone of the names, `"dns"`; the
    /// `"database"` of the directory, wherever it is; or all nodes of a site, `"site.main"`.
    pub component: Spanned<String>,
    /// How.
    pub kind: Spanned<FaultKind>,
    /// When: `"day 1 09:30"` in a window with a clock, else so long after the warm-up, as `"600 s"`.
    pub at: Spanned<String>,
    /// Until it works again, above zero; default to the end of the window.
    pub lasts: Option<Spanned<Time>>,
    /// What is left of its speed when it is `slow`, above 0 and below 1. Processors that share slow down and recover in the
    /// middle of their work; those that serve in order, or have a quota, do so with the jobs that come from then on.
    pub speed: Option<Spanned<Share>>,
    /// Whether the disk of a machine that stops is empty after its repair, and what was in its queue gone; default no.
    pub loses_disk: Option<Spanned<bool>>,
}

/// How something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// It refuses connections, and those that it has break at once.
    Stop,
    /// It accepts connections and never answers on any.
    Hang,
    /// It says nothing at all.
    BlackHole,
    /// Its processors work at a part of their speed.
    Slow,
    /// It is drained: its switch, or the hosts that balance with it, send nobody new, and those who are there or are
    /// remembered stay. What is done to it meanwhile are faults of their own.
    Maintenance,
}
