//! The mail software: what belongs to the product and not to the machines.

use crate::units::Time;
use serde::Deserialize;
use toml::Spanned;

/// The mail software.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Which edition; default pro.
    pub edition: Option<Spanned<Edition>>,
    /// CPU for each mail domain in each period on each primary, on the reference core, 0 to an hour; default 20 ms.
    pub domain_cpu: Option<Spanned<Time>>,
    /// How often that is due, a second to a week; default 60 s.
    pub domain_period: Option<Spanned<Time>>,
}

/// The editions that the white paper names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// Serves one domain.
    Plus,
    /// Serves any number of them.
    Pro,
}
