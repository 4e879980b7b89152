//! Round-robin DNS: resolvers with their caches, and clients that take one of the addresses that they get.
//!
//! Nothing of it knows how nodes are: the zone says the same whether they are up or down. If the monitor edits it, answers
//! from before live on until they expire. Nodes that ask for another service of the cluster have a resolver of their own at
//! hand, which rotates what it has and takes no time (assumption).

use super::cache::{Cache, Found};
use super::chooser::drawn;
use super::pins::{Life, pins};
use super::versions::Versions;
use super::{Addresses, Balancer, TakenOut, Visitor};
use crate::cluster::dns::DnsObserved;
use crate::random::{Key, Purpose};
use crate::scenario::{
    AddressChoice, ClientGroup, Cluster, ResolverOrder, Resolvers, Rotation, RoundRobinDns, Route, Scenario, Stream,
};
use crate::units::Time;

/// The sub-keys of a client group: its clients that pin, chance that is not the session's; resolvers are far below.
const CLIENTS: u64 = 1 << 33;
const KNOWS: u64 = 1 << 34;
/// The sub-key of a resolver under which pinned clients find what it answered in stretches of time; answers are below.
const STRETCHES: u64 = 1 << 33;

/// The addresses of a service.
pub(super) struct Dns {
    zone: RoundRobinDns,
    addresses: Vec<Address>,
    /// Which of them the zone has had.
    versions: Versions,
    /// By node: the place of its address.
    places: Vec<u32>,
    groups: Vec<Group>,
    /// What nodes ask.
    own: Option<(Key, Cache)>,
    queries: u64,
    hits: u64,
    /// By address: sessions on average.
    directed: Vec<f64>,
    /// By version of the zone: sessions that go to any of its addresses.
    to_each: Vec<f64>,
}

/// An address, and what stands behind it.
struct Address {
    number: u32,
    by: Balancer,
}

/// The resolvers of a client group.
struct Group {
    key: Key,
    resolvers: Resolvers,
    /// The first address of the group, and where in its addresses those of each resolver end.
    first: u32,
    ends: Vec<u64>,
    caches: Vec<Cache>,
    /// Sessions of the service per second from one address.
    per_address_per_s: f64,
}

/// What a client has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cluster) struct Answer {
    /// Where the list begins, and of which version of the zone it is.
    offset: u32,
    version: u32,
    /// Whether the client takes this one whatever its habit.
    pinned: bool,
}

/// A lookup: the answer, and what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cluster) struct Lookup {
    pub(in crate::cluster) answer: Answer,
    /// Until the client has it.
    pub(in crate::cluster) wait: Time,
    /// Whether the name server was asked.
    pub(in crate::cluster) asks: bool,
}

impl Dns {
    /// The name of these nodes; nobody asks for it yet.
    pub(super) fn new(cluster: &Cluster, nodes: &[u32], zone: &RoundRobinDns) -> Dns {
        let mut places = vec![0; cluster.nodes.len()];
        let mut addresses = Vec::new();
        let in_turn = Route::IN_TURN;
        for part in zone.dealt(nodes) {
            part.iter().for_each(|node| places[*node as usize] = addresses.len() as u32);
            let route = zone.within.as_ref().map_or(&in_turn, |within| &within.route);
            let number = part.first().map_or(0, |node| cluster.address(*node as usize).to_bits());
            addresses.push(Address { number, by: Balancer::new(cluster, part, route) });
        }
        Dns {
            groups: Vec::new(),
            own: None,
            places,
            queries: 0,
            hits: 0,
            directed: vec![0.0; addresses.len()],
            to_each: vec![0.0],
            versions: Versions::new(addresses.len()),
            zone: zone.clone(),
            addresses,
        }
    }

    /// Those who ask: the resolvers of the client groups, and that of the nodes.
    pub(super) fn open(&mut self, scenario: &Scenario, service: usize, replication: u64, addresses: &Addresses) {
        let (zone, count) = (&self.zone, self.addresses.len());
        let draw = |key: Key| begin(zone.rotation, count, key);
        let key = |entity: &str| {
            let entity = format!("{} asked by {entity}", scenario.services[service].name);
            Key::new(scenario.seed, replication, Purpose::Routing, &entity)
        };
        let own = key("nodes");
        self.own = Some((own, Cache::new(own, 0.0, zone.ttl, draw)));
        let groups = scenario.groups.iter().enumerate().filter_map(|(index, group)| {
            let stretching = format!("resolvers of {}", group.name);
            let stretching = Key::new(scenario.seed, replication, Purpose::Routing, &stretching);
            let per_s = group.share * sessions_per_s(scenario, service);
            let key = key(&format!("group {}", group.name));
            Group::new(group, (key, stretching), (addresses.first(index), per_s), zone.ttl, draw)
        });
        self.groups = groups.collect();
    }

    /// A client, or a node, asks for the addresses. One that has pinned its address needs not. None when nothing is in the
    /// cache and the zone does not answer.
    pub(super) fn look_up(&mut self, visitor: &Visitor, zone_answers: bool, now: Time) -> Option<Lookup> {
        let (rotation, version) = (self.zone.rotation, self.versions.current());
        let count = |version: u32| self.versions.places(version).len();
        let draw = |key: Key| begin(rotation, count(version), key);
        let whole = rotation != Rotation::OneAddress;
        let Some(group) = visitor.group.map(|group| &mut self.groups[group as usize]) else {
            let found = self.own.as_mut().map(|(key, own)| own.look_up(*key, now, (Time::ZERO, version), draw));
            let found = found.unwrap_or(Found { offset: 0, version, hit: true, wait: Time::ZERO });
            let version = found.version;
            let offset = if whole { drawn(visitor.chance, count(version)).0 as u32 } else { found.offset };
            self.count(found);
            return Some(Lookup {
                answer: Answer { offset, version, pinned: false },
                wait: Time::ZERO,
                asks: !found.hit,
            });
        };
        let resolvers = group.resolvers;
        let (client, resolver) = group.find(visitor.address);
        let key = group.key.at(resolver as u64);
        let rotates = group.rotates(&self.zone);
        let who = group.key.at(CLIENTS).at(client);
        let mut pinned = None;
        if pins(who, resolvers.pinners) {
            let life = Life::of(who, resolvers.pin_life, now);
            let keeps = group.caches[resolver].keeps();
            // What the resolver answered then is drawn anew for each time to live: nothing of the past is stored.
            let from = match rotates || keeps == Time::ZERO {
                true => life.key,
                false => key.at(STRETCHES).at(life.stretch(resolvers.pin_life, keeps)),
            };
            let then = if version == 0 { 0 } else { self.versions.at(life.asked(resolvers.pin_life, keeps)) };
            let count = count(then);
            let offset = if rotates { from.stream().below(count as u64) as u32 } else { begin(rotation, count, from) };
            let knows = group.key.at(KNOWS).at(visitor.chance.to_bits()).stream().unit();
            let answer = Answer { offset, version: then, pinned: true };
            if knows >= life.is_new(resolvers.pin_life, group.per_address_per_s) {
                return Some(Lookup { answer, wait: Time::ZERO, asks: false });
            }
            pinned = Some(answer);
        }
        let cache = &mut group.caches[resolver];
        if !zone_answers && now >= cache.expires() {
            self.queries += 1;
            return None;
        }
        if now >= cache.expires() {
            if !rotates {
                cache.direct(now, &self.versions, &mut self.directed, &mut self.to_each);
            } else if cache.version() != version {
                cache.direct_to_each(now, &self.versions, &mut self.to_each);
            }
        }
        let found = cache.look_up(key, now, (self.zone.search, version), draw);
        let version = found.version;
        let offset = if rotates { drawn(visitor.chance, count(version)).0 as u32 } else { found.offset };
        self.count(found);
        let answer = pinned.unwrap_or(Answer { offset, version, pinned: false });
        Some(Lookup { answer, wait: resolvers.rtt + found.wait, asks: !found.hit })
    }

    /// The node that somebody comes to with what he was told, after so many addresses that failed; none when he is through.
    pub(super) fn choose(&mut self, visitor: &Visitor, now: Time) -> Option<u32> {
        let answer = visitor.answer.or_else(|| Some(self.look_up(visitor, true, now)?.answer))?;
        let choice = visitor.group.map_or(AddressChoice::First, |group| self.groups[group as usize].resolvers.choice);
        let places = self.versions.places(answer.version);
        let count = places.len();
        let listed = if self.zone.rotation == Rotation::OneAddress { 1 } else { count };
        if visitor.tries as usize >= listed {
            return None;
        }
        let place = match choice {
            AddressChoice::Sorted if listed > 1 && !visitor.sends_mail => self.sorted(visitor, answer),
            _ if visitor.sends_mail && listed > 1 => places[shuffled(visitor, count)] as usize,
            AddressChoice::Shuffled if listed > 1 && !answer.pinned => places[shuffled(visitor, count)] as usize,
            _ => places[(answer.offset as usize + visitor.tries as usize) % count] as usize,
        };
        // What is left of the session's number decides within a cluster.
        let visitor = Visitor { chance: drawn(visitor.chance, count).1, tries: 0, ..*visitor };
        self.addresses[place].by.choose(&visitor, now)
    }

    /// The place that comes so late in the order of the bits in common with the client's address, of equals as they were
    /// listed.
    fn sorted(&self, visitor: &Visitor, answer: Answer) -> usize {
        let places = self.versions.places(answer.version);
        let count = places.len();
        let rank = |position: usize| {
            let place = places[(answer.offset as usize + position) % count] as usize;
            let common = (self.addresses[place].number ^ visitor.address).leading_zeros();
            (32 - common, position, place)
        };
        let mut last = None;
        for _ in 0..=visitor.tries {
            last = (0..count).map(rank).filter(|rank| last.is_none_or(|last| *rank > last)).min();
        }
        last.map_or(0, |(_, _, place)| place)
    }

    /// The monitor has the address of a node taken out of the zone, or put back.
    pub(super) fn edit(&mut self, node: u32, out: bool, now: Time) -> TakenOut {
        let place = self.places[node as usize];
        // What caches have directed so far is by the zone as it was.
        self.settle(now);
        let before = self.versions.now().to_vec();
        self.versions.edit(place, out, now);
        self.to_each.resize(self.versions.current() as usize + 1, 0.0);
        let nodes = |places: &[u32], others: &[u32]| {
            let node = |place: &u32| self.places.iter().position(|of| of == place).map(|node| node as u32);
            places.iter().filter(|place| !others.contains(place)).filter_map(node).collect()
        };
        let after = self.versions.now();
        TakenOut::Zone { left: nodes(&before, after), came: nodes(after, &before) }
    }

    /// What stands before a node.
    pub(super) fn before(&mut self, node: u32) -> &mut Balancer {
        &mut self.addresses[self.places[node as usize] as usize].by
    }

    /// What stands behind the first address.
    pub(super) fn first(&mut self) -> &mut Balancer {
        &mut self.addresses[0].by
    }

    /// What stands behind each address.
    pub(super) fn each(&mut self) -> impl Iterator<Item = &mut Balancer> {
        self.addresses.iter_mut().map(|address| &mut address.by)
    }

    pub(super) fn reset(&mut self, now: Time) {
        (self.queries, self.hits) = (0, 0);
        self.to_each.fill(0.0);
        self.directed.fill(0.0);
        self.groups.iter_mut().flat_map(|group| &mut group.caches).for_each(|cache| cache.reset(now));
    }

    pub(super) fn observed(&mut self, now: Time) -> DnsObserved {
        self.settle(now);
        // A zone that always begins with the same address is known without an answer.
        let fixed = self.zone.rotation == Rotation::Fixed && self.groups.iter().all(|group| !group.rotates(&self.zone));
        let mut directed = self.directed.clone();
        for (version, sessions) in (0..).zip(&self.to_each) {
            let places = self.versions.places(version);
            let begins = if fixed { &places[..1] } else { places };
            begins.iter().for_each(|place| directed[*place as usize] += sessions / begins.len() as f64);
        }
        let millionths = |sessions: &f64| (sessions * 1e6).round() as u64;
        DnsObserved { queries: self.queries, hits: self.hits, directed_e6: directed.iter().map(millionths).collect() }
    }

    /// Adds up what every cache has directed until now.
    fn settle(&mut self, now: Time) {
        for group in &mut self.groups {
            let rotates = group.rotates(&self.zone);
            for cache in &mut group.caches {
                if rotates {
                    cache.direct_to_each(now, &self.versions, &mut self.to_each);
                } else {
                    cache.direct(now, &self.versions, &mut self.directed, &mut self.to_each);
                }
            }
        }
    }

    fn count(&mut self, found: Found) {
        if found.hit {
            self.hits += 1;
        } else {
            self.queries += 1;
        }
    }
}

impl Group {
    /// The resolvers of a group with their caches of the name.
    fn new(
        group: &ClientGroup,
        (key, stretching): (Key, Key),
        (first, per_s): (u32, f64),
        ttl: Time,
        draw: impl Fn(Key) -> u32,
    ) -> Option<Group> {
        let resolvers = group.resolvers?;
        let ends = resolvers.ends(group.addresses);
        let mut before = 0;
        let caches = (0..).zip(&ends).map(|(resolver, end)| {
            let part = (end - std::mem::replace(&mut before, *end)) as f64 / group.addresses as f64;
            let stretches = stretching.at(resolver).stream().unit() < resolvers.stretchers;
            Cache::new(key.at(resolver), part * per_s, resolvers.keeps(ttl, stretches), &draw)
        });
        let caches = caches.collect();
        Some(Group { key, resolvers, first, ends, caches, per_address_per_s: per_s / group.addresses as f64 })
    }

    /// Whether each client gets another order of what a cache has.
    fn rotates(&self, zone: &RoundRobinDns) -> bool {
        zone.rotation != Rotation::OneAddress && self.resolvers.order == ResolverOrder::Rotated
    }

    /// The number of the client at an address, and its resolver.
    fn find(&self, address: u32) -> (u64, usize) {
        let client = u64::from(address.wrapping_sub(self.first));
        (client, self.ends.partition_point(|end| *end <= client).min(self.ends.len() - 1))
    }
}

/// Where the authoritative server begins an answer: BIND and Unbound take the offset from the number of the query, which is
/// as good as random.
fn begin(rotation: Rotation, addresses: usize, key: Key) -> u32 {
    match rotation {
        Rotation::Random | Rotation::OneAddress => key.stream().below(addresses as u64) as u32,
        Rotation::Fixed => 0,
    }
}

/// Sessions of a service that begin per second, on average.
fn sessions_per_s(scenario: &Scenario, service: usize) -> f64 {
    let streams = scenario.streams.iter().filter(|stream| stream.service == service && !stream.on_open_connections);
    streams.map(Stream::mean_rate_per_s).sum()
}

/// The place that comes so late in an order that is any with the same probability, as Fisher and Yates shuffle.
fn shuffled(visitor: &Visitor, count: usize) -> usize {
    if visitor.tries == 0 {
        return drawn(visitor.chance, count).0;
    }
    let mut chance = visitor.chance;
    let ranks: Vec<usize> = (0..=visitor.tries as usize)
        .map(|taken| {
            let (rank, rest) = drawn(chance, count - taken);
            chance = rest;
            rank
        })
        .collect();
    let later = |place: usize, earlier: &usize| place + usize::from(place >= *earlier);
    ranks.split_last().map_or(0, |(last, earlier)| earlier.iter().rev().fold(*last, later))
}
