//! `mxplan lab calibrate`: from the runs of a campaign to what single operations cost.

use super::campaign::{beside, open_campaign};
use crate::cli::input::{Table, read};
use crate::cli::output::Directory;
use crate::cli::{Answer, Failure, Terminal};
use crate::lab::{NoTerms, calibrate, terms};
use crate::report;
use crate::scenario::{Hardware, profile, write};
use crate::validation::measured::{Campaign, Demands, RecordedRun};
use clap::Args;
use std::path::{Path, PathBuf};

/// Find what single operations cost, from the calibration points of a campaign that was run
///
/// With `--profile` it writes what was found in terms that scenarios can name: the profile with the demands that were measured,
/// and the hardware table with the machine that they were measured on.
#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    /// Campaign file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Directory of the runs [default: runs/ beside the file]
    #[arg(long, value_name = "DIR")]
    runs: Option<PathBuf>,
    /// Directory for `demands.json`, `profile.toml` and `tiers.csv` [default: that of the campaign file]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Profile, built in or a file, to be written anew with what was measured
    #[arg(long, value_name = "PROFILE", requires = "like")]
    profile: Option<String>,
    /// Tier of the hardware table that the machine is like in all but its speed
    #[arg(long, value_name = "TIER", requires = "profile")]
    like: Option<String>,
    /// Set of demands of the campaign to be taken, if it has several
    #[arg(long, value_name = "SET", requires = "profile")]
    demands: Option<String>,
    #[command(flatten)]
    table: Table,
}

impl Calibrate {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        let campaign = open_campaign(&self.file)?;
        let from = self.runs.clone().unwrap_or_else(|| beside(&self.file));
        let mut recorded = Vec::new();
        for path in campaign.runs().iter().map(|planned| from.join(&planned.file)).filter(|path| path.exists()) {
            let shown = path.display().to_string();
            let text = read(&path, "`mxplan lab campaign` makes it")?;
            recorded.push(RecordedRun::read(&shown, &text, &campaign).map_err(|e| Failure::Unusable(e.0))?);
        }
        let demands = calibrate(&campaign, &recorded).map_err(|e| Failure::Unusable(e.0))?;
        let home = self.file.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut directory = Directory::prepare(self.out.clone().unwrap_or_else(|| home.to_owned()))?;
        directory.write("demands.json", &report::lab::demands_json(&demands))?;
        terminal.data(&report::lab::demands(&demands))?;
        if let (Some(profile), Some(like)) = (&self.profile, &self.like) {
            self.write_terms(&campaign, &demands, (profile, like), (&mut directory, terminal))?;
        }
        Ok(Answer::Yes)
    }

    /// The profile and the hardware table with what was measured.
    fn write_terms(
        &self,
        campaign: &Campaign,
        demands: &Demands,
        (base, like): (&str, &str),
        (directory, terminal): (&mut Directory, Terminal),
    ) -> Result<(), Failure> {
        let unusable = |text: String| Failure::Unusable(text);
        let sets: Vec<String> = demands.sets.keys().map(|set| format!("`{set}`")).collect();
        let found = match &self.demands {
            Some(set) => demands.sets.get(set),
            None => demands.sets.values().next().filter(|_| demands.sets.len() == 1),
        };
        let found =
            found.ok_or_else(|| unusable(format!("name one of the sets {} with `--demands`", sets.join(", "))))?;
        let terms = terms(base, found).map_err(|none| match none {
            NoTerms::Profile(error) => Failure::from(error),
            NoTerms::Nothing => {
                unusable(format!("no operation of the profile `{base}` was measured; `--profile` names another"))
            }
        })?;
        let mut hardware = self.table.open()?;
        let row = hardware.rows.iter().find(|row| row.tier == like);
        let row = row.ok_or_else(|| {
            unusable(format!("there is no tier `{like}` (in `--like`); `mxplan hardware` lists them"))
        })?;
        let measured = row.measured(terms.speed, &campaign.name);
        let name = measured.tier.clone();
        hardware.rows.insert(0, measured);
        let text = match profile::BUILT_IN.iter().find(|(known, _)| *known == base) {
            Some((_, text)) => (*text).to_owned(),
            None => read(Path::new(base), "`--profile` names a built-in profile or a file")?,
        };
        let heading = report::lab::above_profile(&terms, base, &name, &campaign.name);
        let text = write::profile(&text, &format!("{}-measured", stem(base)), &heading, &terms.times)
            .map_err(|e| unusable(format!("`{base}` is no profile: {e}")))?;
        directory.write("profile.toml", &text)?;
        directory
            .write("tiers.csv", &report::hardware::csv(&Hardware { name: like.to_owned(), rows: hardware.rows }))?;
        terminal.data(&report::lab::of_terms(&terms, base, &name))
    }
}

/// What a profile is called, by its name or file.
fn stem(profile: &str) -> &str {
    Path::new(profile).file_stem().and_then(|stem| stem.to_str()).unwrap_or(profile)
}
