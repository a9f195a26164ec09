//! The invariants as queries.

/// Queries whose every row is a breach: `object` and `detail` tell what it is. `$1` limits them.
pub(super) const RULES: &[(u8, &str)] = &[
    (
        1,
        "SELECT 'entry:' || e.id AS object, 'postings sum to ' || COALESCE(SUM(p.amount), 0) || ', lines: ' || COUNT(p.line) AS detail \
         FROM entry e LEFT JOIN posting p ON p.entry_id = e.id GROUP BY e.id \
         HAVING COALESCE(SUM(p.amount), 0) <> 0 OR COUNT(p.line) < 2 LIMIT $1",
    ),
    (
        1,
        "SELECT 'books' AS object, 'all accounts sum to ' || SUM(amount) AS detail FROM posting HAVING SUM(amount) <> 0 LIMIT $1",
    ),
    (
        2,
        "SELECT 'user:' || user_id AS object, 'available ' || available || ', held ' || held AS detail FROM wallet \
         WHERE available < 0 OR held < 0 LIMIT $1",
    ),
    (
        3,
        "SELECT 'user:' || w.user_id AS object, 'available ' || w.available || ' held ' || w.held || ' are not the postings' AS detail \
         FROM wallet w LEFT JOIN (SELECT user_id, SUM(CASE WHEN account = 'available' THEN amount ELSE 0 END) AS available, \
         SUM(CASE WHEN account = 'held' THEN amount ELSE 0 END) AS held, \
         SUM(CASE WHEN account = 'receivable' THEN amount ELSE 0 END) AS receivable \
         FROM posting WHERE user_id IS NOT NULL GROUP BY user_id) s ON s.user_id = w.user_id \
         WHERE w.available <> COALESCE(s.available, 0) OR w.held <> COALESCE(s.held, 0) \
         OR w.receivable <> COALESCE(s.receivable, 0) LIMIT $1",
    ),
    (
        3,
        "SELECT 'user:' || w.user_id AS object, 'the last running balance is not the balance' AS detail FROM wallet w \
         JOIN posting p ON p.user_id = w.user_id AND p.account = 'available' AND p.entry_id = \
         (SELECT MAX(q.entry_id) FROM posting q WHERE q.user_id = w.user_id AND q.account = 'available') \
         WHERE p.balance_after IS NULL OR p.balance_after <> w.available LIMIT $1",
    ),
    (
        5,
        "SELECT 'idempotency:' || i.key AS object, 'names no ' || i.operation AS detail FROM idempotency i \
         WHERE (i.operation = 'purchase' AND NOT EXISTS (SELECT 1 FROM purchase p WHERE p.public_id = i.result AND p.user_id = i.user_id)) \
         OR (i.operation = 'topup' AND NOT EXISTS (SELECT 1 FROM topup t WHERE t.public_id = i.result AND t.user_id = i.user_id)) LIMIT $1",
    ),
    (
        6,
        "SELECT 'purchase:' || p.public_id AS object, COUNT(*) || ' attempts may have made an order' AS detail \
         FROM attempt a JOIN purchase p ON p.id = a.purchase_id WHERE a.state <> 'no_order' \
         AND NOT (a.state = 'succeeded' AND a.n < p.attempts AND p.hold = 'open') \
         AND NOT EXISTS (SELECT 1 FROM purchase_step s WHERE s.purchase_id = p.id AND s.note = 'late_success') \
         AND NOT EXISTS (SELECT 1 FROM alarm l WHERE l.kind = 'delivered_twice' AND l.object = p.public_id) \
         GROUP BY p.public_id HAVING COUNT(*) > 1 LIMIT $1",
    ),
    (
        7,
        "SELECT 'purchase:' || public_id AS object, 'is ' || state || ' without a time to go on' AS detail FROM purchase \
         WHERE (state IN ('accepted', 'pending', 'awaiting_payment', 'unknown') AND due_at <= 0) \
         OR (state = 'submitting' AND lease_until <= 0) LIMIT $1",
    ),
    (
        8,
        "SELECT 'purchase:' || p.public_id AS object, 'paid back, but an attempt succeeded' AS detail FROM purchase p \
         JOIN attempt a ON a.purchase_id = p.id WHERE p.state = 'failed' AND a.state = 'succeeded' \
         AND NOT EXISTS (SELECT 1 FROM purchase_step s WHERE s.purchase_id = p.id AND s.note = 'late_success') LIMIT $1",
    ),
    (
        12,
        "SELECT 'purchase:' || p.public_id AS object, 'state ' || p.state || ' does not go with hold ' || p.hold AS detail \
          FROM purchase p WHERE (p.state IN ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown') AND p.hold <> 'open') \
          OR (p.state = 'review' AND p.hold NOT IN ('open', 'released')) OR (p.state = 'succeeded' AND p.hold <> 'captured') \
          OR (p.state = 'failed' AND p.hold <> 'released') OR (p.state = 'refunded' AND p.hold <> 'refunded') LIMIT $1",
    ),
    (
        12,
        "SELECT 'user:' || w.user_id AS object, 'held ' || w.held || ' is not the sum of open holds' AS detail FROM wallet w \
          LEFT JOIN (SELECT user_id, SUM(price) AS held FROM purchase WHERE hold = 'open' GROUP BY user_id) o \
          ON o.user_id = w.user_id WHERE w.held <> COALESCE(o.held, 0) LIMIT $1",
    ),
    (
        12,
        "SELECT 'purchase:' || p.public_id AS object, 'hold ' || p.hold || ' does not go with its entries' AS detail FROM purchase p \
          LEFT JOIN entry h ON h.kind = 'hold' AND h.reference = p.public_id \
          LEFT JOIN entry c ON c.kind = 'capture' AND c.reference = p.public_id \
          LEFT JOIN entry r ON r.kind = 'release' AND r.reference = p.public_id \
          LEFT JOIN entry x ON x.kind = 'recharge' AND x.reference = p.public_id \
          WHERE h.id IS NULL OR (p.hold = 'open' AND (c.id IS NOT NULL OR r.id IS NOT NULL OR x.id IS NOT NULL)) \
          OR (p.hold = 'captured' AND NOT ((c.id IS NOT NULL AND r.id IS NULL AND x.id IS NULL) \
          OR (c.id IS NULL AND r.id IS NOT NULL AND x.id IS NOT NULL))) \
          OR (p.hold = 'released' AND (r.id IS NULL OR c.id IS NOT NULL OR x.id IS NOT NULL)) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, e.kind || ' is not the price of its purchase' AS detail FROM entry e \
          JOIN purchase p ON p.public_id = e.reference JOIN posting l ON l.entry_id = e.id \
          WHERE e.kind IN ('hold', 'capture', 'release', 'recharge') AND (l.amount NOT IN (p.price, -p.price) \
          OR (l.user_id IS NOT NULL AND l.user_id <> p.user_id)) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, e.kind || ' of no purchase' AS detail FROM entry e \
          WHERE e.kind IN ('hold', 'capture', 'release', 'recharge') \
          AND NOT EXISTS (SELECT 1 FROM purchase p WHERE p.public_id = e.reference) LIMIT $1",
    ),
    (
        12,
        "SELECT 'attempt:' || a.client_ref AS object, 'cost and entry do not agree' AS detail FROM attempt a \
          LEFT JOIN entry e ON e.kind = 'cost' AND e.reference = a.client_ref \
          WHERE (a.cost IS NULL) <> (e.id IS NULL) OR (e.id IS NOT NULL AND NOT EXISTS \
          (SELECT 1 FROM posting p WHERE p.entry_id = e.id AND p.amount = a.cost)) LIMIT $1",
    ),
    (
        8,
        "SELECT 'purchase:' || p.public_id AS object, 'paid back, though an order may exist' AS detail FROM purchase p \
         JOIN attempt a ON a.purchase_id = p.id WHERE p.state = 'failed' AND a.state IN ('submitting', 'pending', 'unknown') \
         AND NOT EXISTS (SELECT 1 FROM purchase_step s WHERE s.purchase_id = p.id AND s.actor IS NOT NULL) LIMIT $1",
    ),
    (
        8,
        "SELECT 'purchase:' || p.public_id AS object, 'sold, though nothing says that it was delivered' AS detail \
         FROM purchase p WHERE p.state = 'succeeded' \
         AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.purchase_id = p.id AND a.state = 'succeeded') \
         AND NOT EXISTS (SELECT 1 FROM purchase_step s WHERE s.purchase_id = p.id AND s.actor IS NOT NULL) LIMIT $1",
    ),
    (
        12,
        "SELECT 'attempt:' || a.client_ref AS object, 'refunded cost and entry do not agree' AS detail FROM attempt a \
          LEFT JOIN entry e ON e.kind = 'cost_refund' AND e.reference = a.client_ref \
          WHERE (a.refunded IS NULL) <> (e.id IS NULL) OR a.refunded > COALESCE(a.cost, 0) \
          OR (e.id IS NOT NULL AND NOT EXISTS \
          (SELECT 1 FROM posting p WHERE p.entry_id = e.id AND p.amount = a.refunded)) LIMIT $1",
    ),
    (
        7,
        "SELECT 'number:' || n.msisdn AS object, 'is kept busy by a purchase that is ' || p.state AS detail \
          FROM number_in_use n JOIN purchase p ON p.id = n.purchase_id \
          WHERE p.state IN ('succeeded', 'failed', 'refunded') OR p.method IS NULL OR p.msisdn <> n.msisdn LIMIT $1",
    ),
    (
        7,
        "SELECT 'purchase:' || p.public_id AS object, 'is ' || p.state || ', but its number is not kept for it' AS detail \
          FROM purchase p WHERE p.xl_account IS NOT NULL AND p.hold = 'open' \
          AND NOT EXISTS (SELECT 1 FROM number_in_use n WHERE n.purchase_id = p.id) LIMIT $1",
    ),
    (
        12,
        "SELECT 'purchase:' || p.public_id AS object, 'waits for a payment that nobody can make' AS detail \
          FROM purchase p WHERE p.state = 'awaiting_payment' AND p.action IS NULL LIMIT $1",
    ),
    (
        12,
        "SELECT 'purchase:' || p.public_id AS object, 'cost ' || COALESCE(p.cost, 0) || ' is not that of its attempts' AS detail \
          FROM purchase p LEFT JOIN (SELECT purchase_id, SUM(COALESCE(cost, 0) - COALESCE(refunded, 0)) AS cost \
          FROM attempt GROUP BY purchase_id) a ON a.purchase_id = p.id \
          WHERE COALESCE(p.cost, 0) <> COALESCE(a.cost, 0) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, 'cost of no attempt' AS detail FROM entry e \
          WHERE e.kind IN ('cost', 'cost_refund') \
         AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.client_ref = e.reference) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, 'funding of no deposit' AS detail FROM entry e WHERE e.kind = 'funding' \
         AND NOT EXISTS (SELECT 1 FROM funding f WHERE f.entry_reference = e.reference) LIMIT $1",
    ),
    (
        12,
        "SELECT 'funding:' || f.id AS object, 'funding and entry do not agree' AS detail FROM funding f \
         LEFT JOIN entry e ON e.kind = 'funding' AND e.reference = f.entry_reference \
         WHERE (SELECT COUNT(*) FROM posting p WHERE p.entry_id = e.id) <> 2 \
         OR NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id \
         AND p.account = 'bank:' || f.bank_account_id AND p.amount = f.amount) \
         OR NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id \
         AND p.account = 'deposit:' || f.gateway AND p.amount = -f.amount) LIMIT $1",
    ),
    (
        12,
        "SELECT 'deposit:' || d.gateway AS object, 'the comparison of day ' || d.day || ' is not its sum' AS detail \
         FROM deposit_day d LEFT JOIN deposit_day b ON b.gateway = d.gateway AND b.day = \
         (SELECT MAX(o.day) FROM deposit_day o WHERE o.gateway = d.gateway AND o.day < d.day) \
         WHERE d.state <> 'base' AND (b.day IS NULL OR d.costs <> d.costs_total - b.costs_total \
         OR d.refunds <> d.refunds_total - b.refunds_total \
         OR d.difference <> d.deposit - b.deposit - d.fundings + d.costs - d.refunds \
         OR d.fundings <> COALESCE((SELECT SUM(f.amount) FROM funding f \
         WHERE f.gateway = d.gateway AND f.day > b.day AND f.day <= d.day), 0)) LIMIT $1",
    ),
];
