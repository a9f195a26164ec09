-- Numbers that their owners have signed in at a session gateway. Tokens, challenges and codes are sealed.

CREATE TABLE xl_account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    gateway TEXT NOT NULL,
    msisdn TEXT NOT NULL,
    state TEXT NOT NULL,
    token BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    renewable_until INTEGER NOT NULL,
    signed_in_at INTEGER NOT NULL,
    -- Renewed ahead of time while it is in use, else rarely.
    used_at INTEGER NOT NULL,
    renew_at INTEGER NOT NULL,
    quota TEXT,
    quota_at INTEGER,
    -- When somebody wants to know it; 0 for nobody.
    quota_due_at INTEGER NOT NULL,
    problem TEXT NOT NULL,
    -- One exchange about a number at a time.
    lease_token INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    CONSTRAINT xl_account_once UNIQUE (user_id, gateway, msisdn)
) STRICT;
CREATE INDEX xl_account_renewal ON xl_account (state, renew_at);
CREATE INDEX xl_account_quota ON xl_account (quota_due_at) WHERE quota_due_at > 0;

-- One-time passwords that were asked for.
CREATE TABLE xl_otp (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    gateway TEXT NOT NULL,
    msisdn TEXT NOT NULL,
    step TEXT NOT NULL,
    trouble TEXT,
    -- Until when nothing new may be asked for.
    wait_until INTEGER NOT NULL,
    challenge BLOB,
    code BLOB,
    expires_at INTEGER NOT NULL,
    attempts_left INTEGER NOT NULL,
    lease_token INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX xl_otp_step ON xl_otp (step, lease_until);
CREATE INDEX xl_otp_number ON xl_otp (msisdn, gateway);
CREATE INDEX xl_otp_user ON xl_otp (user_id, msisdn, id);
