//! The directory of a run: found writable before the work starts, and filled with whole files only.

use super::failure::{Failure, reason};
use crate::report::Written;
use std::io;
use std::path::{Path, PathBuf};

/// Where results land unless the user says otherwise.
const RESULTS: &str = "output";

/// A directory that can be written, and what was written into it.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    /// The topmost directory that did not exist before.
    created: Option<PathBuf>,
    files: Vec<Written>,
}

/// `output/<file stem>-<8 hex>/`; the digits are a digest of the resolved input, the command and its rule.
pub(crate) fn default_path(scenario: &Path, digest: [u8; 32], command: &str, rule: &str) -> PathBuf {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&digest);
    hasher.update(format!("\n{command}\n{rule}\n").as_bytes());
    let hex = hasher.finalize().to_hex();
    let stem = scenario.file_stem().unwrap_or_default().to_string_lossy();
    Path::new(RESULTS).join(format!("{stem}-{}", &hex[..8]))
}

impl Directory {
    /// Makes the directory if need be, and tries whether it takes a file.
    pub(crate) fn prepare(path: PathBuf) -> Result<Directory, Failure> {
        let created = path.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).last();
        let directory = Directory { created: created.map(Path::to_owned), files: Vec::new(), path };
        let probe = directory.path.join(format!(".probe.{}.tmp", std::process::id()));
        std::fs::create_dir_all(&directory.path)
            .and_then(|()| std::fs::write(&probe, ""))
            .and_then(|()| std::fs::remove_file(&probe))
            .map_err(|e| directory.complaint(&e))?;
        sweep(&directory.path);
        Ok(directory)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What was written so far.
    pub(crate) fn files(&self) -> &[Written] {
        &self.files
    }

    /// Writes a whole file, or none.
    pub(crate) fn write(&mut self, name: &str, text: &str) -> Result<(), Failure> {
        write_whole(&self.path.join(name), text).map_err(|e| self.complaint(&e))?;
        self.files.push(Written::new(name, text));
        Ok(())
    }

    /// Leaves no trace of a directory that was made for nothing.
    pub(crate) fn discard(self) {
        let Some(top) = &self.created else { return };
        for path in self.path.ancestors() {
            // One that is not empty belongs to someone else by now, and so do those above it.
            if std::fs::remove_dir(path).is_err() || path == top {
                return;
            }
        }
    }

    fn complaint(&self, error: &io::Error) -> Failure {
        Failure::Unusable(format!(
            "the output directory `{}` can't be written: {}; name another one with `--out DIR`",
            self.path.display(),
            reason(error)
        ))
    }
}

/// Removes what processes left that were killed while they wrote. Those that live may still be writing.
fn sweep(directory: &Path) {
    let processes = Path::new("/proc");
    // Where nobody says who lives, everything stays.
    if !processes.join("self").exists() {
        return;
    }
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let dead = writer(&name.to_string_lossy()).is_some_and(|process| !processes.join(process.to_string()).exists());
        if dead {
            // A leftover is the lesser evil.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The process that wrote under a temporary name.
fn writer(name: &str) -> Option<u32> {
    let (_, process) = name.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
    process.parse().ok()
}

/// Writes under a temporary name and renames: whoever reads sees the whole file or the one before.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let done = std::fs::write(&temporary, text).and_then(|()| std::fs::rename(&temporary, path));
    if done.is_err() {
        // What went wrong is said already; a leftover is the lesser evil.
        let _ = std::fs::remove_file(&temporary);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_depends_on_input_command_and_rule() {
        let path = |digest: u8, command: &str, rule: &str| {
            default_path(Path::new("some/where/isp.toml"), [digest; 32], command, rule)
        };
        let first = path(1, "run", "replications 10");
        assert!(first.starts_with("output") && first.to_string_lossy().contains("isp-"), "{first:?}");
        assert_eq!(first.to_string_lossy().len(), "output/isp-01234567".len());
        for other in [path(2, "run", "replications 10"), path(1, "plan", "replications 10"), path(1, "run", "r")] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let living = format!(".summary.json.{}.tmp", std::process::id());
        // Numbers of processes end far below this one.
        let kept = [living.as_str(), "summary.json", ".notes.tmp", "x.4294967294.tmp"];
        for name in kept.iter().chain(&[".summary.json.4294967294.tmp"]) {
            std::fs::write(home.path().join(name), "x").unwrap();
        }
        Directory::prepare(home.path().to_owned()).unwrap();
        assert!(!home.path().join(".summary.json.4294967294.tmp").exists());
        assert!(kept.iter().all(|name| home.path().join(name).exists()));
    }

    #[test]
    fn a_discarded_directory_leaves_what_was_there() {
        let home = tempfile::tempdir().unwrap();
        Directory::prepare(home.path().join("a/b/c")).unwrap().discard();
        assert!(home.path().exists() && !home.path().join("a").exists());
        let mut kept = Directory::prepare(home.path().join("d")).unwrap();
        kept.write("x.txt", "x").unwrap();
        assert_eq!(std::fs::read_dir(kept.path()).unwrap().count(), 1);
        kept.discard();
        assert!(home.path().join("d/x.txt").exists());
    }
}
