use super::texts;

texts! {
    mail_hello(username) => "Halo {username},", "Hello {username},";
    mail_bye(shop) => "Salam,\n{shop}", "Regards,\n{shop}";
    mail_verify_subject(shop) => "Verifikasi alamat e-mail Anda di {shop}", "Verify your e-mail address at {shop}";
    mail_verify(link) => "Buka tautan ini untuk menunjukkan bahwa alamat e-mail ini milik Anda:\n\n{link}\n\nTautan berlaku satu hari dan hanya sekali. Bila Anda tidak memintanya, abaikan e-mail ini.", "Open this link to show that this e-mail address is yours:\n\n{link}\n\nIt works once, for a day. If you did not ask for it, ignore this e-mail.";
    mail_changing_subject(shop) => "Alamat e-mail akun {shop} akan diganti", "Your e-mail address at {shop} is about to change";
    mail_changing => "Ada permintaan untuk memakai alamat e-mail lain bagi akun Anda. Alamat ini tetap dipakai sampai yang baru diverifikasi.\n\nBila bukan Anda yang meminta, segera masuk, batalkan perubahannya di halaman Akun, dan ganti kata sandi.", "Somebody asked to use another e-mail address for your account. This one stays until the new one is verified.\n\nIf it was not you, sign in now, cancel the change on the Account page, and change your password.";
    mail_reset_subject(shop) => "Kata sandi baru untuk {shop}", "A new password for {shop}";
    mail_reset(link) => "Buka tautan ini untuk membuat kata sandi baru:\n\n{link}\n\nTautan berlaku 30 menit dan hanya sekali; yang terbaru yang berlaku. Bila Anda tidak memintanya, abaikan e-mail ini: kata sandi Anda tidak berubah.", "Open this link to set a new password:\n\n{link}\n\nIt works once, for 30 minutes; only the newest one works. If you did not ask for it, ignore this e-mail: your password stays as it is.";
    mail_password_subject(shop) => "Kata sandi {shop} Anda sudah diganti", "Your password at {shop} was changed";
    mail_password(at) => "Kata sandi akun Anda diganti pada {at}. Semua perangkat lain sudah keluar.\n\nBila bukan Anda yang menggantinya, buat kata sandi baru sekarang lewat \"Lupa kata sandi?\" di halaman masuk, lalu hubungi kami.", "The password of your account was changed on {at}. All other devices are signed out.\n\nIf it was not you, set a new one now by \"Forgot your password?\" on the sign-in page, then contact us.";
    mail_device_subject(shop) => "Ada perangkat baru yang masuk ke {shop}", "A new device signed in at {shop}";
    mail_device(at, device, ip) => "Akun Anda dimasuki dari perangkat yang belum pernah dipakai:\n\nWaktu: {at}\nPerangkat: {device}\nAlamat IP: {ip}\n\nBila itu Anda, tidak ada yang perlu dilakukan. Bila bukan, segera ganti kata sandi.", "Your account was entered from a device that was not used before:\n\nTime: {at}\nDevice: {device}\nIP address: {ip}\n\nIf it was you, there is nothing to do. If not, change your password at once.";
    mail_closed_subject(shop) => "Akun {shop} Anda sudah ditutup", "Your account at {shop} is closed";
    mail_closed => "Akun Anda sudah ditutup seperti yang Anda minta. Data pribadi Anda sudah dihapus; catatan uang dan transaksi disimpan untuk pembukuan. Ini e-mail terakhir dari kami.", "Your account is closed as you asked. Your personal data is deleted; records of money and transactions are kept for the books. This is the last e-mail from us.";
}
