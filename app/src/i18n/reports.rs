use domain::{HOUR_MS, MINUTE_MS, SECOND_MS};

use super::{T, texts};

texts! {
    // Overview
    overview_as_of => "Angka sampai", "Figures up to";
    overview_by_day => "Hari dihitung menurut WIB.", "Days are counted in WIB.";
    overview_counting => "Transaksi lama masih dihitung di belakang layar. Angka di bawah belum lengkap.", "Older purchases are still being added up. The figures below are not complete yet.";
    overview_before_today => "kemarin sehari penuh", "all of yesterday";
    overview_before(n) => "{n} hari sebelumnya", "the {n} days before";
    overview_up(percent, value, when) => "▲ naik {percent} dari {value} ({when})", "▲ up {percent} from {value} ({when})";
    overview_down(percent, value, when) => "▼ turun {percent} dari {value} ({when})", "▼ down {percent} from {value} ({when})";
    overview_same(when) => "= sama dengan {when}", "= the same as {when}";
    overview_from_none(when) => "▲ naik dari 0 ({when})", "▲ up from 0 ({when})";
    overview_was(value, when) => "{value} ({when})", "{value} ({when})";
    overview_rate_up(value, when) => "▲ naik dari {value} ({when})", "▲ up from {value} ({when})";
    overview_rate_down(value, when) => "▼ turun dari {value} ({when})", "▼ down from {value} ({when})";
    overview_cost => "Modal", "Cost";
    overview_fees(amount) => "Biaya pembayaran {amount}", "Payment fees {amount}";
    overview_profit_is => "Penjualan dikurangi modal dan biaya", "Sales less cost and fees";
    overview_topup_count(n) => "{n} isi saldo", "{n} top-ups";
    overview_speed => "Waktu sampai masuk", "Time to deliver";
    overview_speed_note(time) => "setengahnya; 95% dalam {time}", "half of them; 95% within {time}";
    overview_chart(days) => "Penjualan dan laba {days} hari", "Sales and profit of {days} days";
    overview_chart_words(sales, profit, most, day) => "Penjualan {sales}, laba {profit}. Hari terbaik {day} dengan {most}.", "Sales {sales}, profit {profit}. The best day was {day} with {most}.";
    overview_chart_none => "Belum ada penjualan di hari-hari ini.", "No sales on these days yet.";
    overview_chart_table => "Lihat sebagai tabel", "See it as a table";
    overview_day => "Hari", "Day";
    overview_top => "Paket terlaris", "Best sellers";
    overview_top_none => "Belum ada yang terjual.", "Nothing was sold yet.";
    overview_sold(n) => "{n} terjual", "{n} sold";
    overview_gateways => "Gateway dan deposit", "Gateways and deposit";
    overview_gateway_share(share, n) => "{share} dari {n} berhasil", "{share} of {n} delivered";
    overview_month => "Laporan bulan", "Month report";
    within_s(n) => "≤ {n} detik", "≤ {n} s";
    within_m(n) => "≤ {n} menit", "≤ {n} min";
    within_h(n) => "≤ {n} jam", "≤ {n} h";
    within_none => "> 1 hari", "> 1 day";
    // Exceptions
    exceptions_all(n) => "Semua ({n})", "All ({n})";
    exceptions_none_more => "Transaksi yang macet, isi saldo yang harus diperiksa, uang yang tidak cocok, deposit menipis, dan paket yang sering gagal muncul di sini.", "Purchases that are stuck, top-ups to check, money that does not match, a low deposit and packages that often fail show up here.";
    exception_stopped => "Penjualan berhenti", "Sales stopped";
    exception_stopped_words => "Pembukuan tidak cocok, jadi penjualan dihentikan otomatis. Lihat catatan server, cari sebabnya, lalu buka lagi di pengaturan.", "The books do not agree, so sales were stopped. Read the server's log, find out why, then open them again in the settings.";
    exception_stopped_way => "Buka pengaturan", "Open the settings";
    exception_package => "Paket sering gagal", "Package fails";
    exception_package_words(name, failed, of) => "{name}: {failed} dari {of} pembelian terakhir gagal.", "{name}: {failed} of the latest {of} purchases failed.";
    exception_package_way => "Lihat paket", "See the package";
    exception_purchase_words(buyer, package, price) => "{buyer} · {package} · {price}", "{buyer} · {package} · {price}";
    exception_decide => "Putuskan", "Decide";
    exception_topup_words(buyer, amount) => "{buyer} menunggu {amount} diperiksa.", "{buyer} waits for {amount} to be checked.";
    exception_correction_words(user, amount, by) => "Saldo {user}: {amount}, diminta {by}.", "Balance of {user}: {amount}, asked for by {by}.";
    exception_reseller_words(user, shop) => "{user} minta jadi reseller: {shop}.", "{user} asks to become a reseller: {shop}.";
    exception_newcomer_words(user) => "{user} mendaftar dan menunggu disetujui.", "{user} has signed up and waits to be let in.";
    exception_since => "sejak", "since";
    // Transactions
    transactions_kind => "Jenis transaksi", "Kind";
    transactions_kind_all => "Semua jenis", "Any kind";
    transaction_purchase => "Pembelian", "Purchase";
    transaction_topup => "Isi saldo", "Top-up";
    transaction_correction => "Koreksi", "Correction";
    transactions_more => "Saring lebih rinci", "More filters";
    transactions_from => "Dari tanggal (WIB)", "From (WIB)";
    transactions_to => "Sampai tanggal (WIB)", "To (WIB)";
    transactions_any_package => "Semua paket", "Any package";
    transactions_any_gateway => "Semua gateway", "Any gateway";
    transactions_amount => "Jumlah persis", "Exact amount";
    transactions_clear => "Hapus saringan", "Clear filters";
    transactions_what => "Apa", "What";
    transactions_no_user(name) => "Tidak ada pengguna atau nomor transaksi {name}.", "There is no user or transaction {name}.";
    transactions_bad_date => "Tanggal tidak terbaca. Pilih dari kalender.", "The date cannot be read. Pick one from the calendar.";
    transactions_bad_amount => "Jumlah tidak terbaca. Tulis angka saja, misalnya 50.000.", "The amount cannot be read. Write digits only, such as 50.000.";
    transactions_window(days, most) => "Saringan ini mencari di {days} hari terakhir. Isi tanggal untuk mencari di waktu lain, paling lama {most} hari sekaligus.", "These filters look at the latest {days} days. Give dates to look at another time, {most} days at once at most.";
    transactions_csv => "Unduh CSV", "Download CSV";
    transactions_csv_most(n) => "Paling banyak {n} baris. Persempit tanggal bila lebih.", "At most {n} rows. Narrow the dates for more.";
    // A purchase's attempts
    attempts => "Percobaan di gateway", "Tries at gateways";
    attempt_ours => "Ref kita", "Our ref";
    attempt_theirs => "Ref gateway", "Their ref";
    attempt_submitting => "Sedang dikirim", "Being sent";
    attempt_pending => "Diproses gateway", "Under way";
    attempt_unknown => "Belum pasti", "Not certain";
    attempt_succeeded => "Terkirim", "Delivered";
    attempt_failed => "Gagal", "Failed";
    attempt_no_order => "Tidak jadi pesan", "No order made";
    // Month report
    report_of(month) => "Laporan {month}", "Report of {month}";
    report_before => "Bulan sebelumnya", "Month before";
    report_after => "Bulan berikutnya", "Month after";
    report_month => "Bulan", "Month";
    report_show => "Tampilkan", "Show";
    report_day => "Hari (WIB)", "Day (WIB)";
    report_fees => "Biaya pembayaran", "Payment fees";
    report_topups => "Isi saldo", "Top-ups";
    report_corrections => "Koreksi", "Corrections";
    report_returned => "Ditarik kembali", "Taken back";
    report_closing => "Saldo pelanggan", "Customers' balances";
    report_total => "Jumlah", "Total";
    report_days => "Per hari", "By day";
    report_balances => "Saldo semua pelanggan", "All customers' balances";
    report_opening => "Awal bulan", "At the start";
    report_sales_minus => "Dipakai membeli", "Spent on purchases";
    report_debts => "Perubahan utang pelanggan", "Change of customers' debts";
    report_end => "Akhir bulan", "At the end";
    report_end_now => "Sampai sekarang", "Until now";
    report_lead => "Dijumlah dari buku besar yang sudah disegel. Penjualan dihitung pada hari paketnya masuk.", "Summed from the sealed ledger. Sales count on the day of delivery.";
    report_csv => "Unduh CSV", "Download CSV";
}

impl T {
    /// A step of the time that deliveries take.
    #[must_use]
    pub fn within(self, ms: i64) -> String {
        match ms {
            i64::MAX => self.within_none().to_owned(),
            HOUR_MS.. => self.within_h(ms / HOUR_MS),
            MINUTE_MS.. => self.within_m(ms / MINUTE_MS),
            _ => self.within_s(ms / SECOND_MS),
        }
    }

    /// What a transaction is.
    #[must_use]
    pub const fn transaction_kind(self, kind: store::TransactionKind) -> &'static str {
        match kind {
            store::TransactionKind::Purchase => self.transaction_purchase(),
            store::TransactionKind::Topup => self.transaction_topup(),
            store::TransactionKind::Correction => self.transaction_correction(),
        }
    }
}
