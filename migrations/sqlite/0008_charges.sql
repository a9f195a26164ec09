-- What collects money for top-ups, and what came of it.

CREATE TABLE pay_gateway (
    name TEXT PRIMARY KEY,
    dialect TEXT NOT NULL,
    base_url TEXT NOT NULL,
    -- The merchant's id or code; empty where the dialect needs none.
    merchant TEXT NOT NULL,
    -- Sealed with the server's key.
    api_key BLOB NOT NULL,
    private_key BLOB,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- Who saves must have seen the last one.
    revision INTEGER NOT NULL,
    -- Goes up when address, merchant or keys change: what was tried before counts no more.
    access_revision INTEGER NOT NULL,
    updated_by INTEGER REFERENCES users (id),
    updated_at INTEGER NOT NULL,
    -- Whether address and keys are right: those that were tried last, and what came of it.
    probe_due INTEGER NOT NULL CHECK (probe_due IN (0, 1)),
    probed_revision INTEGER,
    probed_at INTEGER,
    probe_trouble TEXT,
    -- When it last answered, and since when it does not.
    heard_at INTEGER,
    silent_since INTEGER
) STRICT;

-- The ways of topping up, one row each.
CREATE TABLE pay_method (
    method TEXT PRIMARY KEY,
    -- The gateway that collects; nothing where a human looks for the money.
    gateway TEXT REFERENCES pay_gateway (name),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    sort INTEGER NOT NULL,
    min INTEGER NOT NULL CHECK (min > 0),
    max INTEGER NOT NULL CHECK (max >= min),
    expiry_minutes INTEGER NOT NULL CHECK (expiry_minutes > 0),
    -- What the payer pays on top.
    payer_flat INTEGER NOT NULL CHECK (payer_flat >= 0),
    payer_basis_points INTEGER NOT NULL CHECK (payer_basis_points >= 0),
    -- What the gateway keeps, where it does not say so itself.
    cost_flat INTEGER NOT NULL CHECK (cost_flat >= 0),
    cost_basis_points INTEGER NOT NULL CHECK (cost_basis_points >= 0),
    revision INTEGER NOT NULL,
    -- The charge that tried it, and the gateway's keys at that time.
    test_order TEXT,
    test_revision INTEGER,
    updated_by INTEGER REFERENCES users (id),
    updated_at INTEGER NOT NULL
) STRICT;
-- As it was until now: transfers, with the limits of the settings.
INSERT INTO pay_method (method, active, sort, min, max, expiry_minutes, payer_flat, payer_basis_points, cost_flat,
    cost_basis_points, revision, updated_at) VALUES ('transfer', 1, 90, 10000, 10000000, 1440, 0, 0, 0, 0, 1, 0);
UPDATE pay_method SET
    expiry_minutes = COALESCE((SELECT 60 * json_extract(value, '$.topup_hours') FROM setting WHERE name = 'shop'), 1440),
    min = COALESCE((SELECT json_extract(value, '$.topup_min') FROM setting WHERE name = 'shop'), 10000),
    max = COALESCE((SELECT json_extract(value, '$.topup_max') FROM setting WHERE name = 'shop'), 10000000);

-- One order at a payment gateway: for a top-up, or to try a way of paying.
CREATE TABLE charge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    topup_id INTEGER REFERENCES topup (id),
    n INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    -- A fingerprint of the shop's account there, empty until it is first sent: it is never asked about at another one.
    account TEXT NOT NULL,
    order_id TEXT NOT NULL UNIQUE,
    method TEXT NOT NULL,
    gross INTEGER NOT NULL CHECK (gross > 0),
    fee INTEGER NOT NULL CHECK (fee >= 0),
    -- What the gateway will keep, as far as the settings know.
    expected_cost INTEGER NOT NULL CHECK (expected_cost >= 0),
    state TEXT NOT NULL,
    transaction_id TEXT,
    -- JSON of what the payer needs.
    pay_to TEXT,
    expires_at INTEGER NOT NULL,
    -- When it was first sent; committed before a byte leaves.
    charged_at INTEGER,
    cancel_wanted INTEGER NOT NULL CHECK (cancel_wanted IN (0, 1)),
    -- Why the gateway took no order.
    refusal TEXT,
    -- The gateway's last word.
    provider_state TEXT,
    -- Questions without an answer, in a row.
    unanswered INTEGER NOT NULL,
    -- Goes up with each notification and each wish of the buyer: one that comes while it is being asked about counts.
    hints INTEGER NOT NULL,
    checked_at INTEGER NOT NULL,
    -- When the gateway first confirmed the money.
    paid_at INTEGER,
    due_at INTEGER NOT NULL,
    -- Fencing: each claim raises the token, and what is recorded later names it.
    lease_token INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT charge_number UNIQUE (topup_id, n)
) STRICT;
CREATE INDEX charge_due ON charge (gateway, due_at, id) WHERE due_at > 0;

-- What was said between us and a payment gateway, redacted.
CREATE TABLE charge_message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    charge_id INTEGER NOT NULL REFERENCES charge (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    http_status INTEGER,
    code TEXT,
    body TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX charge_message_charge ON charge_message (charge_id, id);

ALTER TABLE payment ADD COLUMN charge_id INTEGER REFERENCES charge (id);
-- `credited`, `suspense` or `returned`.
ALTER TABLE payment ADD COLUMN state TEXT NOT NULL DEFAULT 'credited';
-- The payer's fee in it.
ALTER TABLE payment ADD COLUMN fee INTEGER NOT NULL DEFAULT 0;
-- What the gateway kept of it.
ALTER TABLE payment ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
-- What the gateway or the payer's bank took back of it so far.
ALTER TABLE payment ADD COLUMN reversed INTEGER NOT NULL DEFAULT 0;
-- Whose balance it went to.
ALTER TABLE payment ADD COLUMN user_id INTEGER REFERENCES users (id);
-- A second payment is not the one that its top-up took.
ALTER TABLE payment ADD COLUMN about_topup INTEGER REFERENCES topup (id);
UPDATE payment SET user_id = (SELECT t.user_id FROM topup t WHERE t.id = payment.topup_id);
CREATE INDEX payment_charge ON payment (charge_id) WHERE charge_id IS NOT NULL;
CREATE INDEX payment_created ON payment (provider, created_at);

-- Money that did not come as it should, until a human has seen to it.
CREATE TABLE pay_case (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    -- What makes it one case, whatever comes again.
    cause TEXT NOT NULL,
    topup_id INTEGER REFERENCES topup (id),
    charge_id INTEGER REFERENCES charge (id),
    payment_id INTEGER REFERENCES payment (id),
    -- Facts, such as an amount.
    detail TEXT NOT NULL,
    -- Above a limit two admins agree to a credit.
    first_by INTEGER REFERENCES users (id),
    first_at INTEGER,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by INTEGER REFERENCES users (id),
    outcome TEXT,
    note TEXT,
    CONSTRAINT pay_case_once UNIQUE (kind, cause)
) STRICT;
CREATE INDEX pay_case_open ON pay_case (id) WHERE closed_at IS NULL;
CREATE INDEX pay_case_topup ON pay_case (topup_id);
CREATE INDEX pay_case_payment ON pay_case (payment_id);

-- Money on its way back to the payer.
CREATE TABLE refund (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    payment_id INTEGER NOT NULL REFERENCES payment (id),
    topup_id INTEGER NOT NULL REFERENCES topup (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    -- `gateway` or `hand`.
    way TEXT NOT NULL,
    -- `open`, `refused` (a human goes on), `done` or `back`.
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- Of the transfer back, by hand.
    reference TEXT,
    bank_account_id INTEGER REFERENCES bank_account (id),
    requested_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    sent_at INTEGER,
    tries INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_token INTEGER NOT NULL,
    lease_until INTEGER NOT NULL
) STRICT;
CREATE INDEX refund_topup ON refund (topup_id);
CREATE INDEX refund_payment ON refund (payment_id);
CREATE UNIQUE INDEX refund_open ON refund (payment_id) WHERE state IN ('open', 'refused', 'done');

-- What a gateway paid out to a bank account of the shop. Never changed: a wrong one is corrected by its opposite.
CREATE TABLE payout (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    gateway TEXT NOT NULL,
    bank_account_id INTEGER NOT NULL REFERENCES bank_account (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    fee INTEGER NOT NULL,
    note TEXT NOT NULL,
    entry_reference TEXT NOT NULL UNIQUE,
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
) STRICT;

-- How a bank writes its statements, as an admin has said.
CREATE TABLE statement_profile (
    -- `bank:7`, or `gateway:midtrans` for a list of a payment gateway.
    source TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    updated_by INTEGER REFERENCES users (id),
    updated_at INTEGER NOT NULL
) STRICT;

-- Money that came, as a statement or a gateway's own list says.
CREATE TABLE statement_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    -- When the day began (WIB).
    day INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    reference TEXT NOT NULL,
    description TEXT NOT NULL,
    -- `open`, `used` or `ignored`.
    state TEXT NOT NULL,
    topup_id INTEGER REFERENCES topup (id),
    added_by INTEGER REFERENCES users (id),
    added_at INTEGER NOT NULL,
    CONSTRAINT statement_line_once UNIQUE (source, reference)
) STRICT;
CREATE INDEX statement_line_open ON statement_line (source, amount) WHERE state = 'open';
CREATE INDEX statement_line_day ON statement_line (source, day);
CREATE INDEX statement_line_topup ON statement_line (topup_id) WHERE topup_id IS NOT NULL;

-- Lists that a gateway is to be asked for.
CREATE TABLE pay_list (
    gateway TEXT NOT NULL,
    day INTEGER NOT NULL,
    due INTEGER NOT NULL CHECK (due IN (0, 1)),
    fetched_at INTEGER,
    trouble TEXT,
    PRIMARY KEY (gateway, day)
) STRICT;
