-- Receipts that buyers share, what resellers put on them, and numbers that users keep under a name.

CREATE TABLE receipt (
    purchase_id INTEGER PRIMARY KEY REFERENCES purchase (id),
    -- In the public link: 128 random bits. Kept in the clear, for its owner has to find the link again, and it grants no
    -- more than to read a receipt whose number is masked. Nothing while there is no link.
    token TEXT UNIQUE,
    -- The price on it, fixed when it was shared; nothing for a receipt without one.
    price INTEGER CHECK (price > 0),
    updated_at INTEGER NOT NULL
) STRICT;

-- What stands on the receipts of a reseller in the place of the shop's name.
CREATE TABLE seller (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    shop_name TEXT,
    updated_at INTEGER NOT NULL
) STRICT;

-- For how much a reseller sold a package the last time.
CREATE TABLE selling_price (
    user_id INTEGER NOT NULL REFERENCES users (id),
    package_id INTEGER NOT NULL REFERENCES package (id),
    price INTEGER NOT NULL CHECK (price > 0),
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, package_id)
) STRICT;

CREATE TABLE saved_number (
    user_id INTEGER NOT NULL REFERENCES users (id),
    msisdn TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, msisdn)
) STRICT;
