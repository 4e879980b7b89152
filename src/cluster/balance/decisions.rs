//! Decisions of a switch by themselves, for benches.

use super::{Balancers, Visitor};
use crate::random::{Key, Purpose, Stream};
use crate::scenario::{Algorithm, Cluster, Configuration, Route, Switch, Tier};
use crate::units::Time;
use std::collections::VecDeque;
use std::sync::Arc;

/// Connections under way for each node.
const UNDER_WAY: usize = 4;

/// One decision of a switch after the other. Sessions end in the order in which they began, so that their number stays.
pub struct Decisions {
    balancers: Balancers,
    chance: Stream,
    under_way: VecDeque<u32>,
    now: Time,
}

impl Decisions {
    /// A switch before so many equal nodes, at least two, with four connections at each of them on average.
    #[must_use]
    pub fn new(algorithm: Algorithm, nodes: u32, tier: &Arc<Tier>) -> Decisions {
        let routing = Some(vec![Route::Switch(Switch::new(algorithm))]);
        let cluster = Cluster::of(Configuration::MultiplePrimaries, tier, nodes, Some(tier), routing);
        let mut decisions = Decisions {
            balancers: Balancers::new(&cluster, 1),
            chance: Key::new(1, 0, Purpose::Routing, "decisions").stream(),
            under_way: VecDeque::new(),
            now: Time::ZERO,
        };
        (0..UNDER_WAY * nodes as usize).for_each(|_| decisions.begin());
        decisions
    }

    /// One session begins, and the one that began first of those under way ends.
    pub fn next(&mut self) {
        self.begin();
        if let Some(node) = self.under_way.pop_front() {
            self.balancers.answered(0, node, Time::from_millis(u64::from(node % 7) + 1), self.now);
            self.balancers.leave(0, node);
        }
    }

    fn begin(&mut self) {
        let chance = self.chance.unit();
        let address = (chance * f64::from(u32::MAX)) as u32;
        self.now += Time(1_000);
        let visitor = Visitor {
            chance,
            address,
            port: 0,
            domain: u64::from(address),
            tries: 0,
            group: None,
            sends_mail: false,
            answer: None,
        };
        self.under_way.extend(self.balancers.choose(0, &visitor, self.now));
    }
}
