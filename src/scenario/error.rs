//! What is wrong with a scenario: the thing, the remedy, and the place in the user's file.

use std::fmt;

/// Where the user wrote the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A stretch of a line of a file.
    File {
        /// The file as the user named it.
        path: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// The whole line, for the caret.
        text: String,
        /// How many characters the caret underlines, at least 1.
        width: usize,
    },
    /// A `--set` option of the command line.
    Set {
        /// The dotted key.
        key: String,
    },
    /// A file as a whole, or something that is in no file.
    Whole {
        /// The file or the thing.
        path: String,
    },
}

/// A scenario, profile or hardware table that can't be used.
///
/// `message` is one lowercase sentence with the thing in backticks and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioError {
    /// What is wrong and what to do.
    pub message: String,
    /// Where.
    pub place: Place,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File { path, line, column, text, width } => {
                let number = line.to_string();
                let gutter = " ".repeat(number.len());
                let (text, before, width) = excerpt(text, column - 1, *width);
                let indent: String = text.chars().take(before).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
                writeln!(f, "{}", self.message)?;
                writeln!(f, "{gutter}--> {path}:{line}:{column}")?;
                writeln!(f, "{gutter} |")?;
                writeln!(f, "{number} | {text}")?;
                write!(f, "{gutter} | {indent}{}", "^".repeat(width))
            }
            Place::Set { key } => write!(f, "{} (in `--set {key}`)", self.message),
            Place::Whole { path } => write!(f, "{} (in {path})", self.message),
        }
    }
}

impl std::error::Error for ScenarioError {}

/// The most characters of a line that are shown.
const WIDEST: usize = 200;
/// So many of them before the place, where a line is longer.
const BEFORE: usize = 60;

/// A line around a place, with how much stands before that and how long it is: the whole line, unless it is very long.
fn excerpt(line: &str, before: usize, width: usize) -> (String, usize, usize) {
    if line.chars().nth(WIDEST).is_none() {
        return (line.to_owned(), before, width);
    }
    let skipped = before.saturating_sub(BEFORE);
    let shown: String = line.chars().skip(skipped).take(WIDEST).collect();
    let cut = line.chars().nth(skipped + WIDEST).is_some();
    let (left, right) = (if skipped > 0 { "…" } else { "" }, if cut { "…" } else { "" });
    let before = before - skipped;
    (format!("{left}{shown}{right}"), before + left.chars().count(), width.min(WIDEST - before))
}

/// The name among `known` that the user most likely meant by `written`, if any is near.
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(written, name), name))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// "`a`, `b` and `c`", in the order given, each once where equals stand together.
#[must_use]
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut ticked: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    ticked.dedup();
    match ticked.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// `no <what> "x"; did you mean …` with the known names.
#[must_use]
pub fn unknown<'a>(what: &str, written: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(written, known.clone()) {
        Some(name) => format!("there is no {what} `{written}`; did you mean `{name}`?"),
        None => format!("there is no {what} `{written}`; known: {}", list(known)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_well() {
        assert_eq!(list([]), "none");
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
    }

    #[test]
    fn of_a_very_long_line_what_is_around_the_place_is_shown() {
        let line = format!("{}here{}", "a".repeat(500), "z".repeat(500));
        let (text, before, width) = excerpt(&line, 500, 4);
        assert_eq!(text.chars().skip(before).take(width).collect::<String>(), "here");
        assert!(text.starts_with('…') && text.ends_with('…') && text.chars().count() == WIDEST + 2, "{text}");
        assert_eq!(excerpt(&line, 3, 900), (format!("{}…", "a".repeat(WIDEST)), 3, WIDEST - 3));
        assert_eq!(excerpt("short", 2, 1), ("short".to_owned(), 2, 1));
    }

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_a_stranger_is_not() {
        assert_eq!(nearest("servcie", ["service", "session"]), Some("service"));
        assert_eq!(nearest("zzz", ["service", "session"]), None);
        assert!(unknown("tier", "dual-p3", ["piii-300"]).contains("known: `piii-300`"));
    }
}
