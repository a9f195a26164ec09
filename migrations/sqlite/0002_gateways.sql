-- Gateways that admins set up in the shop itself. Their keys are sealed with the server's key.

CREATE TABLE gateway (
    -- As packages name it.
    name TEXT PRIMARY KEY,
    dialect TEXT NOT NULL,
    base_url TEXT NOT NULL,
    username TEXT NOT NULL,
    api_key BLOB NOT NULL,
    webhook_secret BLOB,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- Below this deposit somebody should fill it up.
    low_deposit INTEGER NOT NULL CHECK (low_deposit >= 0),
    -- Who saves must have seen the last one.
    revision INTEGER NOT NULL,
    updated_by INTEGER REFERENCES users (id),
    updated_at INTEGER NOT NULL
) STRICT;

-- What was last seen of a gateway, from the settings or from the environment, and when to look again.
CREATE TABLE gateway_state (
    gateway TEXT PRIMARY KEY,
    deposit INTEGER,
    deposit_at INTEGER,
    deposit_problem TEXT NOT NULL,
    deposit_due_at INTEGER NOT NULL,
    offers_at INTEGER,
    offers_problem TEXT NOT NULL,
    offers_due_at INTEGER NOT NULL
) STRICT;

-- What a gateway sells, as it was last fetched.
CREATE TABLE offer (
    gateway TEXT NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    brand TEXT NOT NULL,
    kind TEXT NOT NULL,
    cost INTEGER NOT NULL,
    description TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    stock INTEGER,
    cut_off_from TEXT,
    cut_off_until TEXT,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (gateway, sku)
) STRICT;

-- Every webhook that came, believed or not, for a year.
CREATE TABLE webhook_call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    gateway TEXT NOT NULL,
    at INTEGER NOT NULL,
    delivery_id TEXT,
    client_ref TEXT,
    outcome TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX webhook_call_time ON webhook_call (at);

-- What a human should see to. One open alarm for one cause.
CREATE TABLE alarm (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by INTEGER REFERENCES users (id)
) STRICT;
CREATE UNIQUE INDEX alarm_open ON alarm (kind, object) WHERE closed_at IS NULL;

CREATE INDEX package_sku ON package (gateway, sku);
