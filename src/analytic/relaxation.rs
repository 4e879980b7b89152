//! How long a cluster takes to forget that it started empty.

use super::load::{Resource, offered};
use crate::queueing::transient::relaxation_time;
use crate::scenario::{CpuQuota, Operation, Scenario, Stream, Tier};
use crate::units::Time;

/// How much of the relaxation time the warm-up lasts: after 5 an M/M/1 queue that started empty at 80 % is within a
/// hundredth of its mean number.
const WARM_UP_IN_RELAXATION_TIMES: f64 = 5.0;

/// A window should be this many relaxation times long, else late fractions are skewed and their intervals too narrow.
pub const WINDOW_IN_RELAXATION_TIMES: f64 = 50.0;

/// Where a load limits itself, an upper bound near or above 1 says little, and the longest memory that is believed is that of
/// a resource at 95 %: 1560 service times of one server. Assumption; the firm part of the load counts in any case.
const SELF_LIMITED: f64 = 0.95;

/// The computed warm-up and what is to be said about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settling {
    /// Time that is simulated and not measured.
    pub warm_up: Time,
    /// The longest relaxation time of any resource, in seconds; infinite when one can't keep up.
    pub relaxation_s: f64,
    /// Whether the window is long enough for the intervals to mean what they say.
    pub window_suffices: bool,
}

/// The warm-up of a scenario: what the user fixed, or five relaxation times of the slowest resource, and at least as long
/// as a slow client takes for a large message and as a long session lasts; never longer than the window.
#[must_use]
pub fn settling(scenario: &Scenario) -> Settling {
    let load = offered(scenario);
    let relaxation_s = load
        .stations
        .iter()
        .map(|station| {
            if station.utilisation == 0.0 {
                return 0.0;
            }
            let utilisation = station.utilisation.min(SELF_LIMITED.max(station.firm));
            let (stretch, least_s) = match station.resource {
                Resource::Cpu => budget(&scenario.cluster.nodes[station.node].tier),
                Resource::Disk | Resource::LinkIn | Resource::LinkOut => (1.0, 0.0),
                Resource::SwitchConnections | Resource::SwitchThroughput => (1.0, 0.0),
            };
            let service_s = station.service_s * stretch;
            // Poisson arrivals: squared coefficient of variation 1. No relaxation time: the resource can't keep up.
            relaxation_time(service_s, station.servers, utilisation, 1.0, station.cv2)
                .map_or(f64::INFINITY, |relaxation_s| relaxation_s.max(least_s))
        })
        .fold(0.0, f64::max);
    let computed =
        (WARM_UP_IN_RELAXATION_TIMES * relaxation_s).max(slow_client_s(scenario)).max(long_session_s(scenario));
    let computed = computed.max(return_s(scenario));
    let warm_up = scenario.warm_up.unwrap_or_else(|| Time::from_secs_f64(computed).min(scenario.window));
    let window_suffices = scenario.window.as_secs_f64() >= WINDOW_IN_RELAXATION_TIMES * relaxation_s;
    Settling { warm_up, relaxation_s, window_suffices }
}

/// A CPU with a quota works its queue off as slowly as its budget lets it that is left after a stop, by this factor, and
/// remembers a period at least.
fn budget(tier: &Tier) -> (f64, f64) {
    let of = |quota: CpuQuota| {
        let (period_s, cores) = (quota.period.as_secs_f64(), f64::from(tier.cores));
        let lost = quota.resume.as_secs_f64() * quota.resumed(tier.cores) / period_s;
        (cores / (quota.cores - cores * lost), period_s)
    };
    tier.cpu_quota.map_or((1.0, 0.0), of)
}

/// Sessions last some times their mean where people think: after three of them 95 % of an exponential time are over.
const WARM_UP_IN_SESSIONS: f64 = 3.0;

/// Time that the clients of the longest sessions take to think, and servers elsewhere for their part, in seconds.
fn long_session_s(scenario: &Scenario) -> f64 {
    let of = |stream: &Stream| -> f64 {
        let pause = |operation: &Operation| operation.think.mean() + operation.remote_latency.mean();
        stream.per_session(&scenario.operations, pause)
    };
    WARM_UP_IN_SESSIONS * scenario.streams.iter().map(of).fold(0.0, f64::max)
}

/// Time until all but one in a thousand are back that were turned away for now, in seconds.
fn return_s(scenario: &Scenario) -> f64 {
    scenario.operations.iter().map(|operation| operation.returns_after.quantile(0.999)).fold(0.0, f64::max)
}

/// Time that one message in a thousand takes on the slowest line, in seconds.
fn slow_client_s(scenario: &Scenario) -> f64 {
    let slowest = scenario.groups.iter().map(|group| group.s_per_byte).fold(0.0, f64::max);
    let largest = scenario.streams.iter().map(|stream| stream.size.quantile(0.999)).fold(0.0, f64::max);
    slowest * largest
}
