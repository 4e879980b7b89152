//! The resolvers of a client group, and what its clients do with addresses.

use super::settings::Ledger;
use crate::scenario::dns::Resolvers;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{AddressChoice, ClientGroup, ResolverOrder};
use crate::scenario::source::Source;
use crate::units::{Share, Time};
use toml::Spanned;

/// Between the large resolvers of the studies of balancing by DNS, 20 to 100, and the long tail (Colajanni, Yu and
/// Cardellini 1998).
const NUMBER: u32 = 100;
const MOST: u32 = 100_000;
/// Pure Zipf, of the same studies.
const SKEW: f64 = 1.0;
/// Share of 8524 resolvers that keep answers for too long (Bhushan and others, PAM 2023).
const STRETCHERS: f64 = 0.0874;
/// For how long is not said there. Assumption: within the 5 minutes to an hour that old browsers and resolvers were seen at.
const STRETCH_TO: Time = Time::from_secs(1_800);
/// Share of the clients that still came to the old address a quarter of an hour after a change with a time to live of 20 s
/// (Flavel, Mani and Maltz 2014).
const PINNERS: f64 = 0.02;
/// Assumption: programs that look a name up once are started again each hour, exponentially.
const PIN_LIFE: Time = Time::from_secs(3_600);
/// No key is about more than a year.
const LONGEST: Time = Time::from_secs(366 * 86_400);

/// Those of the group whose keys begin so, all by default if it is not written; `rtt` is what its clients have to the cluster.
pub(super) fn resolvers(
    source: &Source,
    key: &str,
    written: Option<&ClientGroup>,
    rtt: Time,
    ledger: &mut Ledger,
) -> Result<Resolvers, ScenarioError> {
    let at = |leaf: &str| format!("{key}.{leaf}");
    let own = written.and_then(|group| group.resolvers.as_ref());
    let number = ledger.take(&at("resolvers"), plain(own).as_ref(), NUMBER, u32::to_string);
    refuse(source, own, !(1..=MOST).contains(&number), || {
        format!("`resolvers` is `{number}`; it must be between 1 and {MOST}")
    })?;
    let own = written.and_then(|group| group.resolver_skew.as_ref());
    let skew = ledger.take(&at("resolver_skew"), plain(own).as_ref(), SKEW, f64::to_string);
    refuse(source, own, !(0.0..=3.0).contains(&skew), || {
        format!("`resolver_skew` is `{skew}`; it must be between 0, as many clients each, and 3")
    })?;
    let own = written.and_then(|group| group.resolver_order.as_ref());
    let order =
        ledger.take(&at("resolver_order"), plain(own).as_ref(), ResolverOrder::Rotated, |own| own.name().to_owned());
    let own = written.and_then(|group| group.resolver_rtt.as_ref());
    let rtt = ledger.take(&at("resolver_rtt"), plain(own).as_ref(), rtt, Time::to_string);
    refuse(source, own, rtt > Time::from_secs(60), || {
        format!("`resolver_rtt` is `{rtt}`; it must be at most a minute")
    })?;
    let own = written.and_then(|group| group.resolver_cache.as_ref());
    let caches = ledger.take(&at("resolver_cache"), plain(own).as_ref(), true, bool::to_string);
    let own = written.and_then(|group| group.stretchers.as_ref());
    let stretchers = ledger.take(&at("stretchers"), plain(own).as_ref(), Share(STRETCHERS), Share::to_string).0;
    let own = written.and_then(|group| group.stretch_to.as_ref());
    let stretch_to = ledger.take(&at("stretch_to"), plain(own).as_ref(), STRETCH_TO, Time::to_string);
    refuse(source, own, stretch_to > LONGEST, || format!("`stretch_to` is `{stretch_to}`; it must be at most a year"))?;
    let own = written.and_then(|group| group.address_choice.as_ref());
    let choice =
        ledger.take(&at("address_choice"), plain(own).as_ref(), AddressChoice::First, |own| own.name().to_owned());
    let own = written.and_then(|group| group.pinners.as_ref());
    let all = choice == AddressChoice::Pinned;
    refuse(source, own, all, || {
        "with `pinned` all clients stay with the first address that they took; leave `pinners` out".to_owned()
    })?;
    let default = Share(if all { 1.0 } else { PINNERS });
    let pinners = ledger.take(&at("pinners"), plain(own).as_ref(), default, Share::to_string).0;
    let own = written.and_then(|group| group.pin_life.as_ref());
    let pin_life = ledger.take(&at("pin_life"), plain(own).as_ref(), PIN_LIFE, Time::to_string);
    refuse(source, own, pin_life == Time::ZERO || pin_life > LONGEST, || {
        format!("`pin_life` is `{pin_life}`; it must be above zero and at most a year")
    })?;
    Ok(Resolvers { number, skew, order, rtt, caches, stretchers, stretch_to, choice, pinners, pin_life })
}

/// Refuses what is written about resolvers where nothing is reached by DNS.
pub(super) fn refuse_all(source: &Source, group: &ClientGroup) -> Result<(), ScenarioError> {
    let keys = [
        ("resolvers", group.resolvers.as_ref().map(Spanned::span)),
        ("resolver_skew", group.resolver_skew.as_ref().map(Spanned::span)),
        ("resolver_order", group.resolver_order.as_ref().map(Spanned::span)),
        ("resolver_rtt", group.resolver_rtt.as_ref().map(Spanned::span)),
        ("resolver_cache", group.resolver_cache.as_ref().map(Spanned::span)),
        ("stretchers", group.stretchers.as_ref().map(Spanned::span)),
        ("stretch_to", group.stretch_to.as_ref().map(Spanned::span)),
        ("address_choice", group.address_choice.as_ref().map(Spanned::span)),
        ("pinners", group.pinners.as_ref().map(Spanned::span)),
        ("pin_life", group.pin_life.as_ref().map(Spanned::span)),
    ];
    for (key, span) in keys {
        if let Some(span) = span {
            let message = format!(
                "`{key}` is about DNS, and no service is reached by it; leave it out, or write a \
                 `[routing.default.round-robin-dns]`"
            );
            return Err(source.error(span, message));
        }
    }
    Ok(())
}

fn plain<T: Copy>(written: Option<&Spanned<T>>) -> Option<T> {
    written.map(|written| *written.get_ref())
}

/// An error about what is written, if it is wrong.
fn refuse<T>(
    source: &Source,
    written: Option<&Spanned<T>>,
    is_wrong: bool,
    message: impl Fn() -> String,
) -> Result<(), ScenarioError> {
    match written.filter(|_| is_wrong) {
        Some(written) => Err(source.error(written.span(), message())),
        None => Ok(()),
    }
}
