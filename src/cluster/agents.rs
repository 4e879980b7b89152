//! Agents: small programs on the nodes that tell the switch how busy they are.

use super::event::Event;
use super::world::World;
use crate::engine::Agenda;
use crate::scenario::Scenario;
use crate::units::Time;

/// What the agents of the nodes of a service have counted.
pub(super) struct Agents {
    interval: Time,
    /// Of each node that runs the service, in their order: its work at the last report, in nanoseconds of one core. Below
    /// zero by what was done before statistics started anew.
    counted_ns: Vec<(usize, i128)>,
}

impl Agents {
    /// By service; none where the switch asks nobody. The first reports are due after one interval: until then all
    /// weights count whole.
    pub(super) fn all(scenario: &Scenario, agenda: &mut Agenda<Event>) -> Vec<Option<Agents>> {
        let cluster = &scenario.cluster;
        let of = |service: usize| {
            let route = cluster.route(service)?;
            let interval = route.switch()?.agent?.interval;
            agenda.schedule(interval, Event::Agent { service: service as u32 });
            Some(Agents { interval, counted_ns: cluster.servers(service).map(|node| (node, 0)).collect() })
        };
        (0..scenario.services.len()).map(of).collect()
    }
}

impl World<'_> {
    /// The nodes of a service report, and the switch gives each its weight times the idle part of its processors since the
    /// last report: what the Loadbalancer.org feedback agent says, and HAProxy does with an `agent-check` of so many per
    /// cent.
    pub(super) fn report(&mut self, service: u32, now: Time, agenda: &mut Agenda<Event>) {
        let Some(agents) = &mut self.agents[service as usize] else { return };
        for (node, counted_ns) in &mut agents.counted_ns {
            let cpu = &self.machines[*node].cpu;
            let busy_ns = cpu.busy_ns(now) as i128;
            let since_ns = busy_ns - std::mem::replace(counted_ns, busy_ns);
            let idle = 1.0 - since_ns as f64 / (agents.interval.0 as f64 * cpu.capacity);
            let idle = (100.0 * idle).round().clamp(0.0, 100.0) as u32;
            self.balancers.report(service as usize, *node as u32, idle);
        }
        self.balancers.settle(service as usize);
        agenda.schedule(now + agents.interval, Event::Agent { service });
    }

    /// The statistics of the stations are about to start anew.
    pub(super) fn rebase_agents(&mut self, now: Time) {
        for (node, counted_ns) in self.agents.iter_mut().flatten().flat_map(|agents| &mut agents.counted_ns) {
            *counted_ns -= self.machines[*node].cpu.busy_ns(now) as i128;
        }
    }
}
