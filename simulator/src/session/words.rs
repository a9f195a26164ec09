use serde_json::{Value, json};

use crate::BookOrder;
use crate::OrderState;

/// Why a call is refused: an envelope with `status: false`. What belongs to which code:
///
/// | `statusCode` | what |
/// |---|---|
/// | 400 | a parameter is missing or malformed |
/// | 401 | the access token has expired; the session can be prolonged |
/// | 402 | not enough pulsa |
/// | 403 | wrong `api_key` |
/// | 404 | no such package, transaction or OTP |
/// | 405 | the package cannot be paid in this way |
/// | 406 | not a number of XL or AXIS |
/// | 407 | the number is not active |
/// | 409 | this token was rotated: a newer one exists |
/// | 410 | the OTP has expired |
/// | 412 | the OTP is wrong |
/// | 417 | the price has changed: the fee is above `price_or_fee`, or XL's price is another |
/// | 419 | the session has ended; only a new OTP helps |
/// | 422 | "ipaas": it may have been bought, or not |
/// | 423 | locked, after too many requests or tries |
/// | 424 | an active package must be stopped first |
/// | 425 | too early for another OTP |
/// | 429 | too many calls |
/// | 431 | the package's daily limit is reached |
/// | 432 | outside the area |
/// | 434 | out of stock |
/// | 435 | cut-off |
/// | 436 | the shop's deposit is too low |
/// | 437 | the shop's address is not known |
/// | 438 | another order of this package is still open for the number |
/// | 503 | maintenance |
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(super) code: u16,
    message: String,
}

impl Refusal {
    pub(super) fn of(code: u16) -> Self {
        Self { code, message: message_of(code).to_owned() }
    }

    /// A code as rules and behaviours name it.
    pub(super) fn by_text(code: &str) -> Self {
        Self::of(code.parse().unwrap_or(400))
    }

    pub(super) fn too_early(wait_ms: i64) -> Self {
        let wait_s = wait_ms.div_euclid(1_000);
        Self { code: 425, message: format!("Tunggu {wait_s} detik sebelum meminta kode OTP lagi.") }
    }

    pub(super) fn locked(wait_ms: i64) -> Self {
        let wait_s = wait_ms.div_euclid(1_000);
        Self { code: 423, message: format!("Terlalu banyak percobaan. Coba lagi dalam {wait_s} detik.") }
    }

    pub(super) fn wrong_otp(tries_left: u32) -> Self {
        Self { code: 412, message: format!("Kode OTP salah. Sisa percobaan: {tries_left}.") }
    }
}

/// The envelope of a call that was done.
pub(super) fn done(message: &str, data: &Value) -> Value {
    json!({ "statusCode": 200, "status": true, "message": message, "data": data })
}

/// The envelope of a call that was refused.
pub(super) fn refused(refusal: &Refusal) -> Value {
    json!({ "statusCode": refusal.code, "status": false, "message": refusal.message, "data": null })
}

/// Writes a code over the truth.
pub(super) fn recode(body: &mut Value, code: &str, status: Option<&str>) {
    *body = refused(&Refusal::by_text(code));
    if status == Some("true")
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("status".to_owned(), true.into());
    }
}

/// What `checktransaction` tells of an order as it really stands.
pub(super) fn truth(order: &BookOrder) -> Value {
    let status = match order.state {
        OrderState::Success => 1,
        OrderState::Pending => 2,
        OrderState::NotFormed | OrderState::Failed | OrderState::Refunded => 0,
    };
    let is_refunded = order.times_returned > 0 && order.times_returned == order.times_charged;
    let refund_amount = if is_refunded { order.price } else { 0 };
    let (rc, _) = order.state.words();
    let message = message_of_order(order);
    json!({
        "trx_id": order.ref_id,
        "status": status,
        "is_refunded": is_refunded,
        "refund_amount": refund_amount,
        "refund_reason": if is_refunded { message } else { "" },
        "rc": rc,
        "rc_message": message,
        "sn_only": order.sn,
    })
}

fn message_of_order(order: &BookOrder) -> &'static str {
    let payment = order.session.as_ref();
    match order.state {
        OrderState::Success => "Transaksi berhasil",
        OrderState::Pending if payment.is_some_and(super::SessionOrder::awaits_payment) => {
            "Menunggu pembayaran"
        }
        OrderState::Pending => "Transaksi sedang diproses",
        OrderState::Refunded => "Transaksi dibatalkan, dana dikembalikan",
        OrderState::Failed if payment.is_some_and(super::SessionOrder::was_never_paid) => {
            "Pembayaran kedaluwarsa"
        }
        OrderState::Failed | OrderState::NotFormed => "Transaksi gagal",
    }
}

/// What the gateway writes beside a code. Nobody may draw a conclusion from it.
fn message_of(code: u16) -> &'static str {
    match code {
        400 => "Parameter tidak lengkap atau salah.",
        401 => "Access token kedaluwarsa, silakan perpanjang sesi.",
        402 => "Pulsa kamu tidak cukup untuk membeli paket ini.",
        403 => "API key tidak valid.",
        404 => "Data tidak ditemukan.",
        405 => "Metode pembayaran tidak tersedia untuk paket ini.",
        406 => "Nomor bukan nomor XL atau AXIS.",
        407 => "Nomor tidak aktif.",
        409 => "Access token sudah diganti dengan yang baru.",
        410 => "Kode OTP kedaluwarsa, silakan minta yang baru.",
        412 => "Kode OTP salah.",
        417 => "Harga paket di sistem XL kemungkinan berubah.",
        419 => "Sesi telah berakhir, silakan login ulang dengan OTP.",
        422 => "422 Unprocessable Entity from ipaas",
        423 => "Terlalu banyak percobaan.",
        424 => "Hentikan paket yang masih aktif terlebih dahulu.",
        425 => "Terlalu cepat meminta kode OTP lagi.",
        429 => "Terlalu banyak permintaan.",
        431 => "Batas transaksi harian paket ini sudah tercapai.",
        432 => "Nomor berada di luar wilayah paket ini.",
        434 => "Stok paket habis.",
        435 => "Paket sedang cut off.",
        436 => "Saldo panel tidak cukup.",
        437 => "IP tidak dikenali.",
        438 => "Masih ada transaksi paket ini yang belum selesai.",
        503 => "Sistem sedang dalam pemeliharaan.",
        _ => "Kesalahan tidak dikenal.",
    }
}
