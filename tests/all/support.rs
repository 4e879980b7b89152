//! What several tests need.

use mxplan::experiment::{Control, Execution, Rule, Summary, replicate, summarise};
use mxplan::scenario::{Hardware, Override, Scenario, load};

/// Resolves a scenario file of the project with options laid over it.
pub(crate) fn scenario(file: &str, options: &[&str]) -> Scenario {
    let path = format!("{}/scenarios/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    resolve(&path, &text, options)
}

/// Resolves a text.
pub(crate) fn resolve(path: &str, text: &str, options: &[&str]) -> Scenario {
    let options: Vec<Override> = options.iter().map(|option| option.parse().unwrap()).collect();
    load(path, text, &options, &Hardware::built_in()).unwrap_or_else(|e| panic!("{e}"))
}

/// Simulates so many replications and folds them.
pub(crate) fn run(scenario: &Scenario, replications: u64) -> Summary {
    let run = replicate(scenario, Rule::Count(replications), &Control::default(), Execution::InOrder).unwrap();
    summarise(scenario, &run.records, run.stop_reason)
}
