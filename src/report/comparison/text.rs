//! A comparison for people: what is compared, the figures of each pair, how far nodes are used, and the conclusions.

use super::sentence::sentence;
use crate::experiment::Verdict;
use crate::experiment::compare::{Comparison, Difference, Judged, Kind, NodeUse, Outcome, Pair, Side};
use crate::report::number::{self, NOTHING};
use crate::report::table::{Columns, heading};
use crate::stats::Estimate;
use clap::builder::styling::{AnsiColor, Style};
use std::collections::BTreeSet;

/// The comparison for people.
#[must_use]
pub fn text(comparison: &Comparison, color: bool) -> String {
    let people = if comparison.common_random_numbers { "the same people in all" } else { "not the same people in all" };
    let mut text = format!(
        "{} replications of {} after {} of warm-up, {people}; ± is the {} interval\n\n",
        comparison.replications,
        number::seconds(comparison.window_s),
        number::seconds(comparison.warm_up_s),
        number::ratio(comparison.confidence),
    );
    text += &scenarios(comparison);
    let sides = comparison.scenarios.split_first();
    for (pair, side) in comparison.pairs.iter().zip(sides.map_or(&[][..], |(_, others)| others)) {
        text += &heading(&format!("{} against {}", pair.against, pair.baseline));
        text += &figures(pair, &comparison.scenarios[0], side);
    }
    text += " narrower: so many times wider the interval of the difference were, had other people come to each\n";
    text += &heading("Nodes");
    text += &nodes(comparison);
    text += "\n";
    for side in &comparison.scenarios {
        for exceeded in &side.unstable {
            text += &format!(
                "The {} of `{}` in {} can't keep up: its figures grow with the window.\n",
                exceeded.resource, exceeded.node, side.label
            );
        }
    }
    for pair in &comparison.pairs {
        let tone = match pair.outcome {
            Outcome::Better => Some(AnsiColor::Green),
            Outcome::Worse => Some(AnsiColor::Red),
            Outcome::Mixed => Some(AnsiColor::Yellow),
            Outcome::NoDifference | Outcome::NotJudged => None,
        };
        text += &painted(&sentence(pair), tone.filter(|_| color));
    }
    for judged in &comparison.conditions {
        let tone = (judged.holds == Some(true)).then_some(AnsiColor::Red);
        text += &painted(&of_condition(judged), tone.filter(|_| color));
    }
    text
}

fn painted(line: &str, tone: Option<AnsiColor>) -> String {
    let style = tone.map_or_else(Style::new, |tone| Style::new().bold().fg_color(Some(tone.into())));
    format!("{style}{line}{style:#}\n")
}

fn scenarios(comparison: &Comparison) -> String {
    let mut table = Columns::new(3, ["", "file", "scenario", "price", "service levels"]);
    for side in &comparison.scenarios {
        let cost = side.cost_usd.map_or_else(|| NOTHING.to_owned(), |usd| format!("{} USD", number::count(usd as u64)));
        let levels = match side.verdict {
            Verdict::Met => "hold",
            Verdict::Missed => "missed",
            Verdict::NoLevels => NOTHING,
        };
        table.row([side.label.to_string(), side.file.clone(), side.scenario.clone(), cost, levels.to_owned()]);
    }
    table.text()
}

fn figures(pair: &Pair, baseline: &Side, side: &Side) -> String {
    let (a, b) = (pair.baseline, pair.against);
    let heads = ["service".to_owned(), String::new(), a.to_string(), b.to_string(), format!("{b} - {a}")];
    let heads = heads.into_iter().chain([format!("{b} / {a}"), "narrower".to_owned()]).collect::<Vec<_>>();
    let mut table = Columns::new(2, heads.iter().map(String::as_str));
    for (service, figures) in &pair.services {
        let (Some(here), Some(there)) = (baseline.services.get(service), side.services.get(service)) else { continue };
        let rows = figures.list().into_iter().zip(here.list()).zip(there.list());
        let mut name = service.clone();
        for (((figure, kind, difference), (_, _, a)), (_, _, b)) in rows {
            if is_nothing(kind, &figure, a, b) {
                continue;
            }
            let values = [a, b].map(|value| value.estimate.map_or_else(|| NOTHING.to_owned(), |x| shown(kind)(x)));
            let what = [std::mem::take(&mut name), words(&figure)];
            table.row(what.into_iter().chain(values).chain(of_difference(kind, difference)));
        }
    }
    table.text()
}

/// Ways to fail that nobody met.
fn is_nothing(kind: Kind, figure: &str, a: &Estimate, b: &Estimate) -> bool {
    kind == Kind::Share && !figure.starts_with("late") && a.estimate == Some(0.0) && b.estimate == Some(0.0)
}

fn of_difference(kind: Kind, difference: &Difference) -> [String; 3] {
    let change = number::change(&difference.difference, if kind == Kind::Share { number::points } else { shown(kind) });
    let ratio = difference.ratio.map_or_else(|| NOTHING.to_owned(), |ratio| number::estimate(&ratio, number::plain));
    let narrowing = difference.narrowing.map_or_else(|| NOTHING.to_owned(), |by| format!("{} ×", number::plain(by)));
    [change, ratio, narrowing]
}

fn shown(kind: Kind) -> fn(f64) -> String {
    match kind {
        Kind::Time => number::seconds,
        Kind::Share => number::ratio,
        Kind::Rate => |rate| format!("{} /s", number::plain(rate)),
    }
}

/// `p95_s` as `p95`, `server_p95_s` as `server p95`, `late_ratio.login` as `late: login`.
fn words(figure: &str) -> String {
    let (name, level) = figure.split_once('.').map_or((figure, None), |(name, level)| (name, Some(level)));
    let name = name.trim_end_matches("_per_s").trim_end_matches("_ratio").trim_end_matches("_s").replace('_', " ");
    level.map_or_else(|| name.clone(), |level| format!("{name}: {level}"))
}

/// How far a resource of a node is used.
type Used = fn(&NodeUse) -> Option<Estimate>;

/// Each node by name, as it is used in each scenario.
fn nodes(comparison: &Comparison) -> String {
    let labels: Vec<String> = comparison.scenarios.iter().map(|side| side.label.to_string()).collect();
    let mut table = Columns::new(2, ["node", ""].into_iter().chain(labels.iter().map(String::as_str)));
    let names: BTreeSet<&String> = comparison.scenarios.iter().flat_map(|side| side.nodes.keys()).collect();
    for name in names {
        let nodes: Vec<Option<&NodeUse>> = comparison.scenarios.iter().map(|side| side.nodes.get(name)).collect();
        let tiers = nodes.iter().map(|node| node.map_or_else(|| NOTHING.to_owned(), |node| node.tier.clone()));
        table.row([name.clone(), "tier".to_owned()].into_iter().chain(tiers));
        let resources: [(&str, Used); 3] =
            [("CPU", |node| node.cpu_ratio), ("disk", |node| node.disk_ratio), ("link", |node| node.link_ratio)];
        for (resource, of) in resources {
            let ratios: Vec<Option<Estimate>> = nodes.iter().map(|node| of((*node)?)).collect();
            if ratios.iter().any(Option::is_some) {
                let ratios =
                    ratios.iter().map(|ratio| number::estimate(&ratio.unwrap_or(Estimate::NONE), number::ratio));
                table.row([String::new(), resource.to_owned()].into_iter().chain(ratios));
            }
        }
    }
    table.text()
}

fn of_condition(judged: &Judged) -> String {
    let Judged { condition, against, figure, .. } = judged;
    match judged.holds {
        Some(true) => format!("`{condition}` is so: {figure} of {against} is beyond it."),
        Some(false) => format!("`{condition}` is not so, or not surely, for {figure} of {against}."),
        None => format!("`{condition}` can't be told for {figure} of {against}."),
    }
}
