-- The audit log can be searched; the shop has a logo; an admin may have to let newcomers in.

-- Newest first, by whatever is searched for: a page is a few rows of one index, however many there are.
CREATE INDEX audit_newest ON audit (created_at, id);
CREATE INDEX audit_actor ON audit (actor, created_at, id);
CREATE INDEX audit_action ON audit (action, created_at, id);
CREATE INDEX audit_object ON audit (object, created_at, id);

-- The picture that the settings name; made anew from what was uploaded.
CREATE TABLE shop_logo (
    -- Of its bytes: its address, which may be kept for ever.
    hash TEXT PRIMARY KEY,
    picture BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- Since when a newcomer waits to be let in. Until then the account is suspended, so that a version that knows nothing of
-- this keeps it out too.
ALTER TABLE users ADD COLUMN waiting_since BIGINT;
CREATE INDEX users_waiting ON users (waiting_since, id) WHERE waiting_since IS NOT NULL;
