//! What the operations cost on the servers that were measured, as it was found and frozen before anything was predicted.

use super::campaign::{CampaignError, FORMAT, check_format};
use crate::scenario::Override;
use crate::stats::Estimate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Demands of all sets of a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demands {
    format: u32,
    /// The sets, by name.
    pub sets: BTreeMap<String, Found>,
}

/// The demands of a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Runs that they were found from.
    pub runs: u64,
    /// For each scenario key its value in seconds of one core, with the interval over runs.
    pub cpu_s: BTreeMap<String, Estimate>,
    /// The part of the core time that the demands explain, of the calibration runs.
    pub explained_ratio: f64,
    /// Time that an exchange of a line and its answer takes beside the core time, in seconds; by `client_group.lan.rtt`.
    pub exchange_s: Estimate,
}

impl Demands {
    /// Demands of these sets.
    #[must_use]
    pub fn new(sets: BTreeMap<String, Found>) -> Demands {
        Demands { format: FORMAT, sets }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(shown: &str, text: &str) -> Result<Demands, CampaignError> {
        let demands: Demands =
            serde_json::from_str(text).map_err(|e| CampaignError(format!("`{shown}` has no demands: {e}")))?;
        check_format(shown, demands.format)?;
        Ok(demands)
    }
}

impl Found {
    /// What is laid over a scenario: those of the keys that it has, by `has`.
    #[must_use]
    pub fn overrides(&self, has: impl Fn(&str) -> bool) -> Vec<Override> {
        let seconds = |key: &str, value: Option<f64>| {
            Some(Override { key: key.to_owned(), value: format!("{:.3} us", value? * 1e6) })
        };
        let demands =
            self.cpu_s.iter().filter(|(key, _)| has(key)).filter_map(|(key, cpu_s)| seconds(key, cpu_s.estimate));
        let exchange = Some("client_group.lan.rtt").filter(|key| has(key));
        let exchange = exchange.and_then(|key| seconds(key, self.exchange_s.estimate));
        demands.chain(exchange).collect()
    }
}
