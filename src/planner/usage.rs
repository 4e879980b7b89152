//! How far each kind of node is used, and how far the load can grow until a resource reaches its limit.

use super::state::State;
use crate::analytic::{Bound, Resource, Station, offered};
use crate::scenario::{Node, Role, Scenario};

/// What primaries are called that take mail, where services are split.
pub const MAIL_PRIMARY: &str = "mail primary";
/// And those that serve people who read it.
pub const READING_PRIMARY: &str = "reading primary";

/// The utilisation of one resource of all nodes of a role, which are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Use {
    /// The role of the nodes, or `switch`.
    pub role: &'static str,
    /// Their resource.
    pub resource: Resource,
    /// What is up.
    pub state: State,
    /// Offered load over capacity.
    pub utilisation: f64,
    /// How it relates to what a simulation comes to.
    pub bound: Bound,
    /// The part of it that does not limit itself.
    pub firm: f64,
    /// The part of it that grows with the people.
    pub by_sessions: f64,
}

impl Use {
    /// How many times today's sessions bring the resource to `limit`; infinite when sessions do not use it. Work for
    /// the mail domains does not grow with the people. At least this many where the utilisation is an upper bound.
    #[must_use]
    pub fn growth(&self, limit: f64) -> f64 {
        if self.by_sessions > 0.0 {
            ((limit - (self.utilisation - self.by_sessions)) / self.by_sessions).max(0.0)
        } else {
            f64::INFINITY
        }
    }

    /// What is used, for people: `primary CPU`.
    #[must_use]
    pub fn what(&self) -> String {
        format!("{} {}", self.role, self.resource.name())
    }
}

/// Every resource of every role of the scenario's cluster, that of the node which uses it most: primaries first, each in the
/// order of [`Resource::ALL`], and the switch last.
#[must_use]
pub fn uses(scenario: &Scenario, state: State) -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    for Station { node, resource, utilisation, bound, firm, by_sessions, .. } in offered(scenario).stations {
        let role = scenario.cluster.nodes.get(node).map_or("switch", |node| role(scenario, node));
        let used = Use { role, resource, state, utilisation, bound, firm, by_sessions };
        match uses.iter_mut().find(|known| known.role == role && known.resource == resource) {
            None => uses.push(used),
            Some(known) if used.firm > known.firm => *known = used,
            Some(_) => {}
        }
    }
    uses
}

/// What a node is there for; primaries of split services by what they do.
pub(super) fn role(scenario: &Scenario, node: &Node) -> &'static str {
    let mail = scenario.service("smtp");
    match (node.role, &node.services) {
        (Role::Primary, Some(services)) if services.iter().all(|service| Some(*service) == mail) => MAIL_PRIMARY,
        (Role::Primary, Some(_)) => READING_PRIMARY,
        (role, _) => role.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_for_the_domains_leaves_less_room_and_does_not_grow() {
        let used = |utilisation, by_sessions| {
            let (role, resource, state) = ("primary", Resource::Cpu, State::Normal);
            Use { role, resource, state, utilisation, bound: Bound::Exact, firm: utilisation, by_sessions }.growth(0.8)
        };
        assert!((used(0.4, 0.4) - 2.0).abs() < 1e-12);
        assert!((used(0.5, 0.1) - 4.0).abs() < 1e-12);
        assert_eq!([used(0.9, 0.05), used(0.3, 0.0)], [0.0, f64::INFINITY]);
    }
}
