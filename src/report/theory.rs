//! The model against exact values: a row for each.

use super::number;
use super::sheet::{Sheet, optional};
use super::table::{Columns, heading};
use crate::validation::theory::{Checked, Theory};
use clap::builder::styling::{AnsiColor, Style};

/// The text of `theory.json`.
#[must_use]
pub fn json(theory: &Theory) -> String {
    super::pretty(theory)
}

/// The text of `theory.csv`.
#[must_use]
pub fn csv(theory: &Theory) -> String {
    let heads = [
        "line",
        "system",
        "parameters",
        "quantity",
        "measure",
        "exact",
        "estimate",
        "low",
        "high",
        "relative_error",
        "standard_errors",
        "power_ratio",
        "passed",
    ];
    let mut sheet = Sheet::new(heads);
    for checked in &theory.checked {
        let Checked { line, system, parameters, quantity, measure, exact, estimate, .. } = checked;
        sheet.row([
            line.to_string(),
            system.clone(),
            parameters.clone(),
            quantity.clone(),
            (*measure).to_owned(),
            exact.to_string(),
            optional(estimate.estimate),
            optional(estimate.low),
            optional(estimate.high),
            checked.relative_error.to_string(),
            checked.standard_errors.to_string(),
            checked.power_ratio.to_string(),
            checked.passed.to_string(),
        ]);
    }
    sheet.text()
}

/// The comparison for people: a line for each kind of system and measure, the rows that do not hold one by one, and the answer.
#[must_use]
pub fn text(theory: &Theory, color: bool) -> String {
    let mut text = "The whole program against exact values of queueing theory\n".to_owned();
    text += &heading("Systems");
    let mut table =
        Columns::new(2, ["system", "measured", "rows", "hold", "largest error", "in standard errors", "power"]);
    for (system, measure, rows) in groups(theory) {
        let largest = |of: fn(&Checked) -> f64| rows.iter().map(|checked| of(checked)).fold(0.0, f64::max);
        table.row([
            system.to_owned(),
            measure.to_owned(),
            rows.len().to_string(),
            rows.iter().filter(|checked| checked.passed).count().to_string(),
            number::ratio(largest(|checked| checked.relative_error.abs())),
            number::plain(largest(|checked| checked.standard_errors.abs())),
            number::ratio(largest(|checked| checked.power_ratio)),
        ]);
    }
    text += &table.text();
    let failed: Vec<&Checked> = theory.checked.iter().filter(|checked| !checked.passed).collect();
    if !failed.is_empty() {
        text += &heading("Not by chance");
        let mut table = Columns::new(3, ["system", "parameters", "measured", "exact", "simulated", "standard errors"]);
        for checked in failed {
            let names = [&checked.system, &checked.parameters, checked.measure].map(str::to_owned);
            let estimate = number::estimate(&checked.estimate, number::plain);
            let figures = [number::plain(checked.exact), estimate, number::plain(checked.standard_errors)];
            table.row(names.into_iter().chain(figures));
        }
        text += &table.text();
    }
    let holds = theory.passed == theory.expressed;
    let tone = if holds { AnsiColor::Green } else { AnsiColor::Red };
    let style = if color { Style::new().bold().fg_color(Some(tone.into())) } else { Style::new() };
    text + &format!(
        "\n{style}{} of {} rows hold; the largest error is {}.{style:#}\n\
         {} rows are in the table; the others are about what no scenario can be. Power: the largest fault that chance could hide, \
         at {} replications.\n",
        theory.passed,
        theory.expressed,
        number::ratio(theory.largest_relative_error),
        theory.rows,
        theory.replications,
    )
}

/// Rows of one kind of system about one measure, in the order of the table.
fn groups(theory: &Theory) -> Vec<(&str, &'static str, Vec<&Checked>)> {
    let mut groups: Vec<(&str, &'static str, Vec<&Checked>)> = Vec::new();
    for checked in &theory.checked {
        let same = |(system, measure, _): &&mut (&str, &'static str, Vec<&Checked>)| {
            (*system, *measure) == (&*checked.system, checked.measure)
        };
        match groups.iter_mut().find(same) {
            Some((_, _, rows)) => rows.push(checked),
            None => groups.push((&checked.system, checked.measure, vec![checked])),
        }
    }
    groups
}
