//! The part of its core time that a CPU may use.

use crate::scenario::cpu_quota::CpuQuota;
use crate::scenario::file;
use crate::units::Time;

/// The default of Linux: `cpu.max` of a control group is `max 100000`, in microseconds (kernel documentation, cgroup-v2).
const PERIOD: Time = Time::from_millis(100);
/// What Linux accepts as a period (kernel documentation, sched-bwc).
const SHORTEST: Time = Time::from_millis(1);
const LONGEST: Time = Time::from_secs(1);

/// Reads the quota of a tier; the message where it makes no sense.
pub(super) fn read(name: &str, written: &file::Tier, cores: u32) -> Result<Option<CpuQuota>, String> {
    let Some(quota) = written.cpu_quota else {
        let without = |key: &str| Err(format!("tier `{name}` has a `{key}` and no quota; write `cpu_quota` too"));
        let all = [
            ("cpu_period", written.cpu_period),
            ("cpu_burst", written.cpu_burst),
            ("cpu_resume", written.cpu_resume),
            ("cpu_cold", written.cpu_cold),
        ];
        return all.iter().find(|(_, time)| time.is_some()).map_or(Ok(None), |(key, _)| without(key));
    };
    if !(quota > 0.0 && quota <= f64::from(cores)) {
        return Err(format!(
            "`cpu_quota` of tier `{name}` is `{quota}`; it must be above 0 and at most its {cores} cores"
        ));
    }
    let period = written.cpu_period.unwrap_or(PERIOD);
    if !(SHORTEST..=LONGEST).contains(&period) {
        return Err(format!("`cpu_period` of tier `{name}` is `{period}`; it must be between 1 ms and 1 s"));
    }
    let burst = written.cpu_burst.unwrap_or_default();
    if burst > LONGEST {
        return Err(format!("`cpu_burst` of tier `{name}` is `{burst}`; it must be at most 1 s"));
    }
    let resume = written.cpu_resume.unwrap_or_default();
    let cold = written.cpu_cold.unwrap_or(resume);
    let found = CpuQuota { cores: quota, period, burst, resume, cold };
    let own = found.per_core(cores);
    if resume > Time::ZERO && resume >= own {
        return Err(format!(
            "`cpu_resume` of tier `{name}` is `{resume}`, and a core has `{own}` in a period; it must be less than that"
        ));
    }
    if cold < resume || cold > LONGEST {
        return Err(format!(
            "`cpu_cold` of tier `{name}` is `{cold}`; it must be between its `cpu_resume` of `{resume}` and 1 s"
        ));
    }
    Ok(Some(found))
}
