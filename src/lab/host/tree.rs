//! The processes of a host where there are no control groups: all that bear its mark.
//!
//! The mark is a limit of file locks (`RLIMIT_LOCKS`), at which no Linux after 2.4.24 looks (getrlimit(2)). Whoever is started with
//! it hands it on to all that it starts, whatever sessions and parents they give themselves. It takes no privilege, and no record
//! that could be lost: who was of a lab that is gone is found by it.

use super::group::Usage;
use super::process::{self, Process, send};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What all marks begin with; then comes the number of the lab, and that of the host in it.
const FIRST: u64 = 0x6d78;
const FIRST_SHIFT: u32 = 48;
const HOST_BITS: u32 = 16;
/// Who is killed and is still there after this time waits for a disk.
const GONE_WITHIN: Duration = Duration::from_secs(5);

/// The processes of a host, and those that they start.
#[derive(Debug)]
pub struct Tree {
    mark: u64,
    counted: Mutex<Counted>,
}

/// Core time in nanoseconds: of those that were killed, and of those after them.
#[derive(Debug, Default)]
struct Counted {
    killed: u64,
    since: u64,
}

impl Tree {
    /// That of the host with this number in the lab with this number; nobody is in it yet.
    #[must_use]
    pub fn new(lab: u32, host: u16) -> Tree {
        Tree { mark: FIRST << FIRST_SHIFT | u64::from(lab) << HOST_BITS | u64::from(host), counted: Mutex::default() }
    }

    /// What stands before a command whose process is to be in it.
    #[must_use]
    pub fn entrance(&self) -> [String; 2] {
        ["prlimit".to_owned(), format!("--locks={0}:{0}", self.mark)]
    }

    /// The processes in it.
    #[must_use]
    pub fn members(&self) -> Vec<u32> {
        self.bearers().iter().filter(|process| !process.is_over).map(|process| process.id).collect()
    }

    /// Sends a signal to all processes in it, and to those that they start meanwhile.
    pub fn signal(&self, signal: &str) {
        let mut counted = self.lock();
        if signal != "KILL" {
            return self.reach(signal);
        }
        // What is stopped works no more: it is counted to its end before that takes the account with it.
        self.reach("STOP");
        counted.killed = counted.look(&self.bearers()).cpu_ns;
        counted.since = 0;
        let killed = Instant::now();
        while !self.members().is_empty() && killed.elapsed() < GONE_WITHIN {
            send("KILL", &self.members());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What it has used. What a command took that started a server and has ended is not in it.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let mut counted = self.lock();
        counted.look(&self.bearers())
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        // Two numbers are whole at any time.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bearers(&self) -> Vec<Process> {
        process::all().filter(|id| mark(*id) == Some(self.mark)).filter_map(Process::look).collect()
    }

    fn reach(&self, signal: &str) {
        let mut reached = BTreeSet::new();
        loop {
            let others: Vec<u32> = self.members().into_iter().filter(|id| reached.insert(*id)).collect();
            if others.is_empty() {
                return;
            }
            send(signal, &others);
        }
    }
}

impl Counted {
    /// Takes in what these processes of the tree have used.
    fn look(&mut self, bearers: &[Process]) -> Usage {
        // Who ends while everybody is looked at may be missed there and as a child: the next look finds it.
        self.since = self.since.max(spent(bearers));
        Usage { cpu_ns: self.killed + self.since, throttled_ns: 0 }
    }
}

/// What each of them has used; the processes of the machine are looked through once.
pub fn usages(trees: &[&Tree]) -> Vec<Usage> {
    // Nobody is killed between being seen and being counted.
    let mut counted: Vec<MutexGuard<'_, Counted>> = trees.iter().map(|tree| tree.lock()).collect();
    let mut bearers: BTreeMap<u64, Vec<Process>> = BTreeMap::new();
    for (id, mark) in process::all().filter_map(|id| Some((id, mark(id)?))) {
        bearers.entry(mark).or_default().extend(Process::look(id));
    }
    let of = |(tree, counted): (&&Tree, &mut MutexGuard<'_, Counted>)| {
        counted.look(bearers.get(&tree.mark).map_or(&[], Vec::as_slice))
    };
    trees.iter().zip(&mut counted).map(of).collect()
}

/// Core time of all who are in a tree, and of their children that are gone.
fn spent(all: &[Process]) -> u64 {
    let parent = |process: &Process| all.iter().find(|other| other.id == process.parent);
    // Nobody counts what a command has taken when it is gone, and so nobody does while it is there.
    let is_command = |process: &&Process| {
        let line = std::iter::successors(Some(**process), |process| parent(process).copied());
        line.last().is_some_and(|first| first.parent == std::process::id())
    };
    // Who has ended is counted with his parent from then on; where that has been killed, he has been counted with it.
    let counts = |process: &&Process| !process.is_over || parent(process).is_some_and(|parent| !parent.is_over);
    let counted = all.iter().filter(counts).filter(|process| !is_command(process));
    counted.map(|process| process.own_ns + process.children_ns).sum()
}

/// The mark of a process, if it bears one.
fn mark(id: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{id}/limits")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Max file locks"))?;
    line.split_whitespace().next()?.parse().ok().filter(|mark| mark >> FIRST_SHIFT == FIRST)
}

/// Ends all processes that bear marks of labs whose process is gone, or of the one with this number; how many hosts they were of.
pub fn sweep(own: Option<u32>) -> u64 {
    let mut hosts = BTreeSet::new();
    let began = Instant::now();
    loop {
        let left: Vec<(u32, u64)> = process::all()
            .filter_map(|id| Some((id, mark(id)?)))
            .filter(|(id, mark)| is_swept(*id, (mark >> HOST_BITS) as u32, own))
            .collect();
        if left.is_empty() || began.elapsed() > GONE_WITHIN {
            return hosts.len() as u64;
        }
        hosts.extend(left.iter().map(|(_, mark)| *mark));
        send("KILL", &left.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a process of a lab is to be ended.
fn is_swept(id: u32, lab: u32, own: Option<u32>) -> bool {
    let Some(process) = Process::look(id).filter(|process| !process.is_over) else { return false };
    // The numbers of labs in other containers are those of other processes there.
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let numbers =
        status.lines().find_map(|line| line.strip_prefix("NSpid:")).map_or(1, |all| all.split_whitespace().count());
    if numbers > 1 {
        return false;
    }
    // Who began before the process that has the number of its lab is of an earlier one with that number.
    let is_gone = || Process::look(lab).is_none_or(|guard| guard.is_over || guard.began > process.began);
    own.map_or_else(is_gone, |own| own == lab)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    /// Starts a script in a tree, as a server does: its parent ends at once.
    fn start(tree: &Tree, script: &str) {
        let [program, mark] = tree.entrance();
        let mut command = Command::new(program);
        command.args([&mark, "sh", "-c", "sh -c \"$1\" sh & :", "sh", script]);
        assert!(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success());
    }

    fn until(what: &str, is: impl Fn() -> bool) {
        let began = Instant::now();
        while !is() {
            assert!(began.elapsed() < Duration::from_secs(20), "{what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A child that uses a processor for a while and ends; what its parent says that all of its children took.
    fn burning(file: &std::path::Path) -> String {
        let burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        format!("sh -c '{burn}'; times > {0}.part; mv {0}.part {0}; exec sleep 60", file.display())
    }

    /// The last line of `times`, as in `0m0.25s 0m0.01s`, in seconds.
    fn told(file: &std::path::Path) -> f64 {
        let text = fs::read_to_string(file).unwrap();
        let seconds = |time: &str| {
            time.trim_end_matches('s').split('m').fold(0.0, |all, part| all * 60.0 + part.parse::<f64>().unwrap())
        };
        text.lines().last().unwrap().split_whitespace().map(seconds).sum()
    }

    #[test]
    fn core_time_of_a_tree_is_that_of_all_who_ever_were_in_it() {
        let home = tempfile::tempdir().unwrap();
        let tree = Tree::new(std::process::id(), 1);
        assert_eq!((tree.usage().cpu_ns, tree.members()), (0, Vec::new()));
        let mut whole_s = 0.0;
        for round in 0..2 {
            let file = home.path().join(round.to_string());
            start(&tree, &burning(&file));
            // While the child lives it is counted itself.
            until("it works", || tree.usage().cpu_ns as f64 / 1e9 > whole_s + 0.03);
            until("the child has ended", || file.exists());
            whole_s += told(&file);
            let used_s = tree.usage().cpu_ns as f64 / 1e9;
            assert!(told(&file) > 0.05, "{}", told(&file));
            // Beside the child there are a shell that starts it and a program that sleeps.
            assert!((used_s - whole_s).abs() < 0.02 * f64::from(round + 2), "{used_s} {whole_s}");
            assert_eq!(tree.members().len(), 1, "who sleeps");
            // Killed, nobody is there, and what was used stays used.
            tree.signal("KILL");
            assert_eq!(tree.members(), Vec::<u32>::new());
            let after_s = tree.usage().cpu_ns as f64 / 1e9;
            assert!(after_s >= used_s && after_s < used_s + 0.01, "{after_s} {used_s}");
        }
    }

    #[test]
    fn who_bears_the_mark_of_a_lab_that_is_gone_is_ended_and_others_are_not() {
        // A number that Linux gives to nobody (`PID_MAX_LIMIT`).
        let (gone, living) = (Tree::new(1 << 23, 0), Tree::new(std::process::id(), 2));
        // That of a program which has lost its parent, its session and its name.
        start(&gone, "setsid sh -c 'setsid sleep 60 & :'");
        start(&living, "exec sleep 60");
        until("all are there", || gone.members().len() == 1 && living.members().len() == 1);
        assert!(sweep(None) >= 1);
        assert_eq!((gone.members().len(), living.members().len()), (0, 1));
        assert_eq!(sweep(Some(1 << 22)), 0);
        living.signal("KILL");
    }

    #[test]
    fn who_is_stopped_uses_nothing_until_he_goes_on() {
        let tree = Tree::new(std::process::id(), 3);
        start(&tree, "while :; do :; done");
        until("it works", || tree.usage().cpu_ns > 20_000_000);
        tree.signal("STOP");
        let stopped = tree.usage();
        std::thread::sleep(Duration::from_millis(200));
        // It is on its way off the processor when it is first looked at.
        let later = tree.usage().cpu_ns - stopped.cpu_ns;
        assert!(later < 15_000_000, "{later}");
        tree.signal("CONT");
        until("it works again", || tree.usage().cpu_ns > stopped.cpu_ns + 20_000_000);
        tree.signal("KILL");
    }
}
