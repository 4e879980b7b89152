//! A disk that does not survive a failure, and what was on it.

use super::cutting::Fate;
use super::session::Job;
use super::world::World;
use crate::engine::Id;

impl World<'_> {
    /// The disk of a node is empty: the work after replies that waited there is gone, and counted.
    pub(super) fn lose_queue(&mut self, node: u32) {
        let is_lost = |job: &Job| job.background && job.node == node && job.fate == Fate::Stranded;
        let lost: Vec<Id<Job>> = self.jobs.iter().filter(|(_, job)| is_lost(job)).map(|(id, _)| id).collect();
        let waiting = std::mem::take(&mut self.stranded);
        let (gone, left): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|id| is_lost(&self.jobs[*id]));
        self.stranded = left;
        self.nodes[node as usize].lost_work += lost.len() as u64;
        self.background.refused += lost.len() as u64;
        // Of some an event is still to come, which finds that they have ended.
        for id in lost {
            self.lose_mail_of(id);
            self.jobs[id].fate = Fate::Ended;
        }
        self.lose_letters(node);
        gone.into_iter().for_each(|id| {
            self.jobs.remove(id);
        });
    }
}
