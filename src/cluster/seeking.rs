//! How somebody looks for a node that answers: the addresses that are tried, and how long.
//!
//! Most sessions find one at once and pass through here without a trace. Who meets silence sends his first packet again
//! and again until his patience with that address is over, then tries the next; who gets a connection and no answer on it
//! gives up.

use super::balance::Visitor;
use super::event::Event;
use super::faults::Condition;
use super::mail::{Errand, Pending, Place};
use super::session::{Birth, Job};
use super::world::World;
use crate::engine::{Agenda, Id};
use crate::random::Key;
use crate::scenario::Patience;
use crate::units::Time;

/// A session that has no node yet.
#[derive(Debug, Clone, Copy)]
pub struct Seeker {
    pub(super) stream: u32,
    pub(super) key: Key,
    /// Operations of which the greylists know the sender.
    pub(super) known: u32,
    pub(super) birth: Birth,
    pub(super) errand: Errand,
    /// The intended arrival.
    pub(super) began: Time,
    pub(super) visitor: Visitor,
    /// The session under way that this is about: it wants another connection for its next page.
    pub(super) page_of: Option<Id<Job>>,
    /// Whether it is one of the connections of the switch.
    pub(super) connected: bool,
    /// Whether a switch that connects itself sent it where it had been before.
    pub(super) is_known: bool,
    /// How often the switch has tried again.
    pub(super) retries: u32,
    /// The node that does not answer; it counts as one of its connections.
    pub(super) waits_for: Option<u32>,
    /// Until when it will not answer.
    pub(super) state: Wait,
    /// When this address was tried first, and what failed last.
    pub(super) tried: Time,
    pub(super) failure: Failure,
    /// How long it took to learn the addresses.
    pub(super) learning: Time,
}

/// What a seeker waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// To begin at all.
    Begin,
    /// To learn the addresses, so long after the zone's server has done its part.
    Name(Time),
    /// To learn where mail goes, the same.
    Exchange(Time),
    /// For an answer about a name, in vain.
    NoName,
    /// To go on to the next address.
    Next,
    /// To send again, after as long a time as this.
    Resend(Time),
    /// For an answer on an open connection, in vain.
    Answer,
    /// For the switch to try again.
    Switch,
}

/// Why a session failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// There was no room, or nobody was there.
    Refused,
    /// Nobody answered.
    TimedOut,
    /// It was cut off.
    Lost,
}

impl Seeker {
    pub(super) fn new(
        (stream, key, known): (usize, Key, u32),
        birth: Birth,
        errand: Errand,
        visitor: Visitor,
        now: Time,
    ) -> Seeker {
        let (stream, failure) = (stream as u32, Failure::Refused);
        Seeker {
            stream,
            key,
            known,
            birth,
            errand,
            began: now,
            visitor,
            page_of: None,
            connected: false,
            is_known: false,
            retries: 0,
            waits_for: None,
            state: Wait::Next,
            tried: now,
            failure,
            learning: Time::ZERO,
        }
    }

    /// Whether its session has arrived, and is not counted elsewhere.
    pub(super) fn is_counted(&self) -> bool {
        self.state != Wait::Begin && self.page_of.is_none()
    }

    /// The same for a session under way that wants another connection: when it began, and now.
    pub(super) fn for_page(
        id: Id<Job>,
        session: (usize, Key, u32),
        birth: Birth,
        visitor: Visitor,
        (began, now): (Time, Time),
    ) -> Seeker {
        Seeker { page_of: Some(id), began, ..Seeker::new(session, birth, Errand::new(began), visitor, now) }
    }
}

impl World<'_> {
    /// Somebody tries the next address.
    pub(super) fn knock(&mut self, mut seeker: Seeker, now: Time, agenda: &mut Agenda<Event>) {
        let service = self.scenario.streams[seeker.stream as usize].service;
        let redispatches = self.proxy(service).is_some_and(|proxy| proxy.redispatch);
        seeker.is_known = redispatches && self.balancers.knows(service, &seeker.visitor, now);
        let Some(node) = self.balancers.choose(service, &seeker.visitor, now) else {
            self.give_up(&seeker, now);
            return;
        };
        self.count_session(service, node, now);
        self.flood_with_connection(service, node, now, agenda);
        let condition = self.met_at(node, service);
        if condition == Condition::Up {
            self.land(&seeker, node, now, agenda);
            return;
        }
        self.count_unanswered(node, service);
        seeker.tried = now;
        if let Some(proxy) = self.proxy(service) {
            self.forward(proxy, (seeker, node), condition, now, agenda);
            return;
        }
        self.meet(condition, seeker, node, now, agenda);
    }

    /// A session is sent to a node.
    pub(super) fn count_session(&mut self, service: usize, node: u32, now: Time) {
        self.nodes[node as usize].sessions += 1;
        self.desks[node as usize][service].sessions += 1;
        if let Some(shares) = &mut self.shares {
            shares.count(service, node, now - self.window_start);
        }
    }

    /// Somebody meets a node that does not answer as it should.
    pub(super) fn meet(
        &mut self,
        condition: Condition,
        mut seeker: Seeker,
        node: u32,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        if condition == Condition::Up {
            self.land(&seeker, node, now, agenda);
            return;
        }
        seeker.waits_for = Some(node);
        let until = self.hold(&mut seeker, condition, now);
        let seeker = self.seekers.insert(seeker);
        agenda.schedule(until, Event::Seek { seeker });
    }

    /// Somebody gets no answer where this is the condition: until when, and what for, he waits.
    pub(super) fn hold(&self, seeker: &mut Seeker, condition: Condition, now: Time) -> Time {
        let patience = self.patience(seeker);
        match condition {
            Condition::Up => now,
            Condition::Refuses => {
                seeker.failure = Failure::Refused;
                seeker.state = Wait::Next;
                now + self.rtt(seeker)
            }
            Condition::Mute => {
                seeker.failure = Failure::TimedOut;
                seeker.state = Wait::Answer;
                now + patience.timeout
            }
            Condition::Silent => {
                seeker.failure = Failure::TimedOut;
                let gap = match seeker.state {
                    Wait::Resend(gap) => gap,
                    Wait::Begin
                    | Wait::Name(_)
                    | Wait::Exchange(_)
                    | Wait::NoName
                    | Wait::Next
                    | Wait::Answer
                    | Wait::Switch => patience.first_resend,
                };
                let (resend, gives_up) = (now + gap, seeker.tried + patience.connect_timeout);
                seeker.state = if resend < gives_up { Wait::Resend(gap * 2) } else { Wait::Next };
                resend.min(gives_up)
            }
        }
    }

    /// Somebody has waited for long enough: sends again, tries the next address, or gives up.
    pub(super) fn seek_again(&mut self, seeker: Id<Seeker>, now: Time, agenda: &mut Agenda<Event>) {
        let mut seeker = self.seekers.remove(seeker);
        let service = self.scenario.streams[seeker.stream as usize].service;
        match (seeker.waits_for, seeker.state) {
            (_, Wait::Begin) => self.begin_again(&seeker, now, agenda),
            (_, Wait::Name(_)) => self.know(seeker, now, agenda),
            (_, Wait::Exchange(_)) => self.look_up(seeker, now, agenda),
            (Some(waited), Wait::Resend(_)) => {
                let to_backup = seeker.errand.to_backup;
                let node = if to_backup { waited } else { self.balancers.again(service, &seeker.visitor, waited) };
                if node != waited {
                    self.count_session(service, node, now);
                }
                let condition = self.met_at(node, service);
                self.meet(condition, seeker, node, now, agenda);
            }
            (None, Wait::Resend(_)) => self.approach(seeker, now, agenda),
            (Some(node), Wait::Switch) => self.forward_again(seeker, node, now, agenda),
            (node, state) => {
                if let Some(node) = node.filter(|node| !self.is_backup(*node)) {
                    self.balancers.leave(service, node);
                }
                seeker.visitor.tries += 1;
                let is_last = seeker.errand.to_backup
                    || state == Wait::NoName
                    || (state == Wait::Answer && !self.sends_mail(&seeker));
                if is_last || !self.patience(&seeker).next_address {
                    self.give_up(&seeker, now);
                } else {
                    seeker.waits_for = None;
                    self.knock(seeker, now, agenda);
                }
            }
        }
        self.go_on(now, agenda);
    }

    /// A session will come at a given time.
    pub(super) fn come_later(
        &mut self,
        (stream, key): (usize, Key),
        birth: Birth,
        errand: Errand,
        at: Time,
        agenda: &mut Agenda<Event>,
    ) {
        let visitor = self.visitor(stream, &birth, key);
        let seeker = Seeker { state: Wait::Begin, ..Seeker::new((stream, key, 0), birth, errand, visitor, at) };
        let seeker = self.seekers.insert(seeker);
        agenda.schedule(at, Event::Seek { seeker });
    }

    /// A session begins on an open connection of which the other end does not answer any more.
    pub(super) fn wait_in_vain(
        &mut self,
        (stream, key): (usize, Key),
        birth: Birth,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        let errand = Errand::new(now);
        self.count_arrival(stream, &errand, now);
        let visitor = self.visitor(stream, &birth, key);
        let (state, failure) = (Wait::Answer, Failure::TimedOut);
        let seeker = Seeker { state, failure, ..Seeker::new((stream, key, 0), birth, errand, visitor, now) };
        let until = now + self.patience(&seeker).timeout;
        let seeker = self.seekers.insert(seeker);
        agenda.schedule(until, Event::Seek { seeker });
    }

    /// It comes, unless the one whose it is has another one meanwhile.
    fn begin_again(&mut self, seeker: &Seeker, now: Time, agenda: &mut Agenda<Event>) {
        let stream = seeker.stream as usize;
        if let Some(source) = self.scenario.streams[stream].source {
            if self.active[source] >= self.scenario.sources[source] {
                self.give_up_mail(&seeker.errand);
                return;
            }
            self.active[source] += 1;
        }
        self.leave_the_outbox(Place::People, &seeker.errand);
        self.arrive(stream, (seeker.key, seeker.known), &seeker.birth, seeker.errand, now, agenda);
    }

    pub(super) fn patience(&self, seeker: &Seeker) -> Patience {
        match self.delivery(seeker.stream, seeker.key, &seeker.errand) {
            Some(delivery) => delivery.patience,
            None => self.scenario.groups[self.group(seeker.birth.group)].patience,
        }
    }

    /// Round-trip time between somebody and a node.
    pub(super) fn rtt(&self, seeker: &Seeker) -> Time {
        match seeker.errand.from_backup {
            true => self.scenario.backup.rtt,
            false => self.scenario.groups[self.group(seeker.birth.group)].rtt,
        }
    }

    /// Whether somebody who has waited in vain for an answer at a node goes on to the next address: servers do, clients tell
    /// their user.
    fn sends_mail(&self, seeker: &Seeker) -> bool {
        self.delivery(seeker.stream, seeker.key, &seeker.errand).is_some()
    }

    /// A session found nobody.
    pub(super) fn give_up(&mut self, seeker: &Seeker, now: Time) {
        let service = self.scenario.streams[seeker.stream as usize].service;
        if seeker.connected {
            self.close_at_switch(service, now);
        }
        if let Some(id) = seeker.page_of {
            self.fail_page(id, seeker.failure, now);
            return;
        }
        if self.can_turn_to_backup(seeker) {
            self.mail.pending.push_back(Pending::Onward(Seeker { connected: false, ..*seeker }));
            return;
        }
        self.free(seeker.stream);
        self.count_failure(service, seeker.failure, seeker.began, now);
        self.give_back_unseen(seeker);
    }
}
