//! The runs of a campaign, as they were recorded.

use super::campaign::{Campaign, CampaignError, FORMAT, check_format};
use super::figures::Measured;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run of a point with a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedRun {
    format: u32,
    /// The point.
    pub point: String,
    /// The seed.
    pub seed: u64,
    /// Processors of the machine.
    pub processors: u32,
    /// Programs and their versions.
    pub versions: BTreeMap<String, String>,
    /// What it came to.
    pub measured: Measured,
}

impl RecordedRun {
    /// A run of a point with a seed, on so many processors.
    #[must_use]
    pub fn new(
        (point, seed): (String, u64),
        processors: u32,
        versions: BTreeMap<String, String>,
        measured: Measured,
    ) -> RecordedRun {
        RecordedRun { format: FORMAT, point, seed, processors, versions, measured }
    }

    /// How much more core time the same work took in this run than where it takes the witness so long; 1 without a witness.
    #[must_use]
    pub fn slowdown(&self, witness_cpu_s: Option<f64>) -> f64 {
        self.measured.witness.zip(witness_cpu_s).map_or(1.0, |(witness, usual)| witness.cpu_s / usual)
    }

    /// Reads the file of a run of a campaign.
    ///
    /// # Errors
    /// When it is none, or belongs to a point or seed that the campaign has not.
    pub fn read(shown: &str, text: &str, campaign: &Campaign) -> Result<RecordedRun, CampaignError> {
        let run: RecordedRun =
            serde_json::from_str(text).map_err(|e| CampaignError(format!("`{shown}` is no recorded run: {e}")))?;
        check_format(shown, run.format)?;
        if !(campaign.points.contains_key(&run.point) && campaign.seeds.contains(&run.seed)) {
            return Err(CampaignError(format!(
                "`{shown}` is a run of `{}` with seed {}, which the campaign has not",
                run.point, run.seed
            )));
        }
        Ok(run)
    }
}
