//! The mail of a session: offered, taken by a node, delivered, or given back.

use super::{Errand, Failed, Pending, Place};
use crate::cluster::World;
use crate::cluster::faults::Condition;
use crate::cluster::seeking::Seeker;
use crate::cluster::session::Job;
use crate::engine::{Agenda, Id};
use crate::random::Key;
use crate::scenario::{Messages, Times};
use crate::units::Time;
use std::ops::Range;

impl World<'_> {
    /// The copies of messages of a session that carries mail.
    pub(in crate::cluster) fn copies(&self, stream: u32, key: Key, messages: Range<u32>) -> u32 {
        let kind = &self.kinds[stream as usize];
        messages.map(|message| kind.message(key, message).recipients).sum()
    }

    /// The same of a job, which knows those of all that it began with. What a filter of the backup has turned away, the backup
    /// does not forward.
    fn copies_of(&self, job: &Job, messages: Range<u32>) -> u32 {
        if messages == (job.errand.first..job.messages) {
            return job.errand.copies;
        }
        if !job.errand.from_backup {
            return self.copies(job.stream, job.key, messages);
        }
        let wanted = messages.filter(|message| self.is_wanted(job, *message));
        wanted.map(|message| self.copies(job.stream, job.key, message..message + 1)).sum()
    }

    /// A session is wanted for the first time: what it is about.
    pub(in crate::cluster) fn hand_in(&mut self, stream: usize, key: Key, messages: u32, now: Time) -> Errand {
        let mut errand = Errand::new(now);
        if self.scenario.streams[stream].mail.is_some() {
            errand.copies = self.copies(stream as u32, key, 0..messages);
            self.mail.ledger.offer(errand.copies);
            self.mail.ledger.take_in(Place::InFlight, errand.copies);
        }
        errand
    }

    /// Whether a message is let through by every filter of its contents that its client waits for.
    fn is_wanted(&self, job: &Job, message: u32) -> bool {
        let (kind, stream) = (&self.kinds[job.stream as usize], &self.scenario.streams[job.stream as usize]);
        let mut places = stream.operations.iter().enumerate();
        places.all(|(place, index)| {
            !self.scenario.operations[*index].client_waits || kind.lets_message(job.key, message, place)
        })
    }

    /// The client of a session has the answer to its messages up to this one: they are taken, or refused.
    fn answer_for(&mut self, id: Id<Job>, until: u32, now: Time) {
        for message in self.jobs[id].settled..until {
            let job = &self.jobs[id];
            let copies = self.copies_of(job, message..message + 1);
            let (wanted, age) = (self.is_wanted(job, message), now - job.errand.born);
            let hands = self.hands_at(job.node, job.stream);
            // What an operation has delivered before the answer is in no session any more.
            let early = copies - copies.min(self.jobs[id].sending);
            self.mail.ledger.take_out(Place::InFlight, copies - early);
            let job = &mut self.jobs[id];
            job.sending -= copies - early;
            job.settled = message + 1;
            if !wanted {
                self.mail.ledger.refuse(copies);
                continue;
            }
            (job.queued, job.hands) = (job.queued + copies - early, hands);
            self.mail.ledger.take_in(hands, copies - early);
            if !self.jobs[id].errand.from_backup {
                self.mail.ledger.note_taken(age, copies);
            }
        }
    }

    /// An operation of a session is done once more: with the one that takes messages its client has an answer.
    pub(in crate::cluster) fn take_message(&mut self, id: Id<Job>, now: Time) {
        let job = &self.jobs[id];
        let Some(mail) = self.scenario.streams[job.stream as usize].mail else { return };
        if !job.background && job.position as usize == mail.taken_at && !job.cursor.has_more_copies() {
            self.answer_for(id, job.cursor.next_message, now);
        }
    }

    /// The work after the reply begins, or the session is over: all of its messages have an answer, none of them that a
    /// filter turned away is taken.
    pub(in crate::cluster) fn answer_for_all(&mut self, id: Id<Job>, now: Time) {
        let job = &self.jobs[id];
        if self.scenario.streams[job.stream as usize].mail.is_some() {
            self.answer_for(id, job.messages, now);
        }
    }

    /// A filter of connections turns a session away for good.
    pub(in crate::cluster) fn refuse_mail(&mut self, id: Id<Job>) {
        let job = &mut self.jobs[id];
        let sending = std::mem::take(&mut job.sending);
        job.settled = job.messages;
        self.mail.ledger.take_out(Place::InFlight, sending);
        self.mail.ledger.refuse(sending);
    }

    /// A session is turned away for now: what its sender comes back with, when that was agreed without a queue.
    pub(in crate::cluster) fn come_back_with(&mut self, id: Id<Job>) -> Errand {
        let job = &mut self.jobs[id];
        let sending = std::mem::take(&mut job.sending);
        let errand = Errand { first: job.settled, copies: sending, letter: None, to_backup: false, ..job.errand };
        job.settled = job.messages;
        self.mail.ledger.take_out(Place::InFlight, sending);
        self.mail.ledger.take_in(Place::Senders, sending);
        Errand { attempt: errand.attempt + 1, ..errand }
    }

    /// A filter takes a message out after the reply.
    pub(in crate::cluster) fn discard_message(&mut self, id: Id<Job>, message: u32) {
        let job = &self.jobs[id];
        if !job.background || job.queued == 0 || !self.is_wanted(job, message) {
            return;
        }
        let copies = self.copies_of(job, message..message + 1).min(job.queued);
        self.jobs[id].queued -= copies;
        self.mail.ledger.take_out(self.jobs[id].hands, copies);
        self.mail.ledger.refuse(copies);
    }

    /// An operation has delivered what it was about.
    pub(in crate::cluster) fn deliver(&mut self, id: Id<Job>, index: usize, now: Time) {
        let (job, operation) = (&self.jobs[id], &self.scenario.operations[index]);
        let stream = &self.scenario.streams[job.stream as usize];
        if stream.mail.is_none() || (job.background && self.is_backup(job.node)) {
            return;
        }
        if let Some(mailboxes) = stream.mailboxes.filter(|_| operation.messages != Messages::Remote) {
            self.post.deliver(mailboxes);
        }
        let message = job.cursor.next_message - 1;
        let copies = match operation.times {
            Times::PerRecipient => 1,
            Times::PerMessage | Times::Once => self.copies_of(job, message..message + 1),
        };
        let is_local = match operation.messages {
            Messages::Local => true,
            Messages::Remote => false,
            Messages::All => !job.message(&self.kinds[job.stream as usize], message).remote,
        };
        let age = now - job.errand.born;
        // Before the answer they are still the client's; what was answered for is in the node's hands.
        let job = &mut self.jobs[id];
        let (held, hands) =
            if job.queued > 0 { (&mut job.queued, job.hands) } else { (&mut job.sending, Place::InFlight) };
        *held -= copies;
        self.mail.ledger.take_out(hands, copies);
        self.mail.delivered += 1;
        let nth = Some(self.mail.delivered);
        if self.sabotage.drop_message != nth {
            self.mail.ledger.deliver(copies);
        }
        if self.sabotage.double_message == nth {
            self.mail.ledger.deliver(copies);
        }
        if is_local {
            self.mail.ledger.note_delivered(age, copies);
        }
    }

    /// A session has failed: what was taken is worked on, and what was not is whose it was. `kept` is the first message that
    /// its client has no answer to, if the node thinks otherwise.
    pub(in crate::cluster) fn give_back(&mut self, id: Id<Job>, kept: Option<u32>, is_final: bool, now: Time) {
        let job = &self.jobs[id];
        self.streams[job.stream as usize].failed += u64::from(!job.errand.from_backup);
        if self.scenario.streams[job.stream as usize].mail.is_none() {
            let left = Failed { stream: job.stream, key: job.key, known: job.known, errand: job.errand, is_final };
            self.mail.pending.push_back(Pending::Failed(left));
            return;
        }
        if job.queued > 0 && !job.work_begun {
            self.begin_work(id, now);
        }
        let job = &self.jobs[id];
        let first = kept.unwrap_or(job.settled);
        let copies = self.copies_of(job, first..job.messages);
        let errand = Errand { first, copies, ..job.errand };
        let left = Failed { stream: job.stream, key: job.key, known: job.known, errand, is_final };
        let sending = std::mem::take(&mut self.jobs[id].sending);
        self.mail.ledger.take_out(Place::InFlight, sending);
        self.mail.ledger.duplicate(copies - sending.min(copies));
        self.mail.pending.push_back(Pending::Failed(left));
    }

    /// A session has failed before it reached a node.
    pub(in crate::cluster) fn give_back_unseen(&mut self, seeker: &Seeker) {
        self.mail.ledger.take_out(Place::InFlight, seeker.errand.copies);
        let Seeker { stream, key, known, errand, .. } = *seeker;
        self.streams[stream as usize].failed += u64::from(!errand.from_backup);
        // A primary was tried, and the backup if there is one: what else there was to try was tried.
        self.mail.pending.push_back(Pending::Failed(Failed { stream, key, known, errand, is_final: true }));
    }

    /// Somebody tries again: the mail leaves the hands in which it has waited.
    pub(in crate::cluster) fn leave_the_outbox(&mut self, hands: Place, errand: &Errand) {
        self.mail.ledger.take_out(hands, errand.copies);
        self.mail.ledger.take_in(Place::InFlight, errand.copies);
    }

    /// Nobody is there who would try again.
    pub(in crate::cluster) fn give_up_mail(&mut self, errand: &Errand) {
        self.mail.ledger.take_out(Place::People, errand.copies);
        self.mail.ledger.refuse(errand.copies);
    }

    /// A session with a message from a queue is over, and all is well.
    pub(in crate::cluster) fn is_sent(&mut self, job: &Job) {
        if let Some(letter) = job.errand.letter {
            self.mail.pending.push_back(Pending::Sent(letter));
        }
    }

    /// Whether a sender has waited too long for an answer, so that it takes an execution that went well for a failure: the
    /// first message that it has no answer to.
    pub(in crate::cluster) fn outwaited(&self, id: Id<Job>, index: usize, now: Time) -> Option<u32> {
        let job = &self.jobs[id];
        let mail = self.scenario.streams[job.stream as usize].mail.filter(|_| !job.background)?;
        let delivery = self.delivery(job.stream, job.key, &job.errand)?;
        let takes = job.position as usize == mail.taken_at;
        let patience = if takes { delivery.data_timeout } else { delivery.patience.timeout };
        let (s_per_byte, rtt) = self.line(job);
        let trips = rtt * u64::from(self.scenario.operations[index].round_trips);
        let line = Time::from_secs_f64(job.execution_moved as f64 * s_per_byte) + trips;
        let waited = now.saturating_sub(job.execution_began).saturating_sub(line);
        (waited > patience).then(|| if takes { job.cursor.next_message - 1 } else { job.settled })
    }

    /// In whose hands mail is that a node has taken for a service.
    pub(in crate::cluster) fn hands_at(&self, node: u32, stream: u32) -> Place {
        let service = self.scenario.streams[stream as usize].service;
        match self.faults.conditions().local(node, service) {
            Condition::Up if self.is_backup(node) => Place::Backups,
            Condition::Up => Place::Nodes,
            Condition::Refuses | Condition::Mute | Condition::Silent => Place::Stranded,
        }
    }

    /// Conditions of nodes have changed: queues are stranded, or worked on again, and whoever forwards from one that is down is
    /// cut off.
    pub(in crate::cluster) fn hand_over(&mut self, now: Time, agenda: &mut Agenda<crate::cluster::Event>) {
        if self.mail.ledger.balance().is_none() {
            return;
        }
        let holding: Vec<Id<Job>> =
            self.jobs.iter().filter(|(_, job)| job.queued > 0 && job.fate.is_counted()).map(|(id, _)| id).collect();
        for id in holding {
            let job = &self.jobs[id];
            let (hands, queued) = (self.hands_at(job.node, job.stream), job.queued);
            self.mail.ledger.take_out(job.hands, queued);
            self.mail.ledger.take_in(hands, queued);
            self.jobs[id].hands = hands;
        }
        self.hand_over_backup(now, agenda);
    }

    /// The disk of a machine is gone, and with it the mail in its queue.
    pub(in crate::cluster) fn lose_mail_of(&mut self, id: Id<Job>) {
        let job = &mut self.jobs[id];
        let queued = std::mem::take(&mut job.queued);
        self.mail.ledger.take_out(job.hands, queued);
        self.mail.ledger.lose(queued);
    }
}
