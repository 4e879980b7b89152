//! CPU groups: what a host may use of the processors, and what it has used (Linux control groups, version 1 and 2).

use super::group::Usage;
use crate::lab::job::Quota;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const MOUNT: &str = "/sys/fs/cgroup";
/// What the names of all groups of the lab begin with; the number of the process that made them follows.
const PREFIX: &str = "mxplan-lab-";

/// The groups of a lab.
#[derive(Debug)]
pub struct ControlGroups {
    /// The directories that hold them, one for each hierarchy: of the budget, and of the account.
    roots: Vec<PathBuf>,
    version: Version,
}

/// A group of processes.
#[derive(Debug)]
pub struct ControlGroup {
    directories: Vec<PathBuf>,
    version: Version,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// Which control groups there are.
///
/// # Errors
/// Where there are none that can hold a CPU.
pub fn available() -> Result<&'static str, String> {
    version().map(|version| match version {
        Version::One => "version 1",
        Version::Two => "version 2",
    })
}

/// Whether a group can be made for the lab with this number: where they are, they may be there to be read only.
///
/// # Errors
/// Where it can't.
pub fn attempt(id: u32) -> Result<&'static str, String> {
    let found = available()?;
    let made = ControlGroups::new(id).and_then(|groups| groups.make("attempt"));
    sweep(Some(id));
    made.map(|_| found)
}

fn version() -> Result<Version, String> {
    if Path::new(MOUNT).join("cpu").is_dir() && Path::new(MOUNT).join("cpuacct").is_dir() {
        return Ok(Version::One);
    }
    let controllers = fs::read_to_string(Path::new(MOUNT).join("cgroup.controllers")).unwrap_or_default();
    if controllers.split_whitespace().any(|controller| controller == "cpu") {
        return Ok(Version::Two);
    }
    Err(format!("there are no control groups for the CPU below `{MOUNT}`"))
}

fn hierarchies(version: Version) -> Vec<PathBuf> {
    match version {
        Version::One => ["cpu", "cpuacct"].map(|name| Path::new(MOUNT).join(name)).to_vec(),
        Version::Two => vec![PathBuf::from(MOUNT)],
    }
}

impl ControlGroups {
    /// Makes the room for the groups of the lab with this number.
    ///
    /// # Errors
    /// When there are no control groups, or they can't be made.
    pub fn new(id: u32) -> Result<ControlGroups, String> {
        let version = version()?;
        let roots: Vec<PathBuf> = hierarchies(version).iter().map(|path| path.join(format!("{PREFIX}{id}"))).collect();
        for root in &roots {
            make(root)?;
            if version == Version::Two {
                pass_on(Path::new(MOUNT))?;
                pass_on(root)?;
            }
        }
        Ok(ControlGroups { roots, version })
    }

    /// A group of its own, which may use all that there is.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn make(&self, name: &str) -> Result<ControlGroup, String> {
        let directories: Vec<PathBuf> = self.roots.iter().map(|root| root.join(name)).collect();
        directories.iter().try_for_each(|directory| make(directory))?;
        Ok(ControlGroup { directories, version: self.version })
    }
}

impl ControlGroup {
    /// Holds it to a budget from now on.
    ///
    /// # Errors
    /// When the budget is none that Linux takes.
    pub fn limit(&self, Quota { us, period_us, burst_us }: Quota) -> Result<(), String> {
        let budget = &self.directories[0];
        match self.version {
            Version::One => {
                write(&budget.join("cpu.cfs_period_us"), &period_us.to_string())?;
                write(&budget.join("cpu.cfs_quota_us"), &us.to_string())?;
            }
            Version::Two => write(&budget.join("cpu.max"), &format!("{us} {period_us}"))?,
        }
        // Older kernels have no such file, and nobody who asks for none misses it.
        if burst_us == 0 {
            return Ok(());
        }
        let file = match self.version {
            Version::One => "cpu.cfs_burst_us",
            Version::Two => "cpu.max.burst",
        };
        write(&budget.join(file), &burst_us.to_string())
    }

    /// The files into which a process writes itself to belong to the group.
    pub fn doors(&self) -> impl Iterator<Item = PathBuf> {
        self.directories.iter().map(|directory| directory.join("cgroup.procs"))
    }

    /// The processes in it.
    #[must_use]
    pub fn members(&self) -> Vec<u32> {
        let text = fs::read_to_string(self.directories[0].join("cgroup.procs")).unwrap_or_default();
        text.split_whitespace().filter_map(|id| id.parse().ok()).collect()
    }

    /// What it has used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let read = |directory: &Path, file: &str| fs::read_to_string(directory.join(file)).unwrap_or_default();
        let budget = read(&self.directories[0], "cpu.stat");
        match self.version {
            Version::One => Usage {
                cpu_ns: read(&self.directories[1], "cpuacct.usage").trim().parse().unwrap_or_default(),
                throttled_ns: line(&budget, "throttled_time"),
            },
            Version::Two => Usage {
                cpu_ns: line(&budget, "usage_usec") * 1_000,
                throttled_ns: line(&budget, "throttled_usec") * 1_000,
            },
        }
    }
}

/// The number behind a word at the beginning of a line.
fn line(text: &str, word: &str) -> u64 {
    let of = |line: &str| line.strip_prefix(word)?.trim().parse().ok();
    text.lines().find_map(of).unwrap_or_default()
}

/// Ends everything that is left in the groups of labs whose process is gone, or of the one with this number, and removes
/// them; how many.
pub fn sweep(own: Option<u32>) -> u64 {
    let Ok(version) = version() else { return 0 };
    let mut swept = 0;
    for hierarchy in hierarchies(version) {
        for entry in fs::read_dir(hierarchy).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(id) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.parse::<u32>().ok()) else {
                continue;
            };
            let is_gone = own.map_or_else(|| !Path::new("/proc").join(id.to_string()).exists(), |own| own == id);
            if is_gone && remove(&entry.path()) {
                swept += 1;
            }
        }
    }
    swept
}

/// Removes a group with all below it, and ends who is in it.
fn remove(root: &Path) -> bool {
    for _ in 0..100 {
        let below = fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path());
        let all: Vec<PathBuf> = below.filter(|path| path.is_dir()).chain([root.to_owned()]).collect();
        for group in &all {
            let members = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
            let members = members.split_whitespace().collect::<Vec<_>>().join(" ");
            if !members.is_empty() {
                // Who is gone by now is as good.
                let _ = super::command::run("sh", &["-c", &format!("kill -KILL {members}")]);
            }
        }
        if all.iter().all(|group| fs::remove_dir(group).is_ok() || !group.exists()) {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    false
}

fn make(path: &Path) -> Result<(), String> {
    match fs::create_dir(path) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => {
            Err(format!("the control group `{}` can't be made: {e}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Lets the groups below a group of version 2 have budgets.
fn pass_on(path: &Path) -> Result<(), String> {
    write(&path.join("cgroup.subtree_control"), "+cpu")
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|e| format!("`{}` does not take `{text}`: {e}", path.display()))
}
