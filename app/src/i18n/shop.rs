use domain::PurchaseState;

use super::{T, texts};

texts! {
    balance => "Saldo", "Balance";
    your_price => "Harga Anda", "Your price";
    price => "Harga", "Price";
    destination_number => "Nomor tujuan", "Number";
    destination_hint => "Nomor XL atau AXIS.", "An XL or AXIS number.";
    disturbed => "Gangguan, coba nanti", "Trouble, try later";
    held_safe => "Saldo ditahan, dan kembali sendiri bila gagal. Jangan beli ulang.", "The money is held and returns by itself if it fails. Do not buy again.";
    go_on => "Lanjut", "Continue";
    buy_for => "Beli paket untuk", "Buy a package for";
    recent_numbers => "Nomor terakhir", "Latest numbers";
    latest_purchases => "Terakhir", "Latest";
    held_amount(amount) => "Ditahan {amount}", "{amount} held";
    open_orders(n) => "{n} transaksi berjalan", "{n} under way";
    statement_short => "Mutasi", "Statement";
    nearly_empty => "Saldo Anda hampir habis.", "Your balance is nearly used up.";
    nearly_empty_way => "Isi saldo sekarang", "Top up now";
    balance_frozen => "Saldo akun ini dibekukan sementara. Hubungi kami.", "The balance of this account is frozen for now. Please contact us.";
    no_purchases_yet => "Belum ada pembelian. Tulis nomor di atas untuk memulai.", "No purchases yet. Type a number above to begin.";
    no_purchases_broke => "Belum ada pembelian. Isi saldo dulu, lalu pilih paket.", "No purchases yet. Top up first, then pick a package.";
    buy_package => "Beli paket", "Buy a package";
    kind_of_package => "Jenis paket", "Kind of package";
    search_packages => "Cari paket", "Search packages";
    sort_by => "Urutkan", "Sort by";
    sort_shop => "Pilihan", "Our picks";
    sort_cheap => "Termurah", "Cheapest";
    sort_long => "Terlama", "Longest";
    only_brand(brand, number) => "Paket {brand} untuk {number}.", "{brand} packages for {number}.";
    see_all_brands => "Lihat semua merek", "See all brands";
    other_brand_hint => "Tulis nomor dulu supaya hanya paket yang cocok yang tampil.", "Type a number first to see only the packages that fit.";
    no_packages_yet => "Belum ada paket yang dijual. Coba lagi nanti.", "No packages are on sale yet. Try again later.";
    no_package_fits => "Tidak ada paket yang cocok dengan pencarian ini.", "No package fits this search.";
    clear_search => "Hapus pencarian", "Clear the search";
    member_price => "Harga anggota", "Member price";
    confirm_title => "Konfirmasi", "Confirm";
    whose_number => "Untuk nomor mana?", "For which number?";
    change_number => "Ganti nomor", "Change number";
    other_package => "Pilih paket lain", "Pick another package";
    package_word => "Paket", "Package";
    contents => "Isi", "Contents";
    bonus(name) => "Bonus {name}", "Bonus {name}";
    becomes => "menjadi", "becomes";
    validity_word => "Masa aktif", "Valid for";
    balance_now => "Saldo sekarang", "Balance now";
    balance_then => "Saldo sesudah", "Balance after";
    held_briefly => "Saldo ditahan; kembali otomatis bila gagal.", "The money is held; it returns by itself if it fails.";
    buy_now => "Beli sekarang", "Buy now";
    buy_again => "Beli lagi", "Buy again";
    short_of(amount) => "Saldo kurang {amount}.", "You are {amount} short.";
    short_lead => "Isi saldo dulu. Pesanan ini menunggu Anda kembali.", "Top up first. This order waits for you.";
    top_up_amount(amount) => "Isi saldo {amount}", "Top up {amount}";
    one_transaction => "Transaksi", "Transaction";
    step_accepted => "Diterima", "Accepted";
    step_again => "Belum terkirim, akan dicoba lagi", "Not sent yet, will be tried again";
    step_sent => "Dikirim ke XL", "Sent to XL";
    step_waiting => "Menunggu jawaban", "Waiting for the answer";
    step_paying => "Menunggu pembayaran di XL", "Waiting for the payment at XL";
    step_unknown => "Status belum pasti, sedang dicek", "Not certain yet, being checked";
    step_review => "Diperiksa admin", "Being reviewed by an admin";
    step_arrived => "Paket masuk", "Package delivered";
    step_failed => "Gagal, saldo kembali", "Failed, money is back";
    step_refunded => "Dana dikembalikan", "Refunded";
    held_of(amount) => "saldo ditahan {amount}", "{amount} held";
    usually_quick => "biasanya di bawah 1 menit", "usually under a minute";
    unknown_lead => "Jawaban XL belum jelas. Kami terus bertanya sampai pasti, jadi ini belum tentu gagal.", "XL has not given a clear answer. We keep asking until we know, so this has not failed.";
    review_lead => "Admin sedang memeriksanya. Anda tidak perlu melakukan apa pun.", "An admin is looking into it. You need not do anything.";
    decided_by_admin => "diputuskan admin", "decided by an admin";
    transaction_no => "No. transaksi", "Transaction no.";
    serial_number => "Nomor seri (SN)", "Serial number";
    copy_serial => "Salin nomor seri", "Copy the serial number";
    bought_at => "Waktu", "Time";
    bought_by => "Pembeli", "Buyer";
    why_failed => "Sebab", "Reason";
    cancel_order => "Batalkan pesanan", "Cancel the order";
    cancel_order_lead => "Belum dikirim, jadi masih bisa dibatalkan. Saldo langsung kembali.", "It has not been sent, so you can still cancel it. Your money returns at once.";
    share_whatsapp => "Bagikan lewat WhatsApp", "Share on WhatsApp";
    share_text(quota, package, number, time) => "Paket {quota} ({package}) untuk {number} sudah masuk, {time}.", "{quota} ({package}) for {number} was delivered, {time}.";
    share_serial(serial) => "SN: {serial}", "SN: {serial}";
    need_help => "Ada masalah?", "Something wrong?";
    need_help_say(id) => "Hubungi kami dan sebutkan nomor {id}.", "Contact us and mention number {id}.";
    help_text(id) => "Halo, saya mau tanya tentang nomor {id}.", "Hello, I have a question about number {id}.";
    search_purchases => "Nomor HP atau nomor transaksi", "Phone or transaction number";
    filter_state => "Status", "State";
    filter_waiting => "Diproses", "In progress";
    filter_unknown => "Belum pasti", "Uncertain";
    filter_review => "Diperiksa", "In review";
    filter_succeeded => "Berhasil", "Delivered";
    filter_failed => "Gagal", "Failed";
    filter_refunded => "Dikembalikan", "Refunded";
    no_purchase_fits => "Tidak ada transaksi yang cocok.", "No transaction fits.";
    clear_filter => "Hapus saringan", "Clear the filter";
    no_purchases_list => "Belum ada transaksi. Mulai dengan memilih paket.", "No transactions yet. Begin by picking a package.";
    number_word => "Nomor", "Number";
    line_hold => "Pembelian", "Purchase";
    line_release => "Saldo kembali", "Money back";
    line_credit => "Isi saldo", "Top-up";
    line_refund => "Pengembalian dana", "Refund";
    line_refund_back => "Pengembalian dibatalkan", "Refund called off";
    line_reversal => "Isi saldo ditarik kembali", "Top-up taken back";
    line_recharge => "Pembelian ditagih kembali", "Purchase charged again";
    line_adjust => "Penyesuaian oleh admin", "Adjustment by an admin";
    balance_was(amount) => "Saldo {amount}", "Balance {amount}";
    no_movements => "Belum ada mutasi. Mulai dengan mengisi saldo.", "No movements yet. Begin with a top-up.";
    movements => "Mutasi", "Movements";
}

impl T {
    /// A step in the story of a purchase. `first` tells the acceptance from a return to the queue.
    #[must_use]
    pub const fn purchase_step(self, to: PurchaseState, first: bool) -> &'static str {
        match to {
            PurchaseState::Accepted if first => self.step_accepted(),
            PurchaseState::Accepted => self.step_again(),
            PurchaseState::Submitting => self.step_sent(),
            PurchaseState::Pending => self.step_waiting(),
            PurchaseState::AwaitingPayment => self.step_paying(),
            PurchaseState::Unknown => self.step_unknown(),
            PurchaseState::Review => self.step_review(),
            PurchaseState::Succeeded => self.step_arrived(),
            PurchaseState::Failed => self.step_failed(),
            PurchaseState::Refunded => self.step_refunded(),
        }
    }

    /// What a movement of the balance was; the kinds are those of the ledger.
    #[must_use]
    pub fn movement(self, kind: &str) -> &'static str {
        match kind {
            "hold" => self.line_hold(),
            "release" => self.line_release(),
            "credit" => self.line_credit(),
            "refund" => self.line_refund(),
            "refund_back" => self.line_refund_back(),
            "reversal" => self.line_reversal(),
            "recharge" => self.line_recharge(),
            _ => self.line_adjust(),
        }
    }
}
