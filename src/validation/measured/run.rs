//! The runs of a campaign, as they were recorded.

use super::campaign::{Campaign, CampaignError};
use super::figures::Measured;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The version of the files.
const FORMAT: u32 = 1;

/// A run of a point with a seed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
    /// Reads the file of a run of a campaign.
    ///
    /// # Errors
    /// When it is none, or belongs to a point or seed that the campaign has not.
    pub fn read(shown: &str, text: &str, campaign: &Campaign) -> Result<RecordedRun, CampaignError> {
        let run: RecordedRun =
            serde_json::from_str(text).map_err(|e| CampaignError(format!("`{shown}` is no recorded run: {e}")))?;
        if run.format != FORMAT {
            return Err(CampaignError(format!("`{shown}` has format {}; this program reads {FORMAT}", run.format)));
        }
        if !(campaign.points.contains_key(&run.point) && campaign.seeds.contains(&run.seed)) {
            return Err(CampaignError(format!(
                "`{shown}` is a run of `{}` with seed {}, which the campaign has not",
                run.point, run.seed
            )));
        }
        Ok(run)
    }
}
