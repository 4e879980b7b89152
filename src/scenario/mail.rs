//! How mail travels: the servers that send it, the backup that forwards it, and the records by which it is sent.

use super::patience::Patience;
use crate::units::Time;

/// Servers elsewhere that send mail to this cluster, as far as they behave alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Sender {
    /// Its name.
    pub name: String,
    /// Share of the sessions from outside, 0 to 1.
    pub share: f64,
    /// How many servers there are; none = each message has one to itself.
    pub servers: Option<u32>,
    /// How they deliver.
    pub delivery: Delivery,
}

/// How the backup forwards what it has taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Backup {
    /// Round-trip time to the primaries.
    pub rtt: Time,
    /// Seconds that one byte takes on the way there; 0 = no line worth counting.
    pub s_per_byte: f64,
    /// So long after a primary is back, it is told to send all that it has (`ETRN`, or `postqueue -f`); none = it is not.
    pub flush: Option<Time>,
    /// How it delivers.
    pub delivery: Delivery,
}

/// How a mail server delivers.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What it does when nobody answers; `timeout` is for a command.
    pub patience: Patience,
    /// The answer to a whole message is given up after so long.
    pub data_timeout: Time,
    /// When it tries again.
    pub retry: Retry,
    /// How many sessions it has at one time; none = any number.
    pub concurrency: Option<Concurrency>,
}

/// When a message that could not be delivered is tried again.
///
/// Postfix gives it a time, its age within bounds from the failure on (`qmgr_active_done`), and takes it up with the first look
/// through the queue at that time or later (`queue_run_delay`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Interval in which the queue is looked through, above zero.
    pub scan: Time,
    /// When it is looked through first; none = at a time of its own for each server.
    pub phase: Option<Time>,
    /// The least time to wait, above zero.
    pub least: Time,
    /// The most.
    pub most: Time,
    /// At a failure at this age or later the message goes back to its sender.
    pub lifetime: Time,
    /// At a failure at this age or later its sender is told once that it is late.
    pub warning: Option<Time>,
}

/// Sessions at one time of a server that sends, as Postfix limits them for each destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// To begin with, at least 1.
    pub initial: u32,
    /// The most.
    pub most: u32,
    /// For how long it tries nothing when as many attempts in a row have failed as it has sessions.
    pub pause: Time,
}

/// The mail exchange records of the cluster's domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// How long a server keeps them.
    pub ttl: Time,
    /// Time that it takes to look them up.
    pub lookup: Time,
}

/// Whose messages a session carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of people, whose own software tries again if they have it do so.
    Person,
    /// Those that a server elsewhere has in its queue.
    Server,
    /// Those of a sender of spam, who tries each address once and never comes back.
    Spammer,
}

/// What a session does about the messages that it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// Whose they are.
    pub whose: Whose,
    /// The place among its operations after which a message has been taken: its client has the answer.
    pub taken_at: usize,
}

impl Retry {
    /// When a message of this age is tried again by a server with this phase, after a failure at `now`.
    #[must_use]
    pub fn next(&self, now: Time, age: Time, phase: Time) -> Time {
        let due = now + age.clamp(self.least, self.most);
        phase + self.scan * due.saturating_sub(phase).0.div_ceil(self.scan.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTFIX: Retry = Retry {
        scan: Time::from_secs(300),
        phase: None,
        least: Time::from_secs(300),
        most: Time::from_secs(4_000),
        lifetime: Time::from_secs(432_000),
        warning: None,
    };

    /// Ages in minutes at which a message is tried again that comes at `at` and fails at once, each time.
    fn ages(at: u64, phase: u64, count: usize) -> Vec<f64> {
        let (born, mut now) = (Time::from_secs(at), Time::from_secs(at));
        let mut again = || {
            now = POSTFIX.next(now, now - born, Time::from_secs(phase));
            (now - born).as_secs_f64() / 60.0
        };
        (0..count).map(|_| again()).collect()
    }

    #[test]
    fn in_phase_the_ages_are_those_that_postfix_administrators_know() {
        assert_eq!(ages(900, 0, 8), [5.0, 10.0, 20.0, 40.0, 80.0, 150.0, 220.0, 290.0]);
        assert_eq!(ages(1_000, 100, 3), [5.0, 10.0, 20.0]);
    }

    #[test]
    fn at_any_phase_the_kth_retry_lies_in_its_octave() {
        for phase in 0..300 {
            for (k, age) in ages(3_000, phase, 4).into_iter().enumerate() {
                let octave = f64::from(1 << k);
                assert!((5.0 * octave..10.0 * octave).contains(&age), "phase {phase} s: retry {k} at {age} min");
            }
        }
    }
}
