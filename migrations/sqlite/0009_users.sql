-- What admins do about users: corrections of balances that may wait for a second admin, requests to become a reseller,
-- the reason of a suspension, and who looks at the shop as whom.

-- Also those that were done at once: the sum of a day tells how much one admin may still do alone.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    -- Added to the balance; taken from it when negative.
    amount INTEGER NOT NULL CHECK (amount <> 0),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'rejected', 'withdrawn')),
    asked_by INTEGER NOT NULL REFERENCES users (id),
    asked_at INTEGER NOT NULL,
    -- What could be spent when it was asked for.
    balance_asked INTEGER NOT NULL,
    -- The second look; nobody where it was done on one admin's word.
    decided_by INTEGER REFERENCES users (id),
    decided_at INTEGER,
    decide_reason TEXT,
    -- What can be spent after it; only once it is done.
    balance_after INTEGER,
    CHECK ((state = 'done') = (balance_after IS NOT NULL))
) STRICT;
CREATE INDEX correction_state ON correction (state, id);
CREATE INDEX correction_user ON correction (user_id, id);
CREATE INDEX correction_admin ON correction (asked_by, asked_at);
-- Whoever corrects takes turns: the day's sum must not be read by two at once.
INSERT INTO meta (name, value) VALUES ('correction_turn', '');

CREATE TABLE reseller_request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    shop_name TEXT NOT NULL,
    sells_at TEXT NOT NULL,
    note TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),
    asked_at INTEGER NOT NULL,
    decided_by INTEGER REFERENCES users (id),
    decided_at INTEGER,
    -- Why it was refused; the user reads it.
    reason TEXT
) STRICT;
CREATE UNIQUE INDEX reseller_request_waiting ON reseller_request (user_id) WHERE state = 'waiting';
CREATE INDEX reseller_request_user ON reseller_request (user_id, id);

-- An admin who looks at the shop as a user sees it.
CREATE TABLE viewing (
    id TEXT PRIMARY KEY,
    admin_id INTEGER NOT NULL REFERENCES users (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    begun_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    -- Its end is in the audit log once this is set.
    ended_at INTEGER
) STRICT;
CREATE INDEX viewing_open ON viewing (ends_at) WHERE ended_at IS NULL;

-- Why, when and by whom a user was suspended or let in again.
ALTER TABLE users ADD COLUMN state_reason TEXT;
ALTER TABLE users ADD COLUMN state_by INTEGER REFERENCES users (id);
ALTER TABLE users ADD COLUMN state_at INTEGER;
CREATE INDEX wallet_frozen ON wallet (user_id) WHERE frozen = 1;
