//! The mail cluster of `mail.toml` in NeXosim: one model on one thread, the fastest of its forms.

use nexosim::model::{Context, Model, schedulable};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

#[path = "../../../rust/src/lib.rs"]
mod peers;
use peers::{Chance, Responses, answer, arguments};
#[path = "../../../rust/src/mail.rs"]
mod mail;
use mail::{PER_S, PROGRAMS, RTT_NS, Step, WARM_UP_NS};

const WARM_UP: Duration = Duration::from_nanos(WARM_UP_NS);

/// A session; it goes along with its events.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Session {
    kind: usize,
    node: usize,
    step: usize,
    began: MonotonicTime,
    demand: u64,
}

/// What is not saved with the model.
struct World {
    gaps: [Chance; 2],
    demands: Chance,
    kept: [Responses; 2],
    began: Instant,
}

#[derive(Serialize, Deserialize)]
struct Cluster {
    end: Duration,
    events: u64,
    turns: [usize; 2],
    /// Who is at the CPU and at the disk of each node, served or waiting.
    servers: [[VecDeque<Session>; 2]; 2],
    #[serde(skip)]
    world: Option<World>,
}

#[Model]
impl Cluster {
    fn world(&mut self) -> &mut World {
        self.world.as_mut().expect("nothing is restored")
    }

    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        (0..2).for_each(|kind| self.expect(kind, cx));
        cx.schedule_event(self.end, schedulable!(Self::finish), ()).expect("it is ahead");
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, kind: usize, cx: &Context<Self>) {
        self.events += 1;
        self.expect(kind, cx);
        let session = Session { kind, node: self.turns[kind] % 2, step: 0, began: cx.time(), demand: 0 };
        self.turns[kind] += 1;
        self.step(session, cx);
    }

    #[nexosim(schedulable)]
    async fn go_on(&mut self, session: Session, cx: &Context<Self>) {
        self.events += 1;
        match PROGRAMS[session.kind][session.step - 1] {
            Step::Trips(_) => {}
            Step::Cpu(_) => self.leave(session.node, 0, cx),
            Step::Disk => self.leave(session.node, 1, cx),
        }
        self.step(session, cx);
    }

    #[nexosim(schedulable)]
    async fn finish(&mut self) {
        let events = self.events;
        let world = self.world();
        answer(world.began, events, &[("pop3", &world.kept[0]), ("smtp", &world.kept[1])]);
    }

    /// The next arrival.
    fn expect(&mut self, kind: usize, cx: &Context<Self>) {
        let gap = Duration::from_nanos(self.world().gaps[kind].exponential_ns(1.0 / PER_S[kind]).max(1));
        cx.schedule_event(gap, schedulable!(Self::arrive), kind).expect("it is ahead");
    }

    fn wait(ns: u64, session: Session, cx: &Context<Self>) {
        cx.schedule_event(Duration::from_nanos(ns.max(1)), schedulable!(Self::go_on), session).expect("it is ahead");
    }

    fn queue(&mut self, mut session: Session, server: usize, mean_s: f64, cx: &Context<Self>) {
        session.demand = self.world().demands.exponential_ns(mean_s);
        let line = &mut self.servers[session.node][server];
        line.push_back(session);
        if line.len() == 1 {
            Self::wait(session.demand, session, cx);
        }
    }

    /// A service is over: the next in line begins its own.
    fn leave(&mut self, node: usize, server: usize, cx: &Context<Self>) {
        let line = &mut self.servers[node][server];
        line.pop_front();
        if let Some(next) = line.front() {
            Self::wait(next.demand, *next, cx);
        }
    }

    fn step(&mut self, mut session: Session, cx: &Context<Self>) {
        let step = PROGRAMS[session.kind].get(session.step).copied();
        session.step += 1;
        match step {
            Some(Step::Trips(trips)) => Self::wait(trips * RTT_NS, session, cx),
            Some(Step::Cpu(mean_s)) => self.queue(session, 0, mean_s, cx),
            Some(Step::Disk) => self.queue(session, 1, 0.008, cx),
            None if cx.time().duration_since(MonotonicTime::EPOCH) >= WARM_UP => {
                let stay = cx.time().duration_since(session.began).as_nanos() as u64;
                self.world().kept[session.kind].record(stay);
            }
            None => {}
        }
    }
}

fn main() {
    let (seed, window_s) = arguments();
    let world = World {
        gaps: [Chance::new(seed, 1), Chance::new(seed, 2)],
        demands: Chance::new(seed, 0),
        kept: Default::default(),
        began: Instant::now(),
    };
    let end = WARM_UP + Duration::from_secs(window_s);
    let cluster = Cluster { end, events: 0, turns: [0; 2], servers: Default::default(), world: Some(world) };
    let bench = SimInit::with_num_threads(1).add_model(cluster, Mailbox::new(), "cluster");
    let mut simulation = bench.init(MonotonicTime::EPOCH).expect("it can be built");
    simulation.step_until(end).expect("it runs");
}
