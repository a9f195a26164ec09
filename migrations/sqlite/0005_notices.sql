-- What the operator is told, and by which channels.

CREATE TABLE notice_channel (
    name TEXT PRIMARY KEY,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- What is no secret, as JSON.
    settings TEXT NOT NULL,
    -- Sealed with the server's key: the bot's token, or the mailbox's password.
    secret BLOB,
    -- Who saves must have seen the last one.
    revision INTEGER NOT NULL,
    updated_by INTEGER REFERENCES users (id),
    updated_at INTEGER NOT NULL,
    -- Not before this is the next message sent.
    due_at INTEGER NOT NULL,
    -- Fencing: each claim raises the token, and what is recorded later names it.
    lease_token INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    -- Failures in a row, and since when.
    tries INTEGER NOT NULL,
    failing_since INTEGER,
    trouble TEXT,
    -- The number that the service gave with it, such as an HTTP status.
    trouble_code INTEGER,
    sent_at INTEGER,
    -- Whether an admin waits for a test message, and what became of the last one.
    test_due INTEGER NOT NULL CHECK (test_due IN (0, 1)),
    tested_at INTEGER,
    test_trouble TEXT,
    test_code INTEGER
) STRICT;

-- What a channel is told about: a row for yes.
CREATE TABLE notice_rule (
    kind TEXT NOT NULL,
    channel TEXT NOT NULL REFERENCES notice_channel (name),
    PRIMARY KEY (kind, channel)
) STRICT;

-- What the operator wrote instead of the usual words.
CREATE TABLE notice_text (
    kind TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- What is to be told, written in the transaction in which it happened. What it is about is never deleted, so the rest is
-- read there when the message is written.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The row that it is about: purchase, top-up, alarm, or the settings' revision.
    object INTEGER NOT NULL,
    -- What that row does not say: a reason, or an amount.
    detail TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The claim that took it, 0 for none.
    batch INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    settled_at INTEGER,
    CONSTRAINT notice_once UNIQUE (channel, kind, object)
) STRICT;
CREATE INDEX notice_waiting ON notice (channel, id) WHERE state = 'waiting';
CREATE INDEX notice_given_up ON notice (channel) WHERE state = 'failed';
CREATE INDEX notice_created ON notice (created_at);

INSERT INTO meta (name, value) VALUES ('notice_turn', '');
