use domain::{AlarmKind, WebhookOutcome};
use store::OfferChange;

use super::{T, texts};

texts! {
    gateways => "Gateway", "Gateways";
    gateways_none => "Belum ada gateway. Tanpa gateway, paket tidak bisa dikirim.", "No gateway yet. Without one nothing can be delivered.";
    gateway_add => "Tambah gateway", "Add a gateway";
    gateway_edit(name) => "Ubah {name}", "Change {name}";
    gateway_name => "Nama di toko ini", "Name in this shop";
    gateway_name_hint => "Huruf kecil, angka, dan tanda hubung. Paket menyebut nama ini.", "Small letters, digits and dashes. Packages refer to this name.";
    gateway_dialect => "Jenis", "Kind";
    gateway_digiflazz => "H2H (Digiflazz)", "H2H (Digiflazz)";
    gateway_session => "Sesi nomor dengan OTP", "Sessions of numbers, by one-time code";
    gateway_url => "Alamat API", "API address";
    gateway_username => "Nama pengguna di gateway", "User name at the gateway";
    gateway_key => "Kunci API", "API key";
    gateway_webhook_secret => "Rahasia webhook", "Webhook secret";
    gateway_keep_hint => "Tersimpan terenkripsi dan tidak pernah ditampilkan. Kosongkan bila tidak berubah.", "Kept encrypted and never shown. Leave empty to keep it.";
    gateway_new_hint => "Disimpan terenkripsi dan tidak pernah ditampilkan.", "Kept encrypted and never shown.";
    gateway_low => "Ingatkan bila deposit di bawah", "Warn when the deposit is below";
    gateway_active => "Dipakai untuk mengirim", "Used for delivering";
    gateway_save => "Simpan dan periksa", "Save and check";
    gateway_from_environment => "Diatur lewat lingkungan server", "Set in the server's environment";
    gateway_deposit => "Deposit", "Deposit";
    gateway_deposit_unknown => "Belum diketahui", "Not known yet";
    gateway_checking => "Sedang diperiksa…", "Being checked…";
    gateway_check => "Periksa sekarang", "Check now";
    gateway_ok => "Tersambung", "Connected";
    gateway_problem => "Tidak bisa ditanya", "Cannot be asked";
    gateway_offers => "Bandingkan daftar paket", "Compare the list of packages";
    gateway_webhook_url => "Alamat webhook", "Webhook address";
    webhooks => "Catatan webhook", "Webhook log";
    webhooks_none => "Belum ada webhook yang datang.", "No webhook has come yet.";
    webhook_body => "Isi", "Body";
    webhook_order => "Pesanan", "Order";
    webhook_recorded => "Dicatat", "Recorded";
    webhook_not_believed => "Tanda tangan salah", "Bad signature";
    webhook_unreadable => "Tidak terbaca", "Unreadable";
    webhook_unknown => "Bukan pesanan kita", "No order of ours";
    webhook_differs => "Isinya lain dari pesanan", "Differs from the order";
    offers_title(gateway) => "Daftar paket {gateway}", "Packages of {gateway}";
    offers_lead => "Modal paket mengikuti gateway dengan sendirinya. Harga jual dan paket baru berubah hanya bila Anda pilih di sini.", "Costs follow the gateway by themselves. Selling prices and new packages change only when chosen here.";
    offers_fetched => "Diambil", "Fetched";
    offers_never => "Daftar belum pernah diambil.", "The list has never been fetched.";
    offers_fetch => "Ambil sekarang", "Fetch now";
    offers_waiting => "Sedang diambil. Gateway hanya boleh ditanya sekali dalam 5 menit.", "Being fetched. The gateway may be asked once in 5 minutes only.";
    offers_none => "Semua sudah sesuai.", "All is as it should be.";
    offers_rule => "Aturan harga", "Price rules";
    offers_apply => "Terapkan yang dipilih", "Apply what is chosen";
    offers_choose => "Pilih", "Choose";
    offers_price_now => "Harga sekarang", "Price now";
    offers_price_then => "Menjadi", "Becomes";
    offer_new => "Baru", "New";
    offer_other_price => "Harga lain", "Other price";
    offer_disturbed => "Gangguan", "Disturbed";
    offer_gone => "Tidak dijual lagi", "Not sold any more";
    offer_same => "Sesuai", "As it should be";
    margin_title => "Aturan harga jual", "Rules for selling prices";
    margin_lead => "Dipakai saat membandingkan daftar paket gateway.", "Used when a gateway's packages are compared.";
    margin_member_percent => "Untung anggota (%)", "Member margin (%)";
    margin_member_least => "Paling sedikit (Rp)", "At least (Rp)";
    margin_reseller_percent => "Untung reseller (%)", "Reseller margin (%)";
    margin_reseller_least => "Paling sedikit, reseller (Rp)", "At least, resellers (Rp)";
    margin_step => "Bulatkan ke atas per (Rp)", "Round up to (Rp)";
    margin_words(percent, least, step) => "{percent}%, paling sedikit {least}, dibulatkan per {step}", "{percent}%, at least {least}, rounded up to {step}";
    alarms => "Peringatan", "Alarms";
    alarm_close => "Sudah ditangani", "Taken care of";
    alarm_deposit_low(gateway, amount) => "Deposit di {gateway} tinggal {amount}. Isi agar paket tetap terkirim.", "The deposit at {gateway} is down to {amount}. Fill it up to keep delivering.";
    alarm_gateway_down(gateway) => "Gateway {gateway} tidak menjawab. Periksa alamat, kunci, dan izin alamat IP.", "The gateway {gateway} does not answer. Check its address, the key and the allowed IP addresses.";
    alarm_cost_above_price => "Paket ditutup: modalnya di atas harga jual. Ubah harganya, lalu buka lagi.", "A package was closed: it costs more than it sells for. Change its price and open it again.";
    alarm_offer_gone => "Paket ini tidak ada lagi di daftar gateway, jadi sementara tidak dijual.", "This package is missing in its gateway's list and is not sold meanwhile.";
    alarm_offers_stale(gateway) => "Daftar paket {gateway} tidak bisa diambil lagi. Modal paket bisa sudah berubah.", "The packages of {gateway} cannot be fetched any more. Costs may have changed.";
    alarm_taken_back => "Gateway menarik kembali paket yang sudah terkirim. Tanyakan ke gateway, lalu putuskan pengembalian dana pembeli.", "The gateway took back what it had delivered. Ask the gateway, then decide about the buyer's money.";
    alarm_payment_case => "Ada uang isi saldo yang masuk tidak sebagaimana mestinya. Periksa kasusnya, lalu putuskan.", "Money for a top-up did not come as it should. Look at the case and decide.";
    alarm_pay_gateway_down(gateway) => "Gateway pembayaran {gateway} tidak menjawab. Periksa kunci dan alamatnya; pembeli sementara bisa memakai cara bayar lain.", "The payment gateway {gateway} does not answer. Check its key and address; buyers can pay in other ways meanwhile.";
    alarm_pay_order_unknown(order) => "Gateway pembayaran memberi kabar tentang pesanan yang bukan milik toko ini: {order}. Periksa apakah kuncinya juga dipakai toko lain.", "A payment gateway told of an order that is none of ours: {order}. See whether another shop uses its key.";
    alarm_pay_orders_forgotten(gateway, count) => "{count} pesanan di {gateway} tidak bisa ditanyakan lagi, karena akunnya diganti. Kembalikan pengaturan lama sampai pesanan itu selesai.", "{count} orders at {gateway} cannot be asked about any more, as its account was changed. Put the old settings back until they are done.";
    alarm_delivered_twice => "Gateway mengirim dua kali untuk satu pembelian. Minta kembali satu dari gateway.", "The gateway delivered twice for one purchase. Claim one back from the gateway.";
}

impl T {
    /// What became of a webhook.
    #[must_use]
    pub const fn webhook_outcome(self, outcome: WebhookOutcome) -> &'static str {
        match outcome {
            WebhookOutcome::Recorded => self.webhook_recorded(),
            WebhookOutcome::NotBelieved => self.webhook_not_believed(),
            WebhookOutcome::Unreadable => self.webhook_unreadable(),
            WebhookOutcome::Unknown => self.webhook_unknown(),
            WebhookOutcome::Differs => self.webhook_differs(),
        }
    }

    /// What a comparison found.
    #[must_use]
    pub const fn offer_change(self, change: OfferChange) -> &'static str {
        match change {
            OfferChange::New => self.offer_new(),
            OfferChange::OtherPrice => self.offer_other_price(),
            OfferChange::Disturbed => self.offer_disturbed(),
            OfferChange::Gone => self.offer_gone(),
            OfferChange::Same => self.offer_same(),
        }
    }

    /// What an alarm says, and what to do.
    #[must_use]
    pub fn alarm(self, kind: AlarmKind, object: &str, detail: &str) -> String {
        match kind {
            AlarmKind::DepositLow => self.alarm_deposit_low(object, detail),
            AlarmKind::GatewayDown => self.alarm_gateway_down(object),
            AlarmKind::CostAbovePrice => self.alarm_cost_above_price().to_owned(),
            AlarmKind::OffersStale => self.alarm_offers_stale(object),
            AlarmKind::OfferGone => self.alarm_offer_gone().to_owned(),
            AlarmKind::TakenBack => self.alarm_taken_back().to_owned(),
            AlarmKind::DeliveredTwice => self.alarm_delivered_twice().to_owned(),
            AlarmKind::PaymentCase => self.alarm_payment_case().to_owned(),
            AlarmKind::PayGatewayDown => self.alarm_pay_gateway_down(object),
            AlarmKind::PayOrderUnknown => self.alarm_pay_order_unknown(object),
            AlarmKind::PayOrdersForgotten => self.alarm_pay_orders_forgotten(object, detail),
            AlarmKind::NoticesFail => self.notices_fail(object, detail),
            AlarmKind::CostsDiffer => self.alarm_costs_differ(object, detail),
            AlarmKind::BackupFailed => self.alarm_backup_failed(detail),
            AlarmKind::BackupOld => self.alarm_backup_old().to_owned(),
            AlarmKind::RestoreTestFailed => self.alarm_restore_test_failed(detail),
            AlarmKind::RestoreTestOld => self.alarm_restore_test_old().to_owned(),
            AlarmKind::Restored => self.alarm_restored().to_owned(),
        }
    }
}
