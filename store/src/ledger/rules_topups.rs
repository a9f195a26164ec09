//! The invariants of top-ups and payments as queries; see `rules`.

/// Queries whose every row is a breach, in the form of [`super::rules::RULES`].
pub(super) const RULES: &[(u8, &str)] = &[
    (
        9,
        "SELECT 'topup:' || t.public_id AS object, 'is ' || t.state || ' with ' || COUNT(e.id) || ' credits' AS detail FROM topup t \
         LEFT JOIN payment y ON y.topup_id = t.id LEFT JOIN entry e ON e.kind = 'credit' AND e.reference = y.entry_reference \
         GROUP BY t.public_id, t.state HAVING COUNT(e.id) <> \
         (CASE WHEN t.state IN ('credited', 'refund_pending', 'refunded', 'reversed') THEN 1 ELSE 0 END) LIMIT $1",
    ),
    (
        9,
        // What was taken back while it was nobody's was never credited.
        "SELECT 'payment:' || y.id AS object, 'the credit is not the amount that came, for its user' AS detail FROM payment y \
         JOIN entry e ON e.kind = 'credit' AND e.reference = y.entry_reference \
         LEFT JOIN (SELECT substr(v.reference, 1, 12) AS reference, SUM(p.amount) AS amount FROM entry v \
         JOIN posting p ON p.entry_id = v.id AND p.account = 'suspense' WHERE v.kind = 'reversal' \
         GROUP BY substr(v.reference, 1, 12)) r ON r.reference = y.entry_reference \
         WHERE y.amount - y.fee + COALESCE(r.amount, 0) <> COALESCE((SELECT SUM(p.amount) FROM posting p \
         WHERE p.entry_id = e.id AND p.user_id IS NOT NULL AND p.user_id = COALESCE(y.user_id, p.user_id)), 0) LIMIT $1",
    ),
    (
        9,
        "SELECT 'entry:' || e.id AS object, e.kind || ' of no payment' AS detail FROM entry e \
         WHERE e.kind IN ('credit', 'pay_cost', 'suspense', 'returned') \
         AND NOT EXISTS (SELECT 1 FROM payment y WHERE y.entry_reference = e.reference) LIMIT $1",
    ),
    (
        9,
        "SELECT 'payment:' || y.id AS object, 'is not its top-up''s user''s' AS detail FROM payment y \
         JOIN topup t ON t.id = y.topup_id WHERE y.user_id <> t.user_id LIMIT $1",
    ),
    (
        12,
        // What the gateway took back after it had been given back by hand is missing there, until a human corrects it.
        "SELECT 'suspense' AS object, 'holds ' || s.held || ', payments ' || y.waiting AS detail FROM \
         (SELECT COALESCE(SUM(amount), 0) AS held FROM posting WHERE account = 'suspense') s, \
         (SELECT COALESCE(SUM(amount - reversed), 0) AS waiting FROM payment WHERE state = 'suspense') y, \
         (SELECT COALESCE(SUM(p.amount), 0) AS twice FROM entry o JOIN entry v ON v.kind = 'reversal' \
         AND substr(v.reference, 1, 12) = o.reference AND v.id > o.id \
         JOIN posting p ON p.entry_id = v.id AND p.line = 1 WHERE o.kind = 'returned') b \
         WHERE s.held + b.twice <> y.waiting LIMIT $1",
    ),
    (
        12,
        "SELECT 'refund_clearing' AS object, 'holds ' || c.held || ', open refunds ' || f.waiting AS detail FROM \
         (SELECT COALESCE(SUM(amount), 0) AS held FROM posting WHERE account = 'refund_clearing') c, \
         (SELECT COALESCE(SUM(amount), 0) AS waiting FROM refund WHERE state IN ('open', 'refused')) f \
         WHERE c.held <> f.waiting LIMIT $1",
    ),
    (
        12,
        "SELECT 'payment:' || y.id AS object, 'state ' || y.state || ' does not go with its entries' AS detail FROM payment y \
         LEFT JOIN entry c ON c.kind = 'credit' AND c.reference = y.entry_reference \
         LEFT JOIN entry s ON s.kind = 'suspense' AND s.reference = y.entry_reference \
         LEFT JOIN entry r ON r.kind = 'returned' AND r.reference = y.entry_reference \
         WHERE (y.state = 'credited' AND (c.id IS NULL OR r.id IS NOT NULL)) \
         OR (y.state = 'suspense' AND (s.id IS NULL OR c.id IS NOT NULL OR r.id IS NOT NULL)) \
         OR (y.state = 'returned' AND (s.id IS NULL OR c.id IS NOT NULL OR (r.id IS NULL AND y.reversed <> y.amount))) \
         OR y.state NOT IN ('credited', 'suspense', 'returned') LIMIT $1",
    ),
    (
        12,
        "SELECT 'payment:' || y.id AS object, 'what the gateway keeps and its entry do not agree' AS detail FROM payment y \
         LEFT JOIN entry e ON e.kind = 'pay_cost' AND e.reference = y.entry_reference \
         WHERE (y.cost = 0) <> (e.id IS NULL) OR (e.id IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM posting p WHERE p.entry_id = e.id AND p.amount = y.cost)) LIMIT $1",
    ),
    (
        12,
        "SELECT 'payment:' || y.id AS object, 'taken back ' || y.reversed || ' is not what its entries say' AS detail FROM payment y \
         LEFT JOIN (SELECT substr(e.reference, 1, 12) AS reference, SUM(p.amount) AS amount FROM entry e \
         JOIN posting p ON p.entry_id = e.id AND p.line = 1 WHERE e.kind = 'reversal' \
         GROUP BY substr(e.reference, 1, 12)) v ON v.reference = y.entry_reference \
         LEFT JOIN (SELECT e.reference, SUM(p.amount) AS amount FROM entry e \
         JOIN posting p ON p.entry_id = e.id AND p.account LIKE 'gateway:%' WHERE e.kind = 'returned' \
         GROUP BY e.reference) o ON o.reference = y.entry_reference \
         LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM refund WHERE way = 'gateway' AND state = 'done' \
         GROUP BY payment_id) f ON f.payment_id = y.id \
         WHERE y.reversed < 0 OR y.reversed > y.amount OR y.reversed <> \
         COALESCE(v.amount, 0) + COALESCE(o.amount, 0) + COALESCE(f.amount, 0) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, 'takes back no payment' AS detail FROM entry e WHERE e.kind = 'reversal' \
         AND NOT EXISTS (SELECT 1 FROM payment y WHERE y.entry_reference = substr(e.reference, 1, 12)) LIMIT $1",
    ),
    (
        12,
        "SELECT 'refund:' || f.public_id AS object, 'state ' || f.state || ' does not go with its entries' AS detail FROM refund f \
         LEFT JOIN entry o ON o.kind = 'refund' AND o.reference = f.public_id \
         LEFT JOIN entry d ON d.kind = 'refund_done' AND d.reference = f.public_id \
         LEFT JOIN entry b ON b.kind = 'refund_back' AND b.reference = f.public_id \
         WHERE o.id IS NULL OR (f.state IN ('open', 'refused') AND (d.id IS NOT NULL OR b.id IS NOT NULL)) \
         OR (f.state = 'done' AND (d.id IS NULL OR b.id IS NOT NULL)) \
         OR (f.state = 'back' AND (b.id IS NULL OR d.id IS NOT NULL)) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, e.kind || ' of no refund' AS detail FROM entry e \
         WHERE e.kind IN ('refund', 'refund_done', 'refund_back') \
         AND NOT EXISTS (SELECT 1 FROM refund f WHERE f.public_id = e.reference) LIMIT $1",
    ),
    (
        12,
        "SELECT 'topup:' || t.public_id AS object, 'is ' || t.state || ', its refund is not' AS detail FROM topup t \
         WHERE (t.state = 'refund_pending') <> EXISTS \
         (SELECT 1 FROM refund f WHERE f.topup_id = t.id AND f.state IN ('open', 'refused')) \
         OR (t.state = 'refunded' AND NOT EXISTS (SELECT 1 FROM refund f WHERE f.topup_id = t.id AND f.state = 'done')) LIMIT $1",
    ),
    (
        12,
        "SELECT 'charge:' || c.order_id AS object, 'is ' || c.state || ' with ' || COUNT(y.id) || ' payments' AS detail FROM charge c \
         LEFT JOIN payment y ON y.charge_id = c.id WHERE c.state IN ('paid', 'creating') GROUP BY c.order_id, c.state \
         HAVING (c.state = 'paid') <> (COUNT(y.id) > 0) LIMIT $1",
    ),
    (
        7,
        "SELECT 'payment:' || y.id AS object, 'is nobody''s, and no case is open' AS detail FROM payment y WHERE y.state = 'suspense' \
         AND NOT EXISTS (SELECT 1 FROM pay_case c WHERE c.payment_id = y.id AND c.closed_at IS NULL) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, 'payout that is not recorded' AS detail FROM entry e WHERE e.kind = 'payout' \
         AND NOT EXISTS (SELECT 1 FROM payout o WHERE o.entry_reference = e.reference) LIMIT $1",
    ),
    (
        12,
        "SELECT 'payout:' || o.id AS object, 'payout and entry do not agree' AS detail FROM payout o \
         LEFT JOIN entry e ON e.kind = 'payout' AND e.reference = o.entry_reference \
         WHERE NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id \
         AND p.account = 'bank:' || o.bank_account_id AND p.amount = -o.amount) \
         OR NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id \
         AND p.account = 'gateway:' || o.gateway AND p.amount = o.amount + o.fee) LIMIT $1",
    ),
];
