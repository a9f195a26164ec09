use leptos::prelude::*;

/// Counts down to the end of something. The server says how long it still takes, so that a phone with a wrong clock
/// counts right too.
#[island]
pub fn Countdown(
    /// Milliseconds left when the page was made.
    left_ms: i64,
    /// What it says, with `{t}` where the time stands.
    running: String,
    /// What it says at the end.
    over: String,
) -> impl IntoView {
    let (text, set_text) = signal(words(left_ms, &running, &over));
    #[cfg(feature = "hydrate")]
    count(left_ms, running, over, set_text);
    #[cfg(not(feature = "hydrate"))]
    let _ = set_text;
    view! { <span class="num" role="timer">{text}</span> }
}

/// `14.32`, or `23.04.05` from an hour on.
#[must_use]
pub fn clock(left_ms: i64) -> String {
    let seconds = left_ms.max(0) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}.{minutes:02}.{seconds:02}")
    } else {
        format!("{minutes:02}.{seconds:02}")
    }
}

fn words(left_ms: i64, running: &str, over: &str) -> String {
    if left_ms > 0 { running.replace("{t}", &clock(left_ms)) } else { over.to_owned() }
}

#[cfg(feature = "hydrate")]
fn count(left_ms: i64, running: String, over: String, set_text: WriteSignal<String>) {
    #[expect(clippy::float_arithmetic, reason = "the browser's clock is a float")]
    let end_ms = js_sys::Date::now() + left_ms as f64;
    #[expect(clippy::float_arithmetic, reason = "the browser's clock is a float")]
    let tick = move || set_text.set(words((end_ms - js_sys::Date::now()) as i64, &running, &over));
    set_interval(tick, std::time::Duration::from_secs(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_minutes_and_hours() {
        assert_eq!(clock(14 * 60_000 + 32_999), "14.32");
        assert_eq!(clock(3_600_000), "1.00.00");
        assert_eq!(clock(-5), "00.00");
        assert_eq!(words(0, "{t} left", "over"), "over");
        assert_eq!(words(60_000, "{t} left", "over"), "01.00 left");
    }
}
