//! Service levels: what share of sessions or operations must be done under which limit.

use crate::units::{Bandwidth, Time};

/// A limit on a response time that may grow with the bytes moved: `"5 s + size / 3000 B/s"`.
///
/// The second form is SPECmail2001's: no server gets a large message through a slow modem in five seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// The limit for nothing moved.
    pub fixed: Time,
    /// The bandwidth that the limit grants to the bytes moved, if any.
    pub size_over: Option<Bandwidth>,
}

impl Limit {
    /// The limit for so many bytes moved.
    #[must_use]
    pub fn at(&self, bytes: u64) -> Time {
        match self.size_over {
            None => self.fixed,
            Some(bandwidth) => self.fixed + Time::from_secs_f64(bytes as f64 / bandwidth.0),
        }
    }

    /// The same limit at a share of its value, such as a planner's margin.
    #[must_use]
    pub fn times(&self, factor: f64) -> Limit {
        Limit {
            fixed: Time::from_ns_f64(self.fixed.0 as f64 * factor),
            size_over: self.size_over.map(|bandwidth| Bandwidth(bandwidth.0 / factor)),
        }
    }
}

impl std::str::FromStr for Limit {
    type Err = String;
    fn from_str(text: &str) -> Result<Limit, String> {
        let Some((fixed, rest)) = text.split_once('+') else {
            let fixed = text.parse::<Time>().map_err(|e| e.0)?;
            return Ok(Limit { fixed, size_over: None });
        };
        let fixed = fixed.parse::<Time>().map_err(|e| e.0)?;
        let bandwidth = rest.trim().strip_prefix("size").and_then(|rest| rest.trim().strip_prefix('/'));
        let Some(bandwidth) = bandwidth else {
            return Err(format!("`{text}` is not a limit; write a time such as `5 s`, or `5 s + size / 3000 B/s`"));
        };
        let bandwidth = bandwidth.parse::<Bandwidth>().map_err(|e| e.0)?;
        Ok(Limit { fixed, size_over: Some(bandwidth) })
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.size_over {
            None => write!(f, "{}", self.fixed),
            Some(bandwidth) => write!(f, "{} + size / {} B/s", self.fixed, bandwidth.0.round()),
        }
    }
}

/// A service level, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The user's name for it.
    pub name: String,
    /// Index of the service.
    pub service: usize,
    /// Index of the operation, when the level is about one operation and not about whole sessions.
    pub operation: Option<usize>,
    /// The share that must be under the limit, 0 to 1.
    pub share: f64,
    /// The limit.
    pub under: Limit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_may_grow_with_the_bytes_moved() {
        let limit: Limit = "5 s + size / 3000 B/s".parse().unwrap();
        assert_eq!(limit.at(0), Time::from_secs(5));
        assert_eq!(limit.at(30_000), Time::from_secs(15));
        assert_eq!(limit.to_string(), "5 s + size / 3000 B/s");
        assert_eq!(limit.times(0.8).at(30_000), Time::from_secs(12));
        assert_eq!("200 ms".parse::<Limit>().unwrap().at(1 << 30), Time::from_millis(200));
    }

    #[test]
    fn other_forms_are_refused_with_the_remedy() {
        assert!("5 s + 3".parse::<Limit>().unwrap_err().contains("5 s + size / 3000 B/s"));
        assert!("5".parse::<Limit>().unwrap_err().contains("no unit"));
        assert!("5 s + size / 3000".parse::<Limit>().unwrap_err().contains("no unit"));
    }
}
