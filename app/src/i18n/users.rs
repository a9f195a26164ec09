use domain::CorrectionState;

use super::{T, texts};

texts! {
    // Corrections of balances
    corrections => "Koreksi saldo", "Corrections";
    corrections_none => "Tidak ada koreksi di sini.", "No corrections here.";
    corrections_of(name) => "Koreksi saldo {name}", "Corrections of {name}";
    correction_one(id) => "Koreksi {id}", "Correction {id}";
    correction_number => "No. koreksi", "Correction no.";
    correction_filter => "Status koreksi", "Correction status";
    correction_waiting => "Menunggu admin kedua", "Waits for a second admin";
    correction_done => "Saldo sudah berubah", "Balance changed";
    correction_rejected => "Ditolak", "Rejected";
    correction_withdrawn => "Ditarik kembali", "Taken back";
    correction_asked => "Diajukan", "Asked for";
    correction_balance_asked => "Saldo saat diajukan", "Balance when asked for";
    correction_decided => "Diputuskan", "Decided";
    correction_why_not => "Alasan ditolak", "Why it was rejected";
    correction_alone => "langsung, satu admin", "at once, by one admin";
    correction_above(rest) => "Hari ini Anda masih boleh mengoreksi {rest} sendiri. Yang lebih besar menunggu admin kedua; saldo belum berubah sampai disetujui.", "Today you may still correct {rest} on your own. More than that waits for a second admin; the balance does not change until then.";
    correction_ask_yes(amount) => "Ajukan koreksi {amount}", "Ask for a correction of {amount}";
    correction_own => "Anda yang mengajukan koreksi ini. Admin lain harus menyetujuinya. Di toko dengan satu admin, Anda sendiri melihat lagi setelah beberapa waktu.", "You asked for this correction. Another admin has to approve it. In a shop with one admin, you look again yourself after a while.";
    correction_approve_title => "Setujui", "Approve";
    correction_approve_lead => "Periksa alasannya. Saldo langsung berubah dan pengguna melihatnya di mutasi.", "Check the reason. The balance changes at once, and the user sees it in the statement.";
    correction_approve_yes(amount) => "Setujui koreksi {amount}", "Approve the correction of {amount}";
    correction_reject => "Tolak koreksi", "Reject the correction";
    correction_reject_hint => "Dibaca oleh admin yang mengajukan.", "The admin who asked reads it.";
    correction_withdraw_title => "Tarik kembali", "Take it back";
    correction_withdraw => "Tarik kembali koreksi", "Take the correction back";
    correction_short => "Saldo sekarang tidak cukup untuk koreksi ini.", "The balance now does not suffice for this correction.";
    correction_asked_done => "Diajukan. Saldo berubah setelah admin kedua menyetujui; bila Anda satu-satunya admin, lihat lagi nanti di halaman ini.", "Asked for. The balance changes once a second admin agrees; if you are the only admin, look at this page again later.";
    correction_by(name) => "diajukan {name}", "asked for by {name}";
    // The users' list
    users_everyone => "Semua pengguna", "All users";
    users_frozen => "Saldo dibekukan", "Balance frozen";
    users_ask(n) => "Minta jadi reseller ({n})", "Ask to be resellers ({n})";
    users_corrections(n) => "Koreksi menunggu ({n})", "Corrections waiting ({n})";
    users_filter => "Pengguna yang perlu dilihat", "Users who need looking at";
    users_frozen_pill => "Dibekukan", "Frozen";
    users_new => "Pengguna baru", "New user";
    // One user
    user_corrections => "Riwayat koreksi", "Corrections so far";
    user_corrections_none => "Belum pernah dikoreksi.", "Never corrected.";
    user_statement => "Mutasi saldo", "Statement";
    user_suspend_reason => "Alasan", "Reason";
    user_suspend_hint => "Hanya dibaca admin, dan tercatat.", "Only admins read it; it goes on record.";
    user_state_by(name) => "oleh {name}", "by {name}";
    user_price_effect => "Harga yang dibayar nanti", "What is paid then";
    user_price_now => "Sekarang", "Now";
    user_price_then => "Nanti", "Then";
    user_price_same => "Harga paket tidak berubah dengan peran ini.", "Prices of packages stay the same with this role.";
    // A new user
    new_user_lead => "Setelah akun dibuat, Anda mendapat tautan sekali pakai. Berikan kepada orangnya: dengan tautan itu ia membuat kata sandinya sendiri.", "Once the account is made, you get a one-time link. Give it to the person: with it they choose a password of their own.";
    new_user_create => "Buat akun ini", "Create this account";
    new_user_phone => "Nomor HP pengguna", "The user's phone number";
    new_user_done => "Akun sudah dibuat. Berikan tautan di bawah kepada orangnya untuk membuat kata sandi.", "The account was made. Give the person the link below, to choose a password.";
    // Looking as a user
    view_as_title => "Lihat sebagai pengguna ini", "See the shop as this user";
    view_as_lead => "Anda melihat toko seperti yang dilihat pengguna ini, paling lama 30 menit. Tidak ada yang bisa diubah, dan awal serta akhirnya tercatat.", "You see the shop as this user sees it, for 30 minutes at most. Nothing can be changed, and its beginning and end go on record.";
    view_as => "Lihat sebagai pengguna", "See as this user";
    view_as_on(name) => "Anda melihat toko sebagai {name}.", "You see the shop as {name}.";
    view_as_only(until) => "Hanya melihat, sampai {until}. Formulir tidak bisa dikirim.", "Looking only, until {until}. Forms cannot be sent.";
    view_as_end => "Akhiri tampilan", "End this view";
    view_as_label => "Tampilan sebagai pengguna", "View as a user";
    view_as_done => "Tampilan sebagai pengguna sudah berakhir.", "You no longer see the shop as that user.";
    // Becoming a reseller
    reseller_ask_title => "Jadi reseller", "Become a reseller";
    reseller_ask_lead => "Reseller membayar harga yang lebih murah. Ceritakan sedikit tentang usaha Anda; kami menjawab di halaman ini.", "Resellers pay lower prices. Tell us a little about your business; we answer on this page.";
    reseller_shop_name => "Nama toko atau konter", "Name of your shop or counter";
    reseller_sells_at => "Berjualan di mana", "Where you sell";
    reseller_sells_at_hint => "Kota, alamat konter, atau tautan toko online.", "Town, your counter's address, or a link to your online shop.";
    reseller_note => "Catatan", "Note";
    reseller_ask => "Ajukan jadi reseller", "Ask to become a reseller";
    reseller_waiting => "Permintaan Anda sedang menunggu jawaban admin.", "Your request waits for an admin's answer.";
    reseller_refused(reason) => "Permintaan Anda ditolak: {reason}", "Your request was refused: {reason}";
    reseller_again(when) => "Anda bisa mengajukan lagi setelah {when}.", "You may ask again after {when}.";
    reseller_request => "Minta jadi reseller", "Asks to become a reseller";
    reseller_approve => "Setujui, jadikan reseller", "Approve, make a reseller";
    reseller_approve_note => "Harga langsung berubah. Pengguna keluar dari semua perangkat dan harus masuk lagi.", "Prices change at once. The user is signed out everywhere and has to sign in again.";
    reseller_refuse => "Tolak permintaan", "Refuse the request";
    reseller_refuse_hint => "Dibaca oleh pengguna. Ia bisa mengajukan lagi setelah 7 hari.", "The user reads it, and may ask again after 7 days.";
    reseller_asked_done => "Permintaan terkirim. Jawabannya muncul di halaman ini.", "Your request is sent. The answer will appear on this page.";
}

/// `?done=` after a correction that waits.
pub const CORRECTION_ASKED: &str = "correction_asked";
/// `?done=` after a request to become a reseller.
pub const RESELLER_ASKED: &str = "reseller_asked";
/// `?done=` after an admin has seen enough of the shop as a user.
pub const VIEW_ENDED: &str = "view_ended";
/// `?done=` after an admin has made an account.
pub const USER_CREATED: &str = "user_created";

impl T {
    /// Where a correction stands.
    #[must_use]
    pub const fn correction_state(self, state: CorrectionState) -> &'static str {
        match state {
            CorrectionState::Waiting => self.correction_waiting(),
            CorrectionState::Done => self.correction_done(),
            CorrectionState::Rejected => self.correction_rejected(),
            CorrectionState::Withdrawn => self.correction_withdrawn(),
        }
    }
}
