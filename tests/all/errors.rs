//! What is wrong is named with its place and its remedy; `messages` is the list of what can be said about a scenario.

mod mail;
mod messages;

use crate::cli::mxplan;
use messages::{
    BASE, BURST_AT, CALLS, CONDITIONS, DIRECTORY, DNS, DUAL, FAILING, FILE, NLB, REGIONAL, SCANNED, SET, SPECIFIC,
    SPLIT, STANDING,
};
use std::path::Path;

fn refused(arguments: &[&str], message: &str, place: &str) {
    let output = mxplan().args(arguments).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
    assert!(output.stdout.is_empty());
    assert!(stderr.starts_with("error: "), "{arguments:?}: {stderr}");
    assert!(stderr.contains(message), "{arguments:?}: expected `{message}` in\n{stderr}");
    assert!(stderr.contains(place), "{arguments:?}: expected the place `{place}` in\n{stderr}");
    if place.contains(".toml:") {
        assert!(stderr.trim_end().ends_with('^'), "{arguments:?}: no caret in\n{stderr}");
    }
}

fn written(home: &Path, name: &str, text: &str) -> String {
    let path = home.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn a_slip_in_the_file_has_its_line_and_column() {
    let home = tempfile::tempdir().unwrap();
    for (there, instead, message, place) in FILE {
        assert!(BASE.contains(there), "{there}");
        let path = written(home.path(), "x.toml", &BASE.replacen(there, instead, 1));
        refused(&["check", &path], message, place);
    }
}

#[test]
fn a_slip_in_an_option_names_the_option_or_what_it_made_wrong() {
    let home = tempfile::tempdir().unwrap();
    let path = written(home.path(), "x.toml", BASE);
    mxplan().args(["check", &path]).assert().code(0);
    for (option, message, place) in SET.iter().chain(mail::NO_MAIL) {
        refused(&["check", &path, "--set", option], message, place);
    }
    let shipped = [
        ("directory", DIRECTORY),
        ("dns-ttl", FAILING),
        ("nlb-33-hosts", NLB),
        ("regional-isp", REGIONAL),
        ("regional-isp-scanned", SCANNED),
        ("config-3-dual-primaries", DUAL),
        ("config-6-service-specific", SPECIFIC),
        ("theory/calls", CALLS),
        ("theory/dns", DNS),
        ("theory/split", SPLIT),
        ("config-2-primary-with-backup", mail::WITH_BACKUP),
        ("regional-isp", mail::WITHOUT),
        ("theory/standing", STANDING),
    ];
    for (name, slips) in shipped {
        let path = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        for (option, message, place) in slips {
            refused(&["check", &path, "--set", option], message, place);
        }
        if name == "regional-isp" {
            let (burst, message) = BURST_AT;
            refused(&["check", &path, "--set", "time.window=day", "--set", burst], message, "`--set burst`)");
        }
    }
}

/// The pools of the built-in profile, and its sessions that open their mailboxes, from one `pool` to the other.
const POOLS: &str = r#"[pool.quiet]
users = "92.5 %"

[pool.eager]                    # polled again and again
users = "7.5 %"
"#;
const VISITS: &str = r#"pool = "quiet"
operations = ["login", "retrieve"]

[session.eager-check]
service = "pop3"
per_user_per_day = 3.0
pool = "eager"
"#;

#[test]
fn a_profile_of_ones_own_is_read_as_strictly() {
    let home = tempfile::tempdir().unwrap();
    let shipped = |path: &str| std::fs::read_to_string(format!("{}/scenarios/{path}", env!("CARGO_MANIFEST_DIR")));
    let profile = shipped("profiles/pop-isp-2003.toml").unwrap();
    let scenario = shipped("stand-alone.toml").unwrap().replace("\"pop-isp-2003\"", "\"own.toml\"");
    let path = written(home.path(), "x.toml", &scenario);
    written(home.path(), "own.toml", &profile);
    mxplan().args(["check", &path]).assert().code(0);
    for (there, instead, message) in [
        ("format = 1", "format = 7", "`format` is `7`; this program reads format 1"),
        ("service = \"pop3\"", "service = \"pop\"", "there is no service `pop`; did you mean `pop3`?"),
        ("\"login\", \"retrieve\"", "\"logni\"", "there is no operation `logni`; did you mean `login`?"),
        ("per_user_per_day = 2.0", "per_user_per_day = 0.0", "`per_user_per_day` is `0`; it must be above zero"),
        ("\nday = [", "\nday = [0.5, ", "`day` has 25 shares that add up to"),
        ("\"92.5 %\"", "\"92 %\"", "the `users` of the pools add up to `0.995"),
        (POOLS, "[pool.all]\nusers = 1\n[pool.none]\nusers = 0\n", "pool `none` has no mailboxes; leave it out"),
        (POOLS, "", "the profile has no pools; write `[pool.eager]` with its share of `users`"),
        (VISITS, "messages = 1\n", "no session opens a mailbox; write `pool = \"eager\"` in one that does"),
        ("pool = \"quiet\"", "pool = \"quite\"", "there is no pool `quite`; did you mean `quiet`?"),
        ("pool = \"quiet\"", "pool = \"quiet\"\nmessages = 1", "was delivered to its `pool`; leave `messages` out"),
        (
            "\ndelivers = true",
            "",
            "no operation delivers the messages that stay in the cluster; write `delivers = true`",
        ),
        ("\"load\"", "\"load\"\ndelivers = true", "operation `retrieve` would deliver again what the session found"),
        ("[recipients]", "[recipient]", "unknown key `recipient`; did you mean `recipients`?"),
    ] {
        assert!(profile.contains(there), "{there}");
        written(home.path(), "own.toml", &profile.replacen(there, instead, 1));
        refused(&["check", &path], message, "own.toml:");
    }
    written(home.path(), "own.toml", &profile.replace("\ndelivers = true", ""));
    refused(&["check", &path], "nothing is put into the mailboxes of the pools; write `delivers = true`", "own.toml:");
}

#[test]
fn a_hardware_table_is_refused_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    let good = std::fs::read_to_string(format!("{}/scenarios/hardware/tiers.csv", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (head, row) = (good.lines().next().unwrap(), good.lines().nth(1).unwrap());
    for (text, message, place) in [
        ("tier,speeed\na,1\n".to_owned(), "unknown column `speeed`; did you mean `speed`?", "own.csv:1:1"),
        (format!("{head}\n"), "the hardware table has no rows", "own.csv"),
        (format!("{head}\n{row}\n{row}\n"), "stands twice; give each row its own name", "own.csv:3:1"),
        (String::new(), "the hardware table is empty; `mxplan hardware --format csv` prints", "own.csv"),
        (format!("{head},colour\n{row},red\n"), "unknown column `colour`; known: `tier`", "own.csv:1:1"),
        (format!("{head},tier\n{row},red\n"), "the column `tier` twice; leave one out", "own.csv:1:1"),
        (good.replacen(",lifecycle", "", 1), "no column `lifecycle`; each one must be there", "own.csv:1:1"),
        (format!("{head}\na,b\n"), "the row has 2 cells and the header 20; write a cell for each", "own.csv:2:1"),
        (
            format!("{head}\n{row}\n\n{}\n", row.replacen("wp-", "", 1).replace("2003", "old")),
            "`year` is `old`",
            "own.csv:4:1",
        ),
        (
            format!("{head}\n{}\n", row.replace(",1,0.30", ",0,0.30")),
            "`cores` is `0`; it must be between 1",
            "own.csv:2:1",
        ),
        (format!("{head}\n{}\n", row.replace("0.30,0,", "0.30,2,")), "`contention` is `2`; it must be", "own.csv:2:1"),
        (format!("{head}\n{}\n", row.replace(",256,", ",0,")), "`ram_mb` is `0`; it must be above zero", "own.csv:2:1"),
        (format!("{head}\n{}\n", row.replace(",1000,14", ",900000000000000000,14")), "`price_usd` is", "own.csv:2:1"),
        (format!("{head}\n{}\n", row.replace("0.30", "0")), "`speed` is `0`; it must be above zero", "own.csv:2:1"),
        (format!("{head}\n{}\n", row.replace("0.30", "fast")), "`speed` is `fast`; write a number", "own.csv:2:1"),
    ] {
        let path = written(home.path(), "own.csv", &text);
        refused(&["hardware", "--hardware", &path], message, place);
    }
}

#[test]
fn what_is_not_there_or_no_text_is_named() {
    let home = tempfile::tempdir().unwrap();
    refused(&["check", "nowhere.toml"], "there is no file `nowhere.toml`", "`mxplan new`");
    refused(&["run", "nowhere.toml"], "there is no file `nowhere.toml`", "`mxplan new`");
    refused(&["hardware", "--hardware", "none.csv"], "there is no file `none.csv`", "`mxplan hardware --format csv`");
    refused(&["check", home.path().to_str().unwrap()], "can't be read: is a directory", "");
    refused(&["hardware", "--hardware", home.path().to_str().unwrap()], "can't be read: is a directory", "");
    let path = home.path().join("odd.toml");
    std::fs::write(&path, b"format = 1\nname = \"caf\xe9\"\n").unwrap();
    refused(&["check", path.to_str().unwrap()], "it is no text in UTF-8 from line 2 on; save it as UTF-8", "odd.toml");
    refused(&["check", "/dev/zero"], "it has more than 16 MB, and is surely another file", "/dev/zero");
    let empty = written(home.path(), "empty.toml", "");
    for command in ["check", "run", "plan"] {
        refused(&[command, &empty], "the key `format` is missing; write it in this table", "empty.toml:1:1");
    }
    let windows = written(
        home.path(),
        "crlf.toml",
        &format!("\u{feff}{}", BASE.replace("window", "widnow").replace('\n', "\r\n")),
    );
    refused(&["check", &windows], "unknown key `widnow`; did you mean `window`?", "crlf.toml:4:1");
    let long = written(home.path(), "long.toml", &format!("format = 1\nname = \"{}\" x\n", "n".repeat(5_000)));
    let output = mxplan().args(["check", &long]).output().unwrap();
    assert!(output.status.code() == Some(2) && output.stderr.len() < 1_500, "{} bytes", output.stderr.len());
    let twice = written(home.path(), "twice.toml", &format!("{BASE}tiers = [\"unit\"]\n"));
    refused(&["check", &twice], "duplicate key", "twice.toml:23:1");
    refused(&["new", "regional-ips"], "there is no template `regional-ips`; did you mean `regional-isp`?", "");
    refused(
        &["new", "--out", "no/such/place.toml"],
        "`no/such/place.toml` can't be written: no such file",
        "`--out FILE`",
    );
}

#[test]
fn a_condition_that_cannot_be_read_has_a_caret() {
    let isp = format!("{}/scenarios/regional-isp.toml", env!("CARGO_MANIFEST_DIR"));
    for (condition, message, caret) in CONDITIONS {
        let place = format!("(in `--fail-if`)\n  | {condition}\n  | {caret}\n");
        refused(&["compare", &isp, &isp, "--fail-if", condition], message, &place);
    }
}

#[test]
fn scenarios_that_have_nothing_in_common_are_not_compared() {
    let shipped = |name: &str| format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let home = tempfile::tempdir().unwrap();
    let short = written(home.path(), "x.toml", BASE);
    let (queue, isp) = (shipped("theory/mm1-ps"), shipped("regional-isp"));
    refused(&["compare", &queue, &short], "x.toml` is 100 s and that of", "`--set time.window=\"83.333 min\"`");
    let window = "time.window=60 s";
    refused(
        &["compare", &isp, &short, "--set", window],
        "no service has sessions in all of the scenarios",
        "for the same people",
    );
    refused(&["compare", &isp, "nowhere.toml"], "there is no file `nowhere.toml`", "`mxplan new`");
    refused(&["compare", &isp], "2 values required", "SCENARIO");
}

#[test]
fn a_wrong_command_line_is_explained() {
    for (arguments, message) in [
        (&["chekc"][..], "a similar subcommand exists: 'check'"),
        (&["check"], "required arguments were not provided"),
        (&["run", "x.toml", "--jobs", "0"], "write a whole number from 1 to 1024"),
        (&["run", "x.toml", "--replications", "0"], "0 is not in 1..=100000"),
        (&["run", "x.toml", "--replications", "100001"], "100001 is not in 1..=100000"),
        (&["run", "x.toml", "--precision", "2"], "write a number between 0 and 1"),
        (&["run", "x.toml", "--precision", "nan"], "write a number between 0 and 1"),
        (&["plan"], "required arguments were not provided"),
        (&["plan", "x.toml", "--jobs", "100000"], "write a whole number from 1 to 1024"),
        (&["plan", "x.toml", "--out", ""], "a value is required for '--out <DIR>'"),
        (&["check", "x.toml", "--out", "y"], "unexpected argument '--out'"),
        (&["compare", "x.toml", "y.toml", "--jobs", "-1"], ""),
        (&["hardware", "x.toml"], "unexpected argument 'x.toml'"),
        (&["new", "stand-alone", "office"], "unexpected argument 'office'"),
        (&["run", "x.toml", "--seed", "18446744073709551616"], "invalid value '18446744073709551616' for '--seed <N>'"),
        (&["run", "x.toml", "--set", "=3"], "`` is not a dotted key"),
        (&["run", "x.toml", "--set", ""], "`` is not `KEY=VALUE`"),
        (&["run", "x.toml", "--precision", "1"], "write a number between 0 and 1"),
        (&["run", "x.toml", "--precision", "0.1", "--replications", "5"], "cannot be used with"),
        (&["run", "x.toml", "--set", "count"], "`count` is not `KEY=VALUE`; write for example `node.primary.count=3`"),
        (&["run", "x.toml", "--set", "a..b=1"], "`a..b` is not a dotted key"),
        (&["run", "x.toml", "--seed=-1"], "invalid value '-1' for '--seed <N>'"),
        (&["run", "x.toml", "--sede", "1"], "a similar argument exists: '--seed'"),
        (&["run", "x.toml", "--format", "xml"], "[possible values: table, json, csv]"),
        (&["run", "x.toml", "--color", "pink"], "[possible values: auto, always, never]"),
    ] {
        refused(arguments, message, "");
    }
}
