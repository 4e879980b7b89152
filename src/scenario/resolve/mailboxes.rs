//! Pools: which mailboxes a session opens, and what it finds there.

use super::Origin;
use super::settings::Ledger;
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{Profile, Session, Times};
use crate::scenario::source::Source;
use crate::scenario::{Mailboxes, Operation, Pool, Stream};
use toml::Spanned;

/// The pools of a population; none when its profile has none.
pub(super) fn pools(
    habits: &Source,
    profile: &Profile,
    population: &str,
    users: u64,
    origin: &Origin,
    ledger: &mut Ledger,
) -> Result<Option<Mailboxes>, ScenarioError> {
    let Some(first) = profile.pool.keys().next() else {
        if let Some(pool) = profile.session.values().find_map(|session| session.pool.as_ref()) {
            let message =
                format!("the profile has no pools; write `[pool.{}]` with its share of `users`", pool.get_ref());
            return Err(habits.error(pool.span(), message));
        }
        return Ok(None);
    };
    let total: f64 = profile.pool.values().map(|pool| pool.users.0).sum();
    if (total - 1.0).abs() > 1e-6 {
        let message = format!("the `users` of the pools add up to `{total}`; they must add up to 1");
        return Err(habits.error(first.span(), message));
    }
    if profile.session.values().all(|session| session.pool.is_none()) {
        let message = format!("no session opens a mailbox; write `pool = \"{}\"` in one that does", first.get_ref());
        return Err(habits.error(first.span(), message));
    }
    let mut pools = Vec::new();
    for (name, pool) in &profile.pool {
        if pool.users.0 <= 0.0 {
            let message = format!("pool `{}` has no mailboxes; leave it out", name.get_ref());
            return Err(habits.error(name.span(), message));
        }
        let key = format!("population.{population}.pool.{}.users", name.get_ref());
        ledger.note(&key, pool.users.0.to_string(), origin.clone());
        pools.push(Pool { name: name.get_ref().clone(), share: pool.users.0 });
    }
    Ok(Some(Mailboxes { population: population.to_owned(), users, pools }))
}

/// The pool that a session opens a mailbox of, if it opens one.
pub(super) fn opened(
    habits: &Source,
    kind: &Spanned<String>,
    session: &Session,
    mailboxes: &Mailboxes,
    operations: &[(String, Operation)],
) -> Result<Option<usize>, ScenarioError> {
    let Some(pool) = &session.pool else { return Ok(None) };
    let Some(index) = mailboxes.pools.iter().position(|known| known.name == *pool.get_ref()) else {
        let known = mailboxes.pools.iter().map(|pool| pool.name.as_str());
        return Err(habits.error(pool.span(), unknown("pool", pool.get_ref(), known)));
    };
    if session.messages.is_some() {
        let message =
            format!("session `{}` finds what was delivered to its `pool`; leave `messages` out", kind.get_ref());
        return Err(habits.error(kind.span(), message));
    }
    // Otherwise what is found would be what is delivered, and there would be no telling how much it is.
    if let Some((name, _)) = operations.iter().find(|(_, o)| o.delivers && o.times != Times::Once) {
        let message =
            format!("operation `{name}` would deliver again what the session found; leave `delivers` or `pool` out");
        return Err(habits.error(kind.span(), message));
    }
    Ok(Some(index))
}

/// Notes what sessions find in the long run, which follows from everything else.
pub(super) fn note_found(streams: &[Stream], ledger: &mut Ledger) {
    for stream in streams.iter().filter(|stream| stream.pool.is_some()) {
        if let Some((population, session)) = stream.name.split_once('/') {
            let key = format!("population.{population}.session.{session}.messages");
            ledger.note(&key, format!("as delivered, {}", stream.messages), Origin::Default);
        }
    }
}
