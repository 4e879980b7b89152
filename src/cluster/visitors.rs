//! What a balancer can know of whoever comes.

use super::balance::{Visitor, port};
use super::session::Birth;
use super::world::World;
use crate::random::Key;
use crate::scenario::Whose;

impl World<'_> {
    /// What the balancer of a service can know of a session.
    pub(super) fn visitor(&self, stream: usize, birth: &Birth, key: Key) -> Visitor {
        self.visitor_by(stream, (birth.routing, self.group(birth.group)), key, key)
    }

    /// The same by the session's number and client group, of a connection with a key of its own.
    pub(super) fn visitor_by(
        &self,
        stream: usize,
        (chance, group): (f64, usize),
        session: Key,
        connection: Key,
    ) -> Visitor {
        let service = self.scenario.streams[stream].service;
        let changes = self.scenario.groups[group].new_address_per_connection;
        let from = if changes { connection } else { session };
        let address = if self.balancers.reads_addresses(service) { self.addresses.of(group, from) } else { 0 };
        let port = self.port(service, connection);
        let (domain, group) = (self.domain(service, stream, session), Some(group as u32));
        let sends_mail = self.scenario.streams[stream].mail.is_some_and(|mail| mail.whose != Whose::Person);
        Visitor { chance, address, port, domain, tries: 0, group, sends_mail, answer: None }
    }

    /// The port of a connection, where the balancer of the service asks for it.
    pub(super) fn port(&self, service: usize, connection: Key) -> u16 {
        if self.balancers.reads_ports(service) { port(connection) } else { 0 }
    }

    /// The domain of a session, where the balancer of the service asks for it.
    pub(super) fn domain(&self, service: usize, stream: usize, key: Key) -> u64 {
        if self.balancers.reads_domains(service) { self.domains.of(stream, key) } else { 0 }
    }

    /// The client group at this part of the unit interval.
    pub(super) fn group(&self, chance: f64) -> usize {
        self.group_ends.iter().position(|end| chance < *end).unwrap_or(self.group_ends.len() - 1)
    }
}
