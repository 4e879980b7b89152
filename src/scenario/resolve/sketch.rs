//! Streams while services and operations are still names, and how names become indices.

use super::book::Book;
use super::bursts::{self, Rates};
use super::carried::taken_at;
use super::clock::Window;
use super::people::People;
use super::standing::Stay;
use super::trace::Course;
use crate::random::Law;
use crate::scenario::background::Span;
use crate::scenario::{
    Burst, Carried, ClientGroup, Domains, Footprint, Gate, Limits, Operation, Service, Stream, Whose,
};

/// A stream whose service and operations are still names.
#[derive(Clone)]
pub(super) struct Sketch {
    pub(super) name: String,
    pub(super) profile: String,
    pub(super) service: String,
    pub(super) domains: Option<Domains>,
    pub(super) source: Option<usize>,
    /// When exactly its sessions come, where a trace says so.
    pub(super) course: Option<Course>,
    pub(super) operations: Vec<(String, Option<Gate>)>,
    /// Sessions per second in each hour of the week.
    pub(super) week_per_s: Vec<f64>,
    pub(super) messages: Law,
    /// Whose messages its sessions carry, where they carry mail.
    pub(super) whose: Option<Whose>,
    pub(super) mailboxes: Option<usize>,
    pub(super) pool: Option<usize>,
    pub(super) size: Law,
    pub(super) recipients: Law,
    pub(super) remote: f64,
    /// The connections that its sessions leave open. What happens on those is the next sketch.
    pub(super) stay: Option<Stay>,
    /// Whether it is about such connections.
    pub(super) on_open_connections: bool,
}

impl Sketch {
    /// What happens on the connections that this one's sessions leave open.
    pub(super) fn visits(&self, operations: Vec<String>, messages: Option<Law>) -> Sketch {
        Sketch {
            name: format!("{}/visit", self.name),
            operations: operations.into_iter().map(|name| (name, None)).collect(),
            week_per_s: self.stay.as_ref().map_or_else(Vec::new, Stay::visits),
            // With messages of their own they open no mailbox.
            pool: self.pool.filter(|_| messages.is_none()),
            messages: messages.unwrap_or(Law::ZERO),
            stay: None,
            course: None,
            whose: None,
            on_open_connections: true,
            ..self.clone()
        }
    }
}

/// Turns names into indices.
pub(super) fn assemble(
    book: Book,
    sketches: Vec<Sketch>,
    window: Window,
    (bursts, loads): (&[Vec<Burst>], &[Span]),
    groups: Vec<ClientGroup>,
    domains: u64,
) -> People {
    let mut services: Vec<Service> = Vec::new();
    let mut operations: Vec<Operation> = Vec::new();
    let keys: Vec<_> = book.operations.keys().cloned().collect();
    let find = |service: &str, name: &str, profile: &str| {
        keys.iter()
            .position(|(s, o, p)| s == service && o == name && p == profile)
            .expect("every operation of a sketch was entered in the book")
    };
    for ((service, name, profile), operation) in book.operations {
        if services.last().is_none_or(|last| last.name != service) {
            let (limits, footprint) = (Limits::default(), Footprint::default());
            services.push(Service { name: service.clone(), limits, footprint, operations: Vec::new(), relogin: None });
        }
        let index = services.len() - 1;
        services[index].operations.push(operations.len());
        let own = (service.clone(), name.clone(), profile.clone());
        let called = book.calls.get(&own).into_iter().flatten();
        let calls = called.map(|(service, name)| find(service, name, &profile)).collect();
        let twins = keys.iter().filter(|(s, o, _)| *s == service && *o == name).count();
        let name = if twins > 1 { format!("{name}@{profile}") } else { name };
        operations.push(Operation { name, service: index, calls, ..operation });
    }
    let weeks: Vec<&[f64]> = sketches.iter().map(|sketch| &sketch.week_per_s[..]).collect();
    let (busiest, rates) = bursts::rates(window, &weeks, bursts, loads);
    let streams = sketches.into_iter().zip(rates).enumerate().map(|(index, (s, rates))| {
        let Rates { rate_per_s, mean_per_s, hours_per_s, bursts } = rates;
        let standing = s.stay.map(|stay| {
            let visits = stay.visits_per_s.map(|_| index + 1);
            stay.in_window(window, busiest.hour, hours_per_s[0], visits)
        });
        let own: Vec<usize> = s
            .operations
            .iter()
            .map(|(name, _)| {
                let (service, name) = name.split_once('/').unwrap_or((&s.service, name));
                find(service, name, &s.profile)
            })
            .collect();
        let taken_at = taken_at(own.iter().map(|index| &operations[*index]));
        Stream {
            standing,
            on_open_connections: s.on_open_connections,
            mail: s.whose.zip(taken_at).map(|(whose, taken_at)| Carried { whose, taken_at }),
            operations: own,
            gates: s.operations.iter().map(|(_, gate)| *gate).collect(),
            service: services.iter().position(|service| service.name == s.service).expect("its operations exist"),
            name: s.name,
            domains: s.domains,
            source: s.source,
            trace: s.course.map(|course| course.trace),
            per_day: s.week_per_s.iter().sum::<f64>() * 3_600.0 / 7.0,
            rate_per_s,
            mean_per_s,
            bursts,
            hours_per_s,
            messages: s.messages,
            mailboxes: s.mailboxes,
            pool: s.pool,
            size: s.size,
            recipients: s.recipients,
            remote: s.remote,
        }
    });
    let streams = streams.collect();
    let Book { sources, mailboxes, .. } = book;
    People { services, operations, streams, sources, mailboxes, groups, domains, busiest }
}
