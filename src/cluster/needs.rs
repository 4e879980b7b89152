//! What a job depends on at the moment, and in which condition that is: its own node, the node that it does its work at, and
//! whatever else its step asks for: the mail store, the database of the directory, the world outside.
//!
//! What needs nothing of what has failed goes on: mail is accepted while the store is away, and the work after it is done as
//! far as the node's own processors and disk carry it.

use super::event::Event;
use super::faults::Condition;
use super::program::Step;
use super::session::{Job, Line};
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::units::Time;

/// What a step asks for that is not on the machine where it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// The mail store.
    Store,
    /// The database of the directory.
    Database,
    /// Servers elsewhere.
    World,
}

impl World<'_> {
    /// The worst that a job meets where it is. Between two pages a session is nowhere.
    pub(super) fn met_by(&self, job: &Job) -> Condition {
        if job.line == Line::Closed && self.relogin_of(job).is_some() {
            return Condition::Up;
        }
        let own = self.scenario.streams[job.stream as usize].service;
        let home = match job.background {
            true => self.faults.conditions().local(job.node, own),
            // Who is at the backup has come there by no switch.
            false if self.is_backup(job.node) => self.faults.condition(job.node, own),
            false => self.faults.under_way(job.node, own),
        };
        let step = job.step.checked_sub(1);
        home.max(self.met_at_site(job)).max(step.map_or(Condition::Up, |step| self.met_in(job, step)))
    }

    /// Whether a job can't go on where it does its work, before it has what it asks for there; then it is dealt with.
    pub(super) fn calls_in_vain(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        self.faults.any() && self.is_in_vain(id, self.met_at_site(&self.jobs[id]), now, agenda)
    }

    /// The same with what its next step asks for.
    pub(super) fn asks_in_vain(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        self.faults.any() && self.is_in_vain(id, self.met_in(&self.jobs[id], self.jobs[id].step), now, agenda)
    }

    fn is_in_vain(&mut self, id: Id<Job>, condition: Condition, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let is_in_vain = condition != Condition::Up;
        if is_in_vain {
            self.break_off(id, condition, true, now, agenda);
        }
        is_in_vain
    }

    /// How a job meets the service that it does its work at, if that is not its own.
    fn met_at_site(&self, job: &Job) -> Condition {
        let (own, asked) = (self.scenario.streams[job.stream as usize].service, self.works_for(job));
        if job.site == job.node && asked == own {
            return Condition::Up;
        }
        let conditions = self.faults.conditions();
        conditions.between(job.node, job.site).max(conditions.local(job.site, asked))
    }

    /// How a job meets what the step at this place of its program asks for.
    fn met_in(&self, job: &Job, step: u32) -> Condition {
        let conditions = self.faults.conditions();
        match self.need(job, step) {
            None => Condition::Up,
            Some(Need::Store) => conditions.between(job.site, self.store),
            Some(Need::Database) => conditions.between(job.site, self.database).max(conditions.database),
            Some(Need::World) => conditions.link(job.site),
        }
    }

    pub(super) fn need(&self, job: &Job, step: u32) -> Option<Need> {
        let operation = job.frame.map(|frame| frame.operation as usize).or_else(|| self.own_operation(job))?;
        match self.programs[operation].steps(self.store_from(job.site)).get(step as usize)? {
            Step::DataCpu | Step::DataIn | Step::DataOut | Step::NodeIn | Step::NodeOut => Some(Need::Store),
            Step::Disk(work) if work.at_store() && !self.scenario.operations[operation].local_state => {
                Some(Need::Store)
            }
            Step::DirectoryTrip | Step::DatabaseCpu => Some(Need::Database),
            Step::Remote => Some(Need::World),
            Step::FromClient | Step::ToClient | Step::Switch | Step::TakeIn | Step::GiveOut => None,
            Step::Cpu | Step::Disk(_) | Step::Call(_) => None,
        }
    }

    /// The service whose operation a job is at.
    pub(super) fn works_for(&self, job: &Job) -> usize {
        let stream = &self.scenario.streams[job.stream as usize];
        let own = || self.own_operation(job);
        let operation = job.frame.map(|frame| frame.operation as usize).or_else(own);
        operation.map_or(stream.service, |operation| self.scenario.operations[operation].service)
    }

    /// Whether work after a reply can be done: its node is there, and what this operation of it needs.
    pub(super) fn can_do(&self, job: &Job, operation: usize) -> bool {
        let conditions = self.faults.conditions();
        let (own, operation) =
            (self.scenario.streams[job.stream as usize].service, &self.scenario.operations[operation]);
        let up = |condition: Condition| condition == Condition::Up;
        if !up(conditions.local(job.node, own)) {
            return false;
        }
        if operation.at_filter_tier {
            return self.filters.any(|node| up(conditions.between(job.node, node)));
        }
        let asks_nobody = self.is_backup(job.node);
        let needs_store = operation.uses_store() && !operation.local_state && !asks_nobody;
        let store = !needs_store || up(conditions.between(job.node, self.store));
        let asks = self.scenario.directory.queries(operation) > 0 && !asks_nobody;
        let database = conditions.between(job.node, self.database).max(conditions.database);
        let sends = operation.remote_latency.mean() > 0.0;
        store && (!asks || up(database)) && (!sends || up(conditions.link(job.node)))
    }

    /// The filter machine whose turn it is: one that refuses is passed over, as a connection to it fails at once, and one that
    /// keeps silent is not.
    pub(super) fn next_filter(&mut self, from: u32) -> u32 {
        let mut node = self.filters.next();
        for _ in 1..self.filters.count() {
            if self.faults.conditions().between(from, node) != Condition::Refuses {
                break;
            }
            node = self.filters.next();
        }
        node
    }
}
