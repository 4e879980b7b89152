//! Learning where mail goes: lookups of mail exchange records, which servers keep for a while.
//!
//! A server with a queue of its own keeps what it was told until that expires; where each message has a server to itself,
//! nobody has asked before. The name servers of the cluster answer in turn, as they do for addresses.

use crate::cluster::World;
use crate::cluster::event::Event;
use crate::cluster::faults::Condition;
use crate::cluster::seeking::{Seeker, Wait};
use crate::engine::Agenda;
use crate::scenario::Component;
use crate::units::Time;

impl World<'_> {
    /// Somebody wants to know where mail goes, if that has to be asked for.
    pub(in crate::cluster) fn look_up_exchange(&mut self, mut seeker: Seeker, now: Time, agenda: &mut Agenda<Event>) {
        let exchange = self.scenario.exchange.filter(|_| !seeker.errand.from_backup);
        let from_outside = || self.delivery(seeker.stream, seeker.key, &seeker.errand).is_some();
        let Some(exchange) = exchange.filter(|_| from_outside()) else {
            self.look_up(seeker, now, agenda);
            return;
        };
        let outlet = self.outlet(seeker.stream, seeker.key);
        let outlet = outlet.map(|outlet| &mut self.mail.outlets[outlet as usize]);
        if outlet.as_ref().is_some_and(|outlet| now < outlet.knows_until) {
            self.mail.hits += 1;
            self.look_up(seeker, now, agenda);
            return;
        }
        self.mail.queries += 1;
        let zone = self.faults.conditions().zone;
        let server = if zone == Condition::Up { self.name_server() } else { Some(None) };
        if server == Some(None) {
            self.count_unanswered_by(&Component::Zone);
            self.wait_for_no_name(seeker, zone == Condition::Refuses, now, agenda);
            return;
        }
        if let Some(outlet) = self.outlet(seeker.stream, seeker.key) {
            self.mail.outlets[outlet as usize].knows_until = now + exchange.lookup + exchange.ttl;
        }
        seeker.state = Wait::Exchange(exchange.lookup);
        self.ask(seeker, server.flatten(), exchange.lookup, now, agenda);
    }
}
