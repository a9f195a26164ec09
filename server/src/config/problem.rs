use std::fmt;

/// One mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The environment variable (each flag has one).
    pub variable: &'static str,
    /// What is wrong with it.
    pub what: String,
    /// A value that would do.
    pub example: &'static str,
}

/// Gathers mistakes, so that all of them are told at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

/// The configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Every mistake that was found; never empty.
    pub problems: Vec<Problem>,
}

impl Problems {
    /// Notes a mistake.
    pub fn note(&mut self, variable: &'static str, what: impl Into<String>, example: &'static str) {
        self.0.push(Problem { variable, what: what.into(), example });
    }

    /// Keeps the value, or notes the mistake.
    pub fn take<T>(
        &mut self,
        variable: &'static str,
        parsed: Result<T, String>,
        example: &'static str,
    ) -> Option<T> {
        parsed.map_err(|what| self.note(variable, what, example)).ok()
    }

    /// `value`, when there was no mistake at all.
    ///
    /// # Errors
    /// All the mistakes. A value that is missing without a mistake cannot happen, but is told too.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, ConfigError> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => {
                if self.0.is_empty() {
                    self.note("(configuration)", "a value is missing", "see --help");
                }
                Err(ConfigError { problems: self.0 })
            }
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        let noun = if count == 1 { "setting" } else { "settings" };
        write!(f, "{count} {noun} must be corrected before this can start:")?;
        for problem in &self.problems {
            write!(
                f,
                "\n  {}: {}\n      example: {}={}",
                problem.variable, problem.what, problem.variable, problem.example
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
