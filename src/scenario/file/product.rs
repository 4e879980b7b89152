//! The mail software: what belongs to the product and not to the machines.

use crate::units::{Bytes, Time};
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
    /// Memory of a node that operating system and program take, up to a terabyte; default 128 MB.
    pub system_ram: Option<Spanned<Bytes>>,
    /// Memory for each mail domain on each primary, up to a terabyte; default 16 KB.
    pub domain_ram: Option<Spanned<Bytes>>,
    /// Memory for each connection, up to a terabyte; default 15 KB. A service may have its own.
    pub connection_ram: Option<Spanned<Bytes>>,
    /// Memory for each worker that is held, up to a terabyte; default 1 MB. A service may have its own.
    pub worker_ram: Option<Spanned<Bytes>>,
    /// Page faults of a CPU burst for each time that the memory in use exceeds what is there by its own size, 0 to 1000;
    /// default 10.
    pub page_faults: Option<Spanned<f64>>,
    /// Memory in use over memory beyond which a node refuses new connections, 1 to 10; default 1.5.
    pub ram_limit: Option<Spanned<f64>>,
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
