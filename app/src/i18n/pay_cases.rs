use domain::{ChargeRefusal, ChargeState, PayCaseAction, PayCaseKind, ProviderState, Rupiah};

use super::{T, texts};

texts! {
    cases => "Tinjauan", "Reviews";
    cases_open => "Perlu diputuskan", "To decide";
    cases_all => "Semua", "All";
    cases_any => "Semua jenis", "Any kind";
    cases_none => "Tidak ada yang perlu ditinjau.", "Nothing needs a review.";
    case_kind => "Kasus", "Case";
    case_open => "Belum diputuskan", "Open";
    case_closed => "Selesai", "Done";
    case_opened => "Muncul", "Since";
    case_came => "Yang masuk", "What came";
    case_fact => "Keterangan", "Fact";
    case_taken_back => "Ditarik kembali", "Taken back";
    case_from => "Lewat", "By";
    case_from_bank => "Rekening bank", "Bank account";
    case_what_was_done => "Yang dilakukan", "What was done";
    case_evidence => "Kabar dari gateway", "What the gateway said";
    case_last_message => "Jawaban terakhir", "Last answer";
    case_late => "Terlambat", "Late";
    case_under => "Kurang bayar", "Underpaid";
    case_over => "Lebih bayar", "Overpaid";
    case_wrong_amount => "Jumlah berbeda", "Wrong amount";
    case_second => "Bayar dua kali", "Paid twice";
    case_unmatched => "Uang tanpa pemilik", "Nobody's money";
    case_foreign => "Bukan toko ini", "Not this shop's";
    case_disputed => "Uang ditarik kembali", "Taken back";
    case_contradiction => "Kabar bertentangan", "Contradiction";
    case_refund_stuck => "Pengembalian macet", "Refund is stuck";
    case_refund_stuck_means => "Gateway tidak mengembalikan uang ini. Buka isi saldonya: transfer sendiri ke pembayar, atau masukkan lagi ke saldo. Lihat dulu di dasbor gateway.", "The gateway does not pay this money back. Open the top-up: transfer it yourself, or put it back into the balance. Look at the gateway's dashboard first.";
    case_late_means => "Uangnya datang setelah isi saldo ini berakhir. Sudah masuk ke saldo. Cukup dilihat: siapa tahu pembeli sudah membayar dengan cara lain.", "The money came after this top-up had ended. It is in the balance. Just look: the buyer may have paid in another way as well.";
    case_under_means => "Yang ditransfer kurang dari yang diminta. Yang masuk sudah ditambahkan ke saldo, tidak lebih.", "Less was transferred than was asked for. What came is in the balance, no more.";
    case_over_means => "Yang ditransfer lebih dari yang diminta. Semua yang masuk sudah ditambahkan ke saldo.", "More was transferred than was asked for. All that came is in the balance.";
    case_wrong_amount_means => "Gateway menerima jumlah lain dari yang kita minta. Uangnya ditahan: tambahkan ke saldo pembeli, atau kembalikan ke pembayar.", "The gateway collected another amount than we asked for. The money is set aside: credit it to the buyer, or give it back to the payer.";
    case_second_means => "Isi saldo ini sudah dibayar, lalu dibayar sekali lagi. Pembayaran kedua ditahan: tambahkan ke saldo pembeli, atau kembalikan.", "This top-up was paid, and then paid once more. The second payment is set aside: credit it to the buyer, or give it back.";
    case_unmatched_means => "Ada uang masuk yang tidak cocok dengan isi saldo mana pun. Cari pemiliknya, atau kembalikan ke pengirimnya.", "Money came that belongs to no top-up. Find out whose it is, or give it back to whoever sent it.";
    case_foreign_means => "Gateway menyebut mata uang atau merchant lain. Tidak ada yang dibukukan. Periksa akun Anda di gateway.", "The gateway speaks of another currency or merchant. Nothing was booked. Look at your account with the gateway.";
    case_disputed_means => "Gateway atau bank pembayar menarik kembali uang yang sudah masuk. Saldo sudah dikurangi; bila tidak cukup, akunnya dibekukan dan sisanya menjadi utang ke toko.", "The gateway or the payer's bank took back money that had been credited. The balance was reduced; if it did not suffice, the account is frozen and the rest is owed to the shop.";
    case_contradiction_means => "Gateway sekarang bilang pesanan ini tidak dibayar, padahal dulu bilang sudah. Tidak ada yang dibukukan. Tanyakan ke gateway apa yang benar.", "The gateway now says that this order was not paid, though it had said it was. Nothing was booked. Ask the gateway what is true.";
    case_credit => "Tambahkan ke saldo", "Credit it";
    case_credit_do(amount, name) => "Tambahkan {amount} ke saldo {name}", "Credit {amount} to {name}";
    case_return => "Kembalikan ke pembayar", "Give it back";
    case_return_lead => "Kirim dulu uangnya kembali, di luar aplikasi ini, lalu catat di sini.", "Send the money back first, outside of this app. Then record it here.";
    case_return_amount => "Yang dikembalikan", "Given back";
    case_by_gateway(gateway) => "Lewat dasbor {gateway}", "By {gateway}'s dashboard";
    case_return_from => "Keluar dari", "Out of";
    case_return_do(amount) => "{amount} sudah dikembalikan", "{amount} was given back";
    case_acknowledge => "Sudah dilihat", "Seen";
    case_acknowledge_lead => "Tidak ada uang yang bergerak. Tulis apa yang Anda periksa.", "No money moves. Write what you have checked.";
    case_acknowledge_do => "Selesai", "Done";
    case_whose => "Tulis nama pengguna pemilik uang ini. Saldonya diperlihatkan sebelum apa pun terjadi.", "Type the username of whose money this is. The balance is shown before anything happens.";
    case_user_hint => "Pastikan dulu dengan bukti transfer dari pengguna itu.", "Make sure first, by that user's proof of the transfer.";
    case_other_user => "Pilih pengguna lain", "Choose another user";
    case_note_hint => "Apa yang menunjukkannya? Tercatat di riwayat.", "What shows it? It goes on record.";
    case_done_credit => "Masuk ke saldo", "Credited";
    case_done_return => "Dikembalikan", "Given back";
    charge_title(gateway) => "Pesanan di {gateway}", "Order at {gateway}";
    charge_provider_state => "Kata gateway", "The gateway says";
    charge_refused => "Sebab ditolak", "Why refused";
    charge_creating => "Sedang diminta", "Being asked for";
    charge_pending => "Menunggu dibayar", "Waiting to be paid";
    charge_paid => "Dibayar", "Paid";
    charge_expired => "Kedaluwarsa", "Expired";
    charge_cancelled => "Dibatalkan", "Cancelled";
    charge_failed => "Gagal", "Failed";
    charge_ask_charge => "Minta tagihan", "Ask to collect";
    charge_ask_status => "Tanya status", "Ask for the status";
    charge_ask_cancel => "Batalkan", "Call off";
    charge_ask_refund => "Minta pengembalian", "Ask to pay back";
    provider_pending => "menunggu dibayar", "waiting to be paid";
    provider_paid => "sudah dibayar", "paid";
    provider_expired => "kedaluwarsa", "expired";
    provider_cancelled => "dibatalkan", "cancelled";
    provider_denied => "ditolak", "denied";
    provider_refunded => "sudah dikembalikan", "paid back";
    provider_partly_refunded => "sebagian dikembalikan", "partly paid back";
    provider_charged_back => "ditarik bank pembayar", "charged back";
    provider_partly_charged_back => "sebagian ditarik bank pembayar", "partly charged back";
    provider_unclear => "belum jelas", "not clear";
    refused_login => "kunci atau merchant tidak diterima", "key or merchant not accepted";
    refused_method => "cara bayar ini belum aktif di gateway", "this way of paying is not switched on at the gateway";
    refused_amount => "jumlahnya di luar batas gateway", "the amount is outside the gateway's limits";
    refused_request => "gateway menolak permintaannya", "the gateway refused the request";
    refused_unknown => "tidak ada cara bayar yang diberikan", "no way to pay was given";
}

impl T {
    /// What a case is.
    #[must_use]
    pub const fn pay_case(self, kind: PayCaseKind) -> &'static str {
        match kind {
            PayCaseKind::Late => self.case_late(),
            PayCaseKind::Under => self.case_under(),
            PayCaseKind::Over => self.case_over(),
            PayCaseKind::WrongAmount => self.case_wrong_amount(),
            PayCaseKind::Second => self.case_second(),
            PayCaseKind::Unmatched => self.case_unmatched(),
            PayCaseKind::Foreign => self.case_foreign(),
            PayCaseKind::Disputed => self.case_disputed(),
            PayCaseKind::Contradiction => self.case_contradiction(),
            PayCaseKind::RefundStuck => self.case_refund_stuck(),
        }
    }

    /// What a case means, and what to do.
    #[must_use]
    pub const fn case_meaning(self, kind: PayCaseKind) -> &'static str {
        match kind {
            PayCaseKind::Late => self.case_late_means(),
            PayCaseKind::Under => self.case_under_means(),
            PayCaseKind::Over => self.case_over_means(),
            PayCaseKind::WrongAmount => self.case_wrong_amount_means(),
            PayCaseKind::Second => self.case_second_means(),
            PayCaseKind::Unmatched => self.case_unmatched_means(),
            PayCaseKind::Foreign => self.case_foreign_means(),
            PayCaseKind::Disputed => self.case_disputed_means(),
            PayCaseKind::Contradiction => self.case_contradiction_means(),
            PayCaseKind::RefundStuck => self.case_refund_stuck_means(),
        }
    }

    /// The fact that a case was opened with: an amount, a gateway's word, or an order's id.
    #[must_use]
    pub fn case_detail(self, detail: &str) -> String {
        if let Ok(rupiah) = detail.parse::<i64>() {
            return Rupiah::new(rupiah).to_string();
        }
        match detail.parse::<ProviderState>() {
            Ok(_) => self.provider_state(detail).to_owned(),
            Err(_) => detail.to_owned(),
        }
    }

    /// What was done about a case.
    #[must_use]
    pub const fn case_outcome(self, outcome: PayCaseAction) -> &'static str {
        match outcome {
            PayCaseAction::Acknowledge => self.case_acknowledge(),
            PayCaseAction::Credit => self.case_done_credit(),
            PayCaseAction::Return => self.case_done_return(),
        }
    }

    /// Where an order at a payment gateway stands.
    #[must_use]
    pub const fn charge_state(self, state: ChargeState) -> &'static str {
        match state {
            ChargeState::Creating => self.charge_creating(),
            ChargeState::Pending => self.charge_pending(),
            ChargeState::Paid => self.charge_paid(),
            ChargeState::Expired => self.charge_expired(),
            ChargeState::Cancelled => self.charge_cancelled(),
            ChargeState::Failed => self.charge_failed(),
        }
    }

    /// What a payment gateway was asked.
    #[must_use]
    pub fn charge_asked(self, kind: &str) -> &'static str {
        match kind {
            "charge" => self.charge_ask_charge(),
            "cancel" => self.charge_ask_cancel(),
            "refund" => self.charge_ask_refund(),
            _ => self.charge_ask_status(),
        }
    }

    /// A payment gateway's word for an order.
    #[must_use]
    pub fn provider_state(self, word: &str) -> &'static str {
        match word.parse() {
            Ok(ProviderState::Pending) => self.provider_pending(),
            Ok(ProviderState::Paid) => self.provider_paid(),
            Ok(ProviderState::Expired) => self.provider_expired(),
            Ok(ProviderState::Cancelled) => self.provider_cancelled(),
            Ok(ProviderState::Denied) => self.provider_denied(),
            Ok(ProviderState::Refunded) => self.provider_refunded(),
            Ok(ProviderState::PartlyRefunded) => self.provider_partly_refunded(),
            Ok(ProviderState::ChargedBack) => self.provider_charged_back(),
            Ok(ProviderState::PartlyChargedBack) => self.provider_partly_charged_back(),
            Ok(ProviderState::Unclear) | Err(_) => self.provider_unclear(),
        }
    }

    /// Why a gateway took no order.
    #[must_use]
    pub const fn charge_refusal(self, why: Option<ChargeRefusal>) -> &'static str {
        match why {
            Some(ChargeRefusal::Login) => self.refused_login(),
            Some(ChargeRefusal::Method) => self.refused_method(),
            Some(ChargeRefusal::Amount) => self.refused_amount(),
            Some(ChargeRefusal::Request) => self.refused_request(),
            None => self.refused_unknown(),
        }
    }
}
