//! The algorithms of a switch: one of several places for each visitor, where some of them may be closed for a while.

use super::Visitor;
use super::fastest::Fastest;
use super::hashing::{Map, Ring};
use super::ranking::Ranking;
use super::smooth::Smooth;
use super::turns::Turns;
use crate::scenario::{Algorithm, Cluster, Switch as Design};
use crate::units::Time;

/// All of a place, in hundredths.
pub(super) const WHOLE: u32 = 100;

/// Chooses places by an algorithm.
pub(super) struct Chooser {
    way: Way,
    weights: Vec<u32>,
    /// By place: how much of its weight counts, in hundredths; none = closed, and nobody is sent there.
    parts: Vec<u32>,
    /// The places that are not closed, in their order.
    open: Vec<u32>,
    /// By place, where somebody looks at them.
    connections: Vec<u32>,
}

/// How a place is chosen, with what has to be known for it.
enum Way {
    /// Whose turn it is, among those that are open.
    InTurn(usize),
    Random,
    /// Among those that are open.
    Weighted(Smooth),
    /// The same while weights change.
    Changing(Turns),
    /// Whether weights count.
    Least(Ranking, bool),
    TwoChoices {
        replacement: bool,
    },
    Map(Map),
    Ring(Ring),
    Fastest(Fastest),
    /// Domains are dealt out in turn.
    Domain,
}

impl Chooser {
    /// Nodes, or clusters of them, each of them open; a cluster counts as its nodes together.
    pub(super) fn new(cluster: &Cluster, nodes: &[Vec<u32>], design: &Design) -> Chooser {
        let weight = |group: &Vec<u32>| group.iter().map(|node| cluster.nodes[*node as usize].weight).sum();
        let weights: Vec<u32> = nodes.iter().map(weight).collect();
        let way = match design.algorithm {
            Algorithm::RoundRobin => Way::InTurn(0),
            Algorithm::Random => Way::Random,
            Algorithm::WeightedRoundRobin if design.changes_weights() => {
                let strengths: Vec<u32> = weights.iter().map(|weight| weight * WHOLE).collect();
                Way::Changing(Turns::new(&strengths))
            }
            Algorithm::WeightedRoundRobin => Way::Weighted(Smooth::new(&weights)),
            Algorithm::LeastConnections => Way::Least(Ranking::new(nodes.len(), 0), false),
            Algorithm::WeightedLeastConnections => Way::Least(Ranking::new(nodes.len(), 0), true),
            Algorithm::RandomTwoChoices => Way::TwoChoices { replacement: design.replacement },
            Algorithm::SourceHash => Way::Map(Map::new(&weights)),
            Algorithm::ConsistentHash => {
                let names = nodes.iter().map(|group| cluster.nodes[group[0] as usize].name.as_str());
                Way::Ring(Ring::new(names.zip(weights.iter().copied())))
            }
            Algorithm::LeastResponseTime => Way::Fastest(Fastest::new(nodes.len())),
            Algorithm::Content => Way::Domain,
        };
        Chooser {
            way,
            weights,
            parts: vec![WHOLE; nodes.len()],
            open: (0..nodes.len() as u32).collect(),
            connections: vec![0; nodes.len()],
        }
    }

    /// The place for a visitor; none when all are closed.
    pub(super) fn place(&mut self, visitor: &Visitor) -> Option<usize> {
        let open = &self.open;
        if open.is_empty() {
            return None;
        }
        let place = match &mut self.way {
            Way::InTurn(turn) => in_turn(turn, open),
            Way::Random => open[drawn(visitor.chance, open.len()).0] as usize,
            Way::Weighted(smooth) => open[smooth.next()] as usize,
            Way::Changing(turns) => turns.next(),
            Way::Least(ranking, _) => ranking.first(),
            Way::TwoChoices { replacement } => {
                let (first, second) = two(visitor.chance, open.len(), *replacement);
                let [first, second] = [first, second].map(|drawn| open[drawn] as usize);
                if self.connections[second] < self.connections[first] { second } else { first }
            }
            Way::Map(map) => map.place(visitor.address),
            Way::Ring(ring) => ring.place(visitor.address),
            Way::Fastest(fastest) => fastest.first(),
            Way::Domain => {
                let places = self.parts.len() as u64;
                let own = (visitor.domain % places) as usize;
                // The domains of a place that is closed are dealt out among the others, and no others move.
                let next = || open[(visitor.domain / places % open.len() as u64) as usize] as usize;
                if self.parts[own] > 0 { own } else { next() }
            }
        };
        Some(place)
    }

    /// Whether the visitor decides on his place, and no turn, count or draw.
    pub(super) fn goes_by_visitor(&self) -> bool {
        matches!(self.way, Way::Map(_) | Way::Ring(_) | Way::Domain)
    }

    /// Whether more than one place is open.
    pub(super) fn has_choice(&self) -> bool {
        self.open.len() > 1
    }

    /// Another place than this one, if one is open. Who hashes has no other as long as this one is open (HAProxy avoids the
    /// last server where it takes turns, counts or draws).
    pub(super) fn other(&mut self, visitor: &Visitor, from: usize) -> Option<usize> {
        if self.open.is_empty() {
            return None;
        }
        match &mut self.way {
            Way::Map(_) | Way::Ring(_) | Way::Domain if self.parts[from] > 0 => return None,
            Way::Map(_) | Way::Ring(_) | Way::Domain => return self.place(visitor),
            // Whoever takes the next turn, and the one that is avoided loses its own (`fwrr_get_next_server` of HAProxy). So it has
            // the turn after that, and somebody else goes there the sooner.
            Way::InTurn(turn) => return (0..2).map(|_| in_turn(turn, &self.open)).find(|place| *place != from),
            // As many as one of the greatest weight may have in a row; to close it would begin the cycle anew.
            Way::Weighted(smooth) => {
                return (0..=256).map(|_| self.open[smooth.next()] as usize).find(|place| *place != from);
            }
            Way::Random | Way::TwoChoices { .. } => {}
            Way::Changing(_) | Way::Least(..) | Way::Fastest(_) => {}
        }
        let part = self.parts[from];
        self.set(from, 0);
        let place = self.place(visitor);
        self.set(from, part);
        place
    }

    /// So many hundredths of a place's weight count from now on; with none it is closed.
    pub(super) fn set(&mut self, place: usize, part: u32) {
        let old = std::mem::replace(&mut self.parts[place], part);
        if old == part {
            return;
        }
        if (old == 0) != (part == 0) {
            self.reopen();
        }
        match &mut self.way {
            Way::InTurn(_) | Way::Random | Way::TwoChoices { .. } | Way::Domain | Way::Weighted(_) | Way::Map(_) => {}
            Way::Changing(turns) => turns.set(place, self.weights[place] * part),
            Way::Ring(ring) => ring.set(place, part),
            Way::Fastest(fastest) => fastest.close(place, part == 0, self.connections[place]),
            Way::Least(..) => self.rank(place),
        }
    }

    /// Which places are open has changed: what depends on all of them is worked out anew.
    fn reopen(&mut self) {
        let next = match self.way {
            Way::InTurn(turn) => self.open.get(turn).copied().unwrap_or(0),
            _ => 0,
        };
        self.open.clear();
        self.open.extend((0..self.parts.len() as u32).filter(|place| self.parts[*place as usize] > 0));
        if self.open.is_empty() {
            return;
        }
        match &mut self.way {
            Way::InTurn(turn) => *turn = self.open.partition_point(|place| *place < next) % self.open.len(),
            Way::Weighted(smooth) => {
                let weights: Vec<u32> = self.open.iter().map(|place| self.weights[*place as usize]).collect();
                *smooth = Smooth::new(&weights);
            }
            Way::Map(map) => {
                let weight = |(weight, part): (&u32, &u32)| if *part > 0 { *weight } else { 0 };
                let weights: Vec<u32> = self.weights.iter().zip(&self.parts).map(weight).collect();
                *map = Map::new(&weights);
            }
            Way::Random | Way::Changing(_) | Way::Least(..) | Way::TwoChoices { .. } => {}
            Way::Ring(_) | Way::Fastest(_) | Way::Domain => {}
        }
    }

    /// A place has one connection more, or one fewer.
    pub(super) fn change(&mut self, place: usize, by: i32) {
        let connections = &mut self.connections[place];
        match &mut self.way {
            Way::InTurn(_) | Way::Random | Way::Weighted(_) | Way::Changing(_) => {}
            Way::Map(_) | Way::Ring(_) | Way::Domain => {}
            Way::TwoChoices { .. } => *connections = connections.wrapping_add_signed(by),
            Way::Least(..) => {
                *connections = connections.wrapping_add_signed(by);
                self.rank(place);
            }
            Way::Fastest(fastest) => {
                *connections = connections.wrapping_add_signed(by);
                fastest.set(place, *connections);
            }
        }
    }

    /// Somebody at a place has been served.
    pub(super) fn answered(&mut self, place: usize, response: Time, now: Time) {
        if let Way::Fastest(fastest) = &mut self.way {
            fastest.answered(place, response, now, self.connections[place]);
        }
    }

    fn rank(&mut self, place: usize) {
        if let Way::Least(ranking, weighted) = &mut self.way {
            let strength =
                if *weighted { self.weights[place] * self.parts[place] } else { self.parts[place].min(1) * WHOLE };
            ranking.set(place, load(self.connections[place], strength));
        }
    }
}

/// What HAProxy orders by (`lb_fwlc.c`): an idle node is before all others, whatever its weight; then the connections that
/// there would be with one more, for each unit of weight. A closed one is behind all.
fn load(connections: u32, strength: u32) -> u64 {
    const GREATEST_STRENGTH: u64 = 256 * WHOLE as u64;
    match (connections, strength) {
        (_, 0) => u64::MAX,
        (0, _) => 0,
        _ => (u64::from(connections) + 1) * GREATEST_STRENGTH / u64::from(strength),
    }
}

/// The place whose turn it is, among those that are open.
fn in_turn(turn: &mut usize, open: &[u32]) -> usize {
    let chosen = *turn;
    *turn = if chosen + 1 == open.len() { 0 } else { chosen + 1 };
    open[chosen] as usize
}

/// One of `n` by a uniform number, and what is left of it: a uniform number again.
pub(super) fn drawn(chance: f64, n: usize) -> (usize, f64) {
    let scaled = chance * n as f64;
    let drawn = (scaled as usize).min(n - 1);
    (drawn, scaled - drawn as f64)
}

/// Two of `n` by one uniform number, which has bits enough for both. They differ unless they are drawn with replacement, or
/// there is one.
pub(super) fn two(chance: f64, n: usize, replacement: bool) -> (usize, usize) {
    let (first, rest) = drawn(chance, n);
    if replacement || n == 1 {
        return (first, drawn(rest, n).0);
    }
    let (second, _) = drawn(rest, n - 1);
    (first, if second < first { second } else { second + 1 })
}
