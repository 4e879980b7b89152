//! Attempts: who tries again, when, and when it is given up.

use super::outlet::Turn;
use super::{ATTEMPTS, Errand, Failed, Letter, Place, SERVER};
use crate::cluster::World;
use crate::cluster::balance::{Visitor, of_node};
use crate::cluster::event::Event;
use crate::cluster::session::{Birth, Job};
use crate::engine::{Agenda, Id};
use crate::random::Key;
use crate::scenario::{Delivery, Whose};
use crate::units::Time;

impl World<'_> {
    /// The kind of sender that a session comes from.
    fn sender(&self, key: Key) -> usize {
        let senders = &self.scenario.senders;
        let last = senders.len() - 1;
        if last == 0 {
            return 0;
        }
        let mut kind = key.at(SERVER).stream().unit();
        let found = senders.iter().position(|sender| {
            kind -= sender.share;
            kind < 0.0
        });
        found.unwrap_or(last)
    }

    /// How whoever sends in a session delivers; none for people.
    pub(in crate::cluster) fn delivery(&self, stream: u32, key: Key, errand: &Errand) -> Option<&Delivery> {
        if errand.from_backup {
            return Some(&self.scenario.backup.delivery);
        }
        match self.whose(stream)? {
            Whose::Person => None,
            Whose::Server | Whose::Spammer => Some(&self.scenario.senders[self.sender(key)].delivery),
        }
    }

    /// The queue of the server that a session comes from, where such queues have limits.
    pub(super) fn outlet(&self, stream: u32, key: Key) -> Option<u32> {
        if !self.mail.limited || self.whose(stream)? != Whose::Server {
            return None;
        }
        let kind = self.sender(key);
        let servers = self.scenario.senders[kind].servers?;
        let server = key.at(SERVER).at(1).stream().below(u64::from(servers)) as u32;
        Some(self.mail.first_outlet[kind] + server)
    }

    /// A session is wanted for the first time. Where servers have limits it has to wait for its turn.
    pub(in crate::cluster) fn set_out(
        &mut self,
        stream: usize,
        (key, birth): (Key, &Birth),
        now: Time,
        agenda: &mut Agenda<Event>,
    ) {
        let errand = self.hand_in(stream, key, birth.messages, now);
        let Some(outlet) = self.outlet(stream as u32, key) else {
            self.arrive(stream, (key, 0), birth, errand, now, agenda);
            return;
        };
        self.mail.ledger.take_out(Place::InFlight, errand.copies);
        let left = Failed { stream: stream as u32, key, known: 0, errand, is_final: true };
        let letter = self.queue(Letter::new(&left, now, Some(outlet), Place::Senders));
        self.take_turn(letter, now, agenda);
    }

    /// A message is in a queue from now on.
    pub(super) fn queue(&mut self, letter: Letter) -> Id<Letter> {
        self.mail.ledger.take_in(letter.hands, letter.errand.copies);
        self.mail.letters.insert(letter)
    }

    /// A message may be due: unless it was told to go before, or is gone.
    pub(in crate::cluster) fn fall_due(&mut self, id: Id<Letter>, now: Time, agenda: &mut Agenda<Event>) {
        // What the event was about may be gone, and its slot another letter's.
        if self.mail.letters.get(id).is_some_and(|letter| letter.due == Some(now)) {
            self.take_turn(id, now, agenda);
        }
    }

    /// A message in a queue is due.
    pub(in crate::cluster) fn take_turn(&mut self, id: Id<Letter>, now: Time, agenda: &mut Agenda<Event>) {
        self.mail.letters[id].due = None;
        if self.sleeps(id) {
            return;
        }
        let turn = match self.mail.letters[id].outlet {
            None => Turn::Now,
            Some(outlet) => self.mail.outlets[outlet as usize].turn(id, now),
        };
        match turn {
            Turn::Now => self.send(id, now, agenda),
            Turn::Waits => {}
            Turn::Suspended => self.put_off(id, now, agenda),
        }
    }

    /// A message goes out of its queue into a session.
    fn send(&mut self, id: Id<Letter>, now: Time, agenda: &mut Agenda<Event>) {
        let letter = &mut self.mail.letters[id];
        letter.is_sent = true;
        letter.errand.letter = Some(id);
        let Letter { stream, key, known, errand, hands, .. } = *letter;
        self.mail.ledger.take_out(hands, errand.copies);
        self.mail.ledger.take_in(Place::InFlight, errand.copies);
        let birth = self.birth_of(stream as usize, key, &errand);
        if errand.attempt > 0 {
            self.mail.ledger.repeat();
        }
        self.arrive(stream as usize, (key, known), &birth, errand, now, agenda);
    }

    /// What a session is from the start, and at each further attempt another way to a node.
    pub(in crate::cluster) fn birth_of(&self, stream: usize, key: Key, errand: &Errand) -> Birth {
        let mut birth = self.kinds[stream].birth(key);
        if errand.attempt > 0 || errand.from_backup {
            let attempt = u64::from(errand.attempt) << 1 | u64::from(errand.from_backup);
            birth.routing = key.at(ATTEMPTS).at(attempt).stream().unit();
        }
        birth
    }

    /// The message of a queue was taken: it is settled, and the next one has its turn.
    pub(super) fn sent(&mut self, id: Id<Letter>, now: Time, agenda: &mut Agenda<Event>) {
        let letter = self.mail.letters.remove(id);
        self.free_outlet(letter.outlet, true, now, agenda);
    }

    /// An attempt of a server is over.
    fn free_outlet(&mut self, outlet: Option<u32>, well: bool, now: Time, agenda: &mut Agenda<Event>) {
        let Some(outlet) = outlet.map(|outlet| outlet as usize) else { return };
        self.mail.outlets[outlet].done(well, now);
        for id in self.mail.outlets[outlet].suspended(now) {
            self.put_off(id, now, agenda);
        }
        while let Some(id) = self.mail.outlets[outlet].next(now) {
            self.send(id, now, agenda);
        }
    }

    /// What becomes of a session that has failed.
    pub(super) fn after_failure(&mut self, left: Failed, now: Time, agenda: &mut Agenda<Event>) {
        let whose = self.whose(left.stream);
        let goes_on = !left.errand.from_backup && !left.errand.to_backup && !left.is_final;
        match whose {
            Some(Whose::Server | Whose::Spammer) if goes_on && self.mail.backup.is_some() => {
                self.turn_to_backup(left, now, agenda);
            }
            Some(Whose::Server) => self.keep(left, now, agenda),
            Some(Whose::Spammer) => self.mail.ledger.refuse(left.errand.copies),
            Some(Whose::Person) | None if left.errand.from_backup => self.keep(left, now, agenda),
            Some(Whose::Person) | None => self.try_later(left, now, agenda),
        }
    }

    /// A server keeps what it could not send.
    fn keep(&mut self, left: Failed, now: Time, agenda: &mut Agenda<Event>) {
        let Some(id) = left.errand.letter else {
            let queued_at = left.errand.born;
            let outlet = self.outlet(left.stream, left.key);
            let id = self.queue(Letter::new(&left, queued_at, outlet, Place::Senders));
            self.put_off(id, now, agenda);
            return;
        };
        let hands = if left.errand.from_backup { self.hands_of_backup() } else { Place::Senders };
        let letter = &mut self.mail.letters[id];
        letter.known = letter.known.max(left.known);
        letter.errand = Errand { to_backup: false, ..left.errand };
        (letter.is_sent, letter.hands) = (false, hands);
        let (copies, outlet) = (letter.errand.copies, letter.outlet);
        self.mail.ledger.take_in(hands, copies);
        self.put_off(id, now, agenda);
        self.free_outlet(outlet, false, now, agenda);
    }

    /// A message is tried again later, or goes back to its sender when it is too old.
    fn put_off(&mut self, id: Id<Letter>, now: Time, agenda: &mut Agenda<Event>) {
        let letter = &self.mail.letters[id];
        let retry = match letter.errand.from_backup {
            true => self.scenario.backup.delivery.retry,
            false => self.scenario.senders[self.sender(letter.key)].delivery.retry,
        };
        let age = now - letter.queued_at;
        if age >= retry.lifetime {
            let letter = self.mail.letters.remove(id);
            self.mail.ledger.take_out(letter.hands, letter.errand.copies);
            self.mail.ledger.bounce(letter.errand.copies);
            self.mail.ledger.notify();
            return;
        }
        let phase = match (letter.outlet, retry.phase) {
            (Some(outlet), _) => self.mail.outlets[outlet as usize].phase,
            (None, Some(phase)) => phase,
            (None, None) => {
                let chance = letter.key.at(SERVER).at(0).stream().unit();
                Time::from_ns_f64(chance * retry.scan.0 as f64)
            }
        };
        let letter = &mut self.mail.letters[id];
        letter.errand.attempt += 1;
        if retry.warning.is_some_and(|warning| age >= warning) && !std::mem::replace(&mut letter.warned, true) {
            self.mail.ledger.notify();
        }
        let due = retry.next(now, age, phase);
        letter.due = Some(due);
        agenda.schedule(due, Event::Letter { letter: id });
    }

    /// A client tries again later if that is its habit, and else lets it be.
    fn try_later(&mut self, left: Failed, now: Time, agenda: &mut Agenda<Event>) {
        let (stream, key) = (left.stream as usize, left.key);
        let birth = self.kinds[stream].birth(key);
        let group = self.group(birth.group);
        if left.errand.attempt >= self.scenario.groups[group].retries {
            self.mail.ledger.refuse(left.errand.copies);
            return;
        }
        let errand = Errand { attempt: left.errand.attempt + 1, ..left.errand };
        let mut chance = key.at(ATTEMPTS).at(u64::from(errand.attempt) << 1).at(0).stream();
        let after = Time::from_secs_f64(self.retry_intervals[group].sample(&mut chance));
        self.mail.ledger.take_in(Place::People, errand.copies);
        let birth = self.birth_of(stream, key, &errand);
        self.come_later((stream, key), birth, errand, now + after, agenda);
    }

    /// How whoever comes in a session is seen: the backup as a node of the cluster.
    pub(in crate::cluster) fn seen_as(&self, visitor: Visitor, errand: &Errand) -> Visitor {
        match self.mail.backup.filter(|_| errand.from_backup) {
            Some((node, _)) => Visitor { group: None, address: of_node(node), ..visitor },
            None => visitor,
        }
    }

    /// Seconds for each byte on the line of whoever is at the other end of a session, and the round-trip time.
    pub(in crate::cluster) fn line(&self, job: &Job) -> (f64, Time) {
        if job.errand.from_backup {
            return (self.scenario.backup.s_per_byte, self.scenario.backup.rtt);
        }
        let group = &self.scenario.groups[job.group as usize];
        (group.s_per_byte, group.rtt)
    }
}
