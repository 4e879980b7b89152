//! The recommendation of a search: the sentence first, then what stands behind it.

use super::number::{self, NOTHING};
use super::table::{Columns, heading};
use crate::experiment::LevelSummary;
use crate::planner::{
    Alternative, Design, MAIL_PRIMARY, PriceInUsd, READING_PRIMARY, Recommendation, Row, StateFigures, three_digits,
};
use crate::scenario::Survive;
use clap::builder::styling::{AnsiColor, Style};

/// The text of `recommendation.json`.
#[must_use]
pub fn json(recommendation: &Recommendation) -> String {
    super::pretty(recommendation)
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

/// The recommendation for people.
#[must_use]
pub fn text(recommendation: &Recommendation, color: bool) -> String {
    let tone = if recommendation.chosen.is_some() { AnsiColor::Green } else { AnsiColor::Red };
    let style = if color { Style::new().bold().fg_color(Some(tone.into())) } else { Style::new() };
    let mut text = format!("{}\n\n{style}{}{style:#}\n", recommendation.scenario, recommendation.sentence);
    if let Some(design) = &recommendation.chosen {
        text += &heading("In three numbers");
        text += &three_numbers(recommendation, design);
        text += &heading("The design and how far it is used");
        text += &used(design);
        text += &heading(&format!("Service levels, at {} of their limits", number::ratio(recommendation.margin_ratio)));
        text += &levels(design);
        text += &format!("\nIf it fails, the mail stops: {}.\n", design.single_points_of_failure.join(", "));
        text += &format!("Not in the price: {}.\n", design.not_in_cost.join("; "));
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

/// Price, room to grow, and how long people wait for the servers.
fn three_numbers(recommendation: &Recommendation, design: &Design) -> String {
    let mut text = format!(" {} USD to buy{}\n", number::count(design.cost_usd as u64), made_of(&design.price));
    if let Some(binding) = &design.binding {
        let users = binding
            .users_supported
            .map_or_else(String::new, |users| format!("{} users, ", number::count(three_digits(users))));
        text += &format!(
            " {users}{} times today's sessions until the {} {} is used to {}, {}\n",
            number::plain(binding.growth_factor),
            binding.role,
            binding.resource,
            number::ratio(binding.limit_ratio),
            binding.state.words(),
        );
    }
    // Where a node's loss need not be outlasted, it says nothing about the promise.
    let hardest = match recommendation.survive {
        Survive::None => &design.normal,
        Survive::OneNode => design.one_primary_down.as_ref().unwrap_or(&design.normal),
    };
    let slowest = hardest.services.iter().filter_map(|(name, of)| Some((of.server_p95_s.estimate?, name)));
    if let Some((p95_s, service)) = slowest.reduce(|worst, next| if next.0 > worst.0 { next } else { worst }) {
        let p95 = number::seconds(p95_s);
        text += &format!(" {p95} at the servers are enough for 95 % of the {service} sessions, the slowest service\n");
    }
    text
}

/// What a price is made of, where it is not machines alone.
fn made_of(price: &PriceInUsd) -> String {
    let beside = [("systems", price.systems_usd), ("switches", price.switches_usd), ("licences", price.licences_usd)];
    let beside = beside.into_iter().filter(|(_, usd)| *usd > 0.0);
    let beside: Vec<String> = beside.map(|(what, usd)| format!("{} for {what}", number::count(usd as u64))).collect();
    if beside.is_empty() {
        return String::new();
    }
    format!(": {} for machines, {}", number::count(price.machines_usd as u64), beside.join(", "))
}

fn used(design: &Design) -> String {
    let mut table = Columns::new(3, ["machines", "tier", "", "CPU", "disk", "link in", "link out"]);
    let primaries = match design.mail_primaries {
        None => vec![("primary", design.primaries)],
        Some(mail) => vec![(MAIL_PRIMARY, mail), (READING_PRIMARY, design.primaries - mail)],
    };
    let mut machines: Vec<_> = primaries.into_iter().map(|(role, count)| (role, count, &design.tier)).collect();
    let beside = [("data", &design.data_tier), ("backup", &design.backup_tier)];
    machines.extend(beside.into_iter().filter_map(|(role, tier)| Some((role, 1, tier.as_ref()?))));
    for (role, count, tier) in machines {
        let states = [
            ("every node up", Some(&design.normal)),
            ("one primary down", design.one_primary_down.as_ref()),
            ("one mail primary down", design.one_mail_primary_down.as_ref()),
        ];
        for (state, figures) in states {
            let Some(figures) = figures else { continue };
            let names = [format!("{count} × {role}"), tier.clone(), state.to_owned()];
            let ratios = ["CPU", "disk", "link in", "link out"].map(|resource| ratio(figures, role, resource));
            table.row(names.into_iter().chain(ratios));
        }
    }
    table.text()
}

fn ratio(figures: &StateFigures, role: &str, resource: &str) -> String {
    let used = figures.utilisation.iter().find(|used| used.role == role && used.resource == resource);
    used.map_or_else(|| NOTHING.to_owned(), |used| number::bounded_ratio(used.utilisation_ratio, used.bound))
}

fn levels(design: &Design) -> String {
    let mut table = Columns::new(2, ["level", "asked", "every node up", "one primary down"]);
    let down = design.one_primary_down.as_ref().map_or(&[][..], |figures| &figures.levels);
    for (index, level) in design.normal.levels.iter().enumerate() {
        let in_time = |level: Option<&LevelSummary>| {
            level.map_or_else(|| NOTHING.to_owned(), |level| number::estimate(&level.estimate, number::ratio))
        };
        table.row([level.name.clone(), level.limit.clone(), in_time(Some(level)), in_time(down.get(index))]);
    }
    table.text()
}

fn alternative(what: &str, alternative: &Alternative) -> String {
    let Alternative { candidate, cost_usd, reason, .. } = alternative;
    format!(" {what}: {candidate} ({} USD)\n   {reason}\n", number::count(*cost_usd as u64))
}
