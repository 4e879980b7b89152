//! Encrypted sessions: a handshake before anything else, in full or resumed.

use super::Origin;
use super::operation::completed;
use super::service_keys::ServiceKeys;
use super::settings::Ledger;
use crate::random::Law;
use crate::scenario::Operation;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, Service};
use crate::units::Time;

/// A full handshake with a key of 2048 bits (RSA): a core of 2014 was measured at 350 a second (nginx), and is about ten
/// times as fast as the reference core; derived.
const FULL_CPU: Time = Time::from_millis(30);
/// A resumed one needs no private key. Assumption.
const RESUMED_CPU: Time = Time::from_millis(2);
/// Round trips of TLS 1.2 (RFC 5246, section 7.3).
const FULL_ROUND_TRIPS: u32 = 2;
const RESUMED_ROUND_TRIPS: u32 = 1;

/// The handshakes that sessions of a service begin with; none when nothing is encrypted.
pub(super) fn handshakes(
    keys: &ServiceKeys<'_>,
    ledger: &mut Ledger,
) -> Result<Vec<(String, Operation)>, ScenarioError> {
    let take = |leaf: &str, of: &dyn Fn(&Service) -> Option<f64>, default: f64| {
        let (value, origin) = keys.get(of).unwrap_or((default, Origin::Default));
        (value, keys.key(leaf), origin)
    };
    let seconds = |time: Option<Time>| time.map(Time::as_secs_f64);
    let (tls, key, origin) = take("tls", &|s| s.tls.as_ref().map(|share| share.get_ref().0), 0.0);
    let others = [
        take("tls_resumed", &|s| s.tls_resumed.map(|share| share.0), 0.0),
        take("tls_cpu", &|s| seconds(s.tls_cpu), FULL_CPU.as_secs_f64()),
        take("tls_resumed_cpu", &|s| seconds(s.tls_resumed_cpu), RESUMED_CPU.as_secs_f64()),
    ];
    if tls == 0.0 {
        if let Some((_, key, _)) = others.iter().find(|(_, _, origin)| *origin == Origin::File) {
            let leaf = key.rsplit('.').next().unwrap_or(key);
            let message = format!(
                "nothing of service `{}` is encrypted, so `{leaf}` is about nothing; write `tls` too",
                keys.name
            );
            return Err(keys.source.error_in_file(&*message));
        }
        return Ok(Vec::new());
    }
    ledger.note(&key, tls.to_string(), origin);
    for (value, key, origin) in &others {
        ledger.note(key, value.to_string(), origin.clone());
    }
    let [resumed, full_cpu, resumed_cpu] = others.map(|(value, ..)| value);
    let operation = |cpu_s: f64, round_trips: u32, part: (f64, f64)| {
        let plain = file::Operation { round_trips: Some(round_trips), ..file::Operation::default() };
        let plain = completed(keys.source, 0..0, &plain)?;
        Ok(Operation { cpu: Law::constant(cpu_s).unwrap_or(Law::ZERO), part, ..plain })
    };
    let border = tls * resumed;
    Ok(vec![
        ("tls-full".to_owned(), operation(full_cpu, FULL_ROUND_TRIPS, (border, tls))?),
        ("tls-resumed".to_owned(), operation(resumed_cpu, RESUMED_ROUND_TRIPS, (0.0, border))?),
    ])
}
