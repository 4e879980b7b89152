//! Tiers by name: the scenario's own first, then the hardware table's.

use super::settings::Ledger;
use super::{Hardware, Origin, cpu_quota};
use crate::scenario::error::{ScenarioError, unknown};
use crate::scenario::file::{self, Discipline, File};
use crate::scenario::hardware::{Tier, random_access};
use crate::scenario::profile;
use crate::scenario::source::Source;
use crate::units::{Bandwidth, Money};
use std::ops::Range;
use std::sync::Arc;

/// Disk operations that a write-back cache holds: 64 MB in pieces of 64 KB. Assumption, for controllers of 2000-2006.
const WRITE_BACK_LIMIT: u32 = 1_000;

/// The most that a machine costs: a billion, of which a search may add up ten thousand.
const MOST_EXPENSIVE: Money = Money(100_000_000_000);

/// Finds a tier by name: the scenario's own first, then the hardware table's.
pub(super) fn tier(
    source: &Source,
    file: &File,
    hardware: &Hardware,
    name: &str,
    span: &Range<usize>,
    ledger: &mut Ledger,
) -> Result<Arc<Tier>, ScenarioError> {
    let (tier, origin) = if let Some((at, written)) = profile::find(&file.tier, name) {
        (own_tier(source, at.get_ref(), written)?, Origin::File)
    } else if let Some(tier) = hardware.tier(name) {
        (tier, Origin::Hardware(hardware.name.clone()))
    } else {
        let own = file.tier.keys().map(|name| name.get_ref().as_str());
        let known: Vec<&str> = own.chain(hardware.rows.iter().map(|row| row.tier.as_str())).collect();
        return Err(source.error(span.clone(), unknown("tier", name, known)));
    };
    let mut note = |leaf: &str, value: String| ledger.note(&format!("tier.{name}.{leaf}"), value, origin.clone());
    note("cores", tier.cores.to_string());
    note("speed", tier.speed.to_string());
    note("discipline", format!("{:?}", tier.discipline));
    note("contention", tier.contention.to_string());
    note("coherency", tier.coherency.to_string());
    note("cpu_quota", tier.cpu_quota.map_or("unlimited".to_owned(), |quota| quota.cores.to_string()));
    if let Some(quota) = tier.cpu_quota {
        note("cpu_period", quota.period.to_string());
        note("cpu_burst", quota.burst.to_string());
        note("cpu_resume", quota.resume.to_string());
        note("cpu_cold", quota.cold.to_string());
    }
    note("ram", tier.ram.map_or("unlimited".to_owned(), |ram| ram.to_string()));
    note("disks", tier.disks.to_string());
    note("disk_service", tier.disk_service.to_string());
    note("disk_space", tier.disk_space.map_or("unlimited".to_owned(), |space| space.to_string()));
    note("disk_transfer", tier.disk_transfer.map_or("unlimited".to_owned(), |transfer| transfer.to_string()));
    note("raid_write_penalty", tier.raid_write_penalty.to_string());
    note("write_back", tier.write_back.is_some().to_string());
    if let Some(limit) = tier.write_back {
        note("write_back_limit", limit.to_string());
    }
    note("group_commit", tier.group_commit.to_string());
    note("network", tier.network.map_or("unlimited".to_owned(), |network| network.to_string()));
    note("price", tier.price.to_string());
    Ok(Arc::new(tier))
}

/// A tier of the scenario's own, with defaults: no disk, no network cost, no price.
fn own_tier(source: &Source, name: &str, written: &file::Tier) -> Result<Tier, ScenarioError> {
    let cores = *written.cores.get_ref();
    if cores == 0 || cores > 4_096 {
        return Err(source.error(written.cores.span(), format!("`cores` is `{cores}`; it must be between 1 and 4096")));
    }
    let speed = *written.speed.get_ref();
    if !(speed > 0.0 && speed <= 1e6) {
        let message = format!(
            "`speed` is `{speed}`; it must be above zero and at most a million (1.0 = a Pentium III at 1000 MHz)"
        );
        return Err(source.error(written.speed.span(), message));
    }
    let complain = |message: String| Err(source.error(written.cores.span(), message));
    if written.price.is_some_and(|price| price > MOST_EXPENSIVE) {
        return complain(format!(
            "tier `{name}` costs more than a machine can; its `price` is at most `{MOST_EXPENSIVE}`"
        ));
    }
    for (key, value) in [("contention", written.contention), ("coherency", written.coherency)] {
        if value.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            return complain(format!("`{key}` of tier `{name}` must be between 0 and 1"));
        }
    }
    let discipline = written.discipline.unwrap_or(Discipline::ProcessorSharing);
    let scales = written.contention.unwrap_or(0.0) > 0.0 || written.coherency.unwrap_or(0.0) > 0.0;
    if discipline == Discipline::Fcfs && scales {
        return complain(format!("tier `{name}` scales by `contention` or `coherency`, which `fcfs` has no use for"));
    }
    let cpu_quota = match cpu_quota::read(name, written, cores) {
        Ok(quota) => quota,
        Err(message) => return complain(message),
    };
    let disks = written.disks.unwrap_or(0);
    let disk_service = match (&written.disk_service, written.disk_iops) {
        (Some(_), Some(_)) => {
            return complain(format!("tier `{name}` has `disk_service` and `disk_iops`; write one of them"));
        }
        (Some(law), None) => law.law.clone(),
        (None, Some(iops)) if iops.0 > 0.0 => random_access(iops.0),
        _ if disks == 0 => crate::random::Law::ZERO,
        _ => return complain(format!("tier `{name}` has disks of unknown speed; write `disk_iops = \"150 /s\"`")),
    };
    if disks == 0 && (written.disk_service.is_some() || written.disk_iops.is_some() || written.disk_transfer.is_some())
    {
        return complain(format!("tier `{name}` has a disk speed and no disks; write `disks = 1` or more"));
    }
    if written.ram.is_some_and(|ram| ram.0 == 0) {
        return complain(format!("tier `{name}` has no memory at all; leave `ram` out if it shall cost nothing"));
    }
    if disks == 0 && written.ram.is_some() {
        return complain(format!(
            "tier `{name}` has `ram`, and no disk for what does not fit; write `disks = 1` or more, and their speed"
        ));
    }
    if written.disk_space.is_some_and(|space| space.0 == 0 || disks == 0) {
        return complain(format!(
            "tier `{name}` has `disk_space` and nothing to have it on; write `disks = 1` or more, and some"
        ));
    }
    let raid_write_penalty = written.raid_write_penalty.unwrap_or(1);
    if raid_write_penalty == 0 || raid_write_penalty > 16 {
        return complain(format!("`raid_write_penalty` of tier `{name}` must be between 1 and 16"));
    }
    let limit = written.write_back_limit.unwrap_or(WRITE_BACK_LIMIT);
    let write_back = written.write_back.unwrap_or(false).then_some(limit);
    if write_back.is_none() && written.write_back_limit.is_some() {
        return complain(format!("tier `{name}` has a `write_back_limit` and no cache; write `write_back = true` too"));
    }
    if disks == 0 && write_back.is_some() {
        return complain(format!("tier `{name}` has a write-back cache and no disks; write `disks = 1` or more"));
    }
    if !(raid_write_penalty..=1_000_000).contains(&limit) {
        return complain(format!(
            "`write_back_limit` of tier `{name}` must be between its `raid_write_penalty` and a million"
        ));
    }
    let group_commit = written.group_commit.unwrap_or(false);
    if group_commit && write_back.is_some() {
        return complain(format!(
            "tier `{name}` has `group_commit` and `write_back`; behind a cache nobody waits for a flush, leave one out"
        ));
    }
    if group_commit && disks == 0 {
        return complain(format!("tier `{name}` has `group_commit` and no disks; write `disks = 1` or more"));
    }
    Ok(Tier {
        name: name.to_owned(),
        cores,
        speed,
        discipline,
        contention: written.contention.unwrap_or(0.0),
        coherency: written.coherency.unwrap_or(0.0),
        cpu_quota,
        ram: written.ram,
        disks,
        disk_service,
        disk_space: written.disk_space,
        disk_transfer: written.disk_transfer,
        raid_write_penalty,
        write_back,
        group_commit,
        network: written.network.map(|network| Bandwidth(network.0)),
        systems: Vec::new(),
        price: written.price.unwrap_or(Money(0)),
    })
}
