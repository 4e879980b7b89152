//! A switch that connects to nodes itself: it tries again, and elsewhere, before its client hears of it.
//!
//! As HAProxy does (`back_handle_st_cer` and `stream_choose_redispatch`): a node that refuses is asked again after a second or
//! the connect time-out, if that is shorter; silence is over after the connect time-out, and then it is asked again at once.
//! With `redispatch` the last retry goes to another node; and every retry does, without a pause, of sessions that are not bound
//! to the node by a hash or persistence, or if the node is held to be down by now. The client has its connection to the switch
//! meanwhile, and waits as long as for any answer. Assumption: a node that comes back in the middle of an attempt that got no
//! answer is found by the next one.

use super::event::Event;
use super::faults::Condition;
use super::seeking::{Failure, Seeker, Wait};
use super::world::World;
use crate::engine::Agenda;
use crate::scenario::Proxy;
use crate::units::Time;

/// The longest pause before a node that refused is asked again (HAProxy, `retries`).
const PAUSE: Time = Time::from_secs(1);

impl World<'_> {
    /// What stands between clients and nodes of a service and connects to these itself, if anything does.
    pub(super) fn proxy(&self, service: usize) -> Option<Proxy> {
        self.scenario.cluster.route(service)?.switch()?.proxy
    }

    /// The switch meets a node in this condition on behalf of a client.
    pub(super) fn forward(
        &mut self,
        proxy: Proxy,
        (mut seeker, node): (Seeker, u32),
        condition: Condition,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        let service = self.scenario.streams[seeker.stream as usize].service;
        let is_last = seeker.retries >= proxy.retries;
        let (moves_on, has_choice) = self.moves_on(proxy, &seeker, seeker.retries + 1, (service, node));
        let until = match condition {
            Condition::Up => {
                self.land(&seeker, node, now, agenda);
                return;
            }
            // It accepts: the client waits for it and not the switch.
            Condition::Mute => {
                self.meet(condition, seeker, node, now, agenda);
                return;
            }
            Condition::Refuses if is_last || (moves_on && has_choice) => now,
            Condition::Refuses => now + proxy.connect_timeout.min(PAUSE),
            Condition::Silent => now + proxy.connect_timeout,
        };
        seeker.waits_for = Some(node);
        seeker.state = Wait::Switch;
        seeker.failure = Failure::Refused;
        let gives_up = seeker.tried + self.patience(&seeker).timeout;
        if until > gives_up {
            (seeker.state, seeker.failure) = (Wait::Answer, Failure::TimedOut);
        }
        let seeker = self.seekers.insert(seeker);
        agenda.schedule(until.min(gives_up), Event::Seek { seeker });
    }

    /// Whether a retry of a session that got no connection goes to another node, and whether there is one.
    fn moves_on(&mut self, proxy: Proxy, seeker: &Seeker, retry: u32, (service, node): (usize, u32)) -> (bool, bool) {
        let (is_free, has_choice) = self.balancers.frees(service, node, seeker.is_known);
        (proxy.redispatch && (is_free || retry == proxy.retries), has_choice)
    }

    /// The switch tries again, or tells the client that nobody is there.
    pub(super) fn forward_again(&mut self, mut seeker: Seeker, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let service = self.scenario.streams[seeker.stream as usize].service;
        let proxy = self.proxy(service).filter(|proxy| seeker.retries < proxy.retries);
        let Some(proxy) = proxy else {
            // Its packet to the client is on the way for a round trip like any other refusal.
            seeker.state = Wait::Next;
            let until = now + self.rtt(&seeker);
            let seeker = self.seekers.insert(seeker);
            agenda.schedule(until, Event::Seek { seeker });
            return;
        };
        seeker.retries += 1;
        let mut next = node;
        if self.moves_on(proxy, &seeker, seeker.retries, (service, node)).0 {
            next = self.balancers.redispatch(service, &seeker.visitor, node, now);
        }
        let condition = self.faults.condition(next, service).max(self.faults.switch_before(service));
        if next != node {
            self.count_session(service, next, now);
            if condition != Condition::Up {
                self.count_unanswered(next, service);
            }
        }
        self.forward(proxy, (seeker, next), condition, now, agenda);
    }
}
