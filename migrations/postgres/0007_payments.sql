-- Top-ups through payment gateways, and what a human does about money that did not come as it should.

-- A top-up through a gateway has no bank account of the shop.
ALTER TABLE topup
    ALTER COLUMN bank_account_id DROP NOT NULL,
    ADD COLUMN method TEXT NOT NULL DEFAULT 'transfer',
    -- The payment gateway that collects it.
    ADD COLUMN gateway TEXT,
    -- The payer's fee in `payable`; it is not credited.
    ADD COLUMN fee BIGINT NOT NULL DEFAULT 0 CHECK (fee >= 0),
    -- The shop's static code made dynamic for this very amount.
    ADD COLUMN qr TEXT,
    -- Above a limit two admins agree: what the first one found.
    ADD COLUMN first_by BIGINT REFERENCES users (id),
    ADD COLUMN first_at BIGINT,
    ADD COLUMN first_reference TEXT,
    ADD COLUMN first_received BIGINT;
