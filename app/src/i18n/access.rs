use domain::SignInOutcome;

use super::{T, texts};

texts! {
    forgot_link => "Lupa kata sandi?", "Forgot your password?";
    forgot_title => "Lupa kata sandi", "Forgot password";
    forgot_lead => "Kami kirim tautan untuk membuat kata sandi baru ke e-mail akun Anda.", "We send a link for a new password to your account's e-mail address.";
    forgot_send => "Kirim tautan", "Send the link";
    forgot_by_hand => "Toko ini belum bisa mengirim e-mail. Hubungi kami; setelah memastikan akun itu milik Anda, kami buatkan tautan untuk kata sandi baru.", "This shop cannot send e-mail yet. Contact us; once we are sure that the account is yours, we make you a link for a new password.";
    forgot_sent => "Bila akun itu ada, tautannya sedang dikirim ke e-mailnya. Tautan berlaku 30 menit dan hanya sekali.", "If there is such an account, the link is on its way to its e-mail address. It works once, for 30 minutes.";
    forgot_nothing_came => "Belum datang? Lihat folder spam, lalu coba sekali lagi. Bila tetap tidak ada, hubungi kami.", "Nothing came? Look into the spam folder, then try once more. If there is still nothing, contact us.";
    forgot_again => "Coba lagi", "Try again";
    mails_in_demo => "Di toko contoh ini, e-mail bisa dibaca di sini.", "In this demo shop, e-mails can be read here.";
    reset_title => "Kata sandi baru", "New password";
    reset_lead => "Setelah disimpan, semua perangkat keluar dan Anda masuk dengan kata sandi baru.", "Once it is saved, every device is signed out and you sign in with the new password.";
    reset_save => "Simpan kata sandi", "Save password";
    link_gone => "Tautan ini sudah dipakai atau sudah terlalu lama.", "This link has been used or is too old.";
    verify_title => "Verifikasi e-mail", "Verify e-mail";
    verify_lead => "Benar ini alamat e-mail Anda?", "Is this your e-mail address?";
    verify_yes => "Ya, verifikasi", "Yes, verify it";
    email_verified => "Sudah diverifikasi", "Verified";
    email_not_verified => "Belum diverifikasi", "Not verified";
    email_why_not => "Toko ini belum bisa mengirim e-mail, jadi alamat baru langsung dipakai tanpa verifikasi.", "This shop cannot send e-mail yet, so a new address is used at once without being verified.";
    email_lead => "Ke sinilah tautan dikirim bila Anda lupa kata sandi.", "This is where the link goes if you forget your password.";
    email_verify => "Kirim tautan verifikasi", "Send a verification link";
    email_waits(address) => "Menunggu verifikasi: {address}. Buka tautan di e-mailnya; sampai saat itu alamat lama tetap dipakai.", "Waiting to be verified: {address}. Open the link in the e-mail; until then the present address stays.";
    email_again => "Kirim ulang", "Send again";
    email_drop => "Batalkan perubahan", "Cancel the change";
    signed_in_since => "Masuk sejak", "Signed in since";
    end_others => "Keluarkan perangkat lain", "Sign out other devices";
    sign_ins => "Riwayat masuk", "Sign-in history";
    sign_ins_lead => "90 hari terakhir, termasuk percobaan yang gagal.", "The last 90 days, attempts that failed included.";
    sign_ins_none => "Belum ada yang tercatat.", "Nothing is recorded yet.";
    sign_ins_not_you => "Ada yang bukan Anda? Segera ganti kata sandi.", "Was one of them not you? Change your password at once.";
    new_device => "Perangkat baru", "New device";
    entered => "Berhasil masuk", "Signed in";
    wrong_password => "Kata sandi salah", "Wrong password";
    tried_suspended => "Ditolak: akun ditangguhkan", "Refused: account suspended";
    tried_too_often => "Ditolak: terlalu banyak percobaan", "Refused: too many tries";
    close_link => "Tutup akun", "Close account";
    close_title => "Tutup akun ini", "Close this account";
    close_lead => "Penutupan berlaku seketika dan tidak bisa dibatalkan.", "It takes effect at once and cannot be undone.";
    close_gone_title => "Yang dihapus", "What is deleted";
    close_gone => "Nama, nama pengguna, e-mail, nomor HP, kata sandi, nomor XL yang masuk, perangkat, pemberitahuan, dan riwayat masuk Anda. Sebagai gantinya hanya ada nama samaran.", "Your name, username, e-mail, phone number, password, signed-in XL numbers, devices, notifications and sign-in history. A pseudonym takes their place.";
    close_kept_title => "Yang disimpan, dan mengapa", "What is kept, and why";
    close_kept => "Catatan uang, pembelian beserta nomor tujuannya, isi saldo beserta buktinya, dan catatan pemeriksaan. Pembukuan toko wajib lengkap, dan keluhan harus bisa ditelusuri.", "Records of money, purchases with the numbers they went to, top-ups with their proofs, and the audit log. The shop's books must be complete, and complaints must be traceable.";
    close_blocked => "Belum bisa ditutup:", "It cannot be closed yet:";
    close_balance(amount) => "Saldo Anda masih {amount}. Pakailah, atau hubungi kami untuk mengembalikannya.", "Your balance is still {amount}. Use it, or ask us to pay it back.";
    close_held(amount) => "{amount} masih ditahan untuk pesanan.", "{amount} is still held for an order.";
    close_debt(amount) => "Masih ada utang {amount}.", "There is still a debt of {amount}.";
    close_frozen => "Akun sedang dibekukan. Hubungi kami.", "The account is frozen. Contact us.";
    close_purchases(count) => "Pembelian yang masih berjalan: {count}.", "Purchases under way: {count}.";
    close_topups(count) => "Isi saldo yang masih berjalan: {count}.", "Top-ups under way: {count}.";
    close_last_admin => "Anda satu-satunya admin. Jadikan orang lain admin dahulu.", "You are the only admin. Make somebody else an admin first.";
    close_yes => "Tutup akun untuk selamanya", "Close the account for good";
    admin_access => "Bantuan masuk", "Help with signing in";
    admin_closed_at => "Ditutup oleh pemiliknya", "Closed by its owner";
    admin_email_state => "E-mail", "E-mail";
    admin_reset_lead => "Untuk yang lupa kata sandi dan tidak bisa menerima e-mail. Pastikan dahulu orangnya; siapa pun yang memegang tautan bisa masuk ke akun ini.", "For who has forgotten the password and cannot get e-mail. Make sure who it is first: whoever has the link can get into this account.";
    admin_reset_make => "Buat tautan kata sandi baru", "Make a link for a new password";
    admin_reset_shown => "Tautan ini hanya tampil sekali. Berlaku 24 jam, sekali pakai.", "This link is shown only now. It works once, for 24 hours.";
    admin_reset_label => "Tautan", "Link";
    admin_reset_taken => "Tautan itu sudah pernah ditampilkan. Buat yang baru bila perlu.", "That link has been shown already. Make a new one if you need it.";
    admin_reset_own => "Untuk akun sendiri, ganti kata sandi di halaman Akun.", "For your own account, change the password on the Account page.";
    admin_reset_inactive => "Akun ini tidak bisa masuk, jadi tautan tidak berguna.", "Nobody can sign in to this account, so a link is of no use.";
    done_others => "Perangkat lain sudah keluar.", "The other devices are signed out.";
    done_email_sent => "E-mail berisi tautan sedang dikirim. Buka tautannya dalam sehari.", "An e-mail with a link is on its way. Open the link within a day.";
    done_email => "Alamat e-mail sudah diverifikasi.", "Your e-mail address is verified.";
    done_email_dropped => "Perubahan alamat dibatalkan.", "The change of address is cancelled.";
    done_reset => "Kata sandi baru tersimpan. Silakan masuk.", "Your new password is saved. Please sign in.";
    done_closed => "Akun Anda sudah ditutup. Terima kasih.", "Your account is closed. Thank you.";
    mails_to_users => "Pesan ke pengguna", "Messages to users";
    mails_waiting(count) => "{count} menunggu dikirim", "{count} waiting to be sent";
    mails_given_up(count) => "{count} tidak terkirim (30 hari)", "{count} not delivered (30 days)";
}

impl T {
    /// What a form about access to the account has done.
    pub(super) fn done_access(self, code: &str) -> Option<&'static str> {
        Some(match code {
            "others" => self.done_others(),
            "email_sent" => self.done_email_sent(),
            "email" => self.done_email(),
            "email_dropped" => self.done_email_dropped(),
            "reset_sent" => self.forgot_sent(),
            "reset" => self.done_reset(),
            "closed" => self.done_closed(),
            _ => return None,
        })
    }

    /// What came of an attempt to sign in.
    #[must_use]
    pub const fn sign_in_outcome(self, outcome: SignInOutcome) -> &'static str {
        match outcome {
            SignInOutcome::Entered => self.entered(),
            SignInOutcome::WrongPassword => self.wrong_password(),
            SignInOutcome::Suspended => self.tried_suspended(),
            SignInOutcome::TooManyTries => self.tried_too_often(),
        }
    }
}
