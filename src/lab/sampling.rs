//! What the processors do while the load runs.

use super::host::group::Usage;
use super::host::process::{Process, TICKS_PER_S};
use super::record::Sample;
use std::fs;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

const INTERVAL: Duration = Duration::from_secs(1);

/// A look at everything; `usages` looks at the hosts.
#[must_use]
pub(super) fn sample(usages: &dyn Fn() -> Vec<Usage>, began: Instant) -> Sample {
    let usages = usages();
    Sample {
        at_s: began.elapsed().as_secs_f64(),
        cpu_s: usages.iter().map(|usage| usage.cpu_ns as f64 / 1e9).collect(),
        throttled_s: usages.iter().map(|usage| usage.throttled_ns as f64 / 1e9).collect(),
        load_s: process_s(std::process::id()),
        machine_s: machine_s(),
    }
}

/// Looks again and again until `done` says so, at whole seconds; the last look is at the end.
#[must_use]
pub(super) fn watch(usages: &dyn Fn() -> Vec<Usage>, began: Instant, done: &Receiver<()>) -> Vec<Sample> {
    let mut samples = vec![sample(usages, began)];
    loop {
        let next = INTERVAL * samples.len() as u32;
        let over = done.recv_timeout(next.saturating_sub(began.elapsed()));
        samples.push(sample(usages, began));
        if over != Err(RecvTimeoutError::Timeout) {
            return samples;
        }
    }
}

/// Core time of a process.
pub(super) fn process_s(id: u32) -> f64 {
    Process::look(id).map_or(0.0, |process| process.own_ns as f64 / 1e9)
}

/// Core time of the whole machine: all that is not idle.
fn machine_s() -> f64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    let ticks: Vec<f64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq
    let busy = [0, 1, 2, 5, 6].iter().filter_map(|index| ticks.get(*index)).sum::<f64>();
    busy / TICKS_PER_S as f64
}
