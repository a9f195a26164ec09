-- Conventions, the same in both databases:
--   money is whole rupiah, time is UTC milliseconds, a yes or no is 1 or 0; all three are 64-bit integers.
--   `public_id` may leave the system, row numbers never do.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- ---------------------------------------------------------------- people

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    name TEXT,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('member', 'reseller', 'admin')),
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    lang TEXT NOT NULL,
    zone TEXT NOT NULL,
    theme TEXT NOT NULL,
    -- Sessions carry it; a new one ends them all.
    auth_epoch TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT users_username UNIQUE (username),
    CONSTRAINT users_email UNIQUE (email),
    CONSTRAINT users_phone UNIQUE (phone)
) STRICT;

CREATE TABLE session (
    -- A hash: whoever reads the database must not be able to become anyone.
    id_hash TEXT PRIMARY KEY,
    user_id INTEGER REFERENCES users (id),
    data TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);

-- What was typed into a form that was refused, for ten minutes.
CREATE TABLE form_draft (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    content TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX form_draft_expiry ON form_draft (expires_at);

CREATE TABLE throttle (
    key TEXT PRIMARY KEY,
    tries INTEGER NOT NULL,
    window_ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX throttle_expiry ON throttle (window_ends_at);

CREATE TABLE one_time_link (
    token_hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id INTEGER REFERENCES users (id),
    expires_at INTEGER NOT NULL
) STRICT;

-- ---------------------------------------------------------------- the ledger

CREATE TABLE wallet (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    available INTEGER NOT NULL CHECK (available >= 0),
    held INTEGER NOT NULL CHECK (held >= 0),
    receivable INTEGER NOT NULL CHECK (receivable <= 0),
    frozen INTEGER NOT NULL CHECK (frozen IN (0, 1))
) STRICT;

CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    actor INTEGER REFERENCES users (id),
    memo TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    CONSTRAINT entry_once UNIQUE (kind, reference)
) STRICT;

CREATE TABLE posting (
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    line INTEGER NOT NULL,
    account TEXT NOT NULL,
    user_id INTEGER REFERENCES users (id),
    amount INTEGER NOT NULL,
    -- Of a user's available balance only: the running balance of a statement.
    balance_after INTEGER,
    PRIMARY KEY (entry_id, line)
) STRICT;
CREATE INDEX posting_user ON posting (user_id, account, entry_id) WHERE user_id IS NOT NULL;

-- Entries and audit rows are sealed into blocks whose MACs form a chain; the key is not in the database.
CREATE TABLE seal_block (
    id INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    previous_mac BLOB NOT NULL,
    mac BLOB NOT NULL,
    items INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX seal_block_stream ON seal_block (stream, id);

CREATE TABLE sealed (
    stream TEXT NOT NULL,
    item_id INTEGER NOT NULL,
    block_id INTEGER NOT NULL REFERENCES seal_block (id),
    PRIMARY KEY (stream, item_id)
) STRICT;
CREATE INDEX sealed_block ON sealed (block_id);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    actor INTEGER REFERENCES users (id),
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    content_hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_time ON audit (created_at);

CREATE TABLE idempotency (
    user_id INTEGER NOT NULL REFERENCES users (id),
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, operation, key)
) STRICT;

-- ---------------------------------------------------------------- packages and purchases

CREATE TABLE package (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    quota TEXT NOT NULL,
    validity_days INTEGER NOT NULL,
    category TEXT NOT NULL,
    brand TEXT NOT NULL,
    price_member INTEGER NOT NULL CHECK (price_member > 0),
    price_reseller INTEGER NOT NULL CHECK (price_reseller > 0),
    cost INTEGER NOT NULL CHECK (cost >= 0),
    gateway TEXT NOT NULL,
    sku TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    sort INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE purchase (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    package_id INTEGER NOT NULL REFERENCES package (id),
    -- As it was when bought; a package may be renamed later.
    package_name TEXT NOT NULL,
    quota TEXT NOT NULL,
    validity_days INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    sku TEXT NOT NULL,
    max_price INTEGER NOT NULL,
    msisdn TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price > 0),
    balance_after INTEGER NOT NULL,
    state TEXT NOT NULL,
    hold TEXT NOT NULL,
    fail_reason TEXT,
    serial_number TEXT,
    cost INTEGER,
    attempts INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    send_until INTEGER NOT NULL,
    -- Fencing: each claim raises the token, and every later write of that worker names it.
    lease_token INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    state_at INTEGER NOT NULL
) STRICT;
CREATE INDEX purchase_user ON purchase (user_id, id);
CREATE INDEX purchase_user_state ON purchase (user_id, state, id);
CREATE INDEX purchase_state ON purchase (state, id);
CREATE INDEX purchase_number ON purchase (msisdn, id);
CREATE INDEX purchase_repeat ON purchase (user_id, msisdn, package_id, created_at);
CREATE INDEX purchase_created ON purchase (created_at);

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    purchase_id INTEGER NOT NULL REFERENCES purchase (id),
    n INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    -- A fingerprint of the shop's account at the gateway: asked of another one, the same order would buy.
    account TEXT NOT NULL,
    client_ref TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Not a byte is sent after this moment.
    send_by INTEGER NOT NULL,
    -- A status query that may itself buy can be under way until this moment.
    query_until INTEGER NOT NULL,
    provider_id TEXT,
    cost INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT attempt_number UNIQUE (purchase_id, n)
) STRICT;

CREATE TABLE purchase_step (
    purchase_id INTEGER NOT NULL REFERENCES purchase (id),
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL,
    actor INTEGER REFERENCES users (id),
    PRIMARY KEY (purchase_id, n)
) STRICT;

-- What was said between us and a gateway, redacted: the evidence for a human's decision.
CREATE TABLE gateway_message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    attempt_id INTEGER NOT NULL REFERENCES attempt (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ask TEXT,
    http_status INTEGER,
    code TEXT,
    body TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX gateway_message_attempt ON gateway_message (attempt_id, id);

-- ---------------------------------------------------------------- top-ups

CREATE TABLE bank_account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bank TEXT NOT NULL,
    number TEXT NOT NULL,
    holder TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE topup (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    bank_account_id INTEGER NOT NULL REFERENCES bank_account (id),
    base INTEGER NOT NULL CHECK (base > 0),
    payable INTEGER NOT NULL CHECK (payable > 0),
    state TEXT NOT NULL,
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    expires_at INTEGER NOT NULL,
    -- While 1, nobody else gets the same payable amount on the same account.
    reserved INTEGER NOT NULL CHECK (reserved IN (0, 1)),
    reserved_until INTEGER NOT NULL,
    proof_kind TEXT,
    proof BLOB,
    decided_by INTEGER REFERENCES users (id),
    decided_at INTEGER,
    reject_reason TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX topup_unique_amount ON topup (bank_account_id, payable) WHERE reserved = 1;
CREATE INDEX topup_user ON topup (user_id, id);
CREATE INDEX topup_state ON topup (state, id);
CREATE INDEX topup_reserved ON topup (reserved_until) WHERE reserved = 1;

-- Money that reached us. A credit is keyed by it, so one transfer cannot pay twice.
CREATE TABLE payment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    reference TEXT NOT NULL,
    -- What the ledger's entry names: an id that may leave the system.
    entry_reference TEXT NOT NULL UNIQUE,
    amount INTEGER NOT NULL CHECK (amount > 0),
    topup_id INTEGER REFERENCES topup (id),
    created_at INTEGER NOT NULL,
    CONSTRAINT payment_once UNIQUE (provider, account, reference)
) STRICT;
CREATE INDEX payment_topup ON payment (topup_id);

-- ---------------------------------------------------------------- the shop

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated_by INTEGER REFERENCES users (id),
    updated_at INTEGER NOT NULL
) STRICT;

-- Work that only one process should do at a time.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT;

-- Rows that exist to be locked or compared.
INSERT INTO meta (name, value) VALUES ('seal_turn', ''), ('admin_turn', ''), ('settings_turn', '');
