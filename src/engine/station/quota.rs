//! A processor with a budget: at most so much core time in each period, and then everything stops until the next one.
//!
//! This is how a container or a burst-free cloud share is held to its part of a machine (Linux CFS bandwidth control:
//! Turner, Rao, Rao, *CPU bandwidth control for CFS*, Linux Symposium 2010). It is a fast machine with a budget, not a slow
//! one: what is short gets the full speed of the cores, and only a load that uses up the budget is held back.
//!
//! The cores themselves are one of the other stations, which lives in a time of its own: that time stands still while the
//! budget is used up. So the order of service, the sharing and the integrals are those of the station inside, and all that
//! is added is the translation between the two times, in integers. Each nanosecond takes as much of the budget as there
//! are busy cores; what the last one takes too much is missing in the next period, so that no core time is lost or won.
//!
//! Periods begin at multiples of their length. What of a budget is not used up is there in the next period up to a limit, and
//! beyond it gone.
//!
//! Who goes on after a stop finds the caches filled by others. So a stop may cost a part of the time after it, in which the
//! cores are busy and use up their budget ([`Warming`]).

use super::level::Level;
use super::warming::Warming;
use super::{Counts, Fcfs, ProcessorSharing, Scaling};
use crate::units::Time;

/// How much core time a processor has in each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Core time in nanoseconds.
    pub core_ns: u64,
    /// For how long it has to last.
    pub period: Time,
    /// Core time that is kept at most where it was not used, in nanoseconds.
    pub burst_ns: u64,
    /// What each busy core loses after a stop.
    pub warming: Warming,
}

impl Budget {
    /// A share of a machine that is worth so many cores on average, and keeps up to `burst` of core time.
    #[must_use]
    pub fn of_cores(cores: f64, period: Time, burst: Time) -> Budget {
        Budget { core_ns: (cores * period.0 as f64).round() as u64, period, burst_ns: burst.0, warming: Warming::NONE }
    }

    /// What there is in a period after one that has left so much; negative for what it took too much.
    fn after(self, left: i64) -> i64 {
        self.core_ns as i64 + left.min(self.burst_ns as i64)
    }
}

enum Cores<J> {
    Shared(ProcessorSharing<J>),
    InOrder(Fcfs<J>),
}

/// The same call on whichever station it is.
macro_rules! each {
    ($cores:expr, $station:ident => $call:expr) => {
        match $cores {
            Cores::Shared($station) => $call,
            Cores::InOrder($station) => $call,
        }
    };
}

/// Cores that work only while their budget lasts.
pub struct Quota<J> {
    cores: Cores<J>,
    budget: Budget,
    clock: Clock,
    number: Level,
}

/// Where the two times stand, and what is left of the budget. The period is never over: at its end the next one begins.
#[derive(Debug, Clone, Copy)]
struct Clock {
    now: Time,
    /// The time of the cores, which stands still while there is no budget.
    inner: Time,
    /// Core time that is left in this period; negative by what the last nanosecond took too much.
    left: i64,
    /// When the period is over.
    end: Time,
    /// Whether there was work in this period and no budget for it.
    stopped: bool,
    /// For how long busy cores have run since the last stop.
    ran: Time,
    /// Core time since the last reset in which they got nothing done, in nanoseconds.
    lost_ns: u128,
}

impl Clock {
    /// How long so many busy cores can go on in this period.
    fn can_run(&self, busy: u64) -> Time {
        let rest = self.end - self.now;
        match (self.left > 0, busy) {
            (false, _) => Time::ZERO,
            (true, 0) => rest,
            (true, busy) => rest.min(Time((self.left as u64).div_ceil(busy))),
        }
    }

    /// Whether so many busy cores are never stopped.
    fn never_stops(&self, busy: u64, budget: Budget) -> bool {
        let rest = i128::from(self.left) - i128::from(busy) * i128::from((self.end - self.now).0);
        rest >= 0 && u128::from(busy) * u128::from(budget.period.0) <= u128::from(budget.core_ns)
    }

    /// For how long busy cores have to run until so much is done.
    fn needed(&self, rest: Time, warming: Warming) -> Time {
        if rest == Time::ZERO { rest } else { warming.until(warming.done(self.ran) + rest) - self.ran }
    }

    /// So many busy cores run for a time.
    fn run(&mut self, runs: Time, busy: u64, warming: Warming) {
        if busy == 0 {
            self.inner += runs;
            return;
        }
        let done = warming.done(self.ran + runs) - warming.done(self.ran);
        self.ran += runs;
        self.inner += done;
        self.lost_ns += u128::from((runs - done).0) * u128::from(busy);
    }

    /// The same clock at a later time, with as many busy cores all the while.
    fn at(mut self, now: Time, busy: u64, budget: Budget) -> Clock {
        while self.now < now {
            let until = now.min(self.end);
            let runs = self.can_run(busy).min(until - self.now);
            self.stopped |= busy > 0 && runs < until - self.now;
            self.run(runs, busy, budget.warming);
            self.left -= (runs.0 * busy) as i64;
            self.now = until;
            if self.now < self.end {
                break;
            }
            self.left = budget.after(self.left);
            self.end += budget.period;
            if std::mem::take(&mut self.stopped) {
                self.ran = Time::ZERO;
            }
            let whole = Time((now - self.now).0 / budget.period.0 * budget.period.0);
            if whole > Time::ZERO && self.never_stops(busy, budget) {
                // Periods without a stop are alike, however many: each leaves as much more than the one before.
                let spared = i128::from(budget.core_ns) - i128::from(busy) * i128::from(budget.period.0);
                let kept = i128::from(self.left) - i128::from(budget.core_ns);
                let kept = kept + spared * i128::from(whole.0 / budget.period.0);
                self.now += whole;
                self.run(whole, busy, budget.warming);
                self.end += whole;
                self.left = budget.core_ns as i64 + kept.min(i128::from(budget.burst_ns)) as i64;
            }
        }
        self
    }
}

impl<J: Copy + Eq> Quota<J> {
    /// Cores that all jobs share equally, idle at time zero.
    ///
    /// # Panics
    /// When there is no core, no budget or no period.
    #[must_use]
    pub fn shared(scaling: Scaling, budget: Budget) -> Self {
        Quota::new(Cores::Shared(ProcessorSharing::new(scaling)), budget)
    }

    /// Cores that take jobs in the order of arrival, idle at time zero.
    ///
    /// # Panics
    /// When there is no core, no budget or no period.
    #[must_use]
    pub fn in_order(cores: u32, budget: Budget) -> Self {
        Quota::new(Cores::InOrder(Fcfs::new(cores)), budget)
    }

    fn new(cores: Cores<J>, budget: Budget) -> Self {
        assert!(budget.core_ns > 0 && budget.period > Time::ZERO, "{budget:?} lets nothing be done");
        let clock = Clock {
            now: Time::ZERO,
            inner: Time::ZERO,
            left: budget.core_ns as i64,
            end: budget.period,
            stopped: false,
            ran: budget.warming.within(),
            lost_ns: 0,
        };
        Quota { cores, budget, clock, number: Level::default() }
    }

    /// A job comes with so much work for one core.
    // Few machines have a quota: it stays out of the way of the others.
    #[inline(never)]
    pub fn arrive(&mut self, now: Time, job: J, demand: Time) {
        self.advance(now);
        each!(&mut self.cores, cores => cores.arrive(self.clock.inner, job, demand));
        self.number.set(now, self.number() as u64);
    }

    /// When to look again, if nothing else happens before: at the next departure, or where a stop makes it depend on the
    /// next budget, at the end of the period.
    #[must_use]
    // Few machines have a quota: it stays out of the way of the others.
    #[inline(never)]
    pub fn next_departure(&self) -> Option<Time> {
        let done = each!(&self.cores, cores => cores.next_departure())?;
        let (rest, busy) = (done.saturating_sub(self.clock.inner), self.busy_cores());
        let needed = self.clock.needed(rest, self.budget.warming);
        let soon = needed <= self.clock.can_run(busy) || self.clock.never_stops(busy, self.budget);
        Some(if soon { self.clock.now + needed } else { self.clock.end })
    }

    /// Takes out the next job whose work is done by `now`.
    // Few machines have a quota: it stays out of the way of the others.
    #[inline(never)]
    pub fn pop_departed(&mut self, now: Time) -> Option<J> {
        self.advance(now);
        let left = each!(&mut self.cores, cores => cores.pop_departed(self.clock.inner))?;
        self.number.set(now, self.number() as u64);
        Some(left)
    }

    /// Takes a job out before its work is done; says whether it was there.
    pub fn remove(&mut self, now: Time, job: J) -> bool {
        self.advance(now);
        let removed = each!(&mut self.cores, cores => cores.remove(self.clock.inner, job));
        self.number.set(now, self.number() as u64);
        removed
    }

    /// How many jobs are present.
    #[must_use]
    pub fn number(&self) -> usize {
        each!(&self.cores, cores => cores.number())
    }

    /// Who came and went since the last reset.
    #[must_use]
    pub fn counts(&self) -> Counts {
        each!(&self.cores, cores => cores.counts())
    }

    /// `∫ n dt` since the last reset, in job-nanoseconds.
    #[must_use]
    pub fn number_integral(&self, now: Time) -> u128 {
        self.number.integral(now)
    }

    /// Core time used since the last reset, in nanoseconds: work done, and what stops have cost. None is used while the budget is
    /// used up.
    #[must_use]
    pub fn busy(&self, now: Time) -> u128 {
        let clock = self.clock_at(now);
        each!(&self.cores, cores => cores.busy(clock.inner)) + clock.lost_ns
    }

    /// What of it stops have cost.
    #[must_use]
    pub fn lost(&self, now: Time) -> u128 {
        self.clock_at(now).lost_ns
    }

    /// Work that was brought and is not done at `now`, in nanoseconds of a core. Looks at every job.
    #[must_use]
    pub fn backlog(&self, now: Time) -> f64 {
        let inner = self.clock_at(now).inner;
        each!(&self.cores, cores => cores.backlog(inner))
    }

    /// Counts and integrals start anew; the jobs and what is left of the budget stay.
    pub fn reset_statistics(&mut self, now: Time) {
        self.advance(now);
        self.number.reset(now);
        self.clock.lost_ns = 0;
        each!(&mut self.cores, cores => cores.reset_statistics(self.clock.inner));
    }

    fn advance(&mut self, now: Time) {
        self.clock = self.clock_at(now);
    }

    fn clock_at(&self, now: Time) -> Clock {
        self.clock.at(now, self.busy_cores(), self.budget)
    }

    fn busy_cores(&self) -> u64 {
        each!(&self.cores, cores => cores.busy_cores() as u64)
    }
}
