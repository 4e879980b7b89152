//! The M/M/1 in NeXosim: one model on one thread, the fastest of its forms.

use nexosim::model::{Context, Model, schedulable};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

#[path = "../../../rust/src/lib.rs"]
mod peers;
use peers::{Chance, Responses, answer, arguments};

/// What is not saved with the model.
struct World {
    gaps: Chance,
    demands: Chance,
    kept: Responses,
    began: Instant,
}

#[derive(Serialize, Deserialize)]
struct Queue {
    present: VecDeque<MonotonicTime>,
    customers: u64,
    arrived: u64,
    left: u64,
    #[serde(skip)]
    world: Option<World>,
}

#[Model]
impl Queue {
    fn world(&mut self) -> &mut World {
        self.world.as_mut().expect("nothing is restored")
    }

    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        cx.schedule_event(Duration::from_nanos(1), schedulable!(Self::arrive), ()).expect("it is ahead");
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, _: (), cx: &Context<Self>) {
        self.present.push_back(cx.time());
        if self.present.len() == 1 {
            self.serve(cx);
        }
        self.arrived += 1;
        if self.arrived < self.customers {
            let gap = Duration::from_nanos(self.world().gaps.exponential_ns(1.0 / 0.9).max(1));
            cx.schedule_event(gap, schedulable!(Self::arrive), ()).expect("it is ahead");
        }
    }

    #[nexosim(schedulable)]
    async fn depart(&mut self, _: (), cx: &Context<Self>) {
        let came = self.present.pop_front().expect("who departs was present");
        let stay = cx.time().duration_since(came).as_nanos() as u64;
        self.world().kept.record(stay);
        self.left += 1;
        if !self.present.is_empty() {
            self.serve(cx);
        } else if self.left == self.customers {
            let customers = self.customers;
            let world = self.world();
            answer(world.began, 2 * customers, &[("customer", &world.kept)]);
        }
    }

    fn serve(&mut self, cx: &Context<Self>) {
        let demand = Duration::from_nanos(self.world().demands.exponential_ns(1.0).max(1));
        cx.schedule_event(demand, schedulable!(Self::depart), ()).expect("it is ahead");
    }
}

fn main() {
    let (seed, customers) = arguments();
    let world = World {
        gaps: Chance::new(seed, 0),
        demands: Chance::new(seed, 1),
        kept: Responses::default(),
        began: Instant::now(),
    };
    let queue = Queue { present: VecDeque::new(), customers, arrived: 0, left: 0, world: Some(world) };
    let bench = SimInit::with_num_threads(1).add_model(queue, Mailbox::new(), "queue");
    let mut simulation = bench.init(MonotonicTime::EPOCH).expect("it can be built");
    simulation.step_until(Duration::from_secs(10 * customers)).expect("it runs");
}
