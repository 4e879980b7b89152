//! The chosen design in figures.

use crate::experiment::LevelSummary;
use crate::planner::{Design, MAIL_PRIMARY, PriceInUsd, READING_PRIMARY, Recommendation, StateFigures, Supported};
use crate::report::number::{self, NOTHING};
use crate::report::table::Columns;
use crate::scenario::Survive;
use crate::units::three_digits;

/// The people that it supports, how far they can grow, and what is left of it today.
pub(super) fn three_numbers(design: &Design) -> String {
    let Some(Supported { growth_factor, users, residual_capacity_ratio, missed_level }) = &design.supported else {
        return " nothing of it grows with the people\n".to_owned();
    };
    let end = match (missed_level, &design.binding) {
        (Some(level), _) => format!("beyond, the level `{level}` is missed"),
        (None, Some(binding)) => format!(
            "then the {} {} is used to {}, {}",
            binding.role,
            binding.resource,
            number::ratio(binding.limit_ratio),
            binding.state.words()
        ),
        (None, None) => String::new(),
    };
    let people = users.map_or_else(
        || format!(" the levels hold up to there; {end}\n"),
        |users| format!(" {} users are supported; {end}\n", number::count(three_digits(users))),
    );
    format!(
        "{people} {} times today's load is the growth that is left\n {} of what it can carry is not needed today\n",
        number::plain(*growth_factor),
        number::ratio(*residual_capacity_ratio),
    )
}

/// What the slowest service takes in the hardest state that must hold.
pub(super) fn slowest(recommendation: &Recommendation, design: &Design) -> String {
    // Where a node's loss need not be outlasted, it says nothing about the promise.
    let hardest = match recommendation.survive {
        Survive::None => &design.normal,
        Survive::OneNode => design.one_primary_down.as_ref().unwrap_or(&design.normal),
    };
    let slowest = hardest.services.iter().filter_map(|(name, of)| Some((of.server_p95_s.estimate?, name)));
    let Some((p95_s, service)) = slowest.reduce(|worst, next| if next.0 > worst.0 { next } else { worst }) else {
        return String::new();
    };
    let p95 = number::seconds(p95_s);
    format!(" {p95} at the servers are enough for 95 % of the {service} sessions, the slowest service\n")
}

/// What it costs and what of that is machines.
pub(super) fn price(design: &Design) -> String {
    let cost = number::count(design.cost_usd as u64);
    format!("{cost} USD to buy{}; not in it: {}", made_of(&design.price), design.not_in_cost.join("; "))
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

pub(super) fn used(design: &Design) -> String {
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

pub(super) fn levels(design: &Design) -> String {
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
