//! The directory of users: what a lookup costs.

use super::Origin;
use super::operation::print_law;
use super::product::plain;
use super::settings::Ledger;
use crate::random::Law;
use crate::scenario::Operation;
use crate::scenario::directory::{CPU_PER_ACCOUNT, DATABASE_CPU, Directory, ODBC_CPU, RAM_PER_ACCOUNT, ROUND_TRIP};
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{Choice, DirectoryKind, File};
use crate::scenario::product::LARGEST_PIECE;
use crate::scenario::source::Source;
use crate::units::{Bytes, Time};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

/// The directory of the users, whom these operations look up.
pub(super) fn resolve(
    source: &Source,
    file: &File,
    operations: &[Operation],
    ledger: &mut Ledger,
) -> Result<Directory, ScenarioError> {
    let chosen = file.cluster.directory.as_ref();
    let kind = ledger.take("cluster.directory", plain(chosen).as_ref(), DirectoryKind::File, |k| k.name().to_owned());
    let written = file.directory.clone().unwrap_or_default();
    if operations.iter().all(|operation| operation.lookups == 0) {
        let somewhere = chosen.map(Spanned::span).or_else(|| first_key(&written));
        if let Some(span) = somewhere {
            let message = "no operation looks anybody up; write `lookups = 1` in `[service.X.operation.Y]`";
            return Err(source.error(span, message));
        }
    }
    let of_kind = |leaf: &str, span: Option<Range<usize>>, owner: DirectoryKind| match span {
        Some(span) if owner != kind => {
            let (owner, kind) = (owner.name(), kind.name());
            let message =
                format!("`{leaf}` is about a directory of kind `{owner}`, and this one is `{kind}`; leave it out");
            Err(source.error(span, message))
        }
        _ => Ok(()),
    };
    of_kind("cpu_per_account", written.cpu_per_account.as_ref().map(Spanned::span), DirectoryKind::File)?;
    of_kind("ram_per_account", written.ram_per_account.as_ref().map(Spanned::span), DirectoryKind::MemoryMapped)?;
    of_kind("database_cpu", written.database_cpu.as_ref().map(Spanned::span), DirectoryKind::Odbc)?;
    of_kind("round_trip", written.round_trip.as_ref().map(Spanned::span), DirectoryKind::Odbc)?;
    let mut time = |leaf: &str, written: Option<&Spanned<Time>>, default: Time, most: Time| {
        let value = ledger.take(&format!("directory.{leaf}"), plain(written).as_ref(), default, Time::to_string);
        if value > most {
            let message = format!("`{leaf}` is `{value}`; it is at most `{most}`");
            return Err(source.error(written.map_or(0..0, Spanned::span), message));
        }
        Ok(value)
    };
    let minute = Time::from_secs(60);
    let usual = if kind == DirectoryKind::Odbc { ODBC_CPU } else { Time::ZERO };
    let mut directory = Directory {
        kind,
        lookup_s: time("cpu", written.cpu.as_ref(), usual, minute)?.as_secs_f64(),
        account_s: 0.0,
        database_cpu: Law::ZERO,
        round_trip: Time::ZERO,
        account_ram: Bytes(0),
    };
    match kind {
        DirectoryKind::File => {
            let each = time("cpu_per_account", written.cpu_per_account.as_ref(), CPU_PER_ACCOUNT, Time::from_secs(1))?;
            directory.account_s = each.as_secs_f64();
        }
        DirectoryKind::MemoryMapped => {
            let at = written.ram_per_account.as_ref();
            let each = ledger.take("directory.ram_per_account", plain(at).as_ref(), RAM_PER_ACCOUNT, Bytes::to_string);
            if each > LARGEST_PIECE {
                let message = format!("`ram_per_account` is `{each}`; it is at most `{LARGEST_PIECE}`");
                return Err(source.error(at.map_or(0..0, Spanned::span), message));
            }
            directory.account_ram = each;
        }
        DirectoryKind::Odbc => {
            directory.round_trip = time("round_trip", written.round_trip.as_ref(), ROUND_TRIP, minute)?;
            let usual = Law::constant(DATABASE_CPU.as_secs_f64()).expect("ten milliseconds are a time");
            let law = written.database_cpu.as_ref().map(|written| written.get_ref().law.clone());
            directory.database_cpu = ledger.take("directory.database_cpu", law.as_ref(), usual, print_law);
        }
    }
    Ok(directory)
}

/// The directories that a search tries: the scenario's own, or these kinds, of which those that are not its own are as they
/// are by default.
pub(super) fn tried(
    source: &Source,
    written: Option<&Spanned<Choice<DirectoryKind>>>,
    (own, operations): (&Directory, &[Operation]),
    ledger: &mut Ledger,
) -> Result<Vec<Arc<Directory>>, ScenarioError> {
    let Some(written) = written else { return Ok(vec![Arc::new(own.clone())]) };
    if operations.iter().all(|operation| operation.lookups == 0) {
        let message = "no operation looks anybody up; leave `directories` out, or write `lookups = 1` in \
                       `[service.X.operation.Y]`";
        return Err(source.error(written.span(), message));
    }
    let mut kinds: Vec<DirectoryKind> = match written.get_ref() {
        Choice::All => vec![DirectoryKind::File, DirectoryKind::MemoryMapped, DirectoryKind::Odbc],
        Choice::These(these) => these.clone(),
    };
    kinds.sort_unstable();
    kinds.dedup();
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    ledger.note("plan.directories", names.join(", "), Origin::File);
    let of = |kind: &DirectoryKind| Arc::new(if *kind == own.kind { own.clone() } else { usual(*kind) });
    Ok(kinds.iter().map(of).collect())
}

/// A directory about which a scenario says nothing.
fn usual(kind: DirectoryKind) -> Directory {
    let none = Directory {
        kind,
        lookup_s: 0.0,
        account_s: 0.0,
        database_cpu: Law::ZERO,
        round_trip: Time::ZERO,
        account_ram: Bytes(0),
    };
    match kind {
        DirectoryKind::File => Directory { account_s: CPU_PER_ACCOUNT.as_secs_f64(), ..none },
        DirectoryKind::MemoryMapped => Directory { account_ram: RAM_PER_ACCOUNT, ..none },
        DirectoryKind::Odbc => Directory {
            lookup_s: ODBC_CPU.as_secs_f64(),
            database_cpu: Law::constant(DATABASE_CPU.as_secs_f64()).expect("ten milliseconds are a time"),
            round_trip: ROUND_TRIP,
            ..none
        },
    }
}

/// Where the first key of the table stands.
fn first_key(written: &crate::scenario::file::Directory) -> Option<Range<usize>> {
    let crate::scenario::file::Directory { cpu, cpu_per_account, database_cpu, round_trip, ram_per_account } = written;
    cpu.as_ref()
        .map(Spanned::span)
        .or_else(|| cpu_per_account.as_ref().map(Spanned::span))
        .or_else(|| database_cpu.as_ref().map(Spanned::span))
        .or_else(|| round_trip.as_ref().map(Spanned::span))
        .or_else(|| ram_per_account.as_ref().map(Spanned::span))
}
