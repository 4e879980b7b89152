//! Mail in, mail out: senders that try again, the backup, queues, and a ledger that balances at every minute.

use crate::support::{resolve, run, scenario};
use mxplan::cluster::{Event, MailBalance, Observed, Sabotage};
use mxplan::engine::Trace;
use mxplan::experiment::{Control, Failure, StopReason, Summary, simulate, simulate_observed, summarise};
use mxplan::scenario::Scenario;

/// A server that takes messages from elsewhere and puts them into mailboxes, at no cost worth counting.
const SERVER: &str = "format = 1\nname = \"mail\"\n[time]\nwindow = \"600 s\"\nwarm_up = \"0 s\"\n[arrivals.mail]\n\
    service = \"smtp\"\nrate = \"2 /s\"\nfrom_outside = true\noperations = [\"accept\", \"deposit\"]\n\
    [service.smtp.operation.accept]\ntimes = \"per-message\"\ncpu = \"1 ms\"\n[service.smtp.operation.deposit]\n\
    cpu = \"1 ms\"\nreply = \"before\"\ntimes = \"per-recipient\"\ndelivers = true\n[tier.unit]\ncores = 1\nspeed = 1.0\n\
    [node.primary]\ntier = \"unit\"\n";
const ALONE: &str = "[cluster]\nconfiguration = \"stand-alone\"\n";
const WITH_BACKUP: &str = "[cluster]\nconfiguration = \"primary-with-backup\"\n[node.backup]\ntier = \"unit\"\n";

fn server(more: &str, options: &[&str]) -> Scenario {
    resolve("mail.toml", &format!("{SERVER}{more}"), options)
}

fn down(kind: &str, at: &str, lasts: &str) -> String {
    format!("fault.down={{ component = \"primary\", kind = \"{kind}\", at = \"{at}\", lasts = \"{lasts}\" }}")
}

fn observed(scenario: &Scenario, replication: u64) -> Observed {
    simulate(scenario, replication, &Control::default()).unwrap_or_else(|e| panic!("{}: {e:?}", scenario.name)).observed
}

fn end(observed: &Observed) -> MailBalance {
    observed.mail.as_ref().unwrap().end
}

/// When each message came, and when it was due again: letters have slots in the order of their first failures.
fn attempts(scenario: &Scenario) -> (Vec<f64>, Vec<Vec<f64>>) {
    let (mut came, mut again): (Vec<f64>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
    let mut look = Trace(|at: mxplan::units::Time, event: &Event| match event {
        Event::Arrival { .. } => came.push(at.as_secs_f64()),
        Event::Letter { letter } => {
            let slot = letter.slot() as usize;
            again.resize(again.len().max(slot + 1), Vec::new());
            again[slot].push(at.as_secs_f64());
        }
        _ => {}
    });
    simulate_observed(scenario, 0, &Control::default(), Sabotage::default(), &mut look).unwrap();
    (came, again)
}

#[test]
fn a_message_in_phase_with_the_queue_scan_is_tried_at_the_ages_that_postfix_tries() {
    let stop = down("stop", "0 s", "10 days");
    let long = ["time.window=100_000 s", "arrivals.mail.rate=0.00002 /s", stop.as_str()];
    let (came, _) = attempts(&server(ALONE, &long));
    let phase = format!(
        "sender={{ p = {{ delivery = {{ phase = \"{} ns\" }} }} }}",
        (came[0] * 1e9).round() as u64 % 300_000_000_000
    );
    let (came, again) = attempts(&server(ALONE, &[&long[..], &[&phase]].concat()));
    let ages: Vec<f64> = again[0].iter().map(|at| ((at - came[0]) / 6e-3).round() / 1e4).take(8).collect();
    println!("ages in minutes: {ages:?}");
    assert_eq!(ages, [5.0, 10.0, 20.0, 40.0, 80.0, 150.0, 220.0, 290.0]);
}

#[test]
fn with_random_phases_the_kth_retry_lies_in_its_octave() {
    let stop = down("stop", "0 s", "10 days");
    let options = ["time.window=12_000 s", "arrivals.mail.rate=0.1 /s", stop.as_str()];
    let (came, again) = attempts(&server(ALONE, &options));
    let mut seen = [0; 4];
    let mut first_ages = Vec::new();
    for (came, again) in came.iter().zip(&again) {
        for (k, at) in again.iter().enumerate().take(4) {
            let (age, octave) = ((at - came) / 60.0, f64::from(1 << k));
            assert!((5.0 * octave..10.0 * octave).contains(&age), "retry {k} at {age} min");
            seen[k] += 1;
            if k == 0 {
                first_ages.push(age);
            }
        }
    }
    // Uniform from 5 to 10 min: standard error 5/√12/√n.
    let mean = first_ages.iter().sum::<f64>() / first_ages.len() as f64;
    let error = (mean - 7.5) / (5.0 / 12.0_f64.sqrt() / (first_ages.len() as f64).sqrt());
    println!(
        "{seen:?} retries in their octaves; first after {mean:.3} min on average, {error:+.2} standard errors from 7.5"
    );
    assert!(seen[0] > 1_000 && seen[3] > 500 && error.abs() < 4.0, "{seen:?}");
}

#[test]
fn a_dead_exchange_of_two_bounds_what_a_sender_delivers() {
    // Half of the deliveries wait for 30 s at the silent one of two equal hosts: concurrency x 2 / 30 s (Postfix,
    // TUNING_README: about 6 a second with 100, just over 1 with 20). Deliveries are exponential enough that their number has
    // about the standard error of a Poisson number.
    for (concurrency, rate, seed, due) in [(100, 12, 1, 100.0 * 2.0 / 30.0), (20, 3, 2, 20.0 * 2.0 / 30.0)] {
        let sender = format!(
            "sender={{ one = {{ servers = 1, delivery = {{ concurrency = {concurrency}, initial_concurrency = {concurrency} }} }} }}"
        );
        let (rate, seed) = (format!("arrivals.mail.rate={rate} /s"), format!("random.seed={seed}"));
        let fault = "fault.dead={ component = \"primary-2\", kind = \"black-hole\", at = \"0 s\" }";
        let text = "[cluster]\nconfiguration = \"multiple-primaries\"\n[node.data]\ntier = \"unit\"\n[routing.default.round-robin-dns]\n";
        let options =
            ["node.primary.count=2", "time.window=4000 s", "time.warm_up=200 s", fault, &sender, &rate, &seed];
        let scenario = server(text, &options);
        let (mut taken, mut seconds) = (0, 0.0);
        for replication in 0..if concurrency == 20 { 40 } else { 8 } {
            let observed = observed(&scenario, replication);
            taken += observed.mail.as_ref().unwrap().accept_delay.count();
            seconds += observed.window_ns as f64 / 1e9;
        }
        let found = taken as f64 / seconds;
        let error = (found - due) / (due / seconds).sqrt();
        println!(
            "concurrency {concurrency}: {found:.4} messages a second, by the law {due:.4}, {error:+.2} standard errors"
        );
        assert!((found / due - 1.0).abs() < 0.02 && error.abs() < 4.0);
    }
}

#[test]
fn mail_that_no_primary_takes_waits_at_the_backup_and_is_delivered_after_the_repair() {
    let stop = down("stop", "100 s", "1200 s");
    let options = ["time.window=7200 s", stop.as_str()];
    let (alone, with) = (server(ALONE, &options), server(WITH_BACKUP, &options));
    for replication in 0..3 {
        let (alone, with) = (observed(&alone, replication), observed(&with, replication));
        for (what, observed) in [("alone", &alone), ("with a backup", &with)] {
            let mail = observed.mail.as_ref().unwrap();
            println!("{what}: {:?} peaks {:?}", mail.end, mail.peaks);
            assert_eq!(mail.end.offered, mail.end.delivered + mail.end.in_flight + mail.end.queued());
        }
        // 2 a second for 1200 s, at the senders or at the backup; the relative standard error is 2 %.
        let (senders, backup) =
            (alone.mail.as_ref().unwrap().peaks[2] as f64, with.mail.as_ref().unwrap().peaks[4] as f64);
        assert!((senders / 2_400.0 - 1.0).abs() < 0.1 && (backup / 2_400.0 - 1.0).abs() < 0.1, "{senders} {backup}");
        assert_eq!(with.mail.as_ref().unwrap().peaks[2], 0, "senders have nothing to keep");
        assert_eq!((end(&alone).bounced, end(&with).bounced), (0, 0));
    }
}

#[test]
fn the_ledger_balances_in_every_shipped_scenario_at_every_minute() {
    // It is held against itself minute by minute and counted one by one at each of them, and a contradiction is an error.
    let folder = format!("{}/scenarios", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    files.retain(|name| name.ends_with(".toml"));
    files.sort();
    let mut with_mail = 0;
    for file in &files {
        let plain = scenario(file, &[]);
        let clock = plain.window.as_secs_f64() > 7_200.0;
        let (window, at) = if clock { ("time.window=day", "day 1 00:10") } else { ("time.window=900 s", "200 s") };
        let first = plain.cluster.nodes[0].name.clone();
        let fault =
            format!("fault={{ x = {{ component = \"{first}\", kind = \"stop\", at = \"{at}\", lasts = \"5 min\" }} }}");
        let few = if clock { vec!["population.subscribers.users=1000"] } else { Vec::new() };
        for options in [few.clone(), [&few[..], &[window, &fault]].concat()] {
            if !clock && options.is_empty() {
                continue;
            }
            let scenario = scenario(file, &options);
            for replication in 0..2 {
                let observed = observed(&scenario, replication);
                let minutes = observed.minutes.iter().filter(|minute| minute.mail.is_some()).count();
                assert!(minutes == 0 || minutes == observed.minutes.len());
                with_mail += usize::from(minutes > 0);
            }
        }
    }
    println!("{} scenarios, {with_mail} replications with mail", files.len());
    assert!(with_mail > 20);
}

#[test]
fn a_message_that_vanishes_or_is_delivered_twice_is_noticed() {
    let scenario = scenario("config-2-primary-with-backup.toml", &["time.window=300 s"]);
    for (what, sabotage) in [
        ("vanishes", Sabotage { drop_message: Some(500), ..Sabotage::default() }),
        ("is doubled", Sabotage { double_message: Some(500), ..Sabotage::default() }),
    ] {
        let result = simulate_observed(&scenario, 0, &Control::default(), sabotage, &mut ());
        let Err(Failure::Contradiction { replication: 0, found }) = result else {
            panic!("a message that {what} went unnoticed")
        };
        assert!(found.iter().any(|what| what.contains("the ledger of mail does not add up in minute")), "{found:?}");
    }
}

/// The mean of an estimate.
fn mean(response: &mxplan::experiment::Response) -> f64 {
    response.mean.estimate.unwrap()
}

/// A message takes four round trips.
const FOUR_TRIPS: &str = "service.smtp.operation.accept.round_trips=4";

fn list(options: &[&str]) -> Vec<String> {
    options.iter().map(|option| (*option).to_owned()).collect()
}

#[test]
fn every_key_of_mail_moves_what_it_is_about() {
    type Watched = fn(&Summary) -> f64;
    type Row = (&'static str, Vec<String>, String, Watched, std::ops::Range<f64>);
    let left: Watched = |s| s.mail.as_ref().unwrap().at_backups as f64 + 1.0;
    let refused: Watched = |s| s.mail.as_ref().unwrap().refused as f64 + 1.0;
    let failed: Watched = |s| s.streams["mail"].failed as f64;
    let taken: Watched = |s| mean(&s.mail.as_ref().unwrap().accept_delay_s);
    let delivered: Watched = |s| mean(&s.mail.as_ref().unwrap().delivery_delay_s);
    let repeated: Watched = |s| s.mail.as_ref().unwrap().repeated as f64 + 1.0;
    let bounced: Watched = |s| s.mail.as_ref().unwrap().bounced as f64 + 1.0;
    let notices: Watched = |s| s.mail.as_ref().unwrap().generated as f64 + 1.0;
    let duplicated: Watched = |s| s.mail.as_ref().unwrap().duplicated as f64 + 1.0;
    let lookups: Watched = |s| s.mail.as_ref().unwrap().mx_queries.unwrap() as f64;
    let present: Watched = |s| s.services["smtp"].concurrency.estimate.unwrap();
    let response: Watched = |s| mean(&s.services["smtp"].response_s);
    let sender = |keys: &str| format!("sender={{ p = {{ delivery = {{ {keys} }} }} }}");
    let limited = |keys: &str| format!("sender={{ p = {{ servers = 4, delivery = {{ {keys} }} }} }}");
    let stop = down("stop", "100 s", "3000 s");
    let (silent, slow) = (
        down("black-hole", "100 s", "3000 s"),
        "fault.down={ component = \"primary\", kind = \"slow\", \
        at = \"0 s\", speed = \"0.05 %\" }"
            .to_owned(),
    );
    let long = "time.window=6000 s";
    // Each row: the cluster, what is the case before, the option, what moves, and by which factor: by hand where it can be.
    let rows: &[Row] = &[
        // Looking through the queue every minute, a message is tried again after 5 to 6 and not 5 to 10 minutes.
        (ALONE, list(&[long, &stop]), sender("scan = \"60 s\""), repeated, 1.1..1.8),
        (ALONE, list(&[long, &stop]), sender("minimal_backoff = \"3000 s\""), repeated, 0.1..0.6),
        (ALONE, list(&[long, &stop]), sender("maximal_backoff = \"300 s\""), repeated, 1.8..4.0),
        (
            ALONE,
            list(&[long, &stop, "arrivals.mail.rate=0.1 /s"]),
            sender("lifetime = \"1000 s\""),
            bounced,
            100.0..1e4,
        ),
        (
            ALONE,
            list(&[long, &stop, "arrivals.mail.rate=0.1 /s"]),
            sender("delay_warning = \"1000 s\""),
            notices,
            100.0..1e4,
        ),
        // Whoever meets silence, or no answer, is there for as long as that takes.
        (ALONE, list(&[long, &silent]), sender("connect_timeout = \"1 s\""), present, 0.02..0.06),
        (
            ALONE,
            list(&[long, &down("hang", "100 s", "3000 s")]),
            sender("command_timeout = \"30 s\""),
            present,
            0.05..0.2,
        ),
        // Silent for 20 s: who comes then is found with the packet at 3, 9 or 21 s, 14.7 s on average; or after 20 s.
        (
            ALONE,
            list(&["time.window=60 s", "arrivals.mail.rate=20 /s", &down("black-hole", "0 s", "20 s")]),
            sender("first_resend = \"20 s\""),
            taken,
            1.26..1.46,
        ),
        (ALONE, list(&["time.window=60 s", &slow]), sender("data_timeout = \"1 s\""), duplicated, 5.0..1e4),
        (ALONE, list(&[long, &stop, &limited("scan = \"300 s\"")]), limited("pause = \"3000 s\""), failed, 0.02..0.5),
        (
            ALONE,
            list(&[
                long,
                "arrivals.mail.rate=20 /s",
                "service.smtp.operation.accept.think=2 s",
                &limited("concurrency = 20"),
            ]),
            limited("concurrency = 9"),
            taken,
            5.0..1e4,
        ),
        (
            ALONE,
            list(&[
                "time.window=20 s",
                "arrivals.mail.rate=20 /s",
                "service.smtp.operation.accept.think=2 s",
                &limited("concurrency = 20"),
            ]),
            limited("initial_concurrency = 20"),
            taken,
            0.3..0.99,
        ),
        (
            ALONE,
            list(&[
                "arrivals.mail.rate=20 /s",
                "service.smtp.operation.accept.think=2 s",
                &limited("concurrency = 20"),
            ]),
            "sender.p.servers=1".into(),
            taken,
            5.0..1e4,
        ),
        (WITH_BACKUP, list(&[long, &stop]), "backup.delivery.scan=60 s".into(), delivered, 0.3..0.99),
        // Told to send, it has 6000 messages that take 4 s each: of those 2900 s are enough for 3600, or for 700.
        (
            WITH_BACKUP,
            list(&[long, &stop, "backup.flush=1 min", "backup.delivery.concurrency=5", "backup.rtt=1 s", FOUR_TRIPS]),
            "backup.delivery.concurrency=1".into(),
            left,
            1.5..3.0,
        ),
        (
            WITH_BACKUP,
            list(&[long, &stop, "backup.flush=1 min", FOUR_TRIPS]),
            "backup.rtt=2 s".into(),
            delivered,
            1.1..9.0,
        ),
        (
            WITH_BACKUP,
            list(&[
                long,
                &stop,
                "backup.flush=1 min",
                "service.smtp.operation.accept.client_transfer=upload",
                "arrivals.mail.size=100 KB",
            ]),
            "backup.bandwidth=8 kbit/s".into(),
            left,
            5.0..1e5,
        ),
        // A minute after the repair, and not when its queue has it: within 4000 s and a scan.
        (WITH_BACKUP, list(&[long, &stop]), "backup.flush=1 min".into(), delivered, 0.3..0.9),
        (ALONE, list(&["mx.lookup=1 s"]), "mx.lookup=2 s".into(), response, 1.98..2.02),
        // Four servers ask once in a minute each, and not every time that a message comes.
        (ALONE, list(&["mx.ttl=0 s", &limited("scan = \"300 s\"")]), "mx.ttl=60 s".into(), lookups, 0.02..0.05),
        (ALONE, list(&[long, &stop]), "arrivals.mail.from_outside=false".into(), refused, 1e3..1e5),
    ];
    for (cluster, before, option, watched, factor) in rows {
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let is_other = |known: &&str| known.split('=').next() != option.split('=').next();
        let after: Vec<&str> = before.iter().copied().filter(is_other).chain([option.as_str()]).collect();
        let (old, new) = (watched(&run(&server(cluster, &before), 3)), watched(&run(&server(cluster, &after), 3)));
        println!("{option}: {old:.3} → {new:.3}");
        assert!(factor.contains(&(new / old)), "`{option}`: {old} → {new} is not within {factor:?}");
    }
}

#[test]
fn people_try_again_by_habit_and_their_mail_waits_with_them() {
    // A server that is down for 300 s of 1200; whoever comes then tries again every minute, at most twice: those of the last
    // two minutes reach it, those before give up.
    let group = |keys: &str| format!("client_group={{ all = {{ share = \"100 %\"{keys} }} }}");
    let stop = down("stop", "300 s", "300 s");
    let options = ["arrivals.mail.from_outside=false", "time.window=1200 s", &stop];
    let with = |keys: &str| {
        let group = group(keys);
        run(&server(ALONE, &[&options[..], &[group.as_str()]].concat()), 10)
    };
    let (never, twice) = (with(""), with(", retries = 2, retry_interval = \"60 s\""));
    let refused = |summary: &Summary| summary.mail.as_ref().unwrap().refused as f64 / 10.0;
    let (all, rest) = (refused(&never), refused(&twice));
    println!(
        "refused {all} of 600, and {rest} of 360 with two more tries; tried again {}",
        twice.services["smtp"].retried
    );
    // Standard errors √600/√10 and √360/√10 messages.
    assert!((all - 600.0).abs() < 4.0 * 7.75 && (rest - 360.0).abs() < 4.0 * 6.0);
    assert_eq!(never.services["smtp"].retried, 0);
    // Each of the 360 tries twice more, those of the last two minutes once or twice.
    let retried = twice.services["smtp"].retried as f64 / 10.0;
    assert!((retried - (720.0 + 120.0 + 240.0)).abs() < 60.0, "{retried}");
}

/// What still works in a window through which a primary is down: shares of the sessions that are served.
fn works(file: &str, options: &[&str]) -> [f64; 3] {
    let summary = run(&scenario(file, options), 3);
    ["inbound", "submission", "check"].map(|kind| {
        let of = |name: &&String| name.contains(kind);
        let streams = || summary.streams.iter().filter(|(name, _)| of(name)).map(|(_, stream)| stream);
        let (served, offered): (u64, u64) = (streams().map(|s| s.served).sum(), streams().map(|s| s.offered).sum());
        served as f64 / offered as f64
    })
}

#[test]
fn what_still_works_in_each_configuration_while_a_primary_is_down() {
    // 20 minutes at the rates of the peak hour, in all of which one primary refuses connections. A switch that checks takes a
    // node out after 4 to 6 s.
    let check = "routing.default.switch.check={ kind = \"service\" }";
    let rows: [(&str, &str, &[&str], [f64; 3]); 7] = [
        ("config-1-stand-alone.toml", "primary", &[], [0.0, 0.0, 0.0]),
        ("config-2-primary-with-backup.toml", "primary", &[], [1.0, 0.0, 0.0]),
        ("config-3-dual-primaries.toml", "primary-2", &[check], [1.0, 1.0, 1.0]),
        ("config-4-primary-with-data-and-backup.toml", "primary", &[], [1.0, 0.0, 0.0]),
        ("config-5-multiple-primaries.toml", "primary-2", &[check], [1.0, 1.0, 1.0]),
        (
            "config-6-service-specific.toml",
            "pop3-1",
            &["routing.pop3.switch.check={ kind = \"service\" }"],
            [1.0, 1.0, 1.0],
        ),
        ("config-6-service-specific.toml", "smtp", &[], [0.0, 0.0, 1.0]),
    ];
    println!("configuration, down: receiving, sending, reading (shares of sessions served)");
    for (file, node, options, due) in rows {
        let fault = format!("fault.x={{ component = \"{node}\", kind = \"stop\", at = \"0 s\", lasts = \"20 min\" }}");
        let found = works(file, &[&["time.window=1200 s", &fault], options].concat());
        println!("{file}, {node}: {:.3} {:.3} {:.3}", found[0], found[1], found[2]);
        for (found, due) in found.into_iter().zip(due) {
            assert!((found - due).abs() < 0.02, "{file}: {found} and not {due}");
        }
    }
}

/// Minutes of the window in which at least one copy more than `usual` waits at senders or at the backup.
fn backlog(observed: &Observed) -> Vec<u64> {
    observed.minutes.iter().filter_map(|minute| minute.mail).map(|mail| mail.at_senders + mail.at_backups).collect()
}

#[test]
fn an_outage_of_twenty_minutes_and_one_of_three_hours_with_and_without_a_backup() {
    let file = "backup-mx-outage.toml";
    let alone = ["cluster.configuration=stand-alone", "node={ primary = { tier = \"dual-piii-1000-raid\" } }"];
    let without: Vec<String> = {
        // The same people without the backup: its tables have to go.
        let path = format!("{}/scenarios/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        text.split("\n\n")
            .filter(|part| !part.starts_with("[node.backup]") && !part.starts_with("[backup]"))
            .map(str::to_owned)
            .collect()
    };
    let without = without.join("\n\n");
    println!(
        "outage, backup: mean delay until taken, until in a mailbox; most at senders, at the backup; drained after the repair"
    );
    let mut seen = Vec::new();
    for lasts in ["20 min", "3 h"] {
        let option = format!("fault.morning-crash.lasts={lasts}");
        for has_backup in [false, true] {
            let scenario = match has_backup {
                true => scenario(file, &[option.as_str()]),
                false => resolve("alone.toml", &without, &[&alone[..], &[option.as_str()]].concat()),
            };
            let record = simulate(&scenario, 0, &Control::default()).unwrap();
            let summary = summarise(&scenario, std::slice::from_ref(&record), StopReason::Replications);
            let observed = record.observed;
            let mail = summary.mail.as_ref().unwrap();
            let backlog = backlog(&observed);
            let repaired = 9 * 60 + 30 + if lasts == "3 h" { 180 } else { 20 };
            let drained = backlog[repaired..].iter().position(|waiting| *waiting == 0).unwrap();
            let [taken, delivered] = [mean(&mail.accept_delay_s), mean(&mail.delivery_delay_s)];
            println!(
                "{lasts}, {has_backup}: {taken:.1} s, {delivered:.1} s; {}, {}; {drained} min; waves {:?}",
                mail.senders_peak,
                mail.backup_peak,
                (0..12).map(|i| backlog[repaired + 5 * i]).collect::<Vec<_>>()
            );
            assert_eq!(mail.bounced + mail.lost, 0);
            seen.push((taken, drained, mail.senders_peak, mail.backup_peak));
        }
    }
    let [short, short_with, long, long_with] = seen[..] else { unreachable!() };
    // Without a backup the last message is tried again within 20 min after a short outage, and within 4000 s and a scan after a
    // long one; the backup is told to send a minute after the repair.
    assert!(short.1 <= 21 && long.1 <= 72 && long.1 > 30);
    assert!(short_with.0 < short.0 && long_with.0 < long.0 / 5.0 && short_with.1 <= 3 && long_with.1 <= 3);
    assert!(short_with.3 > 100 && long_with.3 > 1_000 && short.3 == 0);
}

#[test]
fn a_disk_that_is_lost_takes_the_queue_with_it() {
    // The backup takes all mail for 300 s, 2 messages a second, and then its disk is gone.
    let primary = down("stop", "0 s", "1 day");
    let backup =
        "fault.gone={ component = \"backup\", kind = \"stop\", at = \"300 s\", lasts = \"100 s\", loses_disk = true }";
    let (kept, gone) = (server(WITH_BACKUP, &[&primary]), server(WITH_BACKUP, &[&primary, backup]));
    let lost = |scenario: &Scenario| -> f64 {
        (0..10).map(|replication| end(&observed(scenario, replication)).lost as f64).sum::<f64>() / 10.0
    };
    println!("lost {} of 600 messages, and {} where the disk survives", lost(&gone), lost(&kept));
    // Standard error √600/√10.
    assert!((lost(&gone) - 600.0).abs() < 4.0 * 7.75 && lost(&kept) == 0.0);
    // While it is down, its queue is stranded and servers keep what comes.
    let observed = observed(&gone, 0);
    let at = |minute: usize| observed.minutes[minute].mail.unwrap();
    assert!(at(5).stranded > 450 && at(5).at_backups == 0, "{:?}", at(5));
    assert!(at(6).at_senders > 100 && at(7).stranded == 0 && at(7).lost > 450, "{:?}", at(6));
}
