//! Background loads: pieces of work that come to the stations at even distances while a load runs; and what the checks of
//! switches take of a processor.

use super::event::Event;
use super::faults::Condition;
use super::node::Token;
use super::world::World;
use crate::engine::Agenda;
use crate::random::{Key, Purpose, Stream};
use crate::scenario::Scenario;
use crate::scenario::background::{Direction, Piece, Span};
use crate::units::{Bytes, Time};

/// The pieces of one kind that a load brings to one node.
pub(super) struct Feed {
    node: u32,
    piece: Piece,
    period: Time,
    /// When it runs, and which of these times is the current or the next one; empty = always.
    spans: Vec<Span>,
    span: usize,
    /// Where its phase and the work of its disk operations are drawn from.
    chance: Stream,
}

impl Feed {
    /// Those of all loads and checks, with their first pieces in the agenda.
    pub(super) fn all(scenario: &Scenario, replication: u64, warm_up: Time, agenda: &mut Agenda<Event>) -> Vec<Feed> {
        let mut feeds = Vec::new();
        for load in &scenario.background {
            let later = |span: &Span| Span { begins: span.begins + warm_up, ends: span.ends + warm_up };
            for (index, node) in scenario.cluster.nodes.iter().enumerate().filter(|(_, node)| load.runs_on(node)) {
                let entity = format!("background {} {}", load.name, node.name);
                let key = Key::new(scenario.seed, replication, Purpose::Housekeeping, &entity);
                for (piece, per_s) in load.pieces(&node.tier) {
                    let number = match piece {
                        Piece::Cpu(_) => 0,
                        Piece::Read(_) => 1,
                        Piece::Write(_) => 2,
                        Piece::Transfer(..) => 3,
                    };
                    feeds.push(Feed {
                        node: index as u32,
                        piece,
                        period: Time::from_secs_f64(1.0 / per_s).max(Time(1)),
                        spans: load.spans.iter().map(later).collect(),
                        span: 0,
                        chance: key.at(number).stream(),
                    });
                }
            }
        }
        for (index, node) in scenario.cluster.nodes.iter().enumerate() {
            let entity = format!("checks {}", node.name);
            let key = Key::new(scenario.seed, replication, Purpose::Housekeeping, &entity);
            let checks = scenario.cluster.checks(node).filter(|check| check.cpu > Time::ZERO);
            feeds.extend(checks.zip(0..).map(|(check, number)| Feed {
                node: index as u32,
                piece: Piece::Cpu(check.cpu.as_secs_f64() / node.tier.speed),
                period: check.interval,
                spans: Vec::new(),
                span: 0,
                chance: key.at(number).stream(),
            }));
        }
        for (index, feed) in (0..).zip(&mut feeds) {
            let begins = feed.spans.first().map_or(Time::ZERO, |span| span.begins);
            agenda.schedule(begins + feed.phase(), Event::Background { index });
        }
        feeds
    }

    /// Uniform over the period: so many pieces fit on average that the load is exact, however short it runs.
    fn phase(&mut self) -> Time {
        Time::from_ns_f64(self.chance.unit() * self.period.0 as f64)
    }

    /// Whether a piece that was planned for now falls in the time of the load, and when the next one is planned.
    fn next(&mut self, now: Time) -> (bool, Option<Time>) {
        let Some(span) = self.spans.get(self.span) else { return (true, Some(now + self.period)) };
        if now < span.ends {
            return (true, Some(now + self.period));
        }
        self.span += 1;
        let next = self.spans.get(self.span).map(|span| span.begins);
        (false, next.map(|begins| (begins + self.phase()).max(now)))
    }
}

impl World<'_> {
    /// A piece of background work is due.
    pub(super) fn work_in_background(&mut self, index: u32, now: Time, agenda: &mut Agenda<Event>) {
        let feed = &mut self.feeds[index as usize];
        let (due, next) = feed.next(now);
        if let Some(next) = next {
            agenda.schedule(next, Event::Background { index });
        }
        if !due || self.faults.machine(feed.node) != Condition::Up {
            return;
        }
        let machine = &mut self.machines[feed.node as usize];
        let token = Token::Housekeeping;
        match feed.piece {
            Piece::Cpu(seconds) => machine.cpu.arrive(now, token, Time::from_secs_f64(seconds), agenda),
            Piece::Read(bytes) | Piece::Write(bytes) => {
                let writes = matches!(feed.piece, Piece::Write(_));
                let operations = if writes { machine.raid_write_penalty } else { 1 };
                let transfer_s = bytes * machine.disk_s_per_byte;
                machine.operate(operations, token, transfer_s, &mut feed.chance, (now, agenda));
            }
            // Nothing goes over a link that is cut.
            Piece::Transfer(..) if self.faults.node(feed.node) != Condition::Up => {}
            Piece::Transfer(bytes, direction) => {
                let inwards = direction == Direction::In;
                let link = if inwards { &mut machine.link_in } else { &mut machine.link_out };
                if let Some(link) = link {
                    link.carry(now, token, Bytes(bytes), agenda);
                }
            }
        }
    }
}
