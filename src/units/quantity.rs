//! The quantities besides time: bytes, bandwidth, rates, shares, money.

use super::{UnitError, scaled, trimmed, written_with_unit};
use std::fmt;

/// A number of bytes. `KB`, `MB`, `GB`, `TB` are powers of 1000, `KiB`, `MiB`, `GiB` powers of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Bytes(pub u64);

/// Bytes per second; read from bit/s or B/s.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Bandwidth(
    /// Bytes per second, above zero.
    pub f64,
);

/// Events per second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Rate(
    /// Events per second, at least zero.
    pub f64,
);

/// A part of a whole, 0 to 1. Written as `"95 %"` or as a bare number.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share(
    /// 0 to 1.
    pub f64,
);

/// How fast something grows in a year, as a part of itself.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Growth(
    /// Above -1, at most 10.
    pub f64,
);

/// US dollars in whole cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Money(
    /// Cents.
    pub u64,
);

const BYTES: &[(&str, f64)] = &[
    ("KB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("TB", 1e12),
    ("B", 1.0),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
];

const BANDWIDTH: &[(&str, f64)] = &[
    ("Mbit/s", 1e6 / 8.0),
    ("kbit/s", 1e3 / 8.0),
    ("Gbit/s", 1e9 / 8.0),
    ("bit/s", 1.0 / 8.0),
    ("B/s", 1.0),
    ("KB/s", 1e3),
    ("MB/s", 1e6),
    ("GB/s", 1e9),
];

const RATE: &[(&str, f64)] = &[("/s", 1.0), ("/min", 1.0 / 60.0), ("/h", 1.0 / 3_600.0), ("/day", 1.0 / 86_400.0)];

const MONEY: &[(&str, f64)] = &[("USD", 100.0)];

impl std::str::FromStr for Bytes {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Bytes, UnitError> {
        let bytes = scaled(text, "a size", BYTES)?;
        if bytes < 0.0 {
            return Err(UnitError(format!("`{text}` is negative; a size is at least `0 B`")));
        }
        if bytes >= u64::MAX as f64 {
            return Err(UnitError(format!("`{text}` is too large for a size")));
        }
        Ok(Bytes(bytes.round() as u64))
    }
}

impl std::str::FromStr for Bandwidth {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Bandwidth, UnitError> {
        let bytes_per_s = scaled(text, "a bandwidth", BANDWIDTH)?;
        if bytes_per_s <= 0.0 {
            return Err(UnitError(format!("`{text}` carries nothing; a bandwidth is above zero")));
        }
        Ok(Bandwidth(bytes_per_s))
    }
}

impl std::str::FromStr for Rate {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Rate, UnitError> {
        let per_s = scaled(text, "a rate", RATE)?;
        if per_s < 0.0 {
            return Err(UnitError(format!("`{text}` is negative; a rate is at least `0 /s`")));
        }
        Ok(Rate(per_s))
    }
}

impl std::str::FromStr for Growth {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Growth, UnitError> {
        let part = scaled(text, "a growth", &[("% /year", 0.01), ("%/year", 0.01)])?;
        if part <= -1.0 || part > 10.0 {
            return Err(UnitError(format!(
                "`{text}` is no growth; it is above `-100 % /year` and at most `1000 % /year`"
            )));
        }
        Ok(Growth(part))
    }
}

impl std::str::FromStr for Money {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Money, UnitError> {
        let cents = scaled(text, "a price", MONEY)?;
        if cents < 0.0 || cents >= u64::MAX as f64 {
            return Err(UnitError(format!("`{text}` is not a price; write for example `2500 USD`")));
        }
        Ok(Money(cents.round() as u64))
    }
}

impl Share {
    /// A share from a number.
    ///
    /// # Errors
    /// When the number is not between 0 and 1.
    pub fn new(number: f64) -> Result<Share, UnitError> {
        if (0.0..=1.0).contains(&number) {
            return Ok(Share(number));
        }
        Err(UnitError(format!(
            "`{number}` is not a share; write a number between 0 and 1, or a percentage such as `\"95 %\"`"
        )))
    }
}

impl std::str::FromStr for Share {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Share, UnitError> {
        let percent = scaled(text, "a share", &[("%", 1.0)])?;
        Share::new(percent / 100.0)
            .map_err(|_| UnitError(format!("`{text}` is not a share; write a percentage between `0 %` and `100 %`")))
    }
}

written_with_unit!(Bytes, "a size", "512 MB");
written_with_unit!(Bandwidth, "a bandwidth", "100 Mbit/s");
written_with_unit!(Growth, "a growth", "25 % /year");
written_with_unit!(Rate, "a rate", "0.8 /s");
written_with_unit!(Money, "a price", "2500 USD");

impl<'de> serde::Deserialize<'de> for Share {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Share;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a share: `\"95 %\"`, or a number between 0 and 1")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Share, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Share, E> {
                Share::new(number as f64).map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Share, E> {
                Share::new(number as f64).map_err(E::custom)
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Share, E> {
                Share::new(number).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0 as f64;
        let text = match bytes {
            b if b < 1e3 => format!("{} B", self.0),
            b if b < 1e6 => format!("{} KB", trimmed(b / 1e3)),
            b if b < 1e9 => format!("{} MB", trimmed(b / 1e6)),
            b if b < 1e12 => format!("{} GB", trimmed(b / 1e9)),
            b => format!("{} TB", trimmed(b / 1e12)),
        };
        f.pad(&text)
    }
}

impl fmt::Display for Bandwidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0 * 8.0;
        let text = match bits {
            b if b < 1e3 => format!("{} bit/s", trimmed(b)),
            b if b < 1e6 => format!("{} kbit/s", trimmed(b / 1e3)),
            b if b < 1e9 => format!("{} Mbit/s", trimmed(b / 1e6)),
            b => format!("{} Gbit/s", trimmed(b / 1e9)),
        };
        f.pad(&text)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} /s", trimmed(self.0)))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} %", trimmed(self.0 * 100.0)))
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} % /year", trimmed(self.0 * 100.0)))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dollars, cents) = (self.0 / 100, self.0 % 100);
        let text = if cents == 0 { format!("{dollars} USD") } else { format!("{dollars}.{cents:02} USD") };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bandwidth_is_read_in_bits_and_kept_in_bytes() {
        assert_eq!("56 kbit/s".parse::<Bandwidth>().unwrap(), Bandwidth(7_000.0));
        assert_eq!("100 Mbit/s".parse::<Bandwidth>().unwrap().to_string(), "100 Mbit/s");
        assert_eq!("3000 B/s".parse::<Bandwidth>().unwrap(), Bandwidth(3_000.0));
        assert!("0 kbit/s".parse::<Bandwidth>().unwrap_err().0.contains("above zero"));
    }

    #[test]
    fn sizes_are_decimal_unless_they_say_otherwise() {
        assert_eq!("512 MB".parse::<Bytes>().unwrap(), Bytes(512_000_000));
        assert_eq!("1 KiB".parse::<Bytes>().unwrap(), Bytes(1_024));
        assert_eq!(Bytes(24_530).to_string(), "24.53 KB");
    }

    #[test]
    fn a_share_is_a_percentage_or_a_number() {
        #[derive(serde::Deserialize)]
        struct Holder {
            share: Share,
        }
        let read = |text: &str| toml::from_str::<Holder>(text).map(|holder| holder.share.0);
        assert_eq!(read("share = \"95 %\"").unwrap(), 0.95);
        assert_eq!(read("share = 0.5").unwrap(), 0.5);
        assert_eq!(read("share = 1").unwrap(), 1.0);
        assert!(read("share = 95").unwrap_err().to_string().contains("`95` is not a share"));
        assert!(read("share = \"120 %\"").unwrap_err().to_string().contains("between `0 %` and `100 %`"));
    }

    #[test]
    fn a_bare_number_where_a_unit_is_due_is_refused() {
        #[derive(Debug, serde::Deserialize)]
        struct Holder {
            #[expect(dead_code, reason = "only the refusal is under test")]
            rate: Rate,
        }
        let error = toml::from_str::<Holder>("rate = 8").unwrap_err().to_string();
        assert!(error.contains("`8` has no unit") && error.contains("0.8 /s"), "{error}");
    }

    #[test]
    fn money_and_rates_print() {
        assert_eq!("16_550 USD".parse::<Money>().unwrap().to_string(), "16550 USD");
        assert_eq!(Money(250).to_string(), "2.50 USD");
        assert_eq!("60 /min".parse::<Rate>().unwrap(), Rate(1.0));
    }
}
