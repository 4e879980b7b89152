//! The processes of a host, by whatever holds them together: what they have used, and what is done to all of them.

use super::control::{self, ControlGroup, ControlGroups};
use super::network::namespace;
use super::tree::{self, Tree};
use super::{home, process};
use crate::lab::ground::Ground;
use crate::lab::job::Quota;
use std::sync::atomic::{AtomicU16, Ordering};

/// Makes the groups of a lab.
#[derive(Debug)]
pub enum Groups {
    /// Control groups.
    Control(ControlGroups),
    /// Trees of processes, for the lab with this number, and how many there are.
    Trees(u32, AtomicU16),
}

/// The processes of a host.
#[derive(Debug)]
pub enum Group {
    /// Those of a control group.
    Control(ControlGroup),
    /// Those that bear a mark.
    Tree(Tree),
}

/// What a group has used since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Core time in nanoseconds.
    pub cpu_ns: u64,
    /// Time in which it was held back because its budget was used up, in nanoseconds.
    pub throttled_ns: u64,
}

impl Groups {
    /// Makes the room for the groups of the lab with this number.
    ///
    /// # Errors
    /// When there are no control groups where they are needed, or they can't be made.
    pub fn new(ground: Ground, id: u32) -> Result<Groups, String> {
        match ground {
            Ground::Bridge => ControlGroups::new(id).map(Groups::Control),
            Ground::Loopback => Ok(Groups::Trees(id, AtomicU16::new(0))),
        }
    }

    /// A group of its own, which may use all that there is.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn make(&self, name: &str) -> Result<Group, String> {
        match self {
            Groups::Control(groups) => groups.make(name).map(Group::Control),
            Groups::Trees(id, count) => Ok(Group::Tree(Tree::new(*id, count.fetch_add(1, Ordering::Relaxed)))),
        }
    }
}

impl Group {
    /// What stands around a command that the host with this name is to run: before `taskset`, and after it.
    #[must_use]
    pub fn around(&self, host: &str) -> (Vec<String>, Vec<String>) {
        match self {
            Group::Control(group) => {
                let doors: Vec<String> =
                    group.doors().map(|door| format!("echo 0 > '{}' &&", door.display())).collect();
                let network = ["nsenter".to_owned(), format!("--net={}", namespace(host).display())];
                let join = ["sh", "-c", &format!("{} exec \"$@\"", doors.join(" ")), "sh"].map(str::to_owned);
                (network.to_vec(), join.to_vec())
            }
            Group::Tree(tree) => (tree.entrance().to_vec(), Vec::new()),
        }
    }

    /// Holds it to a budget from now on.
    ///
    /// # Errors
    /// When the budget is none that Linux takes.
    pub fn limit(&self, quota: Quota) -> Result<(), String> {
        match self {
            Group::Control(group) => group.limit(quota),
            Group::Tree(_) => Err("nothing holds a host to a budget without control groups".to_owned()),
        }
    }

    /// The processes in it.
    #[must_use]
    pub fn members(&self) -> Vec<u32> {
        match self {
            Group::Control(group) => group.members(),
            Group::Tree(tree) => tree.members(),
        }
    }

    /// Sends a signal to all processes in it, and to those that they start meanwhile.
    pub fn signal(&self, signal: &str) {
        match self {
            // One that is stopped or gone starts no others: the second round finds those of the first.
            Group::Control(group) => (0..2).for_each(|_| process::send(signal, &group.members())),
            Group::Tree(tree) => tree.signal(signal),
        }
    }

    /// What it has used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        match self {
            Group::Control(group) => group.usage(),
            Group::Tree(tree) => tree.usage(),
        }
    }
}

/// What each of them has used.
#[must_use]
pub fn usages(groups: &[Group]) -> Vec<Usage> {
    fn tree(group: &Group) -> Option<&Tree> {
        if let Group::Tree(tree) = group { Some(tree) } else { None }
    }
    match groups.iter().map(tree).collect::<Option<Vec<&Tree>>>() {
        Some(trees) => tree::usages(&trees),
        None => groups.iter().map(Group::usage).collect(),
    }
}

/// Ends everything that is left of labs whose process is gone, or of the one with this number, and removes it; of how many hosts it
/// was.
pub fn sweep(own: Option<u32>) -> u64 {
    let is_left = home::is_left(own);
    if is_left {
        home::empty();
    }
    let swept = control::sweep(own) + tree::sweep(own);
    // Who has just ended may have left a file.
    let _ = is_left && (0..100).any(|_| home::remove());
    swept
}
