//! Checks: how a switch finds out that a node has failed, and that it is back.
//!
//! Checks of a node are due on a fixed grid, each node with a phase of its own. As long as they would all say what the
//! switch holds to be true, none of them is an event: they begin to be when the condition of a node changes.
//!
//! Assumptions: a check costs neither node nor network anything, and takes no time unless nothing answers. One that began in
//! silence has failed, even if the node comes back before its time is over.

use super::event::Event;
use super::faults::Condition;
use super::health::Health;
use super::world::World;
use crate::engine::Agenda;
use crate::random::{Key, Purpose};
use crate::scenario::{Check, CheckKind, Scenario};
use crate::units::Time;

/// How often the weight of a node that warms up is set anew: twenty times, and at most each second (HAProxy,
/// `server_warmup`).
const STEPS: u64 = 20;
const SHORTEST_STEP: Time = Time::from_secs(1);

/// The checks of a service behind a switch.
pub(super) struct Checks {
    check: Check,
    slow_start: Option<Time>,
    /// By node of the cluster.
    watched: Vec<Watched>,
    /// What phases are drawn from.
    seed: u64,
    replication: u64,
}

/// A node as the switch watches it.
#[derive(Clone, Copy)]
struct Watched {
    health: Health,
    state: State,
    /// Since when it warms up, and when its weight is set next.
    warms: Option<(Time, Time)>,
}

#[derive(Clone, Copy)]
enum State {
    /// All checks say what is held.
    Quiet,
    /// The next one is due.
    Due,
    /// One that began at this time gets no answer.
    Unanswered(Time),
}

/// What a check comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Passes,
    Fails,
    /// Nothing, until its time is over.
    None,
}

impl Checks {
    /// By service; none where nobody checks.
    pub(super) fn all(scenario: &Scenario, replication: u64) -> Vec<Option<Checks>> {
        let cluster = &scenario.cluster;
        let of = |service: usize| {
            let route = cluster.route(service)?;
            let switch = route.switch()?;
            let watched = Watched { health: Health::new(), state: State::Quiet, warms: None };
            Some(Checks {
                check: switch.check?,
                slow_start: switch.slow_start,
                watched: vec![watched; cluster.nodes.len()],
                seed: scenario.seed,
                replication,
            })
        };
        (0..scenario.services.len()).map(of).collect()
    }

    /// When the first check of a node at or after a time is due.
    fn next(&self, (service, node): (&str, &str), now: Time) -> Time {
        let interval = self.check.interval;
        let phase = self.check.phase.unwrap_or_else(|| {
            let entity = format!("checks of {service} at {node}");
            let mut chance = Key::new(self.seed, self.replication, Purpose::Housekeeping, &entity).stream();
            Time::from_ns_f64(chance.unit() * interval.0 as f64)
        });
        phase + interval * now.saturating_sub(phase).0.div_ceil(interval.0)
    }
}

impl World<'_> {
    /// What a check of this kind comes to.
    fn outcome(&self, kind: CheckKind, node: u32, service: usize) -> Answer {
        let condition = match kind {
            // A machine that refuses is off and answers no ping; one that hangs answers, as its network does.
            CheckKind::Ping => match self.faults.node(node) {
                Condition::Refuses => Condition::Silent,
                other => other,
            },
            CheckKind::Tcp | CheckKind::Service => self.faults.condition(node, service),
        };
        match condition {
            Condition::Up => Answer::Passes,
            Condition::Refuses => Answer::Fails,
            Condition::Mute if kind == CheckKind::Service => Answer::None,
            Condition::Mute => Answer::Passes,
            Condition::Silent => Answer::None,
        }
    }

    /// The condition of a service of a node has changed: checks have something to find out.
    pub(super) fn watch(&mut self, node: u32, service: usize, now: Time, agenda: &mut Agenda<Event>) {
        let serves = self.scenario.cluster.nodes[node as usize].serves(service);
        let Some(checks) = self.checks[service].as_ref().filter(|_| serves) else { return };
        let answer = self.outcome(checks.check.kind, node, service);
        let watched = &checks.watched[node as usize];
        if matches!(watched.state, State::Quiet) && !watched.health.is_settled(answer == Answer::Passes) {
            let names =
                (self.scenario.services[service].name.as_str(), &*self.scenario.cluster.nodes[node as usize].name);
            let due = checks.next(names, now);
            self.expect(node, service, due, State::Due, agenda);
        }
    }

    /// A check of a node is due, or has waited for an answer long enough.
    pub(super) fn check(&mut self, service: usize, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let Some(checks) = &self.checks[service] else { return };
        let Check { kind, interval, timeout, .. } = checks.check;
        let (began, answer) = match checks.watched[node as usize].state {
            State::Unanswered(began) => (began, Answer::Fails),
            State::Quiet | State::Due => (now, self.outcome(kind, node, service)),
        };
        if answer == Answer::None {
            self.expect(node, service, now + timeout, State::Unanswered(now), agenda);
            return;
        }
        self.take_note(node, service, answer == Answer::Passes, now, agenda);
        let passes = self.outcome(kind, node, service) == Answer::Passes;
        let Some(checks) = &mut self.checks[service] else { return };
        let watched = &mut checks.watched[node as usize];
        if watched.health.is_settled(passes) {
            watched.state = State::Quiet;
        } else {
            self.expect(node, service, began + interval, State::Due, agenda);
        }
    }

    fn expect(&mut self, node: u32, service: usize, at: Time, state: State, agenda: &mut Agenda<Event>) {
        if let Some(checks) = &mut self.checks[service] {
            checks.watched[node as usize].state = state;
            agenda.schedule(at, Event::Check { service: service as u32, node });
        }
    }

    /// A check has passed or failed.
    fn take_note(&mut self, node: u32, service: usize, passed: bool, now: Time, agenda: &mut Agenda<Event>) {
        let Some(checks) = &mut self.checks[service] else { return };
        let watched = &mut checks.watched[node as usize];
        if !watched.health.see(passed, &checks.check) {
            return;
        }
        let up = watched.health.is_up();
        watched.warms = None;
        self.balancers.mark(service, node, up);
        if up && checks.slow_start.is_some() {
            watched.warms = Some((now, now));
            self.warm_up(service, node, now, agenda);
        }
        // A switch that holds a node to be down sends nobody there from that moment on.
        if up {
            self.failure_back(node, service, now);
        } else {
            self.failure_found(node, service, now);
            self.failure_removed(node, service, now);
        }
    }

    /// The weight of a node that warms up is set anew: from none to all of it in proportion to the time.
    pub(super) fn warm_up(&mut self, service: usize, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let Some(checks) = &mut self.checks[service] else { return };
        let Some(time) = checks.slow_start else { return };
        let warms = &mut checks.watched[node as usize].warms;
        // What was planned before it failed again is out of date.
        let Some((since, _)) = warms.filter(|(_, next)| *next == now) else { return };
        let passed = now - since;
        let part = (100 * passed.0 / time.0).min(100) as u32;
        self.balancers.warm(service, node, part);
        *warms = None;
        if passed < time {
            let next = (now + (time / STEPS).max(SHORTEST_STEP)).min(since + time);
            *warms = Some((since, next));
            agenda.schedule(next, Event::WarmUp { service: service as u32, node });
        }
    }
}
