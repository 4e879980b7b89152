//! The ways in which a user writes a quantity that may vary from job to job.
//!
//! `"25 ms"` is a constant; `{ lognormal = { mean = "25 ms", cv = 1.5 } }` varies. The union is read by hand, since
//! the derived ones lose the position of a mistake.

use crate::random::{Law, LawError, MailSize};
use crate::units::{Bytes, Share, Time};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// A quantity that a law can be about, in the base unit that laws use.
pub trait Quantity: DeserializeOwned {
    /// How the quantity is called in a message, with an example.
    const WHAT: &'static str;
    /// Whether only whole numbers make sense.
    const WHOLE: bool = false;
    /// The largest size of a message where none is written.
    const MOST: Option<f64> = None;
    /// Seconds, bytes, or the plain number.
    fn base(&self) -> f64;
    /// Reads a bare number, where that is allowed.
    fn bare(number: f64) -> Option<Self>;
    /// Reads a text with its unit, where that is allowed.
    fn text(text: &str) -> Option<Result<Self, String>>;
}

impl Quantity for Time {
    const WHAT: &'static str = "a time such as `\"25 ms\"`";
    fn base(&self) -> f64 {
        self.as_secs_f64()
    }
    fn bare(_: f64) -> Option<Time> {
        None
    }
    fn text(text: &str) -> Option<Result<Time, String>> {
        Some(text.parse().map_err(|e: crate::units::UnitError| e.0))
    }
}

impl Quantity for Bytes {
    const WHAT: &'static str = "a size such as `\"25 KB\"`";
    // Postfix takes 10,240,000 bytes unless told otherwise (`message_size_limit`).
    const MOST: Option<f64> = Some(10e6);
    fn base(&self) -> f64 {
        self.0 as f64
    }
    fn bare(_: f64) -> Option<Bytes> {
        None
    }
    fn text(text: &str) -> Option<Result<Bytes, String>> {
        Some(text.parse().map_err(|e: crate::units::UnitError| e.0))
    }
}

/// A plain count, at least zero.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Count(f64);

impl Quantity for Count {
    const WHAT: &'static str = "a count such as `2`";
    const WHOLE: bool = true;
    fn base(&self) -> f64 {
        self.0
    }
    fn bare(number: f64) -> Option<Count> {
        Some(Count(number))
    }
    fn text(_: &str) -> Option<Result<Count, String>> {
        None
    }
}

/// A law as written, over times, sizes or counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Written<Q> {
    /// In seconds, bytes, or plain numbers.
    pub law: Law,
    about: PhantomData<Q>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, bound = "Q: Quantity")]
enum Shape<Q> {
    Constant {
        value: Q,
    },
    Exponential {
        mean: Q,
    },
    Lognormal {
        mean: Q,
        cv: f64,
    },
    Uniform {
        low: Q,
        high: Q,
    },
    Erlang {
        mean: Q,
        stages: u32,
    },
    Hyperexponential {
        mean: Q,
        cv: f64,
    },
    Geometric {
        mean: Q,
    },
    #[serde(rename = "mail_size")]
    MailSize {
        median: Q,
        sigma: f64,
        tail_from: Q,
        tail_slope: f64,
        most: Option<Q>,
    },
    Table(Vec<(Q, Share)>),
}

impl<Q: Quantity> Shape<Q> {
    fn law(&self) -> Result<Law, LawError> {
        match self {
            Shape::Constant { value } => Law::constant(value.base()),
            Shape::Exponential { mean } => Law::exponential(mean.base()),
            Shape::Lognormal { mean, cv } => Law::lognormal(mean.base(), *cv),
            Shape::Uniform { low, high } => Law::uniform(low.base(), high.base()),
            Shape::Erlang { mean, stages } => Law::erlang(mean.base(), *stages),
            Shape::Hyperexponential { mean, cv } => Law::hyperexponential(mean.base(), *cv),
            Shape::Geometric { mean } => Law::geometric(mean.base()),
            Shape::MailSize { median, sigma, tail_from, tail_slope, most } => {
                let Some(most) = most.as_ref().map(Q::base).or(Q::MOST) else {
                    return Err(LawError("`mail_size` is a law of sizes; write another one here".into()));
                };
                MailSize::new(median.base(), *sigma, tail_from.base(), *tail_slope, most).map(Law::MailSize)
            }
            Shape::Table(rows) => {
                let rows: Vec<(f64, f64)> = rows.iter().map(|(value, share)| (value.base(), share.0)).collect();
                Law::table(&rows)
            }
        }
    }
}

impl<'de, Q: Quantity> Deserialize<'de> for Written<Q> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Union<Q>(PhantomData<Q>);
        impl<Q: Quantity> Union<Q> {
            fn constant<E: Error>(value: &Q) -> Result<Written<Q>, E> {
                Self::checked(Law::constant(value.base()))
            }
            fn checked<E: Error>(law: Result<Law, LawError>) -> Result<Written<Q>, E> {
                let law = law.map_err(E::custom)?;
                if Q::WHOLE && !is_whole(&law) {
                    let message = format!(
                        "`{law}` is no law of a count; write a whole number, a `geometric`, or a \
                                           `table` of whole numbers"
                    );
                    return Err(E::custom(message));
                }
                Ok(Written { law, about: PhantomData })
            }
            fn bare<E: Error>(number: f64) -> Result<Written<Q>, E> {
                match Q::bare(number) {
                    Some(value) => Self::constant(&value),
                    None => Err(E::custom(format!("`{number}` has no unit; write {}", Q::WHAT))),
                }
            }
        }
        impl<'de, Q: Quantity> Visitor<'de> for Union<Q> {
            type Value = Written<Q>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}, or a law such as `{{ exponential = {{ mean = … }} }}`", Q::WHAT)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Written<Q>, E> {
                match Q::text(text) {
                    Some(Ok(value)) => Self::constant(&value),
                    Some(Err(message)) => Err(E::custom(message)),
                    None => Err(E::custom(format!("`{text}` is a text; write {}", Q::WHAT))),
                }
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Written<Q>, E> {
                Self::bare(number as f64)
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Written<Q>, E> {
                Self::bare(number as f64)
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Written<Q>, E> {
                Self::bare(number)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Written<Q>, A::Error> {
                let shape = Shape::<Q>::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Self::checked(shape.law())
            }
        }
        deserializer.deserialize_any(Union(PhantomData))
    }
}

/// Whether the law gives whole numbers of a reasonable size only.
fn is_whole(law: &Law) -> bool {
    let whole = |value: f64| value.fract() == 0.0 && value <= 1e6;
    match law {
        Law::Constant(value) => whole(*value),
        Law::Geometric { mean } => *mean <= 1e4,
        Law::Table(table) => table.pairs().all(|(value, _)| whole(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Holder {
        cpu: Option<Written<Time>>,
        size: Option<Written<Bytes>>,
        messages: Option<Written<Count>>,
    }

    fn read(text: &str) -> Result<Holder, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    #[test]
    fn a_plain_value_is_a_constant() {
        assert_eq!(read("cpu = \"25 ms\"").unwrap().cpu.unwrap().law, Law::constant(0.025).unwrap());
        assert_eq!(read("messages = 2").unwrap().messages.unwrap().law, Law::constant(2.0).unwrap());
    }

    #[test]
    fn a_table_is_a_law() {
        let law = read("cpu = { lognormal = { mean = \"25 ms\", cv = 1.5 } }").unwrap().cpu.unwrap().law;
        assert_eq!(law, Law::lognormal(0.025, 1.5).unwrap());
        let law = read("size = { table = [[\"1 KB\", \"25 %\"], [\"3 KB\", \"75 %\"]] }").unwrap().size.unwrap().law;
        assert!((law.mean() - 2_500.0).abs() < 1e-9);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(read("cpu = 25").unwrap_err().contains("`25` has no unit"));
        assert!(read("cpu = { expo = { mean = \"1 s\" } }").unwrap_err().contains("unknown variant `expo`"));
        assert!(read("cpu = { exponential = { maen = \"1 s\" } }").unwrap_err().contains("unknown field `maen`"));
        assert!(read("size = { table = [[\"1 KB\", \"25 %\"]] }").unwrap_err().contains("`table`"));
        assert!(read("messages = 1.5").unwrap_err().contains("no law of a count"));
        assert!(read("messages = { exponential = { mean = 2 } }").unwrap_err().contains("no law of a count"));
        assert!(read("messages = \"two\"").unwrap_err().contains("write a count"));
    }
}
