//! What is different where the hosts of the lab share the machine's own loopback interface and processors.

use super::job::Job;
use super::{outside, sharing};
use crate::scenario::{FaultKind, Node, Scenario};

/// What is only where hosts have networks and control groups of their own.
pub(super) fn obstacles(scenario: &Scenario) -> Vec<String> {
    let cluster = &scenario.cluster;
    let mut found = Vec::new();
    let mut no = |sentence: String| found.push(format!("{sentence}, or leave `--loopback` away"));
    let mut budgets: Vec<&str> =
        cluster.nodes.iter().filter(|node| has_budget(node)).map(|node| &*node.tier.name).collect();
    budgets.dedup();
    for tier in budgets {
        no(format!(
            "nothing holds a node to the `cpu_quota` of `{tier}` on loopback ports: they show no tiers; write `cpu_quota` away"
        ));
    }
    for fault in scenario.faults.iter().filter(|fault| scenario.has(&fault.component)) {
        let what = match fault.kind {
            FaultKind::BlackHole => "nothing cuts a node off",
            FaultKind::Slow => "nothing makes a node slower",
            _ => continue,
        };
        no(format!("`fault.{}`: {what} on loopback ports; write `kind = \"stop\"` or `kind = \"hang\"`", fault.name));
    }
    if (0..scenario.services.len()).any(|service| cluster.zone(service).is_some()) {
        no("the machine has one resolver of its own, and on loopback ports no other; let a switch balance".to_owned());
    }
    if (0..scenario.services.len()).any(|service| sharing::is_shared(scenario, service)) {
        no("nodes share no address on loopback ports; let a switch balance".to_owned());
    }
    if outside::sends(scenario) || cluster.backup().is_some() {
        no("servers elsewhere and backups find their way by names, and on loopback ports there are none; write the mail as that of clients"
            .to_owned());
    }
    found
}

/// Whether a node may use less than its cores.
fn has_budget(node: &Node) -> bool {
    node.tier.cpu_quota.is_some_and(|quota| quota.cores < f64::from(node.tier.cores))
}

/// Takes processors for a node: those that the others have used least. They share them, as there is nothing that tells them apart.
pub(super) fn place(node: &Node, used: &mut [(u32, f64)]) -> Option<Vec<u32>> {
    // The nodes of a lab take from what is left of each; here it is what they owe.
    used.sort_by(|(a, left_a), (b, left_b)| left_b.total_cmp(left_a).then(a.cmp(b)));
    let taken = used.get_mut(..node.tier.cores as usize)?;
    let mut cpus: Vec<u32> = taken.iter().map(|(cpu, _)| *cpu).collect();
    taken.iter_mut().for_each(|(_, left)| *left -= 1.0);
    cpus.sort_unstable();
    Some(cpus)
}

/// What is to be said of it.
pub(super) fn differences(job: &Job) -> Vec<String> {
    let mut found = vec!["files of the lab are below `/run`, and in memory where that is".to_owned()];
    let shares = |(index, host): (usize, &super::job::Host)| {
        job.hosts[..index].iter().any(|other| other.cpus.iter().any(|cpu| host.cpus.contains(cpu)))
    };
    if job.hosts.iter().enumerate().any(shares) {
        found.push("nodes share processors, and take from each other what one of them uses".to_owned());
    }
    found
}
