-- What became of the prices of packages.

-- One row for each change of a package's prices or cost, and one for its beginning.
CREATE TABLE package_price (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    package_id INTEGER NOT NULL REFERENCES package (id),
    -- Nothing in the first row of a package.
    member_before INTEGER,
    reseller_before INTEGER,
    cost_before INTEGER,
    price_member INTEGER NOT NULL,
    price_reseller INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    -- What changed it: a form, a bulk change, an import, a gateway's list.
    source TEXT NOT NULL,
    actor INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX package_price_package ON package_price (package_id, id);

-- What there is already begins with what it costs now.
INSERT INTO package_price (package_id, price_member, price_reseller, cost, source, created_at)
SELECT id, price_member, price_reseller, cost, 'start', updated_at FROM package ORDER BY id;
