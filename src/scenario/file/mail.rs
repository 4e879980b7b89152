//! How mail travels, as written: the servers that send it, the backup that forwards it, and the records by which it is sent.

use crate::units::{Bandwidth, Share, Time};
use serde::Deserialize;
use toml::Spanned;

/// Servers elsewhere that send mail to this cluster, as far as they behave alike.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// Share of the sessions from outside; they add up to 1. Default all.
    pub share: Option<Spanned<Share>>,
    /// How many servers there are, 1 to 100 000: each has a queue, and limits, of its own. Default: any number, so that each
    /// message has a server to itself.
    pub servers: Option<Spanned<u32>>,
    /// How they deliver; default as Postfix does.
    pub delivery: Option<Delivery>,
}

/// How the backup forwards what it has taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Round-trip time to the primaries; default 0, as on site.
    pub rtt: Option<Time>,
    /// Of the way there, beside its own link; default unlimited.
    pub bandwidth: Option<Bandwidth>,
    /// So long after a primary is back, the backup is told to send all that it has; default nobody tells it, and it goes on as
    /// its queue has it.
    pub flush: Option<Time>,
    /// How it delivers; default as Postfix does.
    pub delivery: Option<Delivery>,
}

/// How a mail server delivers: what it waits for, when it tries again, and when it gives up. All defaults are those of
/// Postfix.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// An address that says nothing is given up after this time, above zero; default 30 s.
    pub connect_timeout: Option<Spanned<Time>>,
    /// Until then the first packet is sent again after this time, and each time after twice as long, above zero; default 3 s.
    pub first_resend: Option<Spanned<Time>>,
    /// A command that is not answered is given up after this time, above zero; default 300 s.
    pub command_timeout: Option<Spanned<Time>>,
    /// The same for the answer to a whole message, above zero; default 600 s.
    pub data_timeout: Option<Spanned<Time>>,
    /// The queue is looked through in this interval, above zero; default 300 s.
    pub scan: Option<Spanned<Time>>,
    /// When it is looked through first, below `scan`; default at a time of its own for each server.
    pub phase: Option<Spanned<Time>>,
    /// A message waits for as long as it is old, and at least for this time, above zero; default 300 s.
    pub minimal_backoff: Option<Spanned<Time>>,
    /// At most for this time, `minimal_backoff` or more; default 4000 s.
    pub maximal_backoff: Option<Spanned<Time>>,
    /// A message that is older when an attempt fails goes back to its sender, above zero; default 5 days.
    pub lifetime: Option<Spanned<Time>>,
    /// Its sender is told once that it is late, when an attempt fails at this age, above zero; default never.
    pub delay_warning: Option<Spanned<Time>>,
    /// Sessions at one time that a server begins with, 1 to `concurrency`; default 5.
    pub initial_concurrency: Option<Spanned<u32>>,
    /// The most of them, 1 to 100 000; default 20.
    pub concurrency: Option<Spanned<u32>>,
    /// When as many attempts in a row fail as it has sessions, a server tries nothing for this time; default 300 s.
    pub pause: Option<Spanned<Time>>,
}

/// The mail exchange records of the cluster's domains.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// How long a server keeps them, up to a year; default 1 h.
    pub ttl: Option<Spanned<Time>>,
    /// Time that it takes to look them up, up to a minute; default 50 ms.
    pub lookup: Option<Spanned<Time>>,
}
