//! The summary of a run.

use super::hours;
use super::number::{self, NOTHING};
use super::table::{Columns, heading};
use crate::experiment::{LevelSummary, MailSummary, Response, Summary, SwitchSummary, Verdict};
use crate::scenario::Scenario;
use clap::builder::styling::{AnsiColor, Style};

/// The text of `summary.json`.
#[must_use]
pub fn json(summary: &Summary) -> String {
    super::pretty(summary)
}

/// The summary for people.
#[must_use]
pub fn text(scenario: &Scenario, summary: &Summary, color: bool) -> String {
    let mut text = format!("{}\n", scenario.name);
    if let Some(question) = &scenario.question {
        text += &format!("{question}\n");
    }
    text += &format!(
        "\n{} replications of {} after {} of warm-up, seed {}; ± is the {} interval\n",
        summary.replications,
        scenario.window,
        number::seconds(summary.warm_up_s),
        summary.seed,
        number::ratio(summary.confidence),
    );
    text += &heading("Services");
    text += &services(scenario, summary);
    if !summary.hours.is_empty() {
        text += &heading("By the hour");
        text += &hours::text(scenario, summary);
    }
    text += &heading("Nodes");
    text += &nodes(scenario, summary);
    if !summary.balance.is_empty() {
        text += &heading("Balance");
        text += &balance(summary);
    }
    if let Some(mail) = &summary.mail {
        text += &heading("Mail");
        text += &of_mail(mail);
    }
    if !summary.mailboxes.is_empty() {
        text += &heading("Mailboxes");
        text += &mailboxes(summary);
    }
    if !summary.failures.is_empty() {
        text += &heading("Failures");
        text += &failures(summary);
    }
    let remarks = remarks(summary);
    if !remarks.is_empty() {
        text += &heading("Besides");
        text += &remarks;
    }
    text + &verdict(summary, color)
}

/// What happens in some clusters only, a line each.
fn remarks(summary: &Summary) -> String {
    let mut text = String::new();
    for (name, service) in &summary.services {
        if let Some(standing) = &service.standing {
            let number = number::estimate(standing, number::plain);
            text += &format!(" {number} connections of {name} stood open at a time\n");
        }
        if service.timed_out + service.lost > 0 {
            let [cut, vain] = [service.lost, service.timed_out].map(number::count);
            text += &format!(" {cut} sessions of {name} were cut off, {vain} got no answer\n");
        }
        if service.retried > 0 {
            let number = number::count(service.retried);
            text += &format!(" {number} sessions of {name} were tried again\n");
        }
        if let Some(relogins) = service.relogins {
            let number = number::count(relogins);
            text += &format!(" {number} times a session of {name} logged in again at another node\n");
        }
        if let Some(locked) = service.locked {
            let number = number::count(locked);
            text += &format!(" {number} sessions of {name} were refused because their mailbox was locked\n");
        }
        if let Some(lost) = service.lost_changes {
            let number = number::count(lost);
            text += &format!(" {number} changes by {name} undid an earlier one that they had not seen\n");
        }
    }
    if let Some(dns) = &summary.dns {
        let (lookups, queries) = (number::count(dns.queries + dns.hits), number::count(dns.queries));
        text += &format!(" names were looked up {lookups} times, and the zone's server was asked {queries} times\n");
    }
    if let Some(switch) = &summary.switch {
        text += &of_switch(switch);
    }
    if let Some(monitor) = &summary.monitor {
        let [noticed, removed, returned] = [monitor.noticed, monitor.removed, monitor.returned].map(number::count);
        text += &format!(
            " the monitor noticed {noticed} times that a service was down, took nodes out {removed} times and put them back \
             {returned} times\n"
        );
    }
    for (name, node) in &summary.nodes {
        if let Some(hits) = node.cache_hit_ratio.filter(|hits| hits.estimate.is_some()) {
            let hits = number::estimate(&hits, number::ratio);
            text += &format!(" {hits} of the reads of the store on `{name}` found their data in memory\n");
        }
        if let Some(unanswered) = node.unanswered.filter(|unanswered| *unanswered > 0) {
            let number = number::count(unanswered);
            text += &format!(" {number} sessions were sent to `{name}` while it was down\n");
        }
        if let Some(lost) = node.lost_work {
            text += &format!(" {} messages in the queue of `{name}` were gone with its disk\n", number::count(lost));
        }
        if let Some(faults) = node.page_faults.filter(|faults| *faults > 0) {
            text +=
                &format!(" `{name}` had too little memory: it fetched {} pages from its disk\n", number::count(faults));
        }
    }
    text
}

fn of_switch(switch: &SwitchSummary) -> String {
    let mut text = String::new();
    let used = [(&switch.connections_ratio, "new connections"), (&switch.throughput_ratio, "bytes")];
    for (ratio, what) in used.into_iter().filter_map(|(ratio, what)| Some((ratio.as_ref()?, what))) {
        text += &format!(" the switch was used to {} by {what}\n", number::estimate(ratio, number::ratio));
    }
    text += &format!(
        " the switch had {} connections at a time, {} at most, and refused {}\n",
        number::estimate(&switch.open, number::plain),
        number::count(switch.open_peak),
        number::count(switch.refused),
    );
    text
}

fn services(scenario: &Scenario, summary: &Summary) -> String {
    let mut table = Columns::new(1, ["service", "offered", "served", "refused", "mean", "p50", "p95", "p99"]);
    for service in &scenario.services {
        let Some(summary) = summary.services.get(&service.name) else { continue };
        let counts = [summary.offered, summary.served, summary.refused].map(number::count);
        table.row([service.name.clone()].into_iter().chain(counts).chain(times(&summary.response_s)));
        for operation in service.operations.iter().map(|index| &scenario.operations[*index].name) {
            let Some(summary) = summary.operations.get(operation) else { continue };
            let counts = [NOTHING.to_owned(), number::count(summary.done), NOTHING.to_owned()];
            table.row([format!("- {operation}")].into_iter().chain(counts).chain(times(&summary.response_s)));
        }
    }
    table.text()
}

fn times(response: &Response) -> [String; 4] {
    [response.mean, response.p50, response.p95, response.p99].map(|time| number::estimate(&time, number::seconds))
}

fn nodes(scenario: &Scenario, summary: &Summary) -> String {
    let mut table = Columns::new(2, ["node", "tier", "CPU", "disk", "link", "share", "most at once"]);
    for node in &scenario.cluster.nodes {
        let Some(summary) = summary.nodes.get(&node.name) else { continue };
        let ratios = [summary.cpu_ratio, summary.disk_ratio, summary.link_ratio, summary.share_ratio];
        let ratios = ratios.map(|ratio| number::estimate(&ratio, number::ratio));
        let names = [node.name.clone(), node.tier.name.clone()];
        table.row(names.into_iter().chain(ratios).chain([number::count(summary.connections_peak)]));
    }
    table.text()
}

/// How evenly the sessions of each service fall on its nodes; an index of 1 is even.
fn balance(summary: &Summary) -> String {
    let mut table = Columns::new(1, ["service", "most over mean", "Jain's index"]);
    for (name, service) in &summary.balance {
        let measures = [service.max_over_mean, service.jain];
        let measures = measures.map(|measure| number::estimate(&measure, number::plain));
        table.row([name.clone()].into_iter().chain(measures));
    }
    table.text()
}

/// What has become of the mail; what did not happen has no line.
fn of_mail(mail: &MailSummary) -> String {
    let [offered, delivered] = [mail.offered, mail.delivered].map(number::count);
    let mut text = format!(" {offered} copies were sent, and {delivered} delivered\n");
    let rare = [
        (mail.at_people, "wait with people who will try again"),
        (mail.at_senders, "wait at servers that send"),
        (mail.at_backups, "wait at the backup"),
        (mail.stranded, "are stranded in queues of what is down"),
        (mail.duplicated, "were sent again though they had been taken"),
        (mail.generated, "notices went to senders"),
        (mail.bounced, "went back to their senders"),
        (mail.refused, "were turned away for good"),
        (mail.lost, "are lost"),
    ];
    for (count, what) in rare.into_iter().filter(|(count, _)| *count > 0) {
        text += &format!(" {} {what}\n", number::count(count));
    }
    let peaks = [
        (mail.people_peak, "with people"),
        (mail.senders_peak, "at servers that send"),
        (mail.backup_peak, "at the backup"),
        (mail.stranded_peak, "stranded"),
    ];
    for (peak, place) in peaks.into_iter().filter(|(peak, _)| *peak > 0) {
        text += &format!(" at most {} copies were {place} at one time\n", number::count(peak));
    }
    let mut table = Columns::new(1, ["delay of mail", "mean", "p50", "p95", "p99"]);
    for (what, delay) in
        [("until it is taken", &mail.accept_delay_s), ("until it is in a mailbox", &mail.delivery_delay_s)]
    {
        table.row([what.to_owned()].into_iter().chain(times(delay)));
    }
    text + &table.text()
}

/// What became of each failure; times after the beginning of the window.
fn failures(summary: &Summary) -> String {
    let heads = [
        "what failed",
        "how",
        "at",
        "detected",
        "removed",
        "repaired",
        "recovered",
        "drained",
        "cut off",
        "unanswered",
    ];
    let mut table = Columns::new(2, heads);
    for failure in &summary.failures {
        let times = [failure.detected_s, failure.removed_s, failure.repaired_s, failure.recovered_s, failure.drained_s];
        let times = times.map(|time| time.map_or(NOTHING.to_owned(), |time| number::estimate(&time, number::seconds)));
        let what = [failure.component.clone(), failure.kind.to_owned(), number::seconds(failure.at_s)];
        let counts = [failure.sessions_lost, failure.sessions_unanswered].map(number::count);
        table.row(what.into_iter().chain(times).chain(counts));
    }
    table.text()
}

fn mailboxes(summary: &Summary) -> String {
    let mut table = Columns::new(1, ["pool", "visits", "messages found", "found nothing"]);
    for (name, pool) in &summary.mailboxes {
        let found = number::estimate(&pool.found, number::plain);
        let empty = number::estimate(&pool.empty_ratio, number::ratio);
        table.row([name.clone(), number::count(pool.visits), found, empty]);
    }
    table.text()
}

/// The levels one by one, then the sentence that everything leads to.
fn verdict(summary: &Summary, color: bool) -> String {
    let mut text = String::new();
    for exceeded in &summary.unstable {
        text += &format!(
            "\nThe {} of `{}` can't keep up: it is offered {} of its capacity. The figures above grow with the window.\n",
            exceeded.resource,
            exceeded.node,
            number::ratio(exceeded.offered_ratio),
        );
    }
    if let Some(crowd) = &summary.overfull {
        let (what, held) = crowd.most();
        text += &format!(
            "\nReplication {} ended after {}: {} {what} were under way, most at `{}`. That is more than a simulation holds.\n",
            crowd.replication,
            number::seconds(crowd.at_s),
            number::count(held),
            crowd.node,
        );
    }
    if summary.verdict == Verdict::NoLevels {
        return text + "\nNo service level is asked for.\n";
    }
    text += &heading("Service levels");
    for level in &summary.levels {
        text += &format!(" {}\n", sentence(level));
    }
    let missed: Vec<String> =
        summary.levels.iter().filter(|level| !level.met).map(|level| format!("`{}`", level.name)).collect();
    let (style, sentence) = if !missed.is_empty() {
        (
            AnsiColor::Red,
            format!("{} of {} service levels missed: {}.", missed.len(), summary.levels.len(), missed.join(", ")),
        )
    } else if !summary.unstable.is_empty() {
        (AnsiColor::Red, "The service levels hold within the window and will not last.".to_owned())
    } else {
        (AnsiColor::Green, "The service levels hold.".to_owned())
    };
    let style = if color { Style::new().bold().fg_color(Some(style.into())) } else { Style::new() };
    text + &format!("\n{style}{sentence}{style:#}\n")
}

fn sentence(level: &LevelSummary) -> String {
    let word = if level.met { "met   " } else { "missed" };
    let in_time = number::estimate(&level.estimate, number::ratio);
    format!("{word} `{}`: asked {}; in time {in_time}", level.name, level.limit)
}
