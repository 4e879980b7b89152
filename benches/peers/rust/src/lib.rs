//! What the programs of this folder share: their random numbers, what they keep of response times, and their answer.

use hdrhistogram::Histogram;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use std::time::Instant;

/// The seed, the first argument, and the size, the second: customers or seconds.
pub fn arguments() -> (u64, u64) {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().expect("a whole number"));
    (arguments.next().expect("a seed"), arguments.next().expect("a size"))
}

/// Exponential variates.
pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    pub fn new(seed: u64, stream: u64) -> Chance {
        Chance(Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_mul(1_000) + stream))
    }

    pub fn exponential_ns(&mut self, mean_s: f64) -> u64 {
        let unit = ((self.0.next_u64() >> 11) | 1) as f64 / (1_u64 << 53) as f64;
        (-unit.ln() * mean_s * 1e9 + 0.5) as u64
    }
}

/// Response times of one kind: their mean and their distribution.
pub struct Responses {
    sum_ns: u128,
    histogram: Histogram<u64>,
}

impl Default for Responses {
    fn default() -> Self {
        let histogram = Histogram::new_with_bounds(1_000, 1_000_000_000_000_000, 3).expect("the bounds are constants");
        Responses { sum_ns: 0, histogram }
    }
}

impl Responses {
    pub fn record(&mut self, ns: u64) {
        self.sum_ns += u128::from(ns);
        self.histogram.saturating_record(ns);
    }

    fn mean_s(&self) -> f64 {
        self.sum_ns as f64 / self.histogram.len() as f64 / 1e9
    }

    fn p95_s(&self) -> f64 {
        self.histogram.value_at_quantile(0.95) as f64 / 1e9
    }
}

/// One line of JSON: how long it took, how many events happened, and what came out.
pub fn answer(began: Instant, events: u64, responses: &[(&str, &Responses)]) {
    let all = responses.iter().map(|(name, kept)| (*name, kept.mean_s(), kept.p95_s()));
    print(began, events, all);
}

pub fn print<'a>(began: Instant, events: u64, responses: impl Iterator<Item = (&'a str, f64, f64)>) {
    let seconds = began.elapsed().as_secs_f64();
    let responses: Vec<String> = responses.map(|(name, mean, p95)| format!("\"{name}\": [{mean}, {p95}]")).collect();
    let (kib, responses) = (peak_kib(), responses.join(", "));
    println!("{{\"seconds\": {seconds}, \"events\": {events}, \"peak_kib\": {kib}, \"responses\": {{{responses}}}}}");
}

/// The most memory that the program ever held, as Linux counts it.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells");
    line.trim().trim_end_matches("kB").trim().parse().expect("a whole number")
}
