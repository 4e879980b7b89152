//! The mail software: its edition, and what it costs beside the sessions.

use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{Edition, File};
use crate::scenario::product::{DOMAIN_CPU, DOMAIN_PERIOD, Product};
use crate::scenario::source::Source;
use crate::units::Time;
use toml::Spanned;

/// The product of a cluster that is configured for so many domains.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    domains: u64,
    ledger: &mut Ledger,
) -> Result<Product, ScenarioError> {
    let written = file.product.clone().unwrap_or_default();
    let edition = plain(written.edition.as_ref());
    let edition = ledger.take("product.edition", edition.as_ref(), Edition::Pro, |edition| edition.name().to_owned());
    if edition == Edition::Plus && domains > 1 {
        let message = format!(
            "edition `plus` serves one domain, and the populations have {domains} together; write `edition = \"pro\"`, \
             or a single population with one domain"
        );
        return Err(source.error(written.edition.map_or(0..0, |edition| edition.span()), message));
    }
    let mut time = |leaf: &str, written: Option<&Spanned<Time>>, default: Time, (least, most): (Time, Time)| {
        let value = plain(written);
        let value = ledger.take(&format!("product.{leaf}"), value.as_ref(), default, Time::to_string);
        if !(least..=most).contains(&value) {
            let message = format!("`{leaf}` is `{value}`; it must be between `{least}` and `{most}`");
            return Err(source.error(written.map_or(0..0, Spanned::span), message));
        }
        Ok(value)
    };
    let hour = Time::from_secs(3_600);
    let week = Time::from_secs(7 * 86_400);
    Ok(Product {
        edition,
        domain_cpu: time("domain_cpu", written.domain_cpu.as_ref(), DOMAIN_CPU, (Time::ZERO, hour))?,
        domain_period: time(
            "domain_period",
            written.domain_period.as_ref(),
            DOMAIN_PERIOD,
            (Time::from_secs(1), week),
        )?,
    })
}

/// A value without its place.
pub(super) fn plain<T: Clone>(written: Option<&Spanned<T>>) -> Option<T> {
    written.map(|written| written.get_ref().clone())
}
