//! What holds for every profile and whatever comes in.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::date;
use super::*;

/// A row that some bank could write.
#[derive(Clone, Debug)]
struct Booked {
    days_ago: i64,
    rupiah: i64,
    is_credit: bool,
    description: String,
}

fn booked() -> impl Strategy<Value = Booked> {
    // Few descriptions and amounts, so that identical lines happen.
    let description = prop_oneof!["TRF [AB]", "[A-Z][A-Z0-9,;|\". -]{0,30}"];
    (0_i64..300, prop_oneof![1_i64..4, 1_i64..=999_999_999_999], any::<bool>(), description).prop_map(
        |(days_ago, rupiah, is_credit, description)| Booked { days_ago, rupiah, is_credit, description },
    )
}

/// The kinds of amount columns, by their number.
fn amount(kind: u8, places: &[usize]) -> AmountColumns {
    let (first, second) = (column(places[2], "Mutasi"), column(places[3], "K/D"));
    match kind {
        0 => AmountColumns::Signed { amount: first },
        1 => AmountColumns::Marked { amount: first, marker: second },
        _ => AmountColumns::Split { credit: first, debit: second },
    }
}

fn any_profile() -> impl Strategy<Value = (StatementProfile, u8)> {
    let styles = (
        prop::sample::select(Delimiter::ALL),
        prop::sample::select(StatementDateFormat::ALL),
        prop::sample::select(NumberStyle::ALL),
    );
    let places = Just((0..6).collect::<Vec<usize>>()).prop_shuffle();
    (styles, places, 0_u8..3, 0_u32..3, any::<bool>()).prop_map(
        |((delimiter, date_format, numbers), places, kind, skip_lines, has_balance)| {
            let profile = StatementProfile {
                delimiter,
                skip_lines,
                date: column(places[0], "Tanggal"),
                amount: amount(kind, &places),
                description: column(places[1], "Uraian; \"panjang\""),
                reference: None,
                balance: has_balance.then(|| column(places[4], "Saldo")),
                date_format,
                numbers,
            };
            (profile, kind)
        },
    )
}

fn written_day(day: UtcMillis, format: StatementDateFormat) -> String {
    let iso = date::written(day);
    let (year, month, day) = (&iso[..4], &iso[5..7], &iso[8..]);
    let names =
        ["Jan", "Feb", "Maret", "Apr", "May", "Juni", "Jul", "Agu", "Sep", "Oktober", "Nov", "December"];
    match format {
        StatementDateFormat::DaySlashYear => format!("{day}/{month}/{year} 23:59:59"),
        StatementDateFormat::DayDashYear => format!("{day}-{month}-{year}"),
        StatementDateFormat::YearFirst => format!("{iso} 00.00"),
        StatementDateFormat::DaySlashShortYear => format!("{day}/{month}/{}", &year[2..]),
        StatementDateFormat::DayNameYear => {
            format!("{day} {} {year}", names[month.parse::<usize>().unwrap() - 1])
        }
        StatementDateFormat::DaySlashMonth => format!("{day}/{month}"),
    }
}

fn written_number(rupiah: i64, style: NumberStyle) -> String {
    let (thousands, decimals) = match style {
        NumberStyle::DotThousands => (".", ",00"),
        NumberStyle::CommaThousands => (",", ".00"),
        NumberStyle::Plain => ("", ""),
    };
    let shown = Rupiah::new(rupiah).to_string();
    shown.trim_start_matches("Rp\u{a0}").replace('.', thousands) + decimals
}

fn csv_line(cells: &[String], delimiter: Delimiter) -> String {
    let cells = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
    cells.collect::<Vec<_>>().join(&delimiter.as_char().to_string()) + "\r\n"
}

fn write(profile: &StatementProfile, kind: u8, rows: &[Booked]) -> String {
    let mut cells = vec![String::new(); 6];
    for column in profile.columns() {
        cells[column.at].clone_from(&column.name);
    }
    let skipped = "an open \" here\r\n".repeat(usize::try_from(profile.skip_lines).unwrap());
    let mut text = format!("\u{feff}{skipped}{}", csv_line(&cells, profile.delimiter));
    let amount: Vec<usize> = profile.amount.columns().map(|column| column.at).collect();
    for (row, balance) in rows.iter().zip(1..) {
        let mut cells = vec![String::new(); 6];
        cells[profile.date.at] = written_day(NOW.plus_ms(-row.days_ago * DAY_MS), profile.date_format);
        cells[profile.description.at].clone_from(&row.description);
        let number = written_number(row.rupiah, profile.numbers);
        match (kind, row.is_credit) {
            (0, true) => cells[amount[0]] = number,
            (0, false) => cells[amount[0]] = format!("-{number}"),
            (1, is_credit) => {
                cells[amount[0]] = number;
                cells[amount[1]] = if is_credit { "CR" } else { "DB" }.to_owned();
            }
            (_, true) => cells[amount[0]] = number,
            (_, false) => cells[amount[1]] = number,
        }
        if let Some(column) = &profile.balance {
            cells[column.at] = written_number(balance, profile.numbers);
        }
        text.push_str(&csv_line(&cells, profile.delimiter));
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A statement without what depends on the place in the file.
fn contents(statement: Statement) -> Vec<(UtcMillis, Rupiah, String, String)> {
    let lines = statement.lines.into_iter();
    let mut lines: Vec<_> =
        lines.map(|line| (line.day, line.amount, line.reference, line.description.to_uppercase())).collect();
    lines.sort();
    lines
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(
        (profile, kind) in any_profile(),
        rows in prop::collection::vec(booked(), 0..20),
    ) {
        let statement = read_as(&profile, &write(&profile, kind, &rows)).unwrap();
        prop_assert_eq!(&statement.problems, &[]);
        let credits: Vec<&Booked> = rows.iter().filter(|row| row.is_credit).collect();
        prop_assert_eq!(usize::try_from(statement.debits).unwrap(), rows.len() - credits.len());
        prop_assert_eq!(statement.lines.len(), credits.len());
        for (line, row) in statement.lines.iter().zip(credits) {
            let day = crate::start_of_wib_day(NOW.plus_ms(-row.days_ago * DAY_MS));
            prop_assert_eq!((line.day, line.amount), (day, Rupiah::new(row.rupiah)));
            prop_assert_eq!(&line.description, &one_line(&row.description));
        }
        let unique: BTreeSet<&str> = references(&statement).into_iter().collect();
        prop_assert_eq!(unique.len(), statement.lines.len());
    }

    #[test]
    fn the_order_of_the_file_does_not_matter(
        (profile, kind) in any_profile(),
        mut rows in prop::collection::vec(booked(), 0..20),
    ) {
        // A balance belongs to a row, and here it is made from its place.
        let profile = StatementProfile { balance: None, ..profile };
        let forth = read_as(&profile, &write(&profile, kind, &rows)).unwrap();
        rows.reverse();
        let back = read_as(&profile, &write(&profile, kind, &rows)).unwrap();
        let of_day = |line: &(UtcMillis, Rupiah, String, String)| (line.0, line.1, line.2.clone());
        let (forth, back) = (contents(forth), contents(back));
        prop_assert!(forth.iter().map(of_day).eq(back.iter().map(of_day)));
    }

    #[test]
    fn an_export_of_whole_days_overlaps(
        (profile, kind) in any_profile(),
        rows in prop::collection::vec(booked(), 0..20),
        from in 0_i64..300,
    ) {
        let profile = StatementProfile { balance: None, ..profile };
        let later: Vec<Booked> = rows.iter().filter(|row| row.days_ago <= from).cloned().collect();
        let all = contents(read_as(&profile, &write(&profile, kind, &rows)).unwrap());
        for line in contents(read_as(&profile, &write(&profile, kind, &later)).unwrap()) {
            prop_assert!(all.contains(&line), "{line:?} is not in {all:?}");
        }
    }

    #[test]
    fn no_bytes_make_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..400), (profile, _) in any_profile()) {
        let text = StatementText::from_bytes(&bytes).unwrap();
        let _ = text.read(&profile, NOW);
        if let Some(profile) = text.guess().profile() {
            let _ = text.read(&profile, NOW);
        }
    }

    #[test]
    fn every_row_ends_in_one_place(rows in "([0-9/.,;\"' A-Za-z()-]{0,40}\r?\n){0,12}", (profile, kind) in any_profile()) {
        let header = write(&profile, kind, &[]);
        let text = StatementText::from_bytes(format!("{header}{rows}").as_bytes()).unwrap();
        let statement = text.read(&profile, NOW).unwrap();
        let counted = statement.lines.len() + statement.problems.len();
        let counted = counted + usize::try_from(statement.debits + statement.notes).unwrap();
        // The header is one more.
        prop_assert_eq!(counted + 1, text.records(profile.delimiter, profile.skip_lines).count());
    }

    #[test]
    fn something_like_a_statement_is_guessed_and_read(
        rows in "(0[1-9]/01/2026[,;](TRF|\"A,B\"|Saldo Awal)?[,;](-|R[0-9])?[,;]\"?[0-9]{0,4}([.,]00)?\"?( CR| DB)?\n){0,8}",
    ) {
        let text = StatementText::from_bytes(format!("Tanggal,Keterangan,Ref,Jumlah\n{rows}").as_bytes()).unwrap();
        // Where the rows are too odd, another delimiter may look better, and then they are refused.
        if let Some(Ok(statement)) = text.guess().profile().map(|profile| text.read(&profile, NOW)) {
            let unique: BTreeSet<&str> = references(&statement).into_iter().collect();
            prop_assert_eq!(unique.len(), statement.lines.len());
        }
    }
}
