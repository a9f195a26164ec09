-- Packages that are bought in a session of the number and paid by its owner, and further gateways for the others.

-- How the number's owner can pay for a package: the gateway has a code of its own for each way.
CREATE TABLE package_method (
    package_id INTEGER NOT NULL REFERENCES package (id),
    method TEXT NOT NULL,
    sku TEXT NOT NULL,
    -- What the owner pays to the operator; it never passes through the shop's books. Nothing: not offered yet.
    owner_price INTEGER CHECK (owner_price > 0),
    PRIMARY KEY (package_id, method)
) STRICT;

-- Which gateway delivers a package when the first one provably took no order. The first stands in the package itself.
CREATE TABLE package_fallback (
    package_id INTEGER NOT NULL REFERENCES package (id),
    position INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    sku TEXT NOT NULL,
    cost INTEGER NOT NULL CHECK (cost >= 0),
    PRIMARY KEY (package_id, position)
) STRICT;

-- What a package contains, a line each, and what it belongs to.
ALTER TABLE package ADD COLUMN family TEXT NOT NULL DEFAULT '';
ALTER TABLE package ADD COLUMN benefits TEXT NOT NULL DEFAULT '';

-- The route that is tried now: 0 is the package's own gateway, others are fallbacks.
ALTER TABLE purchase ADD COLUMN route INTEGER NOT NULL DEFAULT 0;
-- How the owner pays; nothing for what the shop's deposit pays.
ALTER TABLE purchase ADD COLUMN method TEXT;
ALTER TABLE purchase ADD COLUMN wallet TEXT;
ALTER TABLE purchase ADD COLUMN owner_price INTEGER;
-- The signed-in number in whose session it is bought. No reference: numbers can be signed out later.
ALTER TABLE purchase ADD COLUMN xl_account INTEGER;
-- What the owner has to do, as JSON.
ALTER TABLE purchase ADD COLUMN action TEXT;
CREATE INDEX purchase_second_look ON purchase (due_at) WHERE method IS NOT NULL AND state IN ('succeeded', 'failed');
CREATE INDEX purchase_xl_account ON purchase (xl_account, state) WHERE xl_account IS NOT NULL;

-- One open purchase for a number, where only the number's quota can tell what became of it.
CREATE TABLE number_in_use (
    msisdn TEXT PRIMARY KEY,
    purchase_id INTEGER NOT NULL REFERENCES purchase (id)
) STRICT;
CREATE INDEX number_in_use_purchase ON number_in_use (purchase_id);

-- Its code at its gateway: a later attempt of the purchase may have another. Nothing in attempts from before this column.
ALTER TABLE attempt ADD COLUMN sku TEXT;
-- What the number had right before the order left, as JSON.
ALTER TABLE attempt ADD COLUMN quota_before TEXT;
-- What the gateway gave back of its cost.
ALTER TABLE attempt ADD COLUMN refunded INTEGER;

-- What only session gateways tell about a code.
ALTER TABLE offer ADD COLUMN methods TEXT NOT NULL DEFAULT '';
ALTER TABLE offer ADD COLUMN needs_session INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offer ADD COLUMN asks_stock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offer ADD COLUMN left_today INTEGER;
ALTER TABLE offer ADD COLUMN stock_at INTEGER;
ALTER TABLE gateway_state ADD COLUMN stock_due_at INTEGER NOT NULL DEFAULT 0;
