use super::*;
use crate::DAY_MS;

/// 2026-01-05 00:00 WIB.
const FIFTH: UtcMillis = UtcMillis(1_767_546_000_000);
/// In the evening of 2026-01-20, WIB.
const NOW: UtcMillis = UtcMillis(1_768_917_600_000);

const HEADER: &str = "Tanggal,Keterangan,Ref,Debet,Kredit,Saldo\n";

fn column(at: usize, name: &str) -> Column {
    Column { at, name: name.to_owned() }
}

fn profile() -> StatementProfile {
    StatementProfile {
        delimiter: Delimiter::Comma,
        skip_lines: 0,
        date: column(0, "tanggal"),
        amount: AmountColumns::Split { credit: column(4, "Kredit"), debit: column(3, "Debet") },
        description: column(1, "Keterangan"),
        reference: None,
        balance: None,
        date_format: StatementDateFormat::DaySlashYear,
        numbers: NumberStyle::Plain,
    }
}

fn read_as(profile: &StatementProfile, text: &str) -> Result<Statement, StatementError> {
    StatementText::from_bytes(text.as_bytes()).unwrap().read(profile, NOW)
}

fn read(rows: &str) -> Statement {
    read_as(&profile(), &format!("{HEADER}{rows}")).unwrap()
}

/// What is wrong with a row that stands alone below the header.
fn trouble(row: &str) -> Option<RowTrouble> {
    let statement = read(row);
    assert_eq!(statement.lines.len() + statement.problems.len(), 1, "{row}");
    statement.problems.first().map(|problem| {
        assert_eq!(problem.line_number, 2);
        problem.trouble
    })
}

fn references(statement: &Statement) -> Vec<&str> {
    statement.lines.iter().map(|line| line.reference.as_str()).collect()
}

#[test]
fn each_row_ends_in_one_place() {
    let statement = read_as(
        &profile(),
        "Rekening,0001112223\r\n\r\nTanggal,Keterangan,Ref,Debet,Kredit,Saldo\r\n\
         ,Saldo Awal,,,,1000000\r\n\
         05/01/2026,\"TRF  BUDI, \"\"WARUNG\"\"\",,0.00,50123.00,1050123\r\n\
         ,lanjutan keterangan,,,,\r\n\
         06/01/2026,BIAYA,,2500.50,,1047622.50\r\n\
         07/01/2026,SALDO AWAL,,,,1047622.50\r\n\
         tanggal,keterangan,ref,debet,kredit,saldo\r\n\
         PEND,TRF ANI,,,50124,\r\n\
         ,,,,,\r\n\
         Total Kredit,,,,100247,\r\nSaldo Akhir,1047622.50\r\n\r\n",
    )
    .unwrap();
    assert_eq!((statement.debits, statement.notes), (1, 7));
    let line = &statement.lines[0];
    assert_eq!((line.line_number, line.day, line.amount), (5, FIFTH, Rupiah::new(50_123)));
    assert_eq!(line.description, "TRF BUDI, \"WARUNG\"");
    let problem = RowProblem { line_number: 10, trouble: RowTrouble::BadDate };
    assert_eq!((statement.lines.len(), statement.problems), (1, vec![problem]));
}

#[test]
fn what_is_wrong_with_a_row() {
    for (row, expected) in [
        ("05/01/2026,A,,,1000,0", None),
        ("05/01/2026,A,,,1000", None),
        ("05/01/2026,A,,,1000,0,,", None),
        ("20/01/2026,A,,,1000,0", None),
        ("05/01/2026,A,,1000", Some(RowTrouble::TooFewCells)),
        ("05/01/2026,A,B,,,1000,0", Some(RowTrouble::TooManyCells)),
        ("32/01/2026,A,,,1000,0", Some(RowTrouble::BadDate)),
        (",A,,,1000,0", Some(RowTrouble::BadDate)),
        ("21/01/2026,A,,,1000,0", Some(RowTrouble::LaterDate)),
        ("05/01/2026,A,,,1.000,0", Some(RowTrouble::BadAmount)),
        ("05/01/2026,A,,,1000000000000,0", Some(RowTrouble::BadAmount)),
        ("05/01/2026,A,,x,1000,0", Some(RowTrouble::BadAmount)),
        ("05/01/2026,A,,0,0,0", Some(RowTrouble::NoAmount)),
        ("05/01/2026,A,,,,0", Some(RowTrouble::NoAmount)),
        ("05/01/2026,A,,,1000.50,0", Some(RowTrouble::FractionOfRupiah)),
        ("05/01/2026,A,,,0.50,0", Some(RowTrouble::FractionOfRupiah)),
        ("05/01/2026,A,,500,1000,0", Some(RowTrouble::CreditOrDebit)),
        ("05/01/2026,A,,,-1000,0", Some(RowTrouble::CreditOrDebit)),
        ("05/01/2026,Saldo Awal,,,1000,0", Some(RowTrouble::BalanceWithAmount)),
        ("05/01/2026,Total belanja,,,1000,0", None),
    ] {
        assert_eq!(trouble(row), expected, "{row}");
    }
}

#[test]
fn signs_and_marks() {
    let signed = AmountColumns::Signed { amount: column(4, "Kredit") };
    let marked = AmountColumns::Marked { amount: column(4, "Kredit"), marker: column(3, "Debet") };
    let wrong = Err(RowTrouble::CreditOrDebit);
    for (amount, row, expected) in [
        (&signed, ",1000", Ok(true)),
        (&signed, ",+1000", Ok(true)),
        (&signed, ",1000 CR", Ok(true)),
        (&signed, ",-1000", Ok(false)),
        (&signed, ",(1000)", Ok(false)),
        (&signed, ",1000 DB", Ok(false)),
        (&signed, ",-1000 DB", Ok(false)),
        (&signed, ",-1000 CR", wrong),
        (&signed, ",1000 XX", Err(RowTrouble::BadAmount)),
        (&marked, "CR,1000", Ok(true)),
        (&marked, "Kredit,1000", Ok(true)),
        (&marked, "db,1000", Ok(false)),
        (&marked, "D,-1000", Ok(false)),
        (&marked, ",1000", wrong),
        (&marked, "?,1000", wrong),
        (&marked, "CR,-1000", wrong),
    ] {
        let profile = StatementProfile { amount: amount.clone(), ..profile() };
        let statement = read_as(&profile, &format!("{HEADER}05/01/2026,A,,{row},0")).unwrap();
        let found = match (statement.lines.len(), statement.debits, statement.problems.as_slice()) {
            (1, 0, []) => Ok(true),
            (0, 1, []) => Ok(false),
            (0, 0, [problem]) => Err(problem.trouble),
            _ => panic!("{statement:?}"),
        };
        assert_eq!(found, expected, "{row}");
    }
}

#[test]
fn an_open_quote_hides_no_rows() {
    let rows = "05/01/2026,\"TRF,,,1000,0\n06/01/2026,\"B\",,,2000,0\n07/01/2026,C,,,3000,0\n";
    let statement = read(rows);
    let open = RowTrouble::OpenQuote { until_line: 3 };
    assert_eq!(statement.problems, [RowProblem { line_number: 2, trouble: open }]);
    assert_eq!(statement.lines.len(), 1);
    for swallowed in ["PEND,\"B\",,,2000,0\n", "06/01/2026,\",B\",,,2000,0\n", "07/01/2026,C,,,3000,0\n"] {
        let statement = read(&format!("05/01/2026,\"TRF,,,1000,0\n{swallowed}"));
        assert_eq!((statement.lines.len(), statement.problems.len()), (0, 1), "{swallowed}");
    }
    let above = format!("Nama,\"Melati\n{HEADER}05/01/2026,A,,,1000,0\n");
    assert_eq!(read_as(&profile(), &above), Err(StatementError::OpenQuote { line_number: 1 }));
    let skipped = StatementProfile { skip_lines: 1, ..profile() };
    assert_eq!(read_as(&skipped, &above).unwrap().lines.len(), 1);
    let several_lines = read("05/01/2026,\"TRF\nBUDI, JAKARTA\",,,1000,0\n06/01/2026,B,,,2000,0\n");
    assert_eq!(several_lines.lines[0].description, "TRF BUDI, JAKARTA");
    assert_eq!(several_lines.lines[1].line_number, 4);
    assert_eq!(trouble("05/01/2026,\"A\" B,,,1000,0"), Some(RowTrouble::OpenQuote { until_line: 2 }));
}

#[test]
fn a_file_of_another_bank_is_refused() {
    for text in ["", "a,b\n", "Keterangan,Tanggal,Ref,Debet,Kredit,Saldo\n05/01/2026,A,,,1000,0\n"] {
        assert_eq!(read_as(&profile(), text), Err(StatementError::HeaderNotFound), "{text}");
    }
    let twice = StatementProfile { balance: Some(column(0, "Tanggal")), ..profile() };
    assert_eq!(read_as(&twice, HEADER), Err(StatementError::SameColumnTwice));
    let far = StatementProfile { balance: Some(column(usize::MAX, "Saldo")), ..profile() };
    assert_eq!(read_as(&far, HEADER), Err(StatementError::HeaderNotFound));
}

#[test]
fn without_a_header_the_first_row_sets_the_width() {
    let mut profile = profile();
    profile.date = column(0, "");
    profile.description = column(1, "");
    profile.amount = AmountColumns::Signed { amount: column(2, "") };
    profile.skip_lines = 1;
    let statement = read_as(&profile, "anything\n05/01/2026,A,1000\n05/01/2026,A, B,1000\n").unwrap();
    assert_eq!(statement.lines.len(), 1);
    assert_eq!(statement.problems, [RowProblem { line_number: 3, trouble: RowTrouble::TooManyCells }]);
}

#[test]
fn the_banks_own_reference_comes_first() {
    let profile = StatementProfile { reference: Some(column(2, "Ref")), ..profile() };
    let long = "X".repeat(StatementLine::REFERENCE_MOST_CHARS + 1);
    let text = format!(
        "{HEADER}05/01/2026,A,abc  1,,1000,0\n05/01/2026,A,,,1000,0\n05/01/2026,A,-000,,1000,0\n\
         05/01/2026,A,R1,,1000,0\n06/01/2026,B,ABC 1,,2000,0\n05/01/2026,A,{long},,1000,0\n"
    );
    let statement = read_as(&profile, &text).unwrap();
    let found = references(&statement);
    assert_eq!((found.len(), found[0]), (4, "ABC 1"));
    for (at, reference) in found.iter().enumerate().skip(1) {
        assert!(reference.starts_with("2026-01-05 1000 "), "{reference}");
        assert!(reference.ends_with(&format!(" {at}")), "{reference}");
    }
    let twice = RowProblem { line_number: 6, trouble: RowTrouble::ReferenceTwice { first_line: 2 } };
    let bad = RowProblem { line_number: 7, trouble: RowTrouble::BadReference };
    assert_eq!(statement.problems, [twice, bad]);
}

#[test]
fn a_fingerprint_holds_through_what_banks_change() {
    let one = read("05/01/2026,Trf-Budi  Warung.,,,1000,7\n");
    let other = read("5/1/2026 10:11,\"TRF BUDI, WARUNG\",,0,1000.00,8\n");
    assert_eq!(references(&one), references(&other));
    assert!(references(&one)[0].chars().count() <= StatementLine::REFERENCE_MOST_CHARS);
    for changed in ["06/01/2026,TRF BUDI WARUNG,,,1000", "05/01/2026,TRF BUDI WARUN,,,1000"] {
        assert_ne!(references(&one), references(&read(changed)), "{changed}");
    }
    let with_balance = StatementProfile { balance: Some(column(5, "Saldo")), ..profile() };
    let text = format!("{HEADER}05/01/2026,A,,,1000,1000\n05/01/2026,A,,,1000,2000.00\n");
    let statement = read_as(&with_balance, &text).unwrap();
    assert!(references(&statement).iter().all(|reference| reference.ends_with(" 1")), "{statement:?}");
    let later = read_as(&with_balance, &format!("{HEADER}05/01/2026,A,,,1000,\"2000,00\"\n")).unwrap();
    assert_eq!(references(&later)[0], references(&statement)[1]);
}

/// As the module says: what begins in the middle of a day is taken for what is known.
#[test]
fn identical_lines_of_overlapping_exports() {
    let same = "05/01/2026,TRF,,,1000,0\n";
    let whole = read(&same.repeat(3));
    let begun = read(&same.repeat(2));
    assert_eq!(references(&whole)[..2], references(&begun));
    let found = references(&whole);
    assert!(found.iter().zip(1..).all(|(reference, n)| reference.ends_with(&format!(" {n}"))), "{found:?}");
}

#[test]
fn descriptions_are_bounded() {
    let statement = read(&format!("05/01/2026,{},,,1000,0\n", "é".repeat(900)));
    assert_eq!(statement.lines[0].description.chars().count(), StatementLine::DESCRIPTION_MOST_CHARS);
}

#[test]
fn a_profile_is_kept_as_json() {
    let profile = StatementProfile { balance: Some(column(5, "Saldo")), ..profile() };
    let json = serde_json::to_string(&profile).unwrap();
    assert!(json.contains(r#""amount":{"kind":"split""#), "{json}");
    assert_eq!(serde_json::from_str::<StatementProfile>(&json).unwrap(), profile);
}

#[test]
fn what_was_guessed_reads_the_statement() {
    let text = format!("{HEADER}05/01/2026,TRF BUDI,R001,0,50123,1\n06/01/2026,FEE,R002,2500,0,1\n");
    let text = StatementText::from_bytes(text.as_bytes()).unwrap();
    let statement = text.read(&text.guess().profile().unwrap(), FIFTH.plus_ms(DAY_MS)).unwrap();
    assert_eq!((references(&statement), statement.debits), (vec!["R001"], 1));
}

mod properties;
