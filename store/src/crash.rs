//! Named points where a test can end the process, as a power cut would. They exist only behind the Cargo feature
//! `crash-points`, which no release has.

/// Every point, for the test that goes through them all.
pub const POINTS: &[&str] = &[
    "placed",
    "claimed",
    "before-send",
    "after-send",
    "verdict-before-commit",
    "settled",
    "query-claimed",
    "after-query",
    "charge-claimed",
    "after-charge",
    "after-status",
    "charge-recorded",
    "payment-inserted",
    "payment-credited",
    "topup-credited-before-commit",
    "topup-credited",
    "roll-up-half-added",
];

/// Ends the process here when `CRASH_AT` names this point.
#[cfg(feature = "crash-points")]
pub fn point(name: &'static str) {
    debug_assert!(POINTS.contains(&name), "{name} is not in the list of crash points");
    if std::env::var("CRASH_AT").is_ok_and(|wanted| wanted == name) {
        std::process::abort();
    }
}

/// Ends the process here when `CRASH_AT` names this point; does nothing in this build.
#[cfg(not(feature = "crash-points"))]
pub const fn point(_name: &'static str) {}
