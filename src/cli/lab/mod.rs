//! `mxplan lab`: a small real cluster on this machine, measured.

mod calibrate;
mod campaign;
mod run;
mod visit;

use super::input::read;
use super::{Answer, Failure, Terminal};
use crate::lab::guard::obey;
use crate::lab::host::beat::{Beat, beat};
use crate::lab::stub::serve;
use crate::lab::web::{self, Gateway};
use crate::lab::{Parts, confined, preflight};
use crate::report;
use calibrate::Calibrate;
use campaign::RunCampaign;
use clap::{Args, Subcommand};
use run::Run;
use std::path::PathBuf;
use visit::ground;

/// Build a scenario's cluster from real mail servers on this machine, and measure it
#[derive(Debug, Args)]
pub(crate) struct Lab {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(Run),
    Campaign(RunCampaign),
    Calibrate(Calibrate),
    /// Say what the lab needs and what of it is here
    Check {
        /// For `lab run --loopback`
        #[arg(long)]
        loopback: bool,
    },
    /// Remove what labs have left whose process is gone
    Down {
        /// The process of a lab that is there yet
        #[arg(long, hide = true)]
        of: Option<u32>,
    },
    /// The part that runs inside the lab
    #[command(hide = true)]
    Confined,
    /// The part that is on hosts which share an address
    #[command(hide = true)]
    Beat {
        /// What it knows
        file: PathBuf,
    },
    /// The part that is web mail on a host
    #[command(hide = true)]
    Web {
        /// What it knows
        file: PathBuf,
    },
    /// The part that is there in the place of mail servers
    #[command(hide = true)]
    Stub,
}

impl Lab {
    pub(crate) fn run(&self, terminal: Terminal) -> Result<Answer, Failure> {
        match &self.command {
            Command::Run(run) => run.run(terminal),
            Command::Campaign(campaign) => campaign.run(terminal),
            Command::Calibrate(calibrate) => calibrate.run(terminal),
            Command::Check { loopback } => {
                let needs = preflight(ground(*loopback), Parts::ALL);
                terminal.data(&report::lab::needs(&needs))?;
                Ok(if needs.iter().all(|need| need.found.is_ok()) { Answer::Yes } else { Answer::No })
            }
            Command::Down { of } => {
                let swept = crate::lab::host::group::sweep(*of);
                terminal.note(&format!("{swept} groups of processes removed"));
                Ok(Answer::Yes)
            }
            Command::Confined => {
                obey(|job, say| confined::work(job, say), confined::leave).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
            Command::Beat { file } => {
                let text = read(file, "the lab writes it")?;
                let known: Beat = serde_json::from_str(&text).map_err(|e| Failure::Unusable(e.to_string()))?;
                beat(&known).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
            Command::Web { file } => {
                let text = read(file, "the lab writes it")?;
                let known: Gateway = serde_json::from_str(&text).map_err(|e| Failure::Unusable(e.to_string()))?;
                web::serve(&known).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
            Command::Stub => {
                serve(std::io::BufReader::new(std::io::stdin()), std::io::stdout()).map_err(Failure::Unusable)?;
                Ok(Answer::Yes)
            }
        }
    }
}
