//! The recommendation in one sentence that a mail admin understands.

use super::balancing::{Balancing, Because, Side};
use super::curve::Supported;
use super::design::{Binding, Design};
use super::state::State;
use super::verdict::{Alternative, Recommendation};
use crate::scenario::{Scenario, Survive};
use crate::units::{Time, grouped, three_digits};

/// What to buy, or why nothing does.
pub(super) fn sentence(scenario: &Scenario, recommendation: &Recommendation) -> String {
    if let Some(design) = &recommendation.chosen {
        let people = people(scenario);
        let by_dns = design.balancer.is_some_and(|balancer| balancer.starts_with("round-robin-dns"));
        // A level about an operation begins when the session has found a node, and would hide this.
        let also = match (recommendation.survive, by_dns) {
            (Survive::None, _) => "",
            (Survive::OneNode, false) => ", also with any one primary down",
            (Survive::OneNode, true) => {
                ", also with any one primary down, though whom the zone sends there waits for a time-out first"
            }
        };
        let first = first_to_break(design);
        let cost = grouped(design.cost_usd as u64);
        return format!("Buy {} ({cost} USD): the service levels hold for {people}{also}{first}.", purchase(design));
    }
    let nearest = recommendation.nearest.as_ref();
    let nearest = nearest.map_or_else(String::new, |Alternative { candidate, reason, .. }| {
        format!("; `{candidate}` comes nearest: {reason}")
    });
    if recommendation.cancelled {
        return "The search was stopped before any candidate was found to hold.".to_owned();
    }
    format!("None of the {} candidates holds{nearest}.", grouped(recommendation.counts.candidates))
}

fn people(scenario: &Scenario) -> String {
    match scenario.users {
        0 => "today's load".to_owned(),
        users => format!("{} users", grouped(users)),
    }
}

/// `2 × piii-1000 and a piii-1000-raid as data server, behind a switch`, or what else there is.
fn purchase(design: &Design) -> String {
    let tier = &design.tier;
    let primaries = match design.mail_primaries {
        None => format!("{} × {tier}", design.primaries),
        Some(mail) => format!("{mail} × {tier} for mail, {} × {tier} for readers", design.primaries - mail),
    };
    let beside = [("data server", &design.data_tier), ("backup", &design.backup_tier)];
    let beside = beside.iter().filter_map(|(role, tier)| Some(format!(" and a {} as {role}", tier.as_ref()?)));
    let balancer = match design.balancer {
        None => "",
        Some("nlb") => ", with Network Load Balancing",
        Some("switch-pair") => ", behind a pair of switches",
        Some("switch, nlb" | "switch-pair, nlb") => ", in clusters of Network Load Balancing behind a switch",
        Some("round-robin-dns") => ", found by round-robin DNS",
        Some(_) => ", behind a switch",
    };
    format!("{primaries}{}{balancer}", beside.collect::<String>())
}

/// What is in the way of more people: a level that is missed before any resource reaches its limit, or else that resource.
fn first_to_break(design: &Design) -> String {
    // Three digits: the profile is not known any better.
    let people = |users: Option<u64>| {
        users.map_or_else(String::new, |users| format!("{} users, ", grouped(three_digits(users))))
    };
    let missed = design.supported.as_ref().and_then(|supported| Some((supported, supported.missed_level.as_ref()?)));
    if let Some((Supported { growth_factor, users, .. }, level)) = missed {
        let at = people(*users);
        return format!("; beyond {at}{growth_factor:.1} times today's load, the level `{level}` is missed");
    }
    let Some(Binding { role, resource, state, growth_factor, users_supported, .. }) = &design.binding else {
        return String::new();
    };
    let at = people(*users_supported);
    let when = match state {
        State::Normal => String::new(),
        State::OnePrimaryDown | State::OneMailPrimaryDown => format!(" {}", state.words()),
    };
    format!("; first to reach its limit is the {role} {resource}{when}, at {at}{growth_factor:.1} times today's load")
}

impl Balancing {
    /// The answer in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Side { candidate, cost_usd, fullness_ratio, .. } = &self.single;
        let single = format!("`{candidate}` for {} USD", grouped(*cost_usd as u64));
        let gap = |side: &Side| {
            let time = side.served_again_after_s.and_then(|time| time.estimate);
            time.map(|time| Time::from_secs((time.round() as u64).max(1)).to_string())
        };
        let shorter = || {
            let (single, balanced) = (gap(&self.single)?, gap(self.balanced.as_ref()?)?);
            self.reasons.recovery.then(|| format!("after {balanced} instead of {single}"))
        };
        let dearer = self.balanced.as_ref().map_or(0, |balanced| (balanced.cost_usd - cost_usd).max(0.0) as u64);
        match self.because {
            Some(Because::Volume) => format!(
                "Yes, by volume: the roomiest single server, {single}, would be used to {fullness_ratio:.2} times what may be used."
            ),
            Some(Because::Delay) => format!("Yes, by delay: {single} carries the load, and a service level is missed."),
            Some(Because::Recovery) => format!(
                "Yes, as a server that is down must be outlasted: {single} holds too, but people are served again {}.",
                shorter().unwrap_or_default()
            ),
            None => {
                let shorter = shorter().map_or_else(String::new, |shorter| {
                    format!(
                        " Servers that share the load would serve people again {shorter} when one is down, for {} USD \
                         more; where that is asked for, write `survive = \"one-node\"` in `[plan]`.",
                        grouped(dearer)
                    )
                });
                format!("No: {single} holds.{shorter}")
            }
        }
    }
}
