//! The lab's directory where the lab has no mounts of its own: in the sight of all, and of one lab at a time.

use super::process::Process;
use crate::lab::job::HOME;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Says which process made the directory: its number, and when it began.
const OWNER: &str = "owner";

/// Makes it, for the lab with this number.
///
/// # Errors
/// When another lab has it, or it can't be made.
pub fn claim(lab: u32) -> Result<(), String> {
    fs::create_dir(HOME).map_err(|e| match (e.kind(), owner()) {
        (ErrorKind::AlreadyExists, Some((other, _))) => format!(
            "`{HOME}` is that of the lab of process {other}, which is at work; on loopback ports there is one at a time, so wait for its end"
        ),
        (ErrorKind::AlreadyExists, None) => format!("`{HOME}` is there and no lab has made it; remove it"),
        _ => format!("`{HOME}` can't be made: {e}"),
    })?;
    let began = Process::look(lab).ok_or_else(|| format!("there is no process {lab} for which the lab is"))?.began;
    super::servers::write(&format!("{HOME}/{OWNER}"), &format!("{lab} {began}\n")).map(|_| ())
}

fn owner() -> Option<(u32, u64)> {
    let text = fs::read_to_string(Path::new(HOME).join(OWNER)).ok()?;
    let (lab, began) = text.trim().split_once(' ')?;
    Some((lab.parse().ok()?, began.parse().ok()?))
}

/// Whether it is there and that of a lab whose process is gone, or of the one with this number.
#[must_use]
pub fn is_left(own: Option<u32>) -> bool {
    let is_gone = |lab, began| Process::look(lab).is_none_or(|process| process.is_over || process.began != began);
    owner().is_some_and(|(lab, began)| own.map_or_else(|| is_gone(lab, began), |own| own == lab))
}

/// Removes all that is in it but the name of its owner: whoever was to read it there does not start.
pub fn empty() {
    for entry in fs::read_dir(HOME).into_iter().flatten().flatten().filter(|entry| entry.file_name() != OWNER) {
        // A file is no directory; and who still writes there is removed at the next time.
        let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
    }
}

/// Removes it; whether it is gone.
pub fn remove() -> bool {
    empty();
    // The owner last: as long as anything is left, it is known whose that is.
    let is_empty = fs::read_dir(HOME).is_ok_and(|entries| entries.count() <= 1);
    is_empty && fs::remove_file(Path::new(HOME).join(OWNER)).is_ok() && fs::remove_dir(HOME).is_ok()
}
