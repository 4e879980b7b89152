//! The recorded campaign: what it is found from, what of it is predicted, and whether a fault of the model would be seen.

use assert_cmd::Command;
use mxplan::lab::calibrate;
use mxplan::report::lab::demands_json;
use mxplan::scenario::{Hardware, Scenario, Stream, hardware, load};
use mxplan::stats::Estimate;
use mxplan::validation::measured::{Campaign, Checked, Figure, Formula, Quantity, Recorded, Role, Verdict, check};
use std::path::Path;
use std::sync::LazyLock;

/// The campaign that is shipped.
const CAMPAIGN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/measured/one-core-2026");

fn recorded() -> Recorded {
    let mut shipped = Recorded::shipped().unwrap();
    assert_eq!(shipped.len(), 1);
    shipped.remove(0)
}

/// The campaign as it is, checked once for all tests.
static AS_IT_IS: LazyLock<Checked> = LazyLock::new(|| checked(recorded()));

fn checked(recorded: Recorded) -> Checked {
    check(&[recorded]).unwrap().campaigns.remove(0)
}

fn verdict<'a>(checked: &'a Checked, quantity: Quantity, service: Option<&str>) -> &'a Verdict {
    let is_it = |verdict: &&Verdict| verdict.quantity == quantity && verdict.service.as_deref() == service;
    checked.verdicts.iter().find(is_it).unwrap()
}

#[test]
fn the_campaign_is_whole_and_lost_no_mail() {
    let Recorded { campaign, runs, .. } = recorded();
    assert_eq!(runs.len(), campaign.points.len() * 3);
    assert!(runs.iter().all(|run| run.measured.mail.accepted == run.measured.mail.stored));
    let held_out = campaign.points.values().filter(|point| point.role == Role::HeldOut).count();
    assert!(held_out >= 20, "{held_out}");
}

#[test]
fn the_demands_are_those_of_the_calibration_points_alone() {
    let Recorded { campaign, mut runs, demands } = recorded();
    let frozen = demands_json(&demands);
    assert_eq!(demands_json(&calibrate(&campaign, &runs).unwrap()), frozen);
    runs.retain(|run| campaign.points[&run.point].role == Role::Calibration);
    assert_eq!(demands_json(&calibrate(&campaign, &runs).unwrap()), frozen);
    // And of those that count for something.
    runs.iter_mut().for_each(|run| run.measured.usable = false);
    assert!(calibrate(&campaign, &runs).unwrap_err().0.contains("no usable run"));
}

#[test]
fn a_spell_of_a_slow_machine_changes_no_demand() {
    let Recorded { campaign, mut runs, demands } = recorded();
    for run in runs.iter_mut().filter(|run| run.seed == 1) {
        run.measured.witness.as_mut().into_iter().for_each(|witness| witness.cpu_s *= 1.5);
        for node in run.measured.nodes.values_mut() {
            node.cpu_s *= 1.5;
            node.programs_s.values_mut().for_each(|seconds| *seconds *= 1.5);
        }
    }
    let slow = calibrate(&campaign, &runs).unwrap();
    let usual = slow.witness_cpu_s.unwrap() / demands.witness_cpu_s.unwrap();
    assert!((1.1..1.3).contains(&usual), "{usual}");
    let mut known = 0;
    for (set, found) in &demands.sets {
        for (key, demand) in &found.cpu_s {
            let (before, after) = (demand.estimate.unwrap(), slow.sets[set].cpu_s[key].estimate.unwrap());
            assert!((after - before * usual).abs() <= 1e-6 * before, "{set}, {key}: {before} {after}");
            known += usize::from(before > 0.0);
        }
    }
    assert!(known >= 10, "{known}");
}

#[test]
fn a_slow_machine_is_known_by_its_witness() {
    let of = |times: f64, stops_cost: bool| {
        let mut recorded = recorded();
        recorded.runs.retain(|run| run.point == "imap-50");
        let demands = &mut recorded.demands.sets.get_mut("all").unwrap().cpu_s;
        if !stops_cost {
            *demands.get_mut("tier.*.cpu_resume").unwrap() = Estimate::point(0.0);
        }
        recorded.runs.iter_mut().for_each(|run| run.measured.witness.as_mut().unwrap().cpu_s *= times);
        let figures = checked(recorded).figures;
        let is_it = |figure: &Figure| figure.quantity == Quantity::Utilisation && figure.owner == "primary";
        figures.into_iter().find(is_it).unwrap()
    };
    // But for the sessions that are under way at the ends of the window.
    let (usual, slow) = (of(1.0, false), of(1.3, false));
    assert!((slow.predicted / usual.predicted / 1.3 - 1.0).abs() < 0.01, "{usual:?} {slow:?}");
    // As the budget is used up more often, more goes with the stops.
    let (usual, slow) = (of(1.0, true), of(1.3, true));
    assert!((1.3..1.5).contains(&(slow.predicted / usual.predicted)), "{usual:?} {slow:?}");
    assert!(slow.untold == usual.untold && usual.untold.is_some(), "{usual:?} {slow:?}");
}

#[test]
fn the_same_sessions_come_to_the_model_as_came_to_the_servers() {
    let checked = &*AS_IT_IS;
    let offered: Vec<_> = checked.figures.iter().filter(|figure| figure.quantity == Quantity::Offered).collect();
    assert!(offered.len() >= 40 && offered.iter().all(|figure| figure.error == 0.0), "{}", offered.len());
}

#[test]
fn a_model_that_is_off_is_seen() {
    let of = |quantity, service| {
        let right = &*AS_IT_IS;
        let mut off = recorded();
        for demand in off.demands.sets.values_mut().flat_map(|found| found.cpu_s.values_mut()) {
            *demand = Estimate::point(demand.estimate.unwrap() * 1.5);
        }
        let off = checked_without_holding(off);
        (verdict(right, quantity, service).median_error, verdict(&off, quantity, service).clone())
    };
    let (right, off) = of(Quantity::Utilisation, None);
    println!("utilisation: median error {right:.3}, with demands of 1.5 times {:.3}", off.median_error);
    assert!(!off.holds && !off.equivalent && off.median_error > 0.15, "{off:?}");
    assert!(off.same_p.unwrap() < 0.001, "{off:?}");
}

fn checked_without_holding(recorded: Recorded) -> Checked {
    let checked = checked(recorded);
    assert!(!checked.holds);
    checked
}

#[test]
fn with_the_core_time_of_each_run_the_utilisation_is_what_it_was() {
    let checked = &*AS_IT_IS;
    // Where mail is sent from outside, chance has it in another rhythm each time.
    let alone = |figure: &&Figure| {
        let is_sent = figure.point.starts_with("sent-");
        figure.quantity == Quantity::Utilisation && figure.owner == "primary" && !is_sent
    };
    let own: Vec<&Figure> = checked.figures.iter().filter(alone).collect();
    assert!(own.len() >= 10, "{}", own.len());
    for figure in own {
        let same_work = figure.same_work.unwrap();
        // Work that is left at the end of a window is not the same; there is more of it the busier the node is.
        let allowed = if figure.busiest_ratio < 0.75 { 0.01 } else { 0.05 };
        assert!((same_work / figure.measured - 1.0).abs() < allowed, "{figure:?}");
    }
    let mean = verdict(checked, Quantity::Mean, Some("pop3"));
    let (known, told) = (mean.same_work.unwrap().median_error.unwrap(), mean.median_error);
    println!("mean response of POP3: median error {told:.3}, with the core time of each run {known:.3}");
}

#[test]
fn mail_that_is_lost_is_no_agreement() {
    let mut lossy = recorded();
    lossy.runs[0].measured.mail.stored -= 1;
    let checked = checked(lossy);
    assert!(!checked.holds && checked.runs_that_lost_mail == 1);
}

#[test]
fn formulas_say_what_their_textbooks_say() {
    let recorded = recorded();
    let run = recorded.runs.iter().find(|run| run.point == "smtp-50").unwrap();
    let set = ["random.seed=1".parse().unwrap(), "service.smtp.operation.accept.cpu=1 ms".parse().unwrap()];
    let deposit = "service.smtp.operation.deposit.cpu=2 ms".parse().unwrap();
    let scenario = recorded.campaign.scenario("smtp-50", 1, &[set.as_slice(), &[deposit]].concat()).unwrap();
    let times = |formula: Formula| formula.response(&scenario, &run.measured, "smtp").unwrap();
    // 3 ms on 0.3 of a core are 10 ms; the reply comes after a third of them.
    let rate = run.measured.services["smtp"].offered as f64 / 15.0;
    let (load, service_s) = (rate * 0.01, 0.01);
    let mean = service_s / (1.0 - load);
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    close(times(Formula::Mm1).mean_s, mean);
    close(times(Formula::Mm1).p95_s, mean * 20.0_f64.ln());
    close(times(Formula::ProcessorSharing).mean_s, mean / 3.0);
    close(times(Formula::TwoMoments).mean_s, service_s / 3.0 + load / 2.0 * mean);
    assert_eq!(Formula::Mm1.response(&scenario, &run.measured, "pop3"), None);
}

fn command(out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("mxplan").unwrap();
    command.args(["validate", "--out"]).arg(out).args(arguments);
    command
}

#[test]
fn the_comparison_is_printed_and_written() {
    let out = tempfile::tempdir().unwrap();
    let answer = i32::from(!AS_IT_IS.holds);
    let stdout = |arguments: &[&str]| {
        let output = command(out.path(), arguments).assert().code(answer).get_output().clone();
        String::from_utf8(output.stdout).unwrap()
    };
    let file = |name: &str| std::fs::read_to_string(out.path().join(name)).unwrap();
    assert_eq!(stdout(&["--measured", "--format", "json"]), file("measured.json"));
    // The same from its directory.
    assert_eq!(stdout(&["--campaign", CAMPAIGN, "--format", "csv"]), file("measured.csv"));
    assert!(
        file("measured.svg")
            .contains("figures of real servers are predicted within their bounds or the spread of the repeats")
    );
    let table = stdout(&["--measured"]);
    assert!(table.contains("All mail that was taken was found in its mailboxes, in every run."), "{table}");
    assert!(table.contains("p95 response") && table.contains("two moments"), "{table}");
}

#[test]
fn bad_usage_says_what_to_do() {
    let out = tempfile::tempdir().unwrap();
    let complaint = |arguments: &[&str]| {
        let output = command(out.path(), arguments).assert().code(2).get_output().clone();
        String::from_utf8(output.stderr).unwrap()
    };
    let message = complaint(&["--format", "csv"]);
    assert!(message.contains("add `--theory` or `--measured`"), "{message}");
    let message = complaint(&["--campaign", "/nowhere"]);
    assert!(message.contains("`/nowhere/campaign.toml` can't be read; name the directory of a campaign"), "{message}");
    complaint(&["--theory", "--measured"]);
}

fn calibrated(out: &Path, more: &[&str]) -> Command {
    let mut command = Command::cargo_bin("mxplan").unwrap();
    command.args(["lab", "calibrate", &format!("{CAMPAIGN}/campaign.toml"), "--out"]).arg(out).args(more);
    command
}

#[test]
fn scenarios_can_name_what_was_measured() {
    let out = tempfile::tempdir().unwrap();
    let named = ["--profile", "pop-isp-2003", "--like", "m6i-large", "--demands", "all"];
    let output = calibrated(out.path(), &named).assert().success().get_output().clone();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("tier `m6i-large-measured` in `tiers.csv`"), "{said}");
    let file = |name: &str| std::fs::read_to_string(out.path().join(name)).unwrap();
    let rows = hardware::read("tiers.csv", &file("tiers.csv")).unwrap();
    assert_eq!(rows.len(), hardware::built_in().len() + 1, "those that can be bought are still there");
    let table = Hardware { name: "tiers.csv".to_owned(), rows };
    let scenario = |profile: &str| {
        let text = format!(
            "format = 1\nname = \"x\"\n[time]\nwindow = \"60 s\"\n[population.people]\nusers = 50_000\nprofile = \"{profile}\"\n\
             [cluster]\nconfiguration = \"stand-alone\"\n[node.primary]\ntier = \"m6i-large-measured\"\n"
        );
        let path = out.path().join("scenario.toml");
        std::fs::write(&path, &text).unwrap();
        load(&path.display().to_string(), &text, &[], &table).unwrap()
    };
    let (assumed, found) = (scenario("pop-isp-2003"), scenario("profile.toml"));
    // On that machine operations take what they took in the lab.
    let speed = found.cluster.nodes[0].tier.speed;
    let frozen = &recorded().demands.sets["all"].cpu_s;
    let mut known = 0;
    for operation in &found.operations {
        let key = format!("service.{}.operation.{}.cpu", found.services[operation.service].name, operation.name);
        if let Some(seconds) = frozen.get(&key).and_then(|demand| demand.estimate) {
            assert!((operation.cpu.mean() / speed / seconds - 1.0).abs() < 1e-3, "{key}: {operation:?}");
            known += 1;
        }
    }
    assert_eq!(known, 4, "accept, deposit, login and retrieve");
    // And the people ask the reference core for as much as before.
    let work = |scenario: &Scenario| -> f64 {
        let of = |stream: &Stream| {
            stream.mean_rate_per_s() * stream.per_session(&scenario.operations, |operation| operation.cpu.mean())
        };
        scenario.streams.iter().map(of).sum()
    };
    // But for the digits of the speed.
    assert!((work(&found) / work(&assumed) - 1.0).abs() < 1e-3, "{} {}", work(&found), work(&assumed));
    // Through the whole program, on it and on a slower one of the table.
    for tier in ["m6i-large-measured", "piii-1000"] {
        let set = format!("node.primary.tier={tier}");
        let mut run = Command::cargo_bin("mxplan").unwrap();
        run.arg("run").arg(out.path().join("scenario.toml")).arg("--hardware").arg(out.path().join("tiers.csv"));
        run.args(["--set", &set, "--replications", "2", "--out"]).arg(out.path().join(tier)).assert().success();
    }
}

#[test]
fn what_can_not_be_named_is_told() {
    let out = tempfile::tempdir().unwrap();
    let complaint = |arguments: &[&str]| {
        let output = calibrated(out.path(), arguments).assert().code(2).get_output().clone();
        String::from_utf8(output.stderr).unwrap()
    };
    let other = "[demands]\nother = [\"service.smtp.operation.accept.cpu\"]\n";
    let text = std::fs::read_to_string(Path::new(CAMPAIGN).join("campaign.toml")).unwrap();
    let text = text.replace("[demands]\n", other).replacen("demands = \"all\"", "demands = \"other\"", 1);
    let file = out.path().join("two-sets.toml");
    std::fs::write(&file, text).unwrap();
    let mut two = Command::cargo_bin("mxplan").unwrap();
    two.args(["lab", "calibrate"]).arg(&file).args(["--runs", &format!("{CAMPAIGN}/runs"), "--out"]).arg(out.path());
    let output = two.args(["--profile", "pop-isp-2003", "--like", "m6i-large"]).assert().code(2).get_output().clone();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("name one of the sets `all`, `other` with `--demands`"), "{message}");
    let message = complaint(&["--profile", "pop-isp-2003", "--like", "abacus", "--demands", "all"]);
    assert!(message.contains("there is no tier `abacus`"), "{message}");
    let message = complaint(&["--profile", "pop-isp", "--like", "m6i-large", "--demands", "all"]);
    assert!(message.contains("there is no profile `pop-isp`; did you mean `pop-isp-2003`?"), "{message}");
    complaint(&["--profile", "pop-isp-2003"]);
}

/// A figure of a point where another campaign file stands beside the same runs.
fn figure(point: &str, quantity: Quantity, owner: &str, (written, instead): (&str, &str)) -> Figure {
    let mut recorded = recorded();
    let path = &Path::new(CAMPAIGN).join("campaign.toml");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(written), "{written}");
    recorded.campaign = Campaign::read(path, &text.replace(written, instead)).unwrap();
    recorded.runs.retain(|run| run.point == point);
    let figures = checked(recorded).figures;
    figures.into_iter().find(|figure| figure.quantity == quantity && figure.owner == owner).unwrap()
}

#[test]
fn what_is_left_to_chance_hides_no_fault_of_the_model() {
    let rotated = ("resolver_order=kept", "resolver_order=rotated");
    let cached = (
        "resolvers=1\", \"client_group.lan.resolver_order=kept",
        "resolvers=64\", \"client_group.lan.resolver_order=kept",
    );
    let cases = [
        ("named-1-kept", Quantity::IntervalUnevenness, "pop3", rotated),
        ("named-1-kept", Quantity::IntervalUnevenness, "imap", cached),
        (
            "shared-killed",
            Quantity::Detection,
            "all",
            ("[routing.default.nlb]\n", "[routing.default.nlb]\nheartbeats_missed = 8\n"),
        ),
        ("sent-to-one", Quantity::AcceptanceP95, "all", ("scan = \"3 s\"", "scan = \"20 s\"")),
    ];
    for (point, quantity, owner, fault) in cases {
        let is_within = |figure: &Figure| figure.error.abs() <= figure.allowed.unwrap();
        let (right, wrong) = (figure(point, quantity, owner, ("", "")), figure(point, quantity, owner, fault));
        println!("{point}: {:.3} ± {:.3}, with {fault:?} {:.3}", right.error, right.allowed.unwrap(), wrong.error);
        assert!(is_within(&right), "{right:?}");
        assert!(!is_within(&wrong), "{fault:?}: {wrong:?}");
    }
}
