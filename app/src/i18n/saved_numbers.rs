use super::texts;

texts! {
    saved_numbers => "Nomor tersimpan", "Saved numbers";
    saved_numbers_way => "Nomor pelanggan dan keluarga, siap dipilih", "Customers and family, ready to pick";
    saved_numbers_none => "Belum ada nomor tersimpan. Simpan nomor yang sering Anda belikan paket.", "No saved numbers yet. Save the numbers that you often buy for.";
    saved_numbers_no_fit => "Tidak ada nomor tersimpan yang cocok.", "No saved number fits.";
    saved_numbers_search => "Cari nama atau nomor", "Search by name or number";
    saved_number_add => "Simpan nomor baru", "Save a new number";
    saved_number_save => "Simpan nomor ini", "Save this number";
    saved_number_called(name) => "Tersimpan sebagai {name}", "Saved as {name}";
    saved_number_name => "Nama untuk nomor ini", "A name for this number";
    saved_number_change => "Ganti nama atau hapus", "Rename or remove";
    saved_number_rename => "Ganti nama", "Rename";
    saved_number_remove => "Hapus nomor ini", "Remove this number";
    saved_number_buy(name) => "Beli paket untuk {name}", "Buy a package for {name}";
    saved_number_buy_short => "Beli paket", "Buy a package";
    saved_numbers_full(most) => "Paling banyak {most} nomor tersimpan. Hapus dulu yang tidak dipakai.", "At most {most} saved numbers. Remove one that you do not need first.";
    saved_numbers_count(n, most) => "{n} dari {most}", "{n} of {most}";
    done_forgotten => "Nomor sudah dihapus.", "The number is removed.";
    package_gone => "Paket yang dulu dibeli sudah tidak dijual. Ini paket lain untuk nomor yang sama.", "The package you bought is not sold any more. Here are others for the same number.";
    buy_again_of(package, number) => "Beli lagi {package} untuk {number}", "Buy {package} for {number} again";
}
