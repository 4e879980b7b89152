//! Which exact values the program can express, and the scenario that does.
//!
//! A mean service time is 10 ms in all of them, so that no time is rounded to a few nanoseconds: a table's 1 is 10 ms here.

use super::measure::Measure;
use super::rows::{Row, parameters};
use std::collections::BTreeMap;

/// Seconds that stand for one unit of time of the table.
const UNIT_S: f64 = 0.01;

/// A scenario and the rows that it answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The system and its parameters, as the table has them.
    pub name: String,
    /// The line of its first row.
    pub line: usize,
    /// The text of the scenario.
    pub text: String,
    /// Seconds of one replication.
    pub window_s: u64,
    /// What is compared: the row, what of the summary, and the exact value in seconds, per second, sessions or as a share.
    pub compared: Vec<(Row, Measure, f64)>,
}

/// A queueing system as a scenario.
struct System {
    /// Sessions per second of the table's unit of time.
    arrival_rate: f64,
    /// People with one session at a time, in place of a Poisson stream; the rate is then theirs while none has one.
    people: Option<u32>,
    /// The law of the service time, as a scenario has it.
    law: String,
    cores: u32,
    discipline: &'static str,
    nodes: u32,
    /// How a switch chooses among several nodes.
    algorithm: &'static str,
    /// Room: sessions in service and in the queue.
    room: Option<u32>,
    /// The limit of a level in units of the table.
    under: Option<f64>,
    /// How full each server is, 0 to 1: fuller ones need longer windows.
    load: f64,
}

impl Default for System {
    fn default() -> System {
        System {
            arrival_rate: 0.0,
            people: None,
            law: exponential(),
            cores: 1,
            discipline: "fcfs",
            nodes: 1,
            algorithm: "random",
            room: None,
            under: None,
            load: 0.5,
        }
    }
}

/// Every system of the table that the program can express, each with all of its rows.
#[must_use]
pub fn cases(rows: &[Row]) -> Vec<Case> {
    let mut grouped: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in rows {
        let name = format!("{} {}", row.system, row.parameters);
        match grouped.iter_mut().find(|(known, _)| *known == name) {
            Some((_, rows)) => rows.push(row),
            None => grouped.push((name, vec![row])),
        }
    }
    grouped.into_iter().filter_map(|(name, rows)| case(name, &rows)).collect()
}

fn case(name: String, rows: &[&Row]) -> Option<Case> {
    let first = rows.first()?;
    let system = system(&first.system, &parameters(&first.parameters))?;
    let compared = rows.iter().filter_map(|row| Some(((*row).clone(), measured(row)?)));
    let compared: Vec<_> = compared.map(|(row, (measure, value))| (row, measure, value)).collect();
    if compared.is_empty() {
        return None;
    }
    let window_s = system.window_s();
    Some(Case { text: system.text(&name, window_s), name, line: first.line, window_s, compared })
}

/// What a row is about, and its value in seconds, per second, sessions or as a share.
fn measured(row: &Row) -> Option<(Measure, f64)> {
    let value = row.value?;
    let is_constant = row.system == "MD1_FCFS" || row.parameters.starts_with("service=D;");
    let pair = match row.quantity.as_str() {
        "mean_response_T" => (Measure::MeanResponse, value * UNIT_S),
        "response_R" => (Measure::MeanResponse, value * UNIT_S),
        // The mean service is one unit.
        "mean_wait_Wq" => (Measure::MeanResponse, (1.0 + value) * UNIT_S),
        "p95_response" => (Measure::P95Response, value * UNIT_S),
        "p99_response" => (Measure::P99Response, value * UNIT_S),
        // A constant service adds itself to each wait; another would not.
        "p95_wait" if is_constant => (Measure::P95Response, (1.0 + value) * UNIT_S),
        "p99_wait" if is_constant => (Measure::P99Response, (1.0 + value) * UNIT_S),
        "mean_number_L" => (Measure::MeanNumber, value),
        "blocking" | "loss_probability" => (Measure::Refused, value),
        "throughput_X" => (Measure::Throughput, value / UNIT_S),
        "P(T>threshold)" => (Measure::Late, value),
        _ => return None,
    };
    Some(pair)
}

/// The system of a name and its parameters, unless it is one that no scenario can be.
fn system(name: &str, of: &BTreeMap<&str, &str>) -> Option<System> {
    let number = |key: &str| of.get(key)?.trim_end_matches(|c: char| c.is_alphabetic() || c == '/').parse::<f64>().ok();
    let whole = |key: &str| of.get(key)?.split(' ').next()?.parse::<u32>().ok();
    let system = match name {
        "MM1" => System { arrival_rate: number("lambda")?, load: number("lambda")?, ..System::default() },
        "MMc" => of_cores(whole("c")?, number("offered_load")?, exponential()),
        "MMc_scaledown" => {
            let cores = whole("c")?;
            of_cores(cores, number("rho")? * f64::from(cores), exponential())
        }
        "MDc" => of_cores(whole("c")?, number("lambda")?, constant()),
        "MPHc_FCFS" => of_cores(whole("c")?, number("lambda")?, service(of.get("service")?)?),
        "MG1_FCFS" => {
            let rate = number("lambda")?;
            System { arrival_rate: rate, load: rate, law: service(of.get("service")?)?, ..System::default() }
        }
        "MD1_FCFS" => {
            let rate = number("lambda")?;
            System { arrival_rate: rate, load: rate, law: constant(), ..System::default() }
        }
        "MG1_PS" => {
            let rate = number("lambda")?;
            let law = service("Lognormal_scv4")?;
            System { arrival_rate: rate, load: rate, law, discipline: "processor-sharing", ..System::default() }
        }
        "MGc_PS" => {
            let law = service("H2bal_scv4")?;
            System { discipline: "processor-sharing", ..of_cores(whole("c")?, number("offered_load")?, law) }
        }
        "RR_EkM1" => of_nodes(whole("k")?, number("per-node rho")?, "round-robin"),
        "PowerOfD_finite" => of_nodes(whole("N")?, number("rho")?, "random-two-choices"),
        "JSQ" => of_nodes(whole("N")?, number("rho")?, "least-connections"),
        "ErlangB" => {
            let cores = whole("c")?;
            System { room: Some(cores), load: 0.5, ..of_cores(cores, number("offered_load")?, exponential()) }
        }
        "MMcK" => {
            let (rate, cores) = (number("lambda")? / number("mu")?, whole("c")?);
            System { room: Some(whole("K")?), load: 0.5, ..of_cores(cores, rate, exponential()) }
        }
        "Repairman_MM1_N" => {
            let (people, think) = (whole("N")?, number("Z")?);
            let arrival_rate = f64::from(people) / think;
            let discipline = "processor-sharing";
            System { people: Some(people), arrival_rate, discipline, load: 0.8, ..System::default() }
        }
        "LateFraction" => {
            let tier = of.get("tier")?;
            let speed = if tier.starts_with('M') { 130.0 } else { 300.0 };
            let nodes = whole("n")?;
            let algorithm = if *of.get("policy")? == "rr" { "round-robin" } else { "random" };
            let under = number("threshold")? * speed;
            System { under: Some(under), ..of_nodes(nodes, 1_000.0 / speed / f64::from(nodes), algorithm) }
        }
        _ => return None,
    };
    Some(system)
}

/// One queue before several cores.
fn of_cores(cores: u32, offered: f64, law: String) -> System {
    System { arrival_rate: offered, cores, law, load: offered / f64::from(cores), ..System::default() }
}

/// A queue before each of several nodes, behind a switch.
fn of_nodes(nodes: u32, load: f64, algorithm: &'static str) -> System {
    System { arrival_rate: load * f64::from(nodes), nodes, algorithm, load, ..System::default() }
}

fn exponential() -> String {
    "{ exponential = { mean = \"10 ms\" } }".to_owned()
}

fn constant() -> String {
    "\"10 ms\"".to_owned()
}

/// The law of a service time by the table's name, with a mean of 10 ms.
fn service(name: &str) -> Option<String> {
    Some(match name {
        "D" => constant(),
        "Exp" => exponential(),
        "Erlang2" => "{ erlang = { mean = \"10 ms\", stages = 2 } }".to_owned(),
        "Erlang4" => "{ erlang = { mean = \"10 ms\", stages = 4 } }".to_owned(),
        "H2bal_scv4" => "{ hyperexponential = { mean = \"10 ms\", cv = 2.0 } }".to_owned(),
        "H2bal_scv16" => "{ hyperexponential = { mean = \"10 ms\", cv = 4.0 } }".to_owned(),
        "Lognormal_scv4" => "{ lognormal = { mean = \"10 ms\", cv = 2.0 } }".to_owned(),
        _ => return None,
    })
}

impl System {
    /// Long enough that the number of sessions is about the same for all systems, and longer the fuller they are: the
    /// variance of a mean grows by the square of `1/(1−ρ)`.
    fn window_s(&self) -> u64 {
        let crowded = (0.2 / (1.0 - self.load)).max(1.0);
        // A share that is late is known less well than a mean.
        let rare = if self.under.is_some() { 8.0 } else { 1.0 };
        let sessions = SESSIONS * crowded * rare;
        ((sessions * UNIT_S / self.arrival_rate).ceil() as u64).max(60)
    }

    /// The scenario, as a user would write it.
    fn text(&self, name: &str, window_s: u64) -> String {
        let System { arrival_rate, people, law, cores, discipline, nodes, algorithm, room, under, .. } = self;
        let mut text = format!("format = 1\nname = {name:?}\n[time]\nwindow = \"{window_s} s\"\n");
        text += &format!("[arrivals.job]\nservice = \"job\"\nrate = \"{} /s\"\n", arrival_rate / UNIT_S);
        if let Some(people) = people {
            text += &format!("sources = {people}\n");
        }
        if let Some(room) = room {
            text += &format!("[service.job]\nconnections = {room}\nbacklog = 0\n");
        }
        text += &format!("[service.job.operation.work]\ncpu = {law}\n");
        text += &format!("[tier.unit]\ncores = {cores}\nspeed = 1.0\ndiscipline = \"{discipline}\"\n");
        if *nodes == 1 {
            text += "[cluster]\nconfiguration = \"stand-alone\"\n[node.primary]\ntier = \"unit\"\n";
        } else {
            text += &format!(
                "[cluster]\nconfiguration = \"multiple-primaries\"\n[node.primary]\ntier = \"unit\"\ncount = {nodes}\n\
                 [node.data]\ntier = \"unit\"\n[routing.default.switch]\nalgorithm = \"{algorithm}\"\n"
            );
        }
        if let Some(under) = under {
            let limit_s = under * UNIT_S;
            text += &format!("[level.job]\nservice = \"job\"\nshare = \"95 %\"\nunder = \"{limit_s} s\"\n");
        }
        text
    }
}

/// Sessions of a replication of a system that is not crowded.
const SESSIONS: f64 = 40_000.0;
