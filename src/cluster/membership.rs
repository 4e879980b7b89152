//! Who belongs to a cluster of Network Load Balancing, as its hosts see it: by heartbeats, and by agreeing anew.
//!
//! A host whose machine fails sends no heartbeat any more. The others notice after as many periods without one as they
//! tolerate, counted from the last that came: with five of a second each that is 4 to 5 s after the failure. Then, and when a
//! host comes back, they converge; a change meanwhile begins the convergence anew. Until it is over everybody goes on with the
//! old map, and what the dead host had is a black hole. What a service does is nobody's business here.
//!
//! While nothing is wrong nothing happens: heartbeats that come as they should are no events.

use super::event::Event;
use super::faults::Condition;
use super::world::World;
use crate::engine::{Agenda, Timer};
use crate::random::{Key, Purpose};
use crate::scenario::Scenario;
use crate::scenario::nlb::Terms;
use crate::units::Time;

/// The hosts of a cluster, and what they know of each other.
pub(super) struct Membership {
    terms: Terms,
    hosts: Vec<Host>,
    /// When they will have agreed, if they are about to.
    converges: Option<Time>,
}

struct Host {
    node: u32,
    /// When it sent one of its heartbeats.
    beat: Time,
    beats: bool,
    /// When the others will notice that it sends none.
    noticed: Option<Time>,
    /// Whether the others believe that it is there, and whether it wants no new sessions (`drainstop`).
    alive: bool,
    drains: bool,
    /// Whether the monitor has told it to leave. The order is in force whatever the machine does meanwhile.
    stopped: bool,
}

impl Host {
    /// Whether it takes part in what is agreed next.
    fn takes_part(&self) -> bool {
        self.alive && !self.drains && !self.stopped
    }
}

impl Membership {
    /// All hosts are there; each beats at a phase of its own, as a part of the period.
    fn new(terms: Terms, hosts: impl Iterator<Item = (u32, f64)>) -> Membership {
        let host = |(node, phase): (u32, f64)| {
            let beat = Time::from_ns_f64(phase * terms.heartbeat.0 as f64);
            Host { node, beat, beats: true, noticed: None, alive: true, drains: false, stopped: false }
        };
        Membership { terms, hosts: hosts.map(host).collect(), converges: None }
    }

    fn has(&self, node: u32) -> bool {
        self.hosts.iter().any(|host| host.node == node)
    }

    /// A host's machine works, or does not.
    fn set_beats(&mut self, node: u32, beats: bool, now: Time) {
        let terms = self.terms;
        let Some(host) = self.hosts.iter_mut().find(|host| host.node == node && host.beats != beats) else { return };
        host.beats = beats;
        if !beats {
            let since = Time(now.0.saturating_sub(host.beat.0) % terms.heartbeat.0);
            host.noticed = Some(now.saturating_sub(since) + terms.heartbeat * u64::from(terms.heartbeats_missed));
            return;
        }
        host.beat = now;
        host.noticed = None;
        if !std::mem::replace(&mut host.alive, true) && host.takes_part() {
            self.converges = Some(now + terms.convergence);
        }
    }

    /// A host wants no new sessions, or wants them again; those that it has stay.
    fn set_drains(&mut self, node: u32, drains: bool, now: Time) {
        let Some(host) = self.hosts.iter_mut().find(|host| host.node == node && host.drains != drains) else { return };
        let took_part = host.takes_part();
        host.drains = drains;
        if host.takes_part() != took_part {
            self.converges = Some(now + self.terms.convergence);
        }
    }

    /// A host has been told to leave, or to come back; sessions that it has stay.
    fn set_stopped(&mut self, node: u32, stopped: bool, now: Time) {
        let Some(host) = self.hosts.iter_mut().find(|host| host.node == node) else { return };
        let took_part = host.takes_part();
        host.stopped = stopped;
        if host.takes_part() != took_part {
            self.converges = Some(now + self.terms.convergence);
        }
    }

    /// When something is due next.
    fn next(&self) -> Option<Time> {
        self.hosts.iter().filter_map(|host| host.noticed).chain(self.converges).min()
    }

    /// What is due happens; says whether the hosts have agreed.
    fn advance(&mut self, now: Time) -> bool {
        for host in &mut self.hosts {
            if let Some(noticed) = host.noticed.take_if(|noticed| *noticed <= now) {
                let took_part = host.takes_part();
                host.alive = false;
                if took_part {
                    self.converges = Some(noticed + self.terms.convergence);
                }
            }
        }
        self.converges.take_if(|converges| *converges <= now).is_some()
    }

    /// Those that are noticed to be silent at this moment.
    fn noticed(&self, now: Time) -> impl Iterator<Item = u32> {
        let is_due = move |host: &&Host| host.noticed.is_some_and(|noticed| noticed <= now);
        self.hosts.iter().filter(is_due).map(|host| host.node)
    }

    /// Those who have agreed.
    fn members(&self) -> impl Iterator<Item = u32> {
        self.hosts.iter().filter(|host| host.takes_part()).map(|host| host.node)
    }
}

/// The memberships of all clusters, with a timer for each; none where nothing can fail.
pub(super) struct Memberships(Vec<(Membership, Timer)>);

impl Memberships {
    pub(super) fn new(scenario: &Scenario, replication: u64, agenda: &mut Agenda<Event>) -> Memberships {
        if scenario.faults.is_empty() {
            return Memberships(Vec::new());
        }
        let phase = |host: &usize| {
            let entity = format!("heartbeat {}", scenario.cluster.nodes[*host].name);
            let key = Key::new(scenario.seed, replication, Purpose::Housekeeping, &entity);
            (*host as u32, key.stream().unit())
        };
        let clusters = scenario.cluster.nlb_clusters().into_iter();
        let of = clusters.map(|c| (Membership::new(c.terms, c.hosts.iter().map(phase)), agenda.timer()));
        Memberships(of.collect())
    }
}

impl World<'_> {
    /// A machine may have stopped or begun to send heartbeats.
    pub(super) fn listen(&mut self, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let beats = self.faults.node(node) == Condition::Up;
        let clusters = &mut self.memberships.0;
        let Some(cluster) = clusters.iter().position(|(membership, _)| membership.has(node)) else { return };
        clusters[cluster].0.set_beats(node, beats, now);
        self.await_heartbeats(cluster, agenda);
    }

    /// A machine is to be maintained: it is drained before, and wants sessions again afterwards.
    pub(super) fn drain(&mut self, node: u32, drains: bool, now: Time, agenda: &mut Agenda<Event>) {
        let clusters = &mut self.memberships.0;
        let Some(cluster) = clusters.iter().position(|(membership, _)| membership.has(node)) else { return };
        clusters[cluster].0.set_drains(node, drains, now);
        self.await_heartbeats(cluster, agenda);
    }

    /// The monitor tells a host to leave, or to come back.
    pub(super) fn tell_host(&mut self, node: u32, stopped: bool, now: Time, agenda: &mut Agenda<Event>) {
        let clusters = &mut self.memberships.0;
        let Some(cluster) = clusters.iter().position(|(membership, _)| membership.has(node)) else { return };
        clusters[cluster].0.set_stopped(node, stopped, now);
        self.await_heartbeats(cluster, agenda);
    }

    /// Hosts notice that one is silent, or have agreed on who has which bucket.
    pub(super) fn converge(&mut self, cluster: u32, now: Time, agenda: &mut Agenda<Event>) {
        let (membership, _) = &mut self.memberships.0[cluster as usize];
        let noticed: Vec<u32> = membership.noticed(now).collect();
        let agreed = membership.advance(now);
        let members: Vec<u32> = membership.members().collect();
        let hosts: Vec<u32> = membership.hosts.iter().map(|host| host.node).collect();
        self.services_of(&noticed, |world, host, service| world.failure_found(host, service, now));
        if agreed {
            self.balancers.converge(&hosts, &members);
            self.services_of(&hosts, |world, host, service| match members.contains(&host) {
                true => world.failure_back(host, service, now),
                false => world.failure_removed(host, service, now),
            });
        }
        self.await_heartbeats(cluster as usize, agenda);
    }

    /// Does something about each service that these hosts balance by themselves.
    fn services_of(&mut self, hosts: &[u32], mut about: impl FnMut(&mut Self, u32, usize)) {
        let cluster = &self.scenario.cluster;
        for service in (0..self.scenario.services.len())
            .filter(|service| cluster.route(*service).is_some_and(|route| route.nlb().is_some()))
        {
            let serves = |host: &&u32| cluster.nodes[**host as usize].serves(service);
            hosts.iter().filter(serves).for_each(|host| about(self, *host, service));
        }
    }

    fn await_heartbeats(&self, cluster: usize, agenda: &mut Agenda<Event>) {
        let (membership, timer) = &self.memberships.0[cluster];
        match membership.next() {
            Some(at) => agenda.set(timer, at, Event::Heartbeat { cluster: cluster as u32 }),
            None => agenda.cancel(timer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    const SECOND: Time = Time::from_secs(1);

    fn three() -> Membership {
        let terms = Terms {
            heartbeat: SECOND,
            heartbeats_missed: 5,
            convergence: SECOND * 3,
            filter_cpu: Time::ZERO,
            packet: Bytes(1_460),
        };
        Membership::new(terms, [(7, 0.25), (8, 0.5), (9, 0.75)].into_iter())
    }

    fn at(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    fn members(membership: &Membership) -> Vec<u32> {
        membership.members().collect()
    }

    #[test]
    fn a_silent_host_is_noticed_five_periods_after_its_last_heartbeat_and_left_out_after_the_convergence() {
        let mut three = three();
        assert_eq!(three.next(), None, "no events while nothing is wrong");
        // The last heartbeat of the second came at 100.5 s.
        three.set_beats(8, false, at(101_400));
        assert_eq!(three.next(), Some(at(105_500)));
        assert!(!three.advance(at(105_500)) && three.next() == Some(at(108_500)));
        assert!(three.advance(at(108_500)) && three.next().is_none());
        assert_eq!(members(&three), [7, 9]);
        three.set_beats(8, true, at(200_000));
        assert_eq!(three.next(), Some(at(203_000)));
        assert!(three.advance(at(203_000)));
        assert_eq!(members(&three), [7, 8, 9]);
        // It has begun to beat when it came back.
        three.set_beats(8, false, at(300_900));
        assert_eq!(three.next(), Some(at(305_000)));
    }

    #[test]
    fn who_is_back_before_anybody_notices_was_never_away() {
        let mut three = three();
        three.set_beats(7, false, at(10_000));
        three.set_beats(7, false, at(11_000));
        three.set_beats(7, true, at(14_000));
        assert_eq!(three.next(), None);
        assert_eq!(members(&three), [7, 8, 9]);
    }

    #[test]
    fn a_host_that_is_drained_leaves_and_joins_by_a_convergence_whatever_its_machine_does_meanwhile() {
        let mut three = three();
        three.set_drains(8, true, at(10_000));
        assert!(!three.advance(at(12_999)) && three.advance(at(13_000)));
        assert_eq!(members(&three), [7, 9]);
        three.set_beats(8, false, at(20_000));
        assert!(!three.advance(at(24_500)) && three.next().is_none(), "it has no part to leave");
        three.set_beats(8, true, at(30_000));
        assert_eq!(three.next(), None);
        three.set_drains(8, false, at(40_000));
        assert!(three.advance(at(43_000)));
        assert_eq!(members(&three), [7, 8, 9]);
    }

    #[test]
    fn a_host_that_is_told_to_leave_is_out_until_it_is_told_to_come_back() {
        let mut three = three();
        three.set_stopped(8, true, at(10_000));
        assert!(three.advance(at(13_000)));
        assert_eq!(members(&three), [7, 9]);
        three.set_beats(8, false, at(20_000));
        three.advance(at(24_500));
        three.set_beats(8, true, at(30_000));
        assert_eq!(three.next(), None, "the order is in force over a restart");
        three.set_drains(8, true, at(31_000));
        three.set_stopped(8, false, at(32_000));
        assert_eq!(three.next(), None, "it is being maintained");
        three.set_drains(8, false, at(40_000));
        assert!(three.advance(at(43_000)));
        assert_eq!(members(&three), [7, 8, 9]);
    }

    #[test]
    fn a_change_during_a_convergence_begins_it_anew() {
        let mut three = three();
        three.set_beats(7, false, at(10_000));
        // The last heartbeat came at 9.25 s.
        assert!(!three.advance(at(14_250)));
        three.set_beats(9, false, at(11_000));
        // At 10.75 s.
        assert!(!three.advance(at(15_750)));
        assert_eq!(three.next(), Some(at(18_750)), "and not at 17.25 s");
        three.set_beats(7, true, at(16_000));
        assert!(!three.advance(at(18_750)));
        assert!(three.advance(at(19_000)));
        assert_eq!(members(&three), [7, 8]);
    }

    #[test]
    fn detection_is_uniform_over_the_last_period() {
        // Phases are even, so failures at one time are noticed at even times from 4 to 5 s after.
        let terms = three().terms;
        let noticed = |phase: f64| {
            let mut one = Membership::new(terms, [(0, phase)].into_iter());
            one.set_beats(0, false, at(60_000));
            (one.next().unwrap() - at(60_000)).as_secs_f64()
        };
        for i in 0..100 {
            let phase = (f64::from(i) + 0.5) / 100.0;
            assert!((noticed(phase) - (4.0 + phase)).abs() < 1e-9, "{phase}: {}", noticed(phase));
        }
    }
}
