//! Memory, for people and for programs: what is in use before anyone connects, what is left for files, and how many
//! sessions fit.

use super::text::{groups, label};
use crate::analytic::{NodeMemory, memory, memory_is_fixed};
use crate::report::number::{self, NOTHING};
use crate::report::table::{Columns, heading};
use crate::scenario::Scenario;
use crate::units::Bytes;
use serde::Serialize;

/// The memory of a node.
#[derive(Serialize)]
pub(super) struct MemoryOut<'a> {
    node: &'a str,
    ram_mb: f64,
    /// In use before anyone connects.
    fixed_mb: f64,
    for_files_mb: f64,
    /// Share of the store's reads that its disk is spared while nobody is connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_hit_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions_until_paging: Option<u64>,
}

/// Every node whose memory has a limit.
pub(super) fn data(scenario: &Scenario) -> Vec<MemoryOut<'_>> {
    let mb = |bytes: u64| bytes as f64 / 1e6;
    let of = |node| {
        let memory: NodeMemory = memory(scenario, node)?;
        Some(MemoryOut {
            node: &node.name,
            ram_mb: mb(memory.ram),
            fixed_mb: mb(memory.fixed),
            for_files_mb: mb(memory.for_files()),
            cache_hit_ratio: memory.hit_ratio,
            sessions_until_paging: memory.sessions_until_paging,
        })
    };
    scenario.cluster.nodes.iter().filter_map(of).collect()
}

/// The section of `check`; nothing where memory costs nothing.
pub(super) fn section(scenario: &Scenario) -> String {
    let cluster = &scenario.cluster;
    let heads = ["node", "memory", "in use", "for files", "reads from memory", "sessions until it pages"];
    let mut table = Columns::new(1, heads);
    let mut rows = 0;
    for group in groups(cluster) {
        let Some(memory) = memory(scenario, &cluster.nodes[group.start]) else { continue };
        let bytes = [memory.ram, memory.fixed, memory.for_files()].map(|bytes| Bytes(bytes).to_string());
        let hits = memory.hit_ratio.map_or(NOTHING.to_owned(), number::ratio);
        let sessions = memory.sessions_until_paging.map_or("any number".to_owned(), number::count);
        table.row([label(cluster, &group)].into_iter().chain(bytes).chain([hits, sessions]));
        rows += 1;
    }
    if rows == 0 {
        return String::new();
    }
    let mut text = heading("Memory before anyone connects") + &table.text();
    if !memory_is_fixed(scenario) {
        text += " Sessions take memory from files: the disks' load depends on their number, which `run` finds out.\n";
    }
    text
}
