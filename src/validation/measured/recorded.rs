//! A campaign that was run: its points, its runs, and the demands that were found before anything was predicted.

use super::campaign::{Campaign, CampaignError};
use super::demands::Demands;
use super::run::RecordedRun;
use include_dir::{Dir, include_dir};
use std::path::Path;

/// The campaigns that come with the program.
static SHIPPED: Dir = include_dir!("$CARGO_MANIFEST_DIR/scenarios/measured");

/// A campaign and all that came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The campaign.
    pub campaign: Campaign,
    /// Its runs, in their order; those that were not made are missing.
    pub runs: Vec<RecordedRun>,
    /// What operations cost, as it was found from the calibration points.
    pub demands: Demands,
}

impl Recorded {
    /// The campaigns that come with the program, in the order of their names.
    ///
    /// # Errors
    /// When a file of them can't be used, which a test rules out.
    pub fn shipped() -> Result<Vec<Recorded>, CampaignError> {
        let of = |directory: &Dir| {
            let text = |file: &str| directory.get_file(directory.path().join(file))?.contents_utf8().map(str::to_owned);
            Recorded::of(&Path::new("scenarios/measured").join(directory.path()), text)
        };
        SHIPPED.dirs().map(of).collect()
    }

    /// The campaign in a directory: `campaign.toml`, `demands.json` and `runs/`.
    ///
    /// # Errors
    /// What is missing or can't be used.
    pub fn read(directory: &Path) -> Result<Recorded, CampaignError> {
        Recorded::of(directory, |file| std::fs::read_to_string(directory.join(file)).ok())
    }

    fn of(directory: &Path, text: impl Fn(&str) -> Option<String>) -> Result<Recorded, CampaignError> {
        let needed = |file: &str, remedy: &str| {
            text(file)
                .ok_or_else(|| CampaignError(format!("`{}` can't be read; {remedy}", directory.join(file).display())))
        };
        let (campaign, demands) = ("campaign.toml", "demands.json");
        let path = directory.join(campaign);
        let campaign = Campaign::read(&path, &needed(campaign, "name the directory of a campaign that was run")?)?;
        let shown = directory.join(demands).display().to_string();
        let demands = Demands::read(&shown, &needed(demands, "`mxplan lab calibrate` makes it")?)?;
        let mut runs = Vec::new();
        for planned in campaign.runs() {
            let file = format!("runs/{}", planned.file);
            if let Some(text) = text(&file) {
                runs.push(RecordedRun::read(&directory.join(&file).display().to_string(), &text, &campaign)?);
            }
        }
        Ok(Recorded { campaign, runs, demands })
    }
}
