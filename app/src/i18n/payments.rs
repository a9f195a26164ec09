use domain::{PayDialect, QrisWarning};

use super::{T, texts};

texts! {
    payments => "Pembayaran", "Payments";
    // Payment gateways
    paygate_none => "Belum ada gateway pembayaran. Tanpa gateway, isi saldo hanya lewat transfer atau QRIS toko yang Anda periksa sendiri.", "No payment gateway yet. Without one, top-ups come only by transfer or the shop's QRIS, which you check yourself.";
    paygate_midtrans => "Midtrans", "Midtrans";
    paygate_tripay => "Tripay", "Tripay";
    paygate_name_hint => "Huruf kecil, angka, dan tanda hubung. Tidak bisa diganti lagi.", "Small letters, digits and dashes. It cannot be changed later.";
    paygate_merchant => "Merchant", "Merchant";
    paygate_merchant_hint => "Midtrans: ID merchant. Tripay: kode merchant. Wajib: dari situ pesanan lama tetap dikenali setelah kunci diganti.", "Midtrans: the merchant ID. Tripay: the merchant code. Required: by it old orders are still known after the key was changed.";
    paygate_key => "Kunci server / kunci API", "Server key / API key";
    paygate_private_key => "Kunci privat", "Private key";
    paygate_private_hint => "Hanya untuk Tripay. Disimpan terenkripsi dan tidak pernah ditampilkan.", "For Tripay only. Kept encrypted and never shown.";
    paygate_keep_hint => "Tersimpan terenkripsi dan tidak pernah ditampilkan. Kosongkan bila tidak berubah.", "Kept encrypted and never shown. Leave empty to keep it.";
    paygate_change_note => "Alamat, merchant, atau kunci yang baru mematikan cara bayarnya sampai dicoba lagi. Alamat atau merchant baru butuh kunci yang baru diketik.", "With a new address, merchant or key its ways of paying are off until they have been tried again. A new address or merchant needs its key typed anew.";
    paygate_active => "Dipakai untuk isi saldo baru", "Used for new top-ups";
    paygate_addresses => "Alamat yang biasa dipakai", "Usual addresses";
    paygate_sandbox => "uji coba", "sandbox";
    paygate_production => "sungguhan", "production";
    paygate_is_sandbox => "Ini alamat uji coba: tidak ada uang sungguhan.", "This is a sandbox: no real money.";
    paygate_untried => "Belum dicoba", "Not tried yet";
    paygate_keys_bad => "Alamat atau kunci ditolak", "Address or key refused";
    paygate_silent => "Tidak menjawab", "Does not answer";
    paygate_heard => "Terakhir menjawab", "Last answer";
    paygate_never_heard => "Belum pernah", "Never";
    paygate_silent_since => "Diam sejak", "Silent since";
    paygate_probed => "Alamat dan kunci dicoba", "Address and key tried";
    paygate_webhook_hint(dialect) => "Tulis alamat webhook ini di pengaturan notifikasi {dialect}.", "Enter this webhook address in the notification settings of {dialect}.";
    // Ways of paying
    payways => "Cara bayar", "Ways of paying";
    payways_lead => "Yang menyala ditawarkan ke pembeli, menurut urutannya.", "Those that are on are offered to buyers, in this order.";
    payway_not_set_up => "Belum diatur", "Not set up";
    payway_set_up => "Atur", "Set up";
    payway_edit => "Ubah", "Change";
    payway_on => "Menyala", "On";
    payway_off => "Mati", "Off";
    payway_by_hand => "Diperiksa admin", "Checked by an admin";
    payway_fees(payer, cost) => "Biaya pembayar {payer} · potongan gateway {cost}", "Payer's fee {payer} · gateway keeps {cost}";
    payway_try => "Coba", "Try";
    payway_try_first => "Simpan dulu dalam keadaan mati, tekan “Coba”, lalu nyalakan setelah berhasil.", "Save it switched off, press “Try”, and switch it on once that works.";
    payway_test_never => "Belum dicoba dengan kunci ini", "Not tried with this key";
    payway_test_under_way => "Sedang dicoba…", "Being tried…";
    payway_test_works => "Sudah dicoba, berhasil", "Tried, and it works";
    payway_test_failed(why) => "Gagal: {why}", "Failed: {why}";
    payway_no_gateway => "Cara bayar ini butuh gateway pembayaran. Tambahkan dulu.", "This way of paying needs a payment gateway. Add one first.";
    payway_gateway => "Gateway", "Gateway";
    payway_min => "Paling sedikit", "At least";
    payway_max => "Paling banyak", "At most";
    payway_expiry => "Batas waktu bayar (menit)", "Time to pay (minutes)";
    payway_expiry_hint => "15 sampai 10.080 (7 hari).", "15 to 10,080 (7 days).";
    payway_payer_flat => "Biaya pembayar (Rp)", "Payer's fee (Rp)";
    payway_payer_hint => "Ditambahkan ke yang dibayar pembeli.", "Added to what the buyer pays.";
    payway_payer_percent => "Biaya pembayar (%)", "Payer's fee (%)";
    payway_percent_hint => "Contoh: 0,70", "Example: 0,70";
    payway_no_payer_fee => "Biaya QRIS tidak boleh dibebankan ke pembayar (PBI 23/6/PBI/2021 pasal 52).", "QRIS fees must not be passed on to the payer (PBI 23/6/PBI/2021, article 52).";
    payway_cost_flat => "Potongan gateway (Rp)", "Gateway keeps (Rp)";
    payway_cost_hint => "Perkiraan, dipakai bila gateway tidak menyebutkannya.", "An estimate, used where the gateway does not say it.";
    payway_cost_percent => "Potongan gateway (%)", "Gateway keeps (%)";
    payway_active => "Tawarkan ke pembeli", "Offer it to buyers";
    payway_static_note => "Kodenya diatur di", "Its code is set in";
    // The shop's own QRIS
    shop_qris => "QRIS toko", "The shop's QRIS";
    shop_qris_lead => "Kode QRIS statis milik toko dibuat dinamis dengan nominal unik. Tidak ada kabar otomatis: setiap pembayaran Anda periksa di mutasi bank.", "The shop's own static QRIS code, made dynamic with a unique amount. No word comes by itself: you check every payment on the bank statement.";
    shop_qris_paste => "Tempel isi kode", "Paste the code's text";
    shop_qris_text => "Isi kode QRIS", "Text of the QRIS code";
    shop_qris_text_hint => "Dimulai dengan 000201.", "It begins with 000201.";
    shop_qris_check => "Periksa kode", "Check the code";
    shop_qris_picture => "Atau unggah gambarnya", "Or upload a picture of it";
    shop_qris_picture_label => "Gambar kode QRIS", "Picture of the QRIS code";
    shop_qris_picture_hint => "JPG, PNG, atau WebP, paling besar 8 MB. Gambarnya tidak disimpan.", "JPG, PNG or WebP, at most 8 MB. The picture is not kept.";
    shop_qris_read => "Baca gambar", "Read the picture";
    shop_qris_found => "Kode yang terbaca", "The code that was read";
    shop_qris_now => "Kode yang dipakai", "The code in use";
    shop_qris_merchant => "Nama merchant", "Merchant";
    shop_qris_city => "Kota", "City";
    shop_qris_nmid => "NMID", "NMID";
    shop_qris_example(amount) => "Contoh untuk {amount}", "Example for {amount}";
    shop_qris_example_note => "Begini yang dilihat pembayar. Coba pindai dengan aplikasi Anda: nama dan nominal harus muncul. Jangan dibayar.", "This is what a payer sees. Scan it with your app: name and amount should show. Do not pay it.";
    shop_qris_bank => "Uangnya masuk ke rekening", "Its money arrives at";
    shop_qris_bank_hint => "Di mutasi rekening ini pembayarannya dicari.", "Payments are looked for on this account's statement.";
    shop_qris_no_bank => "Belum ada rekening bank toko. Tambahkan dulu di pengaturan.", "The shop has no bank account yet. Add one in the settings first.";
    shop_qris_save => "Pakai kode ini", "Use this code";
    qris_kind_missing => "Kode tidak menyebut statis atau dinamis, jadi dianggap statis.", "The code does not say whether it is static or dynamic; it is taken for static.";
    qris_static_with_amount => "Kode statis ini sudah punya nominal. Nominal itu diganti.", "This static code has an amount already. It is replaced.";
    qris_fee_on_top => "Kode ini meminta tip atau biaya tambahan. Bagian itu dibuang.", "This code asks for a tip or a fee on top. That part is left out.";
    qris_long_name => "Nama merchant lebih panjang dari aturan.", "The merchant's name is longer than the standard allows.";
    qris_long_city => "Nama kota lebih panjang dari aturan.", "The city is longer than the standard allows.";
    qris_no_nmid => "Kode tidak menyebut NMID. Pastikan ini kode milik toko Anda.", "The code names no NMID. Make sure that it is your shop's.";
    // A day of a payment gateway
    pay_day_link => "Cocokkan per hari", "Compare a day";
    pay_day_title(gateway, day) => "{gateway}, {day}", "{gateway}, {day}";
    pay_day_before => "Sebelumnya", "Day before";
    pay_day_after => "Berikutnya", "Day after";
    pay_day_show => "Lihat", "Show";
    pay_day_ours => "Catatan kita", "Our books";
    pay_day_theirs => "Daftar gateway", "Gateway's list";
    pay_day_cost => "Potongan gateway", "Gateway keeps";
    pay_day_net(amount) => "bersih {amount}", "net {amount}";
    pay_day_reversed => "Kemudian ditarik kembali", "Taken back later";
    pay_day_lines => "Pembayaran hari itu", "Payments of the day";
    pay_day_order => "No. pesanan", "Order";
    pay_day_nothing => "Tidak ada pembayaran pada hari ini, di kedua sisi.", "No payments on this day, on either side.";
    pay_day_all_agree(n) => "Semua {n} pembayaran cocok.", "All {n} payments agree.";
    pay_day_differ(n, all) => "{n} dari {all} pembayaran berbeda.", "{n} of {all} payments differ.";
    pay_day_only_ours => "Hanya di catatan kita", "Only in our books";
    pay_day_only_theirs => "Hanya di gateway", "Only at the gateway";
    pay_day_other_amount => "Jumlah berbeda", "Other amount";
    pay_day_more(n) => "{n} baris lagi ada di CSV.", "{n} more lines are in the CSV.";
    pay_day_csv => "Unduh CSV", "Download as CSV";
    pay_list_title => "Daftar dari gateway", "The gateway's own list";
    pay_list_fetch => "Ambil daftar hari ini dari gateway", "Fetch this day's list";
    pay_list_due => "Sedang diambil…", "Being fetched…";
    pay_list_there => "Sudah ada", "It is here";
    pay_list_never => "Belum pernah diambil", "Never fetched";
    pay_list_trouble => "Tidak bisa diambil", "Cannot be fetched";
    pay_list_by_file => "Gateway ini tidak punya daftar lewat API. Unduh daftar transaksi dari dasbornya sebagai CSV, lalu masukkan di sini; kolom referensinya adalah nomor pesanan.", "This gateway has no list in its API. Download the transactions from its dashboard as CSV and take them in; the reference column is the order id.";
    pay_list_take_in => "Masukkan berkas CSV", "Take in a CSV file";
    payout_title => "Catat pencairan", "Record a payout";
    payout_lead => "Catat setiap kali gateway mengirim uang ke rekening toko.", "Record every time the gateway sends money to the shop's bank account.";
    payout_in => "Uang masuk dari gateway", "Money came from the gateway";
    payout_back => "Betulkan catatan yang salah (kurangi)", "Correct a wrong record (take away)";
    payout_bank => "Masuk ke rekening", "Arrived at";
    payout_amount => "Yang masuk", "What arrived";
    payout_fee => "Biaya pencairan", "Fee of the payout";
    payout_fee_hint => "0 bila tidak ada.", "0 if there was none.";
    payout_save => "Catat pencairan", "Record it";
    // Top-ups
    admin_topup_kind => "Siapa yang memeriksa", "Who finds the money";
    admin_topup_kind_any => "Semua cara", "Any way";
    admin_topup_kind_hand => "Diperiksa admin", "Checked by an admin";
    admin_topup_kind_gateway => "Lewat gateway", "By a gateway";
    admin_topup_way => "Cara bayar", "Way of paying";
    admin_payer_fee => "Biaya pembayar", "Payer's fee";
    admin_collected_by => "Gateway", "Gateway";
    admin_to_pay => "Harus dibayar", "To be paid";
    admin_was_credited => "Masuk ke saldo", "Credited";
    admin_gateway_reference => "No. transaksi gateway", "Gateway's transaction id";
    admin_first_look_by(name) => "Dilihat pertama oleh {name}", "First look by {name}";
    admin_first_look(name, amount, reference) => "{name} menemukan {amount}, referensi {reference}.", "{name} found {amount}, reference {reference}.";
    admin_first_look_mine => "Jumlahnya besar, jadi admin lain harus menemukan uang yang sama. Bila Anda admin satu-satunya, lihat sekali lagi setelah waktu tunggunya.", "It is a large amount, so another admin has to find the same money. If you are the only admin, look once more after the waiting time.";
    admin_first_look_other => "Jumlahnya besar. Bila Anda menemukan mutasi yang sama, setujui; saldonya baru bertambah setelah itu.", "It is a large amount. If you find the same line, approve it; only then is it credited.";
    admin_approve_typed => "Atau catat sendiri mutasinya", "Or type the line yourself";
    admin_lines_title => "Pilih dari mutasi bank", "Pick a statement line";
    admin_lines_lead => "Mutasi dengan jumlah yang sama atau hampir sama.", "Lines of this amount, or nearly.";
    admin_line_pick => "Periksa mutasi ini", "Look at this line";
    admin_line_differs(difference) => "selisih {difference}", "differs by {difference}";
    admin_line_confirm => "Setujui dengan mutasi ini", "Approve by this line";
    admin_line_other(asked) => "Jumlahnya berbeda dari {asked} yang diminta. Yang masuk itulah yang ditambahkan.", "This differs from the {asked} asked for. What came is what is credited.";
    admin_no_line => "Belum ada mutasi bank yang cocok. Masukkan mutasi terbaru:", "No stored statement line fits. Take in the latest statement:";
    admin_ask_title => "Tanya gateway", "Ask the gateway";
    admin_ask_lead => "Status dibaca lagi dari gateway. Saldo hanya bertambah bila gateway menyatakan sudah dibayar.", "The status is read from the gateway again. Only if it says paid is anything credited.";
    admin_ask_now => "Tanya sekarang", "Ask now";
    admin_asked => "Gateway sedang ditanya. Jawabannya muncul di bawah.", "The gateway is being asked. The answer shows below.";
    refund_title => "Kembalikan dana", "Refund";
    refund_lead => "Uangnya keluar dari saldo lebih dulu, lalu dikirim ke pembayar.", "The money leaves the balance first, then it goes to the payer.";
    refund_way => "Dikembalikan oleh", "Paid back by";
    refund_by_gateway => "Gateway, ke sumber pembayaran", "The gateway, to where it came from";
    refund_by_hand => "Admin, lewat transfer", "An admin, by transfer";
    refund_only_by_hand => "Cara bayar ini hanya bisa dikembalikan lewat transfer.", "This way of paying can only be paid back by transfer.";
    refund_too_little => "Saldo pengguna tidak cukup, jadi pengembalian akan ditolak.", "The user's balance does not suffice, so this will be refused.";
    refund_do(amount) => "Keluarkan {amount} dari saldo", "Take {amount} out of the balance";
    refund_list => "Pengembalian dana", "Refunds";
    refund_open_gateway => "Gateway sedang mengembalikan", "The gateway is paying back";
    refund_open_hand => "Menunggu ditransfer", "To be transferred";
    refund_refused => "Gateway menolak", "Refused by the gateway";
    refund_done => "Sudah dikembalikan", "Paid back";
    refund_is_back => "Kembali ke saldo", "Back in the balance";
    refund_end_title(amount) => "Selesaikan pengembalian {amount}", "Finish the refund of {amount}";
    refund_gateway_refused => "Gateway tidak mau mengembalikan. Transfer sendiri, atau masukkan lagi ke saldo.", "The gateway does not pay it back. Transfer it yourself, or put it back into the balance.";
    refund_transferred_lead(name) => "Transfer dulu ke {name}, lalu catat di sini.", "Transfer it to {name} first, then record it here.";
    refund_from_bank => "Ditransfer dari rekening", "Transferred from";
    refund_reference => "Nomor referensi transfer", "Reference of the transfer";
    refund_reference_hint => "Seperti tertulis di bukti transfer Anda.", "As on your own proof of the transfer.";
    refund_transferred(amount) => "{amount} sudah ditransfer", "{amount} was transferred";
    refund_back_lead => "Atau batalkan: uangnya kembali ke saldo pengguna.", "Or call it off: the money returns to the user's balance.";
    refund_back => "Kembalikan ke saldo", "Put it back into the balance";
    // Users and webhooks
    admin_unfreeze => "Buka pembekuan", "Unfreeze";
    admin_unfreeze_lead => "Uang yang sudah masuk pernah ditarik kembali, jadi akun ini tidak bisa membeli.", "Money that had been credited was taken back, so this account cannot buy.";
    admin_unfreeze_confirm(name) => "Buka pembekuan {name}?", "Unfreeze {name}?";
    admin_unfreeze_yes => "Ya, izinkan membeli lagi", "Yes, let them buy again";
    admin_unfreeze_note => "Utangnya tetap dan dipotong dari isi saldo berikutnya. Untuk menghapusnya, koreksi saldo.", "The debt stays and is taken from the next top-up. To forgive it, correct the balance.";
    webhook_again => "Proses lagi", "Deliver again";
    // Overview
}

impl T {
    /// A payment gateway's make.
    #[must_use]
    pub const fn pay_dialect(self, dialect: PayDialect) -> &'static str {
        match dialect {
            PayDialect::Midtrans => self.paygate_midtrans(),
            PayDialect::Tripay => self.paygate_tripay(),
        }
    }

    /// What is unusual about a QRIS code.
    #[must_use]
    pub const fn qris_warning(self, warning: QrisWarning) -> &'static str {
        match warning {
            QrisWarning::KindMissing => self.qris_kind_missing(),
            QrisWarning::StaticWithAmount => self.qris_static_with_amount(),
            QrisWarning::FeeOnTop => self.qris_fee_on_top(),
            QrisWarning::LongName => self.qris_long_name(),
            QrisWarning::LongCity => self.qris_long_city(),
            QrisWarning::NoNationalNumber => self.qris_no_nmid(),
        }
    }
}
