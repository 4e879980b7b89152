//! Memory of a node: what is in use before anyone connects, what is left for files, and what does not fit.
//!
//! What is left keeps parts of the mail store; on the node that holds the store, a read finds its data there with
//! probability cached / working set, since every part of the working set is as likely to be read as any other. What does
//! not fit makes the node page: each CPU burst waits for a Poisson number of page faults, on average in proportion to
//! the excess over the memory that is there.

use crate::scenario::{Caches, Node, Scenario};

/// The memory of a node that has a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodeMemory {
    /// Bytes that are there.
    pub ram: u64,
    /// Bytes in use before anyone connects.
    pub fixed: u64,
    /// Share of the store's reads that the file cache spares its disk while nobody is connected; none where the node does
    /// not hold the store, or the mailboxes are of unknown size.
    pub hit_ratio: Option<f64>,
    /// Page faults of a CPU burst while nobody is connected.
    pub faults_per_burst: f64,
    /// Sessions, each with a worker, that fit into what is left; none when they take no memory.
    pub sessions_until_paging: Option<u64>,
}

impl NodeMemory {
    /// Bytes left for files while nobody is connected.
    #[must_use]
    pub fn for_files(&self) -> u64 {
        self.ram.saturating_sub(self.fixed)
    }
}

/// The memory of a node; none when it costs nothing.
#[must_use]
pub fn memory(scenario: &Scenario, node: &Node) -> Option<NodeMemory> {
    let ram = node.tier.ram?.0;
    let fixed = scenario.fixed_ram(node).0;
    let left = ram.saturating_sub(fixed);
    let working_set = scenario.working_set().filter(|_| node.holds_store);
    let footprint = scenario.largest_footprint(node).0;
    Some(NodeMemory {
        ram,
        fixed,
        hit_ratio: working_set.map(|bytes| (left as f64 / bytes).min(1.0)),
        faults_per_burst: faults(fixed, ram, scenario.product.page_faults),
        sessions_until_paging: left.checked_div(footprint),
    })
}

/// Page faults of a CPU burst on a node that uses so much of its memory.
#[must_use]
pub fn faults(used: u64, ram: u64, page_faults: f64) -> f64 {
    page_faults * used.saturating_sub(ram) as f64 / ram as f64
}

/// Whether the disk visits that memory spares or adds do not depend on the number of sessions, which only a simulation
/// knows. It is taken for granted that sessions do not make a node page which has room for
/// [`NodeMemory::sessions_until_paging`] of them: `check` prints that number.
#[must_use]
pub fn memory_is_fixed(scenario: &Scenario) -> bool {
    !scenario.cluster.nodes.iter().any(|node| refuses(scenario, node) || adds_to_disk(scenario, node))
}

/// Whether a node has no memory for any session.
pub(super) fn refuses(scenario: &Scenario, node: &Node) -> bool {
    memory(scenario, node).is_some_and(|memory| memory.fixed as f64 > scenario.product.ram_limit * memory.ram as f64)
}

/// Whether the disk of a node has more to do than computed without sessions: they push files out of memory, or make a node
/// page more than it does, and a cache that is cold at first spares nothing.
pub(super) fn adds_to_disk(scenario: &Scenario, node: &Node) -> bool {
    memory(scenario, node).is_some_and(|memory| {
        let is_cold = scenario.caches == Caches::Cold && memory.hit_ratio.is_some();
        let matters = memory.hit_ratio.is_some() || memory.faults_per_burst > 0.0;
        is_cold || (matters && scenario.largest_footprint(node).0 > 0)
    })
}
