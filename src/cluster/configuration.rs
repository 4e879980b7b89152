//! The configuration that all primaries share: a change makes each of them load it again.
//!
//! Nobody locks it. Who changes what was loaded when the session began writes over any change that came in between, unless
//! the configuration is reloaded first; the earlier change is lost then.

use super::event::Event;
use super::node::Token;
use super::session::Job;
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::scenario::Role;
use crate::units::Time;

impl World<'_> {
    /// A session has changed the configuration.
    pub(super) fn change_configuration(&mut self, id: Id<Job>, index: usize, now: Time, agenda: &mut Agenda<Event>) {
        let operation = &self.scenario.operations[index];
        let (_, service) = self.place(id);
        let job = &mut self.jobs[id];
        let reloaded = job.chance.unit() < operation.reload_first;
        let lost = !reloaded && job.configuration != self.configuration;
        self.configuration += 1;
        job.configuration = self.configuration;
        self.services[service].observed.lost_changes += u64::from(lost);
        let seconds = operation.reload_per_domain_s * self.scenario.domains as f64;
        let nodes = self.scenario.cluster.of_role(Role::Primary).filter(|_| seconds > 0.0);
        for node in nodes {
            let machine = &mut self.machines[node];
            let demand = Time::from_ns_f64(seconds * machine.ns_per_reference_s);
            machine.cpu.arrive(now, Token::Housekeeping, demand, agenda);
        }
    }
}
