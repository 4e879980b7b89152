//! Client groups: how clients reach the cluster.

use super::Origin;
use super::operation::print_law;
use super::patience;
use super::resolvers::{refuse_all, resolvers};
use super::settings::Ledger;
use crate::random::Law;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, Named};
use crate::scenario::source::Source;
use crate::scenario::{ClientGroup, Patience};
use crate::units::Time;

/// Further attempts of a client: a bound on patience.
const MOST_RETRIES: u32 = 1_000;

/// Thunderbird looks for new mail every 10 minutes (`mailnews.js`), which is when it notices again.
fn usual_interval() -> Law {
    Law::constant(600.0).expect("the default is in range")
}

/// How often the clients of a group try again when a session has failed, and after how long.
fn retries(
    source: &Source,
    name: &str,
    group: &file::ClientGroup,
    ledger: &mut Ledger,
) -> Result<(u32, Law), ScenarioError> {
    let retries = group.retries.as_ref().map_or(0, |retries| *retries.get_ref());
    let span = group.retries.as_ref().map_or(0..0, toml::Spanned::span);
    if retries > MOST_RETRIES {
        let message = format!("`retries` is `{retries}`; it must be at most {MOST_RETRIES}");
        return Err(source.error(span, message));
    }
    if group.retries.is_some() {
        ledger.note(&format!("client_group.{name}.retries"), retries.to_string(), Origin::File);
    }
    let Some(interval) = &group.retry_interval else {
        if retries > 0 {
            let key = format!("client_group.{name}.retry_interval");
            ledger.note(&key, print_law(&usual_interval()), Origin::Default);
        }
        return Ok((retries, usual_interval()));
    };
    if retries == 0 {
        let message =
            format!("clients of `{name}` never try again; write how often as `retries`, or leave `retry_interval` out");
        return Err(source.error(interval.span(), message));
    }
    let law = &interval.get_ref().law;
    ledger.note(&format!("client_group.{name}.retry_interval"), print_law(law), Origin::File);
    Ok((retries, law.clone()))
}

/// The client groups; one without a line worth counting when the file has none.
pub(super) fn groups(
    source: &Source,
    written: &Named<file::ClientGroup>,
    users: u64,
    (by_dns, can_fail): (bool, bool),
    ledger: &mut Ledger,
) -> Result<Vec<ClientGroup>, ScenarioError> {
    if written.is_empty() {
        let resolvers = match by_dns {
            true => Some(resolvers(source, "client_group.all", None, Time::ZERO, ledger)?),
            false => None,
        };
        return Ok(vec![ClientGroup {
            name: "all".to_owned(),
            share: 1.0,
            s_per_byte: 0.0,
            rtt: Time::ZERO,
            addresses: ClientGroup::one_address_each(users, 1.0),
            new_address_per_connection: false,
            patience: Patience::default(),
            retries: 0,
            retry_interval: usual_interval(),
            resolvers,
        }]);
    }
    let total: f64 = written.values().map(|group| group.share.0).sum();
    if (total - 1.0).abs() > 1e-6 {
        let span = written.keys().next().map_or(0..0, toml::Spanned::span);
        let message = format!("the shares of the client groups add up to `{total}`; they must add up to 1");
        return Err(source.error(span, message));
    }
    let mut groups = Vec::new();
    for (name, group) in written {
        let key = |leaf: &str| format!("client_group.{}.{leaf}", name.get_ref());
        ledger.note(&key("share"), group.share.to_string(), Origin::File);
        let bandwidth = group.bandwidth.map(Some);
        let print = |b: &Option<crate::units::Bandwidth>| b.map_or("unlimited".to_owned(), |b| b.to_string());
        let bandwidth = ledger.take(&key("bandwidth"), bandwidth.as_ref(), None, print);
        let rtt = ledger.take(&key("rtt"), group.rtt.as_ref(), Time::ZERO, Time::to_string);
        if let Some(written) = &group.addresses {
            if !(1..=ClientGroup::MOST_ADDRESSES).contains(written.get_ref()) {
                let message = format!(
                    "`addresses` of client group `{}` is `{}`; it must be between 1 and 2^32",
                    name.get_ref(),
                    written.get_ref()
                );
                return Err(source.error(written.span(), message));
            }
            ledger.note(&key("addresses"), written.get_ref().to_string(), Origin::File);
        }
        let patience = patience::resolve(source, name.get_ref(), group, can_fail, ledger)?;
        if let Some(changes) = group.new_address_per_connection {
            ledger.note(&key("new_address_per_connection"), changes.to_string(), Origin::File);
        }
        let (retries, retry_interval) = retries(source, name.get_ref(), group, ledger)?;
        let resolvers = if by_dns {
            let key = format!("client_group.{}", name.get_ref());
            Some(resolvers(source, &key, Some(group), rtt, ledger)?)
        } else {
            refuse_all(source, group)?;
            None
        };
        let own = group.addresses.as_ref().map(|written| *written.get_ref());
        groups.push(ClientGroup {
            name: name.get_ref().clone(),
            addresses: own.unwrap_or_else(|| ClientGroup::one_address_each(users, group.share.0)),
            share: group.share.0,
            s_per_byte: bandwidth.map_or(0.0, |b| 1.0 / b.0),
            rtt,
            new_address_per_connection: group.new_address_per_connection == Some(true),
            patience,
            retries,
            retry_interval,
            resolvers,
        });
    }
    Ok(groups)
}
