//! What became of the mail that a server elsewhere sent.

use super::host::mail_log::{Handed, handed};
use super::job::{HOME, Host, Job, SWITCH};
use super::letter::LOAD;
use super::load::Session;
use super::record::Letter;
use std::collections::HashMap;
use std::time::SystemTime;

/// Copy by copy, by what the servers have written down and by when it came into mailboxes.
pub(super) fn letters(
    job: &Job,
    sessions: &[Session],
    came: &HashMap<(String, String), SystemTime>,
    began: SystemTime,
) -> Vec<Letter> {
    let Some(world) = &job.world else { return Vec::new() };
    let told = |host: &Host| {
        handed(&std::fs::read_to_string(format!("{HOME}/{}/postfix/mail.log", host.name)).unwrap_or_default())
    };
    // A backup has a log of its own attempts.
    let backups = job.hosts.iter().filter(|host| host.dovecot.is_none());
    let mut forwarded: HashMap<(String, String), u32> = HashMap::new();
    for own in backups.flat_map(told) {
        *forwarded.entry((own.message_id, own.mailbox)).or_default() += own.repeated;
    }
    let letter = |handed: Handed| {
        let session = handed.message_id.split('.').next()?.parse::<usize>().ok()?;
        // What warmed the servers up is no part of it.
        let session = sessions.get(session).filter(|_| handed.message_id.ends_with(LOAD))?;
        let taken_by = job.hosts.iter().find(|host| host.address == handed.taken_by).map(|host| host.name.clone());
        let copy = (handed.message_id, handed.mailbox);
        let at = came.get(&copy).and_then(|at| at.duration_since(began).ok());
        Some(Letter {
            intended_s: session.intended_s,
            taken_by: taken_by.unwrap_or_else(|| SWITCH.to_owned()),
            accept_s: handed.delay_s,
            repeated: handed.repeated + forwarded.get(&copy).copied().unwrap_or(0),
            delivered_s: at.map(|at| at.as_secs_f64() - session.intended_s),
        })
    };
    told(world).into_iter().filter_map(letter).collect()
}
