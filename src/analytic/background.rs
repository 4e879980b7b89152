//! What background loads and checks ask of a node.

use super::Resource;
use super::certainty::Certainty;
use super::load::visit_moments;
use super::moments::Moments;
use crate::scenario::background::{Direction, Piece};
use crate::scenario::{Background, Node, Scenario};

/// What a node does beside the mail, by resource. `part`: of the time in which a load runs.
pub(super) fn in_background(scenario: &Scenario, node: &Node, part: impl Fn(&Background) -> f64) -> [Moments; 4] {
    let tier = &node.tier;
    let mut all = [Moments::default(); 4];
    for load in scenario.background.iter().filter(|load| load.runs_on(node)) {
        for (piece, per_s) in load.pieces(tier) {
            let (resource, times, (first, second)) = match piece {
                Piece::Cpu(seconds) => (Resource::Cpu, 1.0, (seconds, seconds * seconds)),
                Piece::Read(bytes) => (Resource::Disk, 1.0, visit_moments(tier, bytes)),
                Piece::Write(bytes) => (Resource::Disk, f64::from(tier.raid_write_penalty), visit_moments(tier, bytes)),
                Piece::Transfer(bytes, direction) => {
                    let way = if direction == Direction::In { Resource::LinkIn } else { Resource::LinkOut };
                    let seconds = tier.network.map_or(0.0, |network| bytes as f64 / network.0);
                    (way, 1.0, (seconds, seconds * seconds))
                }
            };
            all[resource as usize].add(part(load) * per_s * times, first, second, Certainty::Sure);
        }
    }
    for check in scenario.cluster.checks(node) {
        let seconds = check.cpu.as_secs_f64() / tier.speed;
        let per_s = 1.0 / check.interval.as_secs_f64();
        all[Resource::Cpu as usize].add(per_s, seconds, seconds * seconds, Certainty::Sure);
    }
    all
}
