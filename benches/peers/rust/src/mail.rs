//! The cluster of `mail.toml` for those who write it by hand: rates, round trips, and what a session does.

/// What comes before it is not measured.
pub const WARM_UP_NS: u64 = 100_000_000_000;
pub const RTT_NS: u64 = 100_000_000;
/// Rates of POP3 and SMTP.
pub const PER_S: [f64; 2] = [45.0, 36.0];

#[derive(Clone, Copy)]
pub enum Step {
    Trips(u64),
    Cpu(f64),
    Disk,
}

pub const PROGRAMS: [&[Step]; 2] = [
    &[Step::Trips(3), Step::Cpu(0.010), Step::Trips(2), Step::Cpu(0.008), Step::Disk],
    &[Step::Trips(5), Step::Cpu(0.020), Step::Disk],
];
