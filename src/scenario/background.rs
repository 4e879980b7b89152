//! Background loads: what machines do beside the mail, such as a backup, an index, new virus patterns or a patch.
//!
//! Such a load is a stream of small pieces of work at the stations that the sessions use, evenly spaced from a random
//! phase on, so that it asks for the same at every moment. Nobody waits for a piece, and a piece waits for nobody: what a
//! busy machine can't do at once it does later. Assumptions: the load has its memory already, its writes go past a
//! write-back cache, and its reads find nothing in the file cache and push nothing out of it.

pub use super::file::Direction;

use super::{Node, Role, Tier};
use crate::units::Time;

/// One piece of CPU or transfer stands for the work of this time: the scheduling round of a server, and short against
/// what people notice.
const GRAIN_S: f64 = 0.1;

/// A background load.
#[derive(Debug, Clone, PartialEq)]
pub struct Background {
    /// Its name.
    pub name: String,
    /// The machines that do it.
    pub place: Whereabouts,
    /// When it runs, after the end of the warm-up; empty = always, and in the warm-up too.
    pub spans: Vec<Span>,
    /// The part of the busiest hour in which it runs, 0 to 1.
    pub in_busiest_hour: f64,
    /// The part of the whole window.
    pub on_average: f64,
    /// Share of the machine's CPU, 0 to 1.
    pub cpu: f64,
    /// Disk operations per second that read.
    pub reads_per_s: f64,
    /// Disk operations per second that write.
    pub writes_per_s: f64,
    /// Bytes of each of them.
    pub size: f64,
    /// Over the link.
    pub bytes_per_s: f64,
    /// Which way that goes.
    pub direction: Direction,
}

/// Where a background load runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// On each node of a role.
    Role(Role),
    /// On the node of this name.
    Node(String),
}

/// A time in which a background load runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub begins: Time,
    /// Its end, later than `begins`.
    pub ends: Time,
}

impl Span {
    /// The part of the time from one moment to a later one that lies in it, 0 to 1.
    #[must_use]
    pub fn share_of(&self, from: Time, to: Time) -> f64 {
        let within = self.ends.min(to).saturating_sub(self.begins.max(from));
        within.as_secs_f64() / (to - from).as_secs_f64()
    }
}

/// What a piece of background work is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece {
    /// CPU, in seconds of one of the node's own cores.
    Cpu(f64),
    /// A disk operation that reads so many bytes.
    Read(f64),
    /// One that writes them; a RAID does it several times.
    Write(f64),
    /// So many bytes over the link.
    Transfer(u64, Direction),
}

impl Background {
    /// Whether it runs on a node.
    #[must_use]
    pub fn runs_on(&self, node: &Node) -> bool {
        match &self.place {
            Whereabouts::Role(role) => node.role == *role,
            Whereabouts::Node(name) => node.name == *name,
        }
    }

    /// The pieces of work that it brings to a machine while it runs, and how many of each per second.
    ///
    /// CPU comes in as many pieces at a time as cores are needed for it, each at most one core's work in the grain.
    #[must_use]
    pub fn pieces(&self, tier: &Tier) -> Vec<(Piece, f64)> {
        let cores = self.cpu * tier.cpu_capacity() / tier.speed;
        let streams = cores.ceil();
        let bytes = (self.bytes_per_s * GRAIN_S).ceil();
        let all = [
            (Piece::Cpu(cores * GRAIN_S / streams.max(1.0)), streams / GRAIN_S),
            (Piece::Read(self.size), self.reads_per_s),
            (Piece::Write(self.size), self.writes_per_s),
            (Piece::Transfer(bytes as u64, self.direction), self.bytes_per_s / bytes.max(1.0)),
        ];
        all.into_iter().filter(|(_, per_s)| *per_s > 0.0).collect()
    }
}
