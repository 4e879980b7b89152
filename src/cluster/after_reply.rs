//! Work after a reply: it becomes a job of its own in the queue of its node.

use super::cutting::Fate;
use super::session::{Cursor, Job, Line};
use super::world::World;
use crate::engine::{Grant, Id};
use crate::units::Time;

impl World<'_> {
    /// What comes after the reply becomes a job of its own, if there is anything to do.
    pub(super) fn begin_work(&mut self, id: Id<Job>, now: Time) {
        let job = &mut self.jobs[id];
        job.work_begun = true;
        let mut work = Job { background: true, has_worker: false, line: Line::Closed, sending: 0, ..job.clone() };
        job.queued = 0;
        (work.cursor, work.executions, work.fate) = (Cursor::default(), 0, Fate::Going);
        (work.frame, work.has_place, work.page) = (None, false, None);
        if self.scenario.streams[work.stream as usize].mail.is_some() {
            let is_part = work.settled < work.messages;
            work.messages = work.settled;
            if is_part {
                work.errand.copies = self.copies(work.stream, work.key, work.errand.first..work.settled);
            }
        }
        if let Some((service, node)) = work.partner {
            self.balancers.join(service as usize, node);
        }
        let work = self.jobs.insert(work);
        if !self.next_execution(work, now) {
            let work = self.jobs.remove(work);
            self.part(&work);
            self.pass_to_queue(&work);
            return;
        }
        self.background.began += 1;
        self.queue_work(work, now);
    }

    /// The taken messages of a session become work of their own; where the node is down, they wait for its repair.
    fn queue_work(&mut self, work: Id<Job>, now: Time) {
        let (node, service) = self.place(work);
        let own = self.own_operation(&self.jobs[work]).expect("work that is queued has something to do");
        if self.faults.any() && !self.can_do(&self.jobs[work], own) {
            self.jobs[work].fate = Fate::Stranded;
            self.stranded.push(work);
        } else if self.desks[node][service].queue_workers.acquire(now, work) == Grant::Granted {
            self.take_up(work);
        }
    }
}
