//! What one operation of a session asks of the machines.

use super::Directory;
use super::file::{ClientTransfer, Messages, StoreTransfer, Times};
use crate::random::Law;

/// What one operation asks of the machines, in reference units.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its name within the service.
    pub name: String,
    /// Index of the service.
    pub service: usize,
    /// CPU at the node, in seconds of the reference core.
    pub cpu: Law,
    /// CPU at the node for each KB (1000 bytes) of the message, in seconds of the reference core.
    pub cpu_per_kb_s: f64,
    /// CPU at the data server, when the store is on one, in seconds of the reference core.
    pub data_cpu: Law,
    /// Users looked up in the directory.
    pub lookups: u32,
    /// Writes to the node's own disk.
    pub queue_writes: u32,
    /// Reads from the disk that holds the mail store.
    pub store_reads: u32,
    /// Writes to the disk that holds the mail store.
    pub store_writes: u32,
    /// Flushes of what was written to the node's own disk, each a disk operation like a write.
    pub queue_fsyncs: u32,
    /// Flushes of what was written to the disk that holds the mail store.
    pub store_fsyncs: u32,
    /// Whether the message crosses the client's line.
    pub client_transfer: ClientTransfer,
    /// Whether the message crosses to or from the mail store.
    pub store_transfer: StoreTransfer,
    /// Round trips between client and node.
    pub round_trips: u32,
    /// Seconds that the client takes before it asks for this.
    pub think: Law,
    /// Seconds that a server elsewhere takes for its part.
    pub remote_latency: Law,
    /// Seconds until those come back whom it turned away for now, as a greylist does.
    pub returns_after: Law,
    /// CPU at every primary for each mail domain, when it reloads the configuration that this has changed, in seconds of the
    /// reference core; 0 = it changes none.
    pub reload_per_domain_s: f64,
    /// Share of these changes before which the configuration was reloaded, so that they undo no other, 0 to 1.
    pub reload_first: f64,
    /// Which sessions do it: each has a uniform number, and those do whose number lies between these two.
    pub part: (f64, f64),
    /// Operations of other services that are done as a part of this one, in order: at the same node where that runs the
    /// service, else at one that does. Indices into [`super::Scenario::operations`]; none of them calls others itself.
    pub calls: Vec<usize>,
    /// Whether it is done by a node of role `filter`.
    pub at_filter_tier: bool,
    /// Whether the node that does it has what it stores on its own disk, and asks no other for it.
    pub local_state: bool,
    /// Whether the client waits for it.
    pub client_waits: bool,
    /// Executions at one node at one time; none = any number.
    pub concurrency: Option<u32>,
    /// How often it is done.
    pub times: Times,
    /// For which messages.
    pub messages: Messages,
    /// Whether each execution delivers its message: into a mailbox, or to another server if it leaves the cluster.
    pub delivers: bool,
}

impl Operation {
    /// Whether it works for another node or another service in sessions of this one, so that it has no client of its own.
    #[must_use]
    pub fn is_called_by(&self, service: usize) -> bool {
        self.at_filter_tier || self.service != service
    }

    /// Whether an execution takes CPU at the session's node, and at the node that holds the store when that is another.
    #[must_use]
    pub fn bursts(&self, directory: &Directory, accounts: u64) -> (bool, bool) {
        let at_node = self.cpu.mean() > 0.0 || self.cpu_per_kb_s > 0.0 || directory.node_s(self, accounts) > 0.0;
        (at_node, self.data_cpu.mean() > 0.0)
    }

    /// Whether it touches the mail store at all.
    #[must_use]
    pub fn uses_store(&self) -> bool {
        self.store_reads > 0
            || self.store_writes > 0
            || self.store_fsyncs > 0
            || self.store_transfer != StoreTransfer::None
            || self.data_cpu.mean() > 0.0
    }
}
