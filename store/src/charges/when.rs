//! When a charge is asked about next.

use domain::{ChargeState, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, UtcMillis};

/// Never again by itself; a notification or a buyer may still ask.
pub(super) const NEVER: UtcMillis = UtcMillis(0);

const FIRST_AGAIN_MS: i64 = 5 * SECOND_MS;
const AGAIN_MOST_MS: i64 = 5 * MINUTE_MS;
/// The doublings after which the longest pause is reached.
const DOUBLINGS_MOST: i64 = 6;
/// Money that comes after the end is looked for so long.
const WATCH_MS: i64 = 2 * DAY_MS;
/// A virtual account can be open for a week before it is paid, and settlements are taken back for days.
const PAID_WATCH_MS: i64 = 12 * DAY_MS;
/// After the end, the gateway's word of it is fetched a little later: its clock may be behind.
const AFTER_END_MS: i64 = 30 * SECOND_MS;
/// When what was paid is looked at again: settlements are taken back.
const LOOKS_AFTER_MS: [i64; 3] = [HOUR_MS, DAY_MS, 3 * DAY_MS];

/// After this many questions in a row without an answer.
pub(super) fn after_silence(now: UtcMillis, unanswered: i64) -> UtcMillis {
    let doublings = u32::try_from(unanswered.saturating_sub(1).clamp(0, DOUBLINGS_MOST)).unwrap_or_default();
    now.plus_ms(FIRST_AGAIN_MS.saturating_mul(1 << doublings).min(AGAIN_MOST_MS))
}

/// Whether money may still come of it, or go.
pub(super) fn is_watched(
    state: ChargeState,
    now: UtcMillis,
    created_at: UtcMillis,
    expires_at: UtcMillis,
) -> bool {
    let until = if state == ChargeState::Paid { created_at.plus_ms(PAID_WATCH_MS) } else { expires_at };
    now.since_ms(until) <= WATCH_MS
}

/// After an answer. `since`: when it was paid, of one that was; else when it was made.
pub(super) fn after_answer(
    state: ChargeState,
    now: UtcMillis,
    since: UtcMillis,
    expires_at: UtcMillis,
) -> UtcMillis {
    let over_ms = now.since_ms(expires_at);
    match state {
        ChargeState::Paid => {
            let looks = LOOKS_AFTER_MS.into_iter().map(|after_ms| since.plus_ms(after_ms));
            looks.into_iter().find(|at| *at > now).unwrap_or(NEVER)
        }
        _ if over_ms > WATCH_MS => NEVER,
        ChargeState::Creating if now.since_ms(since) < MINUTE_MS => now.plus_ms(FIRST_AGAIN_MS),
        ChargeState::Creating => now.plus_ms(MINUTE_MS),
        ChargeState::Pending if over_ms < 0 => {
            let pause_ms = match now.since_ms(since) {
                ..600_000 => 20 * SECOND_MS,
                600_000..3_600_000 => MINUTE_MS,
                _ => 5 * MINUTE_MS,
            };
            now.plus_ms(pause_ms).min(expires_at.plus_ms(AFTER_END_MS))
        }
        ChargeState::Pending if over_ms < HOUR_MS => now.plus_ms(5 * MINUTE_MS),
        ChargeState::Pending | ChargeState::Expired | ChargeState::Cancelled | ChargeState::Failed => {
            now.plus_ms(HOUR_MS)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_met_with_growing_patience() {
        let now = UtcMillis(1_000_000);
        let pauses: Vec<i64> = (1..=9).map(|n| after_silence(now, n).since_ms(now) / SECOND_MS).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
    }

    #[test]
    fn what_is_over_is_watched_for_two_days_and_no_longer() {
        let (created_at, expires_at) = (UtcMillis(0), UtcMillis(HOUR_MS));
        for state in [ChargeState::Expired, ChargeState::Cancelled, ChargeState::Failed, ChargeState::Pending]
        {
            let late = expires_at.plus_ms(DAY_MS);
            assert_eq!(after_answer(state, late, created_at, expires_at), late.plus_ms(HOUR_MS), "{state:?}");
            let later = expires_at.plus_ms(WATCH_MS + 1);
            assert_eq!(after_answer(state, later, created_at, expires_at), NEVER, "{state:?}");
        }
    }

    #[test]
    fn one_that_waits_is_asked_about_until_just_after_its_end() {
        let (created_at, expires_at) = (UtcMillis(0), UtcMillis(15 * MINUTE_MS));
        let soon = after_answer(ChargeState::Pending, UtcMillis(MINUTE_MS), created_at, expires_at);
        assert_eq!(soon, UtcMillis(MINUTE_MS + 20 * SECOND_MS));
        let end = after_answer(ChargeState::Pending, UtcMillis(15 * MINUTE_MS - 1), created_at, expires_at);
        assert_eq!(end, expires_at.plus_ms(AFTER_END_MS));
    }

    #[test]
    fn what_was_paid_is_looked_at_three_times_more() {
        let at = |now| after_answer(ChargeState::Paid, UtcMillis(now), UtcMillis(0), UtcMillis(HOUR_MS));
        assert_eq!(at(5), UtcMillis(HOUR_MS));
        assert_eq!(at(HOUR_MS), UtcMillis(DAY_MS));
        assert_eq!(at(DAY_MS), UtcMillis(3 * DAY_MS));
        assert_eq!(at(3 * DAY_MS), NEVER);
    }
}
