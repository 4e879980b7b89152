//! `mxplan run`: a scenario simulated as written.

use super::input::Input;
use super::simulation::{Simulation, again, hopeless};
use super::watch::watch;
use super::{Answer, Failure, Format, Terminal};
use crate::analytic::appraise;
use crate::experiment::{
    Execution, MOST_REPLICATIONS, REPLICATIONS, Rule, StopReason, Summary, Verdict, drift, replicate, summarise,
};
use crate::report::{self, Clock};
use clap::Args;

/// Simulate a scenario as written, with replications
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    simulation: Simulation,
    /// Form of what goes to stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

impl Run {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let clock = Clock::start();
        let opened = self.input.open()?;
        let (scenario, rule) = (&opened.scenario, self.simulation.rule());
        let appraisal = appraise(scenario);
        for warning in report::warnings(scenario, &appraisal) {
            terminal.warn(&warning);
        }
        self.simulation.refuse_beyond_reach(&[scenario])?;
        let mut directory = self.simulation.directory(&opened, "run")?;

        let total = match rule {
            Rule::Count(count) => Some(count),
            Rule::Precision(_) => None,
        };
        let threads = self.simulation.threads();
        if let Some(forecast) = report::effort::forecast(&appraisal.effort, total.unwrap_or(REPLICATIONS), threads) {
            terminal.note(&forecast);
        }
        let run = watch(terminal, threads, total, |control| replicate(scenario, rule, control, Execution::InOrder))?
            .map_err(|failure| Failure::of_experiment(&failure, scenario.seed))?;
        if run.records.is_empty() && run.stop_reason == StopReason::Cancelled {
            directory.discard();
            return Err(Failure::Interrupted("no replication was finished, nothing is written".to_owned()));
        }
        let summary = summarise(scenario, &run.records, run.stop_reason);

        let (json, services) = (report::run::json(&summary), report::services::csv(scenario, &summary));
        let first = run.records.first();
        directory.write("summary.json", &json)?;
        directory.write("services.csv", &services)?;
        directory.write("nodes.csv", &report::nodes::csv(scenario, &run.records))?;
        directory.write("timeline.csv", &report::timeline::csv(scenario, &run.records))?;
        if let Some(hours) = report::hours::csv(scenario, &summary) {
            directory.write("hours.csv", &hours)?;
        }
        if let Some(chart) = report::charts::hours(scenario, &summary) {
            directory.write("hours.svg", &chart)?;
        }
        directory.write("replications.csv", &report::replications::csv(scenario, &run.records))?;
        directory.write("utilisation.csv", &report::utilisation::csv(scenario, &run.records))?;
        if let Some(chart) = report::charts::utilisation(scenario, &run.records) {
            directory.write("utilisation.svg", &chart)?;
        }
        if let Some(shares) = report::shares::csv(scenario, &run.records) {
            directory.write("shares.csv", &shares)?;
        }
        if let Some(chart) = first.and_then(|first| report::charts::shares(scenario, first)) {
            directory.write("shares.svg", &chart)?;
        }
        if let Some(failures) = report::failures::csv(scenario, &run.records) {
            directory.write("failures.csv", &failures)?;
        }
        if let Some(timeline) = first.and_then(|first| report::failures::timeline(scenario, first)) {
            directory.write("failure_timeline.csv", &timeline)?;
        }
        if let Some(chart) = first.and_then(|first| report::charts::failures(scenario, first)) {
            directory.write("failures.svg", &chart)?;
        }
        let same = again(rule, run.stop_reason, summary.replications);
        let arguments = self.input.arguments(scenario.seed);
        let opened = std::slice::from_ref(&opened);
        self.simulation.write_manifest("run", (arguments, opened), same, clock, &mut directory)?;

        terminal.data(&match self.format {
            Format::Table => report::run::text(scenario, &summary, terminal.colors_data()),
            Format::Json => json,
            Format::Csv => services,
        })?;
        for drift in drift(scenario, &run.records) {
            terminal.warn(&report::drift(&drift));
        }
        let place = directory.path().display();
        match run.stop_reason {
            StopReason::Cancelled => {
                let kept = summary.replications;
                return Err(Failure::Interrupted(format!("kept the first {kept} replications, in `{place}`")));
            }
            StopReason::Limit => terminal.warn(&format!(
                "{MOST_REPLICATIONS} replications did not reach the precision asked for; lengthen `time.window`, or \
                 ask for less with `--precision`"
            )),
            StopReason::Hopeless => terminal.warn(&hopeless(&[&run.records], rule)),
            StopReason::Overfull(_) => terminal.warn(
                "a replication held more than the simulation can, so there are no further ones; take more hardware, limit \
                 `connections` as the servers do, or look at a shorter `time.window`",
            ),
            StopReason::Replications | StopReason::Precision => {}
        }
        terminal.note(&format!("files in `{place}`"));
        Ok(answer(&summary))
    }
}

/// No, when a level is missed, or when one is asked for and a resource can't keep up.
fn answer(summary: &Summary) -> Answer {
    match summary.verdict {
        // Also where what was offered is more than the cluster can do: nothing was asked for.
        Verdict::NoLevels => Answer::Yes,
        Verdict::Met if summary.unstable.is_empty() => Answer::Yes,
        Verdict::Met | Verdict::Missed => Answer::No,
    }
}
