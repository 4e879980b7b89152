//! What machines do beside the mail.

use super::Role;
use crate::units::{Bandwidth, Bytes, Rate, Share, Time};
use serde::Deserialize;
use toml::Spanned;

/// A background load: a backup, an index, new virus patterns, a patch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    /// The nodes that do it: all of a role. Instead of `node`.
    pub role: Option<Spanned<Role>>,
    /// The one node that does it. Instead of `role`.
    pub node: Option<Spanned<String>>,
    /// When it begins: on every day of a window with a clock at `"02:00"`, else so long after the warm-up, as `"600 s"`;
    /// default: it runs always, in the warm-up too.
    pub at: Option<Spanned<String>>,
    /// How long it runs, above zero; it is over when the day or the window is.
    pub lasts: Option<Spanned<Time>>,
    /// Share of each machine's CPU that it asks for; default none.
    pub cpu: Option<Spanned<Share>>,
    /// Disk operations per second that read; default none.
    pub reads: Option<Rate>,
    /// Disk operations per second that write; default none.
    pub writes: Option<Rate>,
    /// Bytes of each disk operation; default none: it only seeks.
    pub size: Option<Spanned<Bytes>>,
    /// What it sends or takes over the link; default nothing.
    pub bandwidth: Option<Bandwidth>,
    /// Which way that goes; default out.
    pub direction: Option<Spanned<Direction>>,
}

/// Which way bytes cross a node's link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// To the node.
    In,
    /// From the node.
    Out,
}
