//! The mail store as files: mailboxes that are full before the load begins, and what is found in them afterwards.

use super::host::servers::{make, own};
use super::job::{Job, STORE};
use super::letter::letter;
use super::load::Session;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Whether all mail that was taken is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// Copies that servers have taken: a message for each recipient.
    pub accepted: u64,
    /// Those of them that are in a mailbox.
    pub stored: u64,
    /// Those that are in it more than once, beyond the first.
    pub duplicated: u64,
    /// Those that nobody has taken, or of which nobody knows: a session that broke may have left one.
    pub unexpected: u64,
    /// Names of some that are missing.
    pub missing: Vec<String>,
}

/// Fills the mailboxes that are read.
///
/// # Errors
/// When a file can't be written.
pub fn fill(job: &Job) -> Result<(), String> {
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
                fs::write(&path, text).map_err(|e| format!("`{path}` can't be written: {e}"))?;
            }
        }
    }
    own(STORE, "mail")
}

/// Looks for everything that was taken in the mailboxes.
#[must_use]
pub fn look(job: &Job, sessions: &[Session]) -> Custody {
    let mut found: HashMap<(String, String), u64> = HashMap::new();
    for mailbox in directories(Path::new(STORE)) {
        let name = mailbox.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with("in-") {
            continue;
        }
        for part in ["new", "cur"] {
            let files = fs::read_dir(mailbox.join(part)).into_iter().flatten().flatten();
            for id in files.filter_map(|file| message_id(&file.path())) {
                *found.entry((name.clone(), id)).or_default() += 1;
            }
        }
    }
    let mut custody = Custody::default();
    for (number, (order, session)) in job.orders.iter().zip(sessions).enumerate() {
        if order.protocol != super::job::Protocol::Smtp {
            continue;
        }
        for (index, (_, recipients)) in order.messages.iter().take(session.messages as usize).enumerate() {
            let id = order.message_id(number, index);
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
    custody
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
