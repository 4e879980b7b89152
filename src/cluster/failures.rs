//! What becomes of each failure: when it is noticed, when sessions are kept away from it, when it is over, and whom it cost.
//!
//! Whoever watches nodes reports here: the checks of a switch, the heartbeats of hosts that balance by themselves, an external
//! monitor. A failure is *found* when the first of them holds something of it to be down, *removed* when the last of its
//! services is kept from new sessions, *back* when the last is sent sessions again, and *recovered* when it is back, or where
//! nobody had removed it, when it is repaired and its services have started.

use super::faults::Scripted;
use super::needs::Need;
use super::session::Job;
use super::world::World;
use crate::scenario::{Component, Scenario};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// What became of a fault of the script; times after the beginning of the window, none where it did not come to that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureObserved {
    /// Its place among the faults of the scenario.
    pub fault: u32,
    /// When it began.
    pub began_ns: Option<u64>,
    /// When it was noticed first.
    pub found_ns: Option<u64>,
    /// When the last of its services was kept from new sessions.
    pub removed_ns: Option<u64>,
    /// When it was repaired.
    pub repaired_ns: Option<u64>,
    /// When the last of its services was sent sessions again.
    pub back_ns: Option<u64>,
    /// When it is as if it had not been.
    pub recovered_ns: Option<u64>,
    /// Sessions that it cut off.
    pub lost: u64,
    /// Sessions that were sent there and met no answer or a refusal, and those that waited for an answer in vain.
    pub unanswered: u64,
}

/// What becomes of each scripted fault, in the same order.
pub(super) struct Failures {
    all: Vec<Failure>,
    /// The one that everything at this moment is due to.
    blamed: Option<usize>,
}

#[derive(Default)]
struct Failure {
    fault: u32,
    /// The nodes that it is about, the service of them if it is about one, and whether it takes the store away.
    nodes: Vec<u32>,
    service: Option<usize>,
    takes_store: bool,
    began: Option<Time>,
    found: Option<Time>,
    removed: Option<Time>,
    repaired: Option<Time>,
    back: Option<Time>,
    /// When everything had been started again, or a second switch had taken over.
    restored: Option<Time>,
    /// Nodes and services that are kept from new sessions.
    out: Vec<(u32, usize)>,
    lost: u64,
    unanswered: u64,
}

impl Failure {
    fn observed(&self, window_start: Time) -> FailureObserved {
        let after = |time: Option<Time>| time.map(|time| (time - window_start).0);
        let recovered = match self.removed {
            Some(_) => self.back.zip(self.restored).map(|(back, restored)| back.max(restored)),
            None => self.restored,
        };
        FailureObserved {
            fault: self.fault,
            began_ns: after(self.began),
            found_ns: after(self.found),
            removed_ns: after(self.removed),
            repaired_ns: after(self.repaired),
            back_ns: after(self.back),
            recovered_ns: after(recovered),
            lost: self.lost,
            unanswered: self.unanswered,
        }
    }
}

impl Failures {
    /// None has begun.
    pub(super) fn new(scenario: &Scenario, scripted: &[Scripted]) -> Failures {
        let store = scenario.cluster.store() as u32;
        let of = |scripted: &Scripted| Failure {
            fault: scripted.number,
            nodes: scripted.nodes.clone(),
            service: scripted.fault.component.service(),
            takes_store: scripted.fault.component.service().is_none() && scripted.nodes.contains(&store),
            ..Failure::default()
        };
        Failures { all: scripted.iter().map(of).collect(), blamed: None }
    }

    /// A fault begins or ends.
    pub(super) fn turn(&mut self, index: u32, began: bool, now: Time) {
        let failure = &mut self.all[index as usize];
        *(if began { &mut failure.began } else { &mut failure.repaired }) = Some(now);
    }

    /// A second switch has taken over: it has noticed, and all is well.
    pub(super) fn take_over(&mut self, index: u32, now: Time) {
        let failure = &mut self.all[index as usize];
        failure.found.get_or_insert(now);
        failure.restored.get_or_insert(now);
    }

    /// Everything that happens until further notice is due to this one.
    pub(super) fn blame_all_on(&mut self, index: Option<u32>) {
        self.blamed = index.map(|index| index as usize);
    }

    /// It cuts a session off.
    pub(super) fn lose(&mut self, index: usize) {
        self.all[index].lost += 1;
    }

    /// Somebody gets no answer.
    pub(super) fn leave_unanswered(&mut self, index: usize) {
        self.all[index].unanswered += 1;
    }

    pub(super) fn observed(&self, window_start: Time) -> Vec<FailureObserved> {
        self.all.iter().map(|failure| failure.observed(window_start)).collect()
    }
}

impl World<'_> {
    /// Somebody who watches holds a service of a node to be down.
    pub(super) fn failure_found(&mut self, node: u32, service: usize, now: Time) {
        if let Some(failure) = self.failure_of(node, service) {
            self.failures.all[failure].found.get_or_insert(now);
        }
    }

    /// New sessions of a service are kept away from a node from now on.
    pub(super) fn failure_removed(&mut self, node: u32, service: usize, now: Time) {
        let Some(failure) = self.failure_of(node, service) else { return };
        let failure = &mut self.failures.all[failure];
        if !failure.out.contains(&(node, service)) {
            failure.out.push((node, service));
            (failure.removed, failure.back) = (Some(now), None);
        }
    }

    /// A node gets new sessions of a service again.
    pub(super) fn failure_back(&mut self, node: u32, service: usize, now: Time) {
        let has = |failure: &&mut Failure| failure.out.contains(&(node, service));
        for failure in self.failures.all.iter_mut().filter(has) {
            failure.out.retain(|out| *out != (node, service));
            if failure.out.is_empty() {
                failure.back = Some(now);
            }
        }
    }

    /// What is repaired and has started is restored.
    pub(super) fn settle_failures(&mut self, now: Time) {
        let starting = self.starting.as_ref();
        for failure in self.failures.all.iter_mut().filter(|failure| failure.repaired.is_some()) {
            let starts = |node: &u32| starting.is_some_and(|starting| starting.is_starting(*node, now));
            let any = failure.takes_store && starting.is_some_and(|starting| starting.is_any_starting(now));
            if !any && !failure.nodes.iter().any(starts) {
                failure.restored.get_or_insert(now);
            }
        }
    }

    /// Somebody is sent to a service of a node and meets no answer, or a refusal.
    pub(super) fn count_unanswered(&mut self, node: u32, service: usize) {
        self.desks[node as usize][service].unanswered += 1;
        if let Some(failure) = self.failure_of(node, service) {
            self.failures.leave_unanswered(failure);
        }
    }

    /// The same with the switch before a service, or the zone of its name.
    pub(super) fn count_unanswered_by(&mut self, shared: &Component) {
        let is_it = |scripted: &Scripted| {
            let servers = self.name_servers.as_ref();
            let serves = |node: &u32| servers.is_some_and(|servers| servers.any(|server| server == *node));
            let is_zone = *shared == Component::Zone && scripted.nodes.iter().any(serves);
            scripted.active && (scripted.fault.component == *shared || is_zone)
        };
        if let Some(failure) = self.faults.scripted.iter().position(is_it) {
            self.failures.leave_unanswered(failure);
        }
    }

    /// The failure of a service of a node that began last: that of the store, where the service has to start again for it.
    fn failure_of(&self, node: u32, service: usize) -> Option<usize> {
        let depends = || self.starting.as_ref().is_some_and(|starting| starting.depends(node, service));
        let covers = |failure: &Failure| {
            let own = failure.nodes.contains(&node) && failure.service.is_none_or(|own| own == service);
            own || (failure.takes_store && depends())
        };
        let begun =
            self.failures.all.iter().enumerate().filter(|(_, failure)| failure.began.is_some() && covers(failure));
        begun.max_by_key(|(_, failure)| failure.began).map(|(index, _)| index)
    }

    /// The failure that a job suffers from: the one that has just begun or ended, else the first that it depends on.
    pub(super) fn blamed(&self, job: &Job) -> Option<usize> {
        let (own, asked) = (self.scenario.streams[job.stream as usize].service, self.works_for(job));
        let asks = |need: Need| {
            let steps = [Some(job.step), job.step.checked_sub(1)];
            steps.into_iter().flatten().any(|step| self.need(job, step) == Some(need))
        };
        let machines = |nodes: &[u32]| {
            nodes.contains(&job.node)
                || nodes.contains(&job.site)
                || (asks(Need::Store) && nodes.contains(&self.store))
                || (asks(Need::Database) && nodes.contains(&self.database))
        };
        let is_cause = |scripted: &Scripted| {
            let nodes = &scripted.nodes;
            scripted.active
                && scripted.fault.kind.takes_away()
                && match scripted.fault.component {
                    Component::Node(_) | Component::System(_) | Component::Link(_) | Component::Site(_) => {
                        machines(nodes)
                    }
                    Component::Service(_, service) => {
                        (nodes.contains(&job.node) && service == own) || (nodes.contains(&job.site) && service == asked)
                    }
                    Component::Switch => self.faults.is_behind_switch(own),
                    Component::Database => asks(Need::Database),
                    Component::Zone => false,
                }
        };
        self.failures.blamed.or_else(|| self.faults.scripted.iter().position(is_cause))
    }
}
