//! The box that the switch is, as far as its limits go: one for the sessions of all services behind it.
//!
//! A connection is one from its arrival, while it waits for the box too, until it is closed.

use super::event::Event;
use super::measure::observed_station;
use super::node::{Station, Token};
use super::observe::StationObserved;
use super::seeking::{Failure, Seeker};
use super::session::Job;
use super::world::World;
use crate::analytic::Resource;
use crate::engine::{Agenda, Id};
use crate::scenario::{Scenario, SwitchLimits};
use crate::stats::{TimeAverage, wide};
use crate::units::{Bytes, Time};
use serde::{Deserialize, Serialize};

/// The switch in progress.
pub(super) struct Device {
    /// By service: whether its sessions come through it.
    behind: Vec<bool>,
    latency: Time,
    /// The most connections at one time.
    most: u64,
    /// Where new connections wait, with the time that each takes.
    connections: Option<(Station, Time)>,
    /// Bytes both ways together.
    pub(super) throughput: Option<Station>,
    open: TimeAverage,
    refused: u64,
}

/// The switch in the window, as far as it has limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchObserved {
    /// New connections; where their rate has a limit.
    pub connections: Option<StationObserved>,
    /// Transfers; where the throughput has a limit.
    pub throughput: Option<StationObserved>,
    /// Connections refused because there were too many.
    pub refused: u64,
    /// The most connections at one time.
    pub open_peak: u64,
    /// Connections × nanoseconds.
    #[serde(with = "wide")]
    pub open_ns: u128,
}

impl Device {
    /// The switch of a scenario; none where it bears anything.
    pub(super) fn new(scenario: &Scenario, agenda: &mut Agenda<Event>) -> Option<Box<Device>> {
        let limits = &scenario.switch;
        if *limits == SwitchLimits::default() {
            return None;
        }
        // Numbered beyond the stations of all nodes.
        let first = (scenario.cluster.nodes.len() * Resource::ALL.len()) as u32;
        let each = limits.connection_rate.map(|rate| Time::from_secs_f64(1.0 / rate.0));
        Some(Box::new(Device {
            behind: (0..scenario.services.len()).map(|service| scenario.cluster.is_behind_switch(service)).collect(),
            latency: limits.latency,
            most: limits.connections.map_or(u64::MAX, u64::from),
            connections: each.map(|each| (Station::line(first, agenda), each)),
            throughput: limits.throughput.map(|throughput| Station::link(throughput, first + 1, agenda)),
            open: TimeAverage::new(Time::ZERO, 0),
            refused: 0,
        }))
    }

    /// What it adds to each round trip of a client of this service.
    pub(super) fn latency(&self, service: usize) -> Time {
        if self.behind[service] { self.latency } else { Time::ZERO }
    }

    /// A station by its number among those of the switch.
    pub(super) fn station_mut(&mut self, index: usize) -> Option<&mut Station> {
        match index {
            0 => self.connections.as_mut().map(|(station, _)| station),
            _ => self.throughput.as_mut(),
        }
    }

    /// Statistics start anew.
    pub(super) fn reset(&mut self, now: Time) {
        for station in [0, 1] {
            if let Some(station) = self.station_mut(station) {
                station.reset(now);
            }
        }
        self.open.reset(now);
        self.refused = 0;
    }

    pub(super) fn observed(&self, now: Time) -> SwitchObserved {
        SwitchObserved {
            connections: self.connections.as_ref().map(|(station, _)| observed_station(station, now)),
            throughput: self.throughput.as_ref().map(|station| observed_station(station, now)),
            refused: self.refused,
            open_peak: self.open.peak(),
            open_ns: self.open.integral(now),
        }
    }
}

impl World<'_> {
    /// The switch, where the sessions of a service come through one that has limits.
    fn device(&mut self, service: usize) -> Option<&mut Device> {
        self.device.as_deref_mut().filter(|device| device.behind[service])
    }

    /// Somebody comes to the switch, if there is one before the service, and to a node through it.
    pub(super) fn approach(&mut self, mut seeker: Seeker, now: Time, agenda: &mut Agenda<Event>) {
        let service = self.scenario.streams[seeker.stream as usize].service;
        if self.faults.any() && self.meets_switch(service, &mut seeker, now, agenda) {
            return;
        }
        let Some(device) = self.device(service) else {
            self.knock(seeker, now, agenda);
            return;
        };
        if device.open.level() >= device.most {
            device.refused += 1;
            seeker.failure = Failure::Refused;
            self.give_up(&seeker, now);
            return;
        }
        device.open.add(now, 1);
        seeker.connected = true;
        let Some(each) = device.connections.as_ref().map(|(_, each)| *each) else {
            self.knock(seeker, now, agenda);
            return;
        };
        let seeker = self.seekers.insert(seeker);
        if let Some((line, _)) = self.device(service).and_then(|device| device.connections.as_mut()) {
            line.arrive(now, Token::Seeker(seeker), each, agenda);
        }
    }

    /// The switch has taken a connection on.
    pub(super) fn pass_on(&mut self, seeker: Id<Seeker>, now: Time, agenda: &mut Agenda<Event>) {
        let seeker = self.seekers.remove(seeker);
        self.knock(seeker, now, agenda);
        self.go_on(now, agenda);
    }

    /// One connection more that the switch has taken on long ago; false when it has no room.
    pub(super) fn reopen(&mut self, service: usize, now: Time) -> bool {
        let Some(device) = self.device(service) else { return true };
        let has_room = device.open.level() < device.most;
        device.open.add(now, i64::from(has_room));
        has_room
    }

    /// A connection through the switch is closed.
    pub(super) fn close_at_switch(&mut self, service: usize, now: Time) {
        if let Some(device) = self.device(service) {
            device.open.add(now, -1);
        }
    }

    /// The message of a job goes through the switch.
    pub(super) fn carry_through(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) -> bool {
        let Some(wire) = self.device.as_mut().and_then(|device| device.throughput.as_mut()) else { return false };
        let job = &mut self.jobs[id];
        wire.carry(now, Token::Job(id), Bytes(job.size), agenda);
        job.parts = 1;
        true
    }
}
