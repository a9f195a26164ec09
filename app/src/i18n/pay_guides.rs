//! How to pay at each bank, a step a line. Menus change often, so the words stay with what has long been there.

use domain::TopupMethod;

use super::{T, texts};

texts! {
    guide_app(app) => "Lewat {app}", "In {app}";
    guide_atm(bank) => "Lewat ATM {bank}", "At a {bank} ATM";
    guide_qris => "Lewat aplikasi bank atau e-wallet", "In a bank's or wallet's app";
    guide_qris_steps => "Memakai HP ini juga? Simpan QR ke galeri dulu.\nBuka aplikasi bank atau e-wallet apa saja, pilih QRIS atau Scan.\nPindai QR, atau pilih gambarnya dari galeri.\nPeriksa nama merchant dan jumlahnya, lalu bayar.", "Paying on this very phone? Save the QR to your pictures first.\nOpen any bank's or wallet's app and choose QRIS or Scan.\nScan the code, or pick it from your pictures.\nCheck the merchant's name and the amount, then pay.";
    guide_bca_app => "Buka aplikasi BCA dan pilih m-Transfer.\nPilih BCA Virtual Account.\nIsi nomor virtual account.\nPeriksa nama dan jumlahnya, lalu isi PIN.", "Open BCA's app and choose m-Transfer.\nChoose BCA Virtual Account.\nEnter the virtual account number.\nCheck name and amount, then enter your PIN.";
    guide_bca_atm => "Masukkan kartu dan PIN.\nPilih Transaksi Lainnya, Transfer, lalu Ke Rek BCA Virtual Account.\nIsi nomor virtual account.\nPeriksa nama dan jumlahnya, lalu pilih Ya.", "Insert your card and enter the PIN.\nChoose Transaksi Lainnya, Transfer, then Ke Rek BCA Virtual Account.\nEnter the virtual account number.\nCheck name and amount, then choose Ya.";
    guide_bni_app => "Buka aplikasi BNI dan pilih Transfer.\nPilih Virtual Account.\nIsi nomor virtual account.\nPeriksa nama dan jumlahnya, lalu isi PIN atau kata sandi transaksi.", "Open BNI's app and choose Transfer.\nChoose Virtual Account.\nEnter the virtual account number.\nCheck name and amount, then enter your PIN or transaction password.";
    guide_bni_atm => "Masukkan kartu dan PIN.\nPilih Menu Lain, Transfer, lalu Virtual Account Billing.\nIsi nomor virtual account.\nPeriksa nama dan jumlahnya, lalu pilih Ya.", "Insert your card and enter the PIN.\nChoose Menu Lain, Transfer, then Virtual Account Billing.\nEnter the virtual account number.\nCheck name and amount, then choose Ya.";
    guide_bri_app => "Buka BRImo dan pilih BRIVA.\nPilih pembayaran baru.\nIsi nomor virtual account.\nPeriksa nama dan jumlahnya, lalu isi PIN.", "Open BRImo and choose BRIVA.\nChoose a new payment.\nEnter the virtual account number.\nCheck name and amount, then enter your PIN.";
    guide_bri_atm => "Masukkan kartu dan PIN.\nPilih Transaksi Lain, Pembayaran, Lainnya, lalu BRIVA.\nIsi nomor virtual account.\nPeriksa nama dan jumlahnya, lalu pilih Ya.", "Insert your card and enter the PIN.\nChoose Transaksi Lain, Pembayaran, Lainnya, then BRIVA.\nEnter the virtual account number.\nCheck name and amount, then choose Ya.";
    guide_permata_app => "Buka aplikasi Permata dan pilih Bayar.\nPilih Virtual Account.\nIsi nomor virtual account.\nPeriksa nama dan jumlahnya, lalu isi PIN atau kode SMS.", "Open Permata's app and choose to pay.\nChoose Virtual Account.\nEnter the virtual account number.\nCheck name and amount, then enter your PIN or the SMS code.";
    guide_permata_atm => "Masukkan kartu dan PIN.\nPilih Transaksi Lainnya, Pembayaran, lalu Virtual Account.\nIsi nomor virtual account.\nPeriksa nama dan jumlahnya, lalu pilih Ya.", "Insert your card and enter the PIN.\nChoose Transaksi Lainnya, Pembayaran, then Virtual Account.\nEnter the virtual account number.\nCheck name and amount, then choose Ya.";
    guide_mandiri_app => "Buka Livin’ by Mandiri dan pilih Bayar.\nCari penyedia jasa dengan kode perusahaan di atas.\nIsi kode bayar.\nPeriksa nama dan jumlahnya, lalu isi PIN.", "Open Livin’ by Mandiri and choose Bayar.\nFind the company by the company code above.\nEnter the bill key.\nCheck name and amount, then enter your PIN.";
    guide_mandiri_atm => "Masukkan kartu dan PIN.\nPilih Bayar/Beli, Lainnya, lalu Multi Payment.\nIsi kode perusahaan, lalu kode bayar.\nPeriksa nama dan jumlahnya, lalu pilih Ya.", "Insert your card and enter the PIN.\nChoose Bayar/Beli, Lainnya, then Multi Payment.\nEnter the company code, then the bill key.\nCheck name and amount, then choose Ya.";
}

/// How to pay somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// Where.
    pub title: String,
    /// What to do, in order.
    pub steps: Vec<&'static str>,
}

impl T {
    /// How to pay by this method; none for a transfer, whose steps name the shop's account.
    #[must_use]
    pub fn pay_guides(self, method: TopupMethod) -> Vec<Guide> {
        let (app, app_steps, bank, atm_steps) = match method {
            TopupMethod::VaBca => ("BCA mobile", self.guide_bca_app(), "BCA", self.guide_bca_atm()),
            TopupMethod::VaBni => {
                ("BNI Mobile Banking / wondr", self.guide_bni_app(), "BNI", self.guide_bni_atm())
            }
            TopupMethod::VaBri => ("BRImo", self.guide_bri_app(), "BRI", self.guide_bri_atm()),
            TopupMethod::VaPermata => {
                ("Permata ME / PermataMobile", self.guide_permata_app(), "Permata", self.guide_permata_atm())
            }
            TopupMethod::BillMandiri => {
                ("Livin’ by Mandiri", self.guide_mandiri_app(), "Mandiri", self.guide_mandiri_atm())
            }
            TopupMethod::Qris | TopupMethod::StaticQris => {
                return vec![guide(self.guide_qris().to_owned(), self.guide_qris_steps())];
            }
            TopupMethod::Transfer => return Vec::new(),
        };
        vec![guide(self.guide_app(app), app_steps), guide(self.guide_atm(bank), atm_steps)]
    }
}

fn guide(title: String, steps: &'static str) -> Guide {
    Guide { title, steps: steps.lines().collect() }
}

#[cfg(test)]
mod tests {
    use domain::Lang;

    use super::*;

    #[test]
    fn both_languages_have_the_same_steps() {
        for method in TopupMethod::ALL {
            let steps = |lang| -> Vec<usize> {
                T(lang).pay_guides(*method).iter().map(|guide| guide.steps.len()).collect()
            };
            assert_eq!(steps(Lang::Id), steps(Lang::En), "{method:?}");
            assert!(steps(Lang::Id).iter().all(|steps| *steps > 2), "{method:?}");
        }
    }
}
