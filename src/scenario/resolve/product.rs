//! The mail software: its edition, and what it costs beside the sessions.

use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{Edition, File};
use crate::scenario::product::{
    CONNECTION_RAM, DOMAIN_CPU, DOMAIN_PERIOD, DOMAIN_RAM, LARGEST_PIECE, PAGE_FAULTS, Product, RAM_LIMIT, SYSTEM_RAM,
    WORKER_RAM,
};
use crate::scenario::source::Source;
use crate::units::{Bytes, Time};
use std::fmt::Display;
use toml::Spanned;

/// The mail software of a scenario.
pub(super) fn resolve(source: &Source, file: &File, ledger: &mut Ledger) -> Result<Product, ScenarioError> {
    let written = file.product.clone().unwrap_or_default();
    let edition = plain(written.edition.as_ref());
    let edition = ledger.take("product.edition", edition.as_ref(), Edition::Pro, |edition| edition.name().to_owned());
    let mut numbers = Numbers { source, ledger };
    let hour = Time::from_secs(3_600);
    let week = Time::from_secs(7 * 86_400);
    let ram = (Bytes(0), LARGEST_PIECE);
    Ok(Product {
        edition,
        domain_cpu: numbers.take("domain_cpu", written.domain_cpu.as_ref(), DOMAIN_CPU, (Time::ZERO, hour))?,
        domain_period: {
            let range = (Time::from_secs(1), week);
            numbers.take("domain_period", written.domain_period.as_ref(), DOMAIN_PERIOD, range)?
        },
        system_ram: numbers.take("system_ram", written.system_ram.as_ref(), SYSTEM_RAM, ram)?,
        domain_ram: numbers.take("domain_ram", written.domain_ram.as_ref(), DOMAIN_RAM, ram)?,
        connection_ram: numbers.take("connection_ram", written.connection_ram.as_ref(), CONNECTION_RAM, ram)?,
        worker_ram: numbers.take("worker_ram", written.worker_ram.as_ref(), WORKER_RAM, ram)?,
        page_faults: numbers.take("page_faults", written.page_faults.as_ref(), PAGE_FAULTS, (0.0, 1_000.0))?,
        ram_limit: numbers.take("ram_limit", written.ram_limit.as_ref(), RAM_LIMIT, (1.0, 10.0))?,
    })
}

/// Refuses an edition that does not serve so many domains.
pub(super) fn check_domains(source: &Source, file: &File, domains: u64) -> Result<(), ScenarioError> {
    let written = file.product.as_ref().and_then(|product| product.edition.as_ref());
    let Some(at) = written.filter(|edition| *edition.get_ref() == Edition::Plus && domains > 1) else { return Ok(()) };
    let message = format!(
        "edition `plus` serves one domain, and the populations have {domains} together; write `edition = \"pro\"`, \
         or a single population with one domain"
    );
    Err(source.error(at.span(), message))
}

/// Takes numbers with their default and range.
struct Numbers<'a, 'b> {
    source: &'a Source,
    ledger: &'a mut Ledger<'b>,
}

impl Numbers<'_, '_> {
    fn take<T: Copy + PartialOrd + Display>(
        &mut self,
        leaf: &str,
        written: Option<&Spanned<T>>,
        default: T,
        (least, most): (T, T),
    ) -> Result<T, ScenarioError> {
        let value = self.ledger.take(&format!("product.{leaf}"), plain(written).as_ref(), default, T::to_string);
        if !(least..=most).contains(&value) {
            let message = format!("`{leaf}` is `{value}`; it must be between `{least}` and `{most}`");
            return Err(self.source.error(written.map_or(0..0, Spanned::span), message));
        }
        Ok(value)
    }
}

/// A value without its place.
pub(super) fn plain<T: Clone>(written: Option<&Spanned<T>>) -> Option<T> {
    written.map(|written| written.get_ref().clone())
}
