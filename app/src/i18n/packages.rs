use domain::{BulkStop, PriceStep, PriceTarget, RoundUp, SheetError, SheetRowTrouble, StatementError};
use store::{PackageSort, PriceSource, RowMistake, RowMistakeKind};

use super::{T, texts};

texts! {
    // The list
    packages_all_gateways => "Semua gateway", "Any gateway";
    packages_all_families => "Semua keluarga", "Any family";
    packages_more_filters => "Saringan lain", "More filters";
    packages_margin_below => "Laba di bawah (Rp)", "Margin below (Rp)";
    packages_margin_below_hint => "Untuk salah satu harga. 0 berarti yang rugi.", "Of either price. 0 means those at a loss.";
    packages_only_disturbed => "Hanya yang terganggu di gateway", "Only those disturbed at the gateway";
    packages_shown(n) => "{n} paket di halaman ini.", "{n} packages on this page.";
    packages_loss(amount) => "Rugi {amount}", "Loss {amount}";
    packages_up(name) => "Naikkan {name}", "Move {name} up";
    packages_down(name) => "Turunkan {name}", "Move {name} down";
    packages_changed(n) => "{n} paket diubah.", "{n} packages changed.";
    packages_imported(added, changed) => "{added} paket baru, {changed} paket diubah.", "{added} packages added, {changed} changed.";
    packages_export => "Unduh CSV", "Download CSV";
    packages_copy => "Salin jadi paket baru", "Copy to a new package";
    packages_copy_name(name) => "{name} (salinan)", "{name} (copy)";
    sort_by_shop => "Urutan toko", "Shop's order";
    sort_by_name => "Nama", "Name";
    sort_by_price => "Harga anggota termurah", "Cheapest for members";
    sort_by_margin => "Laba terkecil", "Smallest margin";
    sort_by_changed => "Terakhir diubah", "Changed last";
    // Many at once
    packages_bulk => "Ubah banyak paket", "Change many packages";
    bulk_lead_some(n) => "Untuk {n} paket yang cocok dengan saringan Anda.", "For the {n} packages that match your filters.";
    bulk_lead_all(n) => "Untuk semua {n} paket.", "For all {n} packages.";
    bulk_choose_others => "Pilih paket lain", "Choose other packages";
    bulk_most(most) => "Paling banyak {most} paket sekaligus. Persempit saringannya untuk yang lain.", "At most {most} packages at once. Narrow the filters for the others.";
    bulk_what => "Apa yang diubah", "What is changed";
    bulk_action => "Perubahan", "Change";
    bulk_prices => "Ubah harga jual", "Change selling prices";
    bulk_activate => "Aktifkan (dijual)", "Put on sale";
    bulk_deactivate => "Nonaktifkan (tidak dijual)", "Take off sale";
    bulk_target => "Harga untuk", "Prices of";
    bulk_only_prices => "Hanya untuk perubahan harga.", "Only for changes of prices.";
    bulk_step => "Rumus", "Formula";
    bulk_value => "Nilai", "Value";
    bulk_value_hint => "Rupiah atau persen, sesuai rumus. Contoh: 1.500 atau 7,5.", "Rupiah or percent, as the formula says. For example 1.500 or 7,5.";
    bulk_round => "Bulatkan ke atas", "Round up";
    bulk_round_hint => "Hasil rumus dibulatkan sekali, selalu ke atas.", "The formula's result is rounded once, always up.";
    bulk_look => "Lihat hasilnya", "See what it does";
    bulk_preview => "Yang akan diubah", "What would be changed";
    bulk_counts(changed, same) => "{changed} paket akan berubah, {same} tetap sama.", "{changed} packages would change, {same} stay the same.";
    bulk_stopped(n) => "{n} paket tidak bisa diubah begini: harganya akan di bawah modal, atau bukan harga yang mungkin.", "{n} packages cannot be changed like this: the price would be below the cost, or no possible price.";
    bulk_above_member(n) => "Pada {n} paket, harga reseller di atas harga anggota.", "For {n} packages resellers would pay more than members.";
    bulk_sum_member => "Jumlah harga anggota", "Sum of member prices";
    bulk_sum_reseller => "Jumlah harga reseller", "Sum of reseller prices";
    bulk_apply_lead => "Hapus centang paket yang tidak ikut. Bila salah satunya berubah sementara itu, tidak ada yang diubah.", "Untick what should stay. If one of them has changed meanwhile, nothing is changed.";
    bulk_apply => "Ubah yang dicentang", "Change what is ticked";
    bulk_same => "Tidak berubah", "No change";
    bulk_below_cost => "Di bawah modal", "Below cost";
    bulk_out_of_range => "Bukan harga", "No price";
    bulk_reseller_above => "Reseller di atas anggota", "Reseller above member";
    target_both => "Anggota dan reseller", "Members and resellers";
    step_percent_up => "Naik sekian persen", "Up by percent";
    step_percent_down => "Turun sekian persen", "Down by percent";
    step_add => "Tambah rupiah", "Add rupiah";
    step_subtract => "Kurangi rupiah", "Subtract rupiah";
    step_cost_plus => "Modal + rupiah", "Cost + rupiah";
    step_cost_percent => "Modal + persen", "Cost + percent";
    step_set => "Jadikan tepat sekian", "Set to exactly";
    round_one => "Tidak (rupiah utuh)", "No (whole rupiah)";
    round_to(amount) => "Ke kelipatan {amount}", "To multiples of {amount}";
    // History
    history_title => "Riwayat harga", "Price history";
    history_by => "Diubah oleh", "Changed by";
    history_course(n) => "Jalannya harga dalam {n} perubahan terakhir.", "The course of the prices over the last {n} changes.";
    source_start => "Harga awal", "First price";
    source_form => "Formulir paket", "Package form";
    source_bulk => "Ubah banyak paket", "Many at once";
    source_import => "Impor CSV", "CSV import";
    source_offers => "Daftar gateway, dipilih", "Gateway's list, chosen";
    source_gateway => "Modal mengikuti gateway", "Cost follows the gateway";
    source_unknown => "Lainnya", "Something else";
    // Tables
    packages_import => "Impor CSV", "Import CSV";
    import_file_title => "Berkas paket", "File of packages";
    import_lead => "Unduh CSV paket, ubah di spreadsheet, lalu masukkan lagi di sini. Belum ada yang berubah sebelum Anda setuju di langkah berikutnya.", "Download the packages as CSV, change them in a spreadsheet, and put the file back here. Nothing changes before you agree on the next page.";
    import_limits(rows) => "Paling besar 2 MB dan {rows} baris. Pemisah koma atau titik koma.", "At most 2 MB and {rows} rows. Parted by commas or semicolons.";
    import_look => "Periksa berkas", "Check the file";
    import_preview => "Hasil pemeriksaan", "What the file would do";
    import_other_file => "Pakai berkas lain", "Use another file";
    import_gone => "Berkas ini sudah tidak disimpan. Unggah sekali lagi.", "This file is not kept any more. Upload it once more.";
    import_counts(new, changed, same, wrong) => "{new} baru, {changed} berubah, {same} tetap, {wrong} salah.", "{new} new, {changed} changed, {same} the same, {wrong} wrong.";
    import_nothing => "Berkas ini tidak mengubah apa pun.", "This file changes nothing.";
    import_wrong(n) => "{n} baris harus diperbaiki dulu. Perbaiki di berkas, lalu unggah lagi; sebelum itu tidak ada yang diubah.", "{n} rows have to be put right first. Correct them in the file and upload it again; nothing is changed before.";
    import_apply_lead => "Semua baris dijalankan sekaligus. Bila ada paket yang berubah sementara itu, tidak ada yang diubah.", "All rows are carried out together. If a package has changed meanwhile, nothing is changed.";
    import_apply(n) => "Jalankan {n} perubahan", "Carry out {n} changes";
    import_wrong_title => "Baris yang salah", "Rows with mistakes";
    import_changed_title => "Paket yang berubah", "Packages that change";
    import_new_title => "Paket baru", "New packages";
    import_empty_cell => "(kosong)", "(empty)";
    import_columns => "Kolom", "Columns";
    import_columns_lead => "Baris pertama berisi nama kolom. Gateway dan sku harus ada; kolom lain boleh dihilangkan dan tetap seperti semula. Paling mudah mulai dari", "The first line has the names of the columns. Gateway and sku must be there; others may be left out and stay as they are. Best begin with";
    column_gateway => "Nama gateway. Bersama sku menentukan paketnya.", "The gateway's name. With the sku it tells which package.";
    column_sku => "Kode produk. Yang belum ada menjadi paket baru.", "The product code. One that is not there becomes a new package.";
    column_name => "Nama paket, paling banyak 80 karakter.", "The package's name, at most 80 characters.";
    column_text => "Keterangan; boleh kosong.", "The description; may be empty.";
    column_quota => "Pendek, misalnya 10 GB.", "Short, such as 10 GB.";
    column_validity => "Hari, 1 sampai 730.", "Days, 1 to 730.";
    column_category => "daily, weekly, monthly, family, atau other.", "daily, weekly, monthly, family or other.";
    column_brand => "XL atau AXIS.", "XL or AXIS.";
    column_family => "Keluarga paket; boleh kosong.", "The family; may be empty.";
    column_benefits => "Isi paket, dipisahkan tanda |. Awali bonus dengan +.", "What is in it, parted by |. Begin a bonus with +.";
    column_price => "Rupiah utuh, dengan atau tanpa titik. Tidak di bawah modal.", "Whole rupiah, with or without dots. Not below the cost.";
    column_cost => "Rupiah utuh, dengan atau tanpa titik.", "Whole rupiah, with or without dots.";
    column_active => "yes atau no. Paket baru tanpa kolom ini belum dijual.", "yes or no. A new package without it is not on sale yet.";
    column_sort => "Urutan, 0 sampai 1.000.000.", "Place in the list, 0 to 1,000,000.";
    sheet_too_large => "Berkas terlalu besar. Paling besar 2 MB.", "The file is too large. At most 2 MB.";
    sheet_too_many_rows => "Barisnya terlalu banyak. Paling banyak 2.000: bagi menjadi beberapa berkas.", "Too many rows. At most 2,000: part it into several files.";
    sheet_line(n) => "Baris {n} tidak bisa dibaca: sel terlalu panjang atau terlalu banyak. Periksa tanda kutip dan pemisahnya.", "Line {n} cannot be read: a cell is too long, or there are too many. Check quotes and delimiters.";
    sheet_no_header => "Baris pertama harus berisi nama kolom, seperti gateway,sku,price_member.", "The first line must have the columns' names, such as gateway,sku,price_member.";
    sheet_unknown_column(name) => "Kolom “{name}” tidak dikenal. Periksa ejaannya, atau hapus kolom itu.", "There is no column “{name}”. Check its spelling, or take the column out.";
    sheet_column_twice(name) => "Kolom {name} ada dua kali. Hapus salah satunya.", "The column {name} is there twice. Take one out.";
    sheet_missing_column(name) => "Kolom {name} tidak ada. Tambahkan.", "The column {name} is missing. Add it.";
    sheet_row_short => "Selnya kurang dari jumlah kolom. Tambahkan pemisahnya.", "It has fewer cells than columns. Add the delimiters.";
    sheet_row_long => "Selnya lebih dari jumlah kolom. Beri tanda kutip pada teks yang berisi pemisah.", "It has more cells than columns. Put quotes around a text with a delimiter in it.";
    row_quote => "Tanda kutip tidak ditutup. Tutup di akhir sel.", "A quote is not closed. Close it at the end of the cell.";
    row_twice(line) => "Paket ini sudah ada di baris {line}. Hapus salah satunya.", "This package is in line {line} already. Take one out.";
    row_several => "Ada beberapa paket dengan gateway dan kode ini. Ubah di halaman paketnya.", "Several packages have this gateway and code. Change it on the package's page.";
    row_no_gateway => "Tidak ada gateway dengan nama ini. Periksa ejaannya.", "No gateway is called so. Check its spelling.";
    field_bad_sheet => "Berkas ini tidak bisa dibaca atau terlalu besar. Pakai CSV, paling besar 2 MB.", "The file cannot be read, or is too large. Use CSV, at most 2 MB.";
}

impl T {
    /// An order of the list.
    #[must_use]
    pub const fn package_sort(self, sort: PackageSort) -> &'static str {
        match sort {
            PackageSort::Shop => self.sort_by_shop(),
            PackageSort::Name => self.sort_by_name(),
            PackageSort::Price => self.sort_by_price(),
            PackageSort::Margin => self.sort_by_margin(),
            PackageSort::Changed => self.sort_by_changed(),
        }
    }

    /// Whose prices.
    #[must_use]
    pub const fn price_target(self, target: PriceTarget) -> &'static str {
        match target {
            PriceTarget::Both => self.target_both(),
            PriceTarget::Member => self.member(),
            PriceTarget::Reseller => self.reseller(),
        }
    }

    /// A formula.
    #[must_use]
    pub const fn price_step(self, step: PriceStep) -> &'static str {
        match step {
            PriceStep::Set => self.step_set(),
            PriceStep::Add => self.step_add(),
            PriceStep::Subtract => self.step_subtract(),
            PriceStep::PercentUp => self.step_percent_up(),
            PriceStep::PercentDown => self.step_percent_down(),
            PriceStep::CostPlus => self.step_cost_plus(),
            PriceStep::CostPercent => self.step_cost_percent(),
        }
    }

    /// What is rounded to.
    #[must_use]
    pub fn round_up(self, round: RoundUp) -> String {
        match round {
            RoundUp::One => self.round_one().to_owned(),
            RoundUp::Hundred | RoundUp::FiveHundred | RoundUp::Thousand => {
                self.round_to(domain::Rupiah::new(round.rupiah()))
            }
        }
    }

    /// Why a package stays as it is.
    #[must_use]
    pub const fn bulk_stop(self, stop: BulkStop) -> &'static str {
        match stop {
            BulkStop::Same => self.bulk_same(),
            BulkStop::BelowCost => self.bulk_below_cost(),
            BulkStop::OutOfRange => self.bulk_out_of_range(),
        }
    }

    /// What changed a price.
    #[must_use]
    pub const fn price_source(self, source: Option<PriceSource>) -> &'static str {
        match source {
            Some(PriceSource::Start) => self.source_start(),
            Some(PriceSource::Form) => self.source_form(),
            Some(PriceSource::Bulk) => self.source_bulk(),
            Some(PriceSource::Import) => self.source_import(),
            Some(PriceSource::Offers) => self.source_offers(),
            Some(PriceSource::Gateway) => self.source_gateway(),
            None => self.source_unknown(),
        }
    }

    /// What a column of the table holds.
    #[must_use]
    pub fn sheet_column(self, column: &str) -> &'static str {
        match column {
            "gateway" => self.column_gateway(),
            "sku" => self.column_sku(),
            "name" => self.column_name(),
            "description" => self.column_text(),
            "quota" => self.column_quota(),
            "validity_days" => self.column_validity(),
            "category" => self.column_category(),
            "brand" => self.column_brand(),
            "family" => self.column_family(),
            "benefits" => self.column_benefits(),
            "cost" => self.column_cost(),
            "active" => self.column_active(),
            "sort" => self.column_sort(),
            _ => self.column_price(),
        }
    }

    /// Why a table cannot be read.
    #[must_use]
    pub fn sheet_error(self, error: &SheetError) -> String {
        match error {
            SheetError::Text(
                StatementError::TooManyCells { line_number }
                | StatementError::CellTooLong { line_number }
                | StatementError::OpenQuote { line_number },
            ) => self.sheet_line(line_number),
            SheetError::Text(_) => self.sheet_too_large().to_owned(),
            SheetError::NoHeader => self.sheet_no_header().to_owned(),
            SheetError::UnknownColumn { name } => self.sheet_unknown_column(name),
            SheetError::ColumnTwice { name } => self.sheet_column_twice(name),
            SheetError::MissingColumn { name } => self.sheet_missing_column(name),
            SheetError::TooManyRows => self.sheet_too_many_rows().to_owned(),
        }
    }

    /// What is wrong with a row, and what to do.
    #[must_use]
    pub fn row_mistake(self, mistake: &RowMistake) -> String {
        match &mistake.kind {
            RowMistakeKind::Cells(SheetRowTrouble::TooFewCells) => self.sheet_row_short().to_owned(),
            RowMistakeKind::Cells(SheetRowTrouble::TooManyCells) => self.sheet_row_long().to_owned(),
            RowMistakeKind::Cells(SheetRowTrouble::OpenQuote) => self.row_quote().to_owned(),
            RowMistakeKind::Field(domain::FieldCode::NotAChoice) => {
                self.sheet_column(mistake.column.unwrap_or_default()).to_owned()
            }
            RowMistakeKind::Field(code) => self.field_code(code),
            RowMistakeKind::Twice { first_line } => self.row_twice(first_line),
            RowMistakeKind::Several => self.row_several().to_owned(),
            RowMistakeKind::NoSuchGateway => self.row_no_gateway().to_owned(),
        }
    }
}
