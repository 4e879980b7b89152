//! Clusters of clusters.

use super::Origin;
use super::nlb;
use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file;
use crate::scenario::route::Route;
use crate::scenario::source::Source;
use crate::scenario::within::Within;

/// The clusters whose keys begin so, over these nodes.
pub(super) fn resolve<'a>(
    source: &Source,
    key: &str,
    written: &file::Within,
    nodes: impl Iterator<Item = &'a str> + Clone,
    ledger: &mut Ledger,
) -> Result<Within, ScenarioError> {
    let (clusters, most) = (*written.clusters.get_ref(), nodes.clone().count());
    if !(2..=most).contains(&(clusters as usize)) {
        let message = format!(
            "`clusters` is `{clusters}`; it must be between 2 and the number of nodes, {most}; leave `within` out for one"
        );
        return Err(source.error(written.clusters.span(), message));
    }
    ledger.note(&format!("{key}.clusters"), clusters.to_string(), Origin::File);
    let nlb = nlb::resolve(source, &format!("{key}.nlb"), &written.nlb, nodes, ledger)?;
    Ok(Within { clusters, route: Box::new(Route::Nlb(nlb)) })
}
