//! What a resolver remembers of one name.

use super::versions::Versions;
use crate::random::Key;
use crate::units::Time;

/// The sub-key of a cache that its state at time zero is drawn from; its answers are numbered from zero.
const START: u64 = u64::MAX - 1;

/// One name in the cache of one resolver. It is looked at when a client asks, and needs no events.
pub(super) struct Cache {
    /// Sessions per second that ask it.
    per_s: f64,
    /// How long it keeps an answer.
    keeps: Time,
    /// When it has its answer, and when that expires.
    since: Time,
    until: Time,
    /// Where the answer begins in the list of addresses, and of which version of the zone that is.
    offset: u32,
    version: u32,
    answers: u32,
    /// Until when the sessions that it directs have been added up.
    counted: Time,
}

/// What a client gets of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) offset: u32,
    pub(super) version: u32,
    /// Whether the cache had it already.
    pub(super) hit: bool,
    /// Until it is there.
    pub(super) wait: Time,
}

impl Cache {
    /// As if it had always run: of clients that ask as a Poisson process one in `1 + λT` finds nothing (a renewal begins when
    /// an answer expires and the next client asks), and an answer that is there may be of any age.
    pub(super) fn new(key: Key, per_s: f64, keeps: Time, draw: impl Fn(Key) -> u32) -> Cache {
        let mut chance = key.at(START).stream();
        let asked_meanwhile = per_s * keeps.as_secs_f64();
        let has = chance.unit() * (1.0 + asked_meanwhile) < asked_meanwhile;
        let left = Time::from_ns_f64(chance.unit() * keeps.0 as f64);
        let until = if has { left } else { Time::ZERO };
        let (since, offset) = (Time::ZERO, draw(key.at(0)));
        Cache { per_s, keeps, since, until, offset, version: 0, answers: 1, counted: Time::ZERO }
    }

    /// A client asks. Who asks while an answer is on its way waits for it too. Without one the zone is asked, which is at this
    /// version.
    pub(super) fn look_up(
        &mut self,
        key: Key,
        now: Time,
        (search, version): (Time, u32),
        draw: impl Fn(Key) -> u32,
    ) -> Found {
        if now < self.until {
            let wait = self.since.saturating_sub(now);
            return Found { offset: self.offset, version: self.version, hit: true, wait };
        }
        self.version = version;
        self.offset = draw(key.at(u64::from(self.answers)));
        self.answers += 1;
        self.since = now + search;
        self.until = if self.keeps == Time::ZERO { now } else { self.since + self.keeps };
        Found { offset: self.offset, version, hit: false, wait: search }
    }

    /// Adds up the sessions that it directs on average: to the address that is first in its answer, and without an answer
    /// to any of those that the zone has; these by version.
    pub(super) fn direct(&mut self, now: Time, versions: &Versions, to_first: &mut [f64], to_each: &mut [f64]) {
        let held = now.min(self.until).saturating_sub(self.counted);
        let first = versions.places(self.version)[self.offset as usize];
        to_first[first as usize] += self.per_s * held.as_secs_f64();
        to_each[versions.current() as usize] += self.per_s * ((now - self.counted) - held).as_secs_f64();
        self.counted = now;
    }

    /// The same of one that gives each client another address first.
    pub(super) fn direct_to_each(&mut self, now: Time, versions: &Versions, to_each: &mut [f64]) {
        let (mut left, current) = (now - self.counted, versions.current());
        if self.version != current {
            let held = now.min(self.until).saturating_sub(self.counted);
            to_each[self.version as usize] += self.per_s * held.as_secs_f64();
            left = left - held;
        }
        to_each[current as usize] += self.per_s * left.as_secs_f64();
        self.counted = now;
    }

    /// The version of the zone that its answer is of.
    pub(super) fn version(&self) -> u32 {
        self.version
    }

    /// How long it keeps an answer.
    pub(super) fn keeps(&self) -> Time {
        self.keeps
    }

    /// When its answer expires.
    pub(super) fn expires(&self) -> Time {
        self.until
    }

    /// What it directed so far does not count.
    pub(super) fn reset(&mut self, now: Time) {
        self.counted = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    const TTL: Time = Time::from_secs(30);

    fn key(index: u64) -> Key {
        Key::new(1, 0, Purpose::Routing, "cache").at(index)
    }

    fn draw(key: Key) -> u32 {
        key.stream().below(4) as u32
    }

    #[test]
    fn it_begins_in_the_state_that_it_has_in_the_long_run() {
        // 0.1 sessions a second and 30 s: three of four find an answer, and the rest of its life is 15 s on average.
        let count = 40_000;
        let caches = (0..count).map(|index| Cache::new(key(index), 0.1, TTL, draw));
        let left: Vec<f64> = caches.map(|cache| cache.until.as_secs_f64()).filter(|left| *left > 0.0).collect();
        let share = left.len() as f64 / count as f64;
        assert!((share - 0.75).abs() < 4.0 * (0.75 * 0.25 / count as f64).sqrt(), "{share}");
        let mean = left.iter().sum::<f64>() / left.len() as f64;
        assert!((mean - 15.0).abs() < 4.0 * 30.0 / (12.0 * left.len() as f64).sqrt(), "{mean}");
    }

    #[test]
    fn an_answer_is_kept_from_when_it_is_there_and_who_comes_before_waits_for_it() {
        let (key, search) = (key(0), Time::from_millis(100));
        let mut cache = Cache::new(key, 0.0, TTL, draw);
        let mut ask = |at: Time| cache.look_up(key, at, (search, 0), draw);
        let first = ask(Time::from_secs(1));
        assert_eq!((first.hit, first.wait), (false, search));
        let during = ask(Time::from_millis(1_040));
        assert_eq!(during, Found { hit: true, wait: Time::from_millis(60), ..first });
        let last = ask(Time::from_millis(31_099));
        assert_eq!(last, Found { hit: true, wait: Time::ZERO, ..first });
        assert!(!ask(Time::from_millis(31_100)).hit);
    }

    #[test]
    fn without_a_time_to_live_every_client_asks_the_zone() {
        let mut cache = Cache::new(key(0), 10.0, Time::ZERO, draw);
        let search = Time::from_millis(100);
        assert!((0..50).all(|at| !cache.look_up(key(0), Time::from_millis(at), (search, 0), draw).hit));
    }

    #[test]
    fn an_answer_has_the_version_of_the_zone_that_was_asked_until_it_expires() {
        let (key, mut cache) = (key(0), Cache::new(key(0), 0.0, TTL, draw));
        let mut ask =
            |at: u64, version: u32| cache.look_up(key, Time::from_secs(at), (Time::ZERO, version), draw).version;
        assert_eq!([ask(1, 0), ask(30, 1), ask(31, 1), ask(60, 2), ask(61, 2)], [0, 0, 1, 1, 2]);
    }

    #[test]
    fn sessions_follow_the_answer_while_it_lasts_and_are_spread_without_one() {
        let mut cache = Cache::new(key(0), 0.0, TTL, draw);
        cache.per_s = 2.0;
        let found = cache.look_up(key(0), Time::from_secs(10), (Time::ZERO, 0), draw);
        cache.reset(Time::from_secs(20));
        let (mut to_first, mut to_each, mut versions) = ([0.0; 4], vec![0.0; 2], Versions::new(4));
        cache.direct(Time::from_secs(30), &versions, &mut to_first, &mut to_each);
        versions.edit(0, true, Time::from_secs(30));
        cache.direct(Time::from_secs(50), &versions, &mut to_first, &mut to_each);
        assert_eq!((to_first[found.offset as usize], to_each), (40.0, vec![0.0, 20.0]));
    }
}
