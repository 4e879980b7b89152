//! The ledger of mail, by recipient copies.

use super::Mail;
use crate::cluster::World;
use crate::cluster::seeking::Wait;
use crate::stats::{Histogram, Tally};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// Kinds of hands.
const HANDS: usize = 6;

/// In whose hands copies are that are not settled yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cluster) enum Place {
    /// In a session: nobody has answered for them.
    InFlight,
    /// With people, whose software tries again.
    People,
    /// In the queues of servers that send, for another attempt.
    Senders,
    /// In the queues of nodes that work.
    Nodes,
    /// In the queue of a backup that works.
    Backups,
    /// In the queue of a machine, or of a service, that does not.
    Stranded,
}

/// The ledger at one moment, from time zero on: what came, what has become of it, and where the rest is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailBalance {
    /// Copies of the messages that people and servers began to send.
    pub offered: u64,
    /// Notices to senders: that a message is late, or that it could not be delivered.
    pub generated: u64,
    /// Copies that were sent again though they had been taken, since the answer did not come in time.
    pub duplicated: u64,
    /// Copies in mailboxes, or handed over to other servers.
    pub delivered: u64,
    /// Copies that went back to their senders.
    pub bounced: u64,
    /// Copies that were turned away for good: by a filter, or from people and spammers who tried no further.
    pub refused: u64,
    /// Copies that were taken and are gone, with the disk that they were on.
    pub lost: u64,
    /// Copies in sessions.
    pub in_flight: u64,
    /// Copies with people whose software tries again.
    pub at_people: u64,
    /// Copies in the queues of servers that send.
    pub at_senders: u64,
    /// Copies in the queues of nodes.
    pub at_nodes: u64,
    /// Copies in the queue of the backup.
    pub at_backups: u64,
    /// Copies in queues of machines or services that are down.
    pub stranded: u64,
}

impl MailBalance {
    /// Whether nothing is missing and nothing too much.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let settled = self.delivered + self.bounced + self.refused + self.lost;
        self.offered + self.generated + self.duplicated == settled + self.in_flight + self.queued() + self.stranded
    }

    /// Copies in queues that are worked on.
    #[must_use]
    pub fn queued(&self) -> u64 {
        self.at_people + self.at_senders + self.at_nodes + self.at_backups
    }

    /// In how many hands copies of each kind are.
    pub(in crate::cluster) fn hands(&self) -> [u64; HANDS] {
        [self.in_flight, self.at_people, self.at_senders, self.at_nodes, self.at_backups, self.stranded]
    }

    fn at(&mut self, place: Place) -> &mut u64 {
        match place {
            Place::InFlight => &mut self.in_flight,
            Place::People => &mut self.at_people,
            Place::Senders => &mut self.at_senders,
            Place::Nodes => &mut self.at_nodes,
            Place::Backups => &mut self.at_backups,
            Place::Stranded => &mut self.stranded,
        }
    }
}

/// The mail of a replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MailObserved {
    /// At the end.
    pub end: MailBalance,
    /// The copies in hands at the end, counted one by one: in sessions, with people, at senders, nodes, the backup, and
    /// stranded.
    pub recounted: [u64; HANDS],
    /// The most at one time in the window, in the same order.
    pub peaks: [u64; HANDS],
    /// Attempts of servers and of the backup in the window for messages that had been put off before, be it untried.
    pub repeated: u64,
    /// Lookups of mail exchange records for which the zone was asked, and those that a server knew.
    pub queries: u64,
    /// See there.
    pub hits: u64,
    /// From the moment that a message was to be sent until the cluster took it, by copy.
    pub accept_delay: Tally,
    /// Two digits.
    pub accept_histogram: Histogram,
    /// From the same moment until it was in a mailbox, by copy.
    pub delivery_delay: Tally,
    /// Two digits.
    pub delivery_histogram: Histogram,
}

/// The ledger as it is kept. Nothing here is derived from anything else: whoever takes copies out of one hand says so, and
/// whoever puts them into another, or settles them, says that.
pub(in crate::cluster) struct Ledger {
    /// Whether there is any mail.
    open: bool,
    balance: MailBalance,
    peaks: [u64; HANDS],
    repeated: u64,
    accept_delay: Tally,
    accept_histogram: Histogram,
    delivery_delay: Tally,
    delivery_histogram: Histogram,
}

impl Ledger {
    pub(super) fn new(open: bool) -> Ledger {
        Ledger {
            open,
            balance: MailBalance::default(),
            peaks: [0; HANDS],
            repeated: 0,
            accept_delay: Tally::default(),
            accept_histogram: Histogram::detail(),
            delivery_delay: Tally::default(),
            delivery_histogram: Histogram::detail(),
        }
    }

    pub(super) fn reset(&mut self) {
        let fresh = Ledger::new(self.open);
        *self = Ledger { balance: self.balance, peaks: self.balance.hands(), ..fresh };
    }

    pub(super) fn take_in(&mut self, place: Place, copies: u32) {
        *self.balance.at(place) += u64::from(copies);
        let now = *self.balance.at(place);
        let peak = &mut self.peaks[place as usize];
        *peak = (*peak).max(now);
    }

    pub(super) fn take_out(&mut self, place: Place, copies: u32) {
        let held = self.balance.at(place);
        // A contradiction is found at the end of the minute, and must not end the program here.
        *held = held.wrapping_sub(u64::from(copies));
    }

    pub(super) fn offer(&mut self, copies: u32) {
        self.balance.offered += u64::from(copies);
    }

    /// A notice is written and reaches its reader at once (an assumption: those of servers elsewhere stay there, and nobody
    /// waits for those of the backup).
    pub(super) fn notify(&mut self) {
        self.balance.generated += 1;
        self.balance.delivered += 1;
    }

    pub(super) fn duplicate(&mut self, copies: u32) {
        self.balance.duplicated += u64::from(copies);
    }

    pub(super) fn bounce(&mut self, copies: u32) {
        self.balance.bounced += u64::from(copies);
    }

    pub(super) fn refuse(&mut self, copies: u32) {
        self.balance.refused += u64::from(copies);
    }

    pub(super) fn lose(&mut self, copies: u32) {
        self.balance.lost += u64::from(copies);
    }

    pub(super) fn deliver(&mut self, copies: u32) {
        self.balance.delivered += u64::from(copies);
    }

    pub(super) fn repeat(&mut self) {
        self.repeated += 1;
    }

    /// Copies of this age have been taken by the cluster.
    pub(super) fn note_taken(&mut self, age: Time, copies: u32) {
        for _ in 0..copies {
            self.accept_delay.record(age);
            self.accept_histogram.record(age);
        }
    }

    /// Copies of this age have been put into mailboxes.
    pub(super) fn note_delivered(&mut self, age: Time, copies: u32) {
        for _ in 0..copies {
            self.delivery_delay.record(age);
            self.delivery_histogram.record(age);
        }
    }

    /// The ledger at this moment; none where there is no mail.
    pub(in crate::cluster) fn balance(&self) -> Option<MailBalance> {
        self.open.then_some(self.balance)
    }
}

impl World<'_> {
    /// Asks everybody how many copies they have.
    pub(in crate::cluster) fn recount(&self) -> [u64; HANDS] {
        let mut hands = MailBalance::default();
        for (_, seeker) in self.seekers.iter().filter(|(_, seeker)| seeker.page_of.is_none()) {
            let place = if seeker.state == Wait::Begin { Place::People } else { Place::InFlight };
            *hands.at(place) += u64::from(seeker.errand.copies);
        }
        for (_, job) in self.jobs.iter().filter(|(_, job)| job.fate.is_counted()) {
            *hands.at(Place::InFlight) += u64::from(job.sending);
            *hands.at(job.hands) += u64::from(job.queued);
        }
        for (_, letter) in self.mail.letters.iter() {
            *hands.at(letter.hands) += u64::from(letter.in_hands());
        }
        *hands.at(Place::Senders) += self.greylists.copies();
        hands.hands()
    }

    /// What was observed of mail, at the end.
    pub(in crate::cluster) fn mail_observed(&self) -> Option<MailObserved> {
        let Mail { ledger, queries, hits, .. } = &self.mail;
        Some(MailObserved {
            end: ledger.balance()?,
            recounted: self.recount(),
            peaks: ledger.peaks,
            repeated: ledger.repeated,
            queries: *queries,
            hits: *hits,
            accept_delay: ledger.accept_delay,
            accept_histogram: ledger.accept_histogram.clone(),
            delivery_delay: ledger.delivery_delay,
            delivery_histogram: ledger.delivery_histogram.clone(),
        })
    }
}

impl MailObserved {
    /// What contradicts itself at the end.
    pub(in crate::cluster) fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        if !self.end.adds_up() {
            found.push(format!("the ledger of mail does not add up: {:?}", self.end));
        }
        if self.end.hands() != self.recounted {
            found.push(format!(
                "copies in hands by the ledger {:?}, counted one by one {:?}",
                self.end.hands(),
                self.recounted
            ));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_adds_up_when_every_copy_is_somewhere_once() {
        let mut ledger = Ledger::new(true);
        ledger.offer(5);
        ledger.take_in(Place::InFlight, 5);
        assert!(ledger.balance.adds_up());
        ledger.take_out(Place::InFlight, 2);
        assert!(!ledger.balance.adds_up(), "two copies are nowhere");
        ledger.take_in(Place::Nodes, 2);
        assert!(ledger.balance.adds_up());
        ledger.deliver(1);
        assert!(!ledger.balance.adds_up(), "one copy is in two places");
        ledger.take_out(Place::Nodes, 1);
        ledger.notify();
        assert!(ledger.balance.adds_up());
        assert_eq!((ledger.balance.queued(), ledger.balance.in_flight, ledger.balance.delivered), (1, 3, 2));
    }
}
