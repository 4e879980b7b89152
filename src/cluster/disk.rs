//! Visits to a disk: reads, and writes that a RAID does several times.

use super::event::Event;
use super::node::Token;
use super::session::Job;
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::scenario::DiskWork;
use crate::units::Time;

impl World<'_> {
    /// A job goes to a disk; false when it takes no time.
    pub(super) fn visit_disk(
        &mut self,
        id: Id<Job>,
        index: usize,
        work: DiskWork,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) -> bool {
        let job = &mut self.jobs[id];
        let node = if work.at_store() { self.data_server.unwrap_or(job.node) } else { job.node };
        let machine = &mut self.machines[node as usize];
        let Some(disk) = &mut machine.disk else { return false };
        let bytes = job.size as f64 * self.scenario.operations[index].part_moved(work);
        let transfer_s = bytes * machine.disk_s_per_byte;
        job.parts = if work.writes() { machine.raid_write_penalty } else { 1 };
        for _ in 0..job.parts {
            let service_s = machine.disk_service.sample(&mut job.chance) + transfer_s;
            disk.arrive(now, Token::Job(id), Time::from_secs_f64(service_s), agenda);
        }
        true
    }
}
