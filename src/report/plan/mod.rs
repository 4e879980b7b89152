//! The recommendation of a search: the sentence first, then what stands behind it.

mod balancing;
mod design;
mod failures;

use super::number;
use super::table::heading;
use crate::deployment::Deployment;
use crate::planner::{Alternative, Recommendation, Row};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

/// The text of `recommendation.json`: the recommendation, and what is chosen written out for those who build it.
#[must_use]
pub fn json(recommendation: &Recommendation, deployment: Option<&Deployment>) -> String {
    super::pretty(&Answer { recommendation, deployment })
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    recommendation: &'a Recommendation,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<&'a Deployment>,
}

/// The text of `candidates.csv`.
#[must_use]
pub fn csv(rows: &[Row]) -> String {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    for row in rows {
        sheet.serialize(row).expect("a row is a plain struct, and memory takes it");
    }
    let bytes = sheet.into_inner().expect("memory takes what is left to write");
    String::from_utf8(bytes).expect("every cell is text")
}

/// The text of `setup.txt`: what has to be there, and what is done in which order.
#[must_use]
pub fn setup(deployment: &Deployment) -> String {
    let Deployment { configuration, number, nodes, requirements, steps, protection, scalability, .. } = deployment;
    let mut text = format!("Configuration {number}, {configuration}\n\nMachines\n");
    for machine in nodes {
        let store = if machine.holds_store { ", with the mail store" } else { "" };
        text += &format!("- {}: {}, {}{store}\n", machine.name, machine.role, machine.tier);
    }
    text += "\nNeeded\n";
    for need in requirements {
        text += &format!("- {need}\n");
    }
    text += "\nSteps\n";
    for (number, step) in (1..).zip(steps) {
        text += &format!("{number}. {step}\n");
    }
    text + &format!("\nProtection: {protection}.\nGrowth: {scalability}.\n")
}

/// The recommendation for people.
#[must_use]
pub fn text(recommendation: &Recommendation, deployment: Option<&Deployment>, color: bool) -> String {
    let tone = if recommendation.chosen.is_some() { AnsiColor::Green } else { AnsiColor::Red };
    let style = if color { Style::new().bold().fg_color(Some(tone.into())) } else { Style::new() };
    let mut text = format!("{}\n\n{style}{}{style:#}\n", recommendation.scenario, recommendation.sentence);
    if let Some(design) = &recommendation.chosen {
        text += &heading("In three numbers");
        text += &design::three_numbers(design);
        text += &heading("The design and how far it is used");
        text += &design::used(design);
        text += &format!(" {}\n", design::price(design));
        text += &design::slowest(recommendation, design);
        text += &heading(&format!("Service levels, at {} of their limits", number::ratio(recommendation.margin_ratio)));
        text += &design::levels(design);
        text += &failures::section(design);
        text += &recommendation.balancing.as_ref().map_or_else(String::new, balancing::section);
    }
    if let Some(Deployment { dns, steps, .. }) = deployment {
        text += &heading("To publish, and to build");
        for record in dns {
            text += &format!(" {record}\n");
        }
        text += &format!(" {} steps of set-up are in `setup.txt`\n", steps.len());
    }
    let beside = [
        ("next in line", &recommendation.runner_up),
        ("next cheaper", &recommendation.next_cheaper),
        ("nearest", &recommendation.nearest),
    ];
    if beside.iter().any(|(_, alternative)| alternative.is_some()) {
        text += &heading("What else there is");
        for (what, alternative) in beside {
            text += &alternative.as_ref().map_or_else(String::new, |alternative| self::alternative(what, alternative));
        }
    }
    let counts = &recommendation.counts;
    text + &format!(
        "\n{} candidates: {} turned down without simulation, {} simulated ({} sessions), {} not reached.\n",
        number::count(counts.candidates),
        number::count(counts.screened_out),
        number::count(counts.simulated),
        number::count(counts.sessions),
        number::count(counts.not_reached),
    )
}

fn alternative(what: &str, alternative: &Alternative) -> String {
    let Alternative { candidate, cost_usd, reason, .. } = alternative;
    format!(" {what}: {candidate} ({} USD)\n   {reason}\n", number::count(*cost_usd as u64))
}
