//! Space: what mailboxes take, which disk holds them, and when it is full.

use crate::support::{resolve, scenario};
use mxplan::analytic::{Space, space};
use mxplan::planner::{Bench, Candidate, ReasonCode, enumerate, screen};
use mxplan::scenario::Scenario;

const ALONE: &str = "stand-alone.toml";

fn of(options: &[&str]) -> Space {
    space(&scenario(ALONE, options)).unwrap()
}

#[test]
fn every_key_moves_the_space_or_its_date() {
    type Row = (&'static [&'static str], &'static str, fn(&Space) -> f64, f64);
    let needed: fn(&Space) -> f64 = |space| space.needed;
    let rows: &[Row] = &[
        (&["population.subscribers.mailbox=1 MB"], "population.subscribers.mailbox=3 MB", needed, 3.0),
        (&["population.subscribers.mailbox=1 MB"], "population.subscribers.users=142_856", needed, 2.0),
        (&["population.subscribers.mailbox=1 MB"], "population.subscribers.quota=250 KB", needed, 0.25),
        (&["population.subscribers.retention=10 days"], "population.subscribers.retention=30 days", needed, 3.0),
        (&["population.subscribers.retention=10 days"], "population.subscribers.quota=1 KB", needed, 1e3 / 981_300.0),
        // 71 428 MB on 108 GB: ln(108/71.428) / ln(1.25) years, and half the logarithm of the rate doubles them.
        (
            &["population.subscribers.mailbox=1 MB", "population.subscribers.growth=25 % /year"],
            "population.subscribers.growth=11.803398875 % /year",
            |space| space.full_in_months.unwrap(),
            2.0,
        ),
        (
            &["population.subscribers.mailbox=1 MB"],
            "node.primary.tier=dual-piii-1000-raid",
            |space| space.used_ratio().unwrap(),
            2.0,
        ),
    ];
    for (base, option, watched, factor) in rows {
        let (before, after) = (watched(&of(base)), watched(&of(&[base, &[*option][..]].concat())));
        println!("{option}: {before:.4} → {after:.4}");
        assert!((after / before / factor - 1.0).abs() < 1e-3, "`{option}` moves {before} to {after}, not by {factor}");
    }
    assert_eq!(space(&scenario(ALONE, &[])), None, "nothing is said about mailboxes of unknown size");
}

#[test]
fn what_is_kept_is_what_is_received() {
    // 4 messages of 24.5325 KB a day, whatever the window and the hour of it, for ten days.
    for window in ["time.window=peak-hour", "time.window=week", "time.window=77 s"] {
        let kept = of(&["population.subscribers.retention=10 days", window]);
        assert!((kept.needed / (71_428.0 * 4.0 * 24_532.5 * 10.0) - 1.0).abs() < 1e-6, "{}", kept.needed);
    }
    // It is also what the file cache would have to hold.
    let scenario = scenario(ALONE, &["population.subscribers.retention=10 days"]);
    assert!((scenario.working_set().unwrap() / space(&scenario).unwrap().needed - 1.0).abs() < 1e-12);
}

#[test]
fn the_disk_is_a_resource_with_its_users_and_a_date() {
    let big = of(&["population.subscribers.mailbox=1 MB", "population.subscribers.growth=25 % /year"]);
    assert_eq!((big.disk, big.supported_users(71_428)), (Some(108_000_000_000), Some(108_000)));
    let months = 12.0 * (108.0_f64 / 71.428).ln() / 1.25_f64.ln();
    assert!((big.full_in_months.unwrap() - months).abs() < 1e-4, "{:?}", big.full_in_months);
    let full = of(&["population.subscribers.mailbox=2 MB"]);
    assert_eq!((full.full_in_months, full.supported_users(71_428)), (Some(0.0), Some(54_000)));
    let text = |options: &[&str]| {
        let path = format!("{}/scenarios/{ALONE}", env!("CARGO_MANIFEST_DIR"));
        let mut arguments = vec!["check", &path];
        options.iter().for_each(|option| arguments.extend(["--set", option]));
        String::from_utf8(crate::cli::mxplan().args(arguments).assert().code(0).get_output().stdout.clone()).unwrap()
    };
    let said = text(&["population.subscribers.mailbox=1.4 MB", "population.subscribers.growth=25 % /year"]);
    assert!(said.contains("The mailboxes take 100 GB of 108 GB on primary, 92.6 %."), "{said}");
    assert!(said.contains("The space of primary binds before every other resource."), "{said}");
    assert!(said.contains("Full in 4.14 months."), "{said}");
    assert!(text(&["population.subscribers.mailbox=2 MB"]).contains("The space of primary does not suffice."));
    assert!(!text(&[]).contains("\nSpace\n"));
}

/// A small search among two data servers of which one is too small for the mail.
fn search(mailbox: &str) -> Scenario {
    let text = include_str!("../../scenarios/regional-isp.toml");
    let plan = "plan={ configurations = [\"multiple-primaries\"], tiers = [\"dual-xeon-3000\"], data_tiers = \
                [\"piii-1000-raid\", \"dual-xeon-3000-raid\"], most_primaries = 2 }";
    resolve("x.toml", text, &[plan, &format!("population.subscribers.mailbox={mailbox}"), "time.window=300 s"])
}

#[test]
fn a_search_turns_down_a_store_that_does_not_fit() {
    let reasons = |mailbox: &str| -> Vec<(String, Option<ReasonCode>)> {
        let scenario = search(mailbox);
        let plan = scenario.plan.clone().unwrap();
        let mut bench = Bench::new(&scenario, &plan);
        let of = |candidate: &Candidate| {
            let rejection = screen(&mut bench, &plan, candidate).err();
            if let Some(rejection) = rejection.as_ref().filter(|rejection| rejection.reason.code == ReasonCode::Space) {
                let text = "300.0 GB of mailboxes do not fit on the 108.0 GB of the data";
                assert_eq!((rejection.reason.text.as_str(), rejection.fullness > 2.7), (text, true));
            }
            (candidate.data_tier.as_ref().unwrap().name.clone(), rejection.map(|rejection| rejection.reason.code))
        };
        enumerate(&scenario, &plan).iter().map(of).collect()
    };
    // 30 000 mailboxes of 10 MB: 300 GB, on 108 or 511.
    let (small, large) = (reasons("1 MB"), reasons("10 MB"));
    assert!(small.len() >= 2 && small.iter().all(|(_, code)| *code != Some(ReasonCode::Space)), "{small:?}");
    for (tier, code) in large {
        assert_eq!(code == Some(ReasonCode::Space), tier == "piii-1000-raid", "{tier}: {code:?}");
    }
}
