//! Designs met by the same people: exact differences, how much narrower their intervals are, and the command.

use crate::cli::{json, outcome, shipped};
use crate::support::scenario;
use crate::theory::{assert_exact, exact};
use mxplan::experiment::compare::{Comparison, Design, Difference, Figures, Outcome, common, compare};
use mxplan::experiment::{Control, Execution, Record, Rule, Runs, replicate_all};
use mxplan::scenario::Scenario;
use mxplan::stats::{CONFIDENCE, Estimate, student_t};
use std::path::Path;
use std::process::Stdio;

/// Replications of each, after the warm-up that they have in common, and what they differ by.
fn compared(scenarios: &[Scenario], replications: u64) -> (Runs, Comparison) {
    let common = common(&scenarios.iter().collect::<Vec<_>>()).unwrap();
    let design = |scenario: &Scenario| {
        let scenario = Scenario { warm_up: Some(common.warm_up), ..scenario.clone() };
        Design { file: "x".to_owned(), scenario, cost: None }
    };
    let designs: Vec<Design> = scenarios.iter().map(design).collect();
    let all: Vec<&Scenario> = designs.iter().map(|design| &design.scenario).collect();
    let runs = replicate_all(&all, Rule::Count(replications), &Control::default(), Execution::InOrder).unwrap();
    let comparison = compare(&designs, &runs.records, runs.stop_reason, &common, &[]);
    (runs, comparison)
}

fn figures<'a>(comparison: &'a Comparison, service: &str) -> &'a Figures<Difference> {
    &comparison.pairs[0].services[service]
}

#[test]
fn a_scenario_against_itself_differs_in_nothing() {
    let isp = scenario("regional-isp.toml", &["time.window=120 s"]);
    let (runs, comparison) = compared(&[isp.clone(), isp], 3);
    assert_eq!(runs.records[0], runs.records[1]);
    assert_eq!(comparison.pairs[0].outcome, Outcome::NoDifference);
    assert!(comparison.common_random_numbers);
    for (service, figures) in &comparison.pairs[0].services {
        for (name, _, difference) in figures.list() {
            assert_eq!(difference.difference.estimate, Some(0.0), "{service}.{name}");
            assert_eq!(difference.ratio.map(|ratio| ratio.estimate), difference.ratio.map(|_| Some(1.0)));
        }
        assert_eq!(figures.mean_s.narrowing, None);
        assert_eq!(figures.mean_s.difference, Estimate::around(0.0, 0.0));
        assert_eq!(figures.throughput_per_s.difference, Estimate::around(0.0, 0.0));
    }
}

#[test]
fn two_service_rates_of_one_core_differ_as_theory_says() {
    // M/M/1 with 80 sessions a second: mean responses 1/(1/9 ms − 80/s) and 1/(1/10 ms − 80/s), percentiles in the same
    // ratio. A fault of 2 % in either would move the ratio by 2 %, about twice the larger of the bounds that are printed.
    let cpu = |mean: &str| format!("service.job.operation.work.cpu={{ exponential = {{ mean = \"{mean}\" }} }}");
    let of = |mean: &str| scenario("theory/mm1-fcfs.toml", &["time.window=2500 s", &cpu(mean)]);
    let (fast, slow) = (of("9 ms"), of("10 ms"));
    let (_, comparison) = compared(&[fast, slow], 40);
    let job = figures(&comparison, "job");
    let mean = exact("MM1", "lambda=0.8;mu=1", "mean_response_T") / 100.0;
    let due = mean - 1.0 / (1.0 / 0.009 - 80.0);
    let ratio = mean / (mean - due);
    assert_exact("ratio of means", job.mean_s.ratio.unwrap(), ratio, 40);
    assert_exact("ratio of p95", job.p95_s.ratio.unwrap(), ratio, 40);
    let difference = job.mean_s.difference;
    let error = difference.half_width().unwrap() / student_t(39, 0.5 + CONFIDENCE / 2.0);
    let distance = (difference.estimate.unwrap() - due) / error;
    println!(
        "difference {:.6} s against {due:.6}: {distance:+.2} standard errors of {error:.6}; narrower {:.2} times",
        difference.estimate.unwrap(),
        job.mean_s.narrowing.unwrap()
    );
    assert!(distance.abs() < student_t(39, 1.0 - 1e-6), "{distance}");
    assert!(error < 0.006 * due && job.mean_s.narrowing.unwrap() > 1.5);
    assert_eq!(comparison.pairs[0].outcome, Outcome::Worse);
}

#[test]
fn common_people_narrow_the_intervals_of_tier_count_and_algorithm() {
    // Busy enough for queues, so that designs differ in more than the work of a session. The factor is estimated from 20
    // pairs, and measured by letting other people come to the second design; the relative error of each of the half-widths
    // is 1/√(2 · 19) = 16 %, so a factor of 2 between the two is four standard errors.
    const REPLICATIONS: u64 = 20;
    let base = ["time.window=300 s", "population.subscribers.users=150_000"];
    let isp = |more: &[&str]| scenario("regional-isp.toml", &[&base[..], more].concat());
    let options = [
        ("tier", "node.primary.tier=dual-piii-1400"),
        ("count", "node.primary.count=4"),
        ("algorithm", "routing.default.switch.algorithm=least-connections"),
    ];
    let others = options.iter().flat_map(|(_, option)| [isp(&[option]), isp(&[option, "random.seed=2"])]);
    let (runs, comparison) = compared(&[isp(&[])].into_iter().chain(others).collect::<Vec<_>>(), REPLICATIONS);
    for (index, (what, _)) in options.iter().enumerate() {
        let [paired, independent] = [&comparison.pairs[2 * index], &comparison.pairs[2 * index + 1]];
        assert!(paired.common_random_numbers && !independent.common_random_numbers);
        assert_eq!(independent.differs, ["the seed, 2 and not 1"]);
        // The very same sessions came to both, in every replication.
        for (here, there) in runs.records[0].iter().zip(&runs.records[2 * index + 1]) {
            let began = |record: &Record| -> Vec<u64> {
                record.observed.services.iter().map(|service| service.flow.began).collect()
            };
            assert_eq!(began(here), began(there), "{what}");
        }
        for service in ["pop3", "smtp"] {
            let rows = paired.services[service].list().into_iter().zip(independent.services[service].list());
            for ((name, _, ours), (_, _, others)) in rows.take(6) {
                let half = |difference: &Difference| difference.difference.half_width().unwrap();
                let measured = half(others) / half(ours);
                let estimated = ours.narrowing.unwrap_or(f64::NAN);
                println!(
                    "{what:9} {service} {name:13} {:+.3e} s ± {:.1e}, independent {:+.3e} ± {:.1e}: {measured:8.1} × \
                     narrower, {estimated:8.1} × estimated",
                    ours.difference.estimate.unwrap(),
                    half(ours),
                    others.difference.estimate.unwrap(),
                    half(others),
                );
                // What bins do not resolve, and percentiles that fall into the same one, hide the factor elsewhere.
                if name.ends_with("mean_s") {
                    assert!(measured > 1.2, "{what} {service}.{name}: {measured}");
                    assert!((0.5..2.0).contains(&(estimated / measured)), "{what} {service}.{name}: {estimated}");
                }
            }
        }
    }
}

#[test]
fn shuffled_turns_give_the_same_records_of_each() {
    let scenarios = ["dual-piii-1000", "p4-3000"]
        .map(|tier| scenario("regional-isp.toml", &["time.window=60 s", &format!("node.primary.tier={tier}")]));
    let all: Vec<&Scenario> = scenarios.iter().collect();
    let run = |execution| replicate_all(&all, Rule::Count(5), &Control::default(), execution).unwrap();
    let in_order = run(Execution::InOrder);
    assert_eq!(in_order, run(Execution::Shuffled));
    for records in &in_order.records {
        assert!(records.iter().map(|record| record.replication).eq(0..5));
    }
}

/// The shipped scenario with another text in it, as a file of one's own.
fn variant(home: &Path, name: &str, there: &str, instead: &str) -> String {
    let text = std::fs::read_to_string(shipped("regional-isp.toml")).unwrap();
    assert!(text.contains(there));
    let path = home.join(name);
    std::fs::write(&path, text.replacen(there, instead, 1)).unwrap();
    path.to_string_lossy().into_owned()
}

/// `compare` of the shipped scenario with others, short, into a directory.
fn command(out: &Path, others: &[&str], more: &[&str]) -> (i32, String, String) {
    let (isp, out) = (shipped("regional-isp.toml"), out.to_string_lossy().into_owned());
    let first = ["compare", isp.to_str().unwrap()];
    let last = ["--set", "time.window=120 s", "--replications", "4", "--out", &out];
    outcome(&[&first[..], others, &last, more].concat())
}

#[test]
fn the_files_hold_what_is_said_with_any_number_of_threads() {
    let home = tempfile::tempdir().unwrap();
    let slow = variant(home.path(), "slow.toml", "tier = \"dual-piii-1000\"\ncount", "tier = \"piii-600\"\ncount");
    let four = variant(home.path(), "four.toml", "count = 3", "count = 4");
    let (one, two) = (home.path().join("1"), home.path().join("2"));
    let (code, stdout, stderr) = command(&one, &[&slow, &four], &["--jobs", "1", "--format", "json"]);
    assert_eq!(code, 0, "{stderr}");
    let read = |directory: &Path, name: &str| std::fs::read_to_string(directory.join(name)).unwrap();
    assert_eq!(stdout, read(&one, "comparison.json"));
    let (_, csv, _) = command(&two, &[&slow, &four], &["--jobs", "2", "--format", "csv"]);
    assert_eq!((stdout, csv.clone()), (read(&two, "comparison.json"), read(&one, "comparison.csv")));
    // Two pairs, two services, six times, two levels, three ways to fail and the throughput.
    assert_eq!(csv.lines().count(), 1 + 2 * 2 * (6 + 2 + 3 + 1));
    let value = json(&read(&one, "comparison.json"));
    assert_eq!(value["scenarios"][1]["file"], "slow");
    assert_eq!(
        (value["scenarios"][0]["cost_usd"].as_f64(), &value["pairs"][1]["against"]),
        (Some(36_550.0), &"C".into())
    );
    assert_eq!(value["pairs"][0]["outcome"], "worse");
    assert!(value["pairs"][0]["services"]["pop3"]["mean_s"]["narrowing"].as_f64().unwrap() > 1.0);
    let (_, table, _) = command(&two, &[&slow, &four], &[]);
    for part in [
        "the same people in all",
        "B against A",
        "C - A",
        "narrower",
        "late: pop3-login",
        "primary-4",
        "B is worse than A",
    ] {
        assert!(table.contains(part), "`{part}` is missing in\n{table}");
    }
    let manifest = json(&read(&two, "manifest.json"));
    assert_eq!(manifest["against"].as_array().unwrap().len(), 2);
    assert!(manifest["against"][0]["scenario"]["text"].as_str().unwrap().contains("piii-600"));
    let again = manifest["reproduce"].as_str().unwrap();
    assert!(again.starts_with("mxplan compare ") && again.contains("four.toml --set") && !again.contains("--seed"));
}

#[test]
fn a_condition_that_is_surely_so_ends_with_one() {
    let home = tempfile::tempdir().unwrap();
    let slow = variant(home.path(), "slow.toml", "tier = \"dual-piii-1000\"\ncount", "tier = \"piii-600\"\ncount");
    let out = home.path().join("out");
    let with = |condition: &str| command(&out, &[&slow], &["--fail-if", condition]);
    for so in [
        "smtp.server_mean_s > +10 %",
        "smtp.server_mean_s>+1 ms",
        "pop3.mean_s > -1 %",
        "pop3.throughput_per_s < +10 %",
    ] {
        let (code, stdout, stderr) = with(so);
        assert_eq!(code, 1, "{so}: {stdout}{stderr}");
        assert!(stdout.contains(&format!("`{so}` is so")), "{stdout}");
    }
    for not_so in [
        "smtp.server_mean_s > +9000 %",
        "smtp.late_ratio > +0.5",
        "smtp.late_ratio.smtp > +0.5",
        "pop3.lost_ratio > +0",
    ] {
        let (code, stdout, _) = with(not_so);
        assert_eq!(code, 0, "{not_so}: {stdout}");
        assert!(stdout.contains(&format!("`{not_so}` is not so")), "{stdout}");
    }
    let value = json(&std::fs::read_to_string(out.join("comparison.json")).unwrap());
    assert_eq!(
        (&value["conditions"][0]["figure"], &value["conditions"][0]["holds"]),
        (&"pop3.lost_ratio".into(), &false.into())
    );
    // Without an interval nothing is sure.
    let (code, _, stderr) = command(&out, &[&slow], &["--fail-if", "smtp.mean_s > +1 %", "--precision", "0.9"]);
    assert!(code == 2 && stderr.contains("cannot be used with"), "{stderr}");
    let isp = shipped("regional-isp.toml");
    let one = ["compare", isp.to_str().unwrap(), &slow, "--set", "time.window=60 s", "--replications", "1", "--out"];
    let more = [out.to_str().unwrap(), "--fail-if", "smtp.mean_s > +1 %"];
    let (code, stdout, stderr) = outcome(&[&one[..], &more].concat());
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stderr.contains("can't be told without an interval; take more `--replications`"), "{stderr}");
    assert!(stdout.contains("One replication has no intervals"), "{stdout}");
}

#[test]
fn other_people_are_pointed_out() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let more = variant(home.path(), "more.toml", "users = 30_000", "users = 60_000");
    let seed = variant(home.path(), "seed.toml", "seed = 1", "seed = 9");
    let office = variant(home.path(), "office.toml", "rtt = \"30 ms\"", "rtt = \"90 ms\"");
    let (code, stdout, stderr) = command(&out, &[&more, &seed, &office], &["--format", "json"]);
    assert_eq!(code, 0, "{stderr}");
    for part in [
        "warning: other people come to B than to A: how often the sessions of `subscribers/",
        "warning: other people come to C than to A: the seed, 9 and not 1 differs",
        "warning: other people come to D than to A: the client groups differs",
    ] {
        assert!(stderr.contains(part), "`{part}` is missing in\n{stderr}");
    }
    let value = json(&stdout);
    assert_eq!(value["common_random_numbers"], false);
    assert_eq!(value["pairs"][1]["differs"][0], "the seed, 9 and not 1");
    // One seed for all makes them the same again.
    let (_, stdout, stderr) = command(&out, &[&seed], &["--format", "json", "--seed", "3"]);
    assert!(!stderr.contains("other people"), "{stderr}");
    assert_eq!(
        (&json(&stdout)["common_random_numbers"], &json(&stdout)["scenarios"][1]["seed"]),
        (&true.into(), &3.into())
    );
}

#[test]
fn ctrl_c_keeps_the_pairs_that_are_complete() {
    let home = tempfile::tempdir().unwrap();
    let isp = shipped("regional-isp.toml");
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_mxplan"))
        .args(["compare", isp.to_str().unwrap(), isp.to_str().unwrap(), "--set", "time.window=60 s"])
        .args(["--replications", "100000", "--format", "json", "--jobs", "2", "--out"])
        .arg(home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(1));
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    let value = json(&String::from_utf8_lossy(&output.stdout));
    let kept = value["replications"].as_u64().unwrap();
    assert!(kept > 0 && stderr.contains(&format!("kept the first {kept} replications of each")), "{stderr}");
    // Had one of the two a replication more, their offered sessions would differ.
    assert_eq!(value["pairs"][0]["services"]["pop3"]["throughput_per_s"]["difference"]["estimate"], 0.0);
    assert_eq!(value["stop_reason"], "cancelled");
}
