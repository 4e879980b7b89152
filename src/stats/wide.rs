//! 128-bit sums in files. JSON readers keep 53 bits of a number, so a sum of nanoseconds travels as text.
//!
//! For `#[serde(with = "crate::stats::wide")]` on a `u128`: written as a decimal string, read back exactly.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Writes the number as a decimal string.
///
/// # Errors
/// Those of the format that is written.
pub fn serialize<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// Reads a decimal string.
///
/// # Errors
/// When the text is not a whole number of at most 128 bits.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom(format!("`{text}` is not a whole number of 128 bits")))
}
