//! One test binary, one file for each behaviour: linked once, and run in parallel.

mod support;
