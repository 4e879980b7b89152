//! The scenario of a run with the demands that were found, simulated with the sessions of that run.

use super::campaign::{Campaign, CampaignError};
use super::demands::Found;
use crate::experiment::{Control, Execution, Failure, Rule, Summary, replicate, summarise};
use crate::scenario::Scenario;
use std::collections::BTreeSet;

/// The scenario of a point and a seed with demands laid over it.
///
/// # Errors
/// When a demand is none that the scenario takes.
pub fn predicted(campaign: &Campaign, point: &str, seed: u64, found: &Found) -> Result<Scenario, CampaignError> {
    let plain = campaign.scenario(point, seed, &[])?;
    let keys: BTreeSet<&str> = plain.settings.iter().map(|setting| setting.key.as_str()).collect();
    campaign.scenario(point, seed, &found.overrides(|key| keys.contains(key)))
}

/// One replication of it: the very sessions that came to the real servers.
///
/// # Errors
/// When there is no result, as of an overload without end.
pub fn simulated(scenario: &Scenario) -> Result<Summary, Failure> {
    let run = replicate(scenario, Rule::Count(1), &Control::default(), Execution::InOrder)?;
    Ok(summarise(scenario, &run.records, run.stop_reason))
}

impl CampaignError {
    /// What became of a simulation that has no result.
    #[must_use]
    pub fn of_simulation(scenario: &Scenario, failure: Failure) -> CampaignError {
        let why = match failure {
            Failure::Cancelled => "it was cancelled".to_owned(),
            Failure::Overfull(_) => "more gathers in it than a simulation holds".to_owned(),
            Failure::Contradiction { found, .. } => format!("it contradicts itself: {}", found.join("; ")),
        };
        CampaignError(format!("`{}` can't be simulated: {why}", scenario.name))
    }
}
