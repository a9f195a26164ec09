use domain::{FailReason, PurchaseState, TopupState};

use super::{T, texts};

texts! {
    purchase_accepted => "Diterima", "Accepted";
    purchase_submitting => "Dikirim ke XL", "Sending to XL";
    purchase_pending => "Diproses", "In progress";
    purchase_awaiting => "Menunggu pembayaran", "Awaiting payment";
    purchase_unknown => "Belum pasti, sedang dicek", "Not certain yet, checking";
    purchase_review => "Diperiksa admin", "Being reviewed";
    purchase_succeeded => "Berhasil", "Delivered";
    purchase_failed => "Gagal, saldo kembali", "Failed, money is back";
    purchase_refunded => "Dana dikembalikan", "Refunded";
    topup_creating => "Sedang disiapkan", "Being prepared";
    topup_pending => "Menunggu pembayaran", "Waiting for payment";
    topup_proof => "Sedang diperiksa", "Being checked";
    topup_credited => "Saldo masuk", "Credited";
    topup_rejected => "Ditolak", "Rejected";
    topup_expired => "Kedaluwarsa", "Expired";
    topup_cancelled => "Dibatalkan", "Cancelled";
    topup_failed => "Gagal disiapkan", "Could not be prepared";
    topup_review => "Diperiksa admin", "Being reviewed";
    topup_refund_pending => "Sedang dikembalikan", "Being paid back";
    topup_refunded => "Sudah dikembalikan", "Paid back";
    topup_reversed => "Ditarik kembali", "Taken back";
    fail_bad_number => "Nomor tidak dikenal atau tidak aktif.", "The number is unknown or not active.";
    fail_wrong_operator => "Nomor ini milik operator lain.", "The number belongs to another operator.";
    fail_package_unavailable => "Paket sedang ditutup oleh XL.", "XL has closed this package for now.";
    fail_out_of_stock => "Stok paket habis.", "The package is out of stock.";
    fail_cut_off => "Di luar jam penjualan paket ini.", "Outside the hours in which this package is sold.";
    fail_outside_area => "Paket tidak dijual di wilayah nomor ini.", "The package is not sold where the number is.";
    fail_price_rose => "Harga dari XL naik. Silakan beli lagi dengan harga baru.", "The price at XL rose. Please buy again at the new price.";
    fail_active_package => "Paket aktif di nomor ini harus dihentikan dulu.", "An active package on this number has to be stopped first.";
    fail_daily_limit => "Batas pembelian hari ini untuk nomor ini tercapai.", "This number has reached today's limit.";
    fail_provider => "XL menolak pesanan ini.", "XL refused this order.";
    fail_busy => "XL sedang sibuk atau dalam perbaikan. Coba lagi nanti.", "XL is busy or under maintenance. Try again later.";
    fail_not_reached => "XL tidak dapat dihubungi. Coba lagi nanti.", "XL could not be reached. Try again later.";
    fail_shop => "Sedang tidak tersedia. Coba lagi nanti.", "Temporarily unavailable. Try again later.";
    fail_pulsa => "Pulsa di nomor ini tidak cukup. Isi pulsanya, lalu beli lagi.", "There is too little pulsa on this number. Fill it up and buy again.";
    fail_session => "Nomor ini perlu dimasukkan lagi dengan kode OTP, lalu beli lagi.", "This number has to be signed in again with a code. Then buy again.";
    fail_not_paid => "Belum dibayar sampai batas waktunya.", "It was not paid in time.";
    fail_cancelled => "Dibatalkan sebelum dikirim.", "Cancelled before it was sent.";
    fail_expired => "Terlalu lama menunggu, jadi tidak dikirim.", "It waited too long and was not sent.";
    fail_no_gateway => "Paket ini belum dapat dijual.", "This package cannot be sold yet.";
    fail_decided => "Diputuskan oleh admin.", "Decided by an admin.";
}

impl T {
    /// Where a purchase stands, in its buyer's words.
    #[must_use]
    pub const fn purchase_state(self, state: PurchaseState) -> &'static str {
        match state {
            PurchaseState::Accepted => self.purchase_accepted(),
            PurchaseState::Submitting => self.purchase_submitting(),
            PurchaseState::Pending => self.purchase_pending(),
            PurchaseState::AwaitingPayment => self.purchase_awaiting(),
            PurchaseState::Unknown => self.purchase_unknown(),
            PurchaseState::Review => self.purchase_review(),
            PurchaseState::Succeeded => self.purchase_succeeded(),
            PurchaseState::Failed => self.purchase_failed(),
            PurchaseState::Refunded => self.purchase_refunded(),
        }
    }

    /// Where a top-up stands.
    #[must_use]
    pub const fn topup_state(self, state: TopupState) -> &'static str {
        match state {
            TopupState::Creating => self.topup_creating(),
            TopupState::Pending => self.topup_pending(),
            TopupState::ProofSubmitted => self.topup_proof(),
            TopupState::Credited => self.topup_credited(),
            TopupState::Rejected => self.topup_rejected(),
            TopupState::Expired => self.topup_expired(),
            TopupState::Cancelled => self.topup_cancelled(),
            TopupState::Failed => self.topup_failed(),
            TopupState::Review => self.topup_review(),
            TopupState::RefundPending => self.topup_refund_pending(),
            TopupState::Refunded => self.topup_refunded(),
            TopupState::Reversed => self.topup_reversed(),
        }
    }

    /// Why an order was not delivered, and what to do. The shop's own trouble stays the shop's.
    #[must_use]
    pub const fn fail_reason(self, reason: FailReason) -> &'static str {
        match reason {
            FailReason::BadNumber => self.fail_bad_number(),
            FailReason::WrongOperator => self.fail_wrong_operator(),
            FailReason::PackageUnavailable => self.fail_package_unavailable(),
            FailReason::OutOfStock => self.fail_out_of_stock(),
            FailReason::CutOff => self.fail_cut_off(),
            FailReason::OutsideArea => self.fail_outside_area(),
            FailReason::PriceRose => self.fail_price_rose(),
            FailReason::ActivePackage => self.fail_active_package(),
            FailReason::DailyLimit => self.fail_daily_limit(),
            FailReason::ProviderFailed => self.fail_provider(),
            FailReason::ProviderBusy => self.fail_busy(),
            FailReason::NotReached => self.fail_not_reached(),
            FailReason::Shop(_) => self.fail_shop(),
            FailReason::PulsaTooLow => self.fail_pulsa(),
            FailReason::SessionEnded => self.fail_session(),
            FailReason::NotPaid => self.fail_not_paid(),
            FailReason::Cancelled => self.fail_cancelled(),
            FailReason::Expired => self.fail_expired(),
            FailReason::NoGateway => self.fail_no_gateway(),
            FailReason::Decided => self.fail_decided(),
        }
    }
}
