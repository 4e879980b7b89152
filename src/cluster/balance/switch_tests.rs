//! What the switch chooses, by hand.

use super::super::chooser::two;
use super::super::{Balancers, Visitor};
use crate::scenario::{Algorithm, Cluster, Configuration, Hardware, Persistence, Route, Switch as Settings};
use crate::units::Time;
use std::sync::Arc;

fn route(algorithm: Algorithm) -> Route {
    Route::Switch(Settings::new(algorithm))
}

fn cluster(primaries: u32, routes: &[Route]) -> Cluster {
    let tier = Arc::new(Hardware::built_in().tier("piii-1000").unwrap());
    Cluster::of(Configuration::MultiplePrimaries, &tier, primaries, Some(&tier), Some(routes.to_vec()))
}

fn switch(primaries: u32, algorithm: Algorithm) -> Balancers {
    Balancers::new(&cluster(primaries, &[route(algorithm)]), 1)
}

fn from(chance: f64, address: u32) -> Visitor {
    Visitor {
        chance,
        address,
        port: 0,
        domain: u64::from(address),
        tries: 0,
        group: None,
        sends_mail: false,
        answer: None,
    }
}

impl Balancers {
    fn next(&mut self, service: usize, chance: f64) -> u32 {
        self.choose(service, &from(chance, 0), Time::ZERO).unwrap()
    }
}

#[test]
fn round_robin_takes_turns_within_each_service() {
    let mut switch = Balancers::new(&cluster(3, &[Route::IN_TURN, Route::IN_TURN]), 2);
    let first: Vec<u32> = (0..4).map(|_| switch.next(0, 0.9)).collect();
    assert_eq!((first, switch.next(1, 0.9)), (vec![0, 1, 2, 0], 0));
}

#[test]
fn whoever_is_sent_elsewhere_takes_a_turn_and_the_node_that_is_avoided_loses_its_own() {
    let elsewhere = |switch: &mut Balancers, node| switch.redispatch(0, &from(0.5, 0), node, Time::ZERO);
    let mut two = switch(2, Algorithm::RoundRobin);
    assert_eq!([0; 2].map(|_| two.next(0, 0.5)), [0, 1]);
    // Whether it is the turn of the first or of the second.
    assert_eq!((elsewhere(&mut two, 0), two.next(0, 0.5)), (1, 0));
    assert_eq!((elsewhere(&mut two, 0), two.next(0, 0.5)), (1, 0));
    let mut three = switch(3, Algorithm::RoundRobin);
    assert_eq!((three.next(0, 0.5), elsewhere(&mut three, 1), three.next(0, 0.5)), (0, 2, 0));
    assert_eq!((elsewhere(&mut three, 0), three.next(0, 0.5)), (1, 2));
}

#[test]
fn random_splits_the_unit_interval_evenly() {
    let mut switch = switch(4, Algorithm::Random);
    let chosen: Vec<u32> = [0.0, 0.24, 0.26, 0.74, 0.76, 1.0].iter().map(|u| switch.next(0, *u)).collect();
    assert_eq!(chosen, [0, 0, 1, 2, 3, 3]);
}

#[test]
fn a_service_of_one_node_is_always_there_and_one_of_two_takes_turns_among_its_own() {
    let mut cluster = cluster(3, &[Route::IN_TURN, Route::IN_TURN]);
    for (node, services) in [vec![0], vec![1], vec![1]].into_iter().enumerate() {
        cluster.nodes[node].services = Some(services);
    }
    let mut switch = Balancers::new(&cluster, 2);
    let chosen: Vec<u32> = [0, 1, 0, 1, 1].iter().map(|service| switch.next(*service, 0.5)).collect();
    assert_eq!(chosen, [0, 1, 0, 2, 1]);
}

#[test]
fn least_connections_goes_to_the_fewest_and_among_equals_in_turn() {
    let mut switch = switch(3, Algorithm::LeastConnections);
    assert_eq!([0; 4].map(|_| switch.next(0, 0.5)), [0, 1, 2, 0]);
    switch.leave(0, 2);
    assert_eq!(switch.next(0, 0.5), 2);
    // Now 2, 1 and 1; the second has had its one for longest.
    assert_eq!([0; 2].map(|_| switch.next(0, 0.5)), [1, 2]);
}

#[test]
fn a_weighted_node_has_its_part_of_the_connections_once_nobody_is_idle() {
    let mut cluster = cluster(2, &[route(Algorithm::WeightedLeastConnections)]);
    cluster.nodes[0].weight = 3;
    let mut switch = Balancers::new(&cluster, 1);
    let chosen = [0; 8].map(|_| switch.next(0, 0.5));
    assert_eq!(chosen[..2], [0, 1], "an idle one comes first, whatever its weight");
    assert_eq!(chosen.iter().filter(|node| **node == 0).count(), 6);
}

#[test]
fn two_choices_differ_and_every_pair_is_as_likely() {
    let n = 4;
    let mut pairs = std::collections::BTreeMap::new();
    for i in 0..1_200 {
        let (a, b) = two((f64::from(i) + 0.5) / 1_200.0, n, false);
        *pairs.entry((a, b)).or_insert(0) += 1;
    }
    assert_eq!(pairs.len(), n * (n - 1));
    assert!(pairs.iter().all(|((a, b), count)| a != b && *count == 100), "{pairs:?}");
    assert_eq!(two(0.03, n, true), (0, 0));
    assert_eq!((two(0.999_999, n, true), two(0.999_999, n, false)), ((3, 3), (3, 2)));
}

#[test]
fn the_better_of_two_is_chosen_and_the_first_of_equals() {
    let mut switch = switch(2, Algorithm::RandomTwoChoices);
    assert_eq!(switch.next(0, 0.9), 1, "both are idle");
    assert_eq!(switch.next(0, 0.9), 0);
    assert_eq!(switch.next(0, 0.1), 0, "one each again");
}

#[test]
fn domains_are_dealt_out_in_turn() {
    let mut switch = switch(3, Algorithm::Content);
    let chosen = [0, 1, 2, 3, 4, 0].map(|domain| switch.choose(0, &from(0.9, domain), Time::ZERO).unwrap());
    assert_eq!(chosen, [0, 1, 2, 0, 1, 0]);
}

#[test]
fn who_is_remembered_goes_where_the_last_time_led() {
    let Route::Switch(in_turn) = Route::IN_TURN else { unreachable!("it is a switch") };
    let persistence = Some(Persistence { mask: 24, timeout: Time::from_secs(60) });
    let mut switch = Balancers::new(&cluster(3, &[Route::Switch(Settings { persistence, ..in_turn })]), 1);
    let mut at = |second: u64, address: u32| switch.choose(0, &from(0.5, address), Time::from_secs(second)).unwrap();
    assert_eq!([at(0, 256), at(1, 512), at(2, 257), at(3, 768), at(61, 258), at(122, 259)], [0, 1, 0, 2, 0, 0]);
}
