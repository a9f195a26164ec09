use super::texts;

texts! {
    terms_title => "Ketentuan layanan", "Terms of service";
    terms_lead => "Singkat dan jelas. Dengan memakai toko ini, Anda menyetujuinya.", "Short and plain. By using this shop you agree to them.";
    terms_h1 => "Layanan", "The service";
    terms_p1(shop) => "{shop} menjual paket data XL dan AXIS secara mandiri dan bukan bagian dari operator. Isi, masa aktif, dan jaringan paket mengikuti ketentuan operator.", "{shop} sells XL and AXIS data packages independently and is not part of the operator. Quota, validity and network follow the operator's terms.";
    terms_h2 => "Saldo", "Balance";
    terms_p2 => "Saldo dipakai untuk membeli paket di toko ini. Saldo tidak berbunga. Permintaan pengembalian saldo yang belum terpakai dapat diajukan lewat kontak kami; kami mencocokkan dulu pemilik akun dan rekeningnya.", "The balance is for buying packages in this shop and bears no interest. You may ask for unused balance back through our contact; we first check that account and bank account belong to you.";
    terms_h3 => "Pembelian", "Purchases";
    terms_p3 => "Periksa nomor tujuan sebelum membeli: paket yang sudah masuk tidak dapat ditarik kembali. Selama pesanan berjalan, harganya ditahan dari saldo. Bila gagal, saldo kembali utuh. Bila statusnya belum pasti, kami periksa dulu; jangan membeli ulang.", "Check the number before you buy: a delivered package cannot be taken back. While an order is under way its price is held from your balance. If it fails you get everything back. If it is uncertain we check first; please do not buy again.";
    terms_h4 => "Isi saldo", "Top-ups";
    terms_p4 => "Transfer tepat sesuai nominal yang tampil sebelum batas waktunya. Transfer dengan nominal lain atau terlambat tetap kami catat dan periksa, tetapi dapat memakan waktu lebih lama.", "Transfer exactly the amount shown before it runs out. Other amounts and late transfers are recorded and checked too, but may take longer.";
    terms_h5 => "Akun", "Your account";
    terms_p5 => "Satu akun untuk satu orang atau usaha. Jaga kata sandi Anda. Akun yang dipakai untuk penipuan dapat ditangguhkan; saldonya tetap tercatat.", "One account for one person or business. Keep your password safe. An account used for fraud may be suspended; its balance stays on record.";
    terms_h6 => "Keluhan", "Complaints";
    terms_p6 => "Hubungi kami dengan nomor transaksi. Setiap langkah transaksi tersimpan, jadi kita melihat catatan yang sama.", "Contact us with the transaction number. Every step is on record, so we both look at the same facts.";
    privacy_title => "Kebijakan privasi", "Privacy policy";
    privacy_lead => "Kami menyimpan sesedikit mungkin, dan hanya untuk menjalankan toko ini.", "We keep as little as we can, and only to run this shop.";
    privacy_h1 => "Yang kami simpan", "What we keep";
    privacy_p1 => "Nama pengguna, e-mail, nomor HP, dan sandi yang diacak sehingga tidak dapat dibaca siapa pun; nomor tujuan, paket, dan riwayat transaksi; isi saldo dan bukti transfer yang Anda kirim; waktu, alamat IP, dan jenis perangkat saat Anda masuk (90 hari).", "Your username, e-mail, phone number and a scrambled password that nobody can read; the numbers, packages and history of your purchases; your top-ups and the proofs you send; time, IP address and kind of device when you sign in (for 90 days).";
    privacy_h2 => "Untuk apa", "What for";
    privacy_p2 => "Untuk mengirim paket, menghitung saldo, menjawab keluhan, dan mencegah penipuan. Tidak untuk iklan, dan tidak dijual.", "To deliver packages, keep your balance, answer complaints and prevent fraud. Not for advertising, and never sold.";
    privacy_h3 => "Siapa yang melihat", "Who sees it";
    privacy_p3 => "Penyedia paket menerima nomor tujuan dan paketnya saja. Admin toko melihat transaksi dan bukti transfer. Catatan sistem tidak memuat nomor lengkap maupun kata sandi.", "The package provider gets the number and the package, nothing else. The shop's admins see transactions and proofs. System logs hold neither full numbers nor passwords.";
    privacy_h4 => "Cookie", "Cookies";
    privacy_p4 => "Hanya yang perlu: sesi masuk, tanda pengenal peramban agar perangkat baru ketahuan, bahasa, dan tampilan. Tidak ada pelacak dari pihak lain.", "Only what is needed: your session, a mark of your browser so that a new device is noticed, language and colours. No trackers of others.";
    privacy_h5 => "Hak Anda", "Your rights";
    privacy_p5 => "Anda dapat melihat dan mengubah data Anda, dan menutup akun, di halaman Akun. Minta salinan lewat kontak kami; catatan uang kami simpan selama diwajibkan hukum.", "See and change your data, and close your account, on the Account page. Ask us for a copy; records of money are kept as long as the law requires.";
}
