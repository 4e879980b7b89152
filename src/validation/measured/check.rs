//! The points of a campaign that were held out: measured, predicted from the frozen demands with the very sessions that came, and
//! judged by bounds that were fixed beforehand.

use super::baselines::{Formula, Times};
use super::campaign::{CampaignError, Role};
use super::predict::{predicted, repeated, with_measured_work};
use super::quantity::Quantity;
use super::recorded::Recorded;
use super::run::RecordedRun;
use crate::experiment::Summary;
use crate::scenario::Scenario;
use crate::stats::{Estimate, Pair, mean_error, same_mean_and_spread};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the layout of `measured.json`.
const FORMAT: u32 = 1;
/// Beyond this utilisation of any node nothing is promised.
pub const PROMISED_TO: f64 = 0.75;
/// So many of the points have to be within their allowance, as a share.
pub const ENOUGH: f64 = 0.8;
/// A deviation counts as chance up to so many times the spread of the repeats.
const SPREADS: f64 = 2.0;
/// How finely the log of a server tells when its mail was taken, in seconds.
const RESOLUTION_S: f64 = 0.01;
/// A share of sessions may differ by so many standard deviations of its sampling.
const SAMPLINGS: f64 = 3.0;

/// The model against everything that was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Validation {
    format: u32,
    /// The campaigns, in the order of their names.
    pub campaigns: Vec<Checked>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// Its name.
    pub name: String,
    /// What it is to show.
    pub question: String,
    /// Programs of the real servers, and their versions.
    pub versions: BTreeMap<String, String>,
    /// Runs that were made.
    pub runs: u64,
    /// Those of them that count for nothing.
    pub unusable_runs: u64,
    /// Points that were held out, and have a usable run.
    pub points: u64,
    /// By how much the same work cost a witness beside the servers more than at the calibration: least and most of the usable runs
    /// that had one; none where none had.
    pub slowdown: Option<(f64, f64)>,
    /// Runs in which not all mail that was taken was found.
    pub runs_that_lost_mail: u64,
    /// Every figure of every such point.
    pub figures: Vec<Figure>,
    /// The judgement over the points, for each quantity that has a bound.
    pub verdicts: Vec<Verdict>,
    /// Whether all of it holds.
    pub holds: bool,
}

/// A figure of a point: means over its runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The point.
    pub point: String,
    /// What it is.
    pub quantity: Quantity,
    /// The service or node.
    pub owner: String,
    /// The highest measured utilisation of any node at this point.
    pub busiest_ratio: f64,
    /// What was measured.
    pub measured: f64,
    /// Standard deviation of that between the runs; none with one run.
    pub spread: Option<f64>,
    /// What the simulation says.
    pub predicted: f64,
    /// The error: as a part of what was measured, or the plain difference of shares.
    pub error: f64,
    /// The error that is allowed, in the same unit; none where nothing is promised.
    pub allowed: Option<f64>,
    /// What it says where nobody tells it how slow the machine was in each run; none without a witness.
    pub untold: Option<f64>,
    /// What the simulation says where the sessions take the core time that they took in each run.
    pub same_work: Option<f64>,
    /// What formulas say, in the order of [`Formula::ALL`]; none where they have no answer or nothing to say.
    pub formulas: [Option<f64>; 3],
    /// What they say of the core time that the sessions took in each run.
    pub formulas_same_work: [Option<f64>; 3],
}

/// The judgement over all points of a quantity up to the utilisation to which something is promised.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The quantity.
    pub quantity: Quantity,
    /// The service; none where it is of all nodes.
    pub service: Option<String>,
    /// The bound.
    pub bound: f64,
    /// Figures that are judged.
    pub figures: u64,
    /// Those within their allowance: the bound, or twice the spread of the repeats.
    pub within: u64,
    /// The median of the size of the error.
    pub median_error: f64,
    /// Whether enough of them are.
    pub holds: bool,
    /// The mean error; the model is equivalent where its interval is within the bound.
    pub mean_error: Estimate,
    /// Whether it is.
    pub equivalent: bool,
    /// How likely differences this regular are if mean and spread are the same.
    pub same_p: Option<f64>,
    /// The same judgement where nobody tells the simulation how slow the machine was. None of what that does not touch.
    pub untold: Option<Rival>,
    /// The same judgement where the sessions take the core time that they took: what is not the fault of the demands. None of
    /// what that settles.
    pub same_work: Option<Rival>,
    /// The same judgement over formulas, in the order of [`Formula::ALL`].
    pub formulas: [Option<Rival>; 3],
    /// The same over formulas that are told the core time of each run, as `same_work` is.
    pub formulas_same_work: [Option<Rival>; 3],
}

/// How something else does at the same figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rival {
    /// Figures within their allowance; where it has no answer, it is not.
    pub within: u64,
    /// The median of the size of the error; none where most figures have no answer.
    pub median_error: Option<f64>,
}

impl Quantity {
    /// The bound of its error, where one is promised: relative, or the plain difference of shares and of seconds.
    #[must_use]
    pub fn bound(self) -> Option<f64> {
        match self {
            Quantity::Served | Quantity::Utilisation => Some(0.10),
            Quantity::Mean => Some(0.20),
            Quantity::P95 => Some(0.30),
            // With two nodes, 3 points of a share.
            Quantity::Unevenness => Some(0.06),
            Quantity::IntervalUnevenness => Some(0.10),
            Quantity::Share => Some(0.03),
            // A factor of 1.5.
            Quantity::Failed | Quantity::Repeated => Some(0.50),
            Quantity::Acceptance | Quantity::Arrival => Some(0.20),
            Quantity::AcceptanceP95 => Some(0.30),
            // Seconds.
            Quantity::Detection | Quantity::Recovery => Some(1.0),
            Quantity::Offered | Quantity::P50 | Quantity::P99 => None,
        }
    }
}

/// Predicts every held-out point of these campaigns.
///
/// # Errors
/// When a point can't be simulated with the demands that were found.
pub fn check(campaigns: &[Recorded]) -> Result<Validation, CampaignError> {
    let campaigns = campaigns.iter().map(checked).collect::<Result<_, _>>()?;
    Ok(Validation { format: FORMAT, campaigns })
}

fn checked(recorded: &Recorded) -> Result<Checked, CampaignError> {
    let Recorded { campaign, runs, demands } = recorded;
    let usable = |run: &&RecordedRun| run.measured.usable;
    let held_out = campaign.points.iter().filter(|(_, point)| point.role == Role::HeldOut);
    let mut figures = Vec::new();
    let mut points = 0;
    for (name, point) in held_out {
        let own: Vec<&RecordedRun> = runs.iter().filter(usable).filter(|run| run.point == *name).collect();
        if own.is_empty() {
            continue;
        }
        points += 1;
        let mut pairs = Vec::new();
        for run in own {
            let found = demands.of(&point.demands)?;
            let slowdown = run.slowdown(demands.witness_cpu_s);
            let scenario = predicted(campaign, run, found, slowdown)?;
            let simulate = |scenario: &Scenario| {
                repeated(scenario).map_err(|failure| CampaignError::of_simulation(scenario, failure))
            };
            let summaries = simulate(&scenario)?;
            let with_work = with_measured_work(run, scenario.clone(), &summaries[0])
                .map_err(|failure| CampaignError::of_simulation(&scenario, failure))?;
            let same_work = match with_work {
                Some(scenario) => Some((simulate(&scenario)?, scenario)),
                None => None,
            };
            let untold = run.measured.witness.map(|_| simulate(&predicted(campaign, run, found, 1.0)?)).transpose()?;
            pairs.push(Predicted { run, scenario, summaries, untold, same_work });
        }
        figures.extend(of_point(name, &pairs));
    }
    let verdicts = verdicts(&figures);
    let slow = runs.iter().filter(usable).filter(|run| run.measured.witness.is_some());
    let slow: Vec<f64> = slow.map(|run| run.slowdown(demands.witness_cpu_s)).collect();
    let slowdown = slow.iter().copied().reduce(f64::min).zip(slow.iter().copied().reduce(f64::max));
    let lost = |run: &&RecordedRun| run.measured.mail.accepted != run.measured.mail.stored;
    let runs_that_lost_mail = runs.iter().filter(lost).count() as u64;
    Ok(Checked {
        name: campaign.name.clone(),
        question: campaign.question.clone(),
        versions: runs.iter().flat_map(|run| run.versions.clone()).collect(),
        runs: runs.len() as u64,
        unusable_runs: runs.iter().filter(|run| !run.measured.usable).count() as u64,
        points,
        slowdown,
        runs_that_lost_mail,
        holds: runs_that_lost_mail == 0 && points > 0 && verdicts.iter().all(|verdict| verdict.holds),
        figures,
        verdicts,
    })
}

/// A run, its scenario with what was found, and what its replications say.
struct Predicted<'a> {
    run: &'a RecordedRun,
    scenario: Scenario,
    summaries: Vec<Summary>,
    /// What they say where nobody tells how slow the machine was.
    untold: Option<Vec<Summary>>,
    /// The same where the sessions take the core time that they took.
    same_work: Option<(Vec<Summary>, Scenario)>,
}

/// A figure by replications: mean and standard deviation; none where one of them does not have it.
fn over(summaries: &[Summary], of: impl Fn(&Summary) -> Option<f64>) -> Option<(f64, f64)> {
    let values: Vec<f64> = summaries.iter().map(of).collect::<Option<_>>()?;
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((mean, (squares / (values.len().max(2) - 1) as f64).sqrt()))
}

fn of_point(point: &str, runs: &[Predicted]) -> Vec<Figure> {
    let mean = |of: &dyn Fn(&Predicted) -> Option<f64>| {
        let values: Option<Vec<f64>> = runs.iter().map(of).collect();
        values.map(|values| values.iter().sum::<f64>() / values.len() as f64)
    };
    let first = &runs[0].run.measured;
    let utilisation = |owner: &str| mean(&|one| Quantity::Utilisation.measured(&one.run.measured, owner));
    let busiest_ratio = first.nodes.keys().filter_map(|owner| utilisation(owner)).fold(0.0, f64::max);
    let mut figures = Vec::new();
    for quantity in Quantity::ALL {
        for owner in quantity.owners(first) {
            let real = |one: &Predicted| quantity.measured(&one.run.measured, owner);
            // The first replication has the very sessions that came.
            let count = |all: &[Summary]| if quantity == Quantity::Offered { 1 } else { all.len() };
            let says = |one: &Predicted| {
                let all = &one.summaries[..count(&one.summaries)];
                over(all, |summary| quantity.simulated(summary, owner))
            };
            let (Some(measured), Some(predicted)) = (mean(&real), mean(&|one| Some(says(one)?.0))) else {
                continue;
            };
            // A single node has all sessions, whatever the model says.
            if quantity == Quantity::Share && measured > 1.0 - 1e-9 {
                continue;
            }
            let squares: f64 = runs.iter().filter_map(real).map(|value| (value - measured).powi(2)).sum();
            let spread = (runs.len() > 1).then(|| (squares / (runs.len() as f64 - 1.0)).sqrt());
            // What is left to chance in a mean over the runs.
            let left = mean(&|one| Some(says(one)?.1)).unwrap_or(0.0) / (runs.len() as f64).sqrt();
            let served: u64 = runs.iter().flat_map(|one| one.run.measured.services.values()).map(|of| of.served).sum();
            let sampling = (measured * (1.0 - measured) / served as f64).sqrt();
            let unit = match quantity {
                _ if quantity.differs_plainly() => 1.0,
                // Of none or few of them nothing is a part.
                Quantity::Failed | Quantity::Repeated => measured.max(1.0),
                _ => measured,
            };
            let chance = match quantity {
                Quantity::Share => SAMPLINGS * sampling.max(left),
                // The repeats may happen to agree; a count has its own spread.
                Quantity::Failed => SPREADS * spread.unwrap_or(0.0).max(unit.sqrt()) / unit,
                // Postfix tells hundredths of a second.
                Quantity::Acceptance | Quantity::AcceptanceP95 => {
                    (SPREADS * spread.unwrap_or(0.0).max(left)).max(RESOLUTION_S) / unit
                }
                _ => SPREADS * spread.unwrap_or(0.0).max(left) / unit,
            };
            let allowed = quantity.bound().filter(|_| busiest_ratio <= PROMISED_TO).map(|bound| bound.max(chance));
            let said = |all: Option<&[Summary]>| {
                over(all?, |summary| quantity.simulated(summary, owner)).map(|(mean, _)| mean)
            };
            let time: Option<fn(Times) -> f64> = match quantity {
                Quantity::Mean => Some(|times| times.mean_s),
                Quantity::P95 => Some(|times| times.p95_s),
                _ => None,
            };
            let formula = |formula: Formula| {
                let time = time?;
                mean(&|one| formula.response(&one.scenario, &one.run.measured, owner).map(time))
            };
            let with_work = |formula: Formula| {
                let time = time?;
                mean(&|one| formula.response(&one.same_work.as_ref()?.1, &one.run.measured, owner).map(time))
            };
            figures.push(Figure {
                point: point.to_owned(),
                quantity,
                owner: owner.to_owned(),
                busiest_ratio,
                measured,
                spread,
                predicted,
                error: (predicted - measured) / unit,
                allowed,
                untold: mean(&|one| said(one.untold.as_deref())),
                same_work: mean(&|one| said(one.same_work.as_ref().map(|(summaries, _)| &summaries[..]))),
                formulas: Formula::ALL.map(formula),
                formulas_same_work: Formula::ALL.map(with_work),
            });
        }
    }
    figures
}

fn verdicts(figures: &[Figure]) -> Vec<Verdict> {
    let mut groups: BTreeMap<(Quantity, Option<&str>), Vec<&Figure>> = BTreeMap::new();
    for figure in figures.iter().filter(|figure| figure.allowed.is_some()) {
        let service = figure.quantity.is_of_services().then_some(figure.owner.as_str());
        groups.entry((figure.quantity, service)).or_default().push(figure);
    }
    groups.into_iter().filter_map(|((quantity, service), own)| verdict(quantity, service, &own)).collect()
}

fn verdict(quantity: Quantity, service: Option<&str>, own: &[&Figure]) -> Option<Verdict> {
    let bound = quantity.bound()?;
    let within = |error: f64, figure: &Figure| figure.allowed.is_some_and(|allowed| error.abs() <= allowed);
    let count = own.iter().filter(|figure| within(figure.error, figure)).count() as u64;
    let pairs: Vec<Pair> =
        own.iter().map(|figure| Pair { predicted: figure.predicted, measured: figure.measured }).collect();
    let mean_error = mean_error(&own.iter().map(|figure| figure.error).collect::<Vec<f64>>());
    let is_time = matches!(quantity, Quantity::Mean | Quantity::P95);
    let rival = |is_asked: bool, says: &dyn Fn(&Figure) -> Option<f64>| {
        if !is_asked {
            return None;
        }
        let error = |figure: &Figure| says(figure).map(|said| said / figure.measured - 1.0);
        let errors = own.iter().map(|figure| error(figure).map_or(f64::INFINITY, f64::abs));
        Some(Rival {
            within: own.iter().filter(|figure| error(figure).is_some_and(|error| within(error, figure))).count() as u64,
            median_error: Some(median(errors.collect())).filter(|median| median.is_finite()),
        })
    };
    Some(Verdict {
        quantity,
        service: service.map(str::to_owned),
        bound,
        figures: own.len() as u64,
        within: count,
        median_error: median(own.iter().map(|figure| figure.error.abs()).collect()),
        // With so many within their allowance the median is, too.
        holds: count as f64 >= ENOUGH * own.len() as f64,
        equivalent: mean_error.low.zip(mean_error.high).is_some_and(|(low, high)| -bound <= low && high <= bound),
        mean_error,
        same_p: same_mean_and_spread(&pairs),
        untold: rival(
            (is_time || quantity == Quantity::Utilisation) && own.iter().any(|figure| figure.untold.is_some()),
            &|figure| figure.untold,
        ),
        // Of the rest formulas have nothing to say, and who is told the core time knows the utilisation.
        same_work: rival(is_time, &|figure| figure.same_work),
        formulas: [0, 1, 2].map(|formula| rival(is_time, &|figure| figure.formulas[formula])),
        formulas_same_work: [0, 1, 2].map(|formula| rival(is_time, &|figure| figure.formulas_same_work[formula])),
    })
}

/// The middle one, or the mean of both; there is at least one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { f64::midpoint(values[half - 1], values[half]) }
}
