use super::{T, texts};

texts! {
    // The cards
    settings_overtaken => "Admin lain baru saja mengubah bagian ini. Yang Anda ketik masih ada di bawah, tetapi belum disimpan.", "Another admin has just changed this part. What you typed is still below, but it was not saved.";
    settings_reload => "Muat nilai terbaru", "Load the latest values";
    settings_save_shop => "Simpan data toko", "Save the shop";
    settings_save_selling => "Simpan penjualan", "Save selling";
    settings_save_sign_up => "Simpan pendaftaran", "Save sign-up";
    settings_save_topups => "Simpan aturan isi saldo", "Save the top-up rules";
    settings_save_prices => "Simpan aturan harga", "Save the price rules";
    settings_audit => "Semua perubahan tercatat di", "Every change is on record in the";
    // The shop
    settings_accent => "Warna toko", "The shop's colour";
    settings_accent_hint => "Enam angka atau huruf seperti #3451e0. Kosong berarti warna bawaan. Warna harus cukup gelap agar terbaca di latar terang; untuk latar gelap kami buatkan yang lebih muda.", "Six digits such as #3451e0. Empty means the usual one. It has to be dark enough to be read on light ground; for dark ground we make a lighter one.";
    field_bad_colour => "Tulis warna sebagai enam angka atau huruf a sampai f. Contoh: #3451e0", "Write the colour as six digits or letters a to f. Example: #3451e0";
    field_low_contrast(ratio, least) => "Warna ini sulit dibaca: kontrasnya {ratio} : 1, padahal paling sedikit {least} : 1. Pilih yang lebih gelap.", "This colour is hard to read: its contrast is {ratio} : 1, and {least} : 1 is the least. Choose a darker one.";
    // The logo
    logo_title => "Logo", "Logo";
    logo_file => "Gambar logo", "Picture of the logo";
    logo_hint => "JPG, PNG, atau WebP sampai 8 MB. Paling bagus persegi; kami kecilkan sendiri.", "JPG, PNG or WebP up to 8 MB. Square is best; we make it smaller ourselves.";
    logo_save => "Pasang logo", "Use this logo";
    logo_remove => "Hapus logo", "Remove the logo";
    logo_now => "Logo sekarang", "The logo now";
    logo_none => "Belum ada logo. Yang tampil sekarang gambar bawaan.", "No logo yet. The usual picture is shown.";
    // Selling
    settings_hours => "Jam buka (WIB)", "Opening hours (WIB)";
    settings_hours_hint => "Contoh 08.00-21.00, atau lewat tengah malam: 18.00-02.00. Tulis tutup bila libur, kosongkan bila buka 24 jam.", "Such as 08:00-21:00, or past midnight: 18:00-02:00. Write closed for a day off; leave it empty to be open all day.";
    settings_hours_always => "Sekarang toko buka terus.", "The shop is open all the time now.";
    settings_day_closed => "tutup", "closed";
    settings_day_open => "24 jam", "24 hours";
    settings_save_hours => "Simpan jam buka", "Save the hours";
    field_bad_hours => "Tulis jam seperti 08.00-21.00, atau tutup, atau kosongkan. Jam buka dan tutup tidak boleh sama.", "Write hours such as 08:00-21:00, or closed, or leave it empty. Opening and closing cannot be the same.";
    field_never_open => "Toko tidak pernah buka dengan jadwal ini. Untuk berhenti berjualan, matikan penjualan.", "The shop would never open. To stop selling, switch sales off.";
    week_monday => "Senin", "Monday";
    week_tuesday => "Selasa", "Tuesday";
    week_wednesday => "Rabu", "Wednesday";
    week_thursday => "Kamis", "Thursday";
    week_friday => "Jumat", "Friday";
    week_saturday => "Sabtu", "Saturday";
    week_sunday => "Minggu", "Sunday";
    // Numbers
    settings_prefixes => "Awalan nomor", "Number prefixes";
    settings_prefixes_hint => "Empat angka pertama, dipisah spasi. Nomor dengan awalan lain tidak bisa dibelikan paket.", "The first four digits, parted by blanks. Numbers that begin otherwise get no packages.";
    settings_save_prefixes => "Simpan awalan", "Save the prefixes";
    field_bad_prefix => "Tulis awalan empat angka seperti 0878, dipisah spasi. Satu awalan hanya boleh ada di satu daftar.", "Write prefixes of four digits such as 0878, parted by blanks. Each may stand in one list only.";
    settings_maintenance => "Mode perbaikan: hanya admin yang bisa masuk", "Maintenance: only admins are let in";
    settings_maintenance_note => "Pesan selama perbaikan", "What people are told meanwhile";
    settings_maintenance_hint => "Satu atau dua kalimat. Pembelian yang sudah berjalan tetap diselesaikan.", "A sentence or two. Purchases under way are still finished.";
    shop_closed_until(when) => "Toko sedang tutup. Buka lagi {when}.", "The shop is closed. It opens again on {when}.";
    maintenance_on => "Mode perbaikan sedang menyala. Hanya admin yang bisa masuk.", "Maintenance is on. Only admins are let in.";
    maintenance_switch => "Ubah di pengaturan", "Change it in the settings";
    maintenance_title => "Sedang diperbaiki", "Under maintenance";
    maintenance_lead => "Toko sedang kami perbaiki. Saldo dan pesanan Anda aman, dan pesanan yang sudah berjalan tetap diproses. Coba lagi sebentar lagi.", "We are working on the shop. Your balance and orders are safe, and orders under way go on. Please try again in a while.";
    maintenance_again => "Coba lagi", "Try again";
    maintenance_admin => "Admin bisa masuk di sini", "Admins sign in here";
    // Sign-up
    settings_sign_up => "Pendaftaran", "Sign-up";
    settings_sign_up_mode => "Siapa yang boleh mendaftar", "Who may sign up";
    settings_sign_up_open => "Siapa saja, langsung bisa masuk", "Anyone, and they are in at once";
    settings_sign_up_approval => "Siapa saja, setelah disetujui admin", "Anyone, once an admin agrees";
    settings_sign_up_closed => "Tidak ada", "Nobody";
    settings_sign_up_waiting(n) => "Pendaftar yang menunggu: {n}", "Newcomers waiting: {n}";
    sign_up_needs_approval => "Akun baru menunggu persetujuan admin dulu sebelum bisa masuk.", "An admin has to agree before a new account can sign in.";
    awaiting_approval => "Akun Anda sudah dibuat dan menunggu persetujuan admin. Coba masuk lagi nanti.", "Your account was made and waits for an admin to agree. Try to sign in again later.";
    done_waiting => "Akun Anda sudah dibuat. Setelah admin menyetujui, Anda bisa masuk.", "Your account was made. Once an admin agrees, you can sign in.";
    waiting_title => "Pendaftar yang menunggu", "Newcomers who wait";
    waiting_none => "Tidak ada pendaftar yang menunggu.", "No newcomer is waiting.";
    waiting_since => "Menunggu sejak", "Waiting since";
    waiting_decision => "Keputusan", "Decision";
    waiting_let_in => "Setujui", "Let in";
    waiting_turn_away => "Tolak", "Turn away";
}

impl T {
    /// A day of the week, Monday first.
    #[must_use]
    pub const fn week_day(self, place: usize) -> &'static str {
        match place {
            0 => self.week_monday(),
            1 => self.week_tuesday(),
            2 => self.week_wednesday(),
            3 => self.week_thursday(),
            4 => self.week_friday(),
            5 => self.week_saturday(),
            _ => self.week_sunday(),
        }
    }
}
