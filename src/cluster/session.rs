//! Sessions, and the work that goes on after the client has its reply.
//!
//! Everything random about a session hangs on its key: the client group, the messages, and for each execution of an
//! operation a stream of its own. So it is fixed at the session's creation, whatever design the session meets, and no
//! draw of one part can shift those of another.

use super::balance::Answer;
use super::calls::Frame;
use super::cutting::Fate;
use super::locks::Mailbox;
use super::mail::{Errand, Place};
use super::memory::Faults;
use super::pages::Page;
use crate::random::{Key, Sampler, Stream};
use crate::scenario::{self, Gate, Messages, Operation, Stage, Times};
use crate::units::Time;
use std::ops::Range;

/// The sub-keys of a session: the session itself, its messages, what filters say of it, the executions of its operations.
const SESSION: u64 = 0;
/// Below this, what the session finds in its mailbox.
pub(super) const MAILBOX: u64 = 1;
/// And which mailbox it locks. The next one, 3, is where it comes from.
pub(super) const LOCK: u64 = 2;
const MESSAGES: u64 = 1 << 32;
const GATES: u64 = 2 << 32;
const EXECUTIONS: u64 = 3 << 32;
/// What greylists say, inner calls, lookups in the directory, and what memory decides: far above every number of an execution.
const DEFERRALS: u64 = 1 << 59;
const CALLS: u64 = 1 << 60;
const LOOKUPS: u64 = 1 << 61;
const MEMORY: u64 = 1 << 62;
/// Further connections, and logins on them.
const CONNECTIONS: u64 = 1 << 63;
const RELOGINS: u64 = 3 << 62;
/// Executions of one operation in one session are numbered below this.
const MOST_EXECUTIONS: u64 = 1 << 24;

/// A session in progress, or work after a reply.
#[derive(Debug, Clone)]
pub struct Job {
    pub(super) key: Key,
    pub(super) stream: u32,
    pub(super) node: u32,
    pub(super) group: u32,
    /// By which it belongs to a part of the sessions, 0 to 1.
    pub(super) part: f64,
    /// How often the configuration had changed when the session loaded it.
    pub(super) configuration: u64,
    /// Whether the client has its reply already.
    pub(super) background: bool,
    /// Whether it goes on, or what else becomes of it.
    pub(super) fate: Fate,
    /// Its connection.
    pub(super) line: Line,
    /// Connections that it asked for after the first one.
    pub(super) dials: u32,
    /// The node that it logged in at last, and the page that waits until it has done so again.
    pub(super) login: u32,
    pub(super) page: Option<Box<Page>>,
    /// What DNS has told, and how many of the addresses have failed.
    pub(super) answer: (Option<Answer>, u32),
    /// Whether it holds a worker, of its service or of the node's queue.
    pub(super) has_worker: bool,
    pub(super) began: Time,
    /// Messages in the session.
    pub(super) messages: u32,
    /// Position in the stream's list of operations.
    pub(super) position: u32,
    /// How many of these, from the first on, have greylists that know the sender.
    pub(super) known: u32,
    /// Which message and which copy of it the operation is about.
    pub(super) cursor: Cursor,
    /// What it is about: an attempt, and the mail that it is to send.
    pub(super) errand: Errand,
    /// Messages of which the client has an answer, from the first of the session on.
    pub(super) settled: u32,
    /// Copies that it carries and that nobody has answered for; copies that its node has taken, and in whose hands those are.
    pub(super) sending: u32,
    pub(super) queued: u32,
    pub(super) hands: Place,
    /// The mailbox that it has locked.
    pub(super) lock: Option<Mailbox>,
    /// Whether the work after its reply has begun.
    pub(super) work_begun: bool,
    /// Whether it holds one of the operation's limited places.
    pub(super) has_place: bool,
    /// Executions of the operation so far.
    pub(super) executions: u32,
    pub(super) execution_began: Time,
    /// The next step of the operation's program.
    pub(super) step: u32,
    /// Parts of the last step that are still under way (a RAID write is several disk operations).
    pub(super) parts: u32,
    /// Pages that the last step has left to wait for.
    pub(super) faults: Faults,
    /// Demands of this execution, in seconds of the reference core.
    pub(super) cpu_s: f64,
    pub(super) data_cpu_s: f64,
    /// Time that a server elsewhere takes for its part of this execution, in seconds.
    pub(super) remote_s: f64,
    /// Time that the client takes before this execution, until it has begun to; and in all.
    pub(super) pause: Time,
    pub(super) thought: Time,
    /// Where the operation is done: at the session's own node, or at another one on its behalf.
    pub(super) site: u32,
    /// The inner call that is under way.
    pub(super) frame: Option<Frame>,
    /// The last service that was called at another node, and that node; it has a connection there.
    pub(super) partner: Option<(u32, u32)>,
    /// Bytes of the message of this execution.
    pub(super) size: u64,
    /// The last message that was drawn, and its number: most operations of a session are about the one that the one before was about.
    pub(super) drawn: Option<(u32, Message)>,
    /// Where this execution's disk operations are drawn from.
    pub(super) chance: Stream,
    /// Bytes that crossed the client's line, in this execution and in all.
    pub(super) execution_moved: u64,
    pub(super) moved: u64,
    /// Time on the client's line.
    pub(super) client_time: Time,
}

/// The connection of a session to its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// There is none, or it is not the session's own.
    Closed,
    /// It waits for one.
    Waits,
    /// It has one.
    Open,
}

/// Walks over the messages of a session, and over the copies of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) next_message: u32,
    copies_left: u32,
}

/// A message: drawn anew from its key wherever it is needed, so that however many there are take no memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Message {
    pub(super) size: u64,
    pub(super) recipients: u32,
    pub(super) remote: bool,
}

/// What a stream's sessions are drawn from.
pub(super) struct Kind {
    messages: Sampler,
    size: Sampler,
    recipients: Sampler,
    remote: f64,
    /// For each operation of the stream, the number by which its executions are drawn: filters have numbers of their own,
    /// so that a session draws the same with and without them.
    labels: Vec<u64>,
    gates: Vec<Option<Gate>>,
}

/// What a session is from the start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Birth {
    pub(super) group: f64,
    pub(super) routing: f64,
    pub(super) messages: u32,
    /// By which it belongs to a part of the sessions.
    pub(super) part: f64,
    /// Against which the part of the people who are free is held.
    pub(super) admission: f64,
}

impl Kind {
    pub(super) fn new(stream: &scenario::Stream) -> Kind {
        Kind {
            messages: stream.messages.sampler(),
            size: stream.size.sampler(),
            recipients: stream.recipients.sampler(),
            remote: stream.remote,
            labels: labels(&stream.gates),
            gates: stream.gates.clone(),
        }
    }

    /// Whether a session passes the connection filter at this place, if there is one.
    pub(super) fn lets_session(&self, session: Key, place: usize) -> bool {
        self.gates[place].is_none_or(|gate| gate.stage == Stage::Content || passes(session, 0, gate))
    }

    /// Whether a message passes the content filter at this place, if there is one.
    pub(super) fn lets_message(&self, session: Key, message: u32, place: usize) -> bool {
        self.gates[place]
            .is_none_or(|gate| gate.stage == Stage::Connection || passes(session, u64::from(message), gate))
    }

    /// Whether a message has passed every filter before this place.
    fn has_passed(&self, session: Key, message: u32, place: usize) -> bool {
        (0..place).all(|before| self.lets_message(session, message, before))
    }

    /// Draws everything, whether or not this design uses it.
    pub(super) fn birth(&self, session: Key) -> Birth {
        let mut chance = session.at(SESSION).stream();
        let (group, routing) = (chance.unit(), chance.unit());
        let messages = self.messages.sample(&mut chance) as u32;
        let (admission, part) = (chance.unit(), chance.unit());
        Birth { group, routing, messages, part, admission }
    }

    pub(super) fn message(&self, session: Key, index: u32) -> Message {
        let mut chance = session.at(MESSAGES + u64::from(index)).stream();
        let remote = chance.unit() < self.remote;
        let size = self.size.sample(&mut chance);
        Message { size: size as u64, recipients: self.recipients.sample(&mut chance) as u32, remote }
    }

    /// The same, unless it is the one that was drawn last.
    fn message_unless(&self, drawn: Option<(u32, Message)>, session: Key, index: u32) -> Message {
        match drawn {
            Some((known, message)) if known == index => message,
            _ => self.message(session, index),
        }
    }
}

/// Filters are numbered from here, all other operations from zero.
const FIRST_FILTER: u64 = 1 << 16;

fn labels(gates: &[Option<Gate>]) -> Vec<u64> {
    let mut next = 0;
    let label = |gate: &Option<Gate>| match gate {
        Some(gate) => FIRST_FILTER + u64::from(gate.filter),
        None => {
            next += 1;
            next - 1
        }
    };
    gates.iter().map(label).collect()
}

/// The draw of a filter about a session or one of its messages.
fn passes(session: Key, message: u64, gate: Gate) -> bool {
    gate.pass >= 1.0 || session.at(GATES + u64::from(gate.filter)).at(message).stream().unit() < gate.pass
}

impl Job {
    /// The next operation of the list, from its first execution.
    pub(super) fn next_operation(&mut self) {
        self.position += 1;
        self.executions = 0;
        self.cursor = Cursor::default();
    }

    /// One of its messages.
    pub(super) fn message(&self, kind: &Kind, number: u32) -> Message {
        kind.message_unless(self.drawn, self.key, number)
    }

    /// Time since the session began, without what its client took to think.
    pub(super) fn waited(&self, now: Time) -> Time {
        (now - self.began).saturating_sub(self.thought)
    }

    /// Where a greylist's word on the session is drawn from.
    pub(super) fn deferral(&self, gate: Gate) -> Key {
        self.key.at(DEFERRALS + u64::from(gate.filter))
    }

    /// The key of the calls of the current execution, and of where it is done if not at the session's own node.
    pub(super) fn call_key(&self, kind: &Kind) -> Key {
        self.key.at(CALLS + self.execution_number(kind))
    }

    /// The key of the connection that it asked for last.
    pub(super) fn connection_key(&self) -> Key {
        self.key.at(CONNECTIONS + u64::from(self.dials))
    }

    /// Where a login on that connection is drawn from.
    pub(super) fn relogin_key(&self) -> Key {
        self.key.at(RELOGINS + u64::from(self.dials))
    }

    /// The number of the next execution among all of the session.
    fn execution_number(&self, kind: &Kind) -> u64 {
        kind.labels[self.position as usize] * MOST_EXECUTIONS + u64::from(self.executions)
    }

    /// Where what memory decides about the step under way is drawn from.
    pub(super) fn memory_key(&self, kind: &Kind) -> Key {
        self.step_key(kind, MEMORY)
    }

    /// Where the lookup under way is drawn from.
    pub(super) fn lookup_key(&self, kind: &Kind) -> Key {
        self.step_key(kind, LOOKUPS)
    }

    fn step_key(&self, kind: &Kind, what: u64) -> Key {
        // A called operation counts its steps anew: those of the caller set its steps apart.
        let within = self.frame.map_or(0, |frame| 1 + u64::from(frame.step));
        self.key.at(what).at(self.execution_number(kind)).at(u64::from(self.step) + (within << 32))
    }

    /// The stream of the next execution of the current operation.
    pub(super) fn execution_chance(&self, kind: &Kind) -> Stream {
        self.key.at(EXECUTIONS + self.execution_number(kind)).stream()
    }
}

impl Cursor {
    /// Whether the message that it is at has copies left.
    pub(super) fn has_more_copies(&self) -> bool {
        self.copies_left > 0
    }

    /// Moves on to the message of the operation's next execution; none when the operation is through.
    ///
    /// An operation that is done once is about no message, and gets an empty one.
    ///
    /// `messages` are those that are left of the session; at the backup all of them are to be sent on.
    pub(super) fn advance(
        &mut self,
        (key, messages, place): (Key, Range<u32>, u32),
        drawn: &mut Option<(u32, Message)>,
        sends_on: bool,
        kind: &Kind,
        operation: &Operation,
    ) -> Option<Message> {
        let mut message = |number: u32| {
            let message = kind.message_unless(*drawn, key, number);
            drawn.insert((number, message)).1
        };
        if operation.times == Times::Once {
            self.next_message += 1;
            return (self.next_message == 1).then_some(Message { size: 0, recipients: 0, remote: false });
        }
        if self.copies_left > 0 {
            self.copies_left -= 1;
            return Some(message(self.next_message - 1));
        }
        self.next_message = self.next_message.max(messages.start);
        while self.next_message < messages.end {
            let message = message(self.next_message);
            self.next_message += 1;
            let chosen = match operation.messages {
                Messages::All => true,
                Messages::Local => !message.remote && !sends_on,
                Messages::Remote => message.remote || sends_on,
            };
            if chosen && kind.has_passed(key, self.next_message - 1, place as usize) {
                self.copies_left = match operation.times {
                    Times::PerRecipient if !sends_on => message.recipients.saturating_sub(1),
                    Times::Once | Times::PerMessage | Times::PerRecipient => 0,
                };
                return Some(message);
            }
        }
        None
    }
}
