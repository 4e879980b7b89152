//! The memory of a node: what sessions take, what is left for files, and what has to be paged in.

use super::event::Event;
use super::node::Token;
use super::session::Job;
use super::world::World;
use crate::analytic::faults;
use crate::engine::{Agenda, Id};
use crate::random::{Key, Purpose, Stream};
use crate::scenario::{Caches, DiskWork, PAGE, Scenario};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// The memory of a node that has a limit.
pub(super) struct Memory {
    ram: u64,
    /// What never leaves, connections and workers.
    used: u64,
    /// Beyond this new connections are refused.
    limit: u64,
    page_faults: f64,
    /// Parts of the mail store, where it is on this node and its working set is known.
    files: Option<Files>,
    /// What the housekeeping of this node is drawn from.
    chance: Stream,
    observed: MemoryObserved,
}

/// The file cache.
struct Files {
    working_set: f64,
    /// Bytes of the working set that are in memory.
    cached: f64,
}

/// Memory, as observed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryObserved {
    /// The most bytes that were in use, files not counted.
    pub peak: u64,
    /// Reads of the store that could have found their data in memory.
    pub reads: u64,
    /// Those that did.
    pub hits: u64,
    /// Pages that were read from the disk.
    pub page_faults: u64,
}

/// Pages that a job has to wait for before it goes on, and the node where it does.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Faults {
    pub(super) left: u32,
    pub(super) node: u32,
}

impl Memory {
    /// The memory of a node at the beginning of a replication; none when it costs nothing.
    pub(super) fn new(scenario: &Scenario, node: usize, replication: u64) -> Option<Memory> {
        let node = &scenario.cluster.nodes[node];
        let ram = node.tier.ram?.0;
        let used = scenario.fixed_ram(node).0;
        let key = Key::new(scenario.seed, replication, Purpose::Housekeeping, &format!("{} memory", node.name));
        let mut memory = Memory {
            ram,
            used,
            limit: (scenario.product.ram_limit * ram as f64) as u64,
            page_faults: scenario.product.page_faults,
            files: None,
            chance: key.stream(),
            observed: MemoryObserved { peak: used, ..MemoryObserved::default() },
        };
        memory.files = scenario.working_set().filter(|_| node.holds_store).map(|working_set| {
            let warm = (ram.saturating_sub(used) as f64).min(working_set);
            Files { working_set, cached: if scenario.caches == Caches::Warm { warm } else { 0.0 } }
        });
        Some(memory)
    }

    fn take(&mut self, bytes: u64) {
        self.used += bytes;
        self.observed.peak = self.observed.peak.max(self.used);
    }

    /// Whether a read of the store finds its data: `chance` is uniform between 0 and 1. Files that sessions have pushed
    /// out are gone.
    fn finds(&mut self, chance: f64) -> bool {
        let room = self.ram.saturating_sub(self.used) as f64;
        let Some(files) = &mut self.files else { return false };
        files.cached = files.cached.min(room);
        let hit = chance * files.working_set < files.cached;
        self.observed.reads += 1;
        self.observed.hits += u64::from(hit);
        hit
    }

    /// What was read from the store's disk or written to it stays in memory as long as there is room: the message or the
    /// part of it that was moved, and at least a page.
    fn keep(&mut self, bytes: f64) {
        let room = self.ram.saturating_sub(self.used) as f64;
        if let Some(files) = &mut self.files {
            files.cached = (files.cached + bytes.max(PAGE.0 as f64)).min(room).min(files.working_set);
        }
    }

    /// How many pages a burst waits for, by a uniform number.
    fn faults(&mut self, chance: impl FnOnce(&mut Stream) -> f64) -> u32 {
        if self.used <= self.ram {
            return 0;
        }
        let pages = poisson(faults(self.used, self.ram, self.page_faults), chance(&mut self.chance));
        self.observed.page_faults += u64::from(pages);
        pages
    }

    /// The machine starts again: the file cache is cold.
    pub(super) fn restart(&mut self) {
        if let Some(files) = &mut self.files {
            files.cached = 0.0;
        }
    }

    /// Measures anew from here.
    pub(super) fn reset(&mut self) {
        self.observed = MemoryObserved { peak: self.used, ..MemoryObserved::default() };
    }

    pub(super) fn observed(&self) -> MemoryObserved {
        self.observed
    }
}

/// The Poisson number with this mean that a uniform number stands for: inversion by adding up. A mean beyond 500 is taken
/// as it is: its spread is below a twentieth, and its first term below the smallest number.
fn poisson(mean: f64, unit: f64) -> u32 {
    if mean > 500.0 {
        return mean.min(1e6) as u32;
    }
    let (mut number, mut term) = (0_u32, libm::exp(-mean));
    let mut sum = term;
    while unit > sum && (f64::from(number) < mean || term > 1e-18) {
        number += 1;
        term *= mean / f64::from(number);
        sum += term;
    }
    number
}

impl World<'_> {
    /// Whether a node has so little memory left that it takes no new connection.
    pub(super) fn is_out_of_memory(&self, node: u32) -> bool {
        self.memories[node as usize].as_ref().is_some_and(|memory| memory.used > memory.limit)
    }

    /// A session of the service has a connection.
    pub(super) fn hold_connection(&mut self, node: usize, service: usize) {
        if let Some(memory) = &mut self.memories[node] {
            memory.take(self.scenario.services[service].footprint.connection.0);
        }
    }

    /// A connection is closed.
    pub(super) fn drop_connection(&mut self, node: usize, service: usize) {
        if let Some(memory) = &mut self.memories[node] {
            memory.used -= self.scenario.services[service].footprint.connection.0;
        }
    }

    /// A session or work after a reply has a worker.
    pub(super) fn hold_worker(&mut self, node: usize, service: usize) {
        if let Some(memory) = &mut self.memories[node] {
            memory.take(self.scenario.services[service].footprint.worker.0);
        }
    }

    /// A worker is given back.
    pub(super) fn drop_worker(&mut self, node: usize, service: usize) {
        if let Some(memory) = &mut self.memories[node] {
            memory.used -= self.scenario.services[service].footprint.worker.0;
        }
    }

    /// Whether a visit to the store's disk is spared; if not, what it moves stays in memory.
    pub(super) fn is_cached(&mut self, id: Id<Job>, work: DiskWork, bytes: f64) -> bool {
        let job = &self.jobs[id];
        let Some(memory) = self.memories[self.store as usize].as_mut().filter(|memory| memory.files.is_some()) else {
            return false;
        };
        match work {
            DiskWork::StoreRead => {
                let hit = memory.finds(job.memory_key(&self.kinds[job.stream as usize]).stream().unit());
                if !hit {
                    memory.keep(bytes);
                }
                hit
            }
            DiskWork::StoreWrite => {
                memory.keep(bytes);
                false
            }
            DiskWork::StoreFsync | DiskWork::QueueWrite | DiskWork::QueueFsync => false,
        }
    }

    /// A job begins a CPU burst at a node: it will have to wait for the pages that it needs and that are not there.
    pub(super) fn count_faults(&mut self, id: Id<Job>, node: u32) {
        let job = &mut self.jobs[id];
        if let Some(memory) = &mut self.memories[node as usize] {
            let kind = &self.kinds[job.stream as usize];
            job.faults = Faults { left: memory.faults(|_| job.memory_key(kind).stream().unit()), node };
        }
    }

    /// A job waits for the next of its pages; false when that takes no time.
    pub(super) fn page_in(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let job = &mut self.jobs[id];
        let number = job.faults.left;
        job.faults.left -= 1;
        let mut chance = job.memory_key(&self.kinds[job.stream as usize]).at(u64::from(number)).stream();
        job.parts = 1;
        let machine = &mut self.machines[job.faults.node as usize];
        let transfer_s = PAGE.0 as f64 * machine.disk_s_per_byte;
        machine.operate(1, Token::Job(id), transfer_s, &mut chance, (now, agenda))
    }

    /// The housekeeping of a node needs pages too; nobody waits for them.
    pub(super) fn page_for_housekeeping(&mut self, node: usize, now: Time, agenda: &mut Agenda<Event>) {
        let Some(memory) = &mut self.memories[node] else { return };
        let pages = memory.faults(Stream::unit);
        if pages > 0 {
            let machine = &mut self.machines[node];
            let transfer_s = PAGE.0 as f64 * machine.disk_s_per_byte;
            machine.operate(pages, Token::Housekeeping, transfer_s, &mut memory.chance, (now, agenda));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cold_cache_warms_by_what_is_missed() {
        // Each miss brings a page: after n reads the part that is still missing is (1 - page/set)^n on average.
        let mut chance = Key::new(1, 0, Purpose::Housekeeping, "cold").stream();
        let set = 100.0 * PAGE.0 as f64;
        let (replications, reads) = (2_000, 150);
        let mut missing = 0.0;
        for _ in 0..replications {
            let mut memory = Memory {
                ram: 1_000_000_000,
                used: 0,
                limit: 1_000_000_000,
                page_faults: 0.0,
                files: Some(Files { working_set: set, cached: 0.0 }),
                chance: chance.clone(),
                observed: MemoryObserved::default(),
            };
            for _ in 0..reads {
                if !memory.finds(chance.unit()) {
                    memory.keep(0.0);
                }
            }
            missing += 1.0 - memory.files.as_ref().unwrap().cached / set;
        }
        let expected = (1.0 - 0.01_f64).powi(reads);
        let missing = missing / f64::from(replications);
        // Each replication's share varies by less than 0.03.
        assert!((missing - expected).abs() < 4.5 * 0.03 / f64::from(replications).sqrt(), "{missing}, {expected}");
    }

    #[test]
    fn sessions_push_files_out_and_what_they_leave_is_filled_again() {
        let mut memory = Memory {
            ram: 100_000,
            used: 20_000,
            limit: 150_000,
            page_faults: 10.0,
            files: Some(Files { working_set: 160_000.0, cached: 80_000.0 }),
            chance: Key::new(1, 0, Purpose::Housekeeping, "x").stream(),
            observed: MemoryObserved::default(),
        };
        assert!(memory.finds(0.49) && !memory.finds(0.51));
        memory.take(40_000);
        assert!(memory.finds(0.24) && !memory.finds(0.26));
        memory.used -= 40_000;
        assert!(!memory.finds(0.26), "what was pushed out is gone");
        memory.keep(40_000.0);
        assert!(memory.finds(0.49) && !memory.finds(0.51), "and no more than fits is kept");
        memory.take(90_000);
        assert_eq!(memory.observed(), MemoryObserved { peak: 110_000, reads: 7, hits: 3, page_faults: 0 });
        // A tenth too much: one page for a burst, on average; the median of that law is 1.
        assert_eq!((memory.faults(|_| 0.5), memory.faults(|_| 0.3), memory.observed().page_faults), (1, 0, 1));
    }

    #[test]
    fn inversion_gives_a_poisson_number() {
        let mut chance = Key::new(1, 0, Purpose::Housekeeping, "poisson").stream();
        for mean in [0.01, 0.5, 3.0, 40.0, 400.0] {
            let draws = 200_000;
            let numbers: Vec<f64> = (0..draws).map(|_| f64::from(poisson(mean, chance.unit()))).collect();
            let average = numbers.iter().sum::<f64>() / f64::from(draws);
            let variance = numbers.iter().map(|n| (n - average) * (n - average)).sum::<f64>() / f64::from(draws);
            let error = (mean / f64::from(draws)).sqrt();
            assert!((average - mean).abs() < 4.5 * error, "{average} and not {mean}");
            // The variance of a sample variance is (2 + 1/mean) mean^2 / n for a Poisson law.
            let error = mean * ((2.0 + 1.0 / mean) / f64::from(draws)).sqrt();
            assert!((variance - mean).abs() < 4.5 * error, "{variance} and not {mean}");
        }
        assert_eq!((poisson(1e9, 0.5), poisson(0.0, 0.999), poisson(20.0, 1.0 - 1e-16) < 200), (1_000_000, 0, true));
    }
}
