use domain::DepositDayState;

use super::{T, texts};

texts! {
    book_title(gateway) => "Buku deposit {gateway}", "Deposit book of {gateway}";
    book_link => "Buku deposit", "Deposit book";
    book_lead => "Setiap hari, perubahan deposit menurut gateway dibandingkan dengan catatan kita.", "Every day the change of the deposit, as the gateway tells it, is compared with our books.";
    book_days => "60 hari terakhir", "The last 60 days";
    book_none => "Deposit belum pernah dibaca. Baris pertama muncul setelah gateway menjawab.", "The deposit has never been read. The first row comes with the gateway's first answer.";
    book_day => "Hari (WIB)", "Day (WIB)";
    book_days_span(from, until) => "{from} – {until}", "{from} – {until}";
    book_read_at => "dibaca", "read";
    book_started => "Deposit awal", "Deposit at start";
    book_ended => "Deposit akhir", "Deposit at end";
    book_paid_in => "Diisi", "Filled up";
    book_costs => "Modal", "Costs";
    book_refunds => "Kembali", "Given back";
    book_difference => "Selisih", "Difference";
    book_explained(low, high) => "wajar {low} s.d. {high}", "explained {low} to {high}";
    book_state => "Hasil", "Result";
    book_base => "Awal", "Start";
    book_agrees => "Cocok", "Agrees";
    book_differs => "Beda", "Differs";
    book_settled => "Sudah dijelaskan", "Explained";
    book_settled_by(reason, name) => "{reason} ({name})", "{reason} ({name})";
    book_settle_title(day) => "Selisih {day}", "Difference on {day}";
    book_settle_more(amount) => "Deposit {amount} lebih banyak daripada catatan kita. Mungkin ada pengisian yang belum dicatat, atau gateway mengembalikan dana.", "The deposit is {amount} more than in our books. Perhaps it was filled up and not recorded, or the gateway gave something back.";
    book_settle_less(amount) => "Deposit {amount} kurang dari catatan kita. Mungkin gateway memotong biaya yang tidak diberitahukan. Cocokkan dengan mutasi di gateway.", "The deposit is {amount} less than in our books. Perhaps the gateway charged something it did not tell. Compare with the gateway's own list.";
    book_settle_funding => "Bila ada pengisian yang terlupa, cukup catat pengisiannya: harinya dihitung ulang.", "If it was filled up and not recorded, record that: the day is computed anew.";
    book_settle_reason => "Sebabnya", "What it was";
    book_settle_reason_hint => "Dibaca admin lain. Tidak bisa diubah lagi.", "Other admins read it. It cannot be changed later.";
    book_settle => "Selesai dengan penjelasan ini", "Settle with this explanation";
    funding_title => "Catat pengisian deposit", "Record a filling up";
    funding_lead => "Catat setiap kali deposit di gateway diisi, agar buku tetap cocok.", "Record every time the deposit at the gateway is filled up, so that the books agree.";
    funding_bank => "Dibayar dari rekening", "Paid from";
    funding_no_bank => "Belum ada rekening bank toko. Tambahkan dulu di pengaturan.", "The shop has no bank account yet. Add one in the settings first.";
    funding_no_bank_link => "Tambah rekening", "Add an account";
    funding_kind => "Catatan", "Record";
    funding_in => "Deposit diisi", "Deposit filled up";
    funding_back => "Betulkan catatan yang salah (kurangi)", "Correct a wrong record (take away)";
    funding_amount => "Jumlah", "Amount";
    funding_day => "Masuk ke deposit pada", "Reached the deposit on";
    funding_today => "Hari ini", "Today";
    funding_before => "Sebelum deposit pertama kali dibaca", "Before the deposit was first read";
    funding_note => "Nomor referensi atau alasan", "Reference or reason";
    funding_note_hint => "Nomor referensi transfer. Untuk membetulkan, tulis alasannya.", "The transfer's reference. For a correction, the reason.";
    funding_save => "Catat pengisian", "Record it";
    funding_list => "Pengisian terakhir", "Latest records";
    funding_none => "Belum ada pengisian yang dicatat.", "Nothing was recorded yet.";
    alarm_costs_differ(gateway, amount) => "Deposit di {gateway} berbeda {amount} dari catatan kita. Cari sebabnya, lalu jelaskan.", "The deposit at {gateway} differs by {amount} from our books. Find out why, then explain it.";
}

impl T {
    /// How a deposit compares with our books.
    #[must_use]
    pub const fn deposit_day_state(self, state: DepositDayState) -> &'static str {
        match state {
            DepositDayState::Base => self.book_base(),
            DepositDayState::Agrees => self.book_agrees(),
            DepositDayState::Differs => self.book_differs(),
            DepositDayState::Settled => self.book_settled(),
        }
    }
}
