//! What a session finds in the mailbox that it opens: the mail that was delivered since the last visit.
//!
//! No mailbox is an object. For each population the simulation counts the messages that were delivered, and for each pool
//! the visits, with the count of messages at every so many of them. A visit opens any mailbox of its pool, so that the last
//! visit to the same one lies a geometric number of visits back; what was delivered since then, the counts tell, and each
//! of these messages was for this mailbox with equal chance (also the copies of one message, an assumption that a company
//! of some dozen people would notice). Sessions that are turned away are no visits and mail that is late is not delivered:
//! both sides of an outage are felt.
//!
//! Before time zero both went on for ever at their expected rates, by the hours of the profile. A geometric number has no
//! memory, so what lies before is an exponential piece of the operational time of the mailbox's visits.
//!
//! Memory: [`MARKS`] counts for each pool, whatever the users, the sessions and the time. They reach back for 40 times the
//! mean between two visits to a mailbox, further than any draw, in steps of a hundredth of it; up to a hundred mailboxes
//! they are at every visit. Between two marks mail and visits count as evenly mixed.

use super::arrivals::HOUR;
use crate::random::{Key, Stream};
use crate::scenario::{Mailboxes, Scenario};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// Counts of messages that are kept for each pool.
const MARKS: u64 = 4_096;
/// How far they reach back, in visits for each mailbox: a geometric number by inversion is at most 36.8 times its mean.
const REACH: f64 = 40.0;
/// A visit that finds this many messages, or more, is counted in the last place of the histogram.
pub const MOST_FOUND: usize = 64;

/// The visits to the mailboxes of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolVisits {
    /// Visits.
    pub visits: u64,
    /// Messages that they found.
    pub found: u64,
    /// Visits that found 0, 1, … messages; the last place has those of [`MOST_FOUND`] and more.
    pub histogram: Vec<u64>,
}

/// The mailboxes of all populations.
pub(super) struct Post {
    /// By [`Scenario::mailboxes`].
    boxes: Vec<Boxes>,
}

/// The mailboxes of a population.
struct Boxes {
    /// Messages delivered so far.
    mail: u64,
    pools: Vec<Pool>,
    /// Mail before time zero.
    mail_past: Past,
}

struct Pool {
    /// Mailboxes, at least 1, and the chance of one of them to get a message of the population.
    mailboxes: f64,
    chance: f64,
    visits: u64,
    /// Visits from one mark to the next.
    step: u64,
    /// Messages delivered before every `step`-th visit; a ring.
    marks: Vec<u64>,
    visits_past: Past,
    observed: PoolVisits,
}

/// Something that went on at expected rates for ever before time zero.
struct Past {
    /// How many in each nanosecond, by hour.
    per_ns: Vec<f64>,
    /// How far into its hours time zero is.
    phase: Time,
}

impl Post {
    pub(super) fn new(scenario: &Scenario, warm_up: Time) -> Post {
        let boxes = scenario.mailboxes.iter().enumerate();
        Post { boxes: boxes.map(|(index, boxes)| Boxes::new(scenario, index, boxes, warm_up)).collect() }
    }

    /// What a session finds in a mailbox of the pool.
    pub(super) fn open(&self, mailboxes: usize, pool: usize, session: Key) -> u32 {
        self.boxes[mailboxes].found(pool, &mut session.stream())
    }

    /// A session has been let in and empties the mailbox.
    pub(super) fn visit(&mut self, mailboxes: usize, pool: usize, found: u32) {
        let boxes = &mut self.boxes[mailboxes];
        let pool = &mut boxes.pools[pool];
        if pool.visits.is_multiple_of(pool.step) {
            pool.marks[(pool.visits / pool.step % MARKS) as usize] = boxes.mail;
        }
        pool.visits += 1;
        pool.observed.visits += 1;
        pool.observed.found += u64::from(found);
        pool.observed.histogram[(found as usize).min(MOST_FOUND)] += 1;
    }

    /// A message has been put into a mailbox.
    pub(super) fn deliver(&mut self, mailboxes: usize) {
        self.boxes[mailboxes].mail += 1;
    }

    /// What was observed starts anew; what was delivered and opened stays.
    pub(super) fn reset(&mut self) {
        self.boxes.iter_mut().flat_map(|boxes| &mut boxes.pools).for_each(|pool| pool.observed = unobserved());
    }

    /// By population and pool.
    pub(super) fn observed(self) -> Vec<Vec<PoolVisits>> {
        let pools = |boxes: Boxes| boxes.pools.into_iter().map(|pool| pool.observed).collect();
        self.boxes.into_iter().map(pools).collect()
    }
}

fn unobserved() -> PoolVisits {
    PoolVisits { visits: 0, found: 0, histogram: vec![0; MOST_FOUND + 1] }
}

impl Boxes {
    fn new(scenario: &Scenario, index: usize, boxes: &Mailboxes, warm_up: Time) -> Boxes {
        let pool = |(place, pool): (usize, &crate::scenario::Pool)| {
            let mailboxes = boxes.of_pool(place);
            Pool {
                mailboxes,
                chance: pool.share / mailboxes,
                visits: 0,
                step: libm::ceil(REACH * mailboxes / MARKS as f64) as u64,
                marks: vec![0; MARKS as usize],
                visits_past: Past::new(&scenario.visits_per_s(index, place), warm_up),
                observed: unobserved(),
            }
        };
        Boxes {
            mail: 0,
            pools: boxes.pools.iter().enumerate().map(pool).collect(),
            mail_past: Past::new(&scenario.mail_per_s(index), warm_up),
        }
    }

    /// Draws what a visit now finds.
    fn found(&self, pool: usize, chance: &mut Stream) -> u32 {
        let pool = &self.pools[pool];
        let back = visits_back(pool.mailboxes, chance);
        if back <= pool.visits {
            return chosen(self.mail - self.mail_at(pool, pool.visits - back), pool.chance, chance);
        }
        let visits = chance.exponential(pool.mailboxes);
        let mail = pool.visits_past.length_of(visits, &self.mail_past);
        chosen(self.mail, pool.chance, chance) + poisson(mail * pool.chance, chance)
    }

    /// Messages that had been delivered at the visit with this number, counted from zero.
    fn mail_at(&self, pool: &Pool, visit: u64) -> u64 {
        let mark = visit / pool.step;
        let at = |mark: u64| pool.marks[(mark % MARKS) as usize];
        let (before, of_visits) = (at(mark), (pool.visits - mark * pool.step).min(pool.step));
        let after = if (mark + 1) * pool.step < pool.visits { at(mark + 1) } else { self.mail };
        let part = (visit % pool.step) as f64 / of_visits as f64;
        before + ((after - before) as f64 * part + 0.5) as u64
    }
}

impl Past {
    fn new(per_s: &[f64], warm_up: Time) -> Past {
        let cycle = HOUR.0 * (per_s.len() as u64).max(1);
        Past { per_ns: per_s.iter().map(|rate| rate / 1e9).collect(), phase: Time((cycle - warm_up.0 % cycle) % cycle) }
    }

    /// How much of the other thing went on in the time in which so much of this one did, back from time zero.
    fn length_of(&self, amount: f64, other: &Past) -> f64 {
        let hour = HOUR.0 as f64;
        let of_cycle: f64 = self.per_ns.iter().sum::<f64>() * hour;
        let cycles = libm::floor(amount / of_cycle);
        let mut left = amount - cycles * of_cycle;
        let mut sum = cycles * other.per_ns.iter().sum::<f64>() * hour;
        // Back from time zero, at most once around and then into the same hour again.
        let end = HOUR.0 * self.per_ns.len() as u64;
        let mut at = if self.phase == Time::ZERO { end } else { self.phase.0 };
        for _ in 0..=self.per_ns.len() {
            let index = (at - 1) / HOUR.0;
            let length = (at - index * HOUR.0) as f64;
            let (rate, mail) = (self.per_ns[index as usize], other.per_ns[index as usize]);
            if left < rate * length {
                return sum + left / rate * mail;
            }
            left -= rate * length;
            sum += length * mail;
            at = if index == 0 { end } else { index * HOUR.0 };
        }
        sum
    }
}

/// How many visits back the last one to the same of so many mailboxes was: at least 1, geometric.
fn visits_back(mailboxes: f64, chance: &mut Stream) -> u64 {
    // With one mailbox the divisor is minus infinity and the quotient zero: it was the last one.
    1 + (libm::log(chance.unit()) / libm::log1p(-1.0 / mailboxes)) as u64
}

/// How many of `count` messages were for one mailbox, each with the same chance: from one that was to the next.
fn chosen(count: u64, chance: f64, stream: &mut Stream) -> u32 {
    let others = libm::log1p(-chance);
    let (mut found, mut passed) = (0, 0_u64);
    loop {
        passed = passed.saturating_add((libm::log(stream.unit()) / others) as u64).saturating_add(1);
        if passed > count {
            return found;
        }
        found += 1;
    }
}

/// A Poisson number: how many exponential gaps fit into `mean`.
fn poisson(mean: f64, stream: &mut Stream) -> u32 {
    let (mut count, mut passed) = (0, stream.exponential(1.0));
    while passed <= mean {
        count += 1;
        passed += stream.exponential(1.0);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    fn past(per_hour: &[f64], phase: u64) -> Past {
        Past { per_ns: per_hour.iter().map(|n| n / HOUR.0 as f64).collect(), phase: Time(phase) }
    }

    #[test]
    fn operational_time_is_walked_back_hour_by_hour() {
        // Half past the second of three hours, the first of which has no visits.
        let half = HOUR.0 * 3 / 2;
        let (visits, mail) = (past(&[0.0, 4.0, 1.0], half), past(&[10.0, 2.0, 6.0], half));
        let back = |amount: f64| visits.length_of(amount, &mail);
        let near = |value: f64, exact: f64| assert!((value - exact).abs() < 1e-9, "{value} is not {exact}");
        // A quarter of an hour back; all of the half; into the third hour of the cycle before; a whole cycle and a quarter.
        near(back(1.0), 0.5);
        near(back(1.999_999_999_999), 1.0);
        near(back(2.5), 1.0 + 10.0 + 3.0);
        near(back(5.0 + 1.0), 18.0 + 0.5);
        near(back(4.0), 1.0 + 10.0 + 6.0 + 0.5);
    }

    #[test]
    fn messages_are_chosen_as_a_binomial_and_arrive_as_a_poisson_number() {
        let mut stream = Key::new(7, 0, Purpose::Session, "mail").stream();
        let moments = |draw: &mut dyn FnMut() -> u32| {
            let count = 400_000;
            let (sum, squares) = (0..count).map(|_| f64::from(draw())).fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
            let mean = sum / f64::from(count);
            (mean, squares / f64::from(count) - mean * mean)
        };
        // Four standard errors: of a mean √(variance/n), of a variance about variance · √(2/n) and a little more.
        let (mean, variance) = moments(&mut || chosen(40, 0.1, &mut stream));
        assert!(
            (mean - 4.0).abs() < 4.0 * (3.6_f64 / 4e5).sqrt() && (variance - 3.6).abs() < 0.04,
            "{mean} {variance}"
        );
        let (mean, variance) = moments(&mut || poisson(2.5, &mut stream));
        assert!(
            (mean - 2.5).abs() < 4.0 * (2.5_f64 / 4e5).sqrt() && (variance - 2.5).abs() < 0.03,
            "{mean} {variance}"
        );
        let (mean, _) = moments(&mut || visits_back(30.0, &mut stream) as u32);
        assert!((mean - 30.0).abs() < 4.0 * 30.0 / 4e5_f64.sqrt(), "{mean}");
        assert_eq!(
            (chosen(9, 1.0, &mut stream), chosen(0, 1.0, &mut stream), visits_back(1.0, &mut stream)),
            (9, 0, 1)
        );
    }
}
