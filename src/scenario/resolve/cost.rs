//! What a design costs beside its machines.

use super::settings::Ledger;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{Cost, File};
use crate::scenario::prices::Prices;
use crate::scenario::source::Source;
use crate::units::Money;
use toml::Spanned;

/// A billion dollars: a bound that keeps sums in range.
const MOST: Money = Money(100_000_000_000);

/// The prices, each the built-in one unless the scenario has its own; noted where a search or the scenario asks for them.
pub(super) fn resolve(source: &Source, file: &File, ledger: &mut Ledger) -> Result<Prices, ScenarioError> {
    let mut prices = Prices::built_in();
    if file.cost.is_none() && file.plan.is_none() {
        return Ok(prices);
    }
    let Cost {
        switch,
        windows_2000,
        windows_2000_advanced,
        windows_2003,
        windows_xp,
        linux,
        mail_licence,
        database_licence,
    } = file.cost.clone().unwrap_or_default();
    let items = [
        ("switch", switch, &mut prices.switch),
        ("windows_2000", windows_2000, &mut prices.windows_2000),
        ("windows_2000_advanced", windows_2000_advanced, &mut prices.windows_2000_advanced),
        ("windows_2003", windows_2003, &mut prices.windows_2003),
        ("windows_xp", windows_xp, &mut prices.windows_xp),
        ("linux", linux, &mut prices.linux),
        ("mail_licence", mail_licence, &mut prices.mail_licence),
        ("database_licence", database_licence, &mut prices.database_licence),
    ];
    for (leaf, written, price) in items {
        if let Some(own) = written.as_ref().filter(|own| *own.get_ref() > MOST) {
            let message = format!("`{leaf}` is `{}`; it is at most `{MOST}`", own.get_ref());
            return Err(source.error(own.span(), message));
        }
        let own = written.as_ref().map(Spanned::get_ref);
        *price = ledger.take(&format!("cost.{leaf}"), own, *price, Money::to_string);
    }
    Ok(prices)
}
