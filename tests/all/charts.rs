//! Charts say what the files beside them say, and stay whole whatever things are called.

use crate::cli::{json, outcome, shipped, short_run};
use std::collections::BTreeMap;
use std::path::Path;

/// Rows of a CSV file under their heads.
type Rows = Vec<BTreeMap<String, String>>;

fn rows(out: &Path, name: &str) -> Rows {
    let mut reader = csv::Reader::from_path(out.join(name)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(row: &BTreeMap<String, String>, head: &str) -> Option<f64> {
    let cell = &row[head];
    (!cell.is_empty()).then(|| cell.parse().unwrap())
}

/// JSON may lose the last bit of a number when it is read.
fn same(a: Option<f64>, b: Option<f64>) -> bool {
    (a.unwrap() - b.unwrap()).abs() <= 1e-14
}

fn text(out: &Path, name: &str) -> String {
    std::fs::read_to_string(out.join(name)).unwrap()
}

/// What a chart is called: its finding.
fn title(chart: &str) -> &str {
    chart.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0
}

/// The mean of a node's intervals, by their length.
fn mean(rows: &[&BTreeMap<String, String>], head: &str) -> f64 {
    let sum = |of: fn(f64, f64) -> f64| -> f64 {
        rows.iter().map(|row| of(number(row, head).unwrap(), number(row, "length_s").unwrap())).sum()
    };
    sum(|used, length_s| used * length_s) / sum(|_, length_s| length_s)
}

/// Hour by hour, each node's intervals come to what `nodes.csv` says.
fn intervals_make_hours(out: &Path, heads: &[&str]) {
    let (hours, intervals) = (rows(out, "nodes.csv"), rows(out, "utilisation.csv"));
    for hour in &hours {
        let within = |row: &&BTreeMap<String, String>| {
            row["node"] == hour["node"]
                && (number(row, "time_s").unwrap() / 3_600.0).floor() == number(hour, "hour").unwrap()
        };
        let own: Vec<_> = intervals.iter().filter(within).collect();
        assert!(!own.is_empty());
        for head in heads {
            let (coarse, fine) = (number(hour, head).unwrap(), mean(&own, head));
            assert!((coarse - fine).abs() <= 1e-9 + 1e-6 * coarse, "{} {head}: {coarse} and {fine}", hour["node"]);
        }
    }
}

#[test]
fn the_heat_map_is_about_the_busiest_resource_and_its_intervals_add_up_to_hours() {
    let out = tempfile::tempdir().unwrap();
    let stop = "fault.x={ component = \"primary-2\", kind = \"stop\", at = \"30 s\", lasts = \"20 s\" }";
    short_run("regional-isp.toml", out.path(), &["--replications", "3", "--set", stop]);
    intervals_make_hours(out.path(), &["cpu_ratio", "disk_ratio"]);
    let intervals = rows(out.path(), "utilisation.csv");
    assert_eq!(intervals.len(), 4 * 120, "a second each");
    // What is down does nothing.
    let idle = |row: &&BTreeMap<String, String>| {
        row["node"] == "primary-2" && (31.0..50.0).contains(&number(row, "time_s").unwrap())
    };
    assert!(intervals.iter().filter(idle).all(|row| number(row, "cpu_ratio") == Some(0.0)));
    let most = |row: &BTreeMap<String, String>| {
        let used = ["cpu_ratio", "disk_ratio", "link_ratio"].map(|head| number(row, head).unwrap_or(0.0));
        used.into_iter().fold(0.0, f64::max)
    };
    let peak = intervals.iter().max_by(|a, b| most(a).total_cmp(&most(b))).unwrap();
    let chart = text(out.path(), "utilisation.svg");
    let finding = format!("{:.0} % after {} seconds", most(peak) * 100.0, peak["time_s"]);
    assert!(title(&chart).starts_with(&peak["node"]) && title(&chart).ends_with(&finding), "{finding}: {chart}");
    assert!(chart.contains("\nprimary-2: stop\n") && chart.contains("mean of 3 replications"), "{chart}");
    assert!(chart.contains("time after the warm-up, seconds"));
}

#[test]
fn a_day_has_the_hours_of_the_clock() {
    let out = tempfile::tempdir().unwrap();
    let (scenario, place) = (shipped("company-2000.toml"), out.path().to_str().unwrap());
    let run = ["run", scenario.to_str().unwrap(), "--set", "time.window=day", "--replications", "1", "--out", place];
    assert_eq!(outcome(&run).0, 0);
    intervals_make_hours(out.path(), &["cpu_ratio", "disk_ratio"]);
    assert_eq!(rows(out.path(), "utilisation.csv").len() % 96, 0, "a quarter of an hour each");
    let chart = text(out.path(), "utilisation.svg");
    assert!(chart.contains("\n12:00\n") && chart.contains("\ntime of day\n") && chart.contains("a single run"));
    let (_, at) = title(&chart).rsplit_once(" at ").unwrap();
    let hour: u32 = at[..2].parse().unwrap();
    assert!((8..18).contains(&hour), "an office is busy by day: {}", title(&chart));
    // Beside it the hours: the worst of the service that is worst.
    let chart = text(out.path(), "hours.svg");
    let hours = rows(out.path(), "hours.csv");
    let p95 = |row: &BTreeMap<String, String>| number(row, "p95_response_s").unwrap_or(0.0);
    let worst = hours.iter().max_by(|a, b| p95(a).total_cmp(&p95(b))).unwrap();
    let begins = format!("95 % of {} are served within ", worst["service"]);
    let at = format!(" in the hour from {:0>2}:00 on, and within ", worst["hour"]);
    assert!(title(&chart).starts_with(&begins) && title(&chart).contains(&at), "{worst:?}: {}", title(&chart));
    assert!(chart.contains("\n06:00\n") && chart.contains("\ntime of day\n"), "{chart}");
}

#[test]
fn of_many_nodes_that_are_alike_two_are_shown() {
    let out = tempfile::tempdir().unwrap();
    let short = ["--replications", "1", "--set", "time.window=10 s"];
    let (scenario, place) = (shipped("nlb-33-hosts.toml"), out.path().to_str().unwrap());
    let run = [&["run", scenario.to_str().unwrap(), "--out", place], &short[..]].concat();
    outcome(&run);
    let chart = text(out.path(), "utilisation.svg");
    let names = rows(out.path(), "utilisation.csv").into_iter().map(|row| row["node"].clone());
    let names: std::collections::BTreeSet<String> = names.collect();
    let shown: Vec<_> = names.iter().filter(|name| chart.contains(&format!("\n{name}\n"))).collect();
    assert!(names.len() >= 34 && shown.len() <= 4, "{shown:?} of {}", names.len());
    let note =
        format!("Not shown: {} nodes that are neither the busiest nor the least busy", names.len() - shown.len());
    assert!(chart.contains(&note), "`{note}` is missing in {chart}");
}

#[test]
fn a_name_with_odd_characters_breaks_no_chart() {
    let out = tempfile::tempdir().unwrap();
    let odd = "name='a<b>&\"c\"'";
    short_run("regional-isp.toml", out.path(), &["--replications", "1", "--set", odd]);
    let chart = text(out.path(), "utilisation.svg");
    assert!(chart.contains("a&lt;b&gt;&amp;&quot;c&quot;, seed 1") && !chart.contains("a<b"), "{chart}");
}

#[test]
fn the_charts_of_a_plan_show_every_candidate_and_the_chosen_one_under_other_loads() {
    let out = tempfile::tempdir().unwrap();
    let (scenario, place) = (shipped("regional-isp.toml"), out.path().to_str().unwrap());
    // So tight that the level is missed before a resource is full.
    let short = ["--set", "time.window=60 s", "--replications", "3", "--set", "level.pop3-login.under='0.9 s'"];
    let plan = [&["plan", scenario.to_str().unwrap(), "--out", place, "--set", "name='<&>'"], &short[..]].concat();
    let (code, _, stderr) = outcome(&plan);
    assert_eq!(code, 0, "{stderr}");
    let recommendation = json(&text(out.path(), "recommendation.json"));
    let chosen = &recommendation["chosen"];

    let (candidates, offers) = (rows(out.path(), "candidates.csv"), rows(out.path(), "cost.csv"));
    assert_eq!(candidates.len(), offers.len());
    for (candidate, offer) in candidates.iter().zip(&offers) {
        for head in ["candidate", "stage", "decision"] {
            assert_eq!(candidate[head], offer[head]);
        }
        assert_eq!(number(candidate, "cost"), number(offer, "cost_usd"));
        assert_eq!(number(candidate, "p95_worst_s").is_some(), number(offer, "server_p95_s").is_some());
    }
    let best = offers.iter().find(|offer| offer["standing"] == "chosen").unwrap();
    let waits = ["normal", "one_primary_down"].iter().flat_map(|state| chosen[state]["services"].as_object().unwrap());
    let waits = waits.map(|(_, service)| service["server_p95_s"]["estimate"].as_f64().unwrap());
    assert!(same(number(best, "server_p95_s"), waits.reduce(f64::max)), "the longest in either state: {best:?}");
    let chart = text(out.path(), "cost.svg");
    for (what, count) in [("screened out", "screened_out"), ("not reached", "not_reached")] {
        let count = recommendation["counts"][count].as_u64().unwrap();
        assert!(chart.contains(&format!("\n{what}: {count}\n")), "{what}: {count} is missing in {chart}");
    }
    let cost = chosen["cost_usd"].as_f64().unwrap();
    assert!(title(&chart).starts_with(&format!(
        "The choice costs {} {:03} USD",
        cost as u64 / 1_000,
        cost as u64 % 1_000
    )));
    let simulated = |offer: &&BTreeMap<String, String>| number(offer, "server_p95_s").is_some();
    let missed = offers.iter().filter(simulated).filter(|offer| offer["decision"] == "rejected").count();
    for name in ["chosen: ", "next cheaper: ", &format!("misses a level: {missed}")] {
        assert!(chart.contains(&format!("\n{name}")), "`{name}` is missing in {chart}");
    }
    assert!(chart.contains("&lt;&amp;&gt;, seed 1"));

    let curve = rows(out.path(), "users.csv");
    let levels = chosen["normal"]["levels"].as_array().unwrap();
    for level in levels {
        let today = |row: &&BTreeMap<String, String>| {
            row["load_factor"] == "1" && row["state"] == "normal" && row["level"] == level["name"].as_str().unwrap()
        };
        let point = curve.iter().find(today).unwrap();
        assert!(same(number(point, "in_time_ratio"), level["estimate"]["estimate"].as_f64()), "{point:?}");
        assert_eq!(point["users"], "30000");
    }
    let chart = text(out.path(), "users.svg");
    let most = chosen["supported"]["users"].as_u64().unwrap();
    assert!(title(&chart).starts_with("Holds up to ") && most > 30_000, "{}", title(&chart));
    assert!(title(&chart).ends_with("; beyond that `pop3-login` is missed"), "{}", title(&chart));
    let panels = chart.matches("\ntoday 30 000\n").count();
    assert_eq!((panels, chart.matches("\nholds to ").count()), (levels.len(), levels.len()), "{chart}");
    let ends = chart.matches("\np95\n").count();
    assert_eq!(ends, levels.len(), "each p95 is named at its end");
    let (late, states) = (curve.iter().filter(|row| row["met"] == "false").count(), 2);
    let crosses = chart.lines().filter(|line| line.contains("#D55E00") && line.contains("stroke-width=\"8\"")).count();
    assert!(late > 0);
    assert_eq!(crosses, 2 * (late + 1), "two strokes for each that is missed, and for the key");
    assert_eq!(curve.len() % (levels.len() * states), 0);
}
