use domain::{FeeRule, Rupiah, TopupMethod};

use super::{T, texts};
use crate::format;

texts! {
    topup_title => "Isi saldo", "Top up";
    topup_missing => "Isi saldo sekarang", "Top up now";
    topup_how_much => "Berapa?", "How much?";
    topup_other_amount => "Nominal lain", "Another amount";
    topup_amount => "Jumlah (Rp)", "Amount (Rp)";
    topup_limits(min, max) => "{min} sampai {max}.", "{min} to {max}.";
    topup_which_way => "Bayar dengan apa?", "How will you pay?";
    topup_fee_none => "Tanpa biaya", "No fee";
    topup_fee(fee) => "Biaya {fee}", "Fee {fee}";
    topup_fee_percent(percent) => "{percent}%", "{percent}%";
    topup_fee_both(flat, percent) => "{flat} + {percent}%", "{flat} + {percent}%";
    topup_way_auto => "Masuk otomatis dalam hitungan detik", "Credited by itself within seconds";
    topup_way_by_hand => "Dicek admin dulu", "An admin checks it first";
    topup_in_name_of(holder) => "a.n. {holder}", "in the name of {holder}";
    topup_transfer_to(bank) => "Transfer ke {bank}", "Transfer to {bank}";
    topup_go_on => "Lanjut ke ringkasan", "Go on to the summary";
    topup_request => "Lanjut ke pembayaran", "Continue to payment";
    topup_change => "Ubah", "Change";
    topup_for_order => "Setelah saldo masuk, Anda bisa langsung melanjutkan pesanan tadi.", "Once it is credited you can go straight on with your order.";
    topup_summary => "Periksa isi saldo", "Check your top-up";
    topup_way => "Cara bayar", "Way of paying";
    topup_base => "Isi saldo", "Top-up";
    topup_payer_fee => "Biaya", "Fee";
    topup_total => "Total bayar", "To pay";
    topup_from_to(least, most) => "{least} sampai {most}", "{least} to {most}";
    topup_will_credit => "Masuk ke saldo", "Credited";
    topup_whole_credit => "Semua yang Anda bayar", "All that you pay";
    topup_pay_within => "Batas bayar", "Time to pay";
    topup_after_made(time) => "{time} setelah dibuat", "{time} after it is made";
    topup_hours(n) => "{n} jam", "{n} hours";
    topup_debt => "Menutup kekurangan saldo", "Pays what you owe";
    topup_code_later => "Kode unik 1 sampai 999 rupiah ditambahkan setelah Anda lanjut, supaya pembayaran Anda mudah dikenali. Kode itu ikut masuk ke saldo.", "A unique code of 1 to 999 rupiah is added when you go on, so that we recognise your payment. It is credited too.";
    topup_summary_auto => "Saldo masuk otomatis, biasanya beberapa detik setelah Anda bayar.", "It is credited by itself, usually within seconds of your payment.";
    topup_summary_by_hand => "Pembayaran ini dicek admin dulu. Saldo masuk setelah cocok dengan mutasi bank.", "An admin checks this payment. It is credited once it matches the bank statement.";
    topup_own => "Isi saldo terakhir", "Your latest top-ups";
    topup_all => "Riwayat isi saldo", "Top-up history";
    topup_see_open => "Lihat isi saldo Anda", "See your top-ups";
    topup_none_yet => "Belum ada isi saldo.", "No top-ups yet.";
    topup_none_fits => "Tidak ada isi saldo dengan status ini.", "No top-up is in this state.";
    topup_no_way => "Belum ada cara bayar yang dibuka. Hubungi kami untuk mengisi saldo.", "No way of paying is open yet. Contact us to top up.";
    pay_by_qris => "QRIS", "QRIS";
    pay_by_static_qris => "QRIS toko", "The shop's QRIS";
    pay_by_va(bank) => "Virtual account {bank}", "{bank} virtual account";
    pay_by_bill => "Tagihan Mandiri", "Mandiri bill payment";
    pay_by_transfer => "Transfer bank", "Bank transfer";
    pay_title => "Pembayaran", "Payment";
    pay_exactly => "Bayar tepat", "Pay exactly";
    pay_code => "Tiga angka terakhir harus sama. Dari situ kami mengenali pembayaran Anda, dan ikut masuk ke saldo.", "The last three digits must match. They tell us that it is yours, and they are credited too.";
    pay_fee_inside(fee) => "Sudah termasuk biaya {fee}.", "The fee of {fee} is in it.";
    pay_creating => "Pembayaran sedang disiapkan", "Your payment is being prepared";
    pay_creating_lead => "Biasanya beberapa detik. Halaman ini berubah sendiri; jangan buat isi saldo baru.", "Usually a few seconds. This page changes by itself; do not make another top-up.";
    pay_demo => "Bayar sebagai pembeli contoh", "Pay as the demo's payer";
    pay_auto => "Saldo masuk otomatis beberapa detik setelah pembayaran. Halaman ini boleh ditutup.", "It is credited by itself a few seconds after you pay. You may close this page.";
    pay_by_human => "Kode ini tidak memberi kabar sendiri kepada kami: admin yang memastikan pembayaran Anda. Setelah bayar, tekan “Saya sudah bayar”.", "This code does not tell us by itself: an admin confirms your payment. After paying, tap “I have paid”.";
    pay_merchant => "Nama merchant", "Merchant";
    pay_merchant_check => "Pastikan nama ini yang muncul sebelum membayar.", "See that this name shows before you pay.";
    pay_save_qr => "Simpan QR", "Save the QR";
    pay_copy_amount => "Salin nominal", "Copy the amount";
    pay_copy_number => "Salin nomor rekening", "Copy the account number";
    pay_copy_va => "Salin nomor virtual account", "Copy the virtual account";
    pay_copy_biller => "Salin kode perusahaan", "Copy the company code";
    pay_copy_key => "Salin kode bayar", "Copy the bill key";
    pay_va => "Nomor virtual account", "Virtual account number";
    pay_biller => "Kode perusahaan (biller)", "Company code (biller)";
    pay_key => "Kode bayar (bill key)", "Bill key";
    pay_bank => "Bank", "Bank";
    pay_number => "Nomor rekening", "Account number";
    pay_holder => "Atas nama", "Account holder";
    pay_before => "Bayar sebelum", "Pay before";
    pay_late => "Batas waktunya lewat. Jangan bayar lagi. Kalau sudah bayar, tekan tombol cek di bawah.", "The time is over. Do not pay any more. If you have paid, use the button below.";
    pay_how => "Cara bayar", "How to pay";
    pay_step1(bank) => "Buka aplikasi bank atau ATM, pilih transfer ke {bank}.", "Open your bank's app or go to an ATM and choose a transfer to {bank}.";
    pay_step2(amount) => "Isi nominal tepat {amount}, jangan dibulatkan.", "Enter exactly {amount}; do not round it.";
    pay_step3 => "Kembali ke sini dan tekan “Saya sudah bayar”. Halaman ini boleh ditutup.", "Come back and tap “I have paid”. You may close this page.";
    pay_done => "Saya sudah bayar", "I have paid";
    pay_check => "Saya sudah bayar · cek", "I have paid · check";
    pay_check_late => "Terlanjur bayar? Cek lagi", "Paid all the same? Check again";
    pay_asking => "Sedang kami tanyakan. Kalau pembayaran sudah masuk, halaman ini berubah sendiri.", "We are asking. If the payment has come, this page changes by itself.";
    pay_asked_just_now(wait) => "Baru saja dicek. Cek lagi dalam {wait}.", "It was checked a moment ago. Check again in {wait}.";
    pay_proof_title => "Kirim bukti transfer", "Send a proof of the transfer";
    pay_proof_label => "Gambar bukti transfer", "Picture of the proof";
    pay_proof_hint => "Boleh dilewati, tetapi mempercepat pemeriksaan. JPG atau PNG, paling besar 8 MB.", "Not required, but it speeds up the check. JPG or PNG, at most 8 MB.";
    pay_proof_send => "Kirim bukti", "Send the proof";
    pay_proof_there => "Bukti sudah kami terima.", "We have your proof.";
    pay_proof_see => "Lihat bukti", "See the proof";
    pay_cancel => "Batalkan isi saldo", "Cancel the top-up";
    pay_cancel_lead => "Kalau uangnya sudah atau tetap masuk, saldo Anda tetap bertambah. Tidak ada yang hilang.", "Money that has come, or comes all the same, is still credited. Nothing is lost.";
    pay_cancel_yes => "Ya, batalkan", "Yes, cancel it";
    pay_checking => "Terima kasih. Admin sedang mencocokkan pembayaran Anda dengan mutasi bank. Saldo masuk setelah cocok.", "Thank you. An admin is matching your payment with the bank statement. It is credited once it matches.";
    pay_paid => "Dibayar", "Paid";
    pay_reference => "Referensi", "Reference";
    pay_credited_at => "Masuk", "Credited at";
    pay_account => "Akun", "Account";
    pay_shop => "Toko", "Shop";
    pay_balance_now => "Saldo sekarang", "Balance now";
    pay_not_the_same(asked) => "Yang diminta {asked}. Kami mencatat jumlah yang benar-benar masuk.", "{asked} was asked for. We credit what really arrived.";
    pay_was_late => "Uangnya masuk setelah isi saldo ini berakhir. Tetap kami tambahkan ke saldo Anda.", "The money came after this top-up had ended. It is credited all the same.";
    pay_go_on => "Lanjutkan pesanan", "Go on with your order";
    pay_rejected => "Pembayaran ini tidak kami temukan.", "We did not find this payment.";
    pay_expired => "Waktunya habis. Bila sudah terlanjur bayar, hubungi kami: uang yang masuk tetap kami catat.", "Time is up. If you have paid already, contact us: money that arrives is still credited.";
    pay_cancelled => "Isi saldo ini dibatalkan. Bila sudah terlanjur bayar, hubungi kami: uang yang masuk tetap kami catat.", "This top-up was cancelled. If you have paid already, contact us: money that arrives is still credited.";
    pay_failed => "Cara bayar ini sedang bermasalah, dan belum ada yang perlu dibayar. Coba cara lain.", "This way of paying is in trouble, and there is nothing to pay yet. Try another way.";
    pay_other_way => "Coba cara lain", "Try another way";
    pay_review => "Uangnya ada, tetapi tidak sama dengan yang diminta. Admin sedang memeriksanya; Anda tidak perlu membayar lagi.", "The money is there, but is not what was asked for. An admin is looking into it; do not pay again.";
    pay_set_aside(amount) => "Ada {amount} lagi yang masuk untuk isi saldo ini. Uangnya aman: admin sedang memeriksa apakah ditambahkan ke saldo atau dikembalikan.", "Another {amount} came in for this top-up. It is safe: an admin is seeing whether to credit it or to send it back.";
    pay_came => "Yang masuk", "What came";
    pay_refund_pending => "Uangnya sudah keluar dari saldo dan sedang dikirim kembali ke pembayar.", "The money has left your balance and is on its way back to the payer.";
    pay_refunded => "Uangnya sudah dikirim kembali ke pembayar.", "The money went back to the payer.";
    pay_reversed => "Bank atau penyedia pembayaran menarik uangnya kembali, jadi saldo Anda dikurangi lagi. Hubungi kami bila ini tidak benar.", "The bank or payment service took the money back, so it was taken from your balance. Contact us if this is wrong.";
    pay_again => "Isi saldo lagi", "Top up again";
    pay_no => "No. isi saldo", "Top-up no.";
    pay_asked => "Diminta", "Asked for";
    pay_asked_at => "Dibuat", "Made";
}

impl T {
    /// A way of topping up.
    #[must_use]
    pub fn topup_method(self, method: TopupMethod) -> String {
        match method {
            TopupMethod::Qris => self.pay_by_qris().to_owned(),
            TopupMethod::VaBca => self.pay_by_va("BCA"),
            TopupMethod::VaBni => self.pay_by_va("BNI"),
            TopupMethod::VaBri => self.pay_by_va("BRI"),
            TopupMethod::VaPermata => self.pay_by_va("Permata"),
            TopupMethod::BillMandiri => self.pay_by_bill().to_owned(),
            TopupMethod::StaticQris => self.pay_by_static_qris().to_owned(),
            TopupMethod::Transfer => self.pay_by_transfer().to_owned(),
        }
    }

    /// How a payment by this method comes into the balance.
    #[must_use]
    pub const fn topup_how_credited(self, method: TopupMethod) -> &'static str {
        if method.is_by_hand() { self.topup_way_by_hand() } else { self.topup_way_auto() }
    }

    /// `Tanpa biaya`, `Biaya Rp 4.000`, `Biaya Rp 1.000 + 0,7%`.
    #[must_use]
    pub fn topup_fee_rule(self, rule: FeeRule) -> String {
        let percent = format::percent(rule.basis_points, self.0);
        match (rule.flat == Rupiah::ZERO, rule.basis_points == 0) {
            (true, true) => self.topup_fee_none().to_owned(),
            (false, true) => self.topup_fee(rule.flat),
            (true, false) => self.topup_fee(self.topup_fee_percent(percent)),
            (false, false) => self.topup_fee(self.topup_fee_both(rule.flat, percent)),
        }
    }

    /// `15 menit`, `24 jam`, `3 hari`.
    #[must_use]
    pub fn lasting(self, minutes: i64) -> String {
        const HOUR: i64 = 60;
        const DAY: i64 = 24 * HOUR;
        match minutes {
            minutes if minutes > DAY && minutes % DAY == 0 => self.validity(minutes / DAY),
            minutes if minutes > HOUR && minutes % HOUR == 0 => self.topup_hours(minutes / HOUR),
            minutes => self.minutes(minutes),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Lang;

    use super::*;

    #[test]
    fn fees_in_words() {
        let rule = |flat: i64, basis_points: i64| FeeRule { flat: Rupiah::new(flat), basis_points };
        let words = |rule| T(Lang::Id).topup_fee_rule(rule).replace('\u{a0}', " ");
        assert_eq!(words(rule(0, 0)), "Tanpa biaya");
        assert_eq!(words(rule(4_000, 0)), "Biaya Rp 4.000");
        assert_eq!(words(rule(0, 70)), "Biaya 0,7%");
        assert_eq!(words(rule(1_000, 200)), "Biaya Rp 1.000 + 2%");
    }

    #[test]
    fn how_long_there_is_to_pay() {
        let t = T(Lang::Id);
        for (minutes, words) in
            [(15, "15 menit"), (60, "60 menit"), (90, "90 menit"), (1_440, "24 jam"), (4_320, "3 hari")]
        {
            assert_eq!(t.lasting(minutes), words);
        }
    }
}
