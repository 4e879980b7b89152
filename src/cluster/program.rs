//! What an operation does, step by step, on a given cluster.
//!
//! The scenario says what an operation asks for; the cluster says whether the mail store is on the session's own node or
//! across the network. Both are brought together once for each operation, so that a running session only follows a list.

use crate::random::{Sampler, Stream};
use crate::scenario::{ClientTransfer, DiskWork, Operation, Scenario, StoreTransfer, Times};
use crate::units::Time;

/// One thing that takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Round trips, and the message on its way from the client over the client's own line.
    FromClient,
    /// The message on the client's own line, on its way to the client.
    ToClient,
    /// CPU at the node.
    Cpu,
    /// CPU at the node that holds the store.
    DataCpu,
    /// The trip to a database elsewhere and back.
    DirectoryTrip,
    /// CPU at the database.
    DatabaseCpu,
    /// A visit to a disk.
    Disk(DiskWork),
    /// A server elsewhere does its part.
    Remote,
    /// An operation of another service: its place among those that this one calls.
    Call(u32),
    /// The message through the switch.
    Switch,
    /// The message on the node's link, from the client.
    TakeIn,
    /// The message on the node's link, to the client.
    GiveOut,
    /// The message on the node's link, from the store.
    NodeIn,
    /// The message on the node's link, to the store.
    NodeOut,
    /// The message on the link of the node that holds the store, inwards.
    DataIn,
    /// The message on the link of the node that holds the store, outwards.
    DataOut,
}

/// How the mail store is reached from a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StoreFrom {
    /// It is there.
    Here,
    /// Over the network.
    There,
    /// Not at all.
    Nowhere,
}

/// An operation, ready to run.
pub(super) struct Program {
    /// On the node that holds the store, and on any other.
    local: Vec<Step>,
    remote: Vec<Step>,
    /// On the backup, which has no way to the store and to the database.
    apart: Vec<Step>,
    cpu: Sampler,
    /// Seconds of the reference core for each byte of the message.
    cpu_s_per_byte: f64,
    /// Seconds of the reference core for lookups in the directory.
    lookups_s: f64,
    pub(super) data_cpu: Sampler,
    pub(super) think: Sampler,
    pub(super) remote_latency: Sampler,
    pub(super) returns_after: Sampler,
}

impl Program {
    pub(super) fn new(operation: &Operation, scenario: &Scenario) -> Program {
        let per_message = operation.times != Times::Once;
        Program {
            local: Program::steps_of(operation, scenario, StoreFrom::Here),
            remote: Program::steps_of(operation, scenario, StoreFrom::There),
            apart: Program::steps_of(operation, scenario, StoreFrom::Nowhere),
            cpu: operation.cpu.sampler(),
            cpu_s_per_byte: if per_message { operation.cpu_per_kb_s / 1_000.0 } else { 0.0 },
            lookups_s: scenario.directory.node_s(operation, scenario.users),
            data_cpu: operation.data_cpu.sampler(),
            think: operation.think.sampler(),
            remote_latency: operation.remote_latency.sampler(),
            returns_after: operation.returns_after.sampler(),
        }
    }

    /// CPU at the node for a message of this size, in seconds of the reference core.
    pub(super) fn cpu_s(&self, chance: &mut Stream, size: u64) -> f64 {
        self.cpu.sample(chance) + self.cpu_s_per_byte * size as f64 + self.lookups_s
    }

    /// What a session does on a node from which the store is reached like this.
    pub(super) fn steps(&self, from: StoreFrom) -> &[Step] {
        match from {
            StoreFrom::Here => &self.local,
            StoreFrom::There => &self.remote,
            StoreFrom::Nowhere => &self.apart,
        }
    }

    fn steps_of(operation: &Operation, scenario: &Scenario, from: StoreFrom) -> Vec<Step> {
        let (store_is_remote, reaches) = (from == StoreFrom::There, from != StoreFrom::Nowhere);
        let mut steps = Vec::new();
        let mut times = |step: Step, n: u32| steps.extend(std::iter::repeat_n(step, n as usize));
        let disk = |times: &mut dyn FnMut(Step, u32), work: DiskWork| times(Step::Disk(work), operation.visits(work));
        let upload = u32::from(operation.client_transfer == ClientTransfer::Upload);
        let download = u32::from(operation.client_transfer == ClientTransfer::Download);
        let crosses = store_is_remote && !operation.local_state;
        let save = u32::from(operation.store_transfer == StoreTransfer::Save && crosses);
        let load = u32::from(operation.store_transfer == StoreTransfer::Load && crosses);
        let (computes, data_computes) = operation.bursts(&scenario.directory, scenario.users);
        let data_computes = data_computes && crosses;

        times(Step::FromClient, u32::from(operation.round_trips > 0).max(upload));
        let switched = scenario.switch_before(operation.service).is_some_and(|limits| limits.throughput.is_some());
        let switched = switched && reaches;
        times(Step::Switch, if switched { upload } else { 0 });
        times(Step::TakeIn, upload);
        times(Step::Cpu, u32::from(computes));
        let trip = scenario.cluster.database() != scenario.cluster.store() || store_is_remote;
        let trip = u32::from(trip && scenario.directory.round_trip > Time::ZERO);
        let query = u32::from(scenario.directory.database_cpu.mean() > 0.0);
        for _ in 0..if reaches { scenario.directory.queries(operation) } else { 0 } {
            times(Step::DirectoryTrip, trip);
            times(Step::DatabaseCpu, query);
        }
        disk(&mut times, DiskWork::QueueWrite);
        disk(&mut times, DiskWork::QueueFsync);
        times(Step::Remote, u32::from(operation.remote_latency.mean() > 0.0));
        (0..operation.calls.len() as u32).for_each(|call| times(Step::Call(call), 1));
        times(Step::NodeOut, save);
        times(Step::DataIn, save);
        times(Step::DataCpu, u32::from(data_computes));
        if reaches {
            disk(&mut times, DiskWork::StoreRead);
            disk(&mut times, DiskWork::StoreWrite);
            disk(&mut times, DiskWork::StoreFsync);
        }
        times(Step::DataOut, load);
        times(Step::NodeIn, load);
        times(Step::GiveOut, download);
        times(Step::Switch, if switched { download } else { 0 });
        times(Step::ToClient, download);
        steps
    }
}
