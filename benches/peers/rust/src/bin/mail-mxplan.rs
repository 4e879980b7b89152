//! The mail cluster as mxplan simulates any other: `mail.toml`, with every statistic that it keeps.

use mxplan::experiment::{Control, StopReason, simulate, summarise};
use mxplan::scenario::{Hardware, load};
use peers::{arguments, print};
use std::time::Instant;

fn main() {
    let (seed, window_s) = arguments();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../mail.toml");
    let text = std::fs::read_to_string(path).expect("it is beside this package");
    let options = [format!("random.seed={seed}"), format!("time.window={window_s} s")]
        .map(|option| option.parse().expect("a setting"));
    let scenario = load(path, &text, &options, &Hardware::built_in()).expect("it is right");
    let began = Instant::now();
    let record = simulate(&scenario, 0, &Control::default()).expect("nothing is overfull");
    let events = record.events;
    let summary = summarise(&scenario, &[record], StopReason::Replications);
    let responses = ["pop3", "smtp"].map(|name| {
        let response = &summary.services[name].response_s;
        (name, response.mean.estimate.expect("sessions ended"), response.p95.estimate.expect("sessions ended"))
    });
    print(began, events, responses.into_iter());
}
