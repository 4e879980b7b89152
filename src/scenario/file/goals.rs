//! What is asked for: service levels, and what a search may vary.

use super::{Algorithm, Configuration, DirectoryKind};
use crate::units::Share;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// A service level.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The service that the level is about.
    pub service: Spanned<String>,
    /// The operation, when the level is not about whole sessions.
    pub operation: Option<Spanned<String>>,
    /// What share must be under the limit.
    pub share: Spanned<Share>,
    /// The limit: `"5 s"`, or `"5 s + size / 3000 B/s"`.
    pub under: Spanned<String>,
}

/// The open dimensions of a search.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Configurations to try; default all six.
    pub configurations: Option<Choice<Spanned<Configuration>>>,
    /// Tiers for the primaries; default all.
    pub tiers: Option<Choice<Spanned<String>>>,
    /// Tiers for the data server; default those for the primaries.
    pub data_tiers: Option<Choice<Spanned<String>>>,
    /// Tiers for the backup; default the cheapest of those for the primaries.
    pub backup_tiers: Option<Choice<Spanned<String>>>,
    /// The most primaries to try, 1 to 1000; default 16.
    pub most_primaries: Option<Spanned<u32>>,
    /// Ways of balancing to try, the same for every service; default what the scenario has.
    pub balancers: Option<Spanned<Choice<Balancer>>>,
    /// Algorithms of a switch to try; default `round-robin` and `least-connections`.
    pub algorithms: Option<Spanned<Choice<Algorithm>>>,
    /// Whether a second switch stands by; default as the scenario has it.
    pub switch_pair: Option<Spanned<SwitchPairs>>,
    /// Kinds of directory to try; default what the scenario has.
    pub directories: Option<Spanned<Choice<DirectoryKind>>>,
    /// What orders search and choice; default the simplest.
    pub prefer: Option<Prefer>,
    /// What the levels must outlast; default nothing.
    pub survive: Option<Survive>,
    /// Limits are tested at this share of their value; default 0.8, by the errors that `mxplan validate --measured` shows.
    pub margin: Option<Spanned<Share>>,
}

/// A way of balancing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Balancer {
    /// The addresses of a name take turns.
    RoundRobinDns,
    /// A load-balancing switch.
    Switch,
    /// Network Load Balancing.
    Nlb,
}

/// Whether a second switch stands by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SwitchPairs {
    /// A switch is alone, whatever must be outlasted.
    Never,
    /// Where one machine must be outlasted, a switch counts as one, and alone it does not do.
    AsNeeded,
    /// There are always two.
    Always,
}

/// What orders the search and the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefer {
    /// The least complex design, then the cheapest.
    Simplest,
    /// The cheapest design, then the least complex.
    Cheapest,
}

/// What the levels must outlast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Survive {
    /// Nothing.
    None,
    /// Any one primary down.
    OneNode,
}

/// `"all"`, or a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice<T> {
    /// All of them.
    All,
    /// The listed ones.
    These(Vec<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Choice<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Union<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Union<T> {
            type Value = Choice<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("`\"all\"` or a list")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Choice<T>, E> {
                if text == "all" {
                    return Ok(Choice::All);
                }
                Err(E::custom(format!("`{text}` is neither `\"all\"` nor a list; write for example `[\"{text}\"]`")))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Choice<T>, A::Error> {
                let mut these = Vec::new();
                while let Some(item) = seq.next_element()? {
                    these.push(item);
                }
                if these.is_empty() {
                    return Err(serde::de::Error::custom("the list is empty; write `\"all\"` or name at least one"));
                }
                Ok(Choice::These(these))
            }
        }
        deserializer.deserialize_any(Union(std::marker::PhantomData))
    }
}
