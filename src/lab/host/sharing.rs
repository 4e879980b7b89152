//! Hosts that share an address: their networks, and the process on each that filters.

use super::beat::{Beat, closed};
use super::command::run;
use super::group::Group;
use super::network;
use super::own;
use super::servers::write;
use crate::lab::job::{HOME, Job};

/// Lets the lab's bridge bring what is for the address to every host of it.
///
/// # Errors
/// What `ip` or the kernel has to say.
pub fn build(job: &Job) -> Result<(), String> {
    let Some(shared) = &job.shared else { return Ok(()) };
    network::flood(shared.address)?;
    shared.hosts.iter().try_for_each(|(place, _)| network::share(&job.hosts[*place].name, shared.address))
}

/// Starts the process on the host at this place, if it shares an address.
///
/// # Errors
/// When it does not start.
pub fn start(job: &Job, place: usize, group: &Group, joins: bool) -> Result<(), String> {
    let Some(beat) = beat_of(job, place, joins) else { return Ok(()) };
    own::start(&job.hosts[place], group, "beat", &serde_json::to_string(&beat).expect("a beat is plain data"))
}

/// The host at this place is silent from now on, if it shares an address: as a machine that has stopped.
///
/// # Errors
/// What `ip` has to say.
pub fn leave(job: &Job, place: usize, group: &Group) -> Result<(), String> {
    if beat_of(job, place, true).is_none() {
        return Ok(());
    }
    for process in group.members() {
        let command = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        if command.windows(5).any(|part| part == b"beat\0") {
            // Who is gone by now is as good.
            let _ = run("kill", &["-KILL", &process.to_string()]);
        }
    }
    network::plug(place, false)
}

/// Its link is up again, and until it has joined the others it takes nothing.
///
/// # Errors
/// When its filter is not taken, and what `ip` has to say.
pub fn wait(job: &Job, place: usize) -> Result<(), String> {
    let Some(beat) = beat_of(job, place, true) else { return Ok(()) };
    let name = &job.hosts[place].name;
    let file = write(&format!("{HOME}/{name}/filter"), &closed(beat.address))?;
    run("nsenter", &[&format!("--net={}", network::namespace(name).display()), "iptables-restore", &file])?;
    network::plug(place, true)
}

fn beat_of(job: &Job, place: usize, joins: bool) -> Option<Beat> {
    let shared = job.shared.as_ref()?;
    let own = shared.hosts.iter().position(|(host, _)| *host == place)?;
    let hosts = shared.hosts.iter().map(|(place, weight)| {
        let host = &job.hosts[*place];
        (host.name.clone(), host.address, *weight)
    });
    Some(Beat {
        own,
        hosts: hosts.collect(),
        address: shared.address,
        phase: shared.phases[own],
        heartbeat: shared.heartbeat,
        missed: shared.missed,
        convergence: shared.convergence,
        joins,
    })
}
