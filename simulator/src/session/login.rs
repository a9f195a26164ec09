//! OTPs, sessions and their tokens.

use serde_json::json;

use super::phone::{Phone, RESEND_MS, split_token};
use super::words::Refusal;
use super::{Asked, Outcome, Told, international_form, local_form};
use crate::digiflazz::PREFIXES;
use crate::state::Desk;

/// `reqotp`.
pub(super) fn request_otp(desk: &mut Desk<'_>, asked: &Asked) -> Outcome {
    if asked.method != "OTP" {
        return Err(Refusal::of(400));
    }
    let number = checked_number(&asked.phone)?;
    let auth_id =
        on_phone(desk, &number, |phone, desk| phone.request_otp(desk.now_ms, &mut desk.state.chance))?;
    Ok(Told {
        message: "Berhasil mengirim kode OTP, silakan cek SMS di nomor XL kamu!",
        data: json!({ "auth_id": auth_id, "can_resend_in": RESEND_MS / 1_000 }),
    })
}

/// `login`, with an OTP or to prolong a session.
pub(super) fn log_in(desk: &mut Desk<'_>, asked: &Asked) -> Outcome {
    let number = checked_number(&asked.phone)?;
    let access_token = on_phone(desk, &number, |phone, desk| {
        let chance = &mut desk.state.chance;
        match asked.method.as_str() {
            "OTP" => phone.log_in(desk.now_ms, &asked.auth_id, &asked.otp, chance),
            "LOGIN_BY_ACCESS_TOKEN" => phone.prolong(desk.now_ms, &asked.auth_id, chance),
            _ => Err(Refusal::of(400)),
        }
    })?;
    Ok(Told { message: "Berhasil login!", data: json!({ "access_token": access_token }) })
}

/// `accesstokenlist`: the live sessions of one number, or of all.
pub(super) fn list_tokens(desk: &Desk<'_>, asked: &Asked) -> Told {
    let wanted = local_form(&asked.msisdn);
    let phones = desk.state.phones.iter().filter(|phone| wanted.is_empty() || phone.number == wanted);
    let sessions: Vec<_> = phones
        .flat_map(|phone| phone.sessions.iter().map(move |session| (&phone.number, session)))
        .filter(|(_, session)| session.is_live(desk.now_ms))
        .map(|(number, session)| {
            json!({
                "msisdn": international_form(number),
                "session_id": session.id,
                "token": session.token,
            })
        })
        .collect();
    Told { message: "Berhasil mendapatkan daftar sesi.", data: json!(sessions) }
}

/// A number that this network serves, in 08 form.
pub(super) fn checked_number(msisdn: &str) -> Result<String, Refusal> {
    let number = local_form(msisdn);
    let is_served = PREFIXES.iter().any(|prefix| number.starts_with(prefix));
    if (10..=13).contains(&number.len()) && is_served { Ok(number) } else { Err(Refusal::of(406)) }
}

/// Whether the session of a request was never prolonged; `None` when it names none. It is named by a token, wherever
/// that stands.
pub(super) fn is_fresh(desk: &Desk<'_>, asked: &Asked) -> Option<bool> {
    let token = if asked.access_token.is_empty() { &asked.auth_id } else { &asked.access_token };
    let (id, _) = split_token(token)?;
    let session = desk.state.phones.session_owner(id)?.session(id)?;
    Some(session.is_fresh())
}

/// Changes what is known of a number, also when the change ends in a refusal: wrong tries count.
fn on_phone<T>(
    desk: &mut Desk<'_>,
    number: &str,
    change: impl FnOnce(&mut Phone, &mut Desk<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut phone = desk.phone(number);
    let outcome = change(&mut phone, desk);
    desk.save_phone(phone);
    outcome
}

impl Desk<'_> {
    /// A number as it is known, or as it is when it is new.
    pub(crate) fn phone(&self, number: &str) -> Phone {
        let known = self.state.phones.get(number).cloned();
        known.unwrap_or_else(|| Phone::new(number, self.inner.config.pulsa_rupiah))
    }

    /// The pulsa on a number: what was put on it, without what orders took.
    pub(crate) fn pulsa_rupiah(&self, number: &str) -> i64 {
        self.phone(number).granted_rupiah - self.pulsa_spent_rupiah(number)
    }

    /// Puts so much pulsa on a number, or takes it away, that this much is on it.
    pub(crate) fn set_pulsa(&mut self, number: &str, rupiah: i64) {
        let mut phone = self.phone(number);
        phone.granted_rupiah = rupiah.saturating_add(self.pulsa_spent_rupiah(number));
        self.save_phone(phone);
    }

    /// The pulsa that orders took from a number and did not give back.
    fn pulsa_spent_rupiah(&self, number: &str) -> i64 {
        let payments = self.state.book.of_number(number).filter_map(|order| order.session.as_ref());
        payments.map(super::SessionOrder::pulsa_rupiah).sum()
    }
}
