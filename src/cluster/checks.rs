//! Checks: how a switch, or the monitor outside, finds out that a node has failed, and that it is back.
//!
//! Checks of a node are due on a grid, each node with a phase of its own: a monitor's is fixed, and a switch counts its interval
//! from the end of a check, so that its grid moves with each that gets no answer. As long as they would all say what the watcher
//! holds to be true, none of them is an event: they begin to be when the condition of a node changes.
//!
//! Assumptions: a check costs the network nothing, and takes no time unless nothing answers; its core time comes as other work. One that began in
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

/// Who looks after the nodes of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Watcher {
    /// The switch before them.
    Switch,
    /// The monitor outside.
    Monitor,
}

impl Watcher {
    const ALL: [Watcher; 2] = [Watcher::Switch, Watcher::Monitor];

    /// What it calls its looks at nodes.
    fn looks(self) -> &'static str {
        match self {
            Watcher::Switch => "checks",
            Watcher::Monitor => "polls",
        }
    }
}

/// Whoever looks after nodes, by service; none where nobody does.
pub(super) struct Watchers {
    switch: Vec<Option<Checks>>,
    monitor: Vec<Option<Checks>>,
}

/// The checks of a service by one watcher.
struct Checks {
    check: Check,
    slow_start: Option<Time>,
    /// By node of the cluster.
    watched: Vec<Watched>,
    /// What phases are drawn from.
    seed: u64,
    replication: u64,
}

/// A node as it is watched.
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

impl Watchers {
    pub(super) fn new(scenario: &Scenario, replication: u64) -> Watchers {
        let cluster = &scenario.cluster;
        let checks = |check: Check, slow_start: Option<Time>| {
            let watched = Watched { health: Health::new(), state: State::Quiet, warms: None };
            let watched = vec![watched; cluster.nodes.len()];
            Checks { check, slow_start, watched, seed: scenario.seed, replication }
        };
        let services = 0..scenario.services.len();
        let by_switch = |service: usize| {
            let switch = cluster.route(service)?.switch()?;
            Some(checks(switch.check?, switch.slow_start))
        };
        let by_monitor = |service: usize| {
            let monitor = scenario.monitor.filter(|_| cluster.can_do_without(service))?;
            Some(checks(monitor.poll, None))
        };
        Watchers { switch: services.clone().map(by_switch).collect(), monitor: services.map(by_monitor).collect() }
    }

    fn of(&self, watcher: Watcher, service: usize) -> Option<&Checks> {
        match watcher {
            Watcher::Switch => self.switch[service].as_ref(),
            Watcher::Monitor => self.monitor[service].as_ref(),
        }
    }

    fn of_mut(&mut self, watcher: Watcher, service: usize) -> Option<&mut Checks> {
        match watcher {
            Watcher::Switch => self.switch[service].as_mut(),
            Watcher::Monitor => self.monitor[service].as_mut(),
        }
    }
}

impl Checks {
    /// When the first check of a node at or after a time is due.
    fn next(&self, watcher: Watcher, (service, node): (&str, &str), now: Time) -> Time {
        let interval = self.check.interval;
        let phase = self.check.phase.unwrap_or_else(|| {
            let entity = format!("{} of {service} at {node}", watcher.looks());
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
        for watcher in Watcher::ALL.into_iter().filter(|_| serves) {
            let Some(checks) = self.watchers.of(watcher, service) else { continue };
            let answer = self.outcome(checks.check.kind, node, service);
            let watched = &checks.watched[node as usize];
            if matches!(watched.state, State::Quiet) && !watched.health.is_settled(answer == Answer::Passes) {
                let names =
                    (self.scenario.services[service].name.as_str(), &*self.scenario.cluster.nodes[node as usize].name);
                let due = checks.next(watcher, names, now);
                self.expect(watcher, (node, service), due, State::Due, agenda);
            }
        }
    }

    /// A check of a node is due, or has waited for an answer long enough.
    pub(super) fn check(
        &mut self,
        watcher: Watcher,
        (node, service): (u32, usize),
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        let Some(checks) = self.watchers.of(watcher, service) else { return };
        let Check { kind, interval, timeout, .. } = checks.check;
        let (began, answer) = match checks.watched[node as usize].state {
            State::Unanswered(began) => (began, Answer::Fails),
            State::Quiet | State::Due => (now, self.outcome(kind, node, service)),
        };
        if answer == Answer::None {
            self.expect(watcher, (node, service), now + timeout, State::Unanswered(now), agenda);
            return;
        }
        self.take_note(watcher, (node, service), answer == Answer::Passes, now, agenda);
        let passes = self.outcome(kind, node, service) == Answer::Passes;
        let Some(checks) = self.watchers.of_mut(watcher, service) else { return };
        let watched = &mut checks.watched[node as usize];
        if watched.health.is_settled(passes) {
            watched.state = State::Quiet;
        } else {
            // A switch counts the interval from the end of a check (HAProxy, `process_chk_conn`; measured with nodes that hang and
            // that are cut off), a monitor has its rhythm.
            let from = match watcher {
                Watcher::Switch => now,
                Watcher::Monitor => began,
            };
            self.expect(watcher, (node, service), from + interval, State::Due, agenda);
        }
    }

    fn expect(
        &mut self,
        watcher: Watcher,
        (node, service): (u32, usize),
        at: Time,
        state: State,
        agenda: &mut Agenda<Event>,
    ) {
        if let Some(checks) = self.watchers.of_mut(watcher, service) {
            checks.watched[node as usize].state = state;
            let service = service as u32;
            let event = match watcher {
                Watcher::Switch => Event::Check { service, node },
                Watcher::Monitor => Event::Poll { service, node },
            };
            agenda.schedule(at, event);
        }
    }

    /// A check has passed or failed.
    fn take_note(
        &mut self,
        watcher: Watcher,
        (node, service): (u32, usize),
        passed: bool,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        let Some(checks) = self.watchers.of_mut(watcher, service) else { return };
        let watched = &mut checks.watched[node as usize];
        if !watched.health.see(passed, &checks.check) {
            return;
        }
        let up = watched.health.is_up();
        match watcher {
            Watcher::Switch => {
                watched.warms = None;
                self.balancers.mark(service, node, up);
                self.begin_to_warm_up(service, node, now, agenda);
                // A switch that holds a node to be down sends nobody there from that moment on.
                if up {
                    self.failure_back(node, service, now);
                } else {
                    self.failure_found(node, service, now);
                    self.failure_removed(node, service, now);
                }
            }
            Watcher::Monitor => self.decide(service, node, up, now, agenda),
        }
    }

    /// A node is back at its switch: it warms up from now on, if the switch holds it to be up and has it do so.
    pub(super) fn begin_to_warm_up(&mut self, service: usize, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let Some(checks) = self.watchers.of_mut(Watcher::Switch, service) else { return };
        let watched = &mut checks.watched[node as usize];
        if checks.slow_start.is_some() && watched.health.is_up() {
            watched.warms = Some((now, now));
            self.warm_up(service, node, now, agenda);
        }
    }

    /// The weight of a node that warms up is set anew: from none to all of it in proportion to the time.
    pub(super) fn warm_up(&mut self, service: usize, node: u32, now: Time, agenda: &mut Agenda<Event>) {
        let Some(checks) = self.watchers.of_mut(Watcher::Switch, service) else { return };
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
