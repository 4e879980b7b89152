//! `mxplan plan`: the designs that a scenario leaves open, and the one to buy.

use super::input::Input;
use super::simulation::Simulation;
use super::watch::watch;
use super::{Answer, Failure, Format, Terminal};
use crate::analytic::appraise;
use crate::deployment::{deployment, zone};
use crate::experiment::Rule;
use crate::planner::{Outcome, PlanError, offers, plan, recommend, rows};
use crate::report::{self, Clock};
use crate::scenario::Scenario;
use clap::Args;

/// Search the designs that a scenario leaves open, recommend one, and say why not the others
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    simulation: Simulation,
    /// Form of what goes to stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

impl Plan {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let clock = Clock::start();
        let opened = self.input.open()?;
        let (scenario, rule) = (&opened.scenario, self.simulation.rule());
        let mut directory = self.simulation.directory(&opened, "plan")?;

        let threads = self.simulation.threads();
        // How many candidates must be simulated is not known before the last one.
        let searched = watch(terminal, threads, None, |control| plan(scenario, rule, control))?;
        let outcome = match searched {
            Ok(outcome) if outcome.cancelled && outcome.simulated() == 0 => {
                directory.discard();
                return Err(Failure::Interrupted("no candidate was judged, nothing is written".to_owned()));
            }
            Ok(outcome) => outcome,
            Err(error) => {
                directory.discard();
                return Err(failure(&error, scenario, &opened.path));
            }
        };
        warn(terminal, scenario, &outcome);

        let recommendation = recommend(scenario, &outcome);
        let chosen = outcome.chosen.map(|index| outcome.judged[index].candidate.of(scenario));
        let design = chosen.as_ref().map(deployment);
        let json = report::plan::json(&recommendation, design.as_ref());
        let candidates = report::plan::csv(&rows(scenario, &outcome));
        directory.write("recommendation.json", &json)?;
        directory.write("candidates.csv", &candidates)?;
        if let Some((chosen, design)) = chosen.as_ref().zip(design.as_ref()) {
            directory.write("dns.txt", &zone(chosen))?;
            directory.write("setup.txt", &report::plan::setup(design))?;
        }
        let offers = offers(&outcome);
        directory.write("cost.csv", &report::cost::csv(&offers))?;
        directory.write("cost.svg", &report::charts::cost(scenario, &offers))?;
        if let Some(curve) = outcome.study.as_ref().and_then(|study| study.curve.as_ref()) {
            directory.write("users.csv", &report::users::csv(curve))?;
            directory.write("users.svg", &report::charts::users(scenario, &recommendation, curve))?;
        }
        let same = match rule {
            Rule::Count(count) => ["--replications".to_owned(), count.to_string()],
            Rule::Precision(relative) => ["--precision".to_owned(), relative.to_string()],
        };
        let arguments = self.input.arguments(scenario.seed);
        let read = std::slice::from_ref(&opened);
        self.simulation.write_manifest("plan", (arguments, read), same, clock, &mut directory)?;

        terminal.data(&match self.format {
            Format::Table => report::plan::text(&recommendation, design.as_ref(), terminal.colors_data()),
            Format::Json => json,
            Format::Csv => candidates,
        })?;
        let place = directory.path().display();
        if outcome.cancelled {
            let kept = recommendation.counts.simulated;
            return Err(Failure::Interrupted(format!("kept the {kept} candidates that were judged, in `{place}`")));
        }
        terminal.note(&format!("files in `{place}`"));
        Ok(if recommendation.chosen.is_some() { Answer::Yes } else { Answer::No })
    }
}

/// What a reader should know before believing the figures of the choice.
fn warn(terminal: Terminal, scenario: &Scenario, outcome: &Outcome) {
    let Some(index) = outcome.chosen else { return };
    let chosen = outcome.judged[index].candidate.of(scenario);
    for warning in report::warnings(&chosen, &appraise(&chosen)) {
        terminal.warn(&warning);
    }
}

/// A question that can't be asked is a bad scenario; a simulation that contradicts itself is a bug.
fn failure(error: &PlanError, scenario: &Scenario, path: &std::path::Path) -> Failure {
    match error {
        PlanError::Broken(broken) => Failure::of_experiment(broken, scenario.seed),
        PlanError::NoPlan | PlanError::NoLevels | PlanError::NoCandidates => {
            Failure::Unusable(format!("`{}`: {error}", path.display()))
        }
    }
}
