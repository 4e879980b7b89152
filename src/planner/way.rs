//! What a design may have beside its machines: a way of balancing, a second switch, a directory.

use crate::scenario::{Directory, DirectoryKind, Node, Plan, Role, Route, Scenario, SwitchPairs};
use std::sync::Arc;

/// One choice of each.
pub(super) struct Way {
    /// For each service, how its sessions find a node; none where there is no choice.
    pub(super) routing: Option<Vec<Route>>,
    /// Whether a second switch stands by.
    pub(super) pair: bool,
    /// Where users are looked up.
    pub(super) directory: Arc<Directory>,
    /// What tells it apart, as the end of a candidate's name; empty where the plan leaves nothing of it open.
    pub(super) name: String,
}

impl Way {
    /// All of them, each with the machines that the search leaves as the scenario has them: those that filter, the database
    /// where it is asked, and the name servers, unless all ways are the plan's and this one asks none.
    ///
    /// Where several primaries have no routing of the scenario's, a switch takes turns.
    pub(super) fn all(scenario: &Scenario, plan: &Plan, is_balanced: bool) -> Vec<(Way, Arc<[Node]>)> {
        let own = || scenario.cluster.routing.clone().unwrap_or_else(|| vec![Route::IN_TURN; scenario.services.len()]);
        let routings: Vec<Option<Vec<Route>>> = match (&plan.ways, is_balanced) {
            (_, false) => vec![None],
            (None, true) => vec![Some(own())],
            (Some(ways), true) => ways.iter().cloned().map(Some).collect(),
        };
        let mut all = Vec::new();
        for routing in routings {
            let has_switch = routing.iter().flatten().any(Route::has_switch);
            let pairs: &[bool] = match plan.switch_pair {
                SwitchPairs::Never => &[false],
                SwitchPairs::AsNeeded if has_switch => &[false, true],
                SwitchPairs::Always if has_switch => &[true],
                SwitchPairs::AsNeeded | SwitchPairs::Always => &[false],
            };
            for pair in pairs {
                for directory in &plan.directories {
                    let (pair, directory, routing) = (*pair, Arc::clone(directory), routing.clone());
                    let way = Way { name: name(plan, routing.as_deref(), pair, &directory), routing, pair, directory };
                    let others = way.others(scenario, plan);
                    all.push((way, others));
                }
            }
        }
        all
    }

    fn others(&self, scenario: &Scenario, plan: &Plan) -> Arc<[Node]> {
        let by_dns = self.routing.iter().flatten().any(|route| matches!(route, Route::RoundRobinDns(_)));
        let stays = |node: &&Node| match node.role {
            Role::Filter => true,
            Role::Database => self.directory.kind == DirectoryKind::Odbc,
            Role::NameServer => plan.ways.is_none() || by_dns,
            Role::Primary | Role::Data | Role::Backup => false,
        };
        scenario.cluster.nodes.iter().filter(stays).cloned().collect()
    }
}

/// `/switch least-connections/pair/odbc`, as far as the plan leaves it open.
fn name(plan: &Plan, routing: Option<&[Route]>, pair: bool, directory: &Directory) -> String {
    let mut name = String::new();
    let first = routing.and_then(<[Route]>::first).filter(|_| plan.ways.is_some());
    match first {
        None => {}
        Some(Route::Switch(switch)) => name += &format!("/switch {}", switch.algorithm.name()),
        Some(Route::RoundRobinDns(_)) => name += "/round-robin-dns",
        Some(Route::Nlb(_)) => name += "/nlb",
    }
    if pair && (plan.ways.is_some() || plan.switch_pair == SwitchPairs::AsNeeded) {
        name += "/pair";
    }
    if plan.directories.len() > 1 {
        name += &format!("/{}", directory.kind.name());
    }
    name
}
