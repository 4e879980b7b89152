//! Who comes, how often, and how they reach the cluster; and their habits, as a profile has them.

use super::{AddressChoice, Named, ResolverOrder, Service};
use crate::scenario::law::{Count, Written};
use crate::units::{Bandwidth, Bytes, Growth, Rate, Share, Time};
use serde::Deserialize;
use toml::Spanned;

/// People with like habits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Mailboxes, 1 to a billion.
    pub users: Spanned<u64>,
    /// Mail domains, 1 to ten million; default 1.
    pub domains: Option<Spanned<u64>>,
    /// How unequal they are, 0 to 3: Zipf's exponent of their sizes, which a switch sees that chooses by `content`; default 1.
    pub domain_skew: Option<Spanned<f64>>,
    /// A built-in profile, or a `.toml` file beside the scenario.
    pub profile: Spanned<String>,
    /// Larger messages are not sent to this cluster, above zero; default: as the law of the sizes has them.
    pub max_message_size: Option<Spanned<Bytes>>,
    /// Whether a user who has a session begins no second one; default for up to 50 users.
    pub finite: Option<bool>,
    /// Share of spam among the sessions from outside; it comes on top of the profile's mail. Default none.
    pub spam: Option<Spanned<Share>>,
    /// Mean bytes of a mailbox, 1 byte to a terabyte; default what is received during `retention`, else unknown: then no read
    /// of the store is spared by a file cache, and space costs nothing.
    pub mailbox: Option<Spanned<Bytes>>,
    /// The part of a mailbox that is read again and again; default all.
    pub active: Option<Spanned<Share>>,
    /// Mailboxes are never larger, 1 byte to a terabyte; default any size.
    pub quota: Option<Spanned<Bytes>>,
    /// How long mail is kept, instead of `mailbox`; up to a century.
    pub retention: Option<Spanned<Time>>,
    /// How fast the number of users, and with it the space that they take, grows: `"25 % /year"`, above -100 and up to 1000 %;
    /// default not at all.
    pub growth: Option<Spanned<Growth>>,
}

/// A time in which sessions come at a multiple of their rate: a newsletter, the first mail on a Monday.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burst {
    /// Whose sessions.
    pub population: Spanned<String>,
    /// Which of them; default all.
    pub session: Option<Spanned<String>>,
    /// When it begins: on every day of a window with a clock at `"09:00"`, else so long after the warm-up, as `"600 s"`.
    pub at: Spanned<String>,
    /// How long it lasts, above zero; it is over when the day or the window is.
    pub lasts: Spanned<Time>,
    /// What rates are multiplied by, above 0 to 10 000.
    pub factor: Spanned<f64>,
}

/// A part of the clients that reach the cluster alike.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientGroup {
    /// Share of all sessions.
    pub share: Share,
    /// Of the client's own line; default: unlimited.
    pub bandwidth: Option<Bandwidth>,
    /// Round-trip time to the cluster; default 0.
    pub rtt: Option<Time>,
    /// Source addresses that they come from, 1 to 2^32: a proxy puts all of its users behind a few. They follow one another,
    /// and sessions come from each alike. Default one for each user of the group.
    pub addresses: Option<Spanned<u64>>,
    /// Whether each connection of a session comes from another of these addresses, as through some proxies; default no.
    pub new_address_per_connection: Option<bool>,
    /// A client gives an address up after so long without an answer, above zero; default 21 s (Windows).
    pub connect_timeout: Option<Spanned<Time>>,
    /// Until then it sends again after this time, and each time after twice as long, above zero; default 3 s.
    pub first_resend: Option<Spanned<Time>>,
    /// With a connection and no answer on it, it gives up after so long, above zero; default 60 s.
    pub timeout: Option<Spanned<Time>>,
    /// Whether it then tries the next address, if it knows one; default yes.
    pub next_address: Option<bool>,
    /// How often a client tries again when a session has failed, up to 1000; default never.
    pub retries: Option<Spanned<u32>>,
    /// After how long, each time: a time or the law of one; default 10 min (Thunderbird's check for new mail).
    pub retry_interval: Option<Spanned<Written<Time>>>,
    /// Resolvers that look names up for them, 1 to 100 000; neighbouring addresses share one. Default 100. This and what
    /// follows is about services that are reached by DNS.
    pub resolvers: Option<Spanned<u32>>,
    /// How unequal they are, 0 to 3: Zipf's exponent of the clients of each; default 1.
    pub resolver_skew: Option<Spanned<f64>>,
    /// What a resolver's cache does with the order of the addresses that it has; default `rotated`.
    pub resolver_order: Option<Spanned<ResolverOrder>>,
    /// Round-trip time to the resolver, up to a minute; default `rtt`.
    pub resolver_rtt: Option<Spanned<Time>>,
    /// Whether resolvers keep answers at all; default yes.
    pub resolver_cache: Option<Spanned<bool>>,
    /// Share of the resolvers that keep answers for too long; default 8.74 %.
    pub stretchers: Option<Spanned<Share>>,
    /// For how long at least, up to a year; default 30 minutes.
    pub stretch_to: Option<Spanned<Time>>,
    /// Which of the addresses a client takes; default `first`.
    pub address_choice: Option<Spanned<AddressChoice>>,
    /// Share of the clients that stay with the first address that they took, whatever the time to live; default 2 %.
    pub pinners: Option<Spanned<Share>>,
    /// Mean time until a client that does so is started again, exponential, above zero and up to a year; default 1 hour.
    pub pin_life: Option<Spanned<Time>>,
}

/// A bare stream of sessions, instead of a population.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrivals {
    /// The service that the sessions are for.
    pub service: Spanned<String>,
    /// Sessions per second, Poisson; with `sources`, while none of them has a session. Either this or `trace`.
    pub rate: Option<Rate>,
    /// A CSV file beside the scenario that says when each session comes, the same in every replication: a row for each, with seconds
    /// from the start of the warm-up in the column `at_s` (or `intended_s`, as in the lab's `sessions.csv`); where it has a
    /// column `service`, rows of other services are not read.
    pub trace: Option<Spanned<String>>,
    /// Whether other servers hold these sessions to send mail, and keep what they can't; default no.
    pub from_outside: Option<Spanned<bool>>,
    /// Sources of which each has one session at a time, 1 to a billion; default: any number.
    pub sources: Option<Spanned<u64>>,
    /// The operations of a session in order; default: the only one of the service.
    pub operations: Option<Vec<Spanned<String>>>,
    /// Messages in a session; default 1.
    pub messages: Option<Written<Count>>,
    /// Bytes of a message; default 0.
    pub size: Option<Written<Bytes>>,
    /// Recipients of a message, at least 1; default 1.
    pub recipients: Option<Written<Count>>,
    /// Share of the messages that leave the cluster; default 0.
    pub remote: Option<Share>,
    /// Mean time that the connection stays open when the session is over; exponential. Default: it is closed.
    pub stays: Option<Spanned<Time>>,
    /// What happens on it meanwhile; default nothing.
    pub visit: Option<Visit>,
    /// When it breaks, its client opens another one within this time, uniformly; default 1 min.
    pub reconnect: Option<Spanned<Time>>,
}

/// What happens again and again on a connection that stays open.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Mean time between two visits, exponential.
    pub every: Spanned<Time>,
    /// The operations of a visit in order.
    pub operations: Vec<Spanned<String>>,
    /// Messages in a visit; default none.
    pub messages: Option<Written<Count>>,
}

/// Habits: which sessions people hold, and what their operations cost.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Version of the format: 1.
    pub format: Spanned<u32>,
    /// What the profile is called.
    pub name: String,
    /// One line on where the numbers are from; printed, and part of the record of a run.
    pub source: String,
    /// Share of a day's sessions by hour, 24 of them, which add up to 1.
    pub day: Spanned<Vec<Share>>,
    /// A weekday's sessions, Monday first, relative to the average day that `per_user_per_day` is about; default 1.
    pub week: Option<Spanned<Vec<f64>>>,
    /// Bytes of a message.
    pub size: Written<Bytes>,
    /// Recipients of a message, at least 1.
    pub recipients: Written<Count>,
    /// Parts of the mailboxes that are opened alike, by name; the shares add up to 1. Default: none.
    #[serde(default)]
    pub pool: Named<Pool>,
    /// Kinds of sessions, by name.
    pub session: Named<Session>,
    /// Their services with the operations.
    pub service: Named<Service>,
}

/// A part of the mailboxes of a population that are opened alike.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Share of the mailboxes, above 0, and of the mail that is delivered.
    pub users: Share,
}

/// One kind of session that people, or the rest of the world on their behalf, hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The service that it is for.
    pub service: Spanned<String>,
    /// Sessions per user and day, above zero.
    pub per_user_per_day: f64,
    /// Messages in a session; default none, or with `pool` what has been delivered since the last visit.
    pub messages: Option<Written<Count>>,
    /// The pool whose mailboxes the session opens and empties; default none.
    pub pool: Option<Spanned<String>>,
    /// Share of the messages that leave the cluster; default 0.
    pub remote: Option<Share>,
    /// Mean time that the connection stays open when the session is over; exponential. Default: it is closed.
    pub stays: Option<Spanned<Time>>,
    /// What happens on it meanwhile; default nothing.
    pub visit: Option<Visit>,
    /// When it breaks, its client opens another one within this time, uniformly; default 1 min.
    pub reconnect: Option<Spanned<Time>>,
    /// Whether other servers hold these sessions: filters and spam are about them. Default no.
    pub from_outside: Option<bool>,
    /// The operations of a session in order.
    pub operations: Vec<Spanned<String>>,
}
