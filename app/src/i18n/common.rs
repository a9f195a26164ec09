use domain::{Category, Lang, Role, Theme, UserState, Zone};

use super::{CORRECTION_ASKED, RESELLER_ASKED, T, USER_CREATED, VIEW_ENDED, texts};

texts! {
    skip_to_content => "Lompat ke isi", "Skip to content";
    main_menu => "Menu utama", "Main menu";
    admin_menu => "Menu admin", "Admin menu";
    back => "Kembali", "Back";
    home => "Beranda", "Home";
    packages => "Paket", "Packages";
    top_up => "Isi saldo", "Top up";
    history => "Riwayat", "History";
    account => "Akun", "Account";
    statement => "Mutasi saldo", "Statement";
    manage_shop => "Kelola toko", "Run the shop";
    to_shop => "Ke toko", "To the shop";
    overview => "Ringkasan", "Overview";
    transactions => "Transaksi", "Transactions";
    users => "Pengguna", "Users";
    settings => "Pengaturan", "Settings";
    waiting(n) => "{n} menunggu", "{n} waiting";
    change_theme => "Ganti tampilan", "Change colours";
    theme_system => "Ikut perangkat", "As the device";
    theme_light => "Terang", "Light";
    theme_dark => "Gelap", "Dark";
    other_language => "English", "Bahasa Indonesia";
    language => "Bahasa", "Language";
    indonesian => "Bahasa Indonesia", "Bahasa Indonesia";
    english => "English", "English";
    terms => "Ketentuan", "Terms";
    privacy => "Privasi", "Privacy";
    contact_us => "Hubungi kami", "Contact us";
    whatsapp_us => "Tanya lewat WhatsApp", "Ask on WhatsApp";
    sign_in => "Masuk", "Sign in";
    sign_up => "Daftar", "Sign up";
    sign_out => "Keluar", "Sign out";
    save => "Simpan", "Save";
    cancel => "Batal", "Cancel";
    send => "Kirim", "Send";
    search => "Cari", "Search";
    show_all => "Lihat semua", "See all";
    copy => "Salin", "Copy";
    copied => "Tersalin", "Copied";
    next_page => "Berikutnya", "Next";
    first_page => "Ke awal", "To the start";
    optional => "boleh kosong", "optional";
    live => "Langsung", "Live";
    nothing_found => "Tidak ada yang cocok", "Nothing matches";
    just_now => "baru saja", "just now";
    minutes_ago(n) => "{n} menit lalu", "{n} min ago";
    hours_ago(n) => "{n} jam lalu", "{n} h ago";
    days_ago(n) => "{n} hari lalu", "{n} days ago";
    yesterday => "kemarin", "yesterday";
    in_minutes(n) => "{n} menit lagi", "in {n} min";
    in_hours(n) => "{n} jam lagi", "in {n} h";
    in_days(n) => "{n} hari lagi", "in {n} days";
    days(n) => "{n} hari", "{n} days";
    one_day => "1 hari", "1 day";
    time_left(t) => "{t} tersisa", "{t} left";
    time_over => "Waktu habis", "Time is up";
    show_password => "Tampilkan", "Show";
    hide_password => "Sembunyikan", "Hide";
    done_saved => "Tersimpan.", "Saved.";
    done_password => "Kata sandi sudah diganti. Perangkat lain sudah keluar.", "Your password is changed. Other devices are signed out.";
    done_session => "Perangkat itu sudah keluar.", "That device is signed out.";
    done_everywhere => "Semua perangkat sudah keluar.", "All devices are signed out.";
    done_signed_out => "Anda sudah keluar. Sampai jumpa!", "You are signed out. See you!";
    done_cancelled => "Sudah dibatalkan.", "Cancelled.";
    done_sent => "Sudah terkirim.", "Sent.";
    done_second_look => "Dicatat. Jumlah sebesar ini masuk setelah admin lain memeriksa hal yang sama; bila Anda satu-satunya admin, periksa sekali lagi nanti.", "Noted. So much is credited once another admin has found the same; if you are the only one, look again later.";
    done_decided => "Keputusan tersimpan.", "Your decision is saved.";
    greeting_morning => "Selamat pagi", "Good morning";
    greeting_day => "Selamat siang", "Good day";
    greeting_afternoon => "Selamat sore", "Good afternoon";
    greeting_evening => "Selamat malam", "Good evening";
    wib => "WIB · Jakarta, Medan, Pontianak", "WIB · Jakarta, Medan, Pontianak";
    wita => "WITA · Makassar, Denpasar, Balikpapan", "WITA · Makassar, Denpasar, Balikpapan";
    wit => "WIT · Jayapura, Ambon, Manokwari", "WIT · Jayapura, Ambon, Manokwari";
    member => "Anggota", "Member";
    reseller => "Reseller", "Reseller";
    admin => "Admin", "Admin";
    active => "Aktif", "Active";
    inactive => "Tidak aktif", "Inactive";
    suspended => "Ditangguhkan", "Suspended";
    all => "Semua", "All";
    daily => "Harian", "Daily";
    weekly => "Mingguan", "Weekly";
    monthly => "Bulanan", "Monthly";
    family => "Akrab", "Family";
    other_category => "Lainnya", "Other";
}

/// `?done=` after a payment was asked about.
pub const CHECKING: &str = "checking";

/// `?done=` after the first of two admins has agreed.
pub const SECOND_LOOK: &str = "second_look";

impl T {
    /// What a finished form says on the next page (`?done=saved`). A closed set: an address can be forged.
    #[must_use]
    pub fn done(self, code: &str) -> Option<&'static str> {
        Some(match code {
            "saved" => self.done_saved(),
            "password" => self.done_password(),
            "session" => self.done_session(),
            "everywhere" => self.done_everywhere(),
            "signed_out" => self.done_signed_out(),
            "cancelled" => self.done_cancelled(),
            "sent" => self.done_sent(),
            "decided" => self.done_decided(),
            "waiting" => self.done_waiting(),
            "number" => self.number_done(),
            "revoked" => self.done_revoked(),
            "forgotten" => self.done_forgotten(),
            CHECKING => self.pay_asking(),
            SECOND_LOOK => self.done_second_look(),
            CORRECTION_ASKED => self.correction_asked_done(),
            RESELLER_ASKED => self.reseller_asked_done(),
            USER_CREATED => self.new_user_done(),
            VIEW_ENDED => self.view_as_done(),
            _ => return self.done_access(code),
        })
    }

    /// `7 hari`, `1 day`.
    #[must_use]
    pub fn validity(self, days: i64) -> String {
        if days == 1 { self.one_day().to_owned() } else { self.days(days) }
    }

    /// A role's name.
    #[must_use]
    pub const fn role(self, role: Role) -> &'static str {
        match role {
            Role::Member => self.member(),
            Role::Reseller => self.reseller(),
            Role::Admin => self.admin(),
        }
    }

    /// Whether someone may sign in.
    #[must_use]
    pub const fn user_state(self, state: UserState) -> &'static str {
        match state {
            UserState::Active => self.active(),
            UserState::Suspended => self.suspended(),
        }
    }

    /// A category of packages.
    #[must_use]
    pub const fn category(self, category: Category) -> &'static str {
        match category {
            Category::Daily => self.daily(),
            Category::Weekly => self.weekly(),
            Category::Monthly => self.monthly(),
            Category::Family => self.family(),
            Category::Other => self.other_category(),
        }
    }

    /// A zone with some of its cities.
    #[must_use]
    pub const fn zone(self, zone: Zone) -> &'static str {
        match zone {
            Zone::Wib => self.wib(),
            Zone::Wita => self.wita(),
            Zone::Wit => self.wit(),
        }
    }

    /// A choice of colours.
    #[must_use]
    pub const fn theme(self, theme: Theme) -> &'static str {
        match theme {
            Theme::System => self.theme_system(),
            Theme::Light => self.theme_light(),
            Theme::Dark => self.theme_dark(),
        }
    }

    /// A language, in its own words.
    #[must_use]
    pub const fn lang_name(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Id => self.indonesian(),
            Lang::En => self.english(),
        }
    }
}
