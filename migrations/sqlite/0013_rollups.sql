-- Sums by day, made by a job from sealed entries. Nothing here is money: it can all be made anew from the ledger.
CREATE TABLE rollup_day (
    -- When the day began (WIB).
    day INTEGER PRIMARY KEY,
    placed INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    sales INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    -- What payment gateways kept, and what payers paid on top.
    fees INTEGER NOT NULL,
    payer_fees INTEGER NOT NULL,
    topups INTEGER NOT NULL,
    topup_count INTEGER NOT NULL,
    corrections INTEGER NOT NULL,
    -- What went back to payers or was taken back; below zero.
    returned INTEGER NOT NULL,
    -- By how much changed what customers have, and what they owe.
    balances INTEGER NOT NULL,
    debts INTEGER NOT NULL,
    -- Of those that no human decided: from acceptance to delivery.
    deliver_ms INTEGER NOT NULL,
    timed INTEGER NOT NULL
) STRICT;

CREATE TABLE rollup_package (
    day INTEGER NOT NULL,
    package_id INTEGER NOT NULL REFERENCES package (id),
    delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    sales INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (day, package_id)
) STRICT;

CREATE TABLE rollup_gateway (
    day INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    sales INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (day, gateway)
) STRICT;

-- Deliveries by how long they took, so that the median of any days can be told.
CREATE TABLE rollup_speed (
    day INTEGER NOT NULL,
    up_to_ms INTEGER NOT NULL,
    purchases INTEGER NOT NULL,
    PRIMARY KEY (day, up_to_ms)
) STRICT;

-- The last block of sealed entries that is in the sums.
INSERT INTO meta (name, value) VALUES ('rolled_up', '0');

-- For the list of all transactions, which goes by time.
CREATE INDEX topup_created ON topup (created_at, id);
CREATE INDEX entry_adjust ON entry (created_at, id) WHERE kind = 'adjust';
