//! What is said of a simulation's size before it has begun.

use crate::support::scenario;
use mxplan::analytic::appraise;
use mxplan::experiment::{Control, simulate};

#[test]
fn sessions_and_events_are_foretold() {
    for (file, options) in [
        ("regional-isp.toml", &["time.window=20 min"][..]),
        ("regional-isp-scanned.toml", &["time.window=20 min"]),
        ("webmail.toml", &["time.window=20 min"]),
        ("stand-alone.toml", &["time.window=60 min"]),
        ("company-2000.toml", &["time.window=60 min"]),
        ("theory/mm1-ps.toml", &["time.window=20 min"]),
    ] {
        let scenario = scenario(file, options);
        let appraisal = appraise(&scenario);
        let foretold = appraisal.effort;
        let record = simulate(&scenario, 0, &Control::default()).unwrap();
        let factor = foretold.events / record.events as f64;
        println!("{file} {options:?}: {:.0} events foretold, {} came, {factor:.3}", foretold.events, record.events);
        // Sessions under way at the ends, retries and an attempt's own chance: some hundred sessions vary by some per cent.
        assert!((0.8..1.25).contains(&factor), "{file}: {factor}");
        let began: u64 = record.observed.streams.iter().map(|stream| stream.began).sum();
        let of_window = foretold.sessions * scenario.window.as_secs_f64()
            / (scenario.window + appraisal.settling.warm_up).as_secs_f64();
        assert!((0.8..1.25).contains(&(of_window / began as f64)), "{file}: {of_window} sessions and not {began}");
    }
}
