//! Reading a hardware table: each cell that is wrong is named by its line and its column.

use super::error::{Place, ScenarioError, list, nearest};
use super::file::System;
use super::hardware::{BUILT_IN, Row};
use csv::{ErrorKind, StringRecord};

/// Reads a hardware table.
///
/// # Errors
/// On a text that is no such table, a value out of its range, or two rows of one name; with the line.
pub fn read(path: &str, text: &str) -> Result<Vec<Row>, ScenarioError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let whole =
        |message: &str| ScenarioError { message: message.to_owned(), place: Place::Whole { path: path.to_owned() } };
    if headers.is_empty() {
        return Err(whole(
            "the hardware table is empty; `mxplan hardware --format csv` prints the built-in one to start from",
        ));
    }
    if let Some(message) = strange(&headers) {
        return Err(at(path, text, 1, message));
    }
    for record in reader.records() {
        let record = record.map_err(|e| at(path, text, line(e.position()), uneven(&e)))?;
        let line = line(record.position());
        let row: Row =
            record.deserialize(Some(&headers)).map_err(|e| at(path, text, line, cell(&e, &headers, &record)))?;
        if let Some(message) = fault(&row) {
            return Err(at(path, text, line, format!("tier `{}`: {message}", row.tier)));
        }
        if rows.iter().any(|known| known.tier == row.tier) {
            return Err(at(path, text, line, format!("tier `{}` stands twice; give each row its own name", row.tier)));
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(whole("the hardware table has no rows; write at least one"));
    }
    Ok(rows)
}

fn line(position: Option<&csv::Position>) -> usize {
    position.map_or(1, csv::Position::line) as usize
}

/// What is wrong with the header, if anything is: all columns must be there, in any order.
fn strange(headers: &StringRecord) -> Option<String> {
    let known: Vec<&str> = BUILT_IN.lines().next().unwrap_or_default().split(',').collect();
    if let Some(column) = headers.iter().find(|column| !known.contains(column)) {
        let near = nearest(column, known.iter().copied());
        let near = near.map_or_else(
            || format!("known: {}", list(known.iter().copied())),
            |near| format!("did you mean `{near}`?"),
        );
        return Some(format!("the hardware table has an unknown column `{column}`; {near}"));
    }
    let count = |name: &str| headers.iter().filter(|column| *column == name).count();
    let twice = known.iter().find(|name| count(name) > 1);
    let missing = known.iter().find(|name| count(name) == 0);
    twice
        .map(|name| format!("the hardware table has the column `{name}` twice; leave one out"))
        .or_else(|| missing.map(|name| format!("the hardware table has no column `{name}`; each one must be there")))
}

/// A row of more or fewer cells than the header has.
fn uneven(error: &csv::Error) -> String {
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!(
                "the row has {len} cells and the header {expected_len}; write a cell for each column, in quotes if it has a comma"
            )
        }
        _ => format!("the row does not parse: {error}"),
    }
}

/// A cell that is not of its column's kind.
fn cell(error: &csv::Error, headers: &StringRecord, record: &StringRecord) -> String {
    let ErrorKind::Deserialize { err, .. } = error.kind() else { return format!("the row does not parse: {error}") };
    let field = err.field().unwrap_or(0) as usize;
    let (column, found) = (headers.get(field).unwrap_or_default(), record.get(field).unwrap_or_default());
    let kind = if ["speed", "contention", "coherency", "disk_iops", "disk_mb_s", "network_mbit_s"].contains(&column) {
        "a number"
    } else {
        "a whole number of 0 or more"
    };
    format!("`{column}` is `{found}`; write {kind}")
}

/// What is out of range in a row, if anything is.
fn fault(row: &Row) -> Option<String> {
    let within = |what: &str, value: f64, least: f64, most: f64| {
        let range = format!("it must be between {least} and {most}");
        (!(least..=most).contains(&value)).then(|| format!("`{what}` is `{value}`; {range}"))
    };
    let positive = |what: &str, value: f64, most: f64| {
        let range = format!("it must be above zero and at most {most}");
        (!(value > 0.0 && value <= most)).then(|| format!("`{what}` is `{value}`; {range}"))
    };
    within("cores", f64::from(row.cores), 1.0, 4_096.0)
        .or_else(|| positive("speed", row.speed, 1e6))
        .or_else(|| within("contention", row.contention, 0.0, 1.0))
        .or_else(|| within("coherency", row.coherency, 0.0, 1.0))
        .or_else(|| positive("ram_mb", f64::from(row.ram_mb), 1e9))
        .or_else(|| positive("disks", f64::from(row.disks), 1e6))
        .or_else(|| positive("disk_iops", row.disk_iops, 1e9))
        .or_else(|| positive("disk_mb_s", row.disk_mb_s, 1e9))
        .or_else(|| positive("disk_gb", row.disk_gb as f64, 1e9))
        .or_else(|| within("raid_write_penalty", f64::from(row.raid_write_penalty), 1.0, 16.0))
        .or_else(|| positive("network_mbit_s", row.network_mbit_s, 1e9))
        .or_else(|| within("price_usd", row.price_usd as f64, 0.0, 1e9))
        .or_else(|| {
            let unknown = row.os.split_whitespace().find(|name| System::of(name).is_none())?;
            Some(format!("`os` names `{unknown}`; known are `windows-2000`, `windows-xp`, `windows-2003` and `linux`"))
        })
        .or_else(|| row.tier.is_empty().then(|| "the row has no name; fill the column `tier`".to_owned()))
}

fn at(path: &str, text: &str, line: usize, message: String) -> ScenarioError {
    // The parser counts from where the row before has ended, and empty lines are none.
    let lines = text.lines().enumerate().skip(line.saturating_sub(1));
    let found = lines.skip_while(|(_, row)| row.trim().is_empty()).map(|(at, row)| (at + 1, row.to_owned())).next();
    let (line, row) = found.unwrap_or((line, String::new()));
    let width = row.split(',').next().map_or(1, |name| name.chars().count()).max(1);
    ScenarioError { message, place: Place::File { path: path.to_owned(), line, column: 1, text: row, width } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faulty_row_is_named_with_its_line() {
        let header = BUILT_IN.lines().next().unwrap();
        let good = "a,2000,x,1,1.0,0,0,512,1,100,20,36,1,100,,,2500,7,stable,test";
        assert_eq!(read("t.csv", &format!("{header}\n{good}\n")).unwrap().len(), 1);
        let twice = read("t.csv", &format!("{header}\n{good}\n{good}\n")).unwrap_err().to_string();
        assert!(twice.contains("stands twice") && twice.contains("t.csv:3:1"), "{twice}");
        let slow = read("t.csv", &format!("{header}\n{}\n", good.replace("1.0", "0"))).unwrap_err().to_string();
        assert!(slow.contains("`speed` is `0`; it must be above zero and at most 1000000"), "{slow}");
        let strange =
            read("t.csv", &format!("{header}\n{}\n", good.replace(",,,", ",linux beos,,"))).unwrap_err().to_string();
        assert!(strange.contains("`os` names `beos`; known are `windows-2000`"), "{strange}");
        let odd = read("t.csv", "tier,speeed\na,1\n").unwrap_err().to_string();
        assert!(odd.contains("unknown column `speeed`; did you mean `speed`?") && odd.contains("t.csv:1:1"), "{odd}");
        assert!(read("t.csv", &format!("{header}\n")).unwrap_err().to_string().contains("no rows"));
    }
}
