use super::texts;

texts! {
    topup_title => "Isi saldo", "Top up";
    topup_missing => "Isi saldo sekarang", "Top up now";
}
