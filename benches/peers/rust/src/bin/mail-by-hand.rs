//! The mail cluster of `mail.toml` by a loop that does nothing else: the standard heap on one integer of instant, insertion
//! and session.

use peers::{Chance, Responses, answer, arguments};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Instant;

#[path = "../mail.rs"]
mod mail;
use mail::{PER_S, PROGRAMS, RTT_NS, Step, WARM_UP_NS};

/// What an entry is about that is no session: an arrival of one of the two.
const ARRIVALS: u32 = u32::MAX - 1;

struct Session {
    kind: usize,
    node: usize,
    step: usize,
    began: u64,
    demand: u64,
}

struct Cluster {
    now: u64,
    pending: BinaryHeap<Reverse<u128>>,
    inserted: u64,
    sessions: Vec<Session>,
    free: Vec<u32>,
    /// Who is at the CPU and at the disk of each node, served or waiting.
    servers: [[VecDeque<u32>; 2]; 2],
    chance: Chance,
}

impl Cluster {
    fn schedule(&mut self, after: u64, what: u32) {
        self.inserted += 1;
        let key = u128::from(self.now + after) << 64 | u128::from(self.inserted << 32) | u128::from(what);
        self.pending.push(Reverse(key));
    }

    fn queue(&mut self, id: u32, server: usize, mean_s: f64) {
        let demand = self.chance.exponential_ns(mean_s);
        let session = &mut self.sessions[id as usize];
        session.demand = demand;
        let line = &mut self.servers[session.node][server];
        line.push_back(id);
        if line.len() == 1 {
            self.schedule(demand, id);
        }
    }

    /// A service is over: the next in line begins its own.
    fn leave(&mut self, node: usize, server: usize) {
        let line = &mut self.servers[node][server];
        line.pop_front();
        if let Some(next) = line.front() {
            let next = *next;
            self.schedule(self.sessions[next as usize].demand, next);
        }
    }

    /// The next step; false when the session is over.
    fn step(&mut self, id: u32) -> bool {
        let session = &mut self.sessions[id as usize];
        let step = PROGRAMS[session.kind].get(session.step).copied();
        session.step += 1;
        match step {
            Some(Step::Trips(trips)) => self.schedule(trips * RTT_NS, id),
            Some(Step::Cpu(mean_s)) => self.queue(id, 0, mean_s),
            Some(Step::Disk) => self.queue(id, 1, 0.008),
            None => return false,
        }
        true
    }
}

fn main() {
    let (seed, window_s) = arguments();
    let began = Instant::now();
    let end = WARM_UP_NS + window_s * 1_000_000_000;
    let mut cluster = Cluster {
        now: 0,
        pending: BinaryHeap::new(),
        inserted: 0,
        sessions: Vec::new(),
        free: Vec::new(),
        servers: Default::default(),
        chance: Chance::new(seed, 0),
    };
    let mut gaps = [Chance::new(seed, 1), Chance::new(seed, 2)];
    let (mut turns, mut kept, mut events) = ([0_usize; 2], [Responses::default(), Responses::default()], 0);
    for kind in 0..2 {
        cluster.schedule(gaps[kind].exponential_ns(1.0 / PER_S[kind]), ARRIVALS + kind as u32);
    }
    while let Some(Reverse(key)) = cluster.pending.pop() {
        cluster.now = (key >> 64) as u64;
        if cluster.now > end {
            break;
        }
        events += 1;
        let what = key as u32;
        let id = if what >= ARRIVALS {
            let kind = (what - ARRIVALS) as usize;
            cluster.schedule(gaps[kind].exponential_ns(1.0 / PER_S[kind]), what);
            let session = Session { kind, node: turns[kind] % 2, step: 0, began: cluster.now, demand: 0 };
            turns[kind] += 1;
            match cluster.free.pop() {
                Some(id) => {
                    cluster.sessions[id as usize] = session;
                    id
                }
                None => {
                    cluster.sessions.push(session);
                    cluster.sessions.len() as u32 - 1
                }
            }
        } else {
            let session = &cluster.sessions[what as usize];
            let node = session.node;
            match PROGRAMS[session.kind][session.step - 1] {
                Step::Trips(_) => {}
                Step::Cpu(_) => cluster.leave(node, 0),
                Step::Disk => cluster.leave(node, 1),
            }
            what
        };
        if !cluster.step(id) {
            let session = &cluster.sessions[id as usize];
            if cluster.now >= WARM_UP_NS {
                kept[session.kind].record(cluster.now - session.began);
            }
            cluster.free.push(id);
        }
    }
    answer(began, events, &[("pop3", &kept[0]), ("smtp", &kept[1])]);
}
