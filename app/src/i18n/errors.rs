use domain::{FieldCode, Refusal};

use super::{T, texts};
use crate::context::use_zone;
use crate::format::{date_time, percent};

texts! {
    form_has_mistakes(n) => "Ada {n} isian yang perlu diperbaiki.", "{n} fields need another look.";
    form_has_mistake => "Ada satu isian yang perlu diperbaiki.", "One field needs another look.";
    sign_in_needed => "Silakan masuk dulu.", "Please sign in first.";
    confirm_needed => "Demi keamanan, kata sandi kami minta dulu. Periksa isiannya, lalu kirim lagi.", "To be safe, we ask for your password first. Check the form, then send it again.";
    wrong_credentials => "Nama atau kata sandi tidak cocok. Periksa lagi, lalu coba sekali lagi.", "Name or password does not match. Check them and try once more.";
    not_allowed => "Halaman ini bukan untuk akun Anda.", "Your account may not do this.";
    not_found => "Halaman atau data ini tidak ada.", "There is no such page or record.";
    too_many_tries(wait) => "Terlalu banyak percobaan. Coba lagi dalam {wait}.", "Too many tries. Try again in {wait}.";
    seconds(n) => "{n} detik", "{n} seconds";
    minutes(n) => "{n} menit", "{n} minutes";
    idempotency_conflict => "Permintaan ini sedang diproses. Tunggu sebentar, lalu lihat riwayat.", "This request is being handled. Wait a moment, then look at your history.";
    balance_too_low(amount) => "Saldo kurang {amount}. Isi saldo dulu, lalu lanjutkan.", "You are {amount} short. Top up, then go on.";
    account_frozen => "Saldo akun ini dibekukan. Hubungi kami.", "The balance of this account is frozen. Please contact us.";
    price_changed(was, now) => "Harga baru saja berubah dari {was} menjadi {now}. Belum ada saldo yang dipotong. Periksa lagi sebelum membeli.", "The price has just changed from {was} to {now}. Nothing was taken from your balance. Check again before you buy.";
    bought_just_now => "Paket yang sama baru saja dibeli untuk nomor ini. Yakin mau beli lagi?", "The same package was bought for this number a moment ago. Buy it again?";
    see_first_purchase => "Lihat pembelian pertama", "See the first purchase";
    package_closed => "Paket ini sedang tidak dijual.", "This package is not on sale at the moment.";
    sales_stopped => "Penjualan sedang dihentikan sementara. Saldo Anda aman.", "Sales are paused for now. Your balance is safe.";
    gateway_paused => "Paket ini sedang terganggu di jalur kami. Coba lagi nanti; saldo Anda tidak dipotong.", "This package cannot be delivered right now. Try again later; your balance is untouched.";
    balance_untouched => "Saldo Anda tidak dipotong.", "Your balance is untouched.";
    number_not_signed_in => "Nomor ini belum dimasukkan dengan kode OTP oleh akun Anda.", "Your account has not signed this number in with a code.";
    number_busy => "Masih ada pembelian yang berjalan untuk nomor ini. Tunggu sampai selesai.", "A purchase for this number is still under way. Wait until it is done.";
    see_open_purchase => "Lihat pembelian itu", "See that purchase";
    too_many_open_topups(most) => "Paling banyak {most} isi saldo yang menunggu. Bayar atau batalkan salah satu dulu.", "At most {most} top-ups may be open. Pay or cancel one first.";
    no_unique_amount_left => "Nominal ini sedang penuh. Coba nominal yang sedikit berbeda.", "This amount is taken for now. Try a slightly different one.";
    no_bank_account => "Belum ada rekening tujuan. Hubungi kami.", "There is no bank account to pay to yet. Please contact us.";
    method_closed => "Cara bayar ini sedang ditutup. Pilih cara lain.", "This way of paying is closed for now. Choose another.";
    not_tried => "Coba dulu cara bayar ini dengan kunci yang sekarang. Setelah berhasil, cara ini bisa dibuka.", "Try this way of paying with the present key first. Once it works it can be opened.";
    no_static_code => "Kode QRIS toko belum diisi.", "The shop's own QRIS code has not been entered.";
    pick_statement_line => "Di mutasi yang tersimpan ada baris dengan jumlah ini. Pilih baris itu, supaya tidak terpakai dua kali.", "The stored statement has a line with this amount. Pick it, so that it is not used twice.";
    second_admin_needed => "Jumlah sebesar ini harus disetujui admin kedua.", "So much needs the consent of a second admin.";
    look_again_at(when) => "Admin hanya satu. Periksa sekali lagi setelah {when}, lalu setujui.", "There is one admin only. Look again after {when}, then approve.";
    payment_used => "Mutasi bank ini sudah dipakai untuk isi saldo lain.", "This statement line has already paid another top-up.";
    ask_again_at(when) => "Permintaan terakhir ditolak. Anda bisa mengajukan lagi setelah {when}.", "Your last request was refused. You may ask again after {when}.";
    view_only => "Anda hanya melihat toko sebagai pengguna ini. Akhiri dulu tampilan itu; tidak ada yang berubah.", "You are only looking at the shop as this user. End that view first; nothing has changed.";
    own_case => "Anda tidak boleh memutuskan uang Anda sendiri.", "You cannot decide about your own money.";
    being_asked => "Gateway sedang ditanya. Coba putuskan lagi sebentar lagi.", "The gateway is being asked. Try to decide again in a moment.";
    state_changed => "Datanya sudah berubah. Periksa keadaan terbaru di halaman ini.", "It has changed in the meantime. Look at the latest state on this page.";
    last_admin => "Harus selalu ada satu admin yang bisa masuk.", "There must always be one admin who can sign in.";
    link_expired => "Tautan ini sudah dipakai atau sudah terlalu lama.", "This link has been used or is too old.";
    form_expired => "Formulir ini sudah terlalu lama terbuka. Kirim sekali lagi.", "This form was open for too long. Send it once more.";
    fault_title => "Ada yang rusak di pihak kami", "Something broke on our side";
    fault_body => "Maaf. Tidak ada uang yang hilang: setiap langkah tercatat. Coba lagi sebentar lagi.", "Sorry. No money is lost: every step is on record. Try again in a moment.";
    request_number(id) => "Kode untuk dilaporkan: {id}", "Code to report: {id}";
    bad_request => "Permintaan tidak lengkap. Muat ulang halaman, lalu coba lagi.", "The request was incomplete. Reload the page and try again.";
    not_found_title => "Tidak ditemukan", "Not found";
    not_allowed_title => "Tidak boleh masuk ke sini", "Not for this account";
    stopped_title => "Belum bisa dilanjutkan", "This cannot go on yet";
    to_home => "Ke beranda", "To the home page";
    field_required => "Isian ini wajib.", "Please fill this in.";
    field_too_short(min) => "Paling sedikit {min} karakter.", "At least {min} characters.";
    field_too_long(max) => "Paling banyak {max} karakter.", "At most {max} characters.";
    field_bad_username => "Mulai dengan huruf; hanya huruf kecil, angka, titik, dan garis bawah.", "Begin with a letter; only small letters, digits, dots and underscores.";
    field_bad_email => "Ini bukan alamat e-mail. Contoh: nama@contoh.id", "This is not an e-mail address. Example: name@example.id";
    field_bad_address => "Tulis alamat yang diawali https://, tanpa kunci di dalamnya.", "Write an address that begins with https://, with no key in it.";
    field_bad_code => "Ketik 6 angka dari SMS.", "Type the 6 digits from the SMS.";
    field_bad_phone => "Ini bukan nomor HP Indonesia. Contoh: 0878-1234-5678", "This is not an Indonesian mobile number. Example: 0878-1234-5678";
    field_unknown_prefix => "Awalan nomor ini tidak dikenal. Periksa angkanya.", "No operator has this prefix. Check the digits.";
    field_not_served(operator) => "Ini nomor {operator}. Kami hanya menjual paket XL dan AXIS.", "This is a {operator} number. We only sell XL and AXIS packages.";
    field_other_brand(operator) => "Ini nomor {operator}. Paket ini untuk merek yang lain.", "This is a {operator} number. The package is for the other brand.";
    field_bad_amount => "Tulis jumlah rupiah tanpa koma. Contoh: 50.000", "Write whole rupiah. Example: 50.000";
    field_bad_number => "Tulis bilangan bulat yang wajar.", "Write a sensible whole number.";
    field_below_min(min) => "Paling sedikit {min}.", "At least {min}.";
    field_above_max(max) => "Paling banyak {max}.", "At most {max}.";
    field_taken => "Sudah dipakai orang lain. Pilih yang lain.", "Someone else has it. Choose another.";
    field_easy_password => "Terlalu mudah ditebak. Coba gabungkan beberapa kata.", "Too easy to guess. Try a few words together.";
    field_wrong_password => "Kata sandi sekarang tidak cocok.", "This is not your present password.";
    field_not_the_same => "Keduanya belum sama.", "The two are not the same.";
    field_not_a_choice => "Pilihan atau tanda ini tidak bisa dipakai di sini.", "This choice or character cannot be used here.";
    field_bad_qris => "Ini bukan kode QRIS. Salin seluruh teksnya, dari 0002 sampai empat angka atau huruf terakhir.", "This is no QRIS code. Copy the whole text, from 0002 to the last four characters.";
    field_bad_qris_tag(tag, meaning) => "Kode QRIS ini salah di bagian {tag} ({meaning}). Salin sekali lagi dari sumbernya.", "This QRIS code is wrong in part {tag} ({meaning}). Copy it from its source again.";
    field_not_static => "Kode ini hanya untuk satu pembayaran. Pakai kode QRIS toko yang bisa dibayar berkali-kali.", "This code is for one payment only. Use the shop's own, which can be paid again and again.";
    field_bad_statement => "Mutasi ini tidak bisa dibaca. Periksa berkas dan susunan kolomnya.", "This statement cannot be read. Check the file and what its columns are.";
    field_no_such_user => "Tidak ada pengguna dengan nama ini.", "Nobody has this username.";
    qris_tag_version => "tanda awal", "the beginning";
    qris_tag_kind => "jenis kode", "kind of code";
    qris_tag_merchant => "data merchant", "merchant's account";
    qris_tag_category => "bidang usaha", "line of business";
    qris_tag_currency => "mata uang", "currency";
    qris_tag_amount => "jumlah", "amount";
    qris_tag_fee => "tip atau biaya", "tip or fee";
    qris_tag_country => "negara", "country";
    qris_tag_name => "nama merchant", "merchant's name";
    qris_tag_city => "kota", "city";
    qris_tag_postcode => "kode pos", "postcode";
    qris_tag_extra => "data tambahan", "additional data";
    qris_tag_checksum => "angka pemeriksa", "checksum";
    qris_tag_other => "bagian lain", "another part";
    field_bad_picture => "Gambar tidak bisa dibaca atau terlalu besar. Pakai JPG atau PNG.", "The picture cannot be read or is too large. Use JPG or PNG.";
}

impl T {
    /// What a refusal says to the person who asked.
    #[must_use]
    pub fn refusal(self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Invalid { fields } if fields.len() == 1 => self.form_has_mistake().to_owned(),
            Refusal::Invalid { fields } => self.form_has_mistakes(fields.len()),
            Refusal::SignInNeeded => self.sign_in_needed().to_owned(),
            Refusal::ConfirmNeeded => self.confirm_needed().to_owned(),
            Refusal::WrongCredentials => self.wrong_credentials().to_owned(),
            Refusal::NotAllowed => self.not_allowed().to_owned(),
            Refusal::NotFound => self.not_found().to_owned(),
            Refusal::TooManyTries { retry_after_s } => self.too_many_tries(self.wait(*retry_after_s)),
            Refusal::IdempotencyConflict => self.idempotency_conflict().to_owned(),
            Refusal::BalanceTooLow { shortfall } => self.balance_too_low(shortfall),
            Refusal::AccountFrozen => self.account_frozen().to_owned(),
            Refusal::PriceChanged { was, now } => self.price_changed(was, now),
            Refusal::BoughtJustNow { first: _ } => self.bought_just_now().to_owned(),
            Refusal::PackageClosed => self.package_closed().to_owned(),
            Refusal::NotNow { reason } => {
                format!("{} {}", self.fail_reason(*reason), self.balance_untouched())
            }
            Refusal::NumberNotSignedIn => self.number_not_signed_in().to_owned(),
            Refusal::NumberBusy { .. } => self.number_busy().to_owned(),
            Refusal::SalesStopped => self.sales_stopped().to_owned(),
            Refusal::Restored => self.restored_refused().to_owned(),
            Refusal::OutsideHours { opens_at } => {
                self.shop_closed_until(date_time(*opens_at, use_zone(), self.0))
            }
            Refusal::Maintenance => self.maintenance_lead().to_owned(),
            Refusal::AwaitingApproval => self.awaiting_approval().to_owned(),
            Refusal::GatewayPaused => self.gateway_paused().to_owned(),
            Refusal::TooManyOpenTopups { most } => self.too_many_open_topups(most),
            Refusal::TooManySavedNumbers { most } => self.saved_numbers_full(most),
            Refusal::NoUniqueAmountLeft => self.no_unique_amount_left().to_owned(),
            Refusal::NoBankAccount => self.no_bank_account().to_owned(),
            Refusal::MethodClosed => self.method_closed().to_owned(),
            Refusal::NotTried => self.not_tried().to_owned(),
            Refusal::NoStaticCode => self.no_static_code().to_owned(),
            Refusal::PickStatementLine => self.pick_statement_line().to_owned(),
            Refusal::SecondAdminNeeded => self.second_admin_needed().to_owned(),
            Refusal::LookAgainAt { at } => self.look_again_at(date_time(*at, use_zone(), self.0)),
            Refusal::AskAgainAt { at } => self.ask_again_at(date_time(*at, use_zone(), self.0)),
            Refusal::ViewOnly => self.view_only().to_owned(),
            Refusal::PaymentUsed => self.payment_used().to_owned(),
            Refusal::OwnCase => self.own_case().to_owned(),
            Refusal::StateChanged => self.state_changed().to_owned(),
            Refusal::BeingAsked => self.being_asked().to_owned(),
            Refusal::LastAdmin => self.last_admin().to_owned(),
            Refusal::LinkExpired => self.link_expired().to_owned(),
            Refusal::FormExpired => self.form_expired().to_owned(),
        }
    }

    /// What stands beside a field that has to be corrected.
    #[must_use]
    pub fn field_code(self, code: &FieldCode) -> String {
        match code {
            FieldCode::Required => self.field_required().to_owned(),
            FieldCode::TooShort { min } => self.field_too_short(min),
            FieldCode::TooLong { max } => self.field_too_long(max),
            FieldCode::BadUsername => self.field_bad_username().to_owned(),
            FieldCode::BadEmail => self.field_bad_email().to_owned(),
            FieldCode::BadCode => self.field_bad_code().to_owned(),
            FieldCode::BadAddress => self.field_bad_address().to_owned(),
            FieldCode::BadPhone => self.field_bad_phone().to_owned(),
            FieldCode::UnknownPrefix => self.field_unknown_prefix().to_owned(),
            FieldCode::NotServed { operator } => self.field_not_served(operator.name()),
            FieldCode::OtherBrand { operator } => self.field_other_brand(operator.name()),
            FieldCode::BadAmount => self.field_bad_amount().to_owned(),
            FieldCode::BadNumber => self.field_bad_number().to_owned(),
            FieldCode::BelowMin { min } => self.field_below_min(min),
            FieldCode::AboveMax { max } => self.field_above_max(max),
            FieldCode::Taken => self.field_taken().to_owned(),
            FieldCode::EasyPassword => self.field_easy_password().to_owned(),
            FieldCode::WrongPassword => self.field_wrong_password().to_owned(),
            FieldCode::NotTheSame => self.field_not_the_same().to_owned(),
            FieldCode::NotAChoice => self.field_not_a_choice().to_owned(),
            FieldCode::BadHours => self.field_bad_hours().to_owned(),
            FieldCode::NeverOpen => self.field_never_open().to_owned(),
            FieldCode::BadPrefix => self.field_bad_prefix().to_owned(),
            FieldCode::BadColour => self.field_bad_colour().to_owned(),
            FieldCode::LowContrast { hundredths } => {
                self.field_low_contrast(percent(*hundredths, self.0), percent(450, self.0))
            }
            FieldCode::BadPicture => self.field_bad_picture().to_owned(),
            FieldCode::BadQris { tag: None } => self.field_bad_qris().to_owned(),
            FieldCode::BadQris { tag: Some(tag) } => {
                self.field_bad_qris_tag(format!("{tag:02}"), self.qris_tag(*tag))
            }
            FieldCode::NotStatic => self.field_not_static().to_owned(),
            FieldCode::BadStatement => self.field_bad_statement().to_owned(),
            FieldCode::BadSheet => self.field_bad_sheet().to_owned(),
            FieldCode::NoSuchUser => self.field_no_such_user().to_owned(),
            FieldCode::BadHost => self.field_bad_host().to_owned(),
            FieldCode::LocalOnly => self.field_local_only().to_owned(),
            FieldCode::UnknownPlaceholder { kind } => {
                self.field_unknown_placeholder(self.placeholders(*kind))
            }
        }
    }

    /// What a tag of a QRIS code stands for.
    #[must_use]
    pub const fn qris_tag(self, tag: u8) -> &'static str {
        match tag {
            0 => self.qris_tag_version(),
            1 => self.qris_tag_kind(),
            2..=51 => self.qris_tag_merchant(),
            52 => self.qris_tag_category(),
            53 => self.qris_tag_currency(),
            54 => self.qris_tag_amount(),
            55..=57 => self.qris_tag_fee(),
            58 => self.qris_tag_country(),
            59 => self.qris_tag_name(),
            60 => self.qris_tag_city(),
            61 => self.qris_tag_postcode(),
            62 => self.qris_tag_extra(),
            63 => self.qris_tag_checksum(),
            _ => self.qris_tag_other(),
        }
    }

    /// The texts that an island needs to check a field by itself, by the code's word; `{n}` stands for the number or
    /// the operator's name. See [`crate::islands::check`].
    #[must_use]
    pub fn check_texts(self, kind: crate::islands::check::Kind) -> Vec<(String, String)> {
        kind.codes().iter().map(|word| ((*word).to_owned(), self.check_text(word))).collect()
    }

    fn check_text(self, word: &str) -> String {
        match word {
            "too_short" => self.field_too_short("{n}"),
            "too_long" => self.field_too_long("{n}"),
            "not_served" => self.field_not_served("{n}"),
            "bad_username" => self.field_bad_username().to_owned(),
            "bad_email" => self.field_bad_email().to_owned(),
            "bad_phone" => self.field_bad_phone().to_owned(),
            "unknown_prefix" => self.field_unknown_prefix().to_owned(),
            "easy_password" => self.field_easy_password().to_owned(),
            _ => self.field_required().to_owned(),
        }
    }

    /// `40 detik`, `3 menit`.
    fn wait(self, seconds: i64) -> String {
        if seconds < 90 { self.seconds(seconds.max(1)) } else { self.minutes((seconds + 59) / 60) }
    }
}
