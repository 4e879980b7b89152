//! Connections that stay open while nothing happens on them, as IMAP clients keep them.
//!
//! Idle connections are counted and are no objects: how long one still stays and when it wakes do not depend on how long
//! it has been open (exponential times), so the next that leaves or wakes is any of them. They start from equilibrium:
//! the number that are open at time zero is a Poisson number, as in a system that has always run (M/G/∞).

use super::event::Event;
use super::faults::Condition;
use super::mail::Errand;
use super::observe::{Flow, StandingObserved};
use super::session::Job;
use super::world::World;
use crate::engine::{Agenda, Id, Timer};
use crate::random::{Key, Purpose, Stream};
use crate::scenario::{self, Scenario};
use crate::stats::TimeAverage;
use crate::units::Time;

/// The idle connections that the sessions of one stream left open.
pub(super) struct Standing {
    /// The stream that opens them, and what happens to them.
    stream: usize,
    habit: scenario::Standing,
    /// By node.
    counts: Vec<u64>,
    number: TimeAverage,
    flow: Flow,
    timer: Timer,
    key: Key,
    chance: Stream,
}

impl Standing {
    /// Those of every stream that has them; nothing is open yet.
    pub(super) fn all(scenario: &Scenario, replication: u64, agenda: &mut Agenda<Event>) -> Vec<Standing> {
        let streams = scenario.streams.iter().enumerate();
        let of = streams.filter_map(|(stream, of)| {
            let key = Key::new(scenario.seed, replication, Purpose::Standing, &of.name);
            Some(Standing {
                stream,
                habit: of.standing?,
                counts: vec![0; scenario.cluster.nodes.len()],
                number: TimeAverage::new(Time::ZERO, 0),
                flow: Flow::default(),
                timer: agenda.timer(),
                key,
                chance: key.stream(),
            })
        });
        of.collect()
    }

    /// Statistics start anew.
    pub(super) fn reset(&mut self, now: Time) {
        self.number.reset(now);
        self.flow = Flow { present_at_start: self.number.level(), ..Flow::default() };
    }

    /// Adds what was observed to that of other kinds of the service.
    pub(super) fn add_to(&self, observed: &mut StandingObserved, now: Time) {
        observed.flow.present_at_start += self.flow.present_at_start;
        observed.flow.began += self.flow.began;
        observed.flow.ended += self.flow.ended;
        observed.flow.present_at_end += self.counts.iter().sum::<u64>();
        observed.number_ns += self.number.integral(now);
    }

    /// The service that they belong to.
    pub(super) fn service(&self, scenario: &Scenario) -> usize {
        scenario.streams[self.stream].service
    }

    fn open(&mut self, node: usize, now: Time) {
        self.counts[node] += 1;
        self.flow.began += 1;
        self.number.add(now, 1);
    }

    fn close(&mut self, node: usize, now: Time) {
        self.counts[node] -= 1;
        self.flow.ended += 1;
        self.number.add(now, -1);
    }

    /// One of them, any with the same probability: the node that it is at.
    fn any(&mut self) -> usize {
        let mut left = (self.chance.unit() * self.number.level() as f64) as u64;
        let holds = |count: &u64| {
            let here = left < *count;
            left = left.saturating_sub(*count);
            here
        };
        let last = self.counts.iter().rposition(|count| *count > 0).unwrap_or(0);
        self.counts.iter().position(holds).unwrap_or(last)
    }

    /// Sets the timer to the next that leaves or wakes.
    fn wait(&mut self, index: u32, now: Time, agenda: &mut Agenda<Event>) {
        let number = self.number.level();
        if number == 0 {
            agenda.cancel(&self.timer);
            return;
        }
        let gap_s = self.chance.exponential(1.0) / (number as f64 * self.habit.events_per_s());
        agenda.set(&self.timer, now + Time::from_secs_f64(gap_s), Event::Standing { index });
    }
}

impl World<'_> {
    /// Opens what is open in equilibrium, each at the node that its balancer chooses; nodes that are full refuse.
    pub(super) fn open_standing(&mut self, agenda: &mut Agenda<Event>) {
        for index in 0..self.standing.len() {
            let service = self.standing[index].service(self.scenario);
            let mean = self.standing[index].habit.at_start;
            let mut area = self.standing[index].chance.exponential(1.0);
            while area < mean {
                let chance = self.standing[index].chance.unit();
                let key = self.standing[index].key.at(chance.to_bits());
                let asked = self.balancers.reads_addresses(service);
                let group = if asked { self.group(key.stream().unit()) } else { 0 };
                let visitor = self.visitor_by(self.standing[index].stream, (chance, group), key, key);
                let chosen = self.balancers.choose(service, &visitor, Time::ZERO);
                let node = chosen.expect("everybody is up at first") as usize;
                if !self.reopen(service, Time::ZERO) {
                    self.balancers.leave(service, node as u32);
                } else if !self.is_out_of_memory(node as u32) && self.desks[node][service].connections.take(Time::ZERO)
                {
                    self.nodes[node].connections.add(Time::ZERO, 1);
                    self.hold_connection(node, service);
                    self.standing[index].open(node, Time::ZERO);
                } else {
                    self.balancers.leave(service, node as u32);
                    self.close_at_switch(service, Time::ZERO);
                }
                area += self.standing[index].chance.exponential(1.0);
            }
            self.standing[index].wait(index as u32, Time::ZERO, agenda);
        }
    }

    /// What a session that has ended leaves open, if its kind does.
    pub(super) fn left_open(&self, job: &Job) -> Option<usize> {
        self.scenario.streams[job.stream as usize].standing?;
        self.standing.iter().position(|standing| standing.stream == job.stream as usize)
    }

    /// A session has ended and its connection stays.
    pub(super) fn stand(&mut self, index: usize, node: usize, now: Time) {
        self.standing[index].open(node, now);
        self.stood.push(index as u32);
    }

    /// The numbers of idle connections have changed: their timers are set anew.
    pub(super) fn settle_standing(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        while let Some(index) = self.stood.pop() {
            self.standing[index as usize].wait(index, now, agenda);
        }
    }

    /// An idle connection wakes, or is closed.
    pub(super) fn wake(&mut self, index: u32, now: Time, agenda: &mut Agenda<Event>) {
        let standing = &mut self.standing[index as usize];
        let (habit, node) = (standing.habit, standing.any());
        let wakes = standing.chance.unit() * habit.events_per_s() < habit.visits_per_s;
        let service = standing.service(self.scenario);
        self.stood.push(index);
        let is_up = self.faults.under_way(node as u32, service) == Condition::Up;
        match habit.visits.filter(|_| wakes) {
            Some(visits) if !is_up => self.find_broken((index as usize, visits), node, now, agenda),
            Some(visits) => self.visit(visits, node as u32, now),
            None => self.close_standing(index as usize, node, now),
        }
        self.go_on(now, agenda);
    }

    /// One of the idle connections at a node is closed.
    fn close_standing(&mut self, index: usize, node: usize, now: Time) {
        let service = self.standing[index].service(self.scenario);
        self.standing[index].close(node, now);
        self.disconnect(service, node as u32, now);
        self.nodes[node].connections.add(now, -1);
        self.give_connection(node, service, now);
    }

    /// A client finds that its connection leads nowhere: it waits as long as it does, and opens another one.
    fn find_broken(&mut self, (index, visits): (usize, usize), node: usize, now: Time, agenda: &mut Agenda<Event>) {
        self.close_standing(index, node, now);
        let key = self.arrivals[visits].next_session();
        let birth = self.kinds[visits].birth(key);
        let patience = self.scenario.groups[self.group(birth.group)].patience;
        self.wait_in_vain((visits, key), birth, now, agenda);
        self.open_again(index, now + patience.timeout, agenda);
    }

    /// The connections of a service that a node had are broken; their clients open others.
    pub(super) fn break_standing(&mut self, node: usize, service: usize, now: Time, agenda: &mut Agenda<Event>) {
        for index in 0..self.standing.len() {
            if self.standing[index].service(self.scenario) != service {
                continue;
            }
            self.stood.push(index as u32);
            for _ in 0..self.standing[index].counts[node] {
                self.close_standing(index, node, now);
                self.open_again(index, now, agenda);
            }
        }
    }

    /// A client opens its connection again, within the time that its kind takes for it.
    fn open_again(&mut self, index: usize, from: Time, agenda: &mut Agenda<Event>) {
        let standing = &mut self.standing[index];
        let after = Time::from_ns_f64(standing.chance.unit() * standing.habit.reconnect.0 as f64);
        let stream = standing.stream;
        let key = self.arrivals[stream].next_session();
        let birth = self.kinds[stream].birth(key);
        self.come_later((stream, key), birth, Errand::new(from + after), from + after, agenda);
    }

    /// The connection is free: who waited for it has it now.
    pub(super) fn give_connection(&mut self, node: usize, service: usize, now: Time) {
        self.drop_connection(node, service);
        if let Some(next) = self.desks[node][service].connections.release(now) {
            self.connect(next, now);
        }
    }

    /// What happens on an open connection: a session that brings its connection along.
    fn visit(&mut self, stream: usize, node: u32, now: Time) {
        let key = self.arrivals[stream].next_session();
        let birth = self.kinds[stream].birth(key);
        let service = self.scenario.streams[stream].service;
        self.count_arrival(stream, &Errand::new(now), now);
        self.count_session(service, node, now);
        let id: Id<Job> = self.born(stream, key, &birth, node, now);
        self.open_mailbox(id);
        self.work(id, now);
    }
}
