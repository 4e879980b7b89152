//! Texts of the user: scenarios, profiles and hardware tables are read by this one way.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The most bytes of a file: a thousand times what the longest scenario has.
const MOST: u64 = 16_000_000;
/// The most bytes of a trace: some ten million sessions.
const MOST_OF_TRACE: u64 = 400_000_000;

/// Reads a file of text.
///
/// # Errors
/// When it can't be read, is no text, or is too long to be what it is taken for.
pub fn read(path: &Path) -> io::Result<String> {
    up_to(path, MOST)
}

/// Reads a trace, which is longer than what people write.
///
/// # Errors
/// As [`read`].
pub fn read_trace(path: &Path) -> io::Result<String> {
    up_to(path, MOST_OF_TRACE)
}

fn up_to(path: &Path, most: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let message = format!("it has more than {} MB, and is surely another file", most / 1_000_000);
        return Err(io::Error::new(ErrorKind::InvalidData, message));
    }
    String::from_utf8(bytes).map_err(|error| {
        let text = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = text.iter().filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("it is no text in UTF-8 from line {line} on; save it as UTF-8");
        io::Error::new(ErrorKind::InvalidData, message)
    })
}

/// What the operating system says about a file, in the style of the house: lowercase, without its number.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_speaks_lowercase() {
        let error = std::io::Error::from_raw_os_error(2);
        assert_eq!(reason(&error), "no such file or directory");
    }
}
