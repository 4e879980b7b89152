//! How mail travels: senders, the backup, and the records by which mail is sent.

use super::Origin;
use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, File};
use crate::scenario::mail::{Backup, Concurrency, Delivery, Exchange, Retry, Sender};
use crate::scenario::source::Source;
use crate::scenario::{Cluster, Patience, Stream, mail::Whose};
use crate::units::{Bandwidth, Time};
use toml::Spanned;

/// The most servers of one kind, and sessions of one of them: a bound on memory.
const MOST: u32 = 100_000;
/// What there is to be said of any of them.
const YEAR: Time = Time::from_secs(366 * 86_400);
const MINUTE: Time = Time::from_secs(60);

/// Who sends mail, who forwards it, and how it is sent.
pub(super) struct Mail {
    pub(super) senders: Vec<Sender>,
    pub(super) backup: Backup,
    pub(super) exchange: Option<Exchange>,
}

pub(super) fn resolve(
    source: &Source,
    file: &File,
    streams: &[Stream],
    cluster: &Cluster,
    ledger: &mut Ledger,
) -> Result<Mail, ScenarioError> {
    let from_servers = streams.iter().any(|s| s.mail.is_some_and(|mail| mail.whose != Whose::Person));
    if let Some(name) = file.sender.keys().next().filter(|_| !from_servers) {
        let message = "no mail comes from outside; leave the senders out, or write `from_outside = true` in a session, and \
                       `delivers = true` in the operation that delivers its mail";
        return Err(source.error(name.span(), message));
    }
    let backup = match (&file.backup, cluster.backup()) {
        (Some(written), None) => {
            let message = "there is no backup; write a `[node.backup]` with its `tier`, or leave `[backup]` out";
            return Err(source.error(written.span(), message));
        }
        (None, None) => backup(source, None, None)?,
        (written, Some(_)) => backup(source, written.as_ref().map(Spanned::get_ref), Some(ledger))?,
    };
    let exchange = match &file.mx {
        None => None,
        Some(written) if !from_servers => {
            let message = "no mail comes from outside, so nobody looks up where it goes; leave `[mx]` out";
            return Err(source.error(written.span(), message));
        }
        Some(written) => Some(exchange(source, written.get_ref(), ledger)?),
    };
    Ok(Mail { senders: senders(source, file, ledger)?, backup, exchange })
}

fn senders(source: &Source, file: &File, ledger: &mut Ledger) -> Result<Vec<Sender>, ScenarioError> {
    if file.sender.is_empty() {
        // The defaults are worth no line where nobody asks: nothing that is sent fails in most scenarios.
        let delivery = delivery(source, "sender", None, false, None)?;
        return Ok(vec![Sender { name: "postfix".to_owned(), share: 1.0, servers: None, delivery }]);
    }
    let total: f64 = file.sender.values().map(|sender| sender.share.as_ref().map_or(1.0, |s| s.get_ref().0)).sum();
    if (total - 1.0).abs() > 1e-6 {
        let span = file.sender.keys().next().map_or(0..0, Spanned::span);
        let message = format!("the shares of the senders add up to `{total}`; they must add up to 1");
        return Err(source.error(span, message));
    }
    let mut senders = Vec::new();
    for (name, written) in &file.sender {
        let key = |leaf: &str| format!("sender.{}.{leaf}", name.get_ref());
        let share = written.share.as_ref().map(|share| share.get_ref().0);
        let share = ledger.take(&key("share"), share.as_ref(), 1.0, f64::to_string);
        if let Some(servers) = written.servers.as_ref().filter(|n| !(1..=MOST).contains(n.get_ref())) {
            let message = format!("`servers` is `{}`; it must be between 1 and {MOST}", servers.get_ref());
            return Err(source.error(servers.span(), message));
        }
        let servers = written.servers.as_ref().map(|servers| *servers.get_ref());
        let print = |servers: &Option<u32>| servers.map_or("any number".to_owned(), |n| n.to_string());
        let servers = ledger.take(&key("servers"), servers.map(Some).as_ref(), None, print);
        let delivery = delivery(source, &key("delivery"), written.delivery.as_ref(), servers.is_some(), Some(ledger))?;
        senders.push(Sender { name: name.get_ref().clone(), share, servers, delivery });
    }
    Ok(senders)
}

/// What a backup does; noted where there is one.
fn backup(
    source: &Source,
    written: Option<&file::Backup>,
    mut ledger: Option<&mut Ledger>,
) -> Result<Backup, ScenarioError> {
    let rtt = written.and_then(|backup| backup.rtt);
    let bandwidth = written.and_then(|backup| backup.bandwidth);
    let flush = written.and_then(|backup| backup.flush);
    if let Some(ledger) = ledger.as_deref_mut() {
        ledger.take("backup.rtt", rtt.as_ref(), Time::ZERO, Time::to_string);
        let print = |b: &Option<Bandwidth>| b.map_or("unlimited".to_owned(), |b| b.to_string());
        ledger.take("backup.bandwidth", bandwidth.map(Some).as_ref(), None, print);
        let print = |flush: &Option<Time>| flush.map_or("never".to_owned(), |flush| flush.to_string());
        ledger.take("backup.flush", flush.map(Some).as_ref(), None, print);
    }
    let own = written.and_then(|backup| backup.delivery.as_ref());
    let delivery = delivery(source, "backup.delivery", own, true, ledger)?;
    let s_per_byte = bandwidth.map_or(0.0, |b| 1.0 / b.0);
    Ok(Backup { rtt: rtt.unwrap_or(Time::ZERO), s_per_byte, flush, delivery })
}

fn exchange(source: &Source, written: &file::Exchange, ledger: &mut Ledger) -> Result<Exchange, ScenarioError> {
    let mut time = |leaf: &str, written: &Option<Spanned<Time>>, usual: Time, most: Time, words: &str| {
        if let Some(written) = written.as_ref().filter(|time| *time.get_ref() > most) {
            let message = format!("`{leaf}` is `{}`; it must be at most {words}", written.get_ref());
            return Err(source.error(written.span(), message));
        }
        let own = written.as_ref().map(|time| *time.get_ref());
        Ok(ledger.take(&format!("mx.{leaf}"), own.as_ref(), usual, Time::to_string))
    };
    // An hour is common for MX records; a resolver that has to ask takes some round trips (assumption).
    let ttl = time("ttl", &written.ttl, MINUTE * 60, YEAR, "a year")?;
    let lookup = time("lookup", &written.lookup, Time::from_millis(50), MINUTE, "a minute")?;
    Ok(Exchange { ttl, lookup })
}

/// How a server delivers; `limits` where it has a queue of its own for this cluster.
fn delivery(
    source: &Source,
    key: &str,
    written: Option<&file::Delivery>,
    limits: bool,
    mut ledger: Option<&mut Ledger>,
) -> Result<Delivery, ScenarioError> {
    let none = file::Delivery::default();
    let written = written.unwrap_or(&none);
    let mut note = |leaf: &str, value: String, is_written: bool| {
        if let Some(ledger) = &mut ledger {
            let origin = if is_written { Origin::File } else { Origin::Default };
            ledger.note(&format!("{key}.{leaf}"), value, origin);
        }
    };
    let mut time = |leaf: &str, written: &Option<Spanned<Time>>, usual_s: u64| -> Result<Time, ScenarioError> {
        if let Some(written) = written.as_ref().filter(|time| *time.get_ref() == Time::ZERO) {
            return Err(source.error(written.span(), format!("`{leaf}` must be above zero")));
        }
        let value = written.as_ref().map_or(Time::from_secs(usual_s), |time| *time.get_ref());
        note(leaf, value.to_string(), written.is_some());
        Ok(value)
    };
    // Postfix, postconf(5): smtp_connect_timeout, smtp_helo_timeout and its like, smtp_data_done_timeout, queue_run_delay,
    // minimal_backoff_time, maximal_backoff_time, maximal_queue_lifetime; the first packet again after RFC 1122's 3 s.
    let patience = Patience {
        connect_timeout: time("connect_timeout", &written.connect_timeout, 30)?,
        first_resend: time("first_resend", &written.first_resend, 3)?,
        timeout: time("command_timeout", &written.command_timeout, 300)?,
        next_address: true,
    };
    let data_timeout = time("data_timeout", &written.data_timeout, 600)?;
    let scan = time("scan", &written.scan, 300)?;
    let least = time("minimal_backoff", &written.minimal_backoff, 300)?;
    let most = time("maximal_backoff", &written.maximal_backoff, 4_000)?;
    let lifetime = time("lifetime", &written.lifetime, 5 * 86_400)?;
    let warning = match &written.delay_warning {
        None => None,
        some => Some(time("delay_warning", some, 0)?),
    };
    if most < least {
        let span = written.maximal_backoff.as_ref().or(written.minimal_backoff.as_ref()).map_or(0..0, Spanned::span);
        let message = format!("`maximal_backoff` is `{most}`; it must be at least `minimal_backoff`, `{least}`");
        return Err(source.error(span, message));
    }
    let phase = written.phase.as_ref().map(|phase| *phase.get_ref());
    if let Some(written) = written.phase.as_ref().filter(|phase| *phase.get_ref() >= scan) {
        let message = format!("`phase` is `{}`; it must be below `scan`, `{scan}`", written.get_ref());
        return Err(source.error(written.span(), message));
    }
    note("phase", phase.map_or("each its own".to_owned(), |phase| phase.to_string()), phase.is_some());
    let retry = Retry { scan, phase, least, most, lifetime, warning };
    let concurrency = concurrency(source, written, limits, &mut note)?;
    Ok(Delivery { patience, data_timeout, retry, concurrency })
}

/// How many sessions a server has at one time (Postfix: initial_destination_concurrency,
/// default_destination_concurrency_limit, and minimal_backoff_time for how long a destination is dead).
fn concurrency(
    source: &Source,
    written: &file::Delivery,
    limits: bool,
    note: &mut impl FnMut(&str, String, bool),
) -> Result<Option<Concurrency>, ScenarioError> {
    if !limits {
        let spans = [
            ("initial_concurrency", written.initial_concurrency.as_ref().map(Spanned::span)),
            ("concurrency", written.concurrency.as_ref().map(Spanned::span)),
            ("pause", written.pause.as_ref().map(Spanned::span)),
        ];
        return match spans.into_iter().find_map(|(leaf, span)| Some((leaf, span?))) {
            None => Ok(None),
            Some((leaf, span)) => {
                let message =
                    format!("`{leaf}` is about each server, and each message has one to itself; write `servers` too");
                Err(source.error(span, message))
            }
        };
    }
    let number = |leaf: &str, written: &Option<Spanned<u32>>, usual: u32, most: u32| -> Result<u32, ScenarioError> {
        match written {
            None => Ok(usual),
            Some(n) if (1..=most).contains(n.get_ref()) => Ok(*n.get_ref()),
            Some(n) => {
                let message = format!("`{leaf}` is `{}`; it must be between 1 and {most}", n.get_ref());
                Err(source.error(n.span(), message))
            }
        }
    };
    let most = number("concurrency", &written.concurrency, 20, MOST)?;
    let initial = number("initial_concurrency", &written.initial_concurrency, most.min(5), most)?;
    let pause = written.pause.as_ref().map_or(Time::from_secs(300), |pause| *pause.get_ref());
    note("concurrency", most.to_string(), written.concurrency.is_some());
    note("initial_concurrency", initial.to_string(), written.initial_concurrency.is_some());
    note("pause", pause.to_string(), written.pause.is_some());
    Ok(Some(Concurrency { initial, most, pause }))
}
