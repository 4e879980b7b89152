//! The backup: it takes mail that no primary takes, and forwards it.
//!
//! It does for a message what its client waits for, as a primary does, with nothing of the mail store and nobody of the
//! directory's database at hand; of the work after the reply only what sends mail on, once for each message. Then the message
//! is in its queue, and is tried at once. Assumptions: its own machines take mail from it without a greylist, and without a
//! lookup.

use super::{Errand, Failed, Letter, Place};
use crate::cluster::World;
use crate::cluster::event::Event;
use crate::cluster::faults::Condition;
use crate::cluster::node::Token;
use crate::cluster::seeking::{Failure, Seeker, Wait};
use crate::cluster::session::Job;
use crate::engine::{Agenda, Id};
use crate::units::{Bytes, Time};

impl World<'_> {
    /// Whether a node is the backup, as far as it takes mail.
    pub(in crate::cluster) fn is_backup(&self, node: u32) -> bool {
        self.mail.takes_at(node)
    }

    /// Whether a session that no primary answered goes on to the backup.
    pub(in crate::cluster) fn can_turn_to_backup(&self, seeker: &Seeker) -> bool {
        let knows = seeker.state != Wait::NoName;
        let comes_from_outside = self.delivery(seeker.stream, seeker.key, &seeker.errand).is_some();
        self.mail.backup.is_some()
            && knows
            && comes_from_outside
            && !(seeker.errand.to_backup || seeker.errand.from_backup)
    }

    /// A message that the backup forwards crosses its link, beside whatever else does.
    pub(in crate::cluster) fn leave_backup(&mut self, id: Id<Job>, now: Time, agenda: &mut Agenda<Event>) {
        let size = Bytes(self.jobs[id].size);
        let link = self.mail.backup.and_then(|(node, _)| self.machines[node as usize].link_out.as_mut());
        if let Some(link) = link {
            link.carry(now, Token::Housekeeping, size, agenda);
        }
    }

    /// A session that no primary answered tries the backup.
    pub(super) fn try_backup(&mut self, mut seeker: Seeker, now: Time, agenda: &mut Agenda<Event>) {
        let Some((node, _)) = self.mail.backup else { return };
        let service = self.scenario.streams[seeker.stream as usize].service;
        seeker.errand.to_backup = true;
        (seeker.state, seeker.waits_for, seeker.tried, seeker.retries) = (Wait::Next, None, now, 0);
        self.count_session(service, node, now);
        let condition = self.faults.condition(node, service);
        if condition != Condition::Up {
            self.count_unanswered(node, service);
        }
        self.meet(condition, seeker, node, now, agenda);
    }

    /// A session that a primary has cut off is begun anew at the backup.
    pub(super) fn turn_to_backup(&mut self, left: Failed, now: Time, agenda: &mut Agenda<Event>) {
        let Failed { stream, key, known, errand, .. } = left;
        let errand = Errand { to_backup: true, ..errand };
        self.mail.ledger.take_in(Place::InFlight, errand.copies);
        self.count_arrival(stream as usize, &errand, now);
        let birth = self.birth_of(stream as usize, key, &errand);
        let visitor = self.visitor(stream as usize, &birth, key);
        self.try_backup(Seeker::new((stream as usize, key, known), birth, errand, visitor, now), now, agenda);
    }

    /// The backup has taken the messages of a session and done its part: they are in its queue.
    pub(super) fn queue_at_backup(&mut self, taken: Failed, now: Time, agenda: &mut Agenda<Event>) {
        let Some((_, outlet)) = self.mail.backup else { return };
        let errand = Errand { from_backup: true, attempt: 0, letter: None, ..taken.errand };
        let hands = self.hands_of_backup();
        let letter = self.queue(Letter::new(&Failed { errand, ..taken }, now, Some(outlet), hands));
        self.take_turn(letter, now, agenda);
    }

    /// The work of the backup for the messages of a session is done.
    pub(in crate::cluster) fn pass_to_queue(&mut self, job: &Job) {
        if job.queued == 0 {
            return;
        }
        self.mail.ledger.take_out(job.hands, job.queued);
        let errand = Errand { copies: job.queued, ..job.errand };
        let taken = Failed { stream: job.stream, key: job.key, known: job.known, errand, is_final: true };
        self.mail.pending.push_back(super::Pending::Taken(taken));
    }

    /// The hands in which the queue of the backup is: stranded where its machine is down or reaches nobody.
    pub(super) fn hands_of_backup(&self) -> Place {
        match self.mail.backup.map(|(node, _)| self.faults.node(node)) {
            Some(Condition::Up) | None => Place::Backups,
            Some(Condition::Refuses | Condition::Mute | Condition::Silent) => Place::Stranded,
        }
    }

    /// Whether a message can't be tried since the backup that has it is down; it is when that is up again.
    pub(super) fn sleeps(&mut self, id: Id<Letter>) -> bool {
        let sleeps = self.mail.letters[id].errand.from_backup && self.hands_of_backup() == Place::Stranded;
        if sleeps {
            self.mail.asleep.push(id);
        }
        sleeps
    }

    /// The condition of the backup may have changed.
    pub(super) fn hand_over_backup(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        if self.mail.backup.is_none() {
            return;
        }
        let hands = self.hands_of_backup();
        let of_backup = |letter: &Letter| letter.errand.from_backup && letter.hands != hands;
        let held: Vec<Id<Letter>> =
            self.mail.letters.iter().filter(|(_, letter)| of_backup(letter)).map(|(id, _)| id).collect();
        for id in held {
            let letter = &mut self.mail.letters[id];
            let (from, copies) = (std::mem::replace(&mut letter.hands, hands), letter.in_hands());
            self.mail.ledger.take_out(from, copies);
            self.mail.ledger.take_in(hands, copies);
        }
        if hands == Place::Stranded {
            self.cut_forwarding(now, agenda);
        } else {
            for id in std::mem::take(&mut self.mail.asleep) {
                self.take_turn(id, now, agenda);
            }
        }
    }

    /// The machine of the backup has failed: what it was sending is cut off.
    fn cut_forwarding(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        let of_backup = |job: &Job| job.errand.from_backup && !job.background && job.sending > 0;
        let under_way: Vec<Id<Job>> = self.jobs.iter().filter(|(_, job)| of_backup(job)).map(|(id, _)| id).collect();
        self.cut_all(&under_way, now, agenda);
        let sending = |seeker: &Seeker| seeker.errand.from_backup && seeker.state != Wait::Begin;
        let seeking: Vec<Id<Seeker>> =
            self.seekers.iter().filter(|(_, seeker)| sending(seeker)).map(|(id, _)| id).collect();
        for id in seeking {
            // The event that names it finds it with nothing to wait for, and gives it up.
            let seeker = &mut self.seekers[id];
            (seeker.state, seeker.failure) = (Wait::Answer, Failure::Lost);
        }
    }

    /// The disk of the backup is gone, and with it what was in its queue.
    pub(in crate::cluster) fn lose_letters(&mut self, node: u32) {
        if !self.is_backup(node) {
            return;
        }
        let held = self.mail.letters.iter().filter(|(_, letter)| letter.errand.from_backup && !letter.is_sent);
        let held: Vec<Id<Letter>> = held.map(|(id, _)| id).collect();
        for id in held {
            let Letter { errand, hands, .. } = self.mail.letters.remove(id);
            self.mail.ledger.take_out(hands, errand.copies);
            self.mail.ledger.lose(errand.copies);
        }
        self.mail.asleep.clear();
        if let Some((_, outlet)) = self.mail.backup {
            self.mail.outlets[outlet as usize].forget_all();
        }
    }

    /// A primary is back: the backup may be told to send all that it has.
    pub(in crate::cluster) fn await_flush(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        if let (Some(after), Some(_)) = (self.scenario.backup.flush, self.mail.backup) {
            agenda.schedule(now + after, Event::Flush);
        }
    }

    /// The backup sends all that it has, whenever that was due.
    pub(in crate::cluster) fn flush_backup(&mut self, now: Time, agenda: &mut Agenda<Event>) {
        let Some((_, outlet)) = self.mail.backup else { return };
        self.mail.outlets[outlet as usize].revive();
        let waits = |letter: &Letter| letter.errand.from_backup && letter.due.is_some();
        let waiting: Vec<Id<Letter>> =
            self.mail.letters.iter().filter(|(_, letter)| waits(letter)).map(|(id, _)| id).collect();
        for id in waiting {
            self.take_turn(id, now, agenda);
        }
    }
}
