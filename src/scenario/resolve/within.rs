//! Clusters of clusters.

use super::Origin;
use super::settings::Ledger;
use super::{nlb, switch};
use crate::scenario::error::ScenarioError;
use crate::scenario::file;
use crate::scenario::route::Route;
use crate::scenario::source::Source;
use crate::scenario::within::Within;

/// The clusters behind a switch, over these nodes.
pub(super) fn behind_switch<'a>(
    source: &Source,
    key: &str,
    (written, outer): (&file::Within, &file::Switch),
    nodes: impl Iterator<Item = &'a str> + Clone,
    ledger: &mut Ledger,
) -> Result<Within, ScenarioError> {
    let (clusters, most) = (*written.clusters.get_ref(), nodes.clone().count());
    let at = written.clusters.span();
    if !(2..=most).contains(&(clusters as usize)) {
        let message = format!(
            "`clusters` is `{clusters}`; it must be between 2 and the number of nodes, {most}; leave `within` out for one"
        );
        return Err(source.error(at, message));
    }
    let about_nodes = [
        ("check", outer.check.is_some()),
        ("agent", outer.agent.is_some()),
        ("slow_start", outer.slow_start.is_some()),
        ("retries", outer.retries.is_some()),
        ("redispatch", outer.redispatch.is_some()),
        ("connect_timeout", outer.connect_timeout.is_some()),
    ];
    if let Some((name, _)) = about_nodes.iter().find(|(_, written)| *written) {
        let message = format!("`{name}` is about nodes, and this switch chooses among clusters of them; leave it out");
        return Err(source.error(at, message));
    }
    ledger.note(&format!("{key}.clusters"), clusters.to_string(), Origin::File);
    let (Some(own), None) = (&written.nlb, &written.switch) else {
        let message =
            "behind a switch the hosts of each cluster balance by themselves; write `nlb = {}` and no `switch`";
        return Err(source.error(at, message));
    };
    let nlb = nlb::resolve(source, &format!("{key}.nlb"), own, nodes, ledger)?;
    Ok(Within { clusters, route: Box::new(Route::Nlb(nlb)) })
}

/// The clusters behind the addresses of a name.
pub(super) fn behind_dns<'a>(
    source: &Source,
    key: &str,
    written: &file::Within,
    nodes: impl Iterator<Item = &'a str> + Clone,
    ledger: &mut Ledger,
) -> Result<Within, ScenarioError> {
    let (clusters, most) = (*written.clusters.get_ref(), nodes.clone().count());
    let at = written.clusters.span();
    if clusters == 0 || clusters as usize > most {
        let message = format!("`clusters` is `{clusters}`; there are {most} nodes, so it must be between 1 and {most}");
        return Err(source.error(at, message));
    }
    ledger.note(&format!("{key}.clusters"), clusters.to_string(), Origin::File);
    let route = match (&written.switch, &written.nlb) {
        (Some(own), None) if own.within.is_some() => {
            let message = "a switch behind DNS stands before nodes; leave its `within` out";
            return Err(source.error(at, message));
        }
        (Some(own), None) => {
            Route::Switch(switch::resolve(source, &format!("{key}.switch"), own, (false, nodes), ledger)?)
        }
        (None, Some(own)) => Route::Nlb(nlb::resolve(source, &format!("{key}.nlb"), own, nodes, ledger)?),
        (None, None) | (Some(_), Some(_)) => {
            let message = "how sessions find a node within a cluster is one of two things; write `switch` or `nlb`";
            return Err(source.error(at, message));
        }
    };
    Ok(Within { clusters, route: Box::new(route) })
}
