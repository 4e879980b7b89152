//! What simple formulas say about a point that was measured, with the same demands and with the rates that came. A simulation
//! has to be better than they are to be worth its time.
//!
//! Each node is a queue of its own with Poisson arrivals, to which a switch sends an equal share; a budget of core time is a slow
//! core. Percentiles of a chain of queues are added, which is more than they come to.

use super::figures::Measured;
use crate::queueing::erlang::Mmc;
use crate::queueing::{mg1, processor_sharing};
use crate::scenario::{Node, Operation, Role, Scenario, Stream};
use serde::Serialize;

/// A formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Formula {
    /// M/M/1: all sessions are alike, whatever they want, and each waits for all of its work.
    Mm1,
    /// M/G/1 with processor sharing: each waits for its work before the last reply, at the rate that is left.
    ProcessorSharing,
    /// Pollaczek and Khinchine's mean wait by two moments, with an exponential tail (Kingman); then the work before the reply.
    TwoMoments,
}

/// Times that a formula gives, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// The mean.
    pub mean_s: f64,
    /// 95 % take no longer.
    pub p95_s: f64,
}

impl Formula {
    /// All of them.
    pub const ALL: [Formula; 3] = [Formula::Mm1, Formula::ProcessorSharing, Formula::TwoMoments];

    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Formula::Mm1 => "M/M/1",
            Formula::ProcessorSharing => "M/G/1-PS",
            Formula::TwoMoments => "two moments",
        }
    }

    /// The response time of a service's sessions; none where a queue has no end.
    #[must_use]
    pub fn response(self, scenario: &Scenario, measured: &Measured, service: &str) -> Option<Times> {
        let nodes = |role: Role| scenario.cluster.of_role(role).map(|index| &scenario.cluster.nodes[index]);
        let primaries: Vec<&Node> = nodes(Role::Primary).collect();
        let share = 1.0 / primaries.len() as f64;
        let visits = visits(scenario, measured);
        let own = visits.iter().find(|visit| visit.service == service)?;
        let exchanges_s = own.exchanges_s;
        let mut total = Times { mean_s: exchanges_s, p95_s: exchanges_s };
        for node in primaries {
            let here = self.at(&visits, own, |visit| (visit.rate_per_s * share, visit.node), capacity(node))?;
            total.mean_s += share * here.mean_s;
            total.p95_s += share * here.p95_s;
        }
        for node in nodes(Role::Data).filter(|_| own.data.all_s > 0.0) {
            let there = self.at(&visits, own, |visit| (visit.rate_per_s, visit.data), capacity(node))?;
            total.mean_s += there.mean_s;
            total.p95_s += there.p95_s;
        }
        Some(total)
    }

    fn at(self, all: &[Visit], own: &Visit, of: impl Fn(&Visit) -> (f64, Work), capacity: f64) -> Option<Times> {
        let own_s = of(own).1.before_reply_s / capacity;
        let (mut rate, mut load, mut second) = (0.0, 0.0, 0.0);
        for (rate_per_s, work) in all.iter().map(of) {
            let service_s = work.all_s / capacity;
            rate += rate_per_s;
            load += rate_per_s * service_s;
            second += rate_per_s * service_s * service_s;
        }
        let mean_s = load / rate;
        Some(match self {
            Formula::Mm1 => {
                let queue = Mmc::new(rate, 1.0 / mean_s, 1).ok()?;
                Times { mean_s: queue.mean_response(), p95_s: queue.response_quantile(0.95).ok()? }
            }
            Formula::ProcessorSharing => {
                let stretch = processor_sharing::mean_response(rate, mean_s).ok()? / mean_s;
                // As if it were exponential.
                Times { mean_s: own_s * stretch, p95_s: own_s * stretch * libm::log(20.0) }
            }
            Formula::TwoMoments => {
                let wait = mg1::mean_wait(rate, mean_s, second / rate).ok()?;
                let tail = wait / load * libm::log(load / 0.05).max(0.0);
                Times { mean_s: wait + own_s, p95_s: tail + own_s }
            }
        })
    }
}

/// Core time of a session at a machine, in seconds of the reference core.
#[derive(Debug, Clone, Copy)]
struct Work {
    before_reply_s: f64,
    all_s: f64,
}

/// Sessions of a service: how many came, and what each of them asks for.
struct Visit<'a> {
    service: &'a str,
    rate_per_s: f64,
    node: Work,
    data: Work,
    exchanges_s: f64,
}

fn visits<'a>(scenario: &'a Scenario, measured: &Measured) -> Vec<Visit<'a>> {
    let of = |stream: &'a Stream| {
        let service = scenario.services[stream.service].name.as_str();
        // A service's streams come in the proportions of their rates.
        let rates =
            scenario.streams.iter().filter(|other| other.service == stream.service).map(|other| other.mean_per_s);
        let part = stream.mean_per_s / rates.sum::<f64>();
        let came = measured.services.get(service)?.offered as f64 * part;
        let per_session = |of: &dyn Fn(&Operation) -> f64| stream.per_session(&scenario.operations, of);
        let work = |cpu: &dyn Fn(&Operation) -> f64| Work {
            before_reply_s: per_session(&|operation| if operation.client_waits { cpu(operation) } else { 0.0 }),
            all_s: per_session(cpu),
        };
        let rtt_s = scenario.groups.first().map_or(0.0, |group| group.rtt.as_secs_f64());
        Some(Visit {
            service,
            rate_per_s: came / scenario.window.as_secs_f64(),
            node: work(&|operation| operation.cpu.mean()),
            data: work(&|operation| operation.data_cpu.mean()),
            exchanges_s: rtt_s * per_session(&|operation| f64::from(operation.round_trips)),
        })
    };
    scenario.streams.iter().filter_map(of).collect()
}

/// Reference cores that a node is worth.
fn capacity(node: &Node) -> f64 {
    node.tier.cpu_capacity()
}
