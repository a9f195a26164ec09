use serde_json::{Value, json};

use crate::BookOrder;

/// The status that belongs to a code.
pub(super) fn status_of(rc: &str) -> &'static str {
    match rc {
        "00" => "Sukses",
        "03" | "99" => "Pending",
        _ => "Gagal",
    }
}

/// What the gateway writes beside a code. Nobody may draw a conclusion from it.
pub(super) fn message_of(rc: &str) -> &'static str {
    match rc {
        "00" => "Transaksi Sukses",
        "01" => "Timeout",
        "02" => "Transaksi Gagal",
        "03" => "Transaksi Pending",
        "40" => "Payload Error",
        "41" => "Signature tidak valid",
        "43" => "SKU tidak di temukan atau Non-Aktif",
        "44" => "Saldo tidak cukup",
        "45" => "IP Anda tidak kami kenali",
        "49" => "Ref ID tidak unik",
        "50" => "Transaksi Tidak Ditemukan",
        "51" => "Nomor Tujuan Diblokir",
        "52" => "Prefix Tidak Sesuai Dengan Operator",
        "53" => "Produk Seller Sedang Tidak Tersedia",
        "54" => "Nomor Tujuan Salah",
        "55" => "Produk Sedang Gangguan",
        "57" => "Jumlah Digit Kurang Atau Lebih",
        "58" => "Sedang Cut Off",
        "59" => "Tujuan di Luar Wilayah/Cluster",
        "60" => "Tagihan belum tersedia",
        "61" => "Belum pernah melakukan deposit",
        "66" => "Cut Off (Perbaikan Sistem Seller)",
        "68" => "Stok habis",
        "69" => "Harga seller lebih besar dari ketentuan harga Buyer",
        "70" => "Timeout Dari Biller",
        "71" => "Produk Sedang Tidak Stabil",
        "72" => "Lakukan Unreg Paket Dahulu",
        "74" => "Transaksi Refund",
        "83" => "Limitasi pengecekan pricelist",
        "85" => "Limitasi transaksi, silahkan coba 1 menit lagi",
        "99" => "DF Router Issue",
        _ => "Kesalahan tidak dikenal",
    }
}

/// Writes a code over the truth.
pub(super) fn recode(body: &mut Value, rc: &str, status: Option<&str>) {
    if let Some(fields) = body.get_mut("data").and_then(Value::as_object_mut) {
        fields.insert("status".to_owned(), status.unwrap_or_else(|| status_of(rc)).into());
        fields.insert("message".to_owned(), message_of(rc).into());
        fields.insert("rc".to_owned(), rc.into());
    }
}

/// The answer's `data` for an order as it really stands.
pub(crate) fn truth(order: &BookOrder, deposit_rupiah: i64) -> Value {
    let (rc, status) = order.state.words();
    json!({
        "ref_id": order.ref_id,
        "customer_no": order.customer_no,
        "buyer_sku_code": order.sku,
        "message": message_of(rc),
        "status": status,
        "rc": rc,
        "sn": order.sn,
        "buyer_last_saldo": deposit_rupiah,
        "price": order.price,
    })
}
