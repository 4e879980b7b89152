//! A run with a stub in the place of mail servers: started on its processors, loaded, measured, and gone.

use super::costs::costs;
use super::server::Stub;
use crate::lab::blueprint::Blueprint;
use crate::lab::host::group::Usage;
use crate::lab::job::{Job, Order, Protocol, Target};
use crate::lab::letter::LOAD;
use crate::lab::load::{Clients, Session, send};
use crate::lab::record::{HostRecord, Record};
use crate::lab::sampling::{process_s, sample, watch};
use crate::scenario::Scenario;
use crate::validation::measured::Custody;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Instant;

/// Visits a stub as the blueprint says; it is this very program with these arguments.
///
/// # Errors
/// What a stub can't be, or what went wrong.
pub fn rehearse(
    scenario: &Scenario,
    Blueprint { job, .. }: &Blueprint,
    arguments: &[&str],
) -> Result<Record, Vec<String>> {
    let one = |text: String| vec![text];
    let [host] = &job.hosts[..] else {
        return Err(one("a stub is a single node; with several there are real servers only".to_owned()));
    };
    if job.haproxy.is_some() || job.names.is_some() || !job.strikes.is_empty() || host.quota.is_some() {
        return Err(one(
            "a stub has neither a switch nor name servers before it, no budget of core time, and never fails"
                .to_owned(),
        ));
    }
    let node = scenario.cluster.nodes.iter().find(|node| node.name == host.name);
    let node = node.ok_or_else(|| one(format!("there is no node `{}`", host.name)))?;
    let costs = costs(scenario, node)?;
    let bytes = |protocol: Protocol| {
        let shelf = job.mailboxes.iter().find(|shelf| shelf.protocol == protocol);
        shelf.and_then(|shelf| shelf.sizes.first()?.first().copied()).unwrap_or_default()
    };
    let stub = Stub { name: host.name.clone(), costs, message_bytes: Protocol::ALL.map(bytes) };
    visit(job, &stub, &host.cpus, arguments).map_err(one)
}

fn visit(job: &Job, stub: &Stub, cpus: &[u32], arguments: &[&str]) -> Result<Record, String> {
    let starting = Instant::now();
    let failed = |e: std::io::Error| format!("a stub can't be started: {e}");
    let list: Vec<String> = cpus.iter().map(u32::to_string).collect();
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &list.join(",")]).arg(std::env::current_exe().map_err(failed)?).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let (Some(mut orders), Some(words)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("a stub has no pipes".to_owned());
    };
    let mut words = BufReader::new(words).lines();
    let description = serde_json::to_string(stub).expect("a stub is plain data");
    orders.write_all(description.as_bytes()).and_then(|()| orders.write_all(b"\n")).map_err(failed)?;
    let ports =
        words.next().and_then(Result::ok).and_then(|line| serde_json::from_str::<[u16; Protocol::COUNT]>(&line).ok());
    let ports = ports.ok_or("a stub has not said its ports")?;
    let set_up_s = starting.elapsed().as_secs_f64();
    let sent: Vec<Order> = job
        .orders
        .iter()
        .map(|order| Order { target: Target::Address(Ipv4Addr::LOCALHOST), ..order.clone() })
        .collect();
    let clients = Clients { sending: LOAD, source, ports, patience: job.patience };
    let began = Instant::now();
    let id = child.id();
    let usages = &|| vec![Usage { cpu_ns: (process_s(id) * 1e9) as u64, throttled_ns: 0 }];
    let (done, until_done) = channel();
    let (sessions, samples, drained_s, stored) = std::thread::scope(|scope| {
        let watching = scope.spawn(move || watch(usages, began, &until_done));
        let sessions = send(&sent, clients, began).map_err(|e| format!("no sessions can be sent: {e}"));
        let waiting = Instant::now();
        drop(orders);
        // It says so when its work is done, and is there until it is waited for.
        let stored = words.next().and_then(Result::ok).and_then(|line| line.parse::<u64>().ok());
        let drained_s = waiting.elapsed().as_secs_f64();
        let _ = done.send(());
        let samples = watching.join().unwrap_or_else(|_| vec![sample(usages, began)]);
        (sessions, samples, drained_s, stored)
    });
    let _ = child.wait();
    let (sessions, stored) = (sessions?, stored.ok_or("a stub has not said what it has taken")?);
    Ok(Record {
        custody: Custody { accepted: sessions.iter().map(copies).sum(), stored, ..Custody::default() },
        hosts: vec![HostRecord {
            name: stub.name.clone(),
            capacity_cores: cpus.len() as f64,
            programs_s: BTreeMap::new(),
        }],
        samples,
        strikes: Vec::new(),
        changes: Vec::new(),
        letters: Vec::new(),
        pools: job.pools.clone(),
        window_s: (job.window.0.as_secs_f64(), job.window.1.as_secs_f64()),
        set_up_s,
        drained_s,
        versions: BTreeMap::from([("mxplan".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]),
        processors: std::thread::available_parallelism().map_or(1, |count| count.get() as u32),
        sessions,
        testimony: Vec::new(),
    })
}

/// Mail that a session has handed over.
fn copies(session: &Session) -> u64 {
    if session.protocol == Protocol::Smtp { u64::from(session.copies) } else { 0 }
}

/// The address from which a source with this number sends: all that begin with 127 are this machine.
fn source(number: u32) -> Ipv4Addr {
    let [_, _, high, low] = number.to_be_bytes();
    Ipv4Addr::new(127, 77, high, low.max(1))
}
