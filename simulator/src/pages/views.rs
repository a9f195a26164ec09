//! The pages themselves, from what is on the desk.

use super::html::{escaped, page, rupiah, table, wib};
use crate::session::{Phone, international_form};
use crate::state::Desk;
use crate::{BookOrder, MessageWay, OrderState, SimulatedMessage};

/// All numbers that were ever heard of.
pub(super) fn numbers(desk: &Desk<'_>) -> String {
    let rows = desk.state.phones.iter().map(|phone| {
        let msisdn = international_form(&phone.number);
        let link = format!("<a href=\"/phone?msisdn={}\">{}</a>", escaped(&msisdn), escaped(&msisdn));
        vec![link, rupiah(desk.pulsa_rupiah(&phone.number))]
    });
    let form = "<form method=\"get\" action=\"/phone\"><label>Number <input name=\"msisdn\" inputmode=\"tel\" required>\
                </label> <button>Show</button></form>";
    page("Phones", &format!("<p>{form}</p>{}", table(&["Number", "Pulsa"], rows)))
}

/// What people were sent by Telegram and by mail, newest first.
pub(super) fn sent_messages(messages: &[SimulatedMessage]) -> String {
    let rows = messages.iter().rev().map(|message| {
        let way = match message.way {
            MessageWay::Telegram => "Telegram",
            MessageWay::Mail => "Mail",
        };
        let subject = match message.subject.as_str() {
            "" => String::new(),
            subject => format!("<strong>{}</strong><br>", escaped(subject)),
        };
        let text = linked(&escaped(&message.text)).replace('\n', "<br>");
        vec![wib(message.at_ms), way.to_owned(), escaped(&message.to), format!("{subject}{text}")]
    });
    page("Messages", &table(&["Time (WIB)", "By", "To", "What"], rows))
}

/// An escaped text with its addresses as links, as a mail program shows them.
fn linked(text: &str) -> String {
    let word = |word: &str| {
        let is_address = word.starts_with("http://") || word.starts_with("https://");
        if is_address { format!("<a href=\"{word}\">{word}</a>") } else { word.to_owned() }
    };
    let lines = text.split('\n').map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

/// One phone: messages, pulsa, packages, open payments, orders.
pub(super) fn phone(desk: &Desk<'_>, number: &str) -> String {
    let phone = desk.phone(number);
    let msisdn = escaped(&international_form(number));
    let sections = [
        pulsa(desk, number, &msisdn),
        format!("<h2>Messages</h2>{}", messages(&phone)),
        format!("<h2>Open payments</h2>{}", open_payments(desk, number)),
        format!("<h2>Packages</h2>{}", packages(desk, number)),
        sessions(desk, &phone, &msisdn),
        format!("<h2>Orders</h2>{}", order_table(desk.state.book.of_number(number))),
    ];
    page(&format!("Phone {}", international_form(number)), &sections.concat())
}

/// One payment, as a wallet's app would show it.
pub(super) fn wallet(desk: &Desk<'_>, trx_id: &str) -> Option<String> {
    let order = desk.state.book.get(trx_id)?;
    let payment = order.session.as_ref()?;
    let method = payment.payment_method.as_str();
    let state = if payment.awaits_payment() { pay_form(order) } else { "<p>Paid already.</p>".to_owned() };
    let body = format!(
        "<p>{} for {} on <a href=\"/phone?msisdn={3}\">{3}</a>, until {}</p>{state}",
        rupiah(payment.package_price_rupiah),
        escaped(&order.sku),
        payment.payment_expires_ms.map(wib).unwrap_or_default(),
        escaped(&international_form(&order.customer_no)),
    );
    Some(page(&format!("Pay by {method}"), &body))
}

/// Some orders of the book, newest first.
pub(super) fn orders(desk: &Desk<'_>, after: usize, limit: usize) -> String {
    let totals = desk.state.book.totals();
    let sums = format!(
        "<p>Deposit {}, {} references, {} charges, {} deliveries, {} charged twice.</p>",
        rupiah(desk.state.deposit_rupiah),
        totals.references,
        totals.charges,
        totals.deliveries,
        totals.charged_twice
    );
    let shown = desk.state.book.iter().rev().skip(after).take(limit);
    let next = after.saturating_add(limit);
    let has_more = desk.state.book.iter().rev().nth(next).is_some();
    let more =
        if has_more { format!("<p><a href=\"/orders?after={next}\">Older</a></p>") } else { String::new() };
    page("Orders", &format!("{sums}{}{more}", order_table(shown)))
}

fn pulsa(desk: &Desk<'_>, number: &str, msisdn: &str) -> String {
    let pulsa = desk.pulsa_rupiah(number);
    format!(
        "<p>Pulsa: {} <form method=\"post\" action=\"/phone/pulsa\"><input type=\"hidden\" name=\"msisdn\" \
         value=\"{msisdn}\"><label>Set to <input type=\"number\" name=\"rupiah\" value=\"{pulsa}\" required></label> \
         <button>Set</button></form></p>",
        rupiah(pulsa)
    )
}

fn messages(phone: &Phone) -> String {
    let newest_first = phone.messages.iter().rev();
    table(&["Time", "Text"], newest_first.map(|message| vec![wib(message.at_ms), escaped(&message.text)]))
}

fn open_payments(desk: &Desk<'_>, number: &str) -> String {
    let open = desk.state.book.of_number(number).filter_map(|order| Some((order, order.session.as_ref()?)));
    let open = open.filter(|(_, payment)| payment.awaits_payment());
    let rows = open.map(|(order, payment)| {
        let code = payment.qr_code.as_deref().unwrap_or_default();
        vec![
            escaped(&order.sku),
            payment.payment_method.as_str().to_owned(),
            rupiah(payment.package_price_rupiah),
            payment.payment_expires_ms.map(wib).unwrap_or_default(),
            format!("<code>{}</code>", escaped(code)),
            pay_form(order),
        ]
    });
    table(&["Package", "By", "Amount", "Until", "QR", "Pay"], rows)
}

/// The button to pay; once the time is over, one for each thing that may happen then.
fn pay_form(order: &BookOrder) -> String {
    let button = |late: &str, label: &str| {
        format!(
            "<form method=\"post\" action=\"/phone/pay\"><input type=\"hidden\" name=\"trx_id\" value=\"{}\">\
             <input type=\"hidden\" name=\"late\" value=\"{late}\"><button>{label}</button></form> ",
            escaped(&order.ref_id)
        )
    };
    if order.state == OrderState::Pending {
        return button("refund", "Pay");
    }
    [button("refund", "Pay late, get it back"), button("deliver", "Pay late, delivered after all")].concat()
}

fn packages(desk: &Desk<'_>, number: &str) -> String {
    let rows = desk.packages_on(number).into_iter().map(|package| {
        let benefits: Vec<String> =
            package.benefits.iter().map(|(name, amount)| format!("{}: {amount}", escaped(name))).collect();
        vec![escaped(&package.name), wib(package.expires_ms), benefits.join("<br>")]
    });
    table(&["Package", "Until", "Bytes, seconds or pieces"], rows)
}

fn sessions(desk: &Desk<'_>, phone: &Phone, msisdn: &str) -> String {
    let rows = phone.sessions.iter().map(|session| {
        let state = match (session.is_live(desk.now_ms), desk.now_ms < session.access_expires_ms) {
            (true, true) => "open",
            (true, false) => "token expired",
            (false, _) => "ended",
        };
        vec![
            session.id.to_string(),
            state.to_owned(),
            wib(session.access_expires_ms),
            wib(session.expires_ms),
        ]
    });
    let button = |act: &str, label: &str| {
        format!(
            "<form method=\"post\" action=\"/phone/sessions\"><input type=\"hidden\" name=\"msisdn\" value=\"{msisdn}\">\
             <button name=\"act\" value=\"{act}\">{label}</button></form> "
        )
    };
    let buttons = [button("expire", "Expire all tokens"), button("revoke", "End all sessions")].concat();
    let table = table(&["Session", "State", "Token until", "Session until"], rows);
    format!("<h2>Sessions</h2>{table}<p>{buttons}</p>")
}

fn order_table<'a>(orders: impl Iterator<Item = &'a BookOrder>) -> String {
    let rows = orders.map(|order| {
        let payment = order.session.as_ref();
        vec![
            wib(order.created_ms),
            format!("<code>{}</code>", escaped(&order.ref_id)),
            escaped(&order.customer_no),
            escaped(&order.sku),
            payment.map_or("H2H", |payment| payment.payment_method.as_str()).to_owned(),
            format!("{:?}", order.state),
            rupiah(order.charged_rupiah),
            payment.map(|payment| rupiah(payment.paid_rupiah)).unwrap_or_default(),
            order.times_delivered.to_string(),
            escaped(&order.sn),
        ]
    });
    let head = [
        "Time",
        "Reference",
        "Number",
        "Package",
        "By",
        "State",
        "Shop paid",
        "Owner paid",
        "Delivered",
        "SN",
    ];
    table(&head, rows)
}
