use domain::{NoticeChannel, NoticeKind, NoticeTrouble, ShopTrouble};
use store::MailSecurity;

use super::{T, texts};

texts! {
    notices => "Pemberitahuan", "Notifications";
    notices_lead => "Toko memberi tahu Anda lewat Telegram atau e-mail. Pembelian tidak pernah menunggu pesan terkirim.", "The shop tells you by Telegram or e-mail. No purchase ever waits for a message.";
    notices_demo => "Di demo ini, pesan bisa dibaca di sini.", "In this demo, messages can be read here.";
    notice_telegram => "Telegram", "Telegram";
    notice_email => "E-mail", "E-mail";
    notice_not_set_up => "Belum diatur", "Not set up";
    notice_works => "Siap", "Ready";
    notice_fails => "Gagal mengirim", "Cannot send";
    notice_testing => "Mengirim percobaan…", "Sending a test…";
    notice_set_up(channel) => "Atur {channel}", "Set up {channel}";
    notice_change(channel) => "Ubah {channel}", "Change {channel}";
    notice_test(channel) => "Kirim pesan percobaan lewat {channel}", "Send a test message by {channel}";
    notice_tested_ok => "Pesan percobaan terkirim", "The test message was sent";
    notice_tested_bad => "Pesan percobaan gagal", "The test message failed";
    notice_last_sent => "Terakhir terkirim", "Last sent";
    notice_never => "Belum pernah", "Never";
    notice_waiting => "Menunggu dikirim", "Waiting to be sent";
    notice_given_up => "Tidak terkirim (30 hari)", "Not delivered (30 days)";
    notice_chat => "Chat", "Chat";
    notice_chat_hint => "Nomor chat (grup diawali tanda minus), atau @nama saluran. Undang dulu bot ke sana.", "The chat's number (a group's begins with a minus), or a channel's @name. Invite the bot there first.";
    notice_token => "Token bot", "Bot token";
    notice_token_hint => "Dari @BotFather. Kosongkan agar token lama tetap dipakai.", "From @BotFather. Leave empty to keep the present one.";
    notice_api => "Alamat Bot API", "Bot API address";
    notice_host => "Server e-mail", "Mail server";
    notice_port => "Port", "Port";
    notice_security => "Keamanan", "Security";
    notice_tls => "TLS (biasanya port 465)", "TLS (usually port 465)";
    notice_starttls => "STARTTLS (biasanya port 587)", "STARTTLS (usually port 587)";
    notice_in_clear => "Tanpa, hanya untuk mesin ini sendiri", "None, for this very machine only";
    notice_username => "Nama pengguna", "Username";
    notice_password => "Kata sandi", "Password";
    notice_password_hint => "Kosongkan agar kata sandi lama tetap dipakai.", "Leave empty to keep the present one.";
    notice_from => "Pengirim", "From";
    notice_to => "Penerima", "To";
    notice_active => "Pakai saluran ini", "Use this channel";
    notice_save => "Simpan saluran", "Save the channel";
    notice_rules => "Apa yang diberitahukan", "What you are told";
    notice_rules_first => "Atur satu saluran dulu.", "Set up a channel first.";
    notice_rules_save => "Simpan pilihan", "Save the choice";
    notice_lang => "Bahasa pesan bawaan", "Language of the usual messages";
    notice_texts => "Isi pesan", "What the messages say";
    notice_texts_lead => "Contoh di bawah memakai data karangan. Nomor HP selalu disamarkan tengahnya.", "The examples below are made up. The middle of a phone number is always hidden.";
    notice_text_change => "Ubah pesan", "Change the message";
    notice_text => "Isi pesan", "Message";
    notice_text_hint(known) => "Boleh memakai {known}. Kosongkan untuk memakai pesan bawaan.", "You may use {known}. Leave empty for the usual message.";
    notice_preview => "Lihat contoh", "Preview";
    notice_preview_of => "Contoh", "Example";
    notice_text_save => "Simpan pesan", "Save the message";
    notice_own_text => "Pesan sendiri", "Own words";
    notice_test_text(shop) => "Ini pesan percobaan dari {shop}. Pemberitahuan akan datang ke sini.", "This is a test message from {shop}. Notifications will come here.";
    notice_subject_many(shop, n) => "{shop}: {n} pemberitahuan", "{shop}: {n} notifications";
    kind_delivered => "Pembelian berhasil", "Purchase delivered";
    kind_failed => "Pembelian gagal", "Purchase failed";
    kind_review => "Pembelian perlu diputuskan", "Purchase needs a decision";
    kind_topup_waiting => "Isi saldo menunggu persetujuan", "Top-up waiting for approval";
    kind_topup_credited => "Isi saldo masuk", "Top-up credited";
    kind_deposit_low => "Deposit gateway menipis", "Gateway deposit low";
    kind_alarm => "Peringatan lain", "Other alarms";
    kind_sales_stopped => "Penjualan dihentikan", "Sales stopped";
    usual_delivered => "✅ {package} terkirim ke {number}\n{buyer} · {amount} · {code}", "✅ {package} delivered to {number}\n{buyer} · {amount} · {code}";
    usual_failed => "❌ {package} untuk {number} gagal, saldo kembali. {reason}\n{buyer} · {amount} · {code}\n{link}", "❌ {package} for {number} failed, money is back. {reason}\n{buyer} · {amount} · {code}\n{link}";
    usual_review => "⚠️ Perlu keputusan: {package} untuk {number}. {reason}\n{buyer} · {amount} · {code}\n{link}", "⚠️ Needs a decision: {package} for {number}. {reason}\n{buyer} · {amount} · {code}\n{link}";
    usual_topup_waiting => "💰 {buyer} bilang sudah bayar {amount}. Cek mutasi bank.\n{code}\n{link}", "💰 {buyer} says that {amount} was paid. Check the bank statement.\n{code}\n{link}";
    usual_topup_credited => "✅ Isi saldo {amount} untuk {buyer} masuk ({code}).", "✅ Top-up of {amount} for {buyer} credited ({code}).";
    usual_deposit_low => "⚠️ Deposit di {gateway} tinggal {amount}. Isi agar paket tetap terkirim.\n{link}", "⚠️ The deposit at {gateway} is down to {amount}. Fill it up to keep delivering.\n{link}";
    usual_alarm => "⚠️ {reason}\n{link}", "⚠️ {reason}\n{link}";
    usual_sales_stopped => "🛑 {shop}: penjualan dihentikan karena pembukuan tidak cocok.\n{link}", "🛑 {shop}: sales are stopped because the books do not agree.\n{link}";
    alarm_notices_fail(channel, why) => "Pemberitahuan lewat {channel} tidak terkirim: {why}", "Notifications by {channel} are not delivered: {why}";
    trouble_not_reached => "Server tidak bisa dihubungi.", "The server cannot be reached.";
    trouble_not_secure => "Sambungan aman tidak bisa dibuat. Periksa pilihan keamanan dan port.", "No secure connection could be made. Check security and port.";
    trouble_no_answer => "Server tidak menjawab tepat waktu.", "The server did not answer in time.";
    trouble_busy => "Server minta dicoba lagi nanti.", "The server asked to try again later.";
    trouble_bad_login => "Token atau kata sandi tidak diterima.", "The token or password is not accepted.";
    trouble_bad_address => "Chat atau alamat tidak dikenal, atau kita tidak boleh menulis ke sana.", "The chat or address is not known, or we may not write there.";
    trouble_refused => "Isi pesan ditolak.", "The message itself was refused.";
    trouble_unreadable => "Jawabannya bukan dari layanan yang benar. Periksa alamatnya.", "The answer is not of the right service. Check the address.";
    trouble_bad_settings => "Pengaturan ini tidak bisa dipakai. Isi lagi.", "These settings cannot be used. Enter them again.";
    trouble_with_code(words, code) => "{words} (kode {code})", "{words} (code {code})";
    shop_deposit_empty => "Deposit di gateway tidak cukup.", "The deposit at the gateway does not suffice.";
    shop_address_refused => "Gateway tidak mengizinkan alamat IP server ini.", "The gateway does not allow this server's IP address.";
    shop_key_refused => "Gateway menolak kunci toko.", "The gateway refused the shop's key.";
    shop_request_bad => "Gateway tidak memahami pesanan kita.", "The gateway did not understand our order.";
    shop_blocked => "Gateway memblokir toko atau nomor ini.", "The gateway blocked the shop or this number.";
    field_bad_host => "Tulis nama server saja, misalnya mail.contoh.id.", "Write the server's name only, such as mail.example.id.";
    field_unknown_placeholder(known) => "Ada isian yang tidak dikenal. Yang bisa dipakai: {known}", "There is a placeholder that is not known. Known ones: {known}";
    field_local_only => "Tanpa keamanan hanya boleh untuk localhost.", "Without security, only localhost will do.";
}

impl T {
    /// A channel's name.
    #[must_use]
    pub const fn notice_channel(self, channel: NoticeChannel) -> &'static str {
        match channel {
            NoticeChannel::Telegram => self.notice_telegram(),
            NoticeChannel::Email => self.notice_email(),
        }
    }

    /// What a message is about.
    #[must_use]
    pub const fn notice_kind(self, kind: NoticeKind) -> &'static str {
        match kind {
            NoticeKind::PurchaseDelivered => self.kind_delivered(),
            NoticeKind::PurchaseFailed => self.kind_failed(),
            NoticeKind::PurchaseReview => self.kind_review(),
            NoticeKind::TopupWaiting => self.kind_topup_waiting(),
            NoticeKind::TopupCredited => self.kind_topup_credited(),
            NoticeKind::DepositLow => self.kind_deposit_low(),
            NoticeKind::Alarm => self.kind_alarm(),
            NoticeKind::SalesStopped => self.kind_sales_stopped(),
        }
    }

    /// The template that is used until the operator writes another.
    #[must_use]
    pub const fn usual_notice(self, kind: NoticeKind) -> &'static str {
        match kind {
            NoticeKind::PurchaseDelivered => self.usual_delivered(),
            NoticeKind::PurchaseFailed => self.usual_failed(),
            NoticeKind::PurchaseReview => self.usual_review(),
            NoticeKind::TopupWaiting => self.usual_topup_waiting(),
            NoticeKind::TopupCredited => self.usual_topup_credited(),
            NoticeKind::DepositLow => self.usual_deposit_low(),
            NoticeKind::Alarm => self.usual_alarm(),
            NoticeKind::SalesStopped => self.usual_sales_stopped(),
        }
    }

    /// Why a message did not go out, and what to do.
    #[must_use]
    pub const fn notice_trouble(self, trouble: NoticeTrouble) -> &'static str {
        match trouble {
            NoticeTrouble::NotReached => self.trouble_not_reached(),
            NoticeTrouble::NotSecure => self.trouble_not_secure(),
            NoticeTrouble::NoAnswer => self.trouble_no_answer(),
            NoticeTrouble::Busy => self.trouble_busy(),
            NoticeTrouble::BadLogin => self.trouble_bad_login(),
            NoticeTrouble::BadAddress => self.trouble_bad_address(),
            NoticeTrouble::Refused => self.trouble_refused(),
            NoticeTrouble::Unreadable => self.trouble_unreadable(),
            NoticeTrouble::BadSettings => self.trouble_bad_settings(),
        }
    }

    /// How a connection to a mail server is kept from being read.
    #[must_use]
    pub const fn mail_security(self, security: MailSecurity) -> &'static str {
        match security {
            MailSecurity::Tls => self.notice_tls(),
            MailSecurity::StartTls => self.notice_starttls(),
            MailSecurity::None => self.notice_in_clear(),
        }
    }

    /// What the shop itself has to mend before an order can be delivered.
    #[must_use]
    pub const fn shop_trouble(self, trouble: ShopTrouble) -> &'static str {
        match trouble {
            ShopTrouble::Deposit => self.shop_deposit_empty(),
            ShopTrouble::Address => self.shop_address_refused(),
            ShopTrouble::Key => self.shop_key_refused(),
            ShopTrouble::Request => self.shop_request_bad(),
            ShopTrouble::Blocked => self.shop_blocked(),
        }
    }

    /// The placeholders that a kind of message has values for: `{shop} {amount}`.
    #[must_use]
    pub fn placeholders(self, kind: NoticeKind) -> String {
        kind.placeholders().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    /// What the alarm of a failing channel says; `trouble` is its word.
    pub(super) fn notices_fail(self, channel: &str, trouble: &str) -> String {
        let channel = channel.parse().map_or(channel, |channel| self.notice_channel(channel));
        let why = trouble.parse().map_or(trouble, |trouble| self.notice_trouble(trouble));
        self.alarm_notices_fail(channel, why)
    }
}
