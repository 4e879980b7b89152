//! The stations of a node: CPU, disk channels, and the two directions of its link.

use super::event::Event;
use super::group_commit::GroupCommit;
use super::seeking::Seeker;
use super::session::Job;
use super::write_back::WriteBack;
use crate::analytic::Resource;
use crate::engine::{Agenda, Budget, Counts, Fcfs, Id, Link, ProcessorSharing, Quota, Scaling, Timer, Warming};
use crate::random::Sampler;
use crate::scenario::{self, Tier};
use crate::units::{Bandwidth, Bytes, Time};

/// Who is served at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A session, or work after a reply.
    Job(Id<Job>),
    /// A query for the addresses of a service, for somebody who has no node yet.
    Query(Id<Seeker>),
    /// A new connection at the switch.
    Seeker(Id<Seeker>),
    /// Periodic work for a mail domain.
    Housekeeping,
    /// A disk operation that nobody waits for.
    WriteBehind,
    /// A disk operation of a flush that serves all who wait for one.
    Flush,
}

enum Discipline {
    Shared(ProcessorSharing<Token>),
    InOrder(Fcfs<Token>),
    Budgeted(Box<Quota<Token>>),
    Wire(Link<Token>),
}

/// The same call on whichever station it is.
macro_rules! each {
    ($discipline:expr, $station:ident => $call:expr) => {
        match $discipline {
            Discipline::Shared($station) => $call,
            Discipline::InOrder($station) => $call,
            Discipline::Budgeted($station) => $call,
            Discipline::Wire($station) => $call,
        }
    };
}

/// A station, its timer, and the work that was brought to it.
pub(super) struct Station {
    discipline: Discipline,
    timer: Timer,
    announced: Option<Time>,
    event: Event,
    /// Demands brought since the last reset, in nanoseconds of one server.
    pub(super) brought_ns: u128,
    /// What of it was taken away undone, with the sessions that were cut off.
    pub(super) taken_away_ns: f64,
    /// The part of its speed that it has, how busy it had been when that changed, and how much less it has done than a
    /// station that is busy for so long.
    speed: f64,
    busy_at_speed_ns: u128,
    undone_ns: f64,
    /// Unfinished work and jobs at the last reset.
    pub(super) backlog_at_reset_ns: f64,
    pub(super) present_at_reset: u64,
    /// The full rate in servers, by which utilisation is measured.
    pub(super) capacity: f64,
}

impl Station {
    fn new(discipline: Discipline, capacity: f64, index: u32, agenda: &mut Agenda<Event>) -> Station {
        Station {
            discipline,
            timer: agenda.timer(),
            announced: None,
            event: Event::Station { station: index },
            brought_ns: 0,
            taken_away_ns: 0.0,
            speed: 1.0,
            busy_at_speed_ns: 0,
            undone_ns: 0.0,
            backlog_at_reset_ns: 0.0,
            present_at_reset: 0,
            capacity,
        }
    }

    /// One server and a line.
    pub(super) fn line(index: u32, agenda: &mut Agenda<Event>) -> Station {
        Station::new(Discipline::InOrder(Fcfs::new(1)), 1.0, index, agenda)
    }

    /// A wire that transfers share.
    pub(super) fn link(bandwidth: Bandwidth, index: u32, agenda: &mut Agenda<Event>) -> Station {
        Station::new(Discipline::Wire(Link::new(bandwidth)), 1.0, index, agenda)
    }

    /// A job comes with work in time of one server.
    pub(super) fn arrive(&mut self, now: Time, token: Token, demand: Time, agenda: &mut Agenda<Event>) {
        match &mut self.discipline {
            Discipline::Shared(station) => station.arrive(now, token, demand),
            Discipline::InOrder(station) => station.arrive(now, token, demand),
            Discipline::Budgeted(station) => station.arrive(now, token, demand),
            Discipline::Wire(_) => unreachable!("a link takes bytes"),
        }
        self.brought_ns += u128::from(demand.0);
        self.announce(agenda);
    }

    /// A message comes to a link.
    pub(super) fn carry(&mut self, now: Time, token: Token, bytes: Bytes, agenda: &mut Agenda<Event>) {
        let Discipline::Wire(link) = &mut self.discipline else { unreachable!("only a link carries bytes") };
        self.brought_ns += u128::from(link.arrive(now, token, bytes).0);
        self.announce(agenda);
    }

    /// The next job that is done, if one is. The caller goes on until there is none: then the timer is set to the next one.
    pub(super) fn next_departed(&mut self, now: Time, agenda: &mut Agenda<Event>) -> Option<Token> {
        let departed = each!(&mut self.discipline, station => station.pop_departed(now));
        if departed.is_none() {
            self.announce(agenda);
        }
        departed
    }

    /// Takes all work of a job away; says whether there was any.
    pub(super) fn take_away(&mut self, now: Time, token: Token, agenda: &mut Agenda<Event>) -> bool {
        let before = self.backlog_ns(now);
        let found = each!(&mut self.discipline, station => station.remove(now, token));
        if found {
            self.taken_away_ns += before - self.backlog_ns(now);
            self.announce(agenda);
        }
        found
    }

    /// From now on it works at a part of its speed; false where its discipline can't change that for the work it has.
    pub(super) fn set_speed(&mut self, now: Time, speed: f64, agenda: &mut Agenda<Event>) -> bool {
        let undone_ns = self.undone_ns(now);
        let Discipline::Shared(station) = &mut self.discipline else { return false };
        station.set_rate(now, speed);
        (self.undone_ns, self.busy_at_speed_ns, self.speed) = (undone_ns, station.busy(now), speed);
        self.announce(agenda);
        true
    }

    /// What it has done less than a station at full speed that was busy for as long.
    pub(super) fn undone_ns(&self, now: Time) -> f64 {
        let lost_ns = if let Discipline::Budgeted(station) = &self.discipline { station.lost(now) } else { 0 };
        self.undone_ns + lost_ns as f64 + (1.0 - self.speed) * (self.busy_ns(now) - self.busy_at_speed_ns) as f64
    }

    /// The timer has fired: it is no longer set.
    pub(super) fn fired(&mut self) {
        self.announced = None;
    }

    /// Sets the timer to the next departure, if that has changed.
    pub(super) fn announce(&mut self, agenda: &mut Agenda<Event>) {
        let next = each!(&self.discipline, station => station.next_departure());
        if next == self.announced {
            return;
        }
        self.announced = next;
        match next {
            Some(at) => agenda.set(&self.timer, at, self.event),
            None => agenda.cancel(&self.timer),
        }
    }

    pub(super) fn counts(&self) -> Counts {
        each!(&self.discipline, station => station.counts())
    }

    pub(super) fn present(&self) -> u64 {
        each!(&self.discipline, station => station.number() as u64)
    }

    pub(super) fn number_ns(&self, now: Time) -> u128 {
        each!(&self.discipline, station => station.number_integral(now))
    }

    pub(super) fn busy_ns(&self, now: Time) -> u128 {
        each!(&self.discipline, station => station.busy(now))
    }

    /// Work that was brought and is not done, in nanoseconds of one server.
    pub(super) fn backlog_ns(&self, now: Time) -> f64 {
        each!(&self.discipline, station => station.backlog(now))
    }

    pub(super) fn reset(&mut self, now: Time) {
        self.backlog_at_reset_ns = self.backlog_ns(now);
        self.present_at_reset = self.present();
        (self.brought_ns, self.taken_away_ns) = (0, 0.0);
        (self.busy_at_speed_ns, self.undone_ns) = (0, 0.0);
        each!(&mut self.discipline, station => station.reset_statistics(now));
    }
}

/// A machine as the simulation sees it.
pub(super) struct Machine {
    pub(super) cpu: Station,
    pub(super) disk: Option<Station>,
    pub(super) link_in: Option<Station>,
    pub(super) link_out: Option<Station>,
    /// Nanoseconds of this machine's core for a second of the reference core.
    pub(super) ns_per_reference_s: f64,
    pub(super) disk_service: Sampler,
    /// Seconds that a disk takes to move a byte.
    pub(super) disk_s_per_byte: f64,
    pub(super) raid_write_penalty: u32,
    pub(super) write_back: Option<WriteBack>,
    pub(super) group_commit: Option<GroupCommit>,
}

impl Machine {
    pub(super) fn new(tier: &Tier, node: usize, agenda: &mut Agenda<Event>) -> Machine {
        let number = |resource: Resource| (node * Resource::ALL.len() + resource as usize) as u32;
        let scaling = Scaling { cores: tier.cores, contention: tier.contention, coherency: tier.coherency };
        let budget = tier.cpu_quota.map(|quota| Budget {
            warming: Warming::new(quota.resume, quota.cold),
            ..Budget::of_cores(quota.cores, quota.period, quota.burst)
        });
        let cpu = match (tier.discipline, budget) {
            (scenario::Discipline::ProcessorSharing, None) => Discipline::Shared(ProcessorSharing::new(scaling)),
            (scenario::Discipline::ProcessorSharing, Some(budget)) => {
                Discipline::Budgeted(Box::new(Quota::shared(scaling, budget)))
            }
            (scenario::Discipline::Fcfs, None) => Discipline::InOrder(Fcfs::new(tier.cores)),
            (scenario::Discipline::Fcfs, Some(budget)) => {
                Discipline::Budgeted(Box::new(Quota::in_order(tier.cores, budget)))
            }
        };
        let mut link =
            |resource: Resource| tier.network.map(|bandwidth| Station::link(bandwidth, number(resource), agenda));
        let (link_in, link_out) = (link(Resource::LinkIn), link(Resource::LinkOut));
        let disk = (tier.disks > 0).then(|| {
            let channels = Discipline::InOrder(Fcfs::new(tier.disks));
            Station::new(channels, f64::from(tier.disks), number(Resource::Disk), agenda)
        });
        Machine {
            cpu: Station::new(cpu, tier.cpu_capacity() / tier.speed, number(Resource::Cpu), agenda),
            disk,
            link_in,
            link_out,
            ns_per_reference_s: 1e9 / tier.speed,
            disk_service: tier.disk_service.sampler(),
            disk_s_per_byte: tier.disk_s_per_byte(),
            raid_write_penalty: tier.raid_write_penalty,
            write_back: tier.write_back.map(WriteBack::new),
            group_commit: tier.group_commit.then(GroupCommit::default),
        }
    }

    pub(super) fn station(&self, resource: Resource) -> Option<&Station> {
        match resource {
            Resource::Cpu => Some(&self.cpu),
            Resource::Disk => self.disk.as_ref(),
            Resource::LinkIn => self.link_in.as_ref(),
            Resource::LinkOut => self.link_out.as_ref(),
            Resource::SwitchConnections | Resource::SwitchThroughput => None,
        }
    }

    pub(super) fn station_mut(&mut self, resource: Resource) -> Option<&mut Station> {
        match resource {
            Resource::Cpu => Some(&mut self.cpu),
            Resource::Disk => self.disk.as_mut(),
            Resource::LinkIn => self.link_in.as_mut(),
            Resource::LinkOut => self.link_out.as_mut(),
            Resource::SwitchConnections | Resource::SwitchThroughput => None,
        }
    }
}
