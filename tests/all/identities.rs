//! Laws that hold on every sample path, each side from its own observation; and a fault on purpose that breaks them.

use crate::support::scenario;
use mxplan::analytic::Resource;
use mxplan::cluster::{Observed, Sabotage};
use mxplan::experiment::{Control, Failure, simulate, simulate_observed};
use mxplan::scenario::Scenario;

fn observed(scenario: &Scenario, replication: u64) -> Observed {
    simulate(scenario, replication, &Control::default()).unwrap().observed
}

fn shipped() -> Vec<Scenario> {
    let short = ["time.window=600 s"];
    let busy = ["time.window=600 s", "population.subscribers.users=60_000"];
    let plain =
        ["regional-isp.toml", "stand-alone.toml", "theory/network.toml", "theory/split.toml", "theory/mm1-ps.toml"];
    let configurations = ["config-3-dual-primaries.toml", "config-6-service-specific.toml"];
    let configurations = configurations.iter().map(|file| scenario(file, &busy));
    plain.iter().map(|file| scenario(file, &short)).chain(configurations).collect()
}

#[test]
fn sessions_and_jobs_are_conserved() {
    for scenario in shipped() {
        let observed = observed(&scenario, 0);
        for service in &observed.services {
            let flow = service.flow;
            assert!(flow.began > 100, "{flow:?} is too little to show anything");
            assert_eq!(flow.present_at_start + flow.began, flow.ended + flow.present_at_end);
        }
        for station in observed.nodes.iter().flat_map(|node| node.stations.iter().flatten()) {
            let flow = station.flow;
            assert_eq!(flow.present_at_start + flow.began, flow.ended + flow.present_at_end);
        }
    }
}

#[test]
fn littles_law_holds_to_the_nanosecond() {
    // ∫ N(t) dt by watching the number, against the sum of the stays by each session's own stamps.
    for scenario in shipped() {
        for service in observed(&scenario, 1).services {
            assert!(service.number_ns > 0);
            assert_eq!(service.number_ns, service.stays_ns);
        }
    }
}

#[test]
fn the_utilisation_law_holds_up_to_the_rounding_of_departures() {
    // Demands that were drawn from the scenario's laws, against the time that the stations were busy.
    for scenario in shipped() {
        for node in observed(&scenario, 2).nodes {
            for (resource, station) in Resource::ALL.iter().zip(node.stations) {
                let Some(station) = station else { continue };
                let due = (station.backlog_at_start_ns + station.brought_ns) as f64;
                let done = (station.busy_ns + station.backlog_at_end_ns) as f64;
                let relative = (due - done).abs() / due.max(1e6);
                assert!(relative < 1e-6, "{}: {due} ns due, {done} ns done or left", resource.name());
            }
        }
    }
}

#[test]
fn nothing_is_seen_to_contradict_itself_in_a_sound_run() {
    for scenario in shipped() {
        assert_eq!(observed(&scenario, 3).contradictions(), Vec::<String>::new());
    }
}

#[test]
fn a_session_that_vanishes_breaks_conservation_and_littles_law() {
    let sabotage = Sabotage { drop_session: Some(5_000), ..Sabotage::default() };
    for scenario in shipped() {
        let result = simulate_observed(&scenario, 0, &Control::default(), sabotage, &mut ());
        let Err(Failure::Contradiction { replication: 0, found }) = result else {
            panic!("a lost session went unnoticed in `{}`", scenario.name)
        };
        assert!(found.iter().any(|what| what.contains("sessions of service") && what.contains("does not add up")));
        assert!(found.iter().any(|what| what.contains("session-ns")), "{found:?}");
    }
}

#[test]
fn an_overloaded_cluster_is_marked_and_still_conserves() {
    let overloaded = ["population.subscribers.users=200_000", "time.window=600 s"];
    let weightless = ["product.connection_ram=0 B", "product.worker_ram=0 B"];
    let scenario_with = |more: &[&str]| scenario("stand-alone.toml", &[&overloaded, more].concat());
    let summary = crate::support::run(&scenario_with(&weightless), 3);
    assert_eq!(summary.unstable.len(), 1);
    assert_eq!((summary.unstable[0].node.as_str(), summary.unstable[0].resource), ("primary", "CPU"));
    let pop3 = &summary.services["pop3"];
    assert!(pop3.present_at_end > pop3.present_at_start, "the backlog grows");
    assert_eq!(pop3.present_at_start + pop3.offered, pop3.served + pop3.present_at_end);
    // Sessions that take memory are refused in the end, and counted.
    let summary = crate::support::run(&scenario_with(&[]), 3);
    let pop3 = &summary.services["pop3"];
    assert!(pop3.refused > 100);
    assert_eq!(pop3.present_at_start + pop3.offered, pop3.served + pop3.refused + pop3.present_at_end);
}
