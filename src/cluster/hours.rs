//! What the sessions of each hour of the window went through: differences of the running totals between its ends, so that
//! nothing is measured twice and a window of an hour costs nothing.

use super::arrivals::HOUR;
use super::observe::LevelObserved;
use super::service_meter::ServiceMeter;
use crate::scenario::Scenario;
use crate::stats::{Histogram, wide};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// A window of fewer hours is looked at as a whole.
const FEWEST: u64 = 2;

/// An hour of the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HourObserved {
    /// Its length; the last one may be shorter.
    pub length_ns: u64,
    /// By service.
    pub services: Vec<ServiceHour>,
    /// By level.
    pub levels: Vec<LevelObserved>,
}

/// The sessions of a service in an hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceHour {
    /// Began.
    pub began: u64,
    /// Ended well.
    pub ended: u64,
    /// The sum of their response times.
    #[serde(with = "wide")]
    pub response_ns: u128,
    /// And how these are distributed, with three digits.
    pub response_histogram: Histogram,
}

/// The hours as they go by.
#[derive(Default)]
pub(super) struct Hours {
    closed: Vec<HourObserved>,
    began: Time,
    /// The totals of all services and levels when the last one was over.
    services: Vec<ServiceHour>,
    levels: Vec<LevelObserved>,
}

impl Hours {
    /// None in a window that is looked at as a whole.
    pub(super) fn new(scenario: &Scenario) -> Option<Box<Hours>> {
        (scenario.window >= HOUR * FEWEST).then(Box::default)
    }

    /// The window begins.
    pub(super) fn start(&mut self, now: Time, services: &[ServiceMeter], levels: &[LevelObserved]) {
        self.began = now;
        self.services = services.iter().map(totals).collect();
        self.levels = levels.to_vec();
    }

    /// An hour is over.
    pub(super) fn close(&mut self, now: Time, services: &[ServiceMeter], levels: &[LevelObserved]) {
        let length_ns = (now - std::mem::replace(&mut self.began, now)).0;
        let services: Vec<ServiceHour> = services.iter().map(totals).collect();
        self.closed.push(HourObserved {
            length_ns,
            services: services.iter().zip(&self.services).map(|(now, before)| now.since(before)).collect(),
            levels: levels.iter().zip(&self.levels).map(|(now, before)| now.since(*before)).collect(),
        });
        (self.services, self.levels) = (services, levels.to_vec());
    }

    pub(super) fn observed(self) -> Vec<HourObserved> {
        self.closed
    }
}

impl ServiceHour {
    fn since(&self, before: &ServiceHour) -> ServiceHour {
        ServiceHour {
            began: self.began - before.began,
            ended: self.ended - before.ended,
            response_ns: self.response_ns - before.response_ns,
            response_histogram: self.response_histogram.since(&before.response_histogram),
        }
    }
}

impl LevelObserved {
    fn since(self, before: LevelObserved) -> LevelObserved {
        LevelObserved { total: self.total - before.total, late: self.late - before.late }
    }
}

fn totals(meter: &ServiceMeter) -> ServiceHour {
    let observed = &meter.observed;
    ServiceHour {
        began: observed.flow.began,
        ended: observed.flow.ended,
        response_ns: observed.response.sum_ns(),
        response_histogram: observed.response_histogram.packed(),
    }
}
