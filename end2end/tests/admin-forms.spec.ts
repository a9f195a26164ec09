import { Client } from '../support/client';
import { adminPage, userPage } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, sendInVain } from '../support/forms';
import { bankReference } from '../support/people';
import { fact, requestTopupByClient } from '../support/shop';

// Wrong input on every form of the admins. (The decision about a purchase: see admin.spec.ts.)

test('package: every field says what is wrong and keeps what was typed', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto('/admin/packages/new');
  const wrong = [
    ['Nama paket', '', 'Isian ini wajib'],
    ['Kuota', 'x'.repeat(30), 'Paling banyak 24 karakter'],
    ['Masa aktif (hari)', '9999', 'bilangan bulat yang wajar'],
    ['Harga modal', 'gratis', 'Tulis jumlah rupiah'],
    ['Harga anggota', '1,5', 'Tulis jumlah rupiah'],
    ['Harga reseller', '', 'Isian ini wajib'],
    ['Urutan', '-1', 'bilangan bulat yang wajar'],
    ['Kode produk (SKU)', '', 'Isian ini wajib'],
  ] as const;
  for (const [label, typed] of wrong) {
    await page.getByLabel(label).fill(typed);
  }
  await page.getByLabel('Keterangan').fill('Tetap di sini');
  await page.getByLabel('Dijual').uncheck();
  await sendInVain(button(page, 'Buat paket'));
  for (const [label, typed, why] of wrong) {
    await expectMistake(page.getByLabel(label), why, typed);
  }
  await expect(page.getByLabel('Keterangan')).toHaveValue('Tetap di sini');
  await expect(page.getByLabel('Dijual')).not.toBeChecked();
});

test('package: no price below the cost', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto('/admin/packages?q=Xtra+Combo+10');
  await page.getByRole('link', { name: 'Xtra Combo 10 GB' }).click();
  const price = page.getByLabel('Harga anggota');
  const before = await price.inputValue();
  await price.fill('1.000');
  await sendInVain(button(page, 'Simpan paket'));
  await expectMistake(price, 'Paling sedikit Rp', '1.000');
  await page.goto(new URL(page.url()).pathname);
  await expect(price, 'nothing was saved').toHaveValue(before);
});

test('correction of a balance: an amount and a reason', async ({ page, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const admin = await openAs('admin');
  await admin.goto(await userPage(person));
  const amount = admin.getByLabel('Jumlah');
  const reason = admin.getByLabel('Alasan');
  await amount.fill('-5');
  await sendInVain(button(admin, 'Lanjut ke konfirmasi'));
  await expectMistake(amount, 'Tulis jumlah rupiah', '-5');
  await expectMistake(reason, 'Isian ini wajib');
  await admin.getByLabel('Arah').selectOption({ label: 'Kurangi saldo' });
  await amount.fill('1.000');
  await reason.fill('Lebih dari yang ada');
  await sendInVain(button(admin, 'Lanjut ke konfirmasi'));
  await expectMistake(amount, 'Paling banyak Rp 0', '1.000');
  await expect(admin.getByLabel('Arah')).toHaveValue('take');
  await expect(reason).toHaveValue('Lebih dari yang ada');
  await page.goto('/statement');
  await expect(page.getByRole('main')).toContainText('Belum ada mutasi');
});

test('top-up: no approval without a reference, no rejection without a reason', async ({ openAs, enterAsNewcomer, context }) => {
  await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const admin = await openAs('admin');
  await admin.goto(adminPage(await requestTopupByClient(client, 20_000)));
  const reference = admin.getByLabel('Nomor referensi mutasi');
  const received = admin.getByLabel('Jumlah yang masuk');
  await received.fill('banyak');
  await sendInVain(button(admin, 'Setujui dan tambah saldo'));
  await expectMistake(reference, 'Isian ini wajib');
  await expectMistake(received, 'Tulis jumlah rupiah', 'banyak');
  await sendInVain(button(admin, 'Tolak isi saldo'));
  await expectMistake(admin.getByLabel('Alasan penolakan'), 'Isian ini wajib');
  await expect(fact(admin, 'Status')).toHaveText('Menunggu pembayaran');
});

test('top-up: one line of the bank statement pays once', async ({ openAs, enterAsNewcomer, context }) => {
  await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const admin = await openAs('admin');
  const reference = bankReference();
  const approve = button(admin, 'Setujui dan tambah saldo');
  await admin.goto(adminPage(await requestTopupByClient(client, 20_000)));
  await admin.getByLabel('Nomor referensi mutasi').fill(reference);
  await approve.click();
  await expect(fact(admin, 'Status')).toHaveText('Saldo masuk');
  await admin.goto(adminPage(await requestTopupByClient(client, 20_000)));
  await admin.getByLabel('Nomor referensi mutasi').fill(reference);
  await sendInVain(approve);
  await expect(admin.getByRole('alert')).toContainText('sudah dipakai untuk isi saldo lain');
  await expect(admin.getByLabel('Nomor referensi mutasi')).toHaveValue(reference);
  await expect(fact(admin, 'Status')).toHaveText('Menunggu pembayaran');
});

test('settings and bank accounts: wrong ones change nothing', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto('/admin/settings?bank=new');
  const title = page.getByLabel('Nama toko');
  const before = await title.inputValue();
  const groups = [
    [
      'Simpan data toko',
      [
        ['Nama toko', '', 'Isian ini wajib'],
        ['Nomor WhatsApp', '12', 'bukan nomor HP'],
        ['E-mail kontak', 'salah', 'bukan alamat e-mail'],
      ],
    ],
    ['Simpan penjualan', [['Tanya ulang pembelian sama (menit)', '', 'Isian ini wajib']]],
    [
      'Simpan jam buka',
      [
        ['Senin', '8', 'Tulis jam seperti'],
        ['Minggu', '21.00-21.00', 'Tulis jam seperti'],
      ],
    ],
    [
      'Simpan awalan',
      [['XL', '878', 'awalan empat angka']],
    ],
    [
      'Simpan aturan isi saldo',
      [
        ['Isi saldo paling sedikit', '0', 'Tulis jumlah rupiah'],
        ['Isi saldo terbuka per pengguna', 'tiga', 'bilangan bulat yang wajar'],
        ['Satu admin boleh menyetujui sampai', 'banyak', 'Tulis jumlah rupiah'],
        ['Admin tunggal melihat lagi setelah (menit)', '-5', 'bilangan bulat yang wajar'],
      ],
    ],
  ] as const;
  for (const [save, wrong] of groups) {
    const form = page.locator('form').filter({ has: page.getByRole('button', { name: save, exact: true }) });
    for (const [label, typed] of wrong) {
      await form.getByLabel(label).fill(typed);
    }
    await sendInVain(form.getByRole('button', { name: save }));
    for (const [label, typed, why] of wrong) {
      await expectMistake(form.getByLabel(label), why, typed);
    }
  }
  await page.goto('/admin/settings?bank=new');
  await expect(title, 'nothing was saved').toHaveValue(before);
  await page.getByLabel('Nomor rekening').fill('000-999');
  await sendInVain(button(page, 'Simpan rekening'));
  await expectMistake(page.getByLabel('Nama bank'), 'Isian ini wajib');
  await expectMistake(page.getByLabel('Atas nama'), 'Isian ini wajib');
  await expect(page.getByLabel('Nomor rekening')).toHaveValue('000-999');
});
