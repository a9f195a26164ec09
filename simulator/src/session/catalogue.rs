use serde::{Deserialize, Serialize};

use super::PaymentMethod;

/// A package as the session dialect sells it: one code of it, because pulsa and e-wallets have different ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPackage {
    /// The gateway's code, unique.
    pub code: String,
    /// What the codes of one package have in common.
    pub family: String,
    /// What it is called.
    pub name: String,
    /// What it contains, in Indonesian.
    pub description: String,
    /// How it can be paid with this code.
    pub payment_methods: Vec<PaymentMethod>,
    /// What the number's owner pays, in rupiah.
    pub price_rupiah: i64,
    /// What the gateway takes from the shop's deposit, in rupiah.
    pub fee_rupiah: i64,
    /// Whether the number has to be signed in.
    pub needs_login: bool,
    /// Whether a number may have several open orders of it.
    pub can_multi_trx: bool,
    /// How many are sold in a day (WIB), if there is a limit.
    pub daily_limit: Option<u32>,
    /// When it is not sold.
    pub cut_off: Option<CutOff>,
    /// How many there are at the start; `None` means any number.
    pub stock: Option<u32>,
    /// How many days it runs.
    pub validity_days: u16,
    /// What it puts on the number.
    pub benefits: Vec<Benefit>,
}

/// A time of day in which a package is not sold, in minutes after midnight (WIB). It may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutOff {
    /// The first minute.
    pub start_minute: u16,
    /// The first minute after it.
    pub end_minute: u16,
}

/// One part of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefit {
    /// What it is called.
    pub name: String,
    /// Bytes of data, seconds of calls, or pieces.
    pub amount: u64,
}

impl CutOff {
    /// Whether it is on at this minute of the day.
    pub(super) const fn is_on(self, minute: i64) -> bool {
        let (start, end) = (self.start_minute as i64, self.end_minute as i64);
        if start <= end { start <= minute && minute < end } else { start <= minute || minute < end }
    }
}

/// Twelve packages, most of them under two codes. Names and prices are invented, in a plausible range.
#[must_use]
pub fn default_session_catalogue() -> Vec<SessionPackage> {
    ROWS.iter().flat_map(Row::codes).collect()
}

use PaymentMethod::{Balance, Dana, Gopay, Ovo, Qris, Shopeepay};

const GB: u64 = 1 << 30;
const MINUTE: u64 = 60;

struct Row {
    family: &'static str,
    name: &'static str,
    price_rupiah: i64,
    fee_rupiah: i64,
    validity_days: u16,
    benefits: &'static [(&'static str, u64)],
    special: Special,
}

/// What is unusual about a package.
#[derive(Clone, Copy, PartialEq)]
enum Special {
    None,
    /// Sold from a stock.
    Stock(u32),
    /// So many a day.
    DailyLimit(u32),
    /// Not sold around midnight.
    CutOff,
    /// One open order a number.
    OneOpen,
    /// Needs no sign-in; the shop pays all of it.
    NoLogin,
}

impl Row {
    fn codes(&self) -> Vec<SessionPackage> {
        let pulsa = self.package("PULSA", "Metode Pulsa", &[Balance]);
        if self.special == Special::NoLogin {
            return vec![pulsa];
        }
        vec![pulsa, self.package("EWALLET", "Metode E-Wallet", &[Dana, Gopay, Shopeepay, Ovo, Qris])]
    }

    fn package(&self, suffix: &str, method: &str, payment_methods: &[PaymentMethod]) -> SessionPackage {
        let Self { family, name, price_rupiah, validity_days, special, .. } = *self;
        let benefits = self.benefits.iter().map(|&(name, amount)| Benefit { name: name.to_owned(), amount });
        SessionPackage {
            code: format!("{family}_{suffix}"),
            family: family.to_owned(),
            name: format!("[{method}] {name}"),
            description: format!("{name}, berlaku {validity_days} hari. Harga paket Rp{price_rupiah}."),
            payment_methods: payment_methods.to_vec(),
            price_rupiah,
            fee_rupiah: self.fee_rupiah,
            needs_login: special != Special::NoLogin,
            can_multi_trx: special != Special::OneOpen,
            daily_limit: if let Special::DailyLimit(limit) = special { Some(limit) } else { None },
            cut_off: (special == Special::CutOff)
                .then_some(CutOff { start_minute: 23 * 60, end_minute: 60 + 30 }),
            stock: if let Special::Stock(stock) = special { Some(stock) } else { None },
            validity_days,
            benefits: benefits.collect(),
        }
    }
}

// One line a package reads better than nine.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("XLHARIAN1", "Xtra Harian 1 GB", 5_000, 500, 1, &[("Kuota Utama", GB)], Special::None),
    row("XLEDU2", "Xtra Edukasi 2 GB", 1_000, 500, 1, &[("Kuota Edukasi", 2 * GB)], Special::DailyLimit(2_000)),
    row("XLMINGGU5", "Xtra Mingguan 5 GB", 20_000, 1_000, 7, &[("Kuota Utama", 5 * GB)], Special::None),
    row("XLCOMBO10", "Xtra Combo Flex 10 GB", 58_000, 1_500, 28, &[("Kuota Utama", 10 * GB), ("Kuota Lokal", 5 * GB), ("Nelpon Semua Operator", 30 * MINUTE)], Special::None),
    row("XLCOMBO20", "Xtra Combo Flex 20 GB", 89_000, 2_000, 28, &[("Kuota Utama", 20 * GB), ("Kuota Lokal", 10 * GB), ("Nelpon Semua Operator", 60 * MINUTE)], Special::None),
    row("XLAKRAB18", "Akrab Mini 18 GB", 62_000, 3_000, 28, &[("Kuota Bersama", 18 * GB)], Special::Stock(25)),
    row("XLAKRAB48", "Akrab M Kuber 48 GB", 99_000, 3_500, 28, &[("Kuota Bersama", 48 * GB)], Special::Stock(3)),
    row("XLYOUTUBE", "Unlimited Turbo YouTube", 25_000, 1_500, 30, &[("Kuota YouTube", 999 * GB)], Special::OneOpen),
    row("XLMALAM15", "Xtra Malam 15 GB", 15_000, 750, 7, &[("Kuota Malam", 15 * GB)], Special::CutOff),
    row("XLNELPON100", "Nelpon Sesama 100 Menit", 10_000, 500, 7, &[("Nelpon Sesama", 100 * MINUTE), ("SMS Sesama", 50)], Special::None),
    row("AXBRONET12", "AXIS Bronet 12 GB", 54_000, 1_500, 30, &[("Kuota Utama", 12 * GB)], Special::None),
    row("XLMASA30", "Masa Aktif 30 Hari", 0, 11_500, 30, &[("Masa Aktif", 30)], Special::NoLogin),
];

const fn row(
    family: &'static str,
    name: &'static str,
    price_rupiah: i64,
    fee_rupiah: i64,
    validity_days: u16,
    benefits: &'static [(&'static str, u64)],
    special: Special,
) -> Row {
    Row { family, name, price_rupiah, fee_rupiah, validity_days, benefits, special }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_there_once() {
        let list = default_session_catalogue();
        assert_eq!(list.len(), 23);
        let mut codes: Vec<&str> = list.iter().map(|package| package.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), list.len());
    }

    #[test]
    fn a_cut_off_may_go_over_midnight() {
        let night = CutOff { start_minute: 1_380, end_minute: 90 };
        let on = [(1_379, false), (1_380, true), (1_439, true), (0, true), (89, true), (90, false)];
        let day = CutOff { start_minute: 60, end_minute: 120 };
        for (minute, expected) in on {
            assert_eq!(night.is_on(minute), expected, "{minute}");
        }
        assert!(day.is_on(60) && !day.is_on(120));
    }
}
