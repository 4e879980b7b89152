//! How the sessions of a service fall on its nodes over time.

use crate::scenario::Scenario;
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// Sessions that were sent to each node, counted in equal intervals of the measured window; those that met no answer
/// included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharesObserved {
    /// Length of an interval; the last one may be shorter.
    pub interval_ns: u64,
    /// By service, by interval, by node of the service; nothing where there is no choice.
    pub services: Vec<Vec<Vec<u32>>>,
}

/// The running counts.
pub(super) struct Shares {
    interval: Time,
    /// Whether the window has begun: what came before it is not asked for.
    open: bool,
    /// By service, where there is a choice.
    services: Vec<Option<Service>>,
}

struct Service {
    /// By node of the cluster: its place among those of the service.
    places: Vec<u32>,
    nodes: usize,
    intervals: Vec<Vec<u32>>,
}

impl Shares {
    /// None where nothing distributes sessions.
    pub(super) fn new(scenario: &Scenario) -> Option<Shares> {
        let cluster = &scenario.cluster;
        cluster.routing.as_ref()?;
        let of = |service: usize| {
            let nodes: Vec<usize> = cluster.servers(service).collect();
            let mut places = vec![0; cluster.nodes.len()];
            nodes.iter().enumerate().for_each(|(place, node)| places[*node] = place as u32);
            (nodes.len() > 1).then(|| Service { places, nodes: nodes.len(), intervals: Vec::new() })
        };
        let services = (0..scenario.services.len()).map(of).collect();
        Some(Shares { interval: scenario.share_interval, open: false, services })
    }

    /// A session is sent to a node, so long after the beginning of the window.
    pub(super) fn count(&mut self, service: usize, node: u32, since: Time) {
        let Some(service) = self.services[service].as_mut().filter(|_| self.open) else { return };
        let interval = (since.0 / self.interval.0) as usize;
        if service.intervals.len() <= interval {
            service.intervals.resize(interval + 1, vec![0; service.nodes]);
        }
        service.intervals[interval][service.places[node as usize] as usize] += 1;
    }

    /// The window begins.
    pub(super) fn reset(&mut self) {
        self.open = true;
        self.services.iter_mut().flatten().for_each(|service| service.intervals.clear());
    }

    /// What was counted in a window of this length.
    pub(super) fn observed(self, window: Time) -> SharesObserved {
        let intervals = window.0.div_ceil(self.interval.0) as usize;
        let services = self.services.into_iter().map(|service| {
            let Some(mut service) = service else { return Vec::new() };
            service.intervals.resize(intervals, vec![0; service.nodes]);
            service.intervals
        });
        SharesObserved { interval_ns: self.interval.0, services: services.collect() }
    }
}
