//! The log goes to standard error, one line an event. In JSON each line has its event's fields, and under `spans` what it
//! belongs to: the first of a request has its id.

use std::io::{IsTerminal, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::cli::LogFormat;

/// Starts it. `level` holds where RUST_LOG says nothing.
pub fn start(format: LogFormat, level: &str) {
    // A stale session cookie is no event, and sqlx's own lines show statements.
    let quiet = "sqlx=warn,tower_sessions_core=error,tower_sessions=error";
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).ok().filter(|wanted| !wanted.trim().is_empty());
    // What RUST_LOG says of one of these comes later and holds.
    let filter = wanted.and_then(|wanted| EnvFilter::try_new(format!("{quiet},{wanted}")).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new(format!("{quiet},{level}")));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Masking);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).init(),
    }
}

/// Writes to standard error, and hides the middle of phone numbers. No event holds one on purpose; what a database or a
/// gateway says when something is wrong may.
struct Masking;

impl<'a> MakeWriter<'a> for Masking {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for Masking {
    /// An event comes as one whole.
    fn write(&mut self, event: &[u8]) -> std::io::Result<usize> {
        std::io::stderr().write_all(&masked(event))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// Digits of a number, `08…` or `628…`.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=15;
/// Digits that are left at either end.
const SHOWN: usize = 4;

fn masked(event: &[u8]) -> Vec<u8> {
    let mut masked = event.to_vec();
    let mut before: &[u8] = &[];
    let mut start = 0;
    // A run of letters and digits; only one that is all digits is a number.
    for run in event.split(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_')) {
        // A bare number of JSON would be one no longer.
        if is_phone(run) && !before.ends_with(b"\":") {
            let middle = start + SHOWN..start + run.len() - SHOWN;
            masked.get_mut(middle).unwrap_or_default().fill(b'*');
        }
        start += run.len() + 1;
        before = event.get(..start).unwrap_or_default();
    }
    masked
}

fn is_phone(run: &[u8]) -> bool {
    DIGITS.contains(&run.len())
        && (run.starts_with(b"08") || run.starts_with(b"628"))
        && run.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn numbers_are_hidden_and_nothing_else_is() {
        let shown = |text: &str| String::from_utf8(masked(text.as_bytes())).unwrap();
        assert_eq!(shown("msisdn cannot be \"087812345678\""), "msisdn cannot be \"0878****5678\"");
        assert_eq!(shown("+6287812345678 and 08781234567"), "+6287*****5678 and 0878***4567");
        for text in [
            "id=0123456789abcdef at=1764175349000",
            "amount 0812 of 62812",
            "7QK2_0878123456",
            "{\"n\":62812345678}",
            "",
        ] {
            assert_eq!(shown(text), text);
        }
    }
}
