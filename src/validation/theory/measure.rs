//! What of a summary is compared with an exact value.

use crate::experiment::{Record, Summary};
use crate::stats::{CONFIDENCE, Estimate, share_interval};

/// A quantity of the one service of a textbook scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Mean time from arrival to end.
    MeanResponse,
    /// 95 % of the responses are below.
    P95Response,
    /// 99 % of the responses are below.
    P99Response,
    /// Mean number of sessions in the system.
    MeanNumber,
    /// Share of the sessions that found no room.
    Refused,
    /// Sessions ended per second.
    Throughput,
    /// Share of the sessions over the limit of the one level.
    Late,
}

impl Measure {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Measure::MeanResponse => "mean response",
            Measure::P95Response => "p95 response",
            Measure::P99Response => "p99 response",
            Measure::MeanNumber => "mean number",
            Measure::Refused => "share refused",
            Measure::Throughput => "throughput",
            Measure::Late => "share late",
        }
    }

    /// Its estimate; none where the scenario has nothing of the kind.
    #[must_use]
    pub fn of(self, summary: &Summary, records: &[Record]) -> Estimate {
        let Some(service) = summary.services.values().next() else { return Estimate::NONE };
        match self {
            Measure::MeanResponse => service.response_s.mean,
            Measure::P95Response => service.response_s.p95,
            Measure::P99Response => service.response_s.p99,
            Measure::MeanNumber => service.concurrency,
            Measure::Throughput => service.throughput_per_s,
            Measure::Refused => refused(records),
            Measure::Late => summary.levels.first().map_or(Estimate::NONE, |level| {
                let late = |share: Option<f64>| share.map(|share| 1.0 - share);
                let Estimate { estimate, low, high } = level.estimate;
                Estimate { estimate: late(estimate), low: late(high), high: late(low) }
            }),
        }
    }
}

fn refused(records: &[Record]) -> Estimate {
    let flows = records.iter().filter_map(|record| record.observed.services.first()).map(|service| service.flow);
    share_interval(&flows.map(|flow| (flow.refused as f64, flow.began as f64)).collect::<Vec<_>>(), CONFIDENCE)
}
