//! What is done to hosts while the load runs: killed, frozen, unplugged, slowed down, and brought back.

use super::group::Group;
use super::network;
use super::{servers, sharing};
use crate::lab::job::{Job, Strike, Way};
use crate::lab::record::Struck;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

/// Does everything in its time, from `began` on, until `done` says that it is enough; then undoes what is still to be undone.
///
/// # Errors
/// What could not be done or undone.
pub fn strike(job: &Job, groups: &[Group], began: Instant, done: &Receiver<()>) -> Result<Vec<Struck>, String> {
    let begins = job.strikes.iter().enumerate().map(|(index, strike)| (strike.at, index, true));
    let ends = job.strikes.iter().enumerate().map(|(index, strike)| (strike.until, index, false));
    let mut moments: Vec<_> = begins.chain(ends).collect();
    // What ends at the moment in which something else begins is over by then.
    moments.sort_by_key(|(at, _, begins)| (*at, *begins));
    let mut struck: Vec<Struck> =
        job.strikes.iter().map(|strike| Struck::new(&strike.fault, &job.hosts[strike.host].name)).collect();
    for (at, index, begins) in moments {
        let enough = done.recv_timeout(at.saturating_sub(began.elapsed())) != Err(RecvTimeoutError::Timeout);
        let own = &mut struck[index];
        // What has not begun needs no end.
        if if begins { enough } else { own.at_s.is_none() } {
            continue;
        }
        let strike = &job.strikes[index];
        let (host, group) = (&job.hosts[strike.host], &groups[strike.host]);
        if begins {
            own.at_s = Some(began.elapsed().as_secs_f64());
            match strike.way {
                Way::Kill => {
                    sharing::leave(job, strike.host, group)?;
                    group.signal("KILL");
                }
                Way::Freeze => group.signal("STOP"),
                Way::Unplug => {
                    sharing::leave(job, strike.host, group)?;
                    network::plug(strike.host, false)?;
                }
                Way::Slow(speed) => group.limit(host.budget().times(speed))?,
            }
        } else {
            // When it works again, and not when it was told to.
            let works = match strike.way {
                Way::Kill | Way::Freeze => {
                    // Who finds a machine that hangs resets it: what waits there is lost, and not answered late.
                    group.signal("KILL");
                    sharing::wait(job, strike.host)?;
                    let before = group.usage().cpu_ns;
                    let (answered, after) = restart(job, strike.host, group)?;
                    own.start_cpu_s = Some(after.saturating_sub(before) as f64 / 1e9);
                    answered
                }
                Way::Unplug => {
                    sharing::wait(job, strike.host)?;
                    network::plug(strike.host, true)?;
                    sharing::start(job, strike.host, group, true)?;
                    Instant::now()
                }
                Way::Slow(_) => group.limit(host.budget()).map(|()| Instant::now())?,
            };
            own.until_s = Some((works - began).as_secs_f64());
        }
    }
    Ok(struck)
}

/// Starts the servers of a host again, which then joins those that it shares an address with; when they answered, which is some
/// seconds before `postfix start` returns, and the core time of the host by then.
fn restart(job: &Job, place: usize, group: &Group) -> Result<(Instant, u64), String> {
    let host = &job.hosts[place];
    std::thread::scope(|scope| {
        let starting = scope.spawn(|| servers::start(host, group));
        let answers = servers::await_answers(host.address, &host.ports);
        let answered = (Instant::now(), group.usage().cpu_ns);
        let joins = answers.and_then(|()| sharing::start(job, place, group, true));
        starting.join().unwrap_or_else(|_| Err("a server can't be started".to_owned())).and(joins)?;
        Ok(answered)
    })
}

/// Nothing is done to a host at a time when something else already is.
///
/// # Errors
/// The names of two that meet.
pub fn apart(strikes: &[Strike]) -> Result<(), (&str, &str)> {
    for (index, one) in strikes.iter().enumerate() {
        let meets = |other: &&Strike| other.host == one.host && other.at < one.until && one.at < other.until;
        if let Some(other) = strikes[..index].iter().find(meets) {
            return Err((&other.fault, &one.fault));
        }
    }
    Ok(())
}
