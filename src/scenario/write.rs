//! Files for people that are made from others of theirs: what is not concerned stays as it was written, comments included.

use crate::units::Time;
use toml_edit::{DocumentMut, Item, TableLike, value};

/// The text of a profile under another name, in which some times are others.
///
/// `times` has the keys that a scenario has for them, such as `service.smtp.operation.accept.cpu`; those of which the profile has no
/// operation are left out. A law that is written with its mean keeps its form, any other becomes a constant. `heading` comes
/// first, as a comment.
///
/// # Errors
/// When the text is no TOML.
pub fn profile(
    text: &str,
    name: &str,
    heading: &str,
    times: &[(String, Time)],
) -> Result<String, toml_edit::TomlError> {
    let mut document: DocumentMut = text.parse()?;
    put(&mut document["name"], name.to_owned());
    for (key, time) in times {
        let Some((operation, what)) = key.rsplit_once('.') else { continue };
        let Some(operation) = table(document.as_table_mut(), operation) else { continue };
        let written = time.to_string();
        if let Some(mean) = operation.get_mut(what).and_then(mean) {
            put(mean, written);
        } else if let Some(constant) = operation.get_mut(what) {
            put(constant, written);
        } else {
            operation.insert(what, value(written));
        }
    }
    let heading: String = heading.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect();
    Ok(format!("{heading}#\n{document}"))
}

/// Another value in the place of one, with what is written around it.
fn put(place: &mut Item, text: String) {
    let around = place.as_value().map(|old| old.decor().clone());
    *place = value(text);
    if let Some((around, new)) = around.zip(place.as_value_mut()) {
        *new.decor_mut() = around;
    }
}

/// The table that a dotted key leads to.
fn table<'a>(mut at: &'a mut dyn TableLike, key: &str) -> Option<&'a mut dyn TableLike> {
    for part in key.split('.') {
        at = at.get_mut(part)?.as_table_like_mut()?;
    }
    Some(at)
}

/// The mean in a law such as `{ exponential = { mean = "25 ms" } }`.
fn mean(law: &mut Item) -> Option<&mut Item> {
    let (_, parameters) = law.as_table_like_mut()?.iter_mut().next()?;
    parameters.as_table_like_mut()?.get_mut("mean")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_change_and_everything_else_stays() {
        let text = "# About it.\nname = \"a\"   # the name\n\n[service.s.operation.x]   # first\ncpu = { exponential = { mean = \"25 ms\" } }\n\
                    times = \"once\"\n\n[service.s.operation.y]\ncpu = \"3 ms\"\n";
        let time = |key: &str, us: u64| (format!("service.s.operation.{key}"), Time::from_secs_f64(us as f64 * 1e-6));
        let times = [time("x.cpu", 1_500), time("x.data_cpu", 20), time("y.cpu", 7), time("z.cpu", 9)];
        let made = profile(text, "b", "Measured.\n\nBy hand.", &times).unwrap();
        assert_eq!(
            made,
            "# Measured.\n#\n# By hand.\n#\n# About it.\nname = \"b\"   # the name\n\n[service.s.operation.x]   # first\n\
             cpu = { exponential = { mean = \"1.5 ms\" } }\ntimes = \"once\"\ndata_cpu = \"20 us\"\n\n[service.s.operation.y]\ncpu = \"7 us\"\n"
        );
    }
}
