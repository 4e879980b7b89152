//! A campaign, as its file has it: which points there are, and the scenario of each.

use crate::scenario::{Hardware, Override, Scenario, ScenarioError, load_beside};
use crate::units::Time;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The version of the files of a campaign: itself, its runs, its demands.
pub(super) const FORMAT: u32 = 1;

/// Whether this program reads a file of this version.
pub(super) fn check_format(shown: &str, format: u32) -> Result<(), CampaignError> {
    if format == FORMAT {
        return Ok(());
    }
    Err(CampaignError(format!("`{shown}` has format {format}; this program reads {FORMAT}")))
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    format: u32,
    /// The user's name for it.
    pub name: String,
    /// What it is to show.
    pub question: String,
    /// Seeds; each point is run once with each of them.
    pub seeds: Vec<u64>,
    /// The beginning of every scenario.
    scenario: String,
    /// How often a session comes to a witness beside the nodes, which does the same in every run; none where there is none.
    pub witness: Option<Time>,
    /// Texts that points put behind it.
    part: BTreeMap<String, String>,
    /// Where the profiles and traces are that its scenarios name.
    #[serde(skip)]
    beside: PathBuf,
    /// Sets of scenario keys whose values are to be found: a point names the set that it belongs to.
    pub demands: BTreeMap<String, Vec<String>>,
    /// The points, by name.
    #[serde(rename = "point")]
    pub points: BTreeMap<String, Point>,
}

/// A point of a campaign.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The parts of its scenario, in order.
    parts: Vec<String>,
    /// What is laid over it.
    #[serde(default)]
    set: Vec<String>,
    /// What it is for.
    pub role: Role,
    /// The set of demands that it belongs to.
    pub demands: String,
}

/// What a point is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Demands are found from it.
    Calibration,
    /// It is predicted, and its measurement is looked at afterwards.
    HeldOut,
}

/// Why a campaign can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignError(pub String);

impl std::fmt::Display for CampaignError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Campaign {
    /// Reads a campaign and sees whether each of its points is a scenario.
    ///
    /// # Errors
    /// What is wrong with the file or a scenario, with its place.
    pub fn read(path: &Path, text: &str) -> Result<Campaign, CampaignError> {
        let shown = path.display();
        let mut campaign: Campaign = toml::from_str(text).map_err(|e| CampaignError(format!("`{shown}`: {e}")))?;
        check_format(&shown.to_string(), campaign.format)?;
        campaign.beside = path.parent().unwrap_or(Path::new(".")).to_owned();
        if campaign.seeds.is_empty() {
            return Err(CampaignError(format!("`{shown}` has no `seeds`; write at least one")));
        }
        if campaign.witness == Some(Time::ZERO) {
            return Err(CampaignError(format!(
                "`witness` of `{shown}` is the time from one session to the next; write some milliseconds"
            )));
        }
        for (name, point) in &campaign.points {
            if !campaign.demands.contains_key(&point.demands) {
                return Err(CampaignError(format!(
                    "`point.{name}` names the demands `{}`, and there is no `demands.{}` in `{shown}`",
                    point.demands, point.demands
                )));
            }
            campaign.scenario(name, campaign.seeds[0], &[])?;
        }
        Ok(campaign)
    }

    /// The scenario of a point, with a seed and further keys laid over it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn scenario(&self, name: &str, seed: u64, over: &[Override]) -> Result<Scenario, CampaignError> {
        let point = self.points.get(name).ok_or_else(|| CampaignError(format!("there is no `point.{name}`")))?;
        let mut text = self.scenario.clone();
        for part in &point.parts {
            let more = self.part.get(part).ok_or_else(|| {
                CampaignError(format!("`point.{name}` names the part `{part}`, and there is no `part.{part}`"))
            })?;
            text += "\n";
            text += more;
        }
        let set = point.set.iter().map(|set| set.parse::<Override>().map_err(CampaignError));
        let mut all = set.collect::<Result<Vec<Override>, CampaignError>>()?;
        all.push(Override { key: "random.seed".to_owned(), value: seed.to_string() });
        all.extend_from_slice(over);
        load_beside(&self.beside, &format!("point.{name}"), &text, &all, &Hardware::built_in())
            .map_err(|e: ScenarioError| CampaignError(e.to_string()))
    }
}
