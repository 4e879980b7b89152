//! `timeline.csv`: each replication minute by minute; the last minute may be shorter.

use super::sheet::Sheet;
use crate::cluster::MailBalance;
use crate::experiment::Record;
use crate::scenario::Scenario;

/// A column of the ledger.
type Column = (&'static str, fn(&MailBalance) -> u64);

/// What came, what has become of it, and where the rest is.
const MAIL: [Column; 13] = [
    ("offered", |mail| mail.offered),
    ("generated", |mail| mail.generated),
    ("duplicated", |mail| mail.duplicated),
    ("delivered", |mail| mail.delivered),
    ("bounced", |mail| mail.bounced),
    ("refused", |mail| mail.refused),
    ("lost", |mail| mail.lost),
    ("in_flight", |mail| mail.in_flight),
    ("at_people", |mail| mail.at_people),
    ("at_senders", |mail| mail.at_senders),
    ("at_nodes", |mail| mail.at_nodes),
    ("at_backups", |mail| mail.at_backups),
    ("stranded", |mail| mail.stranded),
];

/// The text of `timeline.csv`: sessions that began and ended in the minute, and the mean number under way; and where there is
/// mail, the ledger at the end of the minute, from time zero on.
#[must_use]
pub fn csv(scenario: &Scenario, records: &[Record]) -> String {
    let mut heads: Vec<String> = ["replication", "minute", "length_s"].map(str::to_owned).to_vec();
    for service in &scenario.services {
        heads.extend(["began", "ended", "concurrency"].map(|leaf| format!("services.{}.{leaf}", service.name)));
    }
    let has_mail = records.iter().any(|record| record.observed.mail.is_some());
    if has_mail {
        heads.extend(MAIL.map(|(leaf, _)| format!("mail.{leaf}")));
    }
    let mut sheet = Sheet::new(&heads);
    for record in records {
        for (index, minute) in record.observed.minutes.iter().enumerate() {
            let length_s = minute.length_ns as f64 / 1e9;
            let mut cells = vec![record.replication.to_string(), index.to_string(), length_s.to_string()];
            for (began, ended, number_ns) in &minute.services {
                let concurrency = *number_ns as f64 / minute.length_ns as f64;
                cells.extend([began.to_string(), ended.to_string(), concurrency.to_string()]);
            }
            if let Some(mail) = &minute.mail {
                cells.extend(MAIL.map(|(_, count)| count(mail).to_string()));
            }
            sheet.row(cells);
        }
    }
    sheet.text()
}
