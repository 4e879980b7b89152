//! Designs against the first of them, in the layout of `comparison.json`.
//!
//! Every figure of `pairs` is the design minus the baseline, or over it, from pairs of replications of the same index.
//! Shares are `_ratio`, times `_s`; an estimate is `{estimate, low, high}` at the stated confidence, each by itself: of
//! twenty figures that do not differ, one looks as if it did.

use super::figures::{self, Figures, Kind};
use super::{Common, Condition, Design, Judged, letter};
use crate::experiment::{Exceeded, NodeSummary, Record, StopReason, Verdict, summarise};
use crate::stats::{CONFIDENCE, Contrast, Estimate, Sighting};
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the layout of `comparison.json`.
const FORMAT: u32 = 1;

/// A whole comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Version of the layout.
    pub format: u32,
    /// Replications of each scenario.
    pub replications: u64,
    /// Why no more.
    pub stop_reason: &'static str,
    /// Of every interval.
    pub confidence: f64,
    /// Measured time of a replication.
    pub window_s: f64,
    /// Time before it, the longest of the scenarios' warm-ups.
    pub warm_up_s: f64,
    /// Whether the same people came to all of them.
    pub common_random_numbers: bool,
    /// The scenarios, the baseline first.
    pub scenarios: Vec<Side>,
    /// Each of the others against the baseline.
    pub pairs: Vec<Pair>,
    /// What was asked by `--fail-if`, for each pair and figure that it is about; absent where nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Judged>,
}

/// One scenario by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// `A` is the baseline.
    pub label: char,
    /// Name of its file, without directory and ending.
    pub file: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Price of the machines and the switch, as `plan` counts it; absent where a machine has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// Whether its levels hold.
    pub verdict: Verdict,
    /// Resources that can't keep up: figures of this scenario grow with the window.
    pub unstable: Vec<Exceeded>,
    /// By service.
    pub services: BTreeMap<String, Figures<Estimate>>,
    /// By node.
    pub nodes: BTreeMap<String, NodeUse>,
}

/// How far a node is used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeUse {
    /// What it is there for.
    pub role: &'static str,
    /// What it is.
    pub tier: String,
    /// Of the processors; absent, as the others, where nothing is ever asked of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_ratio: Option<Estimate>,
    /// Of the disks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_ratio: Option<Estimate>,
    /// Of the busier direction of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_ratio: Option<Estimate>,
}

/// A scenario against the baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// Label of the baseline.
    pub baseline: char,
    /// Label of the other one.
    pub against: char,
    /// Whether the same people came to both.
    pub common_random_numbers: bool,
    /// What is different about them; absent where nothing is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<String>,
    /// How the other one does.
    pub outcome: Outcome,
    /// What it costs more, or less; absent where a price is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// By service.
    pub services: BTreeMap<String, Figures<Difference>>,
}

/// How a design does against the baseline, by the intervals of mean and p95 of the times and of everything that fails or is
/// late. A percentile is one of the sessions served: who refuses more may look faster, and is mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Something is surely less, and nothing surely more.
    Better,
    /// The other way round.
    Worse,
    /// Some of each.
    Mixed,
    /// Every interval holds zero.
    NoDifference,
    /// There are no intervals, as with one replication.
    NotJudged,
}

/// A figure of a design against that of the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// Design minus baseline, in the unit of the figure.
    pub difference: Estimate,
    /// Design over baseline; of times and rates, where the baseline is not zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Estimate>,
    /// How many times wider the interval of the difference would be if other people had come to the other design, by the
    /// spread of the same replications; absent where nothing varies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrowing: Option<f64>,
}

/// Compares designs by their records, which must be in index order, as many of one as of another, and of the designs with
/// the warm-up that they have in common.
#[must_use]
pub fn compare(
    designs: &[Design],
    records: &[Vec<Record>],
    stop_reason: StopReason,
    common: &Common,
    conditions: &[Condition],
) -> Comparison {
    let sightings: Vec<BTreeMap<String, Figures<Sighting>>> =
        designs.iter().zip(records).map(|(design, records)| sight(design, records, common)).collect();
    let sides = designs.iter().zip(records).zip(&sightings).enumerate();
    let sides: Vec<Side> =
        sides.map(|(i, ((design, records), seen))| side(i, design, records, seen, stop_reason)).collect();
    let baseline = sightings.first();
    let pairs: Vec<Pair> = sightings
        .iter()
        .zip(&sides)
        .enumerate()
        .skip(1)
        .filter_map(|(i, (seen, side))| Some(pair(side, sides.first()?, seen, baseline?, &common.differs[i])))
        .collect();
    let conditions = pairs.iter().flat_map(|pair| conditions.iter().flat_map(|condition| condition.judge(pair)));
    let first = records.first().and_then(|records| records.first());
    Comparison {
        format: FORMAT,
        replications: records.first().map_or(0, Vec::len) as u64,
        stop_reason: stop_reason.name(),
        confidence: CONFIDENCE,
        window_s: first.map_or(0.0, |record| record.observed.window_ns as f64 / 1e9),
        warm_up_s: first.map_or(0.0, |record| record.warm_up_ns as f64 / 1e9),
        common_random_numbers: pairs.iter().all(|pair| pair.common_random_numbers),
        conditions: conditions.collect(),
        scenarios: sides,
        pairs,
    }
}

fn sight(design: &Design, records: &[Record], common: &Common) -> BTreeMap<String, Figures<Sighting>> {
    let services = common.services.iter();
    services.filter_map(|s| Some((s.name.clone(), figures::sight(&design.scenario, records, s)?))).collect()
}

fn side(
    index: usize,
    design: &Design,
    records: &[Record],
    seen: &BTreeMap<String, Figures<Sighting>>,
    stop_reason: StopReason,
) -> Side {
    let summary = summarise(&design.scenario, records, stop_reason);
    let alone = |figures: &Figures<Sighting>| figures.with(figures, |_, sighting, _| sighting.alone);
    Side {
        label: letter(index),
        file: design.file.clone(),
        scenario: summary.scenario,
        seed: summary.seed,
        cost_usd: design.cost.map(|cost| cost.0 as f64 / 100.0),
        verdict: summary.verdict,
        unstable: summary.unstable,
        services: seen.iter().map(|(name, figures)| (name.clone(), alone(figures))).collect(),
        nodes: summary.nodes.into_iter().map(|(name, node)| (name, NodeUse::from(node))).collect(),
    }
}

impl From<NodeSummary> for NodeUse {
    fn from(node: NodeSummary) -> NodeUse {
        let known = |ratio: Estimate| Some(ratio).filter(|ratio| ratio.estimate.is_some());
        NodeUse {
            role: node.role,
            tier: node.tier,
            cpu_ratio: known(node.cpu_ratio),
            disk_ratio: known(node.disk_ratio),
            link_ratio: known(node.link_ratio),
        }
    }
}

fn pair(
    side: &Side,
    first: &Side,
    seen: &BTreeMap<String, Figures<Sighting>>,
    baseline: &BTreeMap<String, Figures<Sighting>>,
    differs: &[String],
) -> Pair {
    let both = seen.iter().filter_map(|(name, figures)| Some((name, figures, baseline.get(name)?)));
    let services: BTreeMap<String, Figures<Difference>> =
        both.map(|(name, here, there)| (name.clone(), here.with(there, difference))).collect();
    Pair {
        baseline: first.label,
        against: side.label,
        common_random_numbers: differs.is_empty(),
        differs: differs.to_vec(),
        outcome: outcome(&services),
        cost_usd: side.cost_usd.zip(first.cost_usd).map(|(here, there)| here - there),
        services,
    }
}

fn difference(kind: Kind, here: &Sighting, there: &Sighting) -> Difference {
    let Contrast { difference, ratio, narrowing } = here.against(there);
    let ratio = match kind {
        Kind::Time | Kind::Rate => Some(ratio).filter(|ratio| ratio.estimate.is_some()),
        Kind::Share => None,
    };
    Difference { difference, ratio, narrowing }
}

fn outcome(services: &BTreeMap<String, Figures<Difference>>) -> Outcome {
    let judged = services.values().flat_map(|figures| {
        let fail = figures.late_ratio.values().chain([&figures.refused_ratio, &figures.timed_out_ratio]);
        fail.chain([&figures.lost_ratio, &figures.mean_s, &figures.p95_s])
    });
    let intervals: Vec<(f64, f64)> = judged.filter_map(|d| Some((d.difference.low?, d.difference.high?))).collect();
    let less = intervals.iter().any(|(_, high)| *high < 0.0);
    let more = intervals.iter().any(|(low, _)| *low > 0.0);
    match (less, more) {
        _ if intervals.is_empty() => Outcome::NotJudged,
        (true, true) => Outcome::Mixed,
        (true, false) => Outcome::Better,
        (false, true) => Outcome::Worse,
        (false, false) => Outcome::NoDifference,
    }
}
