//! The mail store as files: mailboxes that are full before the load begins, and what is found in them afterwards.

use super::host::servers::{held, make, own, write};
use super::job::{Job, Protocol, STORE};
use super::letter::{LOAD, letter};
use super::load::Session;
use crate::validation::measured::Custody;
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Makes the store, and fills the mailboxes that are read.
///
/// # Errors
/// When a file can't be written.
pub fn fill(job: &Job) -> Result<(), String> {
    make(STORE)?;
    for shelf in &job.mailboxes {
        for (number, sizes) in (0..).zip(&shelf.sizes) {
            let mailbox = format!("{STORE}/{}", shelf.protocol.mailbox(number));
            for part in ["cur", "new", "tmp"] {
                make(&format!("{mailbox}/{part}"))?;
            }
            for (index, bytes) in sizes.iter().enumerate() {
                let text = letter(&format!("{number}.{index}@shelf"), *bytes, "\n");
                // Dovecot takes the size from the name, so it has to be the exact one.
                let path = format!("{mailbox}/cur/17{index:08}.{number}.shelf,S={}:2,", text.len());
                write(&path, &text)?;
            }
        }
    }
    own(STORE, "mail")
}

/// Looks for everything that was taken in the mailboxes; and when each copy came into one, by its name and its mailbox.
#[must_use]
pub fn look(job: &Job, sessions: &[Session]) -> (Custody, HashMap<(String, String), SystemTime>) {
    let mut custody = Custody::default();
    let mut came = HashMap::new();
    if job.holds {
        // A file for each message, whatever the number of its recipients.
        custody.accepted =
            sessions.iter().filter(|s| s.protocol == Protocol::Smtp).map(|s| u64::from(s.messages)).sum();
        custody.stored = job.hosts.iter().map(held).sum();
        return (custody, came);
    }
    let mut found: HashMap<(String, String), u64> = HashMap::new();
    for mailbox in directories(Path::new(STORE)) {
        let name = mailbox.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with("in-") {
            continue;
        }
        for part in ["new", "cur"] {
            let files = fs::read_dir(mailbox.join(part)).into_iter().flatten().flatten();
            // Mail that warmed the servers up is nobody's.
            for file in files {
                let Some(id) = message_id(&file.path()).filter(|id| id.ends_with(LOAD)) else { continue };
                if let Ok(at) = file.metadata().and_then(|data| data.modified()) {
                    came.insert((id.clone(), name.clone()), at);
                }
                *found.entry((name.clone(), id)).or_default() += 1;
            }
        }
    }
    for (number, (order, session)) in job.orders.iter().zip(sessions).enumerate() {
        if order.protocol != Protocol::Smtp {
            continue;
        }
        for (index, (_, recipients)) in order.messages.iter().take(session.messages as usize).enumerate() {
            let id = order.message_id(LOAD, number, index);
            for mailbox in order.recipients(*recipients) {
                custody.accepted += 1;
                match found.remove(&(mailbox.clone(), id.clone())) {
                    Some(copies) => {
                        custody.stored += 1;
                        custody.duplicated += copies - 1;
                    }
                    None if custody.missing.len() < 10 => custody.missing.push(format!("{id} in {mailbox}")),
                    None => {}
                }
            }
        }
    }
    custody.unexpected = found.values().sum();
    (custody, came)
}

fn directories(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// The name of a message in a file, from its head.
fn message_id(path: &Path) -> Option<String> {
    let mut head = Vec::new();
    fs::File::open(path).ok()?.take(4_096).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    let line = head.lines().find_map(|line| line.strip_prefix("Message-ID: <"))?;
    line.strip_suffix('>').map(str::to_owned)
}
