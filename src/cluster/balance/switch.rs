//! A load-balancing switch: one virtual address, and an algorithm for each service.

use super::fastest::Fastest;
use super::hashing::{Map, Ring};
use super::ranking::Ranking;
use super::remembered::Remembered;
use super::smooth::Smooth;
use super::{Balancer, Visitor};
use crate::scenario::{Algorithm, Cluster, Route, Switch as Design};
use crate::units::Time;

/// Chooses one of several nodes, or of several clusters of them, for each new session of a service.
pub(super) struct Switch {
    /// What is at each place.
    targets: Vec<Balancer>,
    /// By node: its place.
    places: Vec<u32>,
    /// By place, where somebody looks at them.
    connections: Vec<u32>,
    chooser: Chooser,
    remembered: Option<Remembered>,
}

/// How a place is chosen, with what has to be known for it.
enum Chooser {
    /// Whose turn it is.
    InTurn(usize),
    Random,
    Weighted(Smooth),
    /// With the weights.
    Least(Ranking, Vec<u32>),
    TwoChoices {
        replacement: bool,
    },
    Map(Map),
    Ring(Ring),
    Fastest(Fastest),
    /// Domains are dealt out in turn.
    Domain,
}

impl Switch {
    pub(super) fn new(cluster: &Cluster, nodes: Vec<u32>, design: &Design) -> Switch {
        let groups = match &design.within {
            None => nodes.into_iter().map(|node| vec![node]).collect(),
            Some(within) => within.dealt(&nodes),
        };
        let weight = |group: &Vec<u32>| group.iter().map(|node| cluster.nodes[*node as usize].weight).sum();
        let weights: Vec<u32> = groups.iter().map(weight).collect();
        let chooser = match design.algorithm {
            Algorithm::RoundRobin => Chooser::InTurn(0),
            Algorithm::Random => Chooser::Random,
            Algorithm::WeightedRoundRobin => Chooser::Weighted(Smooth::new(&weights)),
            Algorithm::LeastConnections => Chooser::Least(Ranking::new(groups.len(), 0), vec![1; groups.len()]),
            Algorithm::WeightedLeastConnections => Chooser::Least(Ranking::new(groups.len(), 0), weights),
            Algorithm::RandomTwoChoices => Chooser::TwoChoices { replacement: design.replacement },
            Algorithm::SourceHash => Chooser::Map(Map::new(&weights)),
            Algorithm::ConsistentHash => {
                let names = groups.iter().map(|group| cluster.nodes[group[0] as usize].name.as_str());
                Chooser::Ring(Ring::new(names.zip(weights)))
            }
            Algorithm::LeastResponseTime => Chooser::Fastest(Fastest::new(groups.len())),
            Algorithm::Content => Chooser::Domain,
        };
        let mut places = vec![0; cluster.nodes.len()];
        for (place, group) in groups.iter().enumerate() {
            group.iter().for_each(|node| places[*node as usize] = place as u32);
        }
        let connections = vec![0; groups.len()];
        // A cluster of one has nothing to choose, whatever stands in it.
        let inner = design.within.as_ref().map_or(&Route::IN_TURN, |within| &within.route);
        Switch {
            places,
            connections,
            chooser,
            remembered: design.persistence.map(Remembered::new),
            targets: groups.into_iter().map(|group| Balancer::new(cluster, group, inner)).collect(),
        }
    }

    /// The node for a session, which has a connection there from now on.
    pub(super) fn choose(&mut self, visitor: &Visitor, now: Time) -> u32 {
        let known = self.remembered.as_mut().and_then(|remembered| remembered.place(visitor.address, now));
        let place = known.unwrap_or_else(|| self.place(visitor));
        if let Some(remembered) = &mut self.remembered {
            remembered.remember(visitor.address, place, now);
        }
        self.change(place, 1);
        self.targets[place].choose(visitor, now)
    }

    /// One connection more at a node that was chosen already.
    pub(super) fn join(&mut self, node: u32) {
        self.change(self.places[node as usize] as usize, 1);
    }

    /// What stands between it and a node.
    pub(super) fn before(&mut self, node: u32) -> &mut Balancer {
        &mut self.targets[self.places[node as usize] as usize]
    }

    /// What it chooses among.
    pub(super) fn targets(&mut self) -> impl Iterator<Item = &mut Balancer> {
        self.targets.iter_mut()
    }

    /// A connection is closed.
    pub(super) fn leave(&mut self, node: u32) {
        self.change(self.places[node as usize] as usize, -1);
    }

    /// A session has been served.
    pub(super) fn answered(&mut self, node: u32, response: Time, now: Time) {
        if let Chooser::Fastest(fastest) = &mut self.chooser {
            let place = self.places[node as usize] as usize;
            fastest.answered(place, response, now, self.connections[place]);
        }
    }

    fn place(&mut self, visitor: &Visitor) -> usize {
        match &mut self.chooser {
            Chooser::InTurn(turn) => {
                let chosen = *turn;
                *turn = if chosen + 1 == self.targets.len() { 0 } else { chosen + 1 };
                chosen
            }
            Chooser::Random => drawn(visitor.chance, self.targets.len()).0,
            Chooser::Weighted(smooth) => smooth.next(),
            Chooser::Least(ranking, _) => ranking.first(),
            Chooser::TwoChoices { replacement } => {
                let (first, second) = two(visitor.chance, self.targets.len(), *replacement);
                if self.connections[second] < self.connections[first] { second } else { first }
            }
            Chooser::Map(map) => map.place(visitor.address),
            Chooser::Ring(ring) => ring.place(visitor.address),
            Chooser::Fastest(fastest) => fastest.first(),
            Chooser::Domain => (visitor.domain % self.targets.len() as u64) as usize,
        }
    }

    /// A place has one connection more, or one fewer.
    fn change(&mut self, place: usize, by: i32) {
        let connections = &mut self.connections[place];
        match &mut self.chooser {
            Chooser::InTurn(_) | Chooser::Random | Chooser::Weighted(_) => {}
            Chooser::Map(_) | Chooser::Ring(_) | Chooser::Domain => {}
            Chooser::TwoChoices { .. } => *connections = connections.wrapping_add_signed(by),
            Chooser::Least(ranking, weights) => {
                *connections = connections.wrapping_add_signed(by);
                ranking.set(place, load(*connections, weights[place]));
            }
            Chooser::Fastest(fastest) => {
                *connections = connections.wrapping_add_signed(by);
                fastest.set(place, *connections);
            }
        }
    }
}

/// What HAProxy orders by (`lb_fwlc.c`): an idle node is before all others, whatever its weight; then the connections that
/// there would be with one more, for each unit of weight.
fn load(connections: u32, weight: u32) -> u64 {
    const GREATEST_WEIGHT: u64 = 256;
    if connections == 0 { 0 } else { (u64::from(connections) + 1) * GREATEST_WEIGHT / u64::from(weight) }
}

/// One of `n` by a uniform number, and what is left of it: a uniform number again.
fn drawn(chance: f64, n: usize) -> (usize, f64) {
    let scaled = chance * n as f64;
    let drawn = (scaled as usize).min(n - 1);
    (drawn, scaled - drawn as f64)
}

/// Two of `n` by one uniform number, which has bits enough for both. They differ unless they are drawn with replacement.
fn two(chance: f64, n: usize, replacement: bool) -> (usize, usize) {
    let (first, rest) = drawn(chance, n);
    if replacement {
        return (first, drawn(rest, n).0);
    }
    let (second, _) = drawn(rest, n - 1);
    (first, if second < first { second } else { second + 1 })
}

#[cfg(test)]
#[path = "switch_tests.rs"]
mod tests;
