//! A run of the lab: what was measured on real servers, and beside it what a simulation of the same sessions says.

use super::number;
use super::sheet::{Sheet, optional};
use super::table::{Columns, heading};
use crate::lab::{Need, Record, Terms};
use crate::scenario::Scenario;
use crate::validation::measured::{Compared, Demands, Explained, Measured, MeasuredTimes, RecordedRun};
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the layout of `lab.json`.
const FORMAT: u32 = 1;

/// How real a run was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Degree {
    /// Real mail servers on hosts with the tiers of the scenario.
    Full,
    /// Real mail servers at addresses of one machine, whose processors they share.
    Loopback,
    /// A program in their place that uses a processor.
    Stub,
}

impl Degree {
    /// Its name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Degree::Full => "full",
            Degree::Loopback => "loopback",
            Degree::Stub => "stub",
        }
    }

    /// What it is, for people.
    fn sentence(self) -> &'static str {
        match self {
            Degree::Full => "measured on real servers on this machine, beside a simulation of the same sessions",
            Degree::Loopback => {
                "NO TIERS: measured on real servers at loopback ports of this machine, whose processors they share, beside a simulation \
                 of the same sessions.\nIt shows how sessions are served, shared out and lost; of the tiers of the scenario, and of how \
                 fast they are, it tells nothing"
            }
            Degree::Stub => {
                "SYNTHETIC: measured on a program in the place of mail servers, beside a simulation of the same sessions"
            }
        }
    }
}

/// A run of the lab and all that belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct LabRun<'a> {
    /// What was built and visited.
    pub scenario: &'a Scenario,
    /// How real it was.
    pub degree: Degree,
    /// In what the lab is not what the scenario describes.
    pub differences: &'a [String],
    /// What was seen.
    pub record: &'a Record,
    /// What it comes to.
    pub measured: &'a Measured,
    /// The simulation beside it.
    pub compared: &'a [Compared],
}

#[derive(Serialize)]
struct Shown<'a> {
    format: u32,
    degree: &'static str,
    scenario: &'a str,
    seed: u64,
    window_s: f64,
    warm_up_s: f64,
    processors: u32,
    versions: &'a BTreeMap<String, String>,
    differences: &'a [String],
    measured: &'a Measured,
    compared: &'a [Compared],
}

/// The text of `lab.json`.
#[must_use]
pub fn json(run: &LabRun) -> String {
    super::pretty(&Shown {
        format: FORMAT,
        degree: run.degree.name(),
        scenario: &run.scenario.name,
        seed: run.scenario.seed,
        window_s: run.record.window_s.1 - run.record.window_s.0,
        warm_up_s: run.record.window_s.0,
        processors: run.record.processors,
        versions: &run.record.versions,
        differences: run.differences,
        measured: run.measured,
        compared: run.compared,
    })
}

/// The text of a run of a campaign.
#[must_use]
pub fn recorded(run: &RecordedRun) -> String {
    super::pretty(run)
}

/// The text of `sessions.csv`: every session of the run, warm-up included, in the order in which they came.
#[must_use]
pub fn sessions(record: &Record) -> String {
    let mut sheet = Sheet::new([
        "service",
        "intended_s",
        "lag_s",
        "source",
        "lookup_s",
        "address",
        "node",
        "connect_s",
        "open_s",
        "work_s",
        "response_s",
        "messages",
        "copies",
        "bytes",
        "outcome",
    ]);
    for session in &record.sessions {
        sheet.row([
            session.protocol.name().to_owned(),
            seconds(session.intended_s),
            seconds(session.lag_s),
            session.source.to_string(),
            optional(session.lookup_s.map(seconds)),
            session.address.map_or_else(String::new, |address| address.to_string()),
            session.node.clone().unwrap_or_default(),
            optional(session.connect_s.map(seconds)),
            optional(session.open_s.map(seconds)),
            optional(session.work_s.map(seconds)),
            optional(session.response_s.map(seconds)),
            session.messages.to_string(),
            session.copies.to_string(),
            session.bytes.to_string(),
            session.outcome.name().to_owned(),
        ]);
    }
    sheet.text()
}

/// The text of `processors.csv`: for each look, what every host, the load and the whole machine have used until then.
#[must_use]
pub fn processors(record: &Record) -> String {
    let mut sheet = Sheet::new(["at_s", "host", "cpu_s", "throttled_s"]);
    for sample in &record.samples {
        for (index, host) in record.hosts.iter().enumerate() {
            let throttled = seconds(sample.throttled_s[index]);
            sheet.row([seconds(sample.at_s), host.name.clone(), seconds(sample.cpu_s[index]), throttled]);
        }
        sheet.row([seconds(sample.at_s), "load".to_owned(), seconds(sample.load_s), String::new()]);
        sheet.row([seconds(sample.at_s), "machine".to_owned(), seconds(sample.machine_s), String::new()]);
    }
    sheet.text()
}

/// Microseconds are finer than any of it is known.
fn seconds(value: f64) -> String {
    format!("{value:.6}")
}

/// The run for people.
#[must_use]
pub fn text(run: &LabRun) -> String {
    let LabRun { scenario, degree, record, measured, compared, .. } = run;
    let mut text = format!("{}\n{}\n", scenario.name, degree.sentence());
    text += &heading("Services, measured");
    let mut table = Columns::new(1, ["service", "offered", "served", "sessions/s", "mean", "p50", "p95", "p99"]);
    for (name, service) in &measured.services {
        let MeasuredTimes { mean, p50, p95, p99 } = service.response_s;
        let mut row = vec![name.clone(), service.offered.to_string(), service.served.to_string()];
        row.push(number::plain(service.throughput_per_s));
        row.extend([mean, p50, p95, p99].map(|time| time.map_or_else(|| "-".to_owned(), number::seconds)));
        table.row(row);
    }
    text += &table.text();
    text += &heading("Hosts, measured");
    let mut table = Columns::new(1, ["host", "cores", "CPU", "held back", "share of sessions"]);
    for (name, node) in &measured.nodes {
        let shares = measured.services.iter().filter_map(|(service, of)| {
            of.share_ratio.get(name).map(|share| format!("{service} {}", number::ratio(*share)))
        });
        let shares: Vec<String> = shares.collect();
        let ratios = [number::ratio(node.cpu_ratio), number::ratio(node.throttled_ratio)];
        let [cpu, held] = ratios;
        table.row([name.clone(), number::plain(node.capacity_cores), cpu, held, shares.join(", ")]);
    }
    text += &table.text();
    text += &heading("Measured and simulated");
    let mut table = Columns::new(1, ["figure", "measured", "simulated", "error"]);
    for Compared { figure, measured, simulated, relative_error } in *compared {
        let print = if figure.contains("_s.") { number::seconds } else { number::plain };
        table.row([figure.clone(), print(*measured), print(*simulated), number::ratio_signed(*relative_error)]);
    }
    text += &table.text();
    if let Some(outside) = &measured.outside {
        let taken = outside.taken_ratio.iter().map(|(host, share)| format!("{} by `{host}`", number::ratio(*share)));
        let time = |time: Option<f64>| time.map_or_else(|| "-".to_owned(), number::seconds);
        text += &format!(
            "\nMail from outside: {} copies, taken {}, 95 % of them within {}, and in a mailbox within {}.",
            outside.copies,
            taken.collect::<Vec<_>>().join(" and "),
            time(outside.accept_s.p95),
            time(outside.delivered_s.p95),
        );
    }
    let mail = &measured.mail;
    text += &format!(
        "\nMail: {} copies taken, {} found in mailboxes, {} of them twice.\n\
         The load took {} of core time for each session; others used {} cores; 99 % of the sessions began within {}.\n\
         Built in {}, drained in {}, cleared up in {}.\n",
        mail.accepted,
        mail.stored,
        mail.duplicated,
        number::seconds(measured.load_cpu_s),
        number::plain(measured.others_cores),
        number::seconds(measured.lag_p99_s),
        number::seconds(record.set_up_s),
        number::seconds(record.drained_s),
        number::seconds(measured.tear_down_s),
    );
    if !measured.usable {
        text += &format!("Not to be compared with anything: {}.\n", measured.unusable_because.join("; "));
    }
    text
}

/// What the lab needs and what of it is there, for people.
#[must_use]
pub fn needs(needs: &[Need]) -> String {
    let mut table = Columns::new(3, ["needed", "", "found"]);
    for need in needs {
        let (is_there, found) = match &need.found {
            Ok(found) => ("yes", found),
            Err(remedy) => ("NO", remedy),
        };
        table.row([need.what.as_str(), is_there, found]);
    }
    table.text()
}

/// The text of `demands.json`.
#[must_use]
pub fn demands_json(demands: &Demands) -> String {
    super::pretty(demands)
}

/// The demands for people.
#[must_use]
pub fn demands(demands: &Demands) -> String {
    let mut text = String::new();
    for (name, found) in &demands.sets {
        text += &heading(&format!("Demands `{name}`, from {} runs", found.runs));
        let mut table = Columns::new(1, ["key", "time"]);
        for (key, seconds) in found.cpu_s.iter().chain(&found.latency_s) {
            table.row([key.clone(), number::time(seconds)]);
        }
        text += &table.text();
        text += &format!("They explain {} of the core time. By point:\n", number::ratio(found.explained_ratio));
        let mut table = Columns::new(1, ["point", "CPU", "took over what they say"]);
        for (point, Explained { busiest_ratio, taken_ratio }) in &found.points {
            table.row([point.clone(), number::ratio(*busiest_ratio), number::ratio_signed(*taken_ratio - 1.0)]);
        }
        text += &table.text();
    }
    text
}

/// What stands above a profile with demands that were measured.
#[must_use]
pub fn above_profile(terms: &Terms, base: &str, tier: &str, campaign: &str) -> String {
    let list = |keys: &mut dyn Iterator<Item = &String>| -> String { keys.map(|key| format!("\n  {key}")).collect() };
    let measured = list(&mut terms.times.iter().map(|(key, _)| key));
    let unmeasured = list(&mut terms.unmeasured.iter());
    let rest = if unmeasured.is_empty() { "\n  nothing" } else { &unmeasured };
    format!(
        "Made by `mxplan lab calibrate` from the profile `{base}` and the campaign '{campaign}'. Measured, in milliseconds of the\n\
         reference core as they come to on the tier `{tier}`:{measured}\nNot measured, and as in `{base}`, whose own words follow:{rest}"
    )
}

/// The same for people.
#[must_use]
pub fn of_terms(terms: &Terms, base: &str, tier: &str) -> String {
    format!(
        "\nBy the habits of `{base}` a core is {} times as fast as the reference core: tier `{tier}` in `tiers.csv`.\n\
         `profile.toml` is that profile with the {} times that were measured; {} of its demands were not.\n",
        number::plain(terms.speed),
        terms.times.len(),
        terms.unmeasured.len()
    )
}
