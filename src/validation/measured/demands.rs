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
    /// Core time of a session of the witness in the runs that they were found from, in seconds; none without a witness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness_cpu_s: Option<f64>,
}

/// The demands of a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Runs that they were found from.
    pub runs: u64,
    /// For each scenario key of a demand its value in seconds of one core, with the interval over runs. A `*` in a key stands for
    /// all that it can be.
    pub cpu_s: BTreeMap<String, Estimate>,
    /// The part of the core time that the demands explain, of the calibration runs.
    pub explained_ratio: f64,
    /// For each scenario key of a latency the time that passes beside all core time where there is hardly a queue, in seconds,
    /// with the quartiles over runs.
    pub latency_s: BTreeMap<String, Estimate>,
    /// The points that they were found from, by name.
    #[serde(default)]
    pub points: BTreeMap<String, Explained>,
}

/// What a point took beside what the demands say of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explained {
    /// Utilisation of its busiest host, on average over its runs.
    pub busiest_ratio: f64,
    /// Core time that it took over what the demands come to, at the usual speed of the machine: where this goes with the
    /// utilisation or the mix, the demands do.
    pub taken_ratio: f64,
}

impl Demands {
    /// Demands of these sets, as they are where a session takes the witness so long.
    #[must_use]
    pub fn new(sets: BTreeMap<String, Found>, witness_cpu_s: Option<f64>) -> Demands {
        Demands { format: FORMAT, sets, witness_cpu_s }
    }

    /// The demands of a set.
    ///
    /// # Errors
    /// When it was not found.
    pub fn of(&self, set: &str) -> Result<&Found, CampaignError> {
        self.sets.get(set).ok_or_else(|| {
            CampaignError(format!("`demands.{set}` of the campaign was not found yet; `mxplan lab calibrate` does it"))
        })
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
    /// What is laid over a scenario that has these keys.
    #[must_use]
    pub fn overrides<'a>(&self, keys: impl Iterator<Item = &'a str>) -> Vec<Override> {
        let set = |key: &str| {
            let (_, seconds) = self.cpu_s.iter().chain(&self.latency_s).find(|(found, _)| is_meant(found, key))?;
            Some(Override { key: key.to_owned(), value: format!("{:.3} us", seconds.estimate? * 1e6) })
        };
        keys.filter_map(set).collect()
    }
}

/// Whether a key is meant, which may say `*` for a name: `tier.*.cpu_resume` is that of all tiers.
fn is_meant(found: &str, key: &str) -> bool {
    let (mut found, mut key) = (found.split('.'), key.split('.'));
    loop {
        match (found.next(), key.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == "*" || one == other => {}
            _ => return false,
        }
    }
}
