//! One provider at one, four and twenty times its size, with POP3, with its mail scanned and with IMAP: what to buy changes its
//! kind, and so does what is used up first.

use crate::support::scenario;
use mxplan::experiment::{Control, Rule};
use mxplan::planner::{Design, plan, recommend};
use std::collections::BTreeSet;

const USERS: u64 = 30_000;

/// The three scenarios. Four times the people with their mail scanned need more primaries than the file allows; two tiers do,
/// so that the search stays short.
const VARIANTS: [(&str, &[&str]); 3] = [
    ("regional-isp.toml", &[]),
    ("regional-isp-scanned.toml", &["plan.most_primaries=100", "plan.tiers=[\"dual-xeon-3000\", \"quad-xeon-2800\"]"]),
    ("regional-isp-imap.toml", &[]),
];

/// What is chosen where so many times the people come, which must outlast so much.
fn answer(file: &str, options: &[&str], factor: u64, survive: &str) -> Design {
    let own = [format!("population.subscribers.users={}", USERS * factor), format!("plan.survive={survive}")];
    // As many sessions come in less time.
    let window = format!("time.window={} s", 60 / factor.min(4));
    let options: Vec<&str> = options.iter().copied().chain([&*own[0], &*own[1], &*window]).collect();
    let scenario = scenario(file, &options);
    let outcome = plan(&scenario, Rule::Count(3), &Control::default()).unwrap();
    let recommendation = recommend(&scenario, &outcome);
    recommendation.chosen.unwrap_or_else(|| panic!("{file} × {factor}: {}", recommendation.sentence))
}

/// What a design uses up first, with services split or not: `primary disk`.
fn binding(design: &Design) -> String {
    let binding = design.binding.as_ref().unwrap();
    let role = binding.role.trim_start_matches("mail ").trim_start_matches("reading ");
    format!("{role} {}", binding.resource)
}

#[test]
fn size_scanning_and_imap_change_the_configuration_and_what_binds() {
    let (mut configurations, mut resources) = (BTreeSet::new(), BTreeSet::new());
    let mut answers = Vec::new();
    println!("scenario | users × | survive | candidate | USD | binds | growth");
    for (file, options) in VARIANTS {
        for factor in [1, 4, 20] {
            // Twenty times the size with one server down is what `regional-isp-x20.toml` asks.
            let states: &[&str] = if factor == 20 { &["none"] } else { &["none", "one-node"] };
            for survive in states.iter().copied() {
                let design = answer(file, options, factor, survive);
                let (what, growth) = (binding(&design), design.binding.as_ref().unwrap().growth_factor);
                let (candidate, cost) = (&design.candidate, design.cost_usd);
                println!("{file} | {factor} | {survive} | {candidate} | {cost} | {what} | {growth:.2}");
                assert!(growth >= 1.0, "the choice carries today's load");
                configurations.insert(design.configuration);
                resources.insert(what.clone());
                answers.push((file, factor, survive, design.configuration, what));
            }
        }
    }
    println!("{configurations:?}\n{resources:?}");
    assert!(configurations.len() >= 3 && resources.len() >= 3);

    let of = |file: &str, factor: u64, survive: &str| {
        let (_, _, _, configuration, what) =
            answers.iter().find(|own| own.0 == file && own.1 == factor && own.2 == survive).unwrap();
        (*configuration, what.as_str())
    };
    // Mail is written to the queue of its primary three times, and read from the store once or twice.
    assert_eq!(of("regional-isp.toml", 1, "none"), ("stand-alone", "primary disk"));
    assert_eq!(of("regional-isp.toml", 4, "none"), ("service-specific", "primary disk"));
    assert_eq!(of("regional-isp.toml", 20, "none"), ("multiple-primaries", "primary disk"));
    for (factor, survive) in [(1, "none"), (4, "none"), (20, "none"), (1, "one-node"), (4, "one-node")] {
        assert_eq!(of("regional-isp-scanned.toml", factor, survive), ("multiple-primaries", "primary CPU"));
    }
    // Nothing else outlasts a server and is as simple.
    assert!([1, 4].iter().all(|factor| of("regional-isp.toml", *factor, "one-node").0 == "multiple-primaries"));
    assert_eq!(of("regional-isp-imap.toml", 1, "one-node"), ("multiple-primaries", "data disk"));
    assert_eq!(of("regional-isp-imap.toml", 20, "none"), ("multiple-primaries", "primary CPU"));
}
