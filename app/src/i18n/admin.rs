use super::{T, texts};

texts! {
    // Shared by several pages
    admin_buyer => "Pengguna", "User";
    admin_when => "Waktu", "Time";
    admin_state => "Status", "Status";
    admin_becomes => "menjadi", "becomes";
    admin_balance => "Saldo", "Balance";
    admin_balance_then => "Saldo sebelum dan sesudah", "Balance before and after";
    admin_reason => "Alasan", "Reason";
    admin_own_case => "Ini uang Anda sendiri. Admin lain yang harus memutuskannya.", "This is your own money. Another admin has to decide.";
    admin_check => "Periksa", "Check";
    admin_all_states => "Semua status", "Any status";
    // Overview
    admin_period => "Rentang waktu", "Period";
    admin_today => "Hari ini", "Today";
    admin_last_days(n) => "{n} hari", "{n} days";
    admin_sales => "Penjualan", "Sales";
    admin_profit => "Laba", "Profit";
    admin_success => "Berhasil", "Delivered";
    admin_credited => "Isi saldo masuk", "Top-ups credited";
    admin_purchases_count(n) => "{n} transaksi", "{n} purchases";
    admin_x_of_y(x, y) => "{x} dari {y} selesai", "{x} of {y} finished";
    admin_open_and_users(open, users) => "{open} berjalan · {users} pengguna", "{open} open · {users} users";
    admin_todo => "Perlu tindakan", "Needs someone";
    admin_todo_none => "Tidak ada yang menunggu. Semua beres.", "Nothing is waiting. All is well.";
    admin_newest => "Transaksi terbaru", "Newest purchases";
    admin_no_purchases => "Belum ada transaksi.", "No purchases yet.";
    // Top-ups
    admin_topup_search => "Nama pengguna, nominal, atau nomor", "Username, amount or number";
    admin_topup_filter => "Status isi saldo", "Top-up status";
    admin_waiting => "Menunggu", "Waiting";
    admin_topups_said_paid => "Sudah bayar, perlu diperiksa", "Said to be paid, to check";
    admin_topups_found_once => "Sudah ditemukan, perlu dilihat sekali lagi", "Found once, needs a second look";
    admin_topups_unpaid => "Menunggu transfer", "Waiting for the transfer";
    admin_topups_none => "Tidak ada isi saldo di sini.", "No top-ups here.";
    admin_topup_number => "No. isi saldo", "Top-up no.";
    admin_topup_one(id) => "Isi saldo {id}", "Top-up {id}";
    admin_payable => "Harus ditransfer", "To be transferred";
    admin_base => "Nominal diminta", "Amount asked for";
    admin_unique_code => "Kode unik", "Unique code";
    admin_bank_account => "Rekening tujuan", "Bank account";
    admin_proof => "Bukti transfer", "Proof of transfer";
    admin_proof_yes => "Ada", "Yes";
    admin_proof_no => "Belum ada", "None yet";
    admin_proof_alt(id) => "Bukti transfer untuk isi saldo {id}", "Proof of transfer for top-up {id}";
    admin_proof_warning => "Gambar bisa dipalsukan. Yang menentukan adalah mutasi di rekening bank.", "A picture can be forged. What counts is the bank statement.";
    admin_created => "Dibuat", "Made";
    admin_expires => "Batas waktu", "Expires";
    admin_decided => "Diputuskan", "Decided";
    admin_reference => "Nomor referensi mutasi", "Statement reference";
    admin_reference_hint => "Seperti tertulis di mutasi bank. Satu mutasi hanya untuk satu isi saldo.", "As on the bank statement. One line pays one top-up.";
    admin_received => "Jumlah yang masuk", "Amount received";
    admin_late => "Masuk terlambat", "Came late";
    admin_approve_title => "Setujui", "Approve";
    admin_approve => "Setujui dan tambah saldo", "Approve and credit";
    admin_approve_lead => "Cari dulu uangnya di mutasi bank, lalu catat nomor referensinya.", "Find the money on the bank statement first, then note its reference.";
    admin_approve_late => "Isi saldo ini sudah ditutup. Bila uangnya tetap datang, setujui di sini.", "This top-up is closed. If the money came anyway, approve it here.";
    admin_approve_other(asked) => "Jumlah ini berbeda dari {asked} yang diminta. Periksa saldo sesudahnya, lalu setujui sekali lagi.", "This differs from the {asked} asked for. Check the balance after it, then approve once more.";
    admin_reject_title => "Tolak", "Reject";
    admin_reject => "Tolak isi saldo", "Reject the top-up";
    admin_reject_reason => "Alasan penolakan", "Reason for rejecting";
    admin_reject_hint => "Dibaca oleh pengguna.", "The user reads it.";
    admin_reject_lead(name) => "Saldo {name} tidak berubah.", "The balance of {name} does not change.";
    admin_reject_reason_shown => "Alasan ditolak", "Why it was rejected";
    // Packages
    admin_package_search => "Nama, kuota, atau kode", "Name, quota or code";
    admin_all_categories => "Semua kategori", "Any category";
    admin_all_brands => "Semua merek", "Any brand";
    admin_category => "Kategori", "Category";
    admin_brand => "Merek", "Brand";
    admin_package_new => "Paket baru", "New package";
    admin_package => "Paket", "Package";
    admin_price_member => "Harga anggota", "Member price";
    admin_price_reseller => "Harga reseller", "Reseller price";
    admin_cost => "Harga modal", "Cost";
    admin_margin => "Laba anggota / reseller", "Margin member / reseller";
    admin_package_none => "Tidak ada paket yang cocok.", "No package matches.";
    admin_package_name => "Nama paket", "Package name";
    admin_package_description => "Keterangan", "Description";
    admin_package_description_hint => "Isi paket dalam kata sederhana.", "What is in it, in simple words.";
    admin_quota => "Kuota", "Quota";
    admin_quota_hint => "Pendek, misalnya 10 GB.", "Short, such as 10 GB.";
    admin_validity => "Masa aktif (hari)", "Validity (days)";
    admin_validity_hint => "1 sampai 730.", "1 to 730.";
    admin_price_hint => "Tidak boleh di bawah harga modal.", "Not below the cost.";
    admin_cost_hint => "Yang dipotong gateway dari deposit.", "What the gateway takes from the deposit.";
    admin_gateway => "Gateway", "Gateway";
    admin_family => "Keluarga paket", "Package family";
    admin_family_hint => "Contoh: Xtra Combo, Akrab.", "For example: Xtra Combo, Akrab.";
    admin_benefits => "Isi paket", "What is in it";
    admin_benefits_hint => "Satu per baris, seperti Kuota Utama: 10 GB. Awali bonus dengan tanda +.", "One a line, such as Main quota: 10 GB. Begin a bonus with a +.";
    admin_gateway_hint => "Nama gateway yang mengirim paket ini.", "The gateway that delivers it.";
    admin_sku => "Kode produk (SKU)", "Product code (SKU)";
    admin_sort => "Urutan", "Place in the list";
    admin_sort_hint => "Angka kecil tampil lebih dulu.", "Small numbers come first.";
    admin_package_active => "Dijual", "On sale";
    admin_package_create => "Buat paket", "Create package";
    admin_package_save => "Simpan paket", "Save package";
    admin_package_sale => "Penjualan paket", "Sale";
    admin_package_is_open => "Paket ini sedang dijual.", "This package is on sale.";
    admin_package_is_closed => "Paket ini tidak dijual. Transaksi lama tetap tercatat.", "This package is not on sale. Old purchases stay on record.";
    admin_package_activate => "Aktifkan paket", "Put on sale";
    admin_package_deactivate => "Nonaktifkan paket", "Take off sale";
    // Users
    admin_user_search => "Nama, e-mail, atau nomor HP", "Name, e-mail or phone";
    admin_role => "Peran", "Role";
    admin_all_roles => "Semua peran", "Any role";
    admin_account_state => "Status akun", "Account status";
    admin_users_none => "Tidak ada pengguna yang cocok.", "No user matches.";
    admin_phone => "Nomor HP", "Phone";
    admin_joined => "Bergabung", "Joined";
    admin_held => "Saldo ditahan", "Held";
    admin_receivable => "Utang ke toko", "Owed to the shop";
    admin_frozen => "Saldo dibekukan", "Balance frozen";
    admin_open_purchases => "Transaksi berjalan", "Open purchases";
    admin_user_facts => "Data pengguna", "Facts";
    admin_user_purchases => "Semua transaksinya", "All purchases";
    admin_user_topups => "Semua isi saldonya", "All top-ups";
    admin_user_statement_none => "Belum ada mutasi.", "No movements yet.";
    admin_role_title => "Peran dan harga", "Role and price";
    admin_role_choose => "Peran baru", "New role";
    admin_role_change => "Ubah peran", "Change role";
    admin_role_confirm(name) => "Ubah peran {name}?", "Change the role of {name}?";
    admin_role_yes(role) => "Ya, jadikan {role}", "Yes, make {role}";
    admin_role_note => "Pengguna keluar dari semua perangkat dan harus masuk lagi.", "The user is signed out everywhere and has to sign in again.";
    admin_role_admin_note => "Admin melihat semua transaksi, menyetujui isi saldo, dan mengubah saldo orang lain.", "Admins see all purchases, approve top-ups and correct balances of others.";
    admin_suspend_title => "Akses akun", "Access";
    admin_suspend => "Tangguhkan akun", "Suspend account";
    admin_suspend_confirm(name) => "Tangguhkan {name}?", "Suspend {name}?";
    admin_suspend_yes => "Ya, tangguhkan", "Yes, suspend";
    admin_suspend_note => "Pengguna tidak bisa masuk dan keluar dari semua perangkat. Saldonya tetap tercatat, dan transaksi yang berjalan tetap diselesaikan.", "The user cannot sign in and is signed out everywhere. The balance stays on record, and open purchases are still finished.";
    admin_reactivate => "Aktifkan akun", "Reactivate account";
    admin_reactivate_confirm(name) => "Aktifkan lagi {name}?", "Reactivate {name}?";
    admin_reactivate_yes => "Ya, aktifkan lagi", "Yes, reactivate";
    admin_reactivate_note => "Pengguna bisa masuk lagi dengan kata sandinya.", "The user can sign in again with their password.";
    admin_is_active => "Pengguna ini bisa masuk.", "This user can sign in.";
    admin_is_suspended => "Pengguna ini tidak bisa masuk.", "This user cannot sign in.";
    admin_adjust_title => "Koreksi saldo", "Correct the balance";
    admin_direction => "Arah", "Direction";
    admin_direction_add => "Tambah saldo", "Add to the balance";
    admin_direction_take => "Kurangi saldo", "Take from the balance";
    admin_amount => "Jumlah", "Amount";
    admin_adjust_reason_hint => "Dibaca oleh pengguna di mutasi saldonya.", "The user reads it in the statement.";
    admin_adjust_next => "Lanjut ke konfirmasi", "Continue to confirm";
    admin_adjust_confirm(name) => "Koreksi saldo {name}?", "Correct the balance of {name}?";
    admin_adjust_add_yes(amount) => "Ya, tambah {amount}", "Yes, add {amount}";
    admin_adjust_take_yes(amount) => "Ya, kurangi {amount}", "Yes, take {amount}";
    admin_change => "Perubahan", "Change";
    admin_line_hold => "Ditahan untuk pembelian", "Held for a purchase";
    admin_line_release => "Kembali, pembelian gagal", "Back, purchase failed";
    admin_line_credit => "Isi saldo", "Top-up";
    admin_line_adjust => "Koreksi admin", "Admin's correction";
    admin_line_refund => "Pengembalian dana", "Refund";
    admin_line_refund_back => "Pengembalian dibatalkan", "Refund called off";
    admin_line_reversal => "Isi saldo ditarik kembali", "Top-up taken back";
    admin_line_recharge => "Ditagih lagi, paket ternyata masuk", "Charged again, it was delivered after all";
    admin_line_kind => "Mutasi", "Movement";
    // Purchases
    admin_purchase_search => "Nama pengguna, nomor HP, atau nomor transaksi", "Username, phone or purchase number";
    admin_purchase_filter => "Status transaksi", "Purchase status";
    admin_purchases_none => "Tidak ada transaksi yang cocok.", "No purchase matches.";
    admin_purchase_number => "No. transaksi", "Purchase no.";
    admin_purchase_one(id) => "Transaksi {id}", "Purchase {id}";
    admin_msisdn => "Nomor tujuan", "Number";
    admin_price => "Harga", "Price";
    admin_real_cost => "Modal sebenarnya", "Real cost";
    admin_earned => "Laba transaksi", "Profit on it";
    admin_serial => "Nomor seri", "Serial number";
    admin_fail_reason => "Sebab gagal", "Why it failed";
    admin_hold => "Uang", "Money";
    admin_hold_open => "Ditahan", "Held";
    admin_hold_captured => "Diambil", "Taken";
    admin_hold_released => "Sudah kembali ke saldo", "Back in the balance";
    admin_hold_refunded => "Dikembalikan setelah terkirim", "Refunded after delivery";
    admin_facts => "Rincian", "Facts";
    admin_timeline => "Riwayat status", "Timeline";
    admin_messages => "Pesan gateway", "Gateway messages";
    admin_messages_none => "Belum ada pesan dengan gateway.", "Nothing has been said with the gateway yet.";
    admin_message_sent => "Dikirim", "Sent";
    admin_message_answer => "Jawaban", "Answer";
    admin_message_webhook => "Pemberitahuan", "Webhook";
    admin_attempt(n) => "percobaan {n}", "attempt {n}";
    admin_ask_first => "pesanan", "order";
    admin_ask_query => "tanya status", "status query";
    admin_by(name) => "oleh {name}", "by {name}";
    admin_note_taken => "Diambil alih admin.", "Taken over by an admin.";
    admin_note_late => "Kabar berhasil datang setelah uang kembali.", "Success was heard after the money went back.";
    admin_note_asked_too_long => "Terlalu lama tidak pasti.", "Uncertain for too long.";
    admin_decide_title => "Putuskan", "Decide";
    admin_decide_lead => "Periksa dulu ke gateway atau ke pemilik nomor. Keputusan ini memindahkan uang.", "Ask the gateway or the number's owner first. This moves money.";
    admin_decide_result => "Hasil sebenarnya", "What really happened";
    admin_decide_choose => "Pilih …", "Choose …";
    admin_decide_yes => "Paket sudah masuk", "The package arrived";
    admin_decide_no => "Paket tidak masuk", "The package did not arrive";
    admin_decide_if_yes => "Saldo bila sudah masuk", "Balance if it arrived";
    admin_decide_if_no => "Saldo bila tidak masuk", "Balance if it did not";
    admin_decide_reason_hint => "Apa yang menunjukkannya? Tercatat di riwayat.", "What shows it? It goes on record.";
    admin_decide => "Simpan keputusan", "Save decision";
    // Settings
    admin_shop => "Toko", "Shop";
    admin_title => "Nama toko", "Shop name";
    admin_tagline => "Slogan", "Tagline";
    admin_banner => "Pengumuman", "Announcement";
    admin_banner_hint => "Satu kalimat untuk semua pengunjung.", "One sentence for every visitor.";
    admin_contact => "Kontak", "Contact";
    admin_contact_name => "Nama kontak", "Contact name";
    admin_whatsapp => "Nomor WhatsApp", "WhatsApp number";
    admin_contact_email => "E-mail kontak", "Contact e-mail";
    admin_topup_rules => "Aturan isi saldo", "Top-up rules";
    admin_topup_min => "Isi saldo paling sedikit", "Smallest top-up";
    admin_topup_max => "Isi saldo paling banyak", "Largest top-up";
    admin_open_topups => "Isi saldo terbuka per pengguna", "Open top-ups per user";
    admin_open_topups_hint => "1 sampai 20.", "1 to 20.";
    admin_approve_alone => "Satu admin boleh menyetujui sampai", "One admin may approve up to";
    admin_approve_alone_hint => "Di atas ini, transfer dan koreksi saldo seorang admin dalam 24 jam harus dilihat dua kali.", "Above this, a transfer and an admin's corrections of 24 hours have to be looked at twice.";
    admin_approve_again => "Admin tunggal melihat lagi setelah (menit)", "A shop's only admin looks again after (minutes)";
    admin_approve_again_hint => "0 sampai 1.440. Berlaku bila hanya ada satu admin.", "0 to 1,440. Only where there is one admin.";
    admin_topup_ways => "Cara bayar, biaya, dan batas waktunya diatur di", "Ways of paying, their fees and time limits are set in";
    admin_sale_rules => "Aturan penjualan", "Sales rules";
    admin_repeat => "Tanya ulang pembelian sama (menit)", "Ask again about the same purchase (minutes)";
    admin_repeat_hint => "0 sampai 1.440. 0 berarti tidak ditanya.", "0 to 1,440. 0 means never.";
    admin_sales_open => "Penjualan dibuka", "Sales are open";
    admin_signup_open => "Pendaftaran dibuka", "Sign-up is open";
    admin_settings_save => "Simpan pengaturan", "Save settings";
    admin_banks => "Rekening bank", "Bank accounts";
    admin_banks_none => "Belum ada rekening. Tanpa rekening, tidak ada yang bisa isi saldo.", "No account yet. Without one nobody can top up.";
    admin_bank_add => "Tambah rekening", "Add an account";
    admin_bank_edit => "Ubah", "Edit";
    admin_bank_edit_title(bank) => "Ubah rekening {bank}", "Edit account {bank}";
    admin_bank => "Nama bank", "Bank";
    admin_bank_number => "Nomor rekening", "Account number";
    admin_bank_holder => "Atas nama", "Account holder";
    admin_bank_active => "Dipakai untuk isi saldo", "Used for top-ups";
    admin_bank_save => "Simpan rekening", "Save account";
    admin_bank_activate => "Aktifkan", "Activate";
    admin_bank_deactivate => "Nonaktifkan", "Deactivate";
}

impl T {
    /// What a line of a user's statement is.
    #[must_use]
    pub fn admin_line(self, kind: &str) -> &'static str {
        match kind {
            "hold" => self.admin_line_hold(),
            "release" => self.admin_line_release(),
            "credit" => self.admin_line_credit(),
            "refund" => self.admin_line_refund(),
            "refund_back" => self.admin_line_refund_back(),
            "reversal" => self.admin_line_reversal(),
            "recharge" => self.admin_line_recharge(),
            _ => self.admin_line_adjust(),
        }
    }

    /// What a step's word says, when it is one of the shop's own.
    #[must_use]
    pub fn admin_note(self, word: &str) -> Option<&'static str> {
        Some(match word {
            "taken_by_admin" => self.admin_note_taken(),
            "late_success" => self.admin_note_late(),
            "asked_too_long" => self.admin_note_asked_too_long(),
            "restored" => self.admin_note_restored(),
            _ => self.fail_reason(domain::FailReason::from_word(word)?),
        })
    }
}
