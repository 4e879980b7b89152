//! The M/M/1 as a model of mxplan's engine.

use mxplan::engine::{Agenda, Model, run};
use mxplan::units::Time;
use peers::{Chance, Responses, answer, arguments};
use std::collections::VecDeque;
use std::time::Instant;

#[derive(Clone, Copy)]
enum Customer {
    Arrives,
    Departs,
}

struct Queue {
    gaps: Chance,
    demands: Chance,
    present: VecDeque<Time>,
    left: u64,
    kept: Responses,
}

impl Model for Queue {
    type Event = Customer;

    fn handle(&mut self, now: Time, event: Customer, agenda: &mut Agenda<Customer>) {
        match event {
            Customer::Arrives => {
                self.present.push_back(now);
                if self.present.len() == 1 {
                    agenda.schedule(now + Time(self.demands.exponential_ns(1.0)), Customer::Departs);
                }
                self.left -= 1;
                if self.left > 0 {
                    agenda.schedule(now + Time(self.gaps.exponential_ns(1.0 / 0.9)), Customer::Arrives);
                }
            }
            Customer::Departs => {
                let came = self.present.pop_front().expect("who departs was present");
                self.kept.record((now - came).0);
                if !self.present.is_empty() {
                    agenda.schedule(now + Time(self.demands.exponential_ns(1.0)), Customer::Departs);
                }
            }
        }
    }
}

fn main() {
    let (seed, customers) = arguments();
    let began = Instant::now();
    let (gaps, demands) = (Chance::new(seed, 0), Chance::new(seed, 1));
    let mut queue = Queue { gaps, demands, present: VecDeque::new(), left: customers, kept: Responses::default() };
    let mut agenda = Agenda::new();
    agenda.schedule(Time::ZERO, Customer::Arrives);
    run(&mut queue, &mut agenda, &mut (), Time::MAX, || true);
    answer(began, agenda.popped(), &[("customer", &queue.kept)]);
}
