//! Everything that can happen to a mail cluster.

use super::greylist::Returning;
use super::mail::Letter;
use super::seeking::Seeker;
use super::session::Job;
use crate::engine::{Fingerprint, Id};

/// What happens. The order of the variants is part of the fingerprints: append, never reorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A session of this stream begins.
    Arrival {
        /// Index of the stream.
        stream: u32,
    },
    /// Something is done at this station.
    Station {
        /// Index of the station.
        station: u32,
    },
    /// A client's line or round trip is over.
    Client {
        /// The waiting session.
        job: Id<Job>,
    },
    /// A mail domain of this node is due for its periodic work.
    Housekeeping {
        /// Index of the node.
        node: u32,
    },
    /// A minute of the measured window is over.
    Minute,
    /// A connection that stood open wakes, or is closed.
    Standing {
        /// Index of the kind of standing connections.
        index: u32,
    },
    /// A piece of a background load is due.
    Background {
        /// Index of the pieces of its kind.
        index: u32,
    },
    /// A sender who was turned away for now comes back.
    Return {
        /// Who.
        sender: Id<Returning>,
    },
    /// Somebody who has no node yet tries again, or gives up.
    Seek {
        /// Who.
        seeker: Id<Seeker>,
    },
    /// The hosts of a cluster notice that one is silent, or have agreed on who has what.
    Heartbeat {
        /// Index of the cluster.
        cluster: u32,
    },
    /// A fault begins or ends.
    Fault {
        /// Index of the fault.
        index: u32,
    },
    /// A check of a service at a node is due, or its time is over.
    Check {
        /// Index of the service.
        service: u32,
        /// Index of the node.
        node: u32,
    },
    /// The weight of a node that warms up changes.
    WarmUp {
        /// Index of the service.
        service: u32,
        /// Index of the node.
        node: u32,
    },
    /// The nodes of this service say how busy they are.
    Agent {
        /// Index of the service.
        service: u32,
    },
    /// A message in a queue is due.
    Letter {
        /// Which.
        letter: Id<Letter>,
    },
    /// The backup is told to send all that it has.
    Flush,
    /// A poll of a service at a node by the monitor is due, or its time is over.
    Poll {
        /// Index of the service.
        service: u32,
        /// Index of the node.
        node: u32,
    },
    /// An order of the monitor is carried out.
    Order {
        /// Index of the service.
        service: u32,
        /// Index of the node.
        node: u32,
        /// Whether it is put back, and not taken out.
        back: bool,
    },
    /// What a fault left behind is over: services have started, or a second switch has taken over.
    Recovery {
        /// Index of the fault.
        index: u32,
    },
}

impl Fingerprint for Event {
    fn words(&self) -> [u64; 2] {
        match *self {
            Event::Arrival { stream } => [1, u64::from(stream)],
            Event::Station { station } => [2, u64::from(station)],
            Event::Client { job } => [3, u64::from(job.slot())],
            Event::Housekeeping { node } => [4, u64::from(node)],
            Event::Minute => [5, 0],
            Event::Standing { index } => [6, u64::from(index)],
            Event::Background { index } => [7, u64::from(index)],
            Event::Return { sender } => [8, u64::from(sender.slot())],
            Event::Seek { seeker } => [9, u64::from(seeker.slot())],
            Event::Heartbeat { cluster } => [11, u64::from(cluster)],
            Event::Fault { index } => [12, u64::from(index)],
            Event::Check { service, node } => [10, u64::from(service) << 32 | u64::from(node)],
            Event::WarmUp { service, node } => [14, u64::from(service) << 32 | u64::from(node)],
            Event::Agent { service } => [13, u64::from(service)],
            Event::Letter { letter } => [15, u64::from(letter.slot())],
            Event::Flush => [16, 0],
            Event::Poll { service, node } => [17, u64::from(service) << 32 | u64::from(node)],
            Event::Order { service, node, back } => {
                [18, u64::from(back) << 63 | u64::from(service) << 32 | u64::from(node)]
            }
            Event::Recovery { index } => [19, u64::from(index)],
        }
    }
}
