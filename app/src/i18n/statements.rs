use domain::{NumberStyle, RowTrouble, StatementDateFormat, StatementError};

use super::{T, texts};

texts! {
    statements => "Mutasi bank", "Statements";
    statement_of => "Rekening", "Account";
    statement_upload => "Masukkan mutasi", "Take in a statement";
    statement_upload_lead => "Unduh mutasi dari internet banking sebagai CSV. Boleh tumpang tindih dengan yang sudah masuk: baris yang sama tidak dihitung dua kali.", "Download the statement from internet banking as CSV. It may overlap with what is here already: the same line never counts twice.";
    statement_file => "Berkas CSV", "CSV file";
    statement_file_hint => "Paling besar 2 MB dan 20.000 baris.", "At most 2 MB and 20,000 lines.";
    statement_paste => "Atau tempel isinya di sini", "Or paste it here";
    statement_next => "Lanjut ke kolom", "Continue to the columns";
    statement_gateway_lead => "Daftar transaksi gateway dipakai untuk mencocokkan per hari. Saldo tidak berubah karenanya.", "A gateway's list is used for comparing its days. No balance changes by it.";
    statement_taken_in(added, known) => "{added} baris baru masuk, {known} sudah ada.", "{added} new lines, {known} known already.";
    statement_nothing_open => "Semua mutasi sudah beres. Masukkan mutasi terbaru di bawah.", "All lines are dealt with. Take in the latest statement below.";
    statement_mapping => "Kolom mutasi", "Columns of the statement";
    statement_mapping_lead(name) => "Katakan sekali bagaimana berkas {name} dibaca. Pilihan ini diingat.", "Say once how the file of {name} is to be read. It will be remembered.";
    statement_gone => "Berkas ini sudah tidak disimpan. Unggah sekali lagi.", "This file is not kept any more. Upload it once more.";
    statement_first_rows => "Baris pertama di berkas", "First rows of the file";
    statement_parted(sign) => "Kolom dipisahkan {sign}.", "Columns are parted by {sign}.";
    delimiter_comma => "koma", "commas";
    delimiter_semicolon => "titik koma", "semicolons";
    delimiter_tab => "tab", "tabs";
    delimiter_pipe => "garis tegak", "bars";
    statement_columns => "Isi kolom", "What the columns hold";
    statement_choose_columns => "Pilih kolomnya, lalu lihat hasil bacanya di sini.", "Choose the columns, and what is read shows here.";
    statement_look => "Lihat hasilnya", "See what is read";
    statement_preview => "Yang akan dibaca", "What would be read";
    statement_counts(credits, debits, notes) => "{credits} uang masuk, {debits} uang keluar, {notes} baris lain.", "{credits} credits, {debits} debits, {notes} other rows.";
    statement_problems(n) => "{n} baris tidak terbaca dan tidak ikut masuk.", "{n} rows cannot be read and are left out.";
    statement_problems_show => "Lihat baris yang bermasalah", "See the rows with problems";
    statement_line(n) => "Baris {n}:", "Line {n}:";
    statement_take_in_lead => "Saldo belum berubah: setelah ini Anda memilih isi saldo mana yang dibayar.", "No balance changes yet: you choose next which top-ups they pay.";
    statement_take_in(n) => "Masukkan {n} uang masuk", "Take in {n} credits";
    column_n(n) => "Kolom {n}", "Column {n}";
    column_choose => "Pilih …", "Choose …";
    column_none => "Tidak ada", "None";
    column_date => "Tanggal", "Date";
    column_date_format => "Bentuk tanggal", "Form of dates";
    column_description => "Keterangan", "Description";
    column_amount_kind => "Masuk dan keluar dibedakan oleh", "Credits and debits are told by";
    amount_split => "Dua kolom: kredit dan debet", "Two columns: credit and debit";
    amount_marked => "Satu kolom jumlah, satu kolom CR/DB", "One column, and another that says CR or DB";
    amount_signed => "Satu kolom dengan tanda minus atau DB", "One column with a minus or DB";
    column_credit => "Kredit (masuk)", "Credit";
    column_debit => "Debet (keluar)", "Debit";
    column_split_hint => "Untuk dua kolom.", "For two columns.";
    column_amount => "Jumlah", "Amount";
    column_single_hint => "Untuk satu kolom jumlah.", "For one column of amounts.";
    column_marker => "Tanda CR/DB", "CR/DB mark";
    column_marker_hint => "Bila ada kolomnya sendiri.", "Where it has a column of its own.";
    column_numbers => "Bentuk angka", "Form of numbers";
    column_reference => "Nomor referensi", "Reference";
    column_reference_hint => "Hanya bila berbeda di setiap transfer.", "Only if it is different for every transfer.";
    column_reference_gateway => "Wajib: kolom nomor pesanan (order id).", "Required: the column of the order id.";
    column_balance => "Saldo berjalan", "Running balance";
    column_balance_hint => "Membantu membedakan dua transfer yang sama persis.", "Helps to tell two identical transfers apart.";
    column_skip => "Baris atas yang dilewati", "Lines to skip at the top";
    column_skip_hint => "Biasanya 0: judul kolom dicari sendiri.", "Usually 0: the header is found by itself.";
    number_dots => "1.234.567,89", "1.234.567,89";
    number_commas => "1,234,567.89", "1,234,567.89";
    number_plain => "1234567 tanpa pemisah ribuan", "1234567 without thousands separators";
    date_slash_year => "05/01/2026", "05/01/2026";
    date_dash_year => "05-01-2026", "05-01-2026";
    date_year_first => "2026-01-05", "2026-01-05";
    date_short_year => "05/01/26", "05/01/26";
    date_name_year => "05 Jan 2026", "05 Jan 2026";
    date_no_year => "05/01 tanpa tahun", "05/01 without a year";
    pairs_certain => "Cocok", "Certain";
    pairs_certain_lead => "Jumlahnya sama persis, dan tidak ada isi saldo atau mutasi lain yang cocok. Yang disetujui langsung masuk ke saldo; yang besar menunggu admin kedua.", "The amounts are exactly the same, and nothing else fits. What is approved is credited at once; large ones wait for a second admin.";
    pairs_approve(n, total) => "Setujui semua {n}, {total}", "Approve all {n}, {total}";
    pairs_unsure => "Perlu dilihat", "To look at";
    pairs_unsure_lead => "Terlambat, atau lebih dari satu yang cocok.", "Late, or more than one fits.";
    pairs_late => "Terlambat", "Late";
    pairs_several => "Ada beberapa yang cocok", "Several fit";
    pairs_credited(n) => "{n} isi saldo masuk.", "{n} top-ups credited.";
    pairs_second(n) => "{n} menunggu admin kedua.", "{n} wait for a second admin.";
    pairs_refused(n) => "{n} tidak bisa disetujui; lihat di bawah.", "{n} could not be approved; see below.";
    lines_unpaired => "Tanpa isi saldo", "Without a top-up";
    lines_unpaired_lead => "Tidak ada isi saldo dengan jumlah ini. Urusan toko sendiri diabaikan; uang pelanggan ditahan sampai pemiliknya ketemu.", "No top-up has this amount. The shop's own business is left aside; a customer's money is kept until its owner is found.";
    line_own => "Urusan toko", "Shop's own business";
    line_customers => "Uang pelanggan", "A customer's money";
    lines_more(n) => "Masih ada {n} lagi.", "{n} more.";
    statement_too_large => "Berkas terlalu besar.", "The file is too large.";
    statement_too_many_lines => "Terlalu banyak baris.", "Too many lines.";
    statement_too_many_cells(n) => "Baris {n} punya terlalu banyak kolom.", "Line {n} has too many cells.";
    statement_cell_too_long(n) => "Sebuah isian di baris {n} terlalu panjang. Mungkin tanda kutipnya tidak ditutup.", "A cell in line {n} is too long. Perhaps a quote is not closed.";
    statement_open_quote(n) => "Tanda kutip di baris {n} tidak ditutup.", "A quote in line {n} is not closed.";
    statement_no_header => "Judul kolomnya tidak ditemukan. Mungkin bank mengubah berkasnya.", "The header was not found. The bank may have changed its file.";
    statement_column_twice => "Satu kolom dipilih untuk dua hal.", "One column was chosen for two things.";
    row_too_few => "kolomnya kurang.", "too few cells.";
    row_too_many => "kolomnya lebih banyak dari judul.", "more cells than the header.";
    row_open_quote(n) => "tanda kutip tidak ditutup sampai baris {n}.", "a quote that is not closed goes on to line {n}.";
    row_bad_date => "tanggal tidak sesuai bentuk yang dipilih.", "not a date in the chosen form.";
    row_later_date => "tanggalnya belum tiba.", "a date still to come.";
    row_bad_amount => "jumlah tidak sesuai bentuk angka yang dipilih.", "not an amount in the chosen form.";
    row_no_amount => "tidak ada jumlahnya.", "no amount.";
    row_fraction => "bukan rupiah bulat.", "not whole rupiah.";
    row_credit_or_debit => "tidak jelas masuk atau keluar.", "not clear whether it came in or went out.";
    row_balance => "seperti baris saldo, tetapi ada jumlahnya.", "reads like a balance, and has an amount.";
    row_bad_reference => "nomor referensinya terlalu panjang.", "the reference is too long.";
    row_reference_twice(n) => "nomor referensinya sama dengan baris {n}.", "the same reference as line {n}.";
}

impl T {
    /// How days are written.
    #[must_use]
    pub const fn statement_date(self, format: StatementDateFormat) -> &'static str {
        match format {
            StatementDateFormat::DaySlashYear => self.date_slash_year(),
            StatementDateFormat::DayDashYear => self.date_dash_year(),
            StatementDateFormat::YearFirst => self.date_year_first(),
            StatementDateFormat::DaySlashShortYear => self.date_short_year(),
            StatementDateFormat::DayNameYear => self.date_name_year(),
            StatementDateFormat::DaySlashMonth => self.date_no_year(),
        }
    }

    /// How amounts are written.
    #[must_use]
    pub const fn statement_numbers(self, style: NumberStyle) -> &'static str {
        match style {
            NumberStyle::DotThousands => self.number_dots(),
            NumberStyle::CommaThousands => self.number_commas(),
            NumberStyle::Plain => self.number_plain(),
        }
    }

    /// Why a statement cannot be read at all.
    #[must_use]
    pub fn statement_error(self, error: StatementError) -> String {
        match error {
            StatementError::TooLarge => self.statement_too_large().to_owned(),
            StatementError::TooManyLines => self.statement_too_many_lines().to_owned(),
            StatementError::TooManyCells { line_number } => self.statement_too_many_cells(line_number),
            StatementError::CellTooLong { line_number } => self.statement_cell_too_long(line_number),
            StatementError::OpenQuote { line_number } => self.statement_open_quote(line_number),
            StatementError::HeaderNotFound => self.statement_no_header().to_owned(),
            StatementError::SameColumnTwice => self.statement_column_twice().to_owned(),
        }
    }

    /// Why a row of a statement cannot be read.
    #[must_use]
    pub fn row_trouble(self, trouble: RowTrouble) -> String {
        match trouble {
            RowTrouble::TooFewCells => self.row_too_few().to_owned(),
            RowTrouble::TooManyCells => self.row_too_many().to_owned(),
            RowTrouble::OpenQuote { until_line } => self.row_open_quote(until_line),
            RowTrouble::BadDate => self.row_bad_date().to_owned(),
            RowTrouble::LaterDate => self.row_later_date().to_owned(),
            RowTrouble::BadAmount => self.row_bad_amount().to_owned(),
            RowTrouble::NoAmount => self.row_no_amount().to_owned(),
            RowTrouble::FractionOfRupiah => self.row_fraction().to_owned(),
            RowTrouble::CreditOrDebit => self.row_credit_or_debit().to_owned(),
            RowTrouble::BalanceWithAmount => self.row_balance().to_owned(),
            RowTrouble::BadReference => self.row_bad_reference().to_owned(),
            RowTrouble::ReferenceTwice { first_line } => self.row_reference_twice(first_line),
        }
    }
}
