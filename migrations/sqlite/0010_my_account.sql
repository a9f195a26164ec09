-- The user in control of the own account: an address that was proven, links to come back in, mails, sign-ins.

ALTER TABLE users ADD COLUMN email_verified_at INTEGER;
-- Waits until a mail has shown that it is theirs; the old one stays meanwhile.
ALTER TABLE users ADD COLUMN new_email TEXT;
-- Closed by its user. Its state is `suspended` then, which is what the version before this one looks at.
ALTER TABLE users ADD COLUMN closed_at INTEGER;

-- What the link is about: the address that it proves, or was sent to.
ALTER TABLE one_time_link ADD COLUMN detail TEXT NOT NULL DEFAULT '';
-- The token itself, sealed, until the admin who had the link made has seen it once.
ALTER TABLE one_time_link ADD COLUMN sealed BLOB;
ALTER TABLE one_time_link ADD COLUMN made_by INTEGER REFERENCES users (id);
CREATE INDEX one_time_link_user ON one_time_link (user_id, purpose);
CREATE INDEX one_time_link_expiry ON one_time_link (expires_at);

-- Mails to users, written with the change that they tell of, and sent after its commit.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    -- Nobody's is never sent: somebody typed a name that nobody has, and that must take as long as any other.
    user_id INTEGER REFERENCES users (id),
    kind TEXT NOT NULL,
    -- These three are emptied as soon as it was sent or given up. The secret, a link's token, is sealed.
    address TEXT NOT NULL,
    facts TEXT NOT NULL,
    secret BLOB,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    tries INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    give_up_at INTEGER NOT NULL,
    lease_token INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    trouble TEXT,
    created_at INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (due_at) WHERE state = 'waiting';
CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed';
CREATE INDEX outbox_user ON outbox (user_id);
CREATE INDEX outbox_time ON outbox (created_at);

-- Who tried to sign in to an account, and what came of it.
CREATE TABLE sign_in (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    -- Nothing for a name that nobody has: the row is swept away, but writing it takes as long.
    user_id INTEGER REFERENCES users (id),
    at INTEGER NOT NULL,
    ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
    outcome TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    -- The hash of what the browser keeps in a cookie; empty where it had none.
    browser TEXT NOT NULL,
    new_device INTEGER NOT NULL CHECK (new_device IN (0, 1))
) STRICT;
CREATE INDEX sign_in_user ON sign_in (user_id, ok, id);
CREATE INDEX sign_in_time ON sign_in (at);
