//! What a host of the lab does that shares an address with others: it tells them that it lives, notices who does not, and
//! filters what comes in so that each client has one host, as Network Load Balancing does.
//!
//! The filter is the `cluster` match of iptables, by the hash of the source address. A host that joins has no clients until all
//! have agreed; who is left out gives his to the others, and gets the same again when he is back.

use super::command::run;
use crate::lab::job::{HOME, SWITCH_LOG};
use crate::scenario::buckets::dealt;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

/// Into how many buckets clients are hashed: no more are known to the match.
pub const BUCKETS: u32 = 32;
/// Where heartbeats go.
const PORT: u16 = 3_535;
/// Any will do, if all have the same.
const SEED: u32 = 0x6d78_706c;

/// What a host knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beat {
    /// Its place among the hosts.
    pub own: usize,
    /// All of them: name, address of its own, and what it takes in proportion to.
    pub hosts: Vec<(String, Ipv4Addr, u32)>,
    /// The address that they share.
    pub address: Ipv4Addr,
    /// How long after its start it first tells the others that it lives: hosts are not switched on together.
    pub phase: Duration,
    /// How often it tells the others that it lives.
    pub heartbeat: Duration,
    /// After how many of them that did not come a host counts as dead.
    pub missed: u32,
    /// How long they take to agree.
    pub convergence: Duration,
    /// Whether the others are at work already, and it joins them.
    pub joins: bool,
}

/// Does it until it is killed.
///
/// # Errors
/// When it can't listen, or the filter is not taken.
pub fn beat(beat: &Beat) -> Result<(), String> {
    let listening = |e: std::io::Error| format!("nobody can listen for heartbeats: {e}");
    let socket = UdpSocket::bind((beat.hosts[beat.own].1, PORT)).map_err(listening)?;
    let began = Instant::now();
    let mut heard: Vec<Option<Instant>> = vec![(!beat.joins).then_some(began); beat.hosts.len()];
    let mut alive: Vec<bool> = (0..beat.hosts.len()).map(|host| !beat.joins || host == beat.own).collect();
    let (mut next, mut converges) = (began + beat.phase, beat.joins.then_some(began + beat.convergence));
    let mut members = if beat.joins { vec![false; beat.hosts.len()] } else { alive.clone() };
    filter(beat, &members)?;
    loop {
        let now = Instant::now();
        if now >= next {
            next += beat.heartbeat;
            for (_, address, _) in beat.hosts.iter().filter(|(_, address, _)| *address != beat.hosts[beat.own].1) {
                // Whose link is down hears nothing.
                let _ = socket.send_to(&[beat.own as u8], (*address, PORT));
            }
        }
        let silence = beat.heartbeat * beat.missed;
        let lives = |host: usize| host == beat.own || heard[host].is_some_and(|at| now < at + silence);
        let seen: Vec<bool> = (0..beat.hosts.len()).map(lives).collect();
        if seen != alive {
            for (host, _) in alive.iter().enumerate().filter(|(host, was)| **was && !seen[*host]) {
                tell(&beat.hosts[host].0, "DOWN");
            }
            alive = seen;
            converges = Some(now + beat.convergence);
        }
        if converges.take_if(|at| *at <= now).is_some() {
            filter(beat, &alive)?;
            // Who joins tells of himself: the others have been there.
            let joins = members.iter().all(|is| !is);
            let is_new = |host: &usize| alive[*host] && !members[*host] && (!joins || *host == beat.own);
            for host in (0..alive.len()).filter(is_new) {
                tell(&beat.hosts[host].0, "UP");
            }
            members.clone_from(&alive);
        }
        let silent = (0..beat.hosts.len()).filter(|host| *host != beat.own && alive[*host]);
        let noticed = silent.filter_map(|host| Some(heard[host]? + silence));
        let until = noticed.chain(converges).chain([next]).min().unwrap_or(next);
        let patience = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        socket.set_read_timeout(Some(patience)).map_err(listening)?;
        let mut from = [0; 1];
        if let Ok((1, _)) = socket.recv_from(&mut from)
            && let Some(at) = heard.get_mut(usize::from(from[0]))
        {
            *at = Some(Instant::now());
        }
    }
}

/// Says what the hosts hold of one, as a switch would.
fn tell(name: &str, state: &str) {
    // Nobody listens any more only when the run is over.
    let _ = UnixDatagram::unbound().and_then(|socket| {
        socket.send_to(format!("Server nlb/{name} is {state}, by heartbeats").as_bytes(), SWITCH_LOG)
    });
}

/// Has the kernel take what is of this host, when these are the members, and nothing else.
fn filter(beat: &Beat, members: &[bool]) -> Result<(), String> {
    let weights: Vec<u32> = beat.hosts.iter().map(|(.., weight)| *weight).collect();
    let text = rules(beat.address, &owned(beat.own, &weights, members));
    let file = format!("{HOME}/{}/filter", beat.hosts[beat.own].0);
    std::fs::write(&file, text).map_err(|e| format!("`{file}` can't be written: {e}"))?;
    run("iptables-restore", &[&file]).map(|_| ())
}

/// What the kernel is told before a host has joined the others: to take nothing.
#[must_use]
pub fn closed(address: Ipv4Addr) -> String {
    rules(address, &[])
}

fn rules(address: Ipv4Addr, owned: &[u32]) -> String {
    let mut text = "*mangle\n".to_owned();
    for bucket in owned {
        // A text always takes more.
        let _ = writeln!(
            text,
            "-A PREROUTING -d {address} -m cluster --cluster-total-nodes {BUCKETS} --cluster-local-node {} \
             --cluster-hash-seed {SEED} -j MARK --set-mark 1",
            bucket + 1
        );
    }
    let _ = writeln!(text, "-A PREROUTING -d {address} -m mark ! --mark 1 -j DROP\nCOMMIT");
    text
}

/// The buckets of a host: its part of all, and when some are no members, its part of theirs.
fn owned(own: usize, weights: &[u32], members: &[bool]) -> Vec<u32> {
    let counts = dealt(BUCKETS, weights);
    let first = counts.iter().enumerate().flat_map(|(host, count)| std::iter::repeat_n(host, *count as usize));
    let there: Vec<u32> = weights.iter().zip(members).map(|(weight, is)| if *is { *weight } else { 0 }).collect();
    let due = dealt(BUCKETS, &there);
    let lacking = due.iter().zip(&counts).zip(members).map(|((due, has), is)| if *is { due - has.min(due) } else { 0 });
    let mut heirs = lacking.enumerate().flat_map(|(host, count)| std::iter::repeat_n(host, count as usize));
    let owner = |host: usize| if members[host] { Some(host) } else { heirs.next() };
    let owners: Vec<Option<usize>> = first.map(owner).collect();
    (0..).zip(owners).filter(|(_, owner)| *owner == Some(own)).map(|(bucket, _)| bucket).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bucket_has_one_owner_whoever_is_there() {
        for (weights, members) in [
            (vec![1; 3], vec![true; 3]),
            (vec![1; 3], vec![true, false, true]),
            (vec![1; 3], vec![false, false, true]),
            (vec![3, 1, 1, 2], vec![true, false, true, false]),
        ] {
            let mut all: Vec<u32> = (0..weights.len()).flat_map(|own| owned(own, &weights, &members)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..BUCKETS).collect::<Vec<_>>(), "{weights:?} {members:?}");
            for own in 0..weights.len() {
                let now = owned(own, &weights, &members);
                assert_eq!(now.is_empty(), !members[own], "{weights:?} {members:?}");
                // Who stays keeps what it had.
                let before = owned(own, &weights, &vec![true; weights.len()]);
                assert!(!members[own] || before.iter().all(|bucket| now.contains(bucket)));
            }
        }
        assert!((0..2).all(|own| owned(own, &[1, 1], &[false, false]).is_empty()));
    }

    #[test]
    fn the_filter_takes_its_own_buckets_and_drops_the_rest() {
        let text = rules(Ipv4Addr::new(10, 77, 0, 5), &[0, 31]);
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(text.contains("-d 10.77.0.5 -m cluster --cluster-total-nodes 32 --cluster-local-node 32 "), "{text}");
        assert!(text.ends_with("-d 10.77.0.5 -m mark ! --mark 1 -j DROP\nCOMMIT\n"), "{text}");
    }
}
