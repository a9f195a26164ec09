use domain::OtpTrouble;

use super::{T, texts};

texts! {
    numbers => "Nomor XL", "XL numbers";
    numbers_lead => "Masukkan nomor XL atau AXIS milik Anda dengan kode OTP untuk melihat sisa kuotanya. Hanya akun Anda yang bisa memakainya.", "Sign your own XL or AXIS number in with a one-time code to see what is left on it. Only your account can use it.";
    numbers_way => "Lihat sisa kuota nomor Anda", "See what is left on your numbers";
    numbers_none => "Belum ada nomor. Tambahkan satu di bawah.", "No numbers yet. Add one below.";
    number_add => "Tambah nomor", "Add a number";
    number_label => "Nomor XL atau AXIS", "XL or AXIS number";
    number_send_code => "Kirim kode OTP", "Send the code";
    number_signed_in => "Aktif", "Active";
    number_needs_sign_in => "Perlu masuk lagi", "Sign in again";
    number_sign_in_again => "Masuk lagi dengan OTP", "Sign in again with a code";
    number_sign_out => "Keluarkan nomor ini", "Sign this number out";
    number_done => "Nomor sudah dikeluarkan.", "The number is signed out.";
    otp_title => "Kode OTP", "One-time code";
    otp_sending => "Kode sedang dikirim lewat SMS…", "The code is being sent by SMS…";
    otp_sent(number) => "Kode 6 angka dikirim lewat SMS ke {number}.", "A code of 6 digits was sent to {number} by SMS.";
    otp_code => "Kode dari SMS", "Code from the SMS";
    otp_check => "Masukkan nomor", "Sign the number in";
    otp_checking => "Kode sedang diperiksa…", "The code is being checked…";
    otp_tries(n) => "Sisa percobaan: {n}", "Tries left: {n}";
    otp_valid => "Kode berlaku", "The code counts";
    otp_again => "Kirim kode baru", "Send a new code";
    otp_again_in => "Kode baru bisa diminta setelah", "A new code can be sent after";
    otp_wrong => "Kode salah. Lihat lagi SMS terbaru.", "Wrong code. Look at the newest SMS.";
    otp_expired => "Kode sudah lewat waktunya. Minta kode baru.", "The code is too old. Ask for a new one.";
    otp_locked => "Terlalu banyak kode salah. Nomor ini dikunci sementara oleh XL.", "Too many wrong codes. XL has locked this number for a while.";
    otp_too_early => "Kode baru saja diminta. Tunggu sebentar.", "A code was asked for a moment ago. Wait a little.";
    otp_too_many => "Terlalu sering meminta kode. XL meminta menunggu.", "Codes were asked for too often. XL asks to wait.";
    otp_bad_number => "Nomor ini tidak dikenal atau tidak aktif.", "This number is not known or not active.";
    otp_gateway => "XL sedang tidak bisa dihubungi. Coba kirim kode baru.", "XL cannot be reached right now. Try a new code.";
    otp_demo => "Ini toko contoh.", "This is a demo shop.";
    otp_demo_phone => "Lihat SMS di telepon contoh", "See the SMS on the demo's phone";
    quota_title => "Sisa kuota", "What is left";
    quota_asking => "Sisa kuota sedang ditanyakan…", "Asking what is left…";
    quota_refresh => "Perbarui", "Refresh";
    quota_as_of => "Per", "As of";
    quota_none => "Tidak ada paket aktif di nomor ini.", "No active package on this number.";
    quota_until => "Berlaku sampai", "Until";
    quota_left(left, whole) => "{left} dari {whole}", "{left} of {whole}";
    quota_problem => "Sisa kuota belum bisa ditanyakan. Coba lagi sebentar lagi.", "What is left cannot be asked right now. Try again in a moment.";
    number_kept_until => "Tetap masuk sampai", "Stays signed in until";
}

impl T {
    /// Why a one-time password brought nothing, and what to do.
    #[must_use]
    pub const fn otp_trouble(self, trouble: OtpTrouble) -> &'static str {
        match trouble {
            OtpTrouble::Wrong => self.otp_wrong(),
            OtpTrouble::Expired => self.otp_expired(),
            OtpTrouble::Locked => self.otp_locked(),
            OtpTrouble::TooEarly => self.otp_too_early(),
            OtpTrouble::TooMany => self.otp_too_many(),
            OtpTrouble::BadNumber => self.otp_bad_number(),
            OtpTrouble::Gateway => self.otp_gateway(),
        }
    }
}
