use super::texts;

texts! {
    receipt_title => "Struk", "Receipt";
    receipt_heading => "Struk pembelian", "Receipt";
    receipt_of(shop) => "Struk dari {shop}", "Receipt from {shop}";
    receipt_thanks => "Terima kasih.", "Thank you.";
    receipt_status => "Status", "Status";
    receipt_share => "Bagikan struk", "Share the receipt";
    receipt_share_lead => "Buat tautan untuk pelanggan. Siapa pun yang punya tautan bisa melihat struk ini, dengan nomor yang disamarkan. Anda bisa mencabutnya kapan saja.", "Make a link for your customer. Whoever has it can see this receipt, with the number masked. You can take it back at any time.";
    receipt_make_link => "Buat tautan", "Make a link";
    receipt_link => "Tautan struk", "Link to the receipt";
    receipt_open_link => "Buka seperti pelanggan", "Open as a customer";
    receipt_copy_link => "Salin tautan", "Copy the link";
    receipt_revoke => "Cabut tautan", "Take the link back";
    receipt_revoke_lead => "Setelah dicabut, tautan yang sudah terkirim tidak bisa dibuka lagi.", "After that, links that were sent cannot be opened any more.";
    receipt_selling => "Nama dan harga di struk", "Name and price on the receipt";
    receipt_selling_lead => "Harga beli Anda tidak pernah tampil di struk. Harga jual diingat untuk paket yang sama.", "What you paid is never on a receipt. Your selling price is remembered for the same package.";
    receipt_shop_name => "Nama toko Anda", "Your shop's name";
    receipt_shop_name_hint => "Tampil di semua struk Anda.", "Shown on all your receipts.";
    receipt_own_price => "Harga jual", "Selling price";
    receipt_own_price_hint => "Kosongkan bila struk tidak perlu harga.", "Leave it empty for a receipt without a price.";
    receipt_print => "Cetak", "Print";
    receipt_print_lead => "Buka menu peramban lalu pilih Cetak. Susunannya sudah pas untuk kertas 58 mm; hanya struknya yang tercetak.", "Open your browser's menu and choose Print. It is laid out for 58 mm paper; only the receipt is printed.";
    receipt_share_text(price) => "Harga: {price}", "Price: {price}";
    receipt_share_link(link) => "Struk: {link}", "Receipt: {link}";
    done_revoked => "Tautan sudah dicabut.", "The link is taken back.";
}
