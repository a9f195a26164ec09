-- What a user is told about the own account: in the app, and by mail or Telegram what they choose.

-- Written with what it tells of, once.
CREATE TABLE user_notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    -- The row that it is about: purchase, payment, or sign-in. The last may be gone.
    object INTEGER NOT NULL,
    amount INTEGER,
    created_at INTEGER NOT NULL,
    read_at INTEGER,
    CONSTRAINT user_notice_once UNIQUE (kind, object)
) STRICT;
CREATE INDEX user_notice_list ON user_notice (user_id, id);
-- Counted on every page.
CREATE INDEX user_notice_unread ON user_notice (user_id, id) WHERE read_at IS NULL;
CREATE INDEX user_notice_read ON user_notice (read_at) WHERE read_at IS NOT NULL;

-- Where somebody wants other than the usual.
CREATE TABLE user_notice_choice (
    user_id INTEGER NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
    PRIMARY KEY (user_id, kind, channel)
) STRICT;

-- Where the shop's bot may write to a user.
CREATE TABLE user_telegram (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    -- A chat that was shown to be theirs.
    chat TEXT,
    -- One that was sent a code; only the code's hash is kept.
    asked_chat TEXT,
    code_hash TEXT,
    code_until INTEGER
) STRICT;

-- By which channel it goes; `address` is a chat then. The version before this one does not know the kinds of such messages,
-- and gives them up.
ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT 'email';
-- What it tells of, for messages that are a user's notice.
ALTER TABLE outbox ADD COLUMN user_notice INTEGER;
