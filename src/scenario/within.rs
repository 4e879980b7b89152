//! Clusters of clusters: what stands behind a way that chooses among clusters and not among nodes.

use super::route::Route;

/// The nodes of a service in several clusters, each with a way of its own to its nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Within {
    /// How many clusters.
    pub clusters: u32,
    /// How each of them finds the node.
    pub route: Box<Route>,
}

impl Within {
    /// The nodes of each cluster: dealt out in order, as evenly as possible, the first ones larger. Never an empty one.
    #[must_use]
    pub fn dealt<T: Copy>(&self, nodes: &[T]) -> Vec<Vec<T>> {
        let clusters = (self.clusters as usize).clamp(1, nodes.len().max(1));
        let (each, more) = (nodes.len() / clusters, nodes.len() % clusters);
        let mut left = nodes;
        let mut next = |cluster: usize| {
            let (dealt, rest) = left.split_at(each + usize::from(cluster < more));
            left = rest;
            dealt.to_vec()
        };
        (0..clusters).map(&mut next).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_dealt_out_in_order_and_evenly() {
        let sizes = |clusters: u32, nodes: usize| {
            let within = Within { clusters, route: Box::new(Route::IN_TURN) };
            let nodes: Vec<usize> = (0..nodes).collect();
            let dealt = within.dealt(&nodes);
            assert_eq!(dealt.concat(), nodes);
            dealt.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(2, 33), [17, 16]);
        assert_eq!(sizes(3, 96), [32, 32, 32]);
        // A search tries fewer nodes than there are clusters.
        assert_eq!(sizes(4, 3), [1, 1, 1]);
    }
}
