//! Visits to a disk: reads, and writes and fsyncs that a RAID does several times, at once or behind a write-back cache;
//! fsyncs also together.

use super::event::Event;
use super::node::{Machine, Token};
use super::session::Job;
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::random::Stream;
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
        let bytes = self.jobs[id].size as f64 * self.scenario.operations[index].part_moved(work);
        // What a service has for itself is no part of the store's working set: no file cache spares its reads.
        let at_store = work.at_store() && !self.scenario.operations[index].local_state;
        let cached = at_store && self.is_cached(id, work, bytes);
        let job = &mut self.jobs[id];
        let node = if at_store { self.store } else { job.site };
        let machine = &mut self.machines[node as usize];
        let transfer_s = bytes * machine.disk_s_per_byte;
        if cached {
            // Drawn all the same: the operations that follow are those that follow a miss.
            machine.disk_service.sample(&mut job.chance);
            return false;
        }
        let operations = if work.writes() { machine.raid_write_penalty } else { 1 };
        job.parts = operations;
        if work.writes()
            && let Some(cache) = &mut machine.write_back
        {
            let taken = cache.take(id, operations, transfer_s);
            if taken {
                machine.operate(operations, Token::WriteBehind, transfer_s, &mut job.chance, (now, agenda));
            }
            return !taken;
        }
        if work.flushes()
            && let Some(commit) = &mut machine.group_commit
        {
            job.parts = 1;
            if commit.ask(id) {
                commit.start(operations);
                machine.operate(operations, Token::Flush, 0.0, &mut job.chance, (now, agenda));
            }
            return true;
        }
        machine.operate(operations, Token::Job(id), transfer_s, &mut job.chance, (now, agenda))
    }

    /// A disk has done an operation that nobody waited for: there may be room for those who wait for it.
    pub(super) fn written_behind(&mut self, node: usize, now: Time, agenda: &mut Agenda<Event>) {
        if let Some(cache) = &mut self.machines[node].write_back {
            cache.done();
        }
        loop {
            let machine = &mut self.machines[node];
            let operations = machine.raid_write_penalty;
            let Some((id, transfer_s)) = machine.write_back.as_mut().and_then(|cache| cache.next(operations)) else {
                return;
            };
            let chance = &mut self.jobs[id].chance;
            machine.operate(operations, Token::WriteBehind, transfer_s, chance, (now, agenda));
            self.advance(id, now, agenda);
        }
    }
}

impl Machine {
    /// Brings so many operations to the disk; false when there is none.
    pub(super) fn operate(
        &mut self,
        operations: u32,
        token: Token,
        transfer_s: f64,
        chance: &mut Stream,
        (now, agenda): (Time, &mut Agenda<Event>),
    ) -> bool {
        let Some(disk) = &mut self.disk else { return false };
        for _ in 0..operations {
            let service_s = self.disk_service.sample(chance) + transfer_s;
            disk.arrive(now, token, Time::from_secs_f64(service_s), agenda);
        }
        true
    }
}
