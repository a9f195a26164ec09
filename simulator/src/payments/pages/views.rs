//! The pages themselves.

use crate::pages::html::{escaped, page_in, rupiah, wib};
use crate::state::Desk;
use crate::{ChargeState, MoneyBackKind, PaymentOrder, PaymentProvider};

/// Charges of each list.
const SHOWN: usize = 100;

/// All charges that wait for a customer, newest first, then the latest others.
pub(super) fn list(desk: &Desk<'_>) -> String {
    let orders = || desk.state.payments.book.iter().rev();
    let open = lines(orders().filter(|order| order.is_open()), "Tidak ada tagihan yang menunggu.");
    let others = lines(orders().filter(|order| !order.is_open()), "Belum ada.");
    let body = format!("<h2>Menunggu pembayaran</h2>{open}<h2>Lainnya</h2>{others}");
    page_in("id", "Dompet simulasi", &body)
}

/// One charge, as a wallet, a bank's app and the gateway's dashboard would show it.
pub(super) fn charge(order: &PaymentOrder, now_ms: i64) -> String {
    let body = [facts(order, now_ms), money(order), acts(order)].concat();
    page_in("id", &format!("Tagihan {}", order.order_id), &body)
}

/// Why a button did nothing.
pub(super) fn refusal(back: &str, error: &str) -> String {
    let why = match error {
        "no such charge" => "Tagihan itu tidak ada.",
        "not open any more" => "Tagihan itu sudah tidak menunggu.",
        "nothing was paid" => "Belum ada uang yang masuk.",
        "more than there is" => "Jumlah itu lebih besar dari uang yang ada.",
        _ => "Jumlahnya tidak sah.",
    };
    let body = format!("<p role=\"alert\">{why}</p><p><a href=\"{}\">Kembali</a></p>", escaped(back));
    page_in("id", "Tidak bisa", &body)
}

fn lines<'a>(orders: impl Iterator<Item = &'a PaymentOrder>, none: &str) -> String {
    let lines: String = orders
        .take(SHOWN)
        .map(|order| {
            format!(
                "<li><a href=\"{}\">{}</a><br>{} · {} {} · {}</li>",
                escaped(&order.page()),
                escaped(&order.order_id),
                rupiah(order.gross_rupiah),
                provider(order.provider),
                escaped(&order.method),
                state(order.state)
            )
        })
        .collect();
    if lines.is_empty() { format!("<p>{none}</p>") } else { format!("<ul>{lines}</ul>") }
}

const fn provider(provider: PaymentProvider) -> &'static str {
    match provider {
        PaymentProvider::Midtrans => "Midtrans",
        PaymentProvider::Tripay => "Tripay",
    }
}

const fn state(state: ChargeState) -> &'static str {
    match state {
        ChargeState::Pending => "menunggu",
        ChargeState::Settlement => "lunas",
        ChargeState::Expire => "kedaluwarsa",
        ChargeState::Cancel => "dibatalkan",
        ChargeState::Deny => "ditolak bank",
        ChargeState::Refund => "dikembalikan",
        ChargeState::PartialRefund => "dikembalikan sebagian",
        ChargeState::Chargeback => "ditarik kembali",
    }
}

fn facts(order: &PaymentOrder, now_ms: i64) -> String {
    let code = |text: &str| format!("<code>{}</code>", escaped(text));
    let time = format!("{} (sekarang {})", wib(order.expires_ms), wib(now_ms));
    let mut facts = vec![
        ("Jumlah", rupiah(order.gross_rupiah)),
        ("Status", state(order.state).to_owned()),
        ("Cara bayar", format!("{} {}", provider(order.provider), escaped(&order.method))),
        ("Berlaku sampai (WIB)", time),
        ("Nomor di gerbang pembayaran", code(&order.reference)),
    ];
    let codes = [
        ("Isi kode QR", &order.code.qr_string),
        ("Nomor virtual account", &order.code.va_number),
        ("Kode perusahaan", &order.code.biller_code),
        ("Kode bayar", &order.code.bill_key),
    ];
    facts.extend(codes.into_iter().filter_map(|(name, text)| Some((name, code(text.as_ref()?)))));
    let facts: String =
        facts.into_iter().map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>")).collect();
    format!("<dl>{facts}</dl>")
}

/// What came and what went back.
fn money(order: &PaymentOrder) -> String {
    let came = order.payments.iter().map(|payment| {
        let late = if payment.late { ", terlambat" } else { "" };
        format!("<li>{}: masuk {}{late}</li>", wib(payment.at_ms), rupiah(payment.amount_rupiah))
    });
    let went = order.returns.iter().map(|back| {
        let why = match back.kind {
            MoneyBackKind::Refund => "dikembalikan toko",
            MoneyBackKind::Chargeback => "ditarik pelanggan",
            MoneyBackKind::Denied => "ditolak bank",
        };
        format!("<li>{}: keluar {}, {why}</li>", wib(back.at_ms), rupiah(back.amount_rupiah))
    });
    let lines: String = came.chain(went).collect();
    if lines.is_empty() {
        return "<h2>Uang</h2><p>Belum ada uang yang masuk.</p>".to_owned();
    }
    format!("<h2>Uang</h2><ul>{lines}</ul><p>Tersisa {}.</p>", rupiah(order.kept_rupiah()))
}

/// The buttons that make sense now.
fn acts(order: &PaymentOrder) -> String {
    let page = escaped(&order.page());
    let button = |act: &str, label: &str| {
        format!(
            "<form method=\"post\" action=\"{page}\"><button name=\"act\" value=\"{act}\">{label}</button></form>"
        )
    };
    let with_amount = |act: &str, label: &str, rupiah: i64| {
        format!(
            "<form method=\"post\" action=\"{page}\"><label>Rp <input type=\"number\" name=\"amount\" min=\"1\" \
             value=\"{rupiah}\" aria-label=\"{label}, jumlah dalam rupiah\" required></label> \
             <button name=\"act\" value=\"{act}\">{label}</button></form>"
        )
    };
    let other =
        with_amount("pay_other", "Bayar jumlah lain", order.gross_rupiah.saturating_sub(1_000).max(1));
    let kept = order.kept_rupiah();
    let mut customer = match order.state {
        ChargeState::Pending => vec![button("pay", "Bayar"), button("pay_twice", "Bayar dua kali")],
        ChargeState::Settlement => vec![button("pay", "Bayar sekali lagi")],
        _ => vec![button("pay", "Bayar terlambat")],
    };
    customer.push(other);
    let mut others = Vec::new();
    if order.is_open() {
        others.push(button("expire", "Biarkan kedaluwarsa sekarang"));
    }
    if kept > 0 {
        customer.push(button("chargeback", "Tarik kembali uangnya"));
        others.push(button("deny", "Bank menolak setelah lunas"));
        others.push(with_amount("refund", "Kembalikan dana", kept));
    }
    let others = match others.concat() {
        none if none.is_empty() => none,
        buttons => format!("<h2>Bank dan gerbang pembayaran</h2><div class=\"acts\">{buttons}</div>"),
    };
    format!("<h2>Pelanggan</h2><div class=\"acts\">{}</div>{others}", customer.concat())
}
