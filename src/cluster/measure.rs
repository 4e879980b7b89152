//! Measuring: when the window begins, minute by minute, and when it is over.

use super::event::Event;
use super::memory::Memory;
use super::node::Station;
use super::observe::{
    Flow, LevelObserved, Minute, NodeHour, NodeObserved, Observed, OperationObserved, StationObserved, StreamObserved,
};
use super::world::{MINUTE, World};
use crate::analytic::Resource;
use crate::engine::Agenda;
use crate::scenario::Level;
use crate::stats::{Histogram, Tally, TimeAverage};
use crate::units::Time;

/// The running measurement of one node.
pub(super) struct NodeMeter {
    pub(super) sessions: u64,
    pub(super) connections: TimeAverage,
    pub(super) hours: Vec<NodeHour>,
    /// Totals at the end of the last hour.
    pub(super) hour_began: Time,
    pub(super) hour_sessions: u64,
    pub(super) hour_busy_ns: [u128; 4],
    pub(super) domains: Option<Time>,
    /// Work after replies that was gone with the disk.
    pub(super) lost_work: u64,
}

impl World<'_> {
    /// The warm-up is over: everything that is measured starts anew, everything that is present stays.
    pub fn start_window(&mut self, agenda: &mut Agenda<Event>) {
        let now = agenda.now();
        self.window_start = now;
        self.last_minute = now;
        self.services.iter_mut().for_each(|service| service.reset(now));
        self.operations.iter_mut().for_each(|operation| *operation = unobserved());
        self.levels.fill(LevelObserved::default());
        self.standing.iter_mut().for_each(|standing| standing.reset(now));
        self.greylists.reset(self.scenario);
        self.mail.reset();
        self.streams.fill(StreamObserved::default());
        if let Some(shares) = &mut self.shares {
            shares.reset();
        }
        self.post.reset();
        self.balancers.reset(now);
        self.rebase_agents(now);
        self.background = Flow { present_at_start: self.present_in_background(), ..Flow::default() };
        for (meter, machine) in self.nodes.iter_mut().zip(&mut self.machines) {
            meter.reset(now);
            for resource in Resource::ALL {
                if let Some(station) = machine.station_mut(resource) {
                    station.reset(now);
                }
            }
        }
        if let Some(hours) = &mut self.hours {
            hours.start(now, &self.services, &self.levels);
        }
        self.utilisation.reset(&self.machines);
        self.desks.iter_mut().flatten().for_each(|desk| desk.reset(now));
        if let Some(device) = &mut self.device {
            device.reset(now);
        }
        if let Some(orders) = &mut self.monitor {
            orders.reset();
        }
        self.memories.iter_mut().flatten().for_each(Memory::reset);
        agenda.schedule(now + MINUTE, Event::Minute);
    }

    /// Everything that was measured, at the end of the window.
    #[must_use]
    pub fn finish(mut self, now: Time) -> Observed {
        if now > self.last_minute {
            self.close_minute(now);
        }
        for node in 0..self.nodes.len() {
            if now > self.nodes[node].hour_began {
                self.close_hour(node, now);
            }
        }
        self.count_overdue(now);
        if let Some(hours) = &mut self.hours {
            hours.close(now, &self.services, &self.levels);
        }
        let mut present = vec![0; self.services.len()];
        for (_, job) in self.jobs.iter().filter(|(_, job)| !job.background && job.fate.is_counted()) {
            let service = self.scenario.streams[job.stream as usize].service;
            present[service] += 1;
            let stay = now - job.began.max(self.window_start);
            self.services[service].observed.stays_ns += u128::from(stay.0);
        }
        self.background.present_at_end = self.present_in_background();
        for standing in &self.standing {
            let service = standing.service(self.scenario);
            standing.add_to(self.services[service].observed.standing.get_or_insert_default(), now);
        }
        let mail = self.mail_observed();
        let window_start = self.window_start;
        let greylists = self.greylists.observed(self.scenario);
        let names = self.balancers.observed(now);
        for (_, seeker) in self.seekers.iter().filter(|(_, seeker)| seeker.is_counted()) {
            let service = self.scenario.streams[seeker.stream as usize].service;
            present[service] += 1;
            let stay = now - seeker.began.max(self.window_start);
            self.services[service].observed.stays_ns += u128::from(stay.0);
        }
        let services = self.services.into_iter().zip(present).zip(greylists).zip(names).map(
            |(((mut service, present), greylist), dns)| {
                service.observed.greylist = greylist;
                service.observed.dns = dns;
                service.observed.flow.present_at_end = present;
                service.observed.number_ns = service.number.integral(now);
                service.observed
            },
        );
        let nodes = self.nodes.into_iter().zip(&self.machines).zip(&self.desks).zip(&self.memories).map(
            |(((meter, machine), desks), memory)| NodeObserved {
                memory: memory.as_ref().map(Memory::observed),
                desks: desks.iter().map(|desk| desk.observed(now)).collect(),
                sessions: meter.sessions,
                lost_work: meter.lost_work,
                connections_peak: meter.connections.peak(),
                stations: Resource::ALL
                    .iter()
                    .map(|resource| Some(observed_station(machine.station(*resource)?, now)))
                    .collect(),
                hours: meter.hours,
            },
        );
        Observed {
            window_ns: (now - window_start).0,
            services: services.collect(),
            operations: self.operations,
            levels: self.levels,
            nodes: nodes.collect(),
            background: self.background,
            switch: self.device.as_ref().map(|device| device.observed(now)),
            monitor: self.monitor.map(|orders| orders.observed()),
            minutes: self.minutes,
            mailboxes: self.post.observed(),
            shares: self.shares.map(|shares| shares.observed()),
            hours: self.hours.map(|hours| hours.observed()).unwrap_or_default(),
            utilisation: self.utilisation.observed(),
            mail,
            streams: self.streams,
            failures: self.failures.observed(window_start),
            lanes: self.lanes,
        }
    }

    /// When the interval of the window will be over that begins or is under way now.
    #[must_use]
    pub fn interval_end(&self, now: Time) -> Time {
        let length = self.utilisation.interval();
        let since = now - self.window_start;
        self.window_start + length * (since.0 / length.0 + 1)
    }

    /// It is over.
    pub fn close_interval(&mut self, now: Time) {
        self.utilisation.close(&self.machines, now);
    }

    pub(super) fn close_minute(&mut self, now: Time) {
        let length_ns = (now - self.last_minute).0;
        let services = self.services.iter_mut().map(|service| service.close_minute(now)).collect();
        let mail = self.mail.ledger.balance();
        debug_assert!(mail.is_none_or(|mail| mail.hands() == self.recount()), "{mail:?} but {:?}", self.recount());
        self.minutes.push(Minute { length_ns, services, mail });
        self.last_minute = now;
    }

    pub(super) fn close_hour(&mut self, node: usize, now: Time) {
        let (meter, machine) = (&mut self.nodes[node], &self.machines[node]);
        let busy_ns = Resource::ALL.iter().zip(&mut meter.hour_busy_ns).map(|(resource, last)| {
            let total = machine.station(*resource)?.busy_ns(now);
            let since = total - std::mem::replace(last, total);
            Some(since as u64)
        });
        let busy_ns = busy_ns.collect();
        let sessions = meter.sessions - std::mem::replace(&mut meter.hour_sessions, meter.sessions);
        let length_ns = (now - std::mem::replace(&mut meter.hour_began, now)).0;
        meter.hours.push(NodeHour { length_ns, sessions, busy_ns });
    }

    pub(super) fn present_in_background(&self) -> u64 {
        self.jobs.iter().filter(|(_, job)| job.background && job.fate.is_counted()).count() as u64
    }

    /// What is under way at the end and over its limit already will be late whatever comes.
    pub(super) fn count_overdue(&mut self, now: Time) {
        let scenario = self.scenario;
        for (_, seeker) in self.seekers.iter().filter(|(_, seeker)| seeker.is_counted()) {
            for level in &self.session_levels[scenario.streams[seeker.stream as usize].service] {
                if now - seeker.began > scenario.levels[*level].under.at(0) {
                    self.levels[*level].total += 1;
                    self.levels[*level].late += 1;
                }
            }
        }
        for (_, job) in self.jobs.iter().filter(|(_, job)| job.fate.is_counted()) {
            let stream = &scenario.streams[job.stream as usize];
            let operation = self.own_operation(job);
            let of_operation = operation.map_or(&[][..], |index| &self.operation_levels[index]);
            let of_session = if job.background { &[][..] } else { &self.session_levels[stream.service] };
            let sessions = of_session.iter().map(|level| (*level, job.waited(now), job.moved));
            let execution = now.saturating_sub(job.execution_began);
            let executions = of_operation.iter().map(|level| (*level, execution, job.execution_moved));
            for (level, waited, moved) in sessions.chain(executions) {
                if waited > scenario.levels[level].under.at(moved) {
                    self.levels[level].total += 1;
                    self.levels[level].late += 1;
                }
            }
        }
    }
}

impl NodeMeter {
    pub(super) fn new() -> NodeMeter {
        NodeMeter {
            sessions: 0,
            connections: TimeAverage::default(),
            hours: Vec::new(),
            hour_began: Time::ZERO,
            hour_sessions: 0,
            hour_busy_ns: [0; 4],
            domains: None,
            lost_work: 0,
        }
    }

    pub(super) fn reset(&mut self, now: Time) {
        (self.sessions, self.lost_work) = (0, 0);
        self.connections.reset(now);
        (self.hour_began, self.hour_sessions, self.hour_busy_ns) = (now, 0, [0; 4]);
    }
}

pub(super) fn unobserved() -> OperationObserved {
    OperationObserved { response: Tally::default(), response_histogram: Histogram::detail() }
}

pub(super) fn judge(observed: &mut LevelObserved, level: &Level, response: Time, moved: u64) {
    observed.total += 1;
    observed.late += u64::from(response > level.under.at(moved));
}

pub(super) fn observed_station(station: &Station, now: Time) -> StationObserved {
    let counts = station.counts();
    let whole = |ns: f64| ns.max(0.0).round() as u128;
    StationObserved {
        flow: Flow {
            present_at_start: station.present_at_reset,
            began: counts.arrivals,
            refused: counts.removals,
            ended: counts.departures,
            present_at_end: station.present(),
        },
        number_ns: station.number_ns(now),
        busy_ns: station.busy_ns(now),
        brought_ns: station.brought_ns,
        taken_away_ns: whole(station.taken_away_ns),
        undone_ns: whole(station.undone_ns(now)),
        backlog_at_start_ns: whole(station.backlog_at_reset_ns),
        backlog_at_end_ns: whole(station.backlog_ns(now)),
        capacity_ppm: (station.capacity * 1e6).round() as u64,
    }
}
