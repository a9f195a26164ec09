//! Packages that the owner of a number pays for.

use domain::PaymentMethod;

use super::{T, texts};

texts! {
    owner_ways => "Harga paket dibayar dengan", "The package is paid with";
    owner_lead => "Saldo Anda hanya untuk biaya jasa. Harga paket dibayar pemilik nomor langsung ke XL.", "Your balance pays the service fee only. The number's owner pays XL for the package.";
    owner_plus(amount) => "+ {amount} dari pulsa atau e-wallet", "+ {amount} from pulsa or e-wallet";
    from_balance => "Dari saldo Anda", "From your balance";
    from_owner => "Dari pemilik nomor", "From the number's owner";
    as_chosen => "sesuai pilihan di atas", "as chosen above";
    wallet_number => "Nomor OVO", "OVO number";
    wallet_hint => "Hanya untuk OVO.", "Only for OVO.";
    sign_in_first => "Paket ini hanya bisa dibeli untuk nomor yang sudah dimasukkan dengan kode OTP.", "This package can only be bought for a number that was signed in with a code.";
    sign_in_this => "Kirim kode OTP ke nomor ini", "Send a code to this number";
    owner_pay_title => "Bayar paketnya", "Pay for the package";
    owner_pay_scan => "Pindai dengan aplikasi bank atau e-wallet apa saja.", "Scan with any bank or wallet app.";
    owner_pay_open(method) => "Bayar di {method}", "Pay with {method}";
    owner_pay_in_wallet(method) => "Buka aplikasi {method} di HP, lalu setujui pembayarannya.", "Open the {method} app on the phone and agree to the payment.";
    owner_pay_amount => "Harga paket", "Price of the package";
    owner_pay_late => "Batas waktunya lewat. Jangan bayar lagi; kami sedang bertanya ke XL.", "The time is over. Do not pay any more; we are asking XL.";
    owner_pay_after => "Halaman ini berubah sendiri setelah XL menerima pembayaran.", "This page changes by itself once XL has the payment.";
    qr_alt(amount) => "Kode QRIS untuk membayar {amount}", "QRIS code to pay {amount}";
    owner_preparing => "Sisa kuota nomor sedang dicatat sebelum pesanan dikirim.", "What the number has now is noted before the order is sent.";
    ways_title => "Cara bayar pemilik nomor", "How the number's owner pays";
    ways_lead => "Isi kode gateway dan harga yang dibayar pemilik nomor. Cara bayar tanpa kode tidak ditawarkan; yang tanpa harga belum ditawarkan.", "Give the gateway's code and what the number's owner pays. A way without a code is not offered; one without a price not yet.";
    way_code(method) => "Kode untuk {method}", "Code for {method}";
    way_price(method) => "Harga dengan {method}", "Price with {method}";
    ways_save => "Simpan cara bayar", "Save the ways of paying";
    fallbacks_title => "Gateway cadangan", "Further gateways";
    fallbacks_lead => "Dicoba berurutan, hanya bila gateway sebelumnya pasti tidak membuat pesanan. Kosongkan yang tidak dipakai.", "Tried in this order, and only when the one before has certainly made no order. Leave empty what you do not use.";
    fallback_number(n) => "Gateway ke-{n}", "Gateway no. {n}";
    fallback_gateway(n) => "Nama gateway ke-{n}", "Name of gateway no. {n}";
    fallbacks_save => "Simpan gateway cadangan", "Save the further gateways";
    message_quota => "Kuota nomor sebelum dan sesudah", "The number's quota before and after";
}

impl T {
    /// A way of paying. They have the same name in every language.
    #[must_use]
    pub const fn payment_method(self, method: PaymentMethod) -> &'static str {
        match method {
            PaymentMethod::Pulsa => "Pulsa",
            PaymentMethod::Dana => "DANA",
            PaymentMethod::Gopay => "GoPay",
            PaymentMethod::Shopeepay => "ShopeePay",
            PaymentMethod::Ovo => "OVO",
            PaymentMethod::Qris => "QRIS",
        }
    }
}
