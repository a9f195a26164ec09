//! A phone number as the gateway knows it: its messages, its OTP, its sessions.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::words::Refusal;
use crate::chance::Chance;

/// How long an OTP can be used.
const OTP_LIVES_MS: i64 = 300_000;
/// How often an OTP may be tried.
const OTP_TRIES: u32 = 5;
/// How long after an OTP the next one may be asked for.
pub(super) const RESEND_MS: i64 = 60_000;
/// How many OTPs may be asked for before the number is locked.
const OTP_REQUESTS: u32 = 4;
/// How long a number is locked; after as long a rest, earlier requests are forgotten.
const LOCK_MS: i64 = 900_000;
/// How long an access token can be used.
const ACCESS_LIVES_MS: i64 = 300_000;
/// How long a session can be prolonged.
const SESSION_LIVES_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// Messages, sessions and outdated tokens that are kept of a number.
const KEPT: usize = 20;

/// A number and all that belongs to it but its orders.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Phone {
    /// In 08 form.
    pub(crate) number: String,
    /// The pulsa that was ever put on it; what orders took is in the book.
    pub(crate) granted_rupiah: i64,
    /// What arrived on the phone, oldest first.
    pub(crate) messages: Vec<Message>,
    /// The open OTP.
    pub(crate) otp: Option<Otp>,
    /// OTPs asked for since the last rest.
    requests: u32,
    requested_ms: Option<i64>,
    pub(crate) locked_until_ms: i64,
    pub(crate) sessions: Vec<Session>,
    /// Codes and tokens that were ever drawn for it.
    drawn: u64,
}

/// A text message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) at_ms: i64,
    pub(crate) text: String,
}

/// An OTP that waits to be typed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Otp {
    pub(crate) auth_id: String,
    pub(crate) code: String,
    pub(crate) expires_ms: i64,
    pub(crate) tries_left: u32,
}

/// A sign-in of a number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: u64,
    pub(crate) token: String,
    /// Tokens that it had before, void since.
    former_tokens: Vec<String>,
    pub(crate) access_expires_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) is_revoked: bool,
}

/// All numbers that were ever heard of.
#[derive(Default)]
pub(crate) struct Phones {
    by_number: BTreeMap<String, Phone>,
    session_owners: HashMap<u64, String>,
}

impl Phones {
    pub(crate) fn get(&self, number: &str) -> Option<&Phone> {
        self.by_number.get(number)
    }

    /// The number of a session, whatever its state.
    pub(crate) fn session_owner(&self, session_id: u64) -> Option<&Phone> {
        self.get(self.session_owners.get(&session_id)?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Phone> {
        self.by_number.values()
    }

    /// Writes a number, new or changed.
    pub(crate) fn put(&mut self, phone: Phone) {
        for session in &phone.sessions {
            self.session_owners.insert(session.id, phone.number.clone());
        }
        self.by_number.insert(phone.number.clone(), phone);
    }

    /// How much chance all numbers have used up.
    pub(crate) fn drawn(&self) -> u64 {
        self.iter().map(|phone| phone.drawn).sum()
    }
}

impl Phone {
    pub(crate) fn new(number: &str, granted_rupiah: i64) -> Self {
        Self {
            number: number.to_owned(),
            granted_rupiah,
            messages: Vec::new(),
            otp: None,
            requests: 0,
            requested_ms: None,
            locked_until_ms: 0,
            sessions: Vec::new(),
            drawn: 0,
        }
    }

    /// Sends a new OTP, if it is time for one; gives its `auth_id`.
    pub(super) fn request_otp(&mut self, now_ms: i64, chance: &mut Chance) -> Result<String, Refusal> {
        self.check_lock(now_ms)?;
        if let Some(requested_ms) = self.requested_ms {
            let since_ms = now_ms - requested_ms;
            if since_ms < RESEND_MS {
                return Err(Refusal::too_early(RESEND_MS - since_ms));
            }
            if since_ms >= LOCK_MS {
                self.requests = 0;
            }
        }
        if self.requests >= OTP_REQUESTS {
            return Err(self.lock(now_ms));
        }
        self.requests += 1;
        self.requested_ms = Some(now_ms);
        self.drawn += 1;
        let code = format!("{:06}", chance.next() % 1_000_000);
        let auth_id = chance.uuid();
        self.receive(
            now_ms,
            format!("Kode OTP XL kamu: {code}. Berlaku 5 menit. Jangan berikan ke siapa pun."),
        );
        self.otp = Some(Otp {
            auth_id: auth_id.clone(),
            code,
            expires_ms: now_ms + OTP_LIVES_MS,
            tries_left: OTP_TRIES,
        });
        Ok(auth_id)
    }

    /// Opens a session with an OTP; gives the access token.
    pub(super) fn log_in(
        &mut self,
        now_ms: i64,
        auth_id: &str,
        code: &str,
        chance: &mut Chance,
    ) -> Result<String, Refusal> {
        self.check_lock(now_ms)?;
        let otp = self.otp.as_mut().filter(|otp| otp.auth_id == auth_id);
        let otp = otp.ok_or_else(|| Refusal::of(404))?;
        if now_ms >= otp.expires_ms {
            return Err(Refusal::of(410));
        }
        if otp.code != code {
            otp.tries_left -= 1;
            let tries_left = otp.tries_left;
            if tries_left > 0 {
                return Err(Refusal::wrong_otp(tries_left));
            }
            self.otp = None;
            return Err(self.lock(now_ms));
        }
        self.otp = None;
        self.requests = 0;
        self.drawn += 1;
        let session = Session {
            id: 100_000 + chance.next() % 900_000_000,
            token: chance.uuid(),
            former_tokens: Vec::new(),
            access_expires_ms: now_ms + ACCESS_LIVES_MS,
            expires_ms: now_ms + SESSION_LIVES_MS,
            is_revoked: false,
        };
        let access_token = session.access_token();
        keep(&mut self.sessions, session);
        Ok(access_token)
    }

    /// Prolongs a session: its token is void from now on; gives the new one.
    pub(super) fn prolong(
        &mut self,
        now_ms: i64,
        access_token: &str,
        chance: &mut Chance,
    ) -> Result<String, Refusal> {
        self.drawn += 1;
        let session = self.session_of(now_ms, access_token)?;
        let token = std::mem::replace(&mut session.token, chance.uuid());
        keep(&mut session.former_tokens, token);
        session.access_expires_ms = now_ms + ACCESS_LIVES_MS;
        session.expires_ms = now_ms + SESSION_LIVES_MS;
        Ok(session.access_token())
    }

    /// Whether this token may be used now.
    pub(super) fn check_token(&mut self, now_ms: i64, access_token: &str) -> Result<(), Refusal> {
        let session = self.session_of(now_ms, access_token)?;
        if now_ms >= session.access_expires_ms { Err(Refusal::of(401)) } else { Ok(()) }
    }

    /// A session by its id, whatever its state.
    pub(super) fn session(&self, id: u64) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// Ends all sessions for good.
    pub(crate) fn revoke_sessions(&mut self) {
        for session in &mut self.sessions {
            session.is_revoked = true;
        }
    }

    /// Makes all access tokens expire; the sessions can be prolonged.
    pub(crate) fn expire_tokens(&mut self, now_ms: i64) {
        for session in &mut self.sessions {
            session.access_expires_ms = session.access_expires_ms.min(now_ms);
        }
    }

    /// Puts a message on the phone.
    pub(crate) fn receive(&mut self, at_ms: i64, text: String) {
        keep(&mut self.messages, Message { at_ms, text });
    }

    fn session_of(&mut self, now_ms: i64, access_token: &str) -> Result<&mut Session, Refusal> {
        let (id, token) = split_token(access_token).ok_or_else(|| Refusal::of(419))?;
        let session = self.sessions.iter_mut().find(|session| session.id == id);
        let session = session.ok_or_else(|| Refusal::of(419))?;
        if session.former_tokens.iter().any(|former| former == token) {
            return Err(Refusal::of(409));
        }
        if !session.is_live(now_ms) || session.token != token {
            return Err(Refusal::of(419));
        }
        Ok(session)
    }

    fn check_lock(&self, now_ms: i64) -> Result<(), Refusal> {
        if now_ms < self.locked_until_ms {
            return Err(Refusal::locked(self.locked_until_ms - now_ms));
        }
        Ok(())
    }

    fn lock(&mut self, now_ms: i64) -> Refusal {
        // After the lock the number starts anew.
        self.requests = 0;
        self.requested_ms = None;
        self.locked_until_ms = now_ms + LOCK_MS;
        Refusal::locked(LOCK_MS)
    }
}

impl Session {
    /// `session_id:token`.
    pub(crate) fn access_token(&self) -> String {
        format!("{}:{}", self.id, self.token)
    }

    /// Whether it was never prolonged: its token is the one of the sign-in.
    pub(super) const fn is_fresh(&self) -> bool {
        self.former_tokens.is_empty()
    }

    /// Whether it can still be prolonged.
    pub(crate) const fn is_live(&self, now_ms: i64) -> bool {
        !self.is_revoked && now_ms < self.expires_ms
    }
}

/// Session and token of an access token.
pub(super) fn split_token(access_token: &str) -> Option<(u64, &str)> {
    let (id, token) = access_token.split_once(':')?;
    Some((id.parse().ok()?, token))
}

/// Appends, and forgets the oldest when there are too many.
fn keep<T>(list: &mut Vec<T>, item: T) {
    if list.len() >= KEPT {
        list.remove(0);
    }
    list.push(item);
}
