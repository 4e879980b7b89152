//! What several benches need.

use mxplan::scenario::{Hardware, Scenario, load};

/// Resolves a file of the project with options laid over it.
pub(crate) fn read(file: &str, options: &[&str]) -> Scenario {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let options: Vec<_> = options.iter().map(|option| option.parse().unwrap()).collect();
    load(&path, &text, &options, &Hardware::built_in()).unwrap()
}
