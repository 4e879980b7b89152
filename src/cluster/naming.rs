//! Learning the addresses of a service: what a lookup costs its user and the name servers.
//!
//! Names that nobody balances are known: only a service that is found by DNS is looked up. The name servers of the cluster
//! answer in turn, those that are down not at all; the resolver then gives up after a while, and the session fails. Without
//! any the zone is served elsewhere, always and at no cost to the cluster (assumption). The zone itself may fail, wherever it is
//! served: when it stops, resolvers tell their clients at once that there is no answer, else after the same while. What
//! caches have is good until it expires.

use super::event::Event;
use super::faults::Condition;
use super::node::Token;
use super::seeking::{Failure, Seeker, Wait};
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::scenario::Component;
use crate::units::Time;

/// The sub-key of a session that its query is drawn from.
const QUERY: u64 = 5;
/// After so long a resolver tells its client that there is no answer (BIND, `resolver-query-timeout`).
const RESOLVER_TIMEOUT: Time = Time::from_secs(10);

impl World<'_> {
    /// Somebody wants to know the addresses of a service; one that is not found by DNS is known.
    pub(super) fn look_up(&mut self, mut seeker: Seeker, now: Time, agenda: &mut Agenda<Event>) {
        let service = self.scenario.streams[seeker.stream as usize].service;
        if !self.balancers.have_names(service) {
            self.approach(seeker, now, agenda);
            return;
        }
        let zone = self.faults.conditions().zone;
        let server = if zone == Condition::Up { self.name_server() } else { Some(None) };
        let Some(lookup) = self.balancers.look_up(service, &seeker.visitor, server != Some(None), now) else {
            self.count_unanswered_by(&Component::Zone);
            self.wait_for_no_name(seeker, zone == Condition::Refuses, now, agenda);
            return;
        };
        seeker.visitor.answer = Some(lookup.answer);
        seeker.state = Wait::Name(lookup.wait);
        if lookup.asks || lookup.wait > Time::ZERO {
            self.ask(seeker, server.flatten().filter(|_| lookup.asks), lookup.wait, now, agenda);
        } else {
            self.know(seeker, now, agenda);
        }
    }

    /// Nobody answers about a name: a resolver says so in the end.
    pub(super) fn wait_for_no_name(
        &mut self,
        mut seeker: Seeker,
        refuses: bool,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        (seeker.state, seeker.waits_for) = (Wait::NoName, None);
        if refuses {
            self.give_up(&seeker, now);
            return;
        }
        seeker.failure = Failure::TimedOut;
        let seeker = self.seekers.insert(seeker);
        agenda.schedule(now + RESOLVER_TIMEOUT, Event::Seek { seeker });
    }

    /// Somebody waits for an answer about a name, which a name server of the cluster may have to find first.
    pub(super) fn ask(
        &mut self,
        seeker: Seeker,
        server: Option<u32>,
        wait: Time,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        let mut chance = seeker.key.at(QUERY).stream();
        let seeker = self.seekers.insert(seeker);
        let Some(server) = server else {
            agenda.schedule(now + wait, Event::Seek { seeker });
            return;
        };
        let machine = &mut self.machines[server as usize];
        let cpu = Time::from_ns_f64(self.query_cpu.sample(&mut chance) * machine.ns_per_reference_s);
        machine.cpu.arrive(now, Token::Query(seeker), cpu, agenda);
    }

    /// The zone's server has done its part; the rest is on the way.
    pub(super) fn learn(&mut self, id: Id<Seeker>, now: Time, agenda: &mut Agenda<Event>) {
        let left = match self.seekers[id].state {
            Wait::Name(left) | Wait::Exchange(left) => left,
            // It has given up meanwhile, as its own machine has failed.
            Wait::Begin | Wait::NoName | Wait::Next | Wait::Resend(_) | Wait::Answer | Wait::Switch => Time::ZERO,
        };
        agenda.schedule(now + left, Event::Seek { seeker: id });
    }

    /// Somebody knows the addresses.
    pub(super) fn know(&mut self, mut seeker: Seeker, now: Time, agenda: &mut Agenda<Event>) {
        seeker.learning = now - seeker.began;
        seeker.state = Wait::Next;
        self.knock(seeker, now, agenda);
    }

    /// The name server whose turn it is: some other where the cluster has none, nobody where all are down.
    pub(super) fn name_server(&mut self) -> Option<Option<u32>> {
        let servers = self.name_servers.as_mut()?;
        let up = (0..servers.count()).map(|_| servers.next()).find(|node| self.faults.node(*node) == Condition::Up);
        Some(up)
    }
}
