//! From the shapes as written to a [`Scenario`] that is valid and complete.
//!
//! Each part of the file has its resolver here; all of them note every value with its origin in one ledger, and name
//! the place of whatever can't be.

mod background;
mod bare;
mod book;
mod bounds;
mod bursts;
mod calls;
mod carried;
mod clock;
mod components;
mod contents;
mod cost;
mod cpu_quota;
mod directory;
mod dns;
mod domains;
mod faults;
mod filters;
mod footprint;
mod goals;
mod greylist;
mod groups;
mod limits;
mod machines;
mod mail;
mod mailboxes;
mod monitor;
mod nlb;
mod operation;
mod patience;
mod people;
mod population;
mod product;
mod relogin;
mod resolvers;
mod routing;
mod service_keys;
mod settings;
mod sketch;
mod spell;
mod standing;
mod state;
mod store_start;
mod switch;
mod switch_check;
mod switch_limits;
mod switch_pair;
mod tiers;
mod tls;
mod trace;
mod ways;
mod within;

pub use settings::{Origin, Setting};

use super::Scenario;
use super::error::ScenarioError;
use super::file::File;
use super::hardware::{self, Row, Tier};
use super::memory::Caches;
use super::source::{Override, Source};
use crate::units::Time;
use clock::Window;
use settings::Ledger;
use std::path::Path;

/// The hardware table that a run uses.
#[derive(Debug, Clone)]
pub struct Hardware {
    /// The file, or the name of the built-in table.
    pub name: String,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl Hardware {
    /// The built-in table.
    #[must_use]
    pub fn built_in() -> Hardware {
        Hardware { name: hardware::BUILT_IN_NAME.to_owned(), rows: hardware::built_in() }
    }

    /// A tier by name.
    #[must_use]
    pub fn tier(&self, name: &str) -> Option<Tier> {
        self.rows.iter().find(|row| row.tier == name).map(Row::tier)
    }
}

/// The version of the scenario format.
pub const FORMAT: u32 = 1;

/// The longest time of one replication: a leap year.
const LONGEST: Time = Time::from_secs(366 * 86_400);

/// Reads and resolves a scenario.
///
/// `path` is how the user named the file; profiles and traces that are files are looked for beside it.
///
/// # Errors
/// The first thing that is wrong, with its place and the remedy.
pub fn load(path: &str, text: &str, overrides: &[Override], hardware: &Hardware) -> Result<Scenario, ScenarioError> {
    load_beside(Path::new(path).parent().unwrap_or(Path::new(".")), path, text, overrides, hardware)
}

/// The same of a text that is no file itself, but stands beside the files that it names.
///
/// # Errors
/// As [`load`].
pub fn load_beside(
    beside: &Path,
    path: &str,
    text: &str,
    overrides: &[Override],
    hardware: &Hardware,
) -> Result<Scenario, ScenarioError> {
    let source = Source::with_overrides(path, text, overrides);
    let file: File = source.read()?;
    let mut ledger = Ledger::new(&source);
    if *file.format.get_ref() != FORMAT {
        let message = format!("`format` is `{}`; this program reads format {FORMAT}", file.format.get_ref());
        return Err(source.error(file.format.span(), message));
    }
    ledger.note("format", FORMAT.to_string(), Origin::File);
    ledger.note("name", file.name.clone(), Origin::File);
    let (window, warm_up) = time(&source, &file, &mut ledger)?;
    let share_interval = share_interval(&source, &file, window.length(), &mut ledger)?;
    let written_seed = file.random.as_ref().and_then(|random| random.seed.as_ref());
    let seed = ledger.take("random.seed", written_seed, 1, u64::to_string);
    let product = product::resolve(&source, &file, &mut ledger)?;
    let people = people::resolve(&source, &file, beside, (window, warm_up), &product, &mut ledger)?;
    product::check_domains(&source, &file, people.domains)?;
    let contents = contents::resolve(&source, &file, &people.streams, &people.operations, &mut ledger)?;
    let caches = ledger
        .take("time.caches", file.time.caches.as_ref(), Caches::Warm, |caches| format!("{caches:?}").to_lowercase());
    let users = file.population.values().map(|population| *population.users.get_ref()).sum();
    let directory = directory::resolve(&source, &file, &people.operations, &mut ledger)?;
    let cluster = machines::resolve(&source, &file, hardware, &people, &mut ledger)?;
    let query_cpu = dns::query_cpu(&source, &file, &cluster, &mut ledger)?;
    let switch = switch_limits::resolve(&source, &file, people.services.len(), &cluster, &mut ledger)?;
    let switch_pair = switch_pair::resolve(&source, &file, &mut ledger)?;
    let store_start = store_start::resolve(&source, &file, &cluster, &people, &mut ledger)?;
    let monitor = monitor::resolve(&source, &file, people.services.len(), &cluster, &mut ledger)?;
    let background = background::resolve(&source, &file, window, people.busiest, &cluster, &mut ledger)?;
    let mail = mail::resolve(&source, &file, &people.streams, &cluster, &mut ledger)?;
    let faults = faults::resolve(&source, &file, window, (&cluster, directory.kind), &people, &mut ledger)?;
    let levels = goals::levels(&source, &file, &people, &mut ledger)?;
    let prices = cost::resolve(&source, &file, &mut ledger)?;
    let beside = (&directory, switch_pair.is_some());
    let plan = goals::plan(&source, &file, hardware, (&people, &cluster), beside, &mut ledger)?;
    Ok(Scenario {
        name: file.name,
        question: file.question,
        window: window.length(),
        has_clock: window.has_clock(),
        warm_up,
        share_interval,
        seed,
        services: people.services,
        operations: people.operations,
        streams: people.streams,
        sources: people.sources,
        mailboxes: people.mailboxes,
        groups: people.groups,
        users,
        contents,
        caches,
        domains: people.domains,
        directory,
        query_cpu,
        product,
        cluster,
        switch,
        monitor,
        switch_pair,
        store_start,
        background,
        senders: mail.senders,
        backup: mail.backup,
        exchange: mail.exchange,
        faults,
        levels,
        prices,
        plan,
        settings: ledger.finish(),
    })
}

/// How finely the shares of nodes are seen over time.
fn share_interval(source: &Source, file: &File, window: Time, ledger: &mut Ledger) -> Result<Time, ScenarioError> {
    let usual = Time::from_secs(60).max(Time(window.0 / 1_440)).min(window);
    let Some(written) = &file.time.share_interval else { return Ok(usual) };
    let interval = *written.get_ref();
    if interval == Time::ZERO || interval > window || interval.0 < window.0 / 10_000 {
        let message =
            format!("`share_interval` is `{interval}`; it must be between a 10 000th of the window and all of it");
        return Err(source.error(written.span(), message));
    }
    Ok(ledger.take("time.share_interval", Some(&interval), usual, Time::to_string))
}

fn time(source: &Source, file: &File, ledger: &mut Ledger) -> Result<(Window, Option<Time>), ScenarioError> {
    let written = &file.time.window;
    let window = match written.get_ref().as_str() {
        "peak-hour" => Window::PeakHour(Time::from_secs(3_600)),
        "day" => Window::Day,
        "week" => Window::Week,
        text => Window::PeakHour(text.parse::<Time>().map_err(|e| {
            let message = format!("`time.window` is none of `peak-hour`, `day` and `week`, nor a time: {e}");
            source.error(written.span(), message)
        })?),
    };
    if window.length() == Time::ZERO || window.length() > LONGEST {
        let message = format!("`time.window` is `{}`; it must be above zero and at most a year", window.length());
        return Err(source.error(written.span(), message));
    }
    ledger.note("time.window", written.get_ref().clone(), Origin::File);
    if let Some(written) = file.time.warm_up.as_ref().filter(|warm_up| *warm_up.get_ref() > LONGEST) {
        let message = format!("`warm_up` is `{}`; it must be at most a year", written.get_ref());
        return Err(source.error(written.span(), message));
    }
    let warm_up = file.time.warm_up.as_ref().map(|written| *written.get_ref());
    match warm_up {
        Some(length) => ledger.note("time.warm_up", length.to_string(), Origin::File),
        None => ledger.note("time.warm_up", "computed".to_owned(), Origin::Default),
    }
    Ok((window, warm_up))
}
