//! A process, as Linux tells of it below `/proc`.

use std::fs;

/// Parts of a second in which Linux tells the time of processes (`USER_HZ`).
pub const TICKS_PER_S: u64 = 100;

/// A process at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// Who started it, or has it now.
    pub parent: u32,
    /// Whether it has ended, and its parent has not yet waited for it.
    pub is_over: bool,
    /// When it began, in ticks since the machine did: with its number a name that no other process ever has.
    pub began: u64,
    /// Its core time, in nanoseconds.
    pub own_ns: u64,
    /// That of its children which have ended and were waited for, and of theirs.
    pub children_ns: u64,
}

impl Process {
    /// Looks at one; none where there is none.
    #[must_use]
    pub fn look(id: u32) -> Option<Process> {
        let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name of the program is in brackets and may hold anything.
        let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        let ns = |ticks: u64| ticks * (1_000_000_000 / TICKS_PER_S);
        Some(Process {
            id,
            parent: number(1)? as u32,
            is_over: matches!(*fields.first()?, "Z" | "X"),
            began: number(19)?,
            // Ticks are rounded down for each process: a thread tells nanoseconds, where Linux keeps them.
            own_ns: threads_ns(id).max(ns(number(11)? + number(12)?)),
            children_ns: ns(number(13)? + number(14)?),
        })
    }
}

/// Core time of the threads of a process that are there, in nanoseconds.
#[must_use]
pub fn threads_ns(id: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    // The first number is the time on a processor (`Documentation/scheduler/sched-stats.rst` of Linux).
    let spent = |text: String| text.split_whitespace().next()?.parse::<u64>().ok();
    threads.filter_map(|thread| spent(fs::read_to_string(thread.path().join("schedstat")).ok()?)).sum()
}

/// The numbers of all processes.
pub fn all() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// Sends a signal to processes.
pub fn send(signal: &str, ids: &[u32]) {
    if !ids.is_empty() {
        let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
        // Who is gone by now is as good.
        let _ = super::command::run("sh", &["-c", &format!("kill -{signal} {}", ids.join(" "))]);
    }
}
