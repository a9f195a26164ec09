//! A purchase: the shop's deposit is charged the fee, the number's owner pays for the package.

use serde_json::Value;

use super::payment::qris_text;
use super::words::Refusal;
use super::{Asked, Outcome, PaymentMethod, SessionOrder, SessionPackage, Told, login, packages};
use super::{international_form, local_form};
use crate::state::Desk;
use crate::{BookOrder, Ending, OrderFate, OrderState};

/// What happens to a payment that comes when the order has expired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Late {
    /// The owner gets it back.
    #[default]
    Refund,
    /// The gateway charges its fee again and delivers after all.
    Deliver,
}

/// `packagepurchase`. There is no reference of the shop's: each call that comes through is an order of its own.
pub(super) fn buy(desk: &mut Desk<'_>, asked: &Asked, fate: OrderFate) -> Outcome {
    let number = login::checked_number(&asked.phone)?;
    let (package, method) = wanted(desk, asked)?;
    check_session(desk, asked, &number, &package)?;
    check_package(desk, asked, &number, &package)?;
    if desk.state.deposit_rupiah < package.fee_rupiah {
        return Err(Refusal::of(436));
    }
    if method == PaymentMethod::Balance && desk.pulsa_rupiah(&number) < package.price_rupiah {
        return Err(Refusal::of(402));
    }
    take_from_stock(desk, &package.code)?;

    let order = form(desk, asked, &number, &package, method, fate);
    let message = match method {
        PaymentMethod::Balance => "Pembelian paket sedang diproses.",
        PaymentMethod::Qris => "Silakan scan QR untuk membayar paket.",
        _ => "Silakan bayar melalui aplikasi e-wallet kamu.",
    };
    let data = receipt(&order, &package, &asked.host);
    desk.save(order, None);
    Ok(Told { message, data })
}

impl Desk<'_> {
    /// The owner pays an open order, or one whose time has run out.
    pub(crate) fn pay(&mut self, trx_id: &str, late: Late) -> Result<BookOrder, &'static str> {
        let mut order = self.state.book.get(trx_id).cloned().ok_or("no such order")?;
        let payment = order.session.as_mut().filter(|payment| payment.awaits_payment());
        let payment = payment.ok_or("this order does not wait for a payment")?;
        payment.pay();
        let fate = payment.after_payment.clone();
        match (order.state, late) {
            (OrderState::Pending, _) => {
                order.stop_waiting();
                self.begin(&mut order, fate);
            }
            (_, Late::Refund) => payment.pay_back(),
            (_, Late::Deliver) => {
                order.charge(&mut self.state.deposit_rupiah);
                self.begin(&mut order, OrderFate::Success);
            }
        }
        self.save(order.clone(), None);
        Ok(order)
    }
}

/// The package and the way to pay, if they go together.
fn wanted(desk: &Desk<'_>, asked: &Asked) -> Result<(SessionPackage, PaymentMethod), Refusal> {
    let on_sale = packages::find(desk, &asked.package_code).ok_or_else(|| Refusal::of(404))?;
    let method = PaymentMethod::parse(&asked.payment_method);
    let method = method.filter(|method| on_sale.package.payment_methods.contains(method));
    let method = method.ok_or_else(|| Refusal::of(405))?;
    if method == PaymentMethod::Ovo && !local_form(&asked.ewallet_number).starts_with("08") {
        return Err(Refusal::of(400));
    }
    Ok((on_sale.package.clone(), method))
}

fn check_session(
    desk: &Desk<'_>,
    asked: &Asked,
    number: &str,
    package: &SessionPackage,
) -> Result<(), Refusal> {
    if !package.needs_login {
        return Ok(());
    }
    desk.phone(number).check_token(desk.now_ms, &asked.access_token)
}

/// What may be against selling this package now.
fn check_package(
    desk: &Desk<'_>,
    asked: &Asked,
    number: &str,
    package: &SessionPackage,
) -> Result<(), Refusal> {
    let minute = packages::wib_minute(desk.now_ms);
    if package.cut_off.is_some_and(|cut_off| cut_off.is_on(minute)) {
        return Err(Refusal::of(435));
    }
    let is_sold_out = |limit: u32| packages::sold_today(desk, package) >= limit as usize;
    if package.daily_limit.is_some_and(is_sold_out) {
        return Err(Refusal::of(431));
    }
    let is_open = |order: &BookOrder| order.sku == package.code && order.state == OrderState::Pending;
    if !package.can_multi_trx && desk.state.book.of_number(number).any(is_open) {
        return Err(Refusal::of(438));
    }
    match asked.price_or_fee.parse::<i64>() {
        Ok(expected) if package.fee_rupiah > expected => Err(Refusal::of(417)),
        Err(_) if !asked.price_or_fee.is_empty() => Err(Refusal::of(400)),
        _ => Ok(()),
    }
}

fn take_from_stock(desk: &mut Desk<'_>, code: &str) -> Result<(), Refusal> {
    let on_sale = desk.state.session_packages.iter_mut().find(|on_sale| on_sale.package.code == code);
    if let Some(stock) = on_sale.and_then(|on_sale| on_sale.stock.as_mut()) {
        *stock = stock.checked_sub(1).ok_or_else(|| Refusal::of(434))?;
    }
    Ok(())
}

/// Makes the order. With pulsa the work begins at once, else once it is paid.
fn form(
    desk: &mut Desk<'_>,
    asked: &Asked,
    number: &str,
    package: &SessionPackage,
    method: PaymentMethod,
    fate: OrderFate,
) -> BookOrder {
    let trx_id = desk.state.chance.uuid();
    let mut order = BookOrder::arrived(&trx_id, &package.code, number, desk.now_ms);
    order.times_received = 1;
    order.price = package.fee_rupiah;
    order.charge(&mut desk.state.deposit_rupiah);
    desk.state.counters.formed += 1;
    let mut payment = SessionOrder {
        payment_method: method,
        ewallet_number: (method == PaymentMethod::Ovo).then(|| local_form(&asked.ewallet_number)),
        package_price_rupiah: package.price_rupiah,
        times_paid: 0,
        times_paid_back: 0,
        paid_rupiah: 0,
        payment_expires_ms: None,
        qr_code: (method == PaymentMethod::Qris).then(|| qris_text(package.price_rupiah, &trx_id)),
        after_payment: fate.clone(),
    };
    if method == PaymentMethod::Balance {
        payment.pay();
        order.session = Some(payment);
        desk.begin(&mut order, fate);
    } else {
        let expires_ms = desk.now_ms + desk.inner.config.payment_lives_ms;
        payment.payment_expires_ms = Some(expires_ms);
        order.session = Some(payment);
        order.state = OrderState::Pending;
        order.ending = Some(Ending::Failed);
        order.settle_at_ms = Some(expires_ms);
    }
    order
}

fn receipt(order: &BookOrder, package: &SessionPackage, host: &str) -> Value {
    let wallet_url = format!("http://{host}/wallet/{}", order.ref_id);
    let instructions = order.session.as_ref().map(|payment| payment.instructions(&wallet_url));
    let mut data = instructions.unwrap_or_default();
    if let Some(fields) = data.as_object_mut() {
        fields.insert("trx_id".to_owned(), order.ref_id.clone().into());
        fields.insert("msisdn".to_owned(), international_form(&order.customer_no).into());
        fields.insert("package_code".to_owned(), package.code.clone().into());
        fields.insert("package_name".to_owned(), package.name.clone().into());
        fields.insert("package_processing_fee".to_owned(), order.price.into());
    }
    data
}
