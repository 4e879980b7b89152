//! Quantities with their unit: load time, bytes, bandwidth, rates, shares, money.
//!
//! A user writes every dimensioned value as text with its unit (`"50 ms"`, `"100 Mbit/s"`, `"0.8 /s"`), so that a
//! value can never be read in the wrong unit. Inside the program each kind is a type of its own. A bare number is
//! refused wherever a unit is due; a share alone may be a bare number between 0 and 1.

mod quantity;
mod time;

pub use quantity::{Bandwidth, Bytes, Growth, Money, Rate, Share};
pub use time::Time;

/// Why a text is not a quantity. The message names the text in backticks and says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitError(pub String);

impl std::fmt::Display for UnitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnitError {}

/// Splits `"1_000.5 ms"` into the number and the unit and scales by the unit's factor.
///
/// `table` lists the known units with their factor, the ones to advertise first.
///
/// # Errors
/// When there is no number, no unit, or a unit that `table` does not know.
fn scaled(text: &str, what: &str, table: &[(&str, f64)]) -> Result<f64, UnitError> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+')))
        .map_or(text.len(), |i| exponent_end(text, i));
    let (number, unit) = (text[..end].replace('_', ""), text[end..].trim());
    let known = || table.iter().map(|(unit, _)| *unit).collect::<Vec<_>>().join(", ");
    let number: f64 = number
        .parse()
        .map_err(|_| UnitError(format!("`{text}` is not {what}; write a number with one of the units {}", known())))?;
    if unit.is_empty() {
        let (first, second) = (table[0].0, table[1.min(table.len() - 1)].0);
        return Err(UnitError(format!(
            "`{text}` has no unit; {what} is written with one, for example `{text} {first}` or `{text} {second}`"
        )));
    }
    let Some((_, factor)) = table.iter().find(|(known, _)| *known == unit) else {
        return Err(UnitError(format!("`{text}` has the unknown unit `{unit}`; {what} knows {}", known())));
    };
    let value = number * factor;
    if !value.is_finite() {
        return Err(UnitError(format!("`{text}` is too large for {what}")));
    }
    Ok(value)
}

/// Where the number ends when it goes on with an exponent (`1e-3`).
fn exponent_end(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let Some(tail) = rest.strip_prefix('e').or_else(|| rest.strip_prefix('E')) else { return start };
    let digits = tail.strip_prefix(['-', '+']).unwrap_or(tail);
    let count = digits.chars().take_while(char::is_ascii_digit).count();
    if count == 0 { start } else { start + 1 + (tail.len() - digits.len()) + count }
}

/// A number with at most three decimals and no trailing zeros, for people.
fn trimmed(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A whole number with a space between thousands, for people: `71 428`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// Rounded down to three significant digits, as a promise should be.
#[must_use]
pub fn three_digits(value: u64) -> u64 {
    let unit = 10_u64.pow(value.checked_ilog10().unwrap_or(0).saturating_sub(2));
    value / unit * unit
}

/// Implements `Deserialize` for a quantity that is written as text with a unit, so that the parser can put a caret
/// under a bare number.
macro_rules! written_with_unit {
    ($type:ty, $what:literal, $example:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(f, "{} with its unit, for example `\"{}\"`", $what, $example)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<$type, E> {
                        Err(E::custom(format!(
                            "`{number}` has no unit; write {} as text, for example `\"{}\"`",
                            $what, $example
                        )))
                    }
                    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<$type, E> {
                        Err(E::custom(format!(
                            "`{number}` has no unit; write {} as text, for example `\"{}\"`",
                            $what, $example
                        )))
                    }
                    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<$type, E> {
                        Err(E::custom(format!(
                            "`{number}` has no unit; write {} as text, for example `\"{}\"`",
                            $what, $example
                        )))
                    }
                }
                deserializer.deserialize_any(Visitor)
            }
        }
    };
}
use written_with_unit;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart_and_a_promise_is_rounded_down() {
        assert_eq!([0, 999, 29_550, 1_234_567].map(grouped), ["0", "999", "29 550", "1 234 567"]);
        assert_eq!([0, 7, 999, 41_271, 41_999].map(three_digits), [0, 7, 999, 41_200, 41_900]);
    }

    #[test]
    fn a_number_may_have_underscores_an_exponent_and_no_space() {
        assert_eq!("30_000 ms".parse::<Time>().unwrap(), Time::from_secs(30));
        assert_eq!("1e3ms".parse::<Time>().unwrap(), Time::from_secs(1));
        assert_eq!("2.5e-1 s".parse::<Time>().unwrap(), Time::from_millis(250));
    }

    #[test]
    fn a_missing_or_unknown_unit_is_named_with_the_remedy() {
        let error = "6".parse::<Time>().unwrap_err();
        assert!(error.0.contains("`6` has no unit") && error.0.contains("`6 s`"), "{error}");
        let error = "6 sec".parse::<Time>().unwrap_err();
        assert!(error.0.contains("unknown unit `sec`") && error.0.contains("min"), "{error}");
        let error = "soon".parse::<Time>().unwrap_err();
        assert!(error.0.contains("`soon` is not a time"), "{error}");
    }
}
