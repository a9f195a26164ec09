use serde::{Deserialize, Serialize};

/// A package as the gateway sells it. Prices are invented, in a plausible range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulatedPackage {
    /// The gateway's code, unique.
    pub sku: String,
    /// What it is called.
    pub name: String,
    /// What it contains, in Indonesian.
    pub description: String,
    /// How long it runs, as buyers think of it.
    pub category: PackageCategory,
    /// Whose numbers it is for.
    pub brand: Brand,
    /// The main part of it in a few letters, such as `10 GB` or `100 menit`.
    pub quota: String,
    /// How many days it runs.
    pub validity_days: u16,
    /// What the gateway charges the shop, in rupiah.
    pub cost_rupiah: i64,
}

/// How long a package runs, as buyers think of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackageCategory {
    /// A few days.
    Daily,
    /// About a week.
    Weekly,
    /// About a month.
    Monthly,
    /// Shared among several numbers ("Akrab").
    Family,
    /// Games, calls, roaming, validity.
    Other,
}

/// Whose numbers a package is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Brand {
    /// XL.
    #[serde(rename = "XL")]
    Xl,
    /// AXIS.
    #[serde(rename = "AXIS")]
    Axis,
}

impl PackageCategory {
    /// `daily`, `weekly`, `monthly`, `family` or `other`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Family => "family",
            Self::Other => "other",
        }
    }
}

impl Brand {
    /// `XL` or `AXIS`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Xl => "XL",
            Self::Axis => "AXIS",
        }
    }
}

/// About thirty packages as shops really list them. `xld10` is the one of the contract's test numbers.
#[must_use]
pub fn default_catalogue() -> Vec<SimulatedPackage> {
    ROWS.iter()
        .map(|&(sku, category, brand, quota, validity_days, cost_rupiah, name, description)| {
            SimulatedPackage {
                sku: sku.to_owned(),
                name: name.to_owned(),
                description: description.to_owned(),
                category,
                brand,
                quota: quota.to_owned(),
                validity_days,
                cost_rupiah,
            }
        })
        .collect()
}

use Brand::{Axis, Xl};
use PackageCategory::{Daily, Family, Monthly, Other, Weekly};

/// SKU, category, brand, quota, days, cost in rupiah, name, description.
type Row = (&'static str, PackageCategory, Brand, &'static str, u16, i64, &'static str, &'static str);

// One line a package reads better than nine.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("xld1", Daily, Xl, "1 GB", 1, 4_150, "Xtra Harian 1 GB", "Kuota 1 GB semua jaringan, berlaku 24 jam."),
    ("xld2", Daily, Xl, "2 GB", 3, 8_900, "Xtra Harian 2 GB", "Kuota 2 GB semua jaringan untuk 3 hari."),
    ("xld3", Daily, Xl, "5 GB", 1, 3_600, "Xtra Harian Malam 5 GB", "Kuota 5 GB dipakai pukul 00.00–06.00, 1 hari."),
    ("xld4", Weekly, Xl, "3 GB", 7, 13_800, "Xtra Mingguan 3 GB", "Kuota 3 GB semua jaringan, 7 hari."),
    ("xld5", Weekly, Xl, "5 GB", 7, 19_750, "Xtra Mingguan 5 GB", "Kuota 5 GB semua jaringan, 7 hari."),
    ("xld6", Weekly, Xl, "10 GB", 7, 29_400, "Xtra Mingguan 10 GB", "Kuota 10 GB, termasuk 2 GB lokal, 7 hari."),
    ("xld10", Monthly, Xl, "10 GB", 28, 48_250, "Xtra Combo 10 GB", "Kuota utama 10 GB, bonus lokal 5 GB, nelpon sesama XL, 28 hari."),
    ("xld20", Monthly, Xl, "20 GB", 28, 76_400, "Xtra Combo 20 GB", "Kuota utama 20 GB, bonus lokal 10 GB, nelpon sesama XL, 28 hari."),
    ("xld35", Monthly, Xl, "35 GB", 28, 112_900, "Xtra Combo 35 GB", "Kuota utama 35 GB, bonus lokal 15 GB, nelpon 60 menit, 28 hari."),
    ("xlf1", Monthly, Xl, "3,5 GB", 28, 21_900, "Xtra Combo Flex S", "Kuota utama 3,5 GB, bonus aplikasi 1 GB, 28 hari."),
    ("xlf2", Monthly, Xl, "7 GB", 28, 38_600, "Xtra Combo Flex M", "Kuota utama 7 GB, bonus aplikasi 2 GB, nelpon 5 menit, 28 hari."),
    ("xlf3", Monthly, Xl, "14 GB", 28, 63_700, "Xtra Combo Flex L", "Kuota utama 14 GB, bonus aplikasi 5 GB, nelpon 30 menit, 28 hari."),
    ("xlf4", Monthly, Xl, "28 GB", 28, 98_500, "Xtra Combo Flex XL", "Kuota utama 28 GB, bonus aplikasi 10 GB, nelpon 60 menit, 28 hari."),
    ("xla1", Family, Xl, "18 GB", 28, 54_300, "Xtra Combo Akrab Mini", "Kuota 18 GB untuk dibagi ke 2 nomor, 28 hari."),
    ("xla2", Family, Xl, "33 GB", 28, 79_800, "Xtra Combo Akrab S", "Kuota 33 GB untuk dibagi ke 3 nomor, 28 hari."),
    ("xla3", Family, Xl, "48 GB", 28, 103_500, "Xtra Combo Akrab M", "Kuota 48 GB untuk dibagi ke 4 nomor, 28 hari."),
    ("xla4", Family, Xl, "88 GB", 28, 148_900, "Xtra Combo Akrab L", "Kuota 88 GB untuk dibagi ke 4 nomor, 28 hari."),
    ("axb1", Daily, Axis, "1 GB", 1, 3_900, "AXIS Bronet 1 GB Harian", "Kuota 1 GB semua jaringan, 1 hari."),
    ("axb2", Monthly, Axis, "2 GB", 30, 15_600, "AXIS Bronet 2 GB", "Kuota 2 GB semua jaringan 24 jam, 30 hari."),
    ("axb5", Monthly, Axis, "5 GB", 30, 28_750, "AXIS Bronet 5 GB", "Kuota 5 GB semua jaringan 24 jam, 30 hari."),
    ("axb12", Monthly, Axis, "12 GB", 30, 51_200, "AXIS Bronet 12 GB", "Kuota 12 GB semua jaringan 24 jam, 30 hari."),
    ("axb24", Monthly, Axis, "24 GB", 30, 78_300, "AXIS Bronet 24 GB", "Kuota 24 GB semua jaringan 24 jam, 30 hari."),
    ("axo4", Weekly, Axis, "4 GB", 7, 14_900, "AXIS OWSEM 4 GB", "Kuota 1 GB ditambah 3 GB media sosial, 7 hari."),
    ("axo16", Monthly, Axis, "16 GB", 30, 42_300, "AXIS OWSEM 16 GB", "Kuota 4 GB ditambah 12 GB media sosial dan gim, 30 hari."),
    ("xlk1", Other, Xl, "2 GB", 30, 9_650, "Xtra Kuota Gaming 2 GB", "Kuota 2 GB untuk gim populer, 30 hari."),
    ("xlk2", Other, Xl, "5 GB", 30, 17_400, "Xtra Kuota YouTube 5 GB", "Kuota 5 GB untuk YouTube, 30 hari."),
    ("xlm30", Other, Xl, "30 hari", 30, 11_200, "Masa Aktif 30 Hari", "Menambah masa aktif kartu 30 hari, tanpa pulsa dan kuota."),
    ("xlt1", Other, Xl, "100 menit", 7, 7_800, "Nelpon Sesama 100 Menit", "Telepon 100 menit ke sesama XL dan AXIS, 7 hari."),
    ("xlt2", Other, Xl, "60 menit", 30, 24_600, "Nelpon Semua Operator 60 Menit", "Telepon 60 menit ke semua operator, 30 hari."),
    ("xlh1", Other, Xl, "10 GB", 20, 268_000, "Roaming Haji & Umrah 10 GB", "Kuota 10 GB dan telepon 20 menit di Arab Saudi, 20 hari."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_list_can_be_sold() {
        let list = default_catalogue();
        assert_eq!(list.len(), 30);
        let mut skus: Vec<&str> = list.iter().map(|package| package.sku.as_str()).collect();
        skus.sort_unstable();
        skus.dedup();
        assert_eq!(skus.len(), list.len(), "a SKU is used twice");
        assert!(skus.contains(&"xld10"), "the contract's test SKU");
        for package in &list {
            assert!((1_000..1_000_000).contains(&package.cost_rupiah), "{package:?}");
            assert!(
                package.validity_days > 0 && !package.description.is_empty() && !package.quota.is_empty()
            );
        }
    }
}
