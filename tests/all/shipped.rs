//! The answers of shipped scenarios, each with its direction and its figure: what the head of the file says is so.

use crate::support::{run, scenario};
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::{Control, Rule, Summary};
use mxplan::planner::{Decision, Judged, Outcome, ReasonCode, Recommendation, Stage, plan, recommend};
use mxplan::units::Money;

fn planned(file: &str, options: &[&str], replications: u64) -> (Outcome, Recommendation) {
    let scenario = scenario(file, options);
    let outcome = plan(&scenario, Rule::Count(replications), &Control::default()).unwrap();
    let recommendation = recommend(&scenario, &outcome);
    println!("{file} {options:?}: {}", recommendation.sentence);
    (outcome, recommendation)
}

fn chosen(outcome: &Outcome) -> &Judged {
    &outcome.judged[outcome.chosen.expect("a candidate holds")]
}

fn found<'a>(outcome: &'a Outcome, id: &str) -> &'a Judged {
    outcome.judged.iter().find(|judged| judged.candidate.id == id).unwrap()
}

/// What would be bought without simulation: the first in the order of preference that the screen lets pass.
fn first_survivor(outcome: &Outcome) -> &Judged {
    outcome.judged.iter().find(|judged| judged.stage != Stage::Screen).unwrap()
}

/// The share in time of a level in the hardest state that was simulated.
fn in_time(judged: &Judged, level: &str) -> f64 {
    let levels = &judged.tests.last().unwrap().summary.levels;
    levels.iter().find(|own| own.name == level).unwrap().estimate.estimate.unwrap()
}

/// Candidates that simulation turned down, and such that hold by simulation.
fn both_ways(outcome: &Outcome) -> (usize, usize) {
    let simulated = |holds: bool| {
        let found = outcome.judged.iter().filter(|judged| !judged.tests.is_empty());
        found.filter(|judged| (judged.decision != Decision::Rejected) == holds).count()
    };
    (simulated(false), simulated(true))
}

const LEAST: &str = "stand-alone/1x wp-6-50-plus";

#[test]
fn simulation_overturns_the_screen_where_an_office_scans_on_the_smallest_machine() {
    let (outcome, _) = planned("office.toml", &["time.window=20 h"], 10);
    let least = found(&outcome, LEAST);
    // By utilisation it is the one to buy, with more than half of its processor free.
    assert_eq!(first_survivor(&outcome).candidate.id, LEAST);
    assert!(least.fullness < 0.5, "{}", least.fullness);
    assert_eq!((least.stage, least.decision), (Stage::Simulated, Decision::Rejected));
    assert_eq!(least.reason.code, ReasonCode::LevelMissed);
    assert!(least.reason.text.starts_with("`scan` missed with every node up: "), "{}", least.reason.text);
    assert_eq!(chosen(&outcome).candidate.id, "stand-alone/1x piii-600");
    // Where jobs share a processor, exponential ones stay for about an exponential time of mean S/(1 − ρ). Some 13 000
    // messages, which wait together: the standard error is 0.4 %.
    for (judged, speed) in [(least, 0.3), (chosen(&outcome), 0.6)] {
        let used =
            offered(&judged.candidate.of(&scenario("office.toml", &[]))).station(0, Resource::Cpu).unwrap().utilisation;
        let due = 1.0 - f64::exp(-48.0 * (1.0 - used) / (5.0 / speed));
        let share = in_time(judged, "scan");
        println!("{}: CPU {used:.3}, {share:.3} scanned within 48 s, due about {due:.3}", judged.candidate.id);
        assert!((share - due).abs() < 0.02);
    }
    let (rejected, holding) = both_ways(&outcome);
    assert!(rejected >= 1 && holding >= 1, "{rejected} turned down, {holding} held");
}

#[test]
fn the_smallest_machine_does_for_the_mail_of_40_people_that_nobody_scans() {
    let nothing = ["filter.antispam.cpu=1 ms", "filter.antivirus.cpu=1 ms"];
    let (outcome, recommendation) = planned("office.toml", &nothing, 5);
    assert_eq!((&*chosen(&outcome).candidate.id, chosen(&outcome).candidate.cost), (LEAST, Money(130_000)));
    assert!(recommendation.chosen.unwrap().normal.utilisation.iter().all(|used| used.utilisation_ratio < 0.02));
    // Forty people are a finite source, as the program takes it for up to fifty.
    let key = |key: &str| scenario("office.toml", &[]).settings.iter().find(|s| s.key == key).unwrap().value.clone();
    assert_eq!((key("population.staff.finite"), key("product.edition")), ("true".to_owned(), "plus".to_owned()));
}

#[test]
fn a_second_machine_for_an_office_takes_mail_and_serves_nobody_and_two_that_serve_need_a_third() {
    let (outcome, _) = planned("office.toml", &["plan.survive=one-node"], 5);
    let with = found(&outcome, "primary-with-backup/1x piii-600/backup wp-6-50-plus");
    let alone = found(&outcome, "stand-alone/1x piii-600");
    assert_eq!(with.candidate.cost.0 - alone.candidate.cost.0, 130_000);
    let (code, text) = (with.reason.code, with.reason.text.as_str());
    assert_eq!(code, ReasonCode::NoNodeLeft);
    assert_eq!(text, "the backup takes mail with one primary down, and nobody serves readers");
    let choice = &chosen(&outcome).candidate;
    assert_eq!((choice.id.as_str(), choice.cost), ("multiple-primaries/2x piii-600/data piii-600/nlb", Money(650_000)));
}

#[test]
fn domains_fill_a_server_whose_people_are_few_and_more_servers_do_not_help() {
    let file = "hosting-3000-domains.toml";
    let short = "time.window=120 s";
    let (outcome, _) = planned(file, &[short], 2);
    assert_eq!(chosen(&outcome).candidate.id, "stand-alone/1x p4-3000");
    // 3000 domains at 20 ms in each minute are a whole reference processor, on each of however many.
    let slow: Vec<&Judged> = outcome.judged.iter().filter(|judged| judged.candidate.tier.name == "piii-1000").collect();
    for judged in &slow {
        assert_eq!((judged.stage, judged.reason.code), (Stage::Screen, ReasonCode::Cpu), "{}", judged.candidate.id);
        assert!(judged.fullness > 1.0 / 0.8, "{}: {}", judged.candidate.id, judged.fullness);
    }
    println!("{} candidates of piii-1000 turned down", slow.len());
    assert!(slow.iter().any(|judged| judged.candidate.primaries == 8) && slow.len() > 50);
    // Five times as many people change nothing; a tenth of the domains does.
    let many = planned(file, &[short, "population.customers.users=45000"], 2).0;
    assert_eq!(chosen(&many).candidate.id, "stand-alone/1x p4-3000");
    let few = planned(file, &[short, "population.customers.domains=300"], 2).0;
    assert_eq!(chosen(&few).candidate.id, "stand-alone/1x piii-600");
    // And with twice as many domains nothing holds, whatever the number.
    let (none, _) = planned(file, &[short, "population.customers.domains=6000"], 2);
    assert!(none.chosen.is_none() && none.judged.iter().all(|judged| judged.reason.code == ReasonCode::Cpu));
}

#[test]
fn what_a_server_of_3000_domains_does_for_them_is_nine_tenths_of_its_work() {
    let scenario = scenario("hosting-3000-domains.toml", &["time.window=1200 s"]);
    let summary = run(&scenario, 10);
    let cpu = summary.nodes["primary"].cpu_ratio.estimate.unwrap();
    let people = offered(&scenario).station(0, Resource::Cpu).unwrap().by_sessions;
    println!("CPU {cpu:.4}, of which {people:.4} for people and {:.4} for domains", 1.0 / 2.3);
    // The work of people is known to 2 % in these 200 minutes, that is 0.1 % of the processor.
    assert!((cpu - people - 1.0 / 2.3).abs() < 0.004 && people < 0.1 * cpu);
    assert!(summary.levels.iter().all(|level| level.met));
}

const SWITCH: &str = "switch-failure.toml";
/// How long the switch is down in the test.
const DOWN: f64 = 300.0;

/// The file with its fault earlier and shorter.
fn with_switch(option: &str) -> Summary {
    let short = ["time.window=900 s", "fault.crash.at=200 s", "fault.crash.lasts=300 s", option];
    run(&scenario(SWITCH, &short), 20)
}

/// Attempts that fail, on average in a replication, when everybody who comes to a silent switch gives up after 21 s and comes
/// again one to three minutes later, at most three times. Packets go out after 0, 3 and 9 s, and the last one gets through
/// if the switch is back by then.
fn attempts_that_fail(first_per_s: f64) -> f64 {
    let (silent, span) = ((DOWN - 9.0) as usize, 2_000);
    let mut attempts = vec![first_per_s; span];
    let mut all = 0.0;
    for _ in 0..=3 {
        let failing = &attempts[..silent];
        all += failing.iter().sum::<f64>();
        let mut again = vec![0.0; span];
        for (second, failed) in failing.iter().enumerate() {
            (81..201).for_each(|later| again[second + later] += failed / 120.0);
        }
        attempts = again;
    }
    all
}

#[test]
fn one_switch_takes_three_servers_along_and_a_second_one_is_hardly_missed() {
    // Four visits a day of each of 30 000 people, of which the busiest hour has 15 %.
    let per_s = 30_000.0 * 4.0 * 0.15 / 3_600.0;
    let failed = |summary: &Summary| {
        let pop3 = &summary.services["pop3"];
        (pop3.refused + pop3.timed_out + pop3.lost) as f64 / summary.replications as f64
    };
    let alone = with_switch("switch.pair=false");
    let due = attempts_that_fail(per_s);
    println!("alone: {:.0} attempts fail, due {due:.0}; in time {:?}", failed(&alone), alone.levels[0].estimate);
    // 29 000 first attempts in all, each of which is made again or not: the standard error is 0.8 %.
    assert!((failed(&alone) / due - 1.0).abs() < 0.04);
    assert!(!alone.levels[0].met);
    let delay = |summary: &Summary| summary.mail.as_ref().unwrap().accept_delay_s.mean.estimate.unwrap();

    // Those are cut off who are there when it fails: Little's law, with the mean time of a session.
    let pair = with_switch("switch.pair=true");
    let there = per_s * pair.services["pop3"].response_s.mean.estimate.unwrap();
    println!("a pair: {:.1} sessions are cut off, due {there:.1}", failed(&pair));
    // About 400 in 20 replications, that is 5 %.
    assert!((failed(&pair) / there - 1.0).abs() < 0.2 && pair.levels[0].met);
    let recovered = pair.failures[0].recovered_s.unwrap().estimate.unwrap();
    assert!((recovered - 203.6).abs() < 1e-6, "{recovered}");

    let knows = with_switch("switch={ pair = true, keeps_connections = true }");
    println!("which knows the connections: {:.1}", failed(&knows));
    assert!(failed(&knows) == 0.0 && knows.levels[0].met);
    println!("mail is taken after {:.1} s, {:.1} s, {:.1} s", delay(&alone), delay(&pair), delay(&knows));
    assert!(delay(&alone) > 10.0 * delay(&pair) && delay(&pair) > delay(&knows));
}

#[test]
fn simulation_overturns_the_screen_where_a_zone_names_a_primary_that_is_down() {
    let (outcome, recommendation) = planned("regional-isp-x20.toml", &["time.window=240 s"], 2);
    let way = |judged: &Judged| judged.candidate.balancer();
    let by_utilisation = first_survivor(&outcome);
    assert_eq!((way(by_utilisation), by_utilisation.decision), (Some("round-robin-dns"), Decision::Rejected));
    assert_eq!(by_utilisation.reason.code, ReasonCode::LevelMissed);
    assert!(by_utilisation.reason.text.starts_with("`pop3-session` missed with one primary down"));
    // One of so many sessions is sent to the one that is down, and waits 21 s; few of these fetch so much that they may.
    let down = 1.0 / f64::from(by_utilisation.candidate.primaries);
    let share = in_time(by_utilisation, "pop3-session");
    println!("{}: {share:.4} in time, due {:.4} and a little", by_utilisation.candidate.id, 1.0 - down);
    // 48 000 sessions: a standard error of 0.2 %. Those late at the end of the window are not over then, 21 s of its 240.
    assert!((1.0 - down - 0.008..1.0 - down + 0.035).contains(&share));
    // All before the choice are such, and the choice is dearer.
    let index = outcome.chosen.unwrap();
    let before = outcome.judged[..index].iter().filter(|judged| judged.stage != Stage::Screen);
    assert!(before.clone().count() >= 2 && before.clone().all(|judged| way(judged) == Some("round-robin-dns")));
    let choice = chosen(&outcome);
    assert_eq!(choice.candidate.id, "multiple-primaries/6x p4-3000/data dual-xeon-3000-raid/nlb");
    assert!(choice.candidate.cost > by_utilisation.candidate.cost && choice.candidate.cost == Money(3_900_000));
    let (rejected, holding) = both_ways(&outcome);
    assert!(rejected >= 2 && holding >= 1, "{rejected} turned down, {holding} held");
    let binding = recommendation.chosen.unwrap().binding.unwrap();
    assert_eq!((binding.role, binding.resource), ("primary", "disk"));
    assert!((binding.growth_factor - 1.17).abs() < 0.02, "{}", binding.growth_factor);
}

#[test]
fn disks_of_a_small_data_server_bind_first_where_mail_is_read_with_imap() {
    let (outcome, recommendation) = planned("regional-isp-imap.toml", &["time.window=60 s"], 2);
    assert_eq!(chosen(&outcome).candidate.id, "multiple-primaries/2x dual-xeon-3000/data piii-1000-raid");
    let binding = recommendation.chosen.unwrap().binding.unwrap();
    println!("{binding:?}");
    assert_eq!((binding.role, binding.resource), ("data", "disk"));
    assert!((binding.utilisation_ratio - 0.64).abs() < 0.005, "{}", binding.utilisation_ratio);
}
