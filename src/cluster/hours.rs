//! What the sessions of each hour of the window went through: differences of the running totals between its ends, so that
//! nothing is measured twice and a window of an hour costs nothing.

use super::observe::LevelObserved;
use super::service_meter::ServiceMeter;
use crate::scenario::Scenario;
use crate::stats::{Histogram, wide};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// A window of fewer hours is looked at as a whole.
const FEWEST: u64 = 2;
const HOUR: Time = Time::from_secs(3_600);

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

/// The hours as they go by; the totals of all services and levels when the last one was over.
pub(super) struct Hours {
    closed: Vec<HourObserved>,
    began: Time,
    services: Vec<ServiceHour>,
    levels: Vec<LevelObserved>,
}

impl Hours {
    /// None in a window that is looked at as a whole.
    pub(super) fn new(scenario: &Scenario) -> Option<Box<Hours>> {
        (scenario.window >= HOUR * FEWEST).then(|| {
            Box::new(Hours {
                closed: Vec::new(),
                began: Time::ZERO,
                services: scenario.services.iter().map(|_| totals(&ServiceMeter::new())).collect(),
                levels: vec![LevelObserved::default(); scenario.levels.len()],
            })
        })
    }

    /// The window begins, with all totals at zero.
    pub(super) fn reset(&mut self, now: Time, services: &[ServiceMeter]) {
        self.began = now;
        self.services = services.iter().map(totals).collect();
        self.levels.fill(LevelObserved::default());
    }

    /// An hour is over, or the window is. Where both end at once, what is overdue at the end of the window is counted last, and
    /// belongs to the hour that was just closed.
    pub(super) fn close(&mut self, now: Time, services: &[ServiceMeter], levels: &[LevelObserved]) {
        let length_ns = (now - self.began).0;
        self.began = now;
        let levels = levels.iter().zip(&mut self.levels).map(|(now, last)| {
            let last = std::mem::replace(last, *now);
            LevelObserved { total: now.total - last.total, late: now.late - last.late }
        });
        let levels: Vec<LevelObserved> = levels.collect();
        if let Some(closed) = self.closed.last_mut().filter(|_| length_ns == 0) {
            for (closed, overdue) in closed.levels.iter_mut().zip(levels) {
                closed.total += overdue.total;
                closed.late += overdue.late;
            }
            return;
        }
        let services = services.iter().zip(&mut self.services).map(|(meter, last)| {
            let now = totals(meter);
            let last = std::mem::replace(last, now.clone());
            ServiceHour {
                began: now.began - last.began,
                ended: now.ended - last.ended,
                response_ns: now.response_ns - last.response_ns,
                response_histogram: now.response_histogram.since(&last.response_histogram),
            }
        });
        let services = services.collect();
        self.closed.push(HourObserved { length_ns, services, levels });
    }

    pub(super) fn observed(self) -> Vec<HourObserved> {
        self.closed
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
