//! What a server that sends has written down: who took each message, after how long, and how often it was tried.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// What became of a message for a recipient.
#[derive(Debug, Clone, PartialEq)]
pub struct Handed {
    /// Its name.
    pub message_id: String,
    /// The mailbox that it is for.
    pub mailbox: String,
    /// Who took it.
    pub taken_by: Ipv4Addr,
    /// From the moment that the server had it until then, in seconds; Postfix tells two digits of it.
    pub delay_s: f64,
    /// Attempts for it after it had been put off, be it because its destination was not tried at all.
    pub repeated: u32,
}

/// Reads the log of Postfix.
#[must_use]
pub fn handed(log: &str) -> Vec<Handed> {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let mut failed: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut all = Vec::new();
    for line in log.lines() {
        // `Nov 27 06:11:53 world postfix/smtp[7]: 3F2A: to=<…>, relay=mx.lab.test[10.77.1.1]:25, delay=0.05, …, status=sent (…)`
        let Some((queue, rest)) = line.split_once("]: ").and_then(|(_, rest)| rest.split_once(": ")) else { continue };
        if let Some(name) = rest.strip_prefix("message-id=<") {
            names.insert(queue, name.trim_end_matches('>'));
        }
        let field = |name: &str| {
            let (_, value) = rest.split_once(name)?;
            Some(value.split([',', ' ', '>']).next().unwrap_or_default())
        };
        let (Some(to), Some(status)) = (field("to=<"), field("status=")) else { continue };
        // A message that has to wait because its destination does is not tried. If it never was before, the next is a further
        // attempt all the same.
        let tried = !rest.contains("delivery temporarily suspended");
        if status == "deferred" && (tried || !failed.contains_key(&(queue, to))) {
            *failed.entry((queue, to)).or_default() += 1;
        }
        let taken_by = field("relay=").and_then(|relay| relay.split_once('[')?.1.split_once(']')?.0.parse().ok());
        let delay_s = field(" delay=").and_then(|delay| delay.parse().ok());
        if let ("sent", Some(taken_by), Some(delay_s), Some(name)) = (status, taken_by, delay_s, names.get(queue)) {
            all.push(Handed {
                message_id: (*name).to_owned(),
                mailbox: to.split('@').next().unwrap_or_default().to_owned(),
                taken_by,
                delay_s,
                repeated: failed.get(&(queue, to)).copied().unwrap_or(0),
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_followed_from_its_name_to_who_took_it() {
        let log = "\
Nov 27 06:11:53 world postfix/smtpd[5]: 3F2A: client=unknown[10.77.64.1]
Nov 27 06:11:53 world postfix/cleanup[6]: 3F2A: message-id=<12.0@load>
Nov 27 06:11:53 world postfix/qmgr[4]: 3F2A: from=<load@lab.test>, size=2100, nrcpt=1 (queue active)
Nov 27 06:11:53 world postfix/smtp[7]: connect to mx.lab.test[10.77.1.1]:25: Connection refused
Nov 27 06:11:53 world postfix/smtp[7]: 3F2A: to=<in-3@lab.test>, relay=none, delay=0.02, delays=0.01/0/0.01/0, dsn=4.4.1, status=deferred (connect to mx.lab.test[10.77.1.1]:25: Connection refused)
Nov 27 06:11:56 world postfix/qmgr[4]: 3F2A: to=<in-3@lab.test>, relay=none, delay=3, delays=3/0/0/0, dsn=4.4.1, status=deferred (delivery temporarily suspended: connect to mx.lab.test[10.77.1.1]:25: Connection refused)
Nov 27 06:11:59 world postfix/smtp[7]: 3F2A: to=<in-3@lab.test>, relay=mx.lab.test[10.77.1.1]:25, delay=6.3, delays=6.2/0/0.01/0.01, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 77)
Nov 27 06:11:59 world postfix/qmgr[4]: 3F2A: removed
";
        let taken_by = Ipv4Addr::new(10, 77, 1, 1);
        let one = Handed {
            message_id: "12.0@load".to_owned(),
            mailbox: "in-3".to_owned(),
            taken_by,
            delay_s: 6.3,
            repeated: 1,
        };
        assert_eq!(handed(log), [one]);
    }
}
