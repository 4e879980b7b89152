//! What becomes of those who are at a node when a service or the machine fails.
//!
//! When it refuses, its sessions are cut off at once. When it says nothing any more, their clients wait until their
//! patience is over, or until a repair breaks what was left. Work after replies is safe in the node's queue: what was
//! under way is begun anew after the repair. Assumptions: what a session that is cut off has under way at other machines
//! ends with it; what waits for something that was silent is broken by its return, though a line that was cut for seconds would
//! let it go on; and work after replies that met silence is begun anew at the next moment at which anything fails or is back.

use super::event::Event;
use super::faults::Condition;
use super::memory;
use super::node::Token;
use super::seeking::Failure;
use super::session::{Job, Line};
use super::world::World;
use crate::analytic::Resource;
use crate::engine::{Agenda, Grant, Id};
use crate::units::Time;

/// Whether a job goes on, or what else becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes on.
    Going,
    /// It has ended and was counted; the event that names it is still to come.
    Ended,
    /// Its client waits in vain. One event is to come: its own, after which the waiting begins, or the end of the waiting.
    Waits { own: bool },
    /// Work after a reply that stands still until a repair; it is among the stranded, or the event of its last step is still
    /// to come.
    Stranded,
}

impl Fate {
    /// Whether it is still one of those present.
    pub(super) fn is_counted(self) -> bool {
        self != Fate::Ended
    }
}

impl World<'_> {
    /// What a client waited for has come: its line, its thinking, an answer from elsewhere; or an event is late.
    pub(super) fn answer(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) {
        match self.jobs[id].fate {
            Fate::Going => self.advance(id, now, agenda),
            Fate::Ended => {
                self.jobs.remove(id);
            }
            Fate::Waits { own: true } => self.lose_patience(id, now, agenda),
            Fate::Waits { own: false } => {
                if let Some(failure) = self.blamed(&self.jobs[id]) {
                    self.failures.leave_unanswered(failure);
                }
                self.cut_off(id, Failure::TimedOut, now);
                self.jobs.remove(id);
                self.go_on(now, agenda);
            }
            Fate::Stranded => {
                self.revive(id, now);
                self.go_on(now, agenda);
            }
        }
    }

    /// A client waits in vain from now on, until its patience is over.
    fn lose_patience(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) {
        let job = &mut self.jobs[id];
        job.fate = Fate::Waits { own: false };
        let patience = self.scenario.groups[job.group as usize].patience;
        agenda.schedule(now + patience.timeout, Event::Client { job: id });
    }

    /// Conditions have changed: whoever depends on what is down now is broken off, and who waited for something that is
    /// back, or turns everybody away now, is cut off.
    pub(super) fn cut(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        let all = self.jobs.iter().map(|(id, job)| (id, job.fate, self.met_by(job)));
        let going = |(_, fate, met): &(Id<Job>, Fate, Condition)| *fate == Fate::Going && *met != Condition::Up;
        let freed = |(_, fate, met): &(Id<Job>, Fate, Condition)| {
            matches!((fate, met), (Fate::Waits { .. }, Condition::Up | Condition::Refuses))
        };
        let (going, others): (Vec<_>, Vec<_>) = all.filter(|own| going(own) || freed(own)).partition(going);
        // All of them leave their lines before any gives a place free that the next in line would get.
        let found: Vec<bool> = going.iter().map(|(id, ..)| self.take_out(*id, now, agenda)).collect();
        for ((id, _, condition), found) in going.into_iter().zip(found) {
            self.break_off(id, condition, found, now, agenda);
        }
        for (id, ..) in others {
            self.lose(id, now);
            self.jobs[id].fate = Fate::Ended;
        }
    }

    /// Work after replies that stands still goes on, as far as it can.
    pub(super) fn revive_all(&mut self, now: Time) {
        std::mem::take(&mut self.stranded).into_iter().for_each(|id| self.revive(id, now));
    }

    /// A session is cut off by what has failed.
    fn lose(&mut self, id: Id<Job>, now: Time) {
        if let Some(failure) = self.blamed(&self.jobs[id]) {
            self.failures.lose(failure);
        }
        self.cut_off(id, Failure::Lost, now);
    }

    /// What a job does when a node that it needs has come into this condition.
    pub(super) fn break_off(
        &mut self,
        id: Id<Job>,
        condition: Condition,
        found: bool,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        if self.jobs[id].background {
            self.strand(id, found, now);
        } else if matches!(condition, Condition::Up | Condition::Refuses) {
            self.lose(id, now);
            if found {
                self.jobs.remove(id);
            } else {
                self.jobs[id].fate = Fate::Ended;
            }
        } else if found {
            self.lose_patience(id, now, agenda);
        } else {
            self.jobs[id].fate = Fate::Waits { own: true };
        }
    }

    /// Takes a job out of every line and every station; if it was in none, an event names it.
    fn take_out(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &self.jobs[id];
        let stream = &self.scenario.streams[job.stream as usize];
        let home = job.frame.map_or(job.site, |frame| frame.site());
        let own = self.own_operation(job);
        let (node, site, service, background) = (job.node as usize, job.site as usize, stream.service, job.background);
        let called = job.frame.map(|frame| frame.operation as usize);
        let mut nodes = vec![job.node, job.site, home, self.store, self.database];
        nodes.sort_unstable();
        nodes.dedup();
        let desk = &mut self.desks[node][service];
        let mut anywhere = !background && desk.connections.forget(now, id);
        anywhere |= if background { desk.queue_workers.forget(now, id) } else { desk.workers.forget(now, id) };
        if let Some(own) = own {
            anywhere |= self.places[home as usize][own].forget(now, id);
        }
        if let Some(called) = called {
            anywhere |= self.places[site][called].forget(now, id);
            anywhere |= self.desks[site][self.scenario.operations[called].service].workers.forget(now, id);
        }
        for node in nodes {
            let machine = &mut self.machines[node as usize];
            for resource in Resource::ALL {
                if let Some(station) = machine.station_mut(resource) {
                    anywhere |= station.take_away(now, Token::Job(id), agenda);
                }
            }
            anywhere |= machine.write_back.as_mut().is_some_and(|cache| cache.forget(id));
            anywhere |= machine.group_commit.as_mut().is_some_and(|commit| commit.forget(id));
        }
        if let Some(wire) = self.device.as_mut().and_then(|device| device.throughput.as_mut()) {
            anywhere |= wire.take_away(now, Token::Job(id), agenda);
        }
        anywhere
    }

    /// Gives back whatever a job holds but its connection.
    fn let_go(&mut self, id: Id<Job>, now: Time) {
        let job = self.jobs[id].clone();
        self.part(&job);
        let (node, service) = self.place(id);
        let own = self.own_operation(&job);
        let mut home = job.site;
        if let Some(frame) = job.frame {
            home = frame.site();
            let called = frame.operation as usize;
            if frame.has_place
                && let Some(next) = self.places[job.site as usize][called].release(now)
            {
                self.give_place(next);
            }
            if frame.has_worker {
                self.give_worker(job.site as usize, self.scenario.operations[called].service, now);
            }
        }
        if let Some(own) = own.filter(|_| job.has_place)
            && let Some(next) = self.places[home as usize][own].release(now)
        {
            self.give_place(next);
        }
        if job.has_worker && job.background {
            self.drop_worker(node, service);
            if let Some(next) = self.desks[node][service].queue_workers.release(now) {
                self.take_up(next);
            }
        } else if job.has_worker {
            self.give_worker(node, service, now);
        }
        let job = &mut self.jobs[id];
        (job.partner, job.frame, job.has_place, job.has_worker) = (None, None, false, false);
        (job.parts, job.faults) = (0, memory::Faults::default());
    }

    /// A session ends without its work done, and is counted.
    pub(super) fn cut_off(&mut self, id: Id<Job>, how: Failure, now: Time) {
        self.fail(id, how, None, now);
    }

    /// The same of a session whose client may have no answer to messages from `kept` on that were taken.
    fn fail(&mut self, id: Id<Job>, how: Failure, kept: Option<u32>, now: Time) {
        self.let_go(id, now);
        self.give_back(id, kept, false, now);
        let job = self.jobs[id].clone();
        let (node, service) = self.place(id);
        self.free(job.stream);
        self.unlock(&job);
        self.count_failure(service, how, job.began, now);
        if job.line != Line::Closed {
            self.disconnect(service, job.node, now);
        }
        if job.line == Line::Open {
            self.nodes[node].connections.add(now, -1);
            self.give_connection(node, service, now);
        }
    }

    /// A node that has done its part finds that its client has waited too long for it, and is gone.
    pub(super) fn find_nobody(&mut self, id: Id<Job>, kept: u32, now: Time) {
        self.fail(id, Failure::TimedOut, Some(kept), now);
        self.jobs.remove(id);
    }

    /// Sessions of somebody who has failed are cut off wherever they are.
    pub(super) fn cut_all(&mut self, ids: &[Id<Job>], now: Time, agenda: &mut Agenda<Event>) {
        let going = |id: &&Id<Job>| self.jobs[**id].fate == Fate::Going;
        let going: Vec<Id<Job>> = ids.iter().filter(going).copied().collect();
        let found: Vec<bool> = going.iter().map(|id| self.take_out(*id, now, agenda)).collect();
        for (id, found) in going.into_iter().zip(found) {
            self.break_off(id, Condition::Refuses, found, now, agenda);
        }
    }

    /// Work after a reply waits for a repair; where it was not found anywhere, after the event that names it.
    fn strand(&mut self, id: Id<Job>, found: bool, now: Time) {
        if let Some(frame) = self.jobs[id].frame {
            frame.restore(&mut self.jobs[id]);
        }
        self.let_go(id, now);
        self.jobs[id].fate = Fate::Stranded;
        if found {
            self.stranded.push(id);
        }
    }

    /// Stranded work begins its last execution anew, if its node is up again and has what it needs.
    fn revive(&mut self, id: Id<Job>, now: Time) {
        let own = self.own_operation(&self.jobs[id]).expect("work that is over is not stranded");
        if !self.can_do(&self.jobs[id], own) {
            self.stranded.push(id);
            return;
        }
        let (node, service) = self.place(id);
        let job = &mut self.jobs[id];
        (job.fate, job.step) = (Fate::Going, 0);
        let site = self.site(id, own, now);
        self.jobs[id].site = site;
        if self.desks[node][service].queue_workers.acquire(now, id) == Grant::Granted {
            self.take_up(id);
        }
    }
}
