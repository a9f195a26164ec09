use super::{T, texts};

texts! {
    audit => "Jejak audit", "Audit log";
    audit_who => "Oleh", "By";
    audit_what => "Perbuatan", "Action";
    audit_object => "Objek", "Object";
    audit_detail => "Rincian", "Details";
    audit_seal => "Segel", "Seal";
    audit_sealed => "Tersegel", "Sealed";
    audit_unsealed => "Belum", "Not yet";
    audit_system => "Sistem", "The system";
    audit_actor => "Nama pengguna yang melakukan", "Username of who did it";
    audit_any_action => "Semua perbuatan", "Any action";
    audit_any_kind => "Semua objek", "Any object";
    audit_kind => "Jenis objek", "Kind of object";
    audit_id => "Nomor atau nama objek", "Number or name of the object";
    audit_from => "Dari tanggal (WIB)", "From (WIB)";
    audit_to => "Sampai tanggal (WIB)", "To (WIB)";
    audit_csv => "Unduh CSV", "Download as CSV";
    audit_csv_note => "Paling banyak 10.000 baris terbaru dari pencarian ini.", "At most the newest 10,000 rows of this search.";
    audit_none => "Tidak ada catatan yang cocok.", "No row matches.";
    audit_none_here => "Belum ada yang cocok sampai sini. Catatan yang lebih lama ada di halaman berikutnya.", "No row matches so far. Older rows are on the next page.";
    audit_nobody => "Tidak ada pengguna dengan nama itu.", "Nobody is called so.";
    audit_chain => "Rantai segel", "Chain of seals";
    audit_chain_lead => "Catatan hanya bisa bertambah. Setiap baris disegel dalam rantai, dan rantainya diperiksa setiap jam.", "The log only ever grows. Each row is sealed into a chain, and the chain is checked every hour.";
    audit_checked => "Terakhir diperiksa", "Last checked";
    audit_never_checked => "Belum pernah diperiksa oleh server ini.", "It was not checked yet.";
    audit_whole => "Utuh", "Whole";
    audit_broken(n) => "Tidak utuh: {n} temuan. Jalankan perintah check di server.", "Not whole: {n} findings. Run the command check on the server.";
    // What was done
    act_set_role => "Mengubah peran", "Changed a role";
    act_set_state => "Mengubah status akun", "Changed whether an account is in use";
    act_let_in => "Menyetujui pendaftar", "Let a newcomer in";
    act_turn_away => "Menolak pendaftar", "Turned a newcomer away";
    act_change_password => "Mengganti kata sandi", "Changed the password";
    act_sign_out_everywhere => "Keluar dari semua perangkat", "Signed out everywhere";
    act_adjust_balance => "Mengoreksi saldo", "Corrected a balance";
    act_unfreeze => "Membuka saldo yang dibekukan", "Unfroze a balance";
    act_save_settings => "Mengubah pengaturan", "Changed settings";
    act_save_logo => "Memasang logo", "Set the logo";
    act_remove_logo => "Menghapus logo", "Removed the logo";
    act_stop_sales => "Menghentikan penjualan", "Stopped sales";
    act_save_bank_account => "Menyimpan rekening bank", "Saved a bank account";
    act_rotate_keys => "Mengganti kunci enkripsi", "Changed the encryption key";
    act_save_package => "Menyimpan paket", "Saved a package";
    act_set_package_active => "Membuka atau menutup paket", "Opened or closed a package";
    act_close_package => "Menutup paket dengan sendirinya", "Closed a package by itself";
    act_follow_cost => "Mengikuti modal gateway", "Followed the gateway's cost";
    act_save_fallbacks => "Menyimpan gateway cadangan", "Saved further gateways";
    act_save_methods => "Menyimpan cara bayar pemilik nomor", "Saved how the number's owner pays";
    act_apply_offers => "Memakai daftar gateway", "Took over the gateway's list";
    act_reprice => "Mengubah harga", "Changed prices";
    act_save_gateway => "Menyimpan gateway", "Saved a gateway";
    act_close_alarm => "Menutup peringatan", "Closed an alarm";
    act_record_funding => "Mencatat isi deposit", "Recorded a filling of the deposit";
    act_settle_deposit_day => "Menyelesaikan selisih deposit", "Settled a day of the deposit";
    act_decide_purchase => "Memutuskan transaksi", "Decided a purchase";
    act_approve_topup => "Menyetujui isi saldo", "Approved a top-up";
    act_approve_topup_first => "Menyetujui isi saldo, lihat pertama", "Approved a top-up, first look";
    act_reject_topup => "Menolak isi saldo", "Rejected a top-up";
    act_refund_topup => "Mengembalikan isi saldo", "Refunded a top-up";
    act_end_refund => "Menyelesaikan pengembalian", "Ended a refund";
    act_resolve_case => "Menyelesaikan tinjauan", "Resolved a case";
    act_resolve_case_first => "Menyelesaikan tinjauan, lihat pertama", "Resolved a case, first look";
    act_record_payout => "Mencatat pencairan", "Recorded a payout";
    act_take_in_statement => "Membaca mutasi bank", "Took in a statement";
    act_ignore_line => "Mengabaikan baris mutasi", "Ignored a line of a statement";
    act_unmatched => "Menandai baris mutasi milik pelanggan", "Marked a line as a customer's";
    act_ask_again => "Menanyakan lagi ke gateway", "Asked the gateway again";
    act_save_pay_gateway => "Menyimpan gateway pembayaran", "Saved a payment gateway";
    act_save_pay_method => "Menyimpan cara bayar", "Saved a way of paying";
    act_test_pay_method => "Mencoba cara bayar", "Tried a way of paying";
    act_save_static_code => "Menyimpan QRIS toko", "Saved the shop's own QRIS";
    act_save_notice_channel => "Menyimpan saluran pemberitahuan", "Saved a channel of notices";
    act_save_notice_rules => "Mengatur pemberitahuan", "Changed who is told what";
    act_save_notice_text => "Mengubah kata-kata pemberitahuan", "Changed the words of a notice";
    // To what
    kind_user => "Pengguna", "User";
    kind_purchase => "Transaksi", "Purchase";
    kind_topup => "Isi saldo", "Top-up";
    kind_package => "Paket", "Package";
    kind_setting => "Pengaturan", "Settings";
    kind_gateway => "Gateway", "Gateway";
    kind_pay_gateway => "Gateway pembayaran", "Payment gateway";
    kind_pay_method => "Cara bayar", "Way of paying";
    kind_case => "Tinjauan", "Case";
    kind_refund => "Pengembalian", "Refund";
    kind_bank => "Mutasi bank", "Bank statement";
    kind_bank_account => "Rekening bank", "Bank account";
    kind_alarm_object => "Peringatan", "Alarm";
    kind_webhook => "Webhook", "Webhook";
    kind_notice_channel => "Saluran pemberitahuan", "Channel of notices";
    kind_notice_text => "Kata pemberitahuan", "Words of a notice";
    kind_secrets => "Kunci rahasia", "Secrets";
}

/// A word of the log, and what people read for it.
pub type Words = &'static [(&'static str, fn(T) -> &'static str)];

/// Actions that have words of their own, in the order of the filter. Others are shown as they stand in the log.
pub const ACTIONS: Words = &[
    ("save_settings", T::act_save_settings),
    ("save_logo", T::act_save_logo),
    ("remove_logo", T::act_remove_logo),
    ("stop_sales", T::act_stop_sales),
    ("set_role", T::act_set_role),
    ("set_state", T::act_set_state),
    ("let_in", T::act_let_in),
    ("turn_away", T::act_turn_away),
    ("change_password", T::act_change_password),
    ("sign_out_everywhere", T::act_sign_out_everywhere),
    ("adjust_balance", T::act_adjust_balance),
    ("unfreeze", T::act_unfreeze),
    ("decide_purchase", T::act_decide_purchase),
    ("approve_topup", T::act_approve_topup),
    ("approve_topup_first", T::act_approve_topup_first),
    ("reject_topup", T::act_reject_topup),
    ("refund_topup", T::act_refund_topup),
    ("end_refund", T::act_end_refund),
    ("resolve_case", T::act_resolve_case),
    ("resolve_case_first", T::act_resolve_case_first),
    ("take_in_statement", T::act_take_in_statement),
    ("ignore_line", T::act_ignore_line),
    ("unmatched", T::act_unmatched),
    ("ask_again", T::act_ask_again),
    ("record_payout", T::act_record_payout),
    ("save_package", T::act_save_package),
    ("set_package_active", T::act_set_package_active),
    ("close_package", T::act_close_package),
    ("follow_cost", T::act_follow_cost),
    ("save_fallbacks", T::act_save_fallbacks),
    ("save_methods", T::act_save_methods),
    ("apply_offers", T::act_apply_offers),
    ("reprice", T::act_reprice),
    ("save_gateway", T::act_save_gateway),
    ("record_funding", T::act_record_funding),
    ("settle_deposit_day", T::act_settle_deposit_day),
    ("close_alarm", T::act_close_alarm),
    ("save_pay_gateway", T::act_save_pay_gateway),
    ("save_pay_method", T::act_save_pay_method),
    ("test_pay_method", T::act_test_pay_method),
    ("save_static_code", T::act_save_static_code),
    ("save_bank_account", T::act_save_bank_account),
    ("save_notice_channel", T::act_save_notice_channel),
    ("save_notice_rules", T::act_save_notice_rules),
    ("save_notice_text", T::act_save_notice_text),
    ("rotate_keys", T::act_rotate_keys),
    ("restore", T::act_restore),
    ("end_restoration", T::act_end_restoration),
];

/// Kinds of objects.
pub const KINDS: Words = &[
    ("user", T::kind_user),
    ("purchase", T::kind_purchase),
    ("topup", T::kind_topup),
    ("package", T::kind_package),
    ("setting", T::kind_setting),
    ("gateway", T::kind_gateway),
    ("pay_gateway", T::kind_pay_gateway),
    ("pay_method", T::kind_pay_method),
    ("case", T::kind_case),
    ("refund", T::kind_refund),
    ("bank", T::kind_bank),
    ("bank_account", T::kind_bank_account),
    ("alarm", T::kind_alarm_object),
    ("webhook", T::kind_webhook),
    ("notice_channel", T::kind_notice_channel),
    ("notice_text", T::kind_notice_text),
    ("secrets", T::kind_secrets),
    ("restoration", T::kind_restoration),
];

/// Fields of the settings, as their forms name them.
const FIELDS: Words = &[
    ("title", T::admin_title),
    ("tagline", T::admin_tagline),
    ("contact_name", T::admin_contact_name),
    ("whatsapp", T::admin_whatsapp),
    ("contact_email", T::admin_contact_email),
    ("accent", T::settings_accent),
    ("logo", T::logo_title),
    ("banner", T::admin_banner),
    ("sales_open", T::admin_sales_open),
    ("hours", T::settings_hours),
    ("prefixes", T::settings_prefixes),
    ("signup_open", T::admin_signup_open),
    ("signup_approval", T::settings_sign_up_approval),
    ("repeat_window_min", T::admin_repeat),
    ("maintenance", T::settings_maintenance),
    ("maintenance_note", T::settings_maintenance_note),
    ("topup_min", T::admin_topup_min),
    ("topup_max", T::admin_topup_max),
    ("open_topups_most", T::admin_open_topups),
    ("approve_alone_most", T::admin_approve_alone),
    ("approve_again_after_min", T::admin_approve_again),
    ("margins", T::margin_title),
];

impl T {
    /// What was done, in plain words; a word that this version does not know stays as it is.
    #[must_use]
    pub fn audit_action(self, word: &str) -> String {
        self.found(ACTIONS, word)
    }

    /// The kind of an object.
    #[must_use]
    pub fn audit_kind_of(self, word: &str) -> String {
        self.found(KINDS, word)
    }

    /// A field of the settings.
    #[must_use]
    pub fn settings_field(self, word: &str) -> String {
        self.found(FIELDS, word)
    }

    fn found(self, words: Words, word: &str) -> String {
        let known = words.iter().find(|(known, _)| *known == word);
        known.map_or_else(|| word.to_owned(), |(_, text)| text(self).to_owned())
    }
}
