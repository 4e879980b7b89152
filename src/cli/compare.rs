//! `mxplan compare`: the same people through several designs, and what they differ by.

use super::input::{LaidOver, Opened};
use super::output::default_path;
use super::simulation::{Simulation, again, hopeless};
use super::watch::watch;
use super::{Answer, Failure, Format, Terminal};
use crate::analytic::appraise;
use crate::experiment::compare::{
    Common, Comparison, Condition, Design, MOST_DESIGNS, Mismatch, common, compare, letter,
};
use crate::experiment::{Execution, MOST_REPLICATIONS, Overfull, Rule, Runs, StopReason, replicate_all};
use crate::planner::{Beside, price};
use crate::report::{self, Clock};
use crate::scenario::{DirectoryKind, Scenario};
use crate::units::Money;
use clap::Args;
use std::path::PathBuf;

/// Send the same people through several scenarios, and print what they differ by, with intervals
///
/// The first scenario is the baseline, and each of the others is compared with it. The same sessions come to all of them at
/// the same times, so that chance cancels; where the scenarios are about other people, a warning says so.
#[derive(Debug, Args)]
#[command(after_help = CONDITIONS)]
pub(crate) struct Compare {
    /// Scenario files, 2 to 26: the baseline, and what is compared with it
    #[arg(value_name = "SCENARIO", required = true, num_args = 2..=MOST_DESIGNS)]
    scenarios: Vec<PathBuf>,
    #[command(flatten)]
    laid_over: LaidOver,
    #[command(flatten)]
    simulation: Simulation,
    /// End with 1 if this is surely so, such as `pop3.p95_s > +10 %`; repeatable
    #[arg(long, value_name = "CONDITION")]
    fail_if: Vec<String>,
    /// Form of what goes to stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

const CONDITIONS: &str = "\
A CONDITION is `SERVICE.FIGURE > CHANGE` or `SERVICE.FIGURE < CHANGE`.
  FIGURE  mean_s, p50_s, p95_s, p99_s; of the part at the servers server_mean_s, server_p95_s; late_ratio (each level)
          or late_ratio.LEVEL; refused_ratio, timed_out_ratio, lost_ratio; throughput_per_s
  CHANGE  against the baseline, with its sign: `+10 %` of a time or rate, or an amount: `+50 ms`, `+0.01` of all
          sessions, `-0.5 /s`
It is true when the whole 95 % interval of the change lies beyond it: for `>` its lower end, for `<` its upper end.

Exit codes: 0 done, whatever the difference; 1 a CONDITION of `--fail-if` is true; 2 bad usage, scenario or CONDITION.";

impl Compare {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let clock = Clock::start();
        let read = |text: &String| text.parse::<Condition>().map_err(|error| Failure::Unusable(error.to_string()));
        let conditions = self.fail_if.iter().map(read).collect::<Result<Vec<Condition>, Failure>>()?;
        let opened = self.scenarios.iter().map(|path| self.laid_over.open(path));
        let opened = opened.collect::<Result<Vec<Opened>, Failure>>()?;
        let scenarios: Vec<&Scenario> = opened.iter().map(|opened| &opened.scenario).collect();
        let common = common(&scenarios).map_err(|mismatch| refuse(mismatch, &opened))?;
        for condition in &conditions {
            condition.check(&common.services).map_err(|error| Failure::Unusable(error.to_string()))?;
        }
        warn(terminal, &scenarios, &common);
        self.simulation.refuse_beyond_reach(&scenarios)?;
        let rule = self.simulation.rule();
        let mut directory = self.simulation.directory_or(|| self.usual_path(&opened, &rule.to_string()))?;

        let designs: Vec<Design> = opened.iter().map(|opened| design(opened, &common)).collect();
        let scenarios: Vec<&Scenario> = designs.iter().map(|design| &design.scenario).collect();
        let total = match rule {
            Rule::Count(count) => Some(count * scenarios.len() as u64),
            Rule::Precision(_) => None,
        };
        let threads = self.simulation.threads();
        let runs =
            watch(terminal, threads, total, |control| replicate_all(&scenarios, rule, control, Execution::InOrder))?
                .map_err(|(index, failure)| Failure::of_experiment(&failure, scenarios[index].seed));
        let Runs { records, stop_reason } = match runs {
            Ok(Runs { stop_reason: StopReason::Overfull(overfull), .. }) => {
                directory.discard();
                return Err(too_full(overfull, &opened));
            }
            Ok(runs) if runs.records.iter().all(|records| !records.is_empty()) => runs,
            Ok(_) => {
                directory.discard();
                return Err(Failure::Interrupted("no replication was finished in all, nothing is written".to_owned()));
            }
            Err(failure) => {
                directory.discard();
                return Err(failure);
            }
        };
        let comparison = compare(&designs, &records, stop_reason, &common, &conditions);

        let (json, csv) = (report::comparison::json(&comparison), report::comparison::csv(&comparison));
        directory.write("comparison.json", &json)?;
        directory.write("comparison.csv", &csv)?;
        let arguments = self.arguments();
        let same = again(rule, stop_reason, comparison.replications);
        self.simulation.write_manifest("compare", (arguments, &opened), same, clock, &mut directory)?;

        terminal.data(&match self.format {
            Format::Table => report::comparison::text(&comparison, terminal.colors_data()),
            Format::Json => json,
            Format::Csv => csv,
        })?;
        let place = directory.path().display();
        match stop_reason {
            StopReason::Cancelled => {
                let kept = comparison.replications;
                return Err(Failure::Interrupted(format!("kept the first {kept} replications of each, in `{place}`")));
            }
            StopReason::Limit => terminal.warn(&format!(
                "{MOST_REPLICATIONS} replications did not reach the precision asked for; lengthen `time.window`, or \
                 ask for less with `--precision`"
            )),
            StopReason::Hopeless => terminal.warn(&hopeless(&records.iter().collect::<Vec<_>>(), rule)),
            StopReason::Replications | StopReason::Precision | StopReason::Overfull(_) => {}
        }
        terminal.note(&format!("files in `{place}`"));
        Ok(answer(terminal, &comparison))
    }

    /// The directory by the baseline's name and a digest of everything that decides on the files.
    fn usual_path(&self, opened: &[Opened], rule: &str) -> PathBuf {
        let mut hasher = blake3::Hasher::new();
        opened.iter().for_each(|opened| {
            hasher.update(&opened.scenario.digest());
        });
        let rule = [&[rule.to_owned()], &self.fail_if[..]].concat().join("\n");
        default_path(&opened[0].path, *hasher.finalize().as_bytes(), "compare", &rule)
    }

    /// The arguments that bring the same comparison again. Seeds are those of the files, unless one was given.
    fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = self.scenarios.iter().map(|path| path.display().to_string()).collect();
        arguments.extend(self.laid_over.arguments(self.laid_over.seed));
        arguments.extend(self.fail_if.iter().flat_map(|text| ["--fail-if".to_owned(), text.clone()]));
        arguments
    }
}

/// A scenario as it is simulated: after the warm-up that all have in common.
fn design(opened: &Opened, common: &Common) -> Design {
    let scenario = Scenario { warm_up: Some(common.warm_up), ..opened.scenario.clone() };
    let priced = scenario.cluster.nodes.iter().all(|node| node.tier.price.0 > 0);
    Design {
        file: opened.path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        cost: priced.then(|| cost(&scenario)),
        scenario,
    }
}

/// What its machines cost, with all that stands beside them.
fn cost(scenario: &Scenario) -> Money {
    let database = scenario.directory.kind == DirectoryKind::Odbc;
    let beside = Beside { pair: scenario.switch_pair.is_some(), database };
    price(&scenario.cluster, beside, &scenario.prices).total()
}

fn refuse(mismatch: Mismatch, opened: &[Opened]) -> Failure {
    let name = |index: usize| opened[index].path.display();
    Failure::Unusable(match mismatch {
        Mismatch::Window { index, there, first } => format!(
            "the window of `{}` is {there} and that of `{}` is {first}; let both measure as long, for example with \
             `--set time.window=\"{first}\"`",
            name(index),
            name(0),
        ),
        Mismatch::NoService => format!(
            "no service has sessions in all of the scenarios, so there is nothing to compare with `{}`; compare designs \
             for the same people",
            name(0)
        ),
    })
}

/// A design that can't keep up at all has no figures to compare.
fn too_full(overfull: Overfull, opened: &[Opened]) -> Failure {
    let Overfull { scenario, replication, crowd } = overfull;
    let (path, nodes) = (opened[scenario].path.display(), &opened[scenario].scenario.cluster.nodes);
    Failure::Unusable(format!(
        "`{path}` can't be compared: in replication {replication} {} sessions, {} messages and {} pieces of work were \
         under way after {}, most at `{}`, which is more than a simulation holds; give it more hardware, limit \
         `connections` as the servers do, or take a shorter `time.window`",
        crowd.sessions, crowd.messages, crowd.work, crowd.at, nodes[crowd.node as usize].name,
    ))
}

/// What a reader should know before believing the figures of each, and of their differences.
fn warn(terminal: Terminal, scenarios: &[&Scenario], common: &Common) {
    for (index, scenario) in scenarios.iter().enumerate() {
        for warning in report::warnings(scenario, &appraise(scenario)) {
            terminal.warn(&format!("{}: {warning}", letter(index)));
        }
    }
    for what in &common.left_out {
        terminal.warn(&format!("{what} is not the same in all scenarios, and is left out"));
    }
    for (index, differs) in common.differs.iter().enumerate().filter(|(_, differs)| !differs.is_empty()) {
        terminal.warn(&format!(
            "other people come to {} than to {}: {} differs; so the differences below are not of the designs alone, and \
             more of them is chance; give both the same people and the same `--seed`",
            letter(index),
            letter(0),
            differs.join("; "),
        ));
    }
}

/// No, when a condition is true. What can't be told is said, and is no reason to fail.
fn answer(terminal: Terminal, comparison: &Comparison) -> Answer {
    for judged in comparison.conditions.iter().filter(|judged| judged.holds.is_none()) {
        terminal.warn(&format!(
            "whether `{}` holds for `{}` of {} can't be told without an interval; take more `--replications`",
            judged.condition, judged.figure, judged.against,
        ));
    }
    if comparison.conditions.iter().any(|judged| judged.holds == Some(true)) { Answer::No } else { Answer::Yes }
}
