//! What a command ends with: an answer, or a failure with its exit code.

use crate::experiment;
use crate::scenario::ScenarioError;
pub(crate) use crate::scenario::text::reason;
use std::fmt;

/// What the finished command says about the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Done; where service levels are asked for, they are met. Exit code 0.
    Yes,
    /// Done, and the answer is no. Exit code 1.
    No,
}

/// Why a command has no answer.
#[derive(Debug)]
pub enum Failure {
    /// The command line does not parse, or asks for help.
    CommandLine(clap::Error),
    /// The scenario, a profile or the hardware table can't be used.
    Scenario(ScenarioError),
    /// A file, a directory or a value that can't be used: the thing in backticks, the place, the remedy.
    Unusable(String),
    /// The user stopped it; the text says what is kept.
    Interrupted(String),
    /// The program contradicts itself.
    Bug(String),
}

impl Failure {
    /// The exit code.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Failure::CommandLine(error) => u8::try_from(error.exit_code()).unwrap_or(2),
            Failure::Scenario(_) | Failure::Unusable(_) => 2,
            Failure::Bug(_) => 101,
            Failure::Interrupted(_) => 130,
        }
    }

    /// What became of an experiment that has no result.
    pub(crate) fn of_experiment(failure: &experiment::Failure, seed: u64) -> Failure {
        match failure {
            experiment::Failure::Cancelled => Failure::Interrupted("nothing was finished, nothing is written".into()),
            experiment::Failure::Overfull(crowd) => Failure::Unusable(format!(
                "{} sessions, {} messages and {} pieces of work were under way at one time, which is more than a \
                 simulation holds; give the cluster more hardware, or look at a shorter `time.window`",
                crowd.sessions, crowd.messages, crowd.work,
            )),
            experiment::Failure::Contradiction { replication, found } => Failure::Bug(format!(
                "this is a bug in mxplan: with seed {seed}, replication {replication} contradicts itself: {}; please \
                 report it with the scenario",
                found.join("; ")
            )),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::CommandLine(error) => error.fmt(f),
            Failure::Scenario(error) => error.fmt(f),
            Failure::Unusable(message) | Failure::Interrupted(message) | Failure::Bug(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Failure {}

impl From<ScenarioError> for Failure {
    fn from(error: ScenarioError) -> Failure {
        Failure::Scenario(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contradiction_names_seed_and_replication_and_is_a_bug() {
        let broken = experiment::Failure::Contradiction { replication: 3, found: vec!["a".into(), "b".into()] };
        let failure = Failure::of_experiment(&broken, 7);
        assert_eq!(failure.code(), 101);
        let message = failure.to_string();
        assert!(message.contains("seed 7, replication 3") && message.contains("a; b"), "{message}");
    }
}
