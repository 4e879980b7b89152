//! A load-balancing switch: one virtual address, and an algorithm for each service.

use super::chooser::Chooser;
use super::pool::Pool;
use super::remembered::Remembered;
use super::{Balancer, Visitor};
use crate::scenario::{Cluster, Route, Switch as Design};
use crate::units::Time;

/// Chooses one of several nodes, or of several clusters of them, for each new session of a service.
pub(super) struct Switch {
    /// What is at each place.
    targets: Vec<Balancer>,
    /// By node: its place.
    places: Vec<u32>,
    chooser: Chooser,
    pool: Pool,
    remembered: Option<Remembered>,
}

impl Switch {
    pub(super) fn new(cluster: &Cluster, nodes: Vec<u32>, design: &Design) -> Switch {
        let groups = match &design.within {
            None => nodes.into_iter().map(|node| vec![node]).collect(),
            Some(within) => within.dealt(&nodes),
        };
        let mut places = vec![0; cluster.nodes.len()];
        for (place, group) in groups.iter().enumerate() {
            group.iter().for_each(|node| places[*node as usize] = place as u32);
        }
        let backup = |node: &u32| cluster.nodes[*node as usize].backup;
        let backups = groups.iter().map(|group| group.iter().all(backup));
        // A cluster of one has nothing to choose, whatever stands in it.
        let in_turn = Route::IN_TURN;
        let inner = design.within.as_ref().map_or(&in_turn, |within| &within.route);
        let mut switch = Switch {
            places,
            chooser: Chooser::new(cluster, &groups, design),
            pool: Pool::new(backups, design.all_backups),
            remembered: design.persistence.map(Remembered::new),
            targets: groups.into_iter().map(|group| Balancer::new(cluster, group, inner)).collect(),
        };
        switch.settle();
        switch
    }

    /// The node for a session, which has a connection there from now on; none when the switch knows of nobody who is up.
    pub(super) fn choose(&mut self, visitor: &Visitor, now: Time) -> Option<u32> {
        let place = match self.known(visitor, now) {
            Some(place) => place,
            None => self.chooser.place(visitor)?,
        };
        if let Some(remembered) = &mut self.remembered {
            remembered.remember(visitor.address, place, now);
        }
        self.chooser.change(place, 1);
        self.targets[place].choose(visitor, now)
    }

    /// One connection more at a node that was chosen already.
    pub(super) fn join(&mut self, node: u32) {
        self.chooser.change(self.place(node), 1);
    }

    /// One connection more at the first node, whatever is known of it.
    pub(super) fn join_any(&mut self) -> u32 {
        self.chooser.change(0, 1);
        self.targets[0].join_any()
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
        self.chooser.change(self.place(node), -1);
    }

    /// A session has been served.
    pub(super) fn answered(&mut self, node: u32, response: Time, now: Time) {
        self.chooser.answered(self.place(node), response, now);
    }

    /// A node says how much of its weight should count, in hundredths.
    pub(super) fn report(&mut self, node: u32, part: u32) {
        self.pool.set_reported(self.place(node), part);
    }

    /// A node was found down, or up again.
    pub(super) fn mark(&mut self, node: u32, up: bool) {
        self.pool.set_up(self.place(node), up);
        self.settle();
    }

    /// The monitor has taken a node out of the pool, or put it back.
    pub(super) fn take_out(&mut self, node: u32, out: bool) {
        self.pool.set_out(self.place(node), out);
        self.settle();
    }

    /// So many hundredths of the weight of a node count while it warms up.
    pub(super) fn warm(&mut self, node: u32, part: u32) {
        self.pool.set_warm(self.place(node), part);
        self.settle();
    }

    /// A node keeps those who are known to it and takes nobody new, or takes all again.
    pub(super) fn drain(&mut self, node: u32, drains: bool) {
        self.pool.set_drains(self.place(node), drains);
        self.settle();
    }

    /// Whether somebody whom a node gave no connection is free to go elsewhere: it is held to be down, or it was a turn, a
    /// count or a draw that led there, and not who he is or, as `is_known`, that he was there before.
    pub(super) fn frees(&self, node: u32, is_known: bool) -> bool {
        let is_bound = is_known || self.chooser.goes_by_visitor();
        !self.pool.keeps(self.place(node)) || (!is_bound && self.chooser.has_choice())
    }

    /// Whether somebody will go where he was before.
    pub(super) fn knows(&mut self, visitor: &Visitor, now: Time) -> bool {
        self.known(visitor, now).is_some()
    }

    /// Where somebody was before, if he still goes there.
    fn known(&mut self, visitor: &Visitor, now: Time) -> Option<usize> {
        let place = self.remembered.as_mut()?.place(visitor.address, now)?;
        self.pool.keeps(place).then_some(place)
    }

    /// Whether it has more than one place to send somebody to.
    pub(super) fn has_choice(&self) -> bool {
        self.chooser.has_choice()
    }

    /// Another node than this one for somebody who met nobody there; the same only where there is no other. It counts as
    /// one of its connections from now on, and no more of the first.
    pub(super) fn redispatch(&mut self, visitor: &Visitor, node: u32, now: Time) -> u32 {
        let from = self.place(node);
        let Some(place) = self.chooser.other(visitor, from) else { return node };
        self.chooser.change(from, -1);
        self.chooser.change(place, 1);
        if let Some(remembered) = &mut self.remembered {
            remembered.remember(visitor.address, place, now);
        }
        self.targets[place].choose(visitor, now).unwrap_or(node)
    }

    /// Whether it chooses among nodes, and not among clusters of them.
    pub(super) fn stands_before_nodes(&self) -> bool {
        self.targets.iter().all(|target| matches!(target, Balancer::One(_)))
    }

    fn place(&self, node: u32) -> usize {
        self.places[node as usize] as usize
    }

    /// What is known of the places has changed: the algorithm goes by it from now on.
    pub(super) fn settle(&mut self) {
        for (place, part) in self.pool.parts().enumerate() {
            self.chooser.set(place, part);
        }
    }
}

#[cfg(test)]
#[path = "switch_tests.rs"]
mod tests;
