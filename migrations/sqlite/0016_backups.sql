-- Backups, tests of them, and a shop that was put back from one.

-- What the commands `backup` and `restore-test` did.
CREATE TABLE backup_run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('backup', 'test')),
    ok INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    -- The file with the data, and how large it is.
    file TEXT,
    bytes INTEGER,
    -- Where else it was copied to.
    offsite TEXT,
    -- What went wrong, in the words of the command.
    problem TEXT
) STRICT;
CREATE INDEX backup_run_kind ON backup_run (kind, ok, id);

-- While one has not ended, nothing is sold and no gateway is sent anything.
CREATE TABLE restoration (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    -- Up to when the books are known.
    backup_at INTEGER NOT NULL,
    restored_at INTEGER NOT NULL,
    -- Purchases that were open then.
    purchases INTEGER NOT NULL,
    sales_were_open INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by INTEGER REFERENCES users (id)
) STRICT;
CREATE INDEX restoration_open ON restoration (id) WHERE ended_at IS NULL;
