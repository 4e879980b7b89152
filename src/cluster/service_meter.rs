//! The running measurement of a service.

use super::observe::{Flow, ServiceObserved};
use super::seeking::Failure;
use super::session::Job;
use crate::stats::{Histogram, Tally, TimeAverage};
use crate::units::Time;

/// The running measurement of one service.
pub(super) struct ServiceMeter {
    pub(super) number: TimeAverage,
    pub(super) minute: (u64, u64, u128),
    pub(super) observed: ServiceObserved,
}

impl ServiceMeter {
    pub(super) fn new() -> ServiceMeter {
        ServiceMeter {
            number: TimeAverage::new(Time::ZERO, 0),
            minute: (0, 0, 0),
            observed: ServiceObserved {
                flow: Flow::default(),
                rejected: 0,
                filtered: 0,
                greylist: None,
                dns: None,
                lost_changes: 0,
                standing: None,
                locked: 0,
                timed_out: 0,
                lost: 0,
                relogins: 0,
                number_ns: 0,
                stays_ns: 0,
                response: Tally::default(),
                response_histogram: Histogram::headline(),
                server: Tally::default(),
                server_histogram: Histogram::detail(),
                link: Tally::default(),
                link_histogram: Histogram::detail(),
            },
        }
    }

    pub(super) fn begin(&mut self, now: Time) {
        self.observed.flow.began += 1;
        self.number.add(now, 1);
    }

    /// A session is turned away or cut off.
    pub(super) fn fail(&mut self, how: Failure, began: Time, now: Time, window_start: Time) {
        self.number.add(now, -1);
        let observed = &mut self.observed;
        observed.flow.refused += 1;
        observed.stays_ns += u128::from((now - began.max(window_start)).0);
        match how {
            Failure::Refused => {}
            Failure::TimedOut => observed.timed_out += 1,
            Failure::Lost => observed.lost += 1,
        }
    }

    /// A session ends.
    pub(super) fn end(&mut self, now: Time, job: &Job, window_start: Time) {
        self.number.add(now, -1);
        let observed = &mut self.observed;
        observed.flow.ended += 1;
        observed.stays_ns += u128::from((now - job.began.max(window_start)).0);
        let (response, link) = (job.waited(now), job.client_time);
        let server = response.saturating_sub(link);
        observed.response.record(response);
        observed.response_histogram.record(response);
        observed.server.record(server);
        observed.server_histogram.record(server);
        observed.link.record(link);
        observed.link_histogram.record(link);
    }

    /// Closes a minute: what began, what ended, and session-nanoseconds since the last one.
    pub(super) fn close_minute(&mut self, now: Time) -> (u64, u64, u64) {
        let total = (self.observed.flow.began, self.observed.flow.ended, self.number.integral(now));
        let last = std::mem::replace(&mut self.minute, total);
        (total.0 - last.0, total.1 - last.1, (total.2 - last.2) as u64)
    }

    pub(super) fn reset(&mut self, now: Time) {
        let level = self.number;
        *self = ServiceMeter::new();
        self.number = level;
        self.number.reset(now);
        self.observed.flow.present_at_start = self.number.level();
    }
}
