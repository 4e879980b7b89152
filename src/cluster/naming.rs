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
            if zone == Condition::Refuses {
                self.give_up(&seeker, now);
                return;
            }
            (seeker.state, seeker.failure) = (Wait::Answer, Failure::TimedOut);
            let seeker = self.seekers.insert(seeker);
            agenda.schedule(now + RESOLVER_TIMEOUT, Event::Seek { seeker });
            return;
        };
        seeker.visitor.answer = Some(lookup.answer);
        seeker.state = Wait::Name(lookup.wait);
        if let (true, Some(Some(server))) = (lookup.asks, server) {
            let mut chance = seeker.key.at(QUERY).stream();
            let machine = &mut self.machines[server as usize];
            let cpu = Time::from_ns_f64(self.query_cpu.sample(&mut chance) * machine.ns_per_reference_s);
            let seeker = self.seekers.insert(seeker);
            machine.cpu.arrive(now, Token::Query(seeker), cpu, agenda);
        } else if lookup.wait > Time::ZERO {
            let seeker = self.seekers.insert(seeker);
            agenda.schedule(now + lookup.wait, Event::Seek { seeker });
        } else {
            self.know(seeker, now, agenda);
        }
    }

    /// The zone's server has done its part; the rest is on the way.
    pub(super) fn learn(&mut self, id: Id<Seeker>, now: Time, agenda: &mut Agenda<Event>) {
        let Wait::Name(left) = self.seekers[id].state else { unreachable!("only a name is asked for") };
        agenda.schedule(now + left, Event::Seek { seeker: id });
    }

    /// Somebody knows the addresses.
    pub(super) fn know(&mut self, mut seeker: Seeker, now: Time, agenda: &mut Agenda<Event>) {
        seeker.learning = now - seeker.began;
        seeker.state = Wait::Next;
        self.knock(seeker, now, agenda);
    }

    /// The name server whose turn it is: some other where the cluster has none, nobody where all are down.
    fn name_server(&mut self) -> Option<Option<u32>> {
        let servers = self.name_servers.as_mut()?;
        let up = (0..servers.count()).map(|_| servers.next()).find(|node| self.faults.node(*node) == Condition::Up);
        Some(up)
    }
}
