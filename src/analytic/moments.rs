//! What jobs bring to a resource, as sums that a utilisation and a variability follow from.

use super::certainty::{Bound, Certainty};
use super::load::{Resource, Station};
use crate::random::Law;

/// Raw moments of what jobs bring to a resource in a second, in seconds of one server.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    pub(super) per_s: f64,
    pub(super) first: f64,
    pub(super) second: f64,
    /// The part of `first` that is at most this, and whether any part of it may be less.
    at_most: f64,
    pub(super) bounded: bool,
}

impl Moments {
    pub(super) fn add(&mut self, per_s: f64, first: f64, second: f64, certainty: Certainty) {
        if first > 0.0 {
            self.per_s += per_s;
            self.first += per_s * first;
            self.second += per_s * second;
            self.bounded |= per_s > 0.0 && certainty != Certainty::Sure;
            if certainty == Certainty::AtMost {
                self.at_most += per_s * first;
            }
        }
    }

    pub(super) fn join(&mut self, other: &Moments) {
        self.per_s += other.per_s;
        self.first += other.first;
        self.second += other.second;
        self.at_most += other.at_most;
        self.bounded |= other.bounded;
    }

    /// The part of a capacity that is used.
    pub(super) fn used(&self, capacity: f64) -> f64 {
        self.first / capacity
    }

    /// The resource of a node that these jobs come to, with its capacity and its servers.
    pub(super) fn station(
        &self,
        (node, resource): (usize, Resource),
        (capacity, servers): (f64, u32),
        by_sessions: f64,
        bound: Bound,
    ) -> Station {
        let per_job = |sum: f64| if self.per_s > 0.0 { sum / self.per_s } else { 0.0 };
        let (service_s, second) = (per_job(self.first), per_job(self.second));
        Station {
            node,
            resource,
            jobs_per_s: self.per_s,
            service_s,
            cv2: if service_s > 0.0 { second / (service_s * service_s) - 1.0 } else { 0.0 },
            servers,
            utilisation: self.used(capacity),
            bound,
            firm: (self.first - self.at_most) / capacity,
            by_sessions,
        }
    }

    pub(super) fn add_law(&mut self, per_s: f64, law: &Law, factor: f64, certainty: Certainty) {
        self.add(per_s, law.mean() * factor, law.second_moment() * factor * factor, certainty);
    }
}
