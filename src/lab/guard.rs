//! The guard: starts the confined part in namespaces of its own, hears what it says, and sees to it that nothing is left,
//! whoever of the two dies first.
//!
//! The confined part is the child of a shell that is process 1 of a PID namespace: when that ends, the kernel ends
//! everything in it, and with the last process go its mounts and networks. It reads its job from a pipe and ends when the
//! pipe does, so that it does not outlive the guard. What namespaces do not hold are the CPU groups, which each of the two
//! removes; a later run removes those of a guard that was killed together with it. On loopback ports there are no namespaces, and
//! everything is removed so.

use super::ground::Ground;
use super::host::group::sweep;
use super::job::Job;
use super::record::Record;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What the confined part says, a line each.
#[derive(Debug, Serialize, Deserialize)]
pub enum Word {
    /// What it is doing.
    Doing(String),
    /// What came of it.
    Done(Box<Result<Record, String>>),
}

/// Why there is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It was told to stop.
    Cancelled,
    /// Something is missing or went wrong.
    Broken(String),
}

/// A run and how long it took to clear up after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Guarded {
    /// What was measured.
    pub record: Record,
    /// From the last word of the confined part until nothing was left.
    pub tear_down_s: f64,
}

/// Has the job done by this very program with these arguments.
///
/// # Errors
/// When it can't be done, or `cancelled` says so meanwhile.
pub fn guard(job: &Job, arguments: &[&str], cancelled: &AtomicBool, say: impl Fn(&str)) -> Result<Guarded, Failure> {
    sweep(None);
    let done = confine(job, arguments, cancelled, say);
    let clearing = Instant::now();
    sweep(Some(job.id));
    done.map(|(record, ended)| Guarded { record, tear_down_s: ended + clearing.elapsed().as_secs_f64() })
}

fn confine(
    job: &Job,
    arguments: &[&str],
    cancelled: &AtomicBool,
    say: impl Fn(&str),
) -> Result<(Record, f64), Failure> {
    let broken = |what: &str, e: &dyn std::fmt::Display| Failure::Broken(format!("{what}: {e}"));
    let own = std::env::current_exe().map_err(|e| broken("this program does not find itself", &e))?;
    // A session of its own, so that Ctrl-C comes to the guard alone.
    let mut command = Command::new("setsid");
    command.arg("--wait");
    if job.ground == Ground::Bridge {
        command.args(["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"]);
        command.args(["sh", "-c", "\"$@\"; exit $?", "sh"]);
    }
    command.arg(own).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|e| broken("`setsid` can't be started", &e))?;
    let (Some(mut orders), Some(words)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Failure::Broken("the confined part has no pipes".to_owned()));
    };
    let over = AtomicBool::new(false);
    let heard = std::thread::scope(|scope| {
        // Holds the pipe open as long as there is work and nobody has said stop.
        scope.spawn(|| {
            let text = serde_json::to_string(job).expect("a job is plain data");
            // One that hears nothing has ended, which is seen below.
            let _ =
                orders.write_all(text.as_bytes()).and_then(|()| orders.write_all(b"\n")).and_then(|()| orders.flush());
            while !over.load(Ordering::Relaxed) && !cancelled.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(20));
            }
            drop(orders);
        });
        let heard = listen(BufReader::new(words), say);
        over.store(true, Ordering::Relaxed);
        heard
    });
    let ending = Instant::now();
    let status = child.wait().map_err(|e| broken("the confined part does not end", &e))?;
    if cancelled.load(Ordering::Relaxed) {
        return Err(Failure::Cancelled);
    }
    match heard {
        Some(Ok(record)) => Ok((record, ending.elapsed().as_secs_f64())),
        Some(Err(message)) => Err(Failure::Broken(message)),
        None => Err(Failure::Broken(format!("the confined part ended without a word ({status})"))),
    }
}

/// Hears everything; the last word.
fn listen(words: impl BufRead, say: impl Fn(&str)) -> Option<Result<Record, String>> {
    for line in words.lines().map_while(Result::ok) {
        match serde_json::from_str(&line) {
            Ok(Word::Doing(what)) => say(&what),
            Ok(Word::Done(done)) => return Some(*done),
            Err(_) => {}
        }
    }
    None
}

/// The other end: reads the job, does it with `work`, and tells. Ends the process when the guard is gone.
///
/// # Errors
/// When there is no job to be read.
pub fn obey(
    work: impl FnOnce(&Job, &dyn Fn(&str)) -> Result<Record, String>,
    leave: impl Fn(&Job) + Send + Sync + 'static,
) -> Result<(), String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|e| format!("no job can be read: {e}"))?;
    let job: Job = serde_json::from_str(&line).map_err(|e| format!("this is no job: {e}"))?;
    let job = Arc::new(job);
    let leave = Arc::new(leave);
    let (ordered, leaving) = (Arc::clone(&job), Arc::clone(&leave));
    std::thread::spawn(move || {
        // Nothing more comes: this ends when the pipe does.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        leaving(&ordered);
        std::process::exit(1);
    });
    let tell = |word: &Word| {
        let text = serde_json::to_string(word).expect("a word is plain data");
        let mut out = std::io::stdout().lock();
        // Nobody listens any more only when the guard is gone, and then the thread above ends this.
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    };
    let done = work(&job, &|what| tell(&Word::Doing(what.to_owned())));
    tell(&Word::Done(Box::new(done)));
    leave(&job);
    Ok(())
}
