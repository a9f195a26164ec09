-- no-transaction
-- Top-ups through payment gateways, and what a human does about money that did not come as it should.

-- A top-up through a gateway has no bank account of the shop. SQLite cannot take a NOT NULL away, so the table is made
-- anew, in the way its own documentation describes. A second run, after a crash between the two, does no harm.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
DROP TABLE IF EXISTS topup_new;
CREATE TABLE topup_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    -- Where a human looks for the money; nothing where a gateway collects it.
    bank_account_id INTEGER REFERENCES bank_account (id),
    base INTEGER NOT NULL CHECK (base > 0),
    -- What the buyer pays, all told: with the unique code, or with the fee.
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
    created_at INTEGER NOT NULL,
    method TEXT NOT NULL DEFAULT 'transfer',
    -- The payment gateway that collects it.
    gateway TEXT,
    -- The payer's fee in `payable`; it is not credited.
    fee INTEGER NOT NULL DEFAULT 0 CHECK (fee >= 0),
    -- The shop's static code made dynamic for this very amount.
    qr TEXT,
    -- Above a limit two admins agree: what the first one found.
    first_by INTEGER REFERENCES users (id),
    first_at INTEGER,
    first_reference TEXT,
    first_received INTEGER
) STRICT;
INSERT INTO topup_new (id, public_id, user_id, bank_account_id, base, payable, state, late, expires_at, reserved,
    reserved_until, proof_kind, proof, decided_by, decided_at, reject_reason, created_at)
    SELECT id, public_id, user_id, bank_account_id, base, payable, state, late, expires_at, reserved, reserved_until,
    proof_kind, proof, decided_by, decided_at, reject_reason, created_at FROM topup;
DROP TABLE topup;
ALTER TABLE topup_new RENAME TO topup;
CREATE UNIQUE INDEX topup_unique_amount ON topup (bank_account_id, payable) WHERE reserved = 1;
CREATE INDEX topup_user ON topup (user_id, id);
CREATE INDEX topup_state ON topup (state, id);
CREATE INDEX topup_reserved ON topup (reserved_until) WHERE reserved = 1;
COMMIT;
PRAGMA foreign_keys = ON;
