use super::texts;

texts! {
    balance => "Saldo", "Balance";
    your_price => "Harga Anda", "Your price";
    price => "Harga", "Price";
    destination_number => "Nomor tujuan", "Number";
    destination_hint => "Nomor XL atau AXIS.", "An XL or AXIS number.";
    disturbed => "Gangguan, coba nanti", "Trouble, try later";
    held_safe => "Saldo ditahan, dan kembali sendiri bila gagal. Jangan beli ulang.", "The money is held and returns by itself if it fails. Do not buy again.";
}
