//! The laws of random quantities, and what makes one valid.

use super::{MailSize, Sampler, Stream, Table};
use std::sync::Arc;

/// A distribution on the values from zero up, in the base unit of the caller (seconds, bytes, counts).
///
/// Made by its constructors, which check; a variant that is written out by hand is trusted.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// Always this value, at least zero.
    Constant(f64),
    /// Memoryless.
    Exponential {
        /// Above zero.
        mean: f64,
    },
    /// A product of many small influences: sizes, think times, demands.
    Lognormal {
        /// Above zero.
        mean: f64,
        /// Standard deviation over mean, at least zero.
        cv: f64,
    },
    /// Every value between two limits as likely.
    Uniform {
        /// At least zero.
        low: f64,
        /// At least `low`.
        high: f64,
    },
    /// The sum of equal exponential stages: less variable than exponential.
    Erlang {
        /// Of the sum, above zero.
        mean: f64,
        /// 1 to [`Law::MOST_STAGES`]; the squared cv is `1/stages`.
        stages: u32,
    },
    /// Exponential with one of two means: more variable than exponential. Both branches carry half of the mean
    /// ("balanced means", Whitt 1982, Oper. Res. 30, 125–147).
    Hyperexponential {
        /// Above zero.
        mean: f64,
        /// Standard deviation over mean, at least one.
        cv: f64,
    },
    /// Counts 0, 1, 2, … where each further one is as likely as the first: `P(0) = 1/(1 + mean)`.
    Geometric {
        /// At least zero.
        mean: f64,
    },
    /// Sizes of messages: a lognormal body with a Pareto tail that ends.
    MailSize(MailSize),
    /// Listed values with their shares.
    Table(Arc<Table>),
}

/// Why something is not a law. The message names the parameter in backticks and says what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawError(pub String);

/// Unambiguous, in base units: part of the record of a run.
impl std::fmt::Display for Law {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Law::Constant(value) => write!(f, "{value}"),
            Law::Exponential { mean } => write!(f, "exponential(mean {mean})"),
            Law::Lognormal { mean, cv } => write!(f, "lognormal(mean {mean}, cv {cv})"),
            Law::Uniform { low, high } => write!(f, "uniform(low {low}, high {high})"),
            Law::Erlang { mean, stages } => write!(f, "erlang(mean {mean}, stages {stages})"),
            Law::Hyperexponential { mean, cv } => write!(f, "hyperexponential(mean {mean}, cv {cv})"),
            Law::Geometric { mean } => write!(f, "geometric(mean {mean})"),
            Law::MailSize(size) => size.fmt(f),
            Law::Table(table) => {
                f.write_str("table(")?;
                for (i, (value, share)) in table.pairs().enumerate() {
                    write!(f, "{}{value}: {share}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}

impl std::fmt::Display for LawError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LawError {}

impl Law {
    /// No time, no bytes, nothing.
    pub const ZERO: Law = Law::Constant(0.0);

    /// More stages than this are as good as constant, and their tail costs a logarithm each.
    pub const MOST_STAGES: u32 = 1_000;

    /// Always `value`.
    ///
    /// # Errors
    /// When it is not a finite number of at least zero.
    pub fn constant(value: f64) -> Result<Law, LawError> {
        at_least(0.0, "zero", value, "value", "constant")?;
        Ok(Law::Constant(value))
    }

    /// Exponential with `mean`.
    ///
    /// # Errors
    /// When `mean` is not finite and above zero.
    pub fn exponential(mean: f64) -> Result<Law, LawError> {
        above_zero(mean, "mean", "exponential")?;
        Ok(Law::Exponential { mean })
    }

    /// Lognormal with `mean` and coefficient of variation `cv`.
    ///
    /// # Errors
    /// When `mean` is not finite and above zero, or `cv` not finite and at least zero.
    pub fn lognormal(mean: f64, cv: f64) -> Result<Law, LawError> {
        above_zero(mean, "mean", "lognormal")?;
        at_least(0.0, "zero", cv, "cv", "lognormal")?;
        Ok(Law::Lognormal { mean, cv })
    }

    /// Uniform from `low` to `high`.
    ///
    /// # Errors
    /// When `low` is below zero, `high` below `low`, or one of them not finite.
    pub fn uniform(low: f64, high: f64) -> Result<Law, LawError> {
        at_least(0.0, "zero", low, "low", "uniform")?;
        at_least(low, "`low`", high, "high", "uniform")?;
        Ok(Law::Uniform { low, high })
    }

    /// Erlang with the given mean of the sum of all `stages`.
    ///
    /// # Errors
    /// When `mean` is not finite and above zero, or `stages` not between 1 and [`Law::MOST_STAGES`].
    pub fn erlang(mean: f64, stages: u32) -> Result<Law, LawError> {
        above_zero(mean, "mean", "erlang")?;
        if !(1..=Law::MOST_STAGES).contains(&stages) {
            let most = Law::MOST_STAGES;
            return Err(LawError(format!("`stages` of `erlang` is `{stages}`; it must be between 1 and {most}")));
        }
        Ok(Law::Erlang { mean, stages })
    }

    /// Hyperexponential with balanced means.
    ///
    /// # Errors
    /// When `mean` is not finite and above zero, or `cv` not finite and at least one.
    pub fn hyperexponential(mean: f64, cv: f64) -> Result<Law, LawError> {
        above_zero(mean, "mean", "hyperexponential")?;
        at_least(1.0, "one", cv, "cv", "hyperexponential")?;
        Ok(Law::Hyperexponential { mean, cv })
    }

    /// Geometric counts from zero up with `mean`.
    ///
    /// # Errors
    /// When `mean` is not finite and at least zero.
    pub fn geometric(mean: f64) -> Result<Law, LawError> {
        at_least(0.0, "zero", mean, "mean", "geometric")?;
        Ok(Law::Geometric { mean })
    }

    /// Listed (value, share) pairs; see [`Table::new`].
    ///
    /// # Errors
    /// Those of [`Table::new`].
    pub fn table(pairs: &[(f64, f64)]) -> Result<Law, LawError> {
        Ok(Law::Table(Arc::new(Table::new(pairs)?)))
    }

    /// The law of `factor` (finite, at least zero) times the value; the cv stays.
    ///
    /// A geometric law stays one of whole counts: only its mean is multiplied, and its cv changes.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Law {
        debug_assert!(factor.is_finite() && factor >= 0.0, "a law scaled by {factor} is no law");
        match *self {
            Law::Constant(value) => Law::Constant(value * factor),
            Law::Exponential { mean } => Law::Exponential { mean: mean * factor },
            Law::Lognormal { mean, cv } => Law::Lognormal { mean: mean * factor, cv },
            Law::Uniform { low, high } => Law::Uniform { low: low * factor, high: high * factor },
            Law::Erlang { mean, stages } => Law::Erlang { mean: mean * factor, stages },
            Law::Hyperexponential { mean, cv } => Law::Hyperexponential { mean: mean * factor, cv },
            Law::Geometric { mean } => Law::Geometric { mean: mean * factor },
            Law::MailSize(_) if factor <= 0.0 => Law::ZERO,
            Law::MailSize(size) => Law::MailSize(size.scaled(factor)),
            Law::Table(ref table) => Law::Table(Arc::new(table.scaled(factor))),
        }
    }

    /// The law of those values that are at most `most`: what is seen of a law by one who refuses the rest.
    ///
    /// # Errors
    /// When nothing is so small, or the law of the rest has no closed form.
    pub fn up_to(&self, most: f64) -> Result<Law, LawError> {
        if self.quantile(1.0) <= most {
            return Ok(self.clone());
        }
        match *self {
            Law::MailSize(size) => size.up_to(most).map(Law::MailSize),
            Law::Uniform { low, .. } if low <= most => Law::uniform(low, most),
            Law::Table(ref table) if self.quantile(0.0) <= most => Ok(Law::Table(Arc::new(table.up_to(most)))),
            Law::Constant(_) | Law::Uniform { .. } | Law::Table(_) => {
                Err(LawError(format!("nothing of `{self}` is at most `{most}`")))
            }
            _ => Err(LawError(format!("`{self}` can't be cut at `{most}`; write a `mail_size` or a `table`"))),
        }
    }

    /// One value. For many values make a [`Sampler`] once: it has the parameters prepared.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.sampler().sample(stream)
    }

    /// The law prepared for drawing.
    #[must_use]
    pub fn sampler(&self) -> Sampler {
        Sampler::new(self)
    }
}

fn above_zero(value: f64, name: &str, law: &str) -> Result<(), LawError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(LawError(format!("`{name}` of `{law}` is `{value}`; it must be above zero")))
}

fn at_least(least: f64, least_name: &str, value: f64, name: &str, law: &str) -> Result<(), LawError> {
    if value.is_finite() && value >= least {
        return Ok(());
    }
    Err(LawError(format!("`{name}` of `{law}` is `{value}`; it must be at least {least_name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impossible_parameter_is_named_with_its_range() {
        let message = |law: Result<Law, LawError>| law.unwrap_err().to_string();
        assert_eq!(message(Law::exponential(-1.0)), "`mean` of `exponential` is `-1`; it must be above zero");
        assert_eq!(message(Law::lognormal(f64::NAN, 1.0)), "`mean` of `lognormal` is `NaN`; it must be above zero");
        assert_eq!(message(Law::uniform(2.0, 1.0)), "`high` of `uniform` is `1`; it must be at least `low`");
        assert_eq!(message(Law::erlang(1.0, 0)), "`stages` of `erlang` is `0`; it must be between 1 and 1000");
        let error = message(Law::hyperexponential(1.0, 0.5));
        assert_eq!(error, "`cv` of `hyperexponential` is `0.5`; it must be at least one");
        assert!(Law::constant(f64::INFINITY).is_err() && Law::geometric(-0.1).is_err());
    }

    #[test]
    fn scaling_multiplies_the_mean_and_keeps_the_cv() {
        for law in crate::random::sampler::tests::laws() {
            let scaled = law.scaled(3.0);
            assert!((scaled.mean() / law.mean() - 3.0).abs() < 1e-12, "{law:?}");
            let counts = matches!(law, Law::Geometric { .. });
            assert!(counts || (scaled.cv() - law.cv()).abs() < 1e-12, "{law:?}");
        }
    }
}
