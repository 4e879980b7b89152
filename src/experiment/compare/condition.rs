//! `--fail-if`: a difference that somebody does not accept.
//!
//! `SERVICE.FIGURE > CHANGE` or `< CHANGE`. The figure is one of [`Figures`](super::Figures) by its name in
//! `comparison.json`; `late_ratio` means each level of the service, `late_ratio.LEVEL` one of them. The change has a sign:
//! `+10 %` of the baseline (times and rates), or an amount: `+50 ms`, `+0.01` of a share, `+0.5 /s`. It is true when the
//! whole interval of the difference lies beyond the change, so that chance alone seldom makes it so.

use super::figures::{Kind, LATE, NAMES};
use super::{Compared, Difference, Pair};
use crate::scenario::error::unknown;
use crate::stats::Estimate;
use crate::units::{Rate, Time};
use serde::Serialize;
use std::fmt;
use std::ops::Range;

/// What must not be.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    service: (String, Range<usize>),
    figure: &'static str,
    level: Option<(String, Range<usize>)>,
    above: bool,
    change: Change,
}

/// A signed change.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Change {
    /// As a part of the baseline.
    Relative(f64),
    /// In the unit of the figure.
    Absolute(f64),
}

/// A condition that can't be read: what is wrong and what to do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError {
    message: String,
    text: String,
    /// In bytes.
    at: Range<usize>,
}

/// What became of a condition for one figure of one pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// As it was written.
    pub condition: String,
    /// Label of the scenario.
    pub against: char,
    /// The figure, with service and level.
    pub figure: String,
    /// The change that was found, of the kind that was asked about: a part of the baseline, or in the unit of the figure.
    pub change: Estimate,
    /// Whether it is true; absent where there is no interval to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
}

impl std::str::FromStr for Condition {
    type Err = ConditionError;
    fn from_str(text: &str) -> Result<Condition, ConditionError> {
        let complain = |message: String, at: Range<usize>| ConditionError { message, text: text.to_owned(), at };
        let Some(sign) = text.find(['>', '<']) else {
            return Err(complain(
                format!("`{text}` compares nothing; write for example `pop3.p95_s > +10 %`"),
                trimmed(text, 0..text.len()),
            ));
        };
        let path = trimmed(text, 0..sign);
        let Some(dot) = text[path.clone()].find('.') else {
            return Err(complain(
                format!("`{}` is not `SERVICE.FIGURE`; write for example `pop3.p95_s`", &text[path.clone()]),
                path,
            ));
        };
        let service = path.start..path.start + dot;
        let rest = service.end + 1..path.end;
        let name = text[rest.clone()].find('.').map_or(rest.clone(), |dot| rest.start..rest.start + dot);
        let known = NAMES.iter().find(|(known, _)| *known == &text[name.clone()]);
        let Some((figure, kind)) = known else {
            let names = NAMES.iter().map(|(name, _)| *name);
            return Err(complain(unknown("figure", &text[name.clone()], names), name));
        };
        let level = (name.end < rest.end).then(|| name.end + 1..rest.end);
        if let Some(level) = level.clone().filter(|_| *figure != LATE) {
            let message = format!("`{figure}` is one of the whole service; leave `.{}` out", &text[level.clone()]);
            return Err(complain(message, level));
        }
        let bound = trimmed(text, sign + 1..text.len());
        let change = change(&text[bound.clone()], *kind).map_err(|message| complain(message, bound))?;
        Ok(Condition {
            text: text.to_owned(),
            service: (text[service.clone()].to_owned(), service),
            figure,
            level: level.map(|level| (text[level.clone()].to_owned(), level)),
            above: text[sign..].starts_with('>'),
            change,
        })
    }
}

/// A range without the blanks at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

fn change(text: &str, kind: Kind) -> Result<Change, String> {
    let example = match kind {
        Kind::Time => "`+10 %` or `+50 ms`",
        Kind::Share => "`+0.01`",
        Kind::Rate => "`-5 %` or `-0.5 /s`",
    };
    let (sign, amount) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(amount), _) => (1.0, amount.trim()),
        (_, Some(amount)) => (-1.0, amount.trim()),
        (None, None) => return Err(format!("`{text}` is not a change; write it with its sign, such as {example}")),
    };
    let number = |amount: &str| amount.trim().parse::<f64>().ok().filter(|number| *number >= 0.0 && number.is_finite());
    if let Some(percent) = amount.strip_suffix('%') {
        if kind == Kind::Share {
            return Err(format!(
                "`{text}` of a share could be of the share or of all sessions; write a part of all sessions, such as \
                 {example}"
            ));
        }
        let percent =
            number(percent).ok_or_else(|| format!("`{text}` is not a change; write for example {example}"))?;
        return Ok(Change::Relative(sign * percent / 100.0));
    }
    let amount = match kind {
        Kind::Time => amount.parse::<Time>().map(Time::as_secs_f64).map_err(|e| e.0),
        Kind::Rate => amount.parse::<Rate>().map(|rate| rate.0).map_err(|e| e.0),
        Kind::Share => number(amount).filter(|share| *share <= 1.0).ok_or_else(|| {
            format!("`{text}` is not a change of a share; write a number of at most 1, such as {example}")
        }),
    };
    amount.map(|amount| Change::Absolute(sign * amount))
}

impl Condition {
    /// Whether it is about something that is compared.
    ///
    /// # Errors
    /// When there is no such service, or no such level of it.
    pub fn check(&self, services: &[Compared]) -> Result<(), ConditionError> {
        let complain = |message, at: &Range<usize>| ConditionError { message, text: self.text.clone(), at: at.clone() };
        let (name, at) = &self.service;
        let Some(service) = services.iter().find(|service| service.name == *name) else {
            let names = services.iter().map(|service| service.name.as_str());
            return Err(complain(unknown("compared service", name, names), at));
        };
        if self.figure == LATE && service.levels.is_empty() {
            let message =
                format!("`{name}` has no service level that is the same in all scenarios; write a `[level.X]`");
            return Err(complain(message, at));
        }
        match &self.level {
            Some((level, at)) if !service.levels.contains(level) => {
                Err(complain(unknown("level of this service", level, service.levels.iter().map(String::as_str)), at))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What is to be said about the figures of a pair that it is about.
    pub(super) fn judge(&self, pair: &Pair) -> Vec<Judged> {
        let Some(figures) = pair.services.get(&self.service.0) else { return Vec::new() };
        let wanted = |name: &str| match (&self.level, name.strip_prefix(LATE)) {
            (Some((level, _)), Some(of)) => of.strip_prefix('.') == Some(level),
            (None, Some(_)) => self.figure == LATE,
            (_, None) => name == self.figure,
        };
        let figures = figures.list().into_iter().filter(|(name, ..)| wanted(name));
        figures.map(|(name, _, difference)| self.judged(pair.against, &name, difference)).collect()
    }

    fn judged(&self, against: char, name: &str, difference: &Difference) -> Judged {
        let less_one = |value: Option<f64>| value.map(|value| value - 1.0);
        let (change, bound) = match self.change {
            Change::Absolute(bound) => (difference.difference, bound),
            Change::Relative(bound) => {
                let ratio = difference.ratio.unwrap_or(Estimate::NONE);
                let [estimate, low, high] = [ratio.estimate, ratio.low, ratio.high].map(less_one);
                (Estimate { estimate, low, high }, bound)
            }
        };
        let holds = if self.above { change.low.map(|low| low > bound) } else { change.high.map(|high| high < bound) };
        Judged { condition: self.text.clone(), against, figure: format!("{}.{name}", self.service.0), change, holds }
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = " ".repeat(self.text[..self.at.start].chars().count());
        let width = self.text[self.at.clone()].chars().count().max(1);
        writeln!(f, "{} (in `--fail-if`)", self.message)?;
        writeln!(f, "  | {}", self.text)?;
        write!(f, "  | {indent}{}", "^".repeat(width))
    }
}

impl std::error::Error for ConditionError {}
