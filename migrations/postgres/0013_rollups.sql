-- Sums by day, made by a job from sealed entries. Nothing here is money: it can all be made anew from the ledger.
CREATE TABLE rollup_day (
    -- When the day began (WIB).
    day BIGINT PRIMARY KEY,
    placed BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    sales BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    -- What payment gateways kept, and what payers paid on top.
    fees BIGINT NOT NULL,
    payer_fees BIGINT NOT NULL,
    topups BIGINT NOT NULL,
    topup_count BIGINT NOT NULL,
    corrections BIGINT NOT NULL,
    -- What went back to payers or was taken back; below zero.
    returned BIGINT NOT NULL,
    -- By how much changed what customers have, and what they owe.
    balances BIGINT NOT NULL,
    debts BIGINT NOT NULL,
    -- Of those that no human decided: from acceptance to delivery.
    deliver_ms BIGINT NOT NULL,
    timed BIGINT NOT NULL
);

CREATE TABLE rollup_package (
    day BIGINT NOT NULL,
    package_id BIGINT NOT NULL REFERENCES package (id),
    delivered BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    sales BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    PRIMARY KEY (day, package_id)
);

CREATE TABLE rollup_gateway (
    day BIGINT NOT NULL,
    gateway TEXT NOT NULL,
    delivered BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    sales BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    PRIMARY KEY (day, gateway)
);

-- Deliveries by how long they took, so that the median of any days can be told.
CREATE TABLE rollup_speed (
    day BIGINT NOT NULL,
    up_to_ms BIGINT NOT NULL,
    purchases BIGINT NOT NULL,
    PRIMARY KEY (day, up_to_ms)
);

-- The last block of sealed entries that is in the sums.
INSERT INTO meta (name, value) VALUES ('rolled_up', '0');

-- For the list of all transactions, which goes by time.
CREATE INDEX topup_created ON topup (created_at, id);
CREATE INDEX entry_adjust ON entry (created_at, id) WHERE kind = 'adjust';
