//! A witness beside the nodes: a host that does the same in every run of a campaign, on their processors. What the same work costs
//! differs from run to run on a machine that others use too; what it costs the witness tells by how much.

use super::blueprint::PROCESSES;
use super::job::{DOMAIN, HOME, Host, Job, Order, Protocol, STORE, Target, Texts, WITNESS, Witness};
use super::letter::MAILBOXES;
use crate::deployment::{Delivery, Dovecot, Mailboxes, Postfix};
use std::net::Ipv4Addr;
use std::time::Duration;

/// Where it is on the lab's bridge.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 6);
/// What comes to it, in turn. POP3 sessions find nothing: the mailboxes of the scenario may be full or not.
const TURN: [Protocol; 2] = [Protocol::Smtp, Protocol::Pop3];
/// Bytes of each of its messages.
const BYTES: u64 = 2_000;

impl Job {
    /// The same job beside a witness that has a session at every interval until the last one of the load began, on the processors
    /// of the nodes and without a budget.
    #[must_use]
    pub fn beside_witness(mut self, every: Duration) -> Job {
        let mut cpus: Vec<u32> = self.hosts.iter().flat_map(|host| host.cpus.clone()).collect();
        cpus.sort_unstable();
        cpus.dedup();
        let last_ns = self.orders.last().map_or(0, |order| order.at_ns);
        let times = (0..).map(|number| number * every.as_nanos() as u64).take_while(|at_ns| *at_ns <= last_ns);
        let orders = times
            .zip(TURN.into_iter().cycle())
            .zip(0..)
            .map(|((at_ns, protocol), number)| order(at_ns, protocol, number));
        self.witness = Some(Witness { host: host(cpus), orders: orders.collect() });
        self
    }
}

fn order(at_ns: u64, protocol: Protocol, number: u32) -> Order {
    let is_mail = protocol == Protocol::Smtp;
    Order {
        at_ns,
        protocol,
        target: Target::Address(ADDRESS),
        hands_over: false,
        source: 0,
        // One beyond those of the load, where mail is fetched.
        mailbox: if is_mail { number % MAILBOXES } else { MAILBOXES },
        messages: if is_mail { vec![(BYTES, 1)] } else { Vec::new() },
    }
}

fn host(cpus: Vec<u32>) -> Host {
    let directory = format!("{HOME}/{WITNESS}");
    let dovecot = Dovecot {
        host: WITNESS.to_owned(),
        address: ADDRESS,
        directory: format!("{directory}/dovecot"),
        mailboxes: Mailboxes::Here(STORE.to_owned()),
        takes_mail: false,
        processes: PROCESSES,
        shared: None,
    };
    let postfix = Postfix {
        host: WITNESS.to_owned(),
        address: ADDRESS,
        domain: DOMAIN.to_owned(),
        directory: format!("{directory}/postfix"),
        holds: false,
        delivery: Delivery::Socket(dovecot.socket()),
        processes: PROCESSES,
        shared: None,
    };
    Host {
        name: WITNESS.to_owned(),
        address: ADDRESS,
        cpus,
        quota: None,
        postfix: Some(Texts { main_cf: postfix.main_cf(), master_cf: postfix.master_cf() }),
        dovecot: Some(dovecot.conf()),
        web: None,
        ports: TURN.map(Protocol::port).to_vec(),
    }
}
