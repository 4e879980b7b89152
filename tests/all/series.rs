//! The statistics against a series of which everything is known: the autoregressive one of first order,
//! `x = μ + φ (x₋₁ − μ) + ε` with a normal `ε`.

use mxplan::stats::{CONFIDENCE, mean_interval, mser5, normal_quantile};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

const MEAN: f64 = 10.0;

/// So many values from the stationary law, of variance 1.
fn series(generator: &mut Xoshiro256PlusPlus, phi: f64, length: usize) -> Vec<f64> {
    let mut normal = || normal_quantile(generator.random::<f64>().clamp(1e-12, 1.0 - 1e-12));
    let step = (1.0 - phi * phi).sqrt();
    let mut deviation = normal();
    let mut next = || {
        let value = MEAN + deviation;
        deviation = phi * deviation + step * normal();
        value
    };
    (0..length).map(|_| next()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The exact variance of the mean of so many.
fn variance_of_mean(phi: f64, length: usize) -> f64 {
    let n = length as f64;
    ((1.0 + phi) / (1.0 - phi) - 2.0 * phi * (1.0 - phi.powf(n)) / (n * (1.0 - phi) * (1.0 - phi))) / n
}

/// Intervals over ten replications, and over the values of a single one as if they were independent.
struct Held {
    replications: f64,
    single: f64,
    squares: f64,
}

fn held(phi: f64, length: usize, repetitions: usize) -> Held {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(17);
    let (mut replications, mut single, mut squares) = (0, 0, 0.0);
    for _ in 0..repetitions {
        let all: Vec<Vec<f64>> = (0..10).map(|_| series(&mut generator, phi, length)).collect();
        let means: Vec<f64> = all.iter().map(|values| mean(values)).collect();
        let holds = |values: &[f64]| {
            let interval = mean_interval(values, CONFIDENCE);
            interval.low.unwrap() <= MEAN && MEAN <= interval.high.unwrap()
        };
        replications += usize::from(holds(&means));
        single += usize::from(holds(&all[0]));
        squares += mean_interval(&means, CONFIDENCE).half_width().unwrap().powi(2);
    }
    let share = |count: usize| count as f64 / repetitions as f64;
    Held { replications: share(replications), single: share(single), squares: squares / repetitions as f64 }
}

#[test]
fn an_interval_over_replications_holds_the_mean_of_a_series_that_remembers() {
    for (phi, length) in [(0.0, 50), (0.9, 200), (0.99, 400)] {
        let Held { replications, single, squares } = held(phi, length, 4_000);
        // Student's t of nine degrees of freedom.
        let due = 2.262_157_f64.powi(2) * variance_of_mean(phi, length) / 10.0;
        println!(
            "φ = {phi}: {replications:.4} hold it, {single:.4} of a single one, width² {:.4} of the exact",
            squares / due
        );
        // Of 4000 the standard error is 0.0034, and that of the mean square of the widths √(2/9/4000) = 0.0075.
        assert!((0.9397..=0.9603).contains(&replications), "φ = {phi}: {replications} of the intervals hold the mean");
        assert!((squares / due - 1.0).abs() < 0.0224, "φ = {phi}: {squares} is not {due}");
        // Values of one replication know their mean much less well than they seem to.
        let bound = if phi == 0.0 { 0.9397..0.9603 } else { 0.0..0.5 };
        assert!(bound.contains(&single), "φ = {phi}: {single}");
    }
}

/// Where MSER-5 cuts series that are higher by `step` until `at`.
fn cuts(step: f64, at: usize, phi: f64) -> Vec<Option<usize>> {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(23);
    let one = |_| {
        let mut values = series(&mut generator, phi, 1_000);
        values[..at].iter_mut().for_each(|value| *value += step);
        mser5(&values)
    };
    (0..400).map(one).collect()
}

#[test]
fn a_step_is_cut_where_it_is() {
    for at in [50, 200, 400] {
        let cuts = cuts(8.0, at, 0.3);
        let exactly = cuts.iter().filter(|cut| **cut == Some(at)).count();
        let near = cuts.iter().filter(|cut| cut.is_some_and(|cut| (at..at + 100).contains(&cut))).count();
        println!("a step at {at}: {exactly} of 400 cut there, {near} there or within 100 after it");
        assert!(cuts.iter().all(|cut| cut.is_none_or(|cut| cut >= at)), "nothing of the step is left: {cuts:?}");
        assert!(exactly > 200 && near > 360, "{exactly}, {near}");
    }
    // One that lasts for more than half of the series is taken for all of it: why this is a warning and not the rule.
    let late = cuts(8.0, 600, 0.3);
    assert!(late.iter().all(|cut| *cut == Some(0)), "{late:?}");
}

#[test]
fn of_a_settled_series_little_is_cut() {
    for phi in [0.0, 0.3, 0.9] {
        let cuts = cuts(0.0, 0, phi);
        let little = cuts.iter().filter(|cut| cut.is_some_and(|cut| cut <= 100)).count();
        println!("φ = {phi}: {little} of 400 are cut by a tenth at most");
        assert!(little > 280, "φ = {phi}: {little}");
    }
}
