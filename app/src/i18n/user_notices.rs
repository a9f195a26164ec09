use domain::UserNoticeKind;
use store::UNREAD_SHOWN_MOST;

use super::{T, texts};

texts! {
    user_notices => "Pemberitahuan", "Notifications";
    user_notices_none => "Belum ada pemberitahuan. Kabar tentang pembelian, isi saldo, dan perangkat baru muncul di sini.", "No notifications yet. News of purchases, top-ups and new devices appears here.";
    user_notices_settings => "Atur pemberitahuan", "Notification settings";
    user_notices_read_all => "Tandai semua sudah dibaca", "Mark all as read";
    user_notices_kept => "Yang sudah dibaca disimpan 90 hari.", "What was read is kept for 90 days.";
    user_notices_way => "Lewat e-mail atau Telegram, sesuai pilihan Anda", "By e-mail or Telegram, as you choose";
    user_notice_new => "Belum dibaca", "Unread";
    bell_none => "Pemberitahuan, semua sudah dibaca", "Notifications, all read";
    bell_some(count) => "Pemberitahuan, {count} belum dibaca", "Notifications, {count} unread";
    bell_many(most) => "Pemberitahuan, lebih dari {most} belum dibaca", "Notifications, more than {most} unread";
    user_notice_delivered => "Paket terkirim", "Package delivered";
    user_notice_failed => "Pembelian gagal, saldo kembali", "Purchase failed, money is back";
    user_notice_credited => "Saldo masuk", "Balance credited";
    user_notice_device => "Perangkat baru masuk ke akun", "A new device signed in";
    user_notice_delivered_text(package, number, amount) => "{package} untuk {number} berhasil dikirim. Harga {amount}.", "{package} was delivered to {number}. Price {amount}.";
    user_notice_failed_text(package, number, amount) => "{package} untuk {number} tidak terkirim. {amount} sudah kembali ke saldo Anda.", "{package} for {number} was not delivered. {amount} is back in your balance.";
    user_notice_credited_text(amount) => "Pembayaran {amount} sudah kami terima dan masuk ke akun Anda.", "Your payment of {amount} has arrived and is in your account.";
    user_notice_device_text(device, ip) => "{device}, alamat IP {ip}. Bila bukan Anda, segera ganti kata sandi.", "{device}, IP address {ip}. If it was not you, change your password at once.";
    user_notice_old_device_text => "Bila bukan Anda, segera ganti kata sandi.", "If it was not you, change your password at once.";
    choices_title => "Atur pemberitahuan", "Notification settings";
    choices_lead => "Di lonceng, semua pemberitahuan selalu ada. Pilih yang juga ingin Anda terima di tempat lain.", "Behind the bell, all notifications are always there. Choose what you also want to get elsewhere.";
    choice_delivered => "Paket terkirim", "Package delivered";
    choice_failed => "Pembelian gagal", "Purchase failed";
    choice_credited => "Saldo masuk", "Balance credited";
    choice_device => "Perangkat baru masuk ke akun", "A new device signs in";
    choices_by_email => "Lewat e-mail", "By e-mail";
    choices_by_telegram => "Lewat Telegram", "By Telegram";
    choices_email_to(address) => "Dikirim ke {address}.", "Sent to {address}.";
    choices_email_off => "Toko ini belum bisa mengirim e-mail.", "This shop cannot send e-mail yet.";
    choices_not_verified(address) => "Alamat {address} belum diverifikasi. Sebelum itu, tidak ada yang dikirim ke sana.", "The address {address} is not verified. Until it is, nothing is sent there.";
    choices_verify => "Verifikasi di halaman Akun", "Verify it on the Account page";
    telegram_lead => "Bot toko ini bisa mengirim pemberitahuan ke Telegram Anda.", "This shop's bot can send notifications to your Telegram.";
    telegram_start_before => "Buka", "Open";
    telegram_start_after => "di Telegram dan tekan Start. Tanpa itu bot tidak boleh menulis kepada Anda.", "in Telegram and press Start. Without that, the bot may not write to you.";
    telegram_find => "Cari nomor chat Anda, misalnya dengan menulis ke @userinfobot di Telegram. Isinya angka saja.", "Find your chat number, for instance by writing to @userinfobot in Telegram. It is digits only.";
    telegram_type => "Tulis nomornya di bawah. Bot mengirim kode ke sana.", "Type the number below. The bot sends a code there.";
    telegram_in_demo => "Di toko contoh ini bot hanya mengenal chat 20002, dan pesannya bisa dibaca di sini.", "In this demo shop the bot knows only chat 20002, and its messages can be read here.";
    telegram_chat => "Nomor chat", "Chat number";
    telegram_ask => "Kirim kode", "Send the code";
    telegram_code => "Kode dari bot", "Code from the bot";
    telegram_code_hint(chat, until) => "6 angka, dikirim ke chat {chat}. Berlaku sampai {until}.", "6 digits, sent to chat {chat}. Valid until {until}.";
    telegram_prove => "Hubungkan", "Connect";
    telegram_undelivered => "Bot tidak bisa menulis ke chat itu. Tekan Start di bot, periksa nomornya, lalu kirim kode lagi.", "The bot cannot write to that chat. Press Start at the bot, check the number, then send the code again.";
    telegram_again => "Nomor lain, atau kirim ulang", "Another number, or send again";
    telegram_linked(chat) => "Terhubung dengan chat {chat}.", "Connected to chat {chat}.";
    telegram_drop => "Putuskan Telegram", "Disconnect Telegram";
    telegram_code_message(shop, code) => "Kode untuk menghubungkan Telegram ini dengan {shop}: {code}\n\nBerlaku 10 menit. Bila Anda tidak memintanya, abaikan pesan ini.", "Code to connect this Telegram with {shop}: {code}\n\nIt is valid for 10 minutes. If you did not ask for it, ignore this message.";
    notice_bot => "Nama bot", "Bot name";
    notice_bot_hint => "Isi @nama bot agar pengguna bisa menerima pemberitahuannya sendiri lewat bot ini. Kosongkan bila hanya untuk Anda.", "The bot's @name, so that users can get their own notifications by this bot. Leave empty to keep it for yourself.";
}

impl T {
    /// The bell's name, with how much is unread.
    #[must_use]
    pub fn bell(self, unread: i64) -> String {
        match unread {
            ..=0 => self.bell_none().to_owned(),
            1..=UNREAD_SHOWN_MOST => self.bell_some(unread),
            _ => self.bell_many(UNREAD_SHOWN_MOST),
        }
    }

    /// A kind of notice, as something to choose.
    #[must_use]
    pub const fn user_notice_choice(self, kind: UserNoticeKind) -> &'static str {
        match kind {
            UserNoticeKind::Delivered => self.choice_delivered(),
            UserNoticeKind::Failed => self.choice_failed(),
            UserNoticeKind::Credited => self.choice_credited(),
            UserNoticeKind::NewDevice => self.choice_device(),
        }
    }
}
