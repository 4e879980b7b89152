//! The text of a scenario, the `--set` options laid over it, and the way back from a position to a place.
//!
//! Options are laid over the parsed table, not over the text, with positions beyond its end; so every later error,
//! from the parser or from the meaning, finds its line or its option by position alone.

use super::error::{Place, ScenarioError, nearest, unknown};
use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One `--set KEY=VALUE` of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Dotted path of a scenario key, such as `node.primary.count`.
    pub key: String,
    /// TOML if it parses, else taken as a string.
    pub value: String,
}

impl std::str::FromStr for Override {
    type Err = String;
    fn from_str(text: &str) -> Result<Override, String> {
        let Some((key, value)) = text.split_once('=') else {
            return Err(format!("`{text}` is not `KEY=VALUE`; write for example `node.primary.count=3`"));
        };
        let key = key.trim();
        if key.is_empty() || key.split('.').any(|part| part.trim().is_empty()) {
            return Err(format!("`{key}` is not a dotted key; write for example `node.primary.count=3`"));
        }
        Ok(Override { key: key.to_owned(), value: value.trim().to_owned() })
    }
}

/// Sections whose tables are things that the user names: an option may change such a thing but not bring one into
/// being, since a slip in its name would then pass unnoticed.
const NAMED: &[&str] = &["population", "client_group", "arrivals", "node", "tier", "level"];

/// A text with its name and the options laid over it.
#[derive(Debug, Clone)]
pub struct Source {
    /// As the user named the file.
    pub path: String,
    /// The whole text.
    pub text: String,
    overrides: Vec<Override>,
    /// For each option, the text in which its value was parsed and where that text starts in the numbering.
    padded: Vec<(usize, String)>,
}

impl Source {
    /// A text without options.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Source {
        Source::with_overrides(path, text, &[])
    }

    /// A text with options laid over it, in their order.
    #[must_use]
    pub fn with_overrides(path: &str, text: &str, overrides: &[Override]) -> Source {
        let mut start = text.len() + 1;
        let mut padded = Vec::new();
        for option in overrides {
            // Blank lines move every position of the value behind the file and the options before it.
            let quoted = serde_json::Value::from(option.value.as_str()).to_string();
            let candidates = [&option.value, &quoted].map(|value| format!("{}v = {value}", "\n".repeat(start)));
            let [as_toml, as_text] = candidates;
            let chosen =
                if DeTable::parse(&as_toml).is_ok_and(|table| table.get_ref().len() == 1) { as_toml } else { as_text };
            let end = chosen.len() + 1;
            padded.push((start, chosen));
            start = end;
        }
        Source { path: path.to_owned(), text: text.to_owned(), overrides: overrides.to_vec(), padded }
    }

    /// The dotted keys that were set by options.
    pub fn overridden(&self) -> impl Iterator<Item = &str> {
        self.overrides.iter().map(|option| option.key.as_str())
    }

    /// Reads the text with the options laid over it as a `T`.
    ///
    /// # Errors
    /// On a text that is no TOML, an unknown key, a value of the wrong form, or an option that names nothing.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ScenarioError> {
        let mut table = DeTable::parse(&self.text).map_err(|e| self.parser_error(&e))?;
        for (option, (start, text)) in self.overrides.iter().zip(&self.padded) {
            let value = DeTable::parse(text).map_err(|e| self.parser_error(&e))?;
            let Some((_, value)) = value.into_inner().into_iter().next() else { continue };
            self.lay_over(table.get_mut(), option, *start, value)?;
        }
        T::deserialize(toml::de::Deserializer::from(table)).map_err(|e| self.parser_error(&e))
    }

    /// Puts one option's value at its dotted path, creating unnamed tables on the way.
    fn lay_over<'a>(
        &self,
        root: &mut DeTable<'a>,
        option: &'a Override,
        start: usize,
        value: Spanned<DeValue<'a>>,
    ) -> Result<(), ScenarioError> {
        let complain = |message: String| Err(ScenarioError { message, place: Place::Set { key: option.key.clone() } });
        let parts: Vec<&str> = option.key.split('.').map(str::trim).collect();
        let span = start..start + 1;
        let mut table = root;
        for (depth, part) in parts.iter().enumerate() {
            let existing = table.keys().find(|key| key.get_ref() == part).cloned();
            if existing.is_none() && depth == 1 && NAMED.contains(&parts[0]) {
                let known: Vec<String> = table.keys().map(|key| key.get_ref().to_string()).collect();
                if known.is_empty() {
                    return complain(format!(
                        "there is no `{}` in the file to be changed; write `{part}` there",
                        parts[0]
                    ));
                }
                return complain(unknown(parts[0], part, known.iter().map(String::as_str)));
            }
            let key = existing.unwrap_or_else(|| Spanned::new(span.clone(), (*part).into()));
            if depth + 1 == parts.len() {
                table.remove(&key);
                table.insert(Spanned::new(span, (*part).into()), value);
                return Ok(());
            }
            let entry = table.entry(key).or_insert_with(|| Spanned::new(span.clone(), DeValue::Table(DeTable::new())));
            let DeValue::Table(inner) = entry.get_mut() else {
                return complain(format!("`{}` is a value, not a table; set it as a whole", parts[..=depth].join(".")));
            };
            table = inner;
        }
        Ok(())
    }

    /// An error with the place of a position.
    #[must_use]
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> ScenarioError {
        ScenarioError { message: message.into(), place: self.place(span) }
    }

    /// An error about the file as a whole.
    #[must_use]
    pub fn error_in_file(&self, message: impl Into<String>) -> ScenarioError {
        ScenarioError { message: message.into(), place: Place::Whole { path: self.path.clone() } }
    }

    fn place(&self, span: Range<usize>) -> Place {
        let behind = self.padded.iter().rposition(|(start, _)| span.start >= *start);
        if let Some(i) = behind {
            return Place::Set { key: self.overrides[i].key.clone() };
        }
        let start = span.start.min(self.text.len());
        let line_start = self.text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |i| start + i);
        let text = self.text[line_start..line_end].trim_end_matches('\r').to_owned();
        let end = span.end.clamp(start, line_end);
        Place::File {
            path: self.path.clone(),
            line: self.text[..line_start].matches('\n').count() + 1,
            column: self.text[line_start..start].chars().count() + 1,
            width: self.text[start..end].chars().count().max(1),
            text,
        }
    }

    fn parser_error(&self, error: &toml::de::Error) -> ScenarioError {
        let message = friendly(error.message());
        match error.span() {
            Some(span) => self.error(span, message),
            None => self.error_in_file(message),
        }
    }
}

/// Turns the parser's "unknown field `x`, expected one of `a`, `b`" into a sentence with the nearest key.
fn friendly(message: &str) -> String {
    let ticked = |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    for (start, what) in [("unknown field ", "key"), ("unknown variant ", "value")] {
        let Some(rest) = message.strip_prefix(start) else { continue };
        let names = ticked(rest);
        let Some((written, known)) = names.split_first() else { continue };
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let near = nearest(written, known.iter().copied());
        let choices = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        return match near {
            Some(name) => format!("unknown {what} `{written}`; did you mean `{name}`? (known here: {choices})"),
            None if known.is_empty() => format!("unknown {what} `{written}`; nothing can be written here"),
            None => format!("unknown {what} `{written}`; known here: {choices}"),
        };
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        return format!("the key {rest} is missing; write it in this table");
    }
    let mut text = plain(message);
    if let Some(first) = text.get(..1) {
        let lower = first.to_lowercase();
        text.replace_range(..1, &lower);
    }
    text
}

/// What the parser calls by the names of the program's types, in the user's words.
fn plain(message: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("expected u32", "expected a whole number from 0 to 4294967295"),
        ("expected u64", "expected a whole number of 0 or more"),
        ("expected f64", "expected a number"),
        ("expected a boolean", "expected `true` or `false`"),
        ("expected a string", "expected a text in quotes"),
        ("expected a sequence", "expected a list in brackets"),
        (" as i128", ""),
    ];
    let mut text = message.to_owned();
    for (theirs, ours) in WORDS {
        text = text.replace(theirs, ours);
    }
    match text.split_once(", expected struct ") {
        // With the name of a type of the program behind it.
        Some((found, _)) => format!("{found}, expected a table of keys, such as `{{ key = value }}`"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        name: String,
        node: BTreeMap<String, Node>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Node {
        count: Option<u32>,
    }

    const TEXT: &str = "name = \"x\"\n[node.primary]\ncount = 2\n";

    fn read(text: &str, options: &[&str]) -> Result<File, ScenarioError> {
        let options: Vec<Override> = options.iter().map(|o| o.parse().unwrap()).collect();
        Source::with_overrides("x.toml", text, &options).read()
    }

    #[test]
    fn an_option_wins_over_the_file_and_may_be_bare_text() {
        let file = read(TEXT, &["node.primary.count=5", "name=a plain text"]).unwrap();
        assert_eq!(file.node["primary"].count, Some(5));
        assert_eq!(file.name, "a plain text");
    }

    #[test]
    fn an_unknown_key_has_a_caret_and_the_nearest_name() {
        let error = read("name = \"x\"\n[node.primary]\ncuont = 2\n", &[]).unwrap_err().to_string();
        assert!(error.contains("unknown key `cuont`; did you mean `count`?"), "{error}");
        assert!(error.contains("x.toml:3:1") && error.ends_with("^^^^^"), "{error}");
    }

    #[test]
    fn a_wrong_option_is_named() {
        let error = read(TEXT, &["node.primary.cuont=5"]).unwrap_err().to_string();
        assert!(
            error.contains("did you mean `count`?") && error.ends_with("(in `--set node.primary.cuont`)"),
            "{error}"
        );
        let error = read(TEXT, &["node.primry.count=5"]).unwrap_err().to_string();
        assert!(error.contains("there is no node `primry`; did you mean `primary`?"), "{error}");
        let error = read(TEXT, &["node.primary.count=5", "name=3"]).unwrap_err().to_string();
        assert!(error.ends_with("(in `--set name`)"), "{error}");
        let error = read(TEXT, &["name.inner=5"]).unwrap_err().to_string();
        assert!(error.contains("`name` is a value"), "{error}");
    }
}
