-- What the shop paid into its deposits, and each day's comparison of our books with what the gateway tells of the deposit.

-- Money that went from a bank account of the shop to its deposit at a gateway. Never changed: a wrong one is corrected by
-- another one with the opposite sign.
CREATE TABLE funding (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    gateway TEXT NOT NULL,
    bank_account_id INTEGER NOT NULL REFERENCES bank_account (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    -- When the day began (WIB) in which the deposit rose.
    day INTEGER NOT NULL,
    note TEXT NOT NULL,
    entry_reference TEXT NOT NULL UNIQUE,
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX funding_day ON funding (gateway, day);

-- The first reading of a deposit after midnight closes the days up to the one before.
CREATE TABLE deposit_day (
    gateway TEXT NOT NULL,
    -- When the last closed day began (WIB).
    day INTEGER NOT NULL,
    -- A fingerprint of the shop's account at the gateway: another one has another deposit.
    account TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    -- What the gateway told.
    deposit INTEGER NOT NULL,
    -- All that our books knew when it was asked, since they began.
    costs_total INTEGER NOT NULL,
    refunds_total INTEGER NOT NULL,
    -- What orders under way may have added to the deposit, and taken from it, that our books did not know then.
    open_back INTEGER NOT NULL CHECK (open_back >= 0),
    open_charge INTEGER NOT NULL CHECK (open_charge >= 0),
    -- From here on computed from the above, the row before and the fundings; anew when a funding is recorded later.
    started INTEGER,
    fundings INTEGER NOT NULL,
    costs INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    difference INTEGER NOT NULL,
    -- The differences that orders under way explain.
    explained_low INTEGER NOT NULL,
    explained_high INTEGER NOT NULL,
    -- What is left of it; 0 when all is explained.
    unexplained INTEGER NOT NULL,
    -- What is known now about charges that our books did not know: so the next row cannot explain the same twice.
    unbooked_low INTEGER NOT NULL,
    unbooked_high INTEGER NOT NULL,
    state TEXT NOT NULL,
    -- The unexplained amount that a human has explained, and how.
    settled_amount INTEGER,
    settled_reason TEXT,
    settled_by INTEGER REFERENCES users (id),
    settled_at INTEGER,
    PRIMARY KEY (gateway, day)
) STRICT;
