//! The invariants of corrections as queries; see `rules`.

/// Queries whose every row is a breach, in the form of [`super::rules::RULES`].
pub(super) const RULES: &[(u8, &str)] = &[
    (
        12,
        "SELECT 'correction:' || c.public_id AS object, 'state ' || c.state || ' does not go with its entry' AS detail \
         FROM correction c LEFT JOIN entry e ON e.kind = 'adjust' AND e.reference = c.public_id \
         WHERE (c.state = 'done') <> (e.id IS NOT NULL) LIMIT $1",
    ),
    (
        12,
        "SELECT 'correction:' || c.public_id AS object, 'is not what its entry moved' AS detail FROM correction c \
         JOIN entry e ON e.kind = 'adjust' AND e.reference = c.public_id \
         WHERE NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id AND p.account = 'available' \
         AND p.user_id = c.user_id AND p.amount = c.amount AND p.balance_after = c.balance_after) LIMIT $1",
    ),
];
