import { randomBytes, randomInt } from 'node:crypto';
import { Client } from '../support/client';
import { adminPage, userPage, withPackage } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, done, expectMistake, notice, send, sendInVain } from '../support/forms';
import { rupiah } from '../support/money';
import { xlNumber } from '../support/people';
import { balance, choose, confirm, decideNotDelivered, fact, offeredPrice, requestTopupByClient, status } from '../support/shop';

test('a package is made, changed and taken off sale', async ({ page, openAs, enterAs }) => {
  const shopper = await openAs('member');
  const name = packageName();
  const offered = shopper.getByRole('link', { name, exact: true });
  const look = () => shopper.goto(`/packages?q=${encodeURIComponent(name)}`);
  await enterAs('admin');

  await test.step('made', async () => {
    await page.goto('/admin/packages');
    await page.getByRole('link', { name: 'Paket baru' }).click();
    await page.getByLabel('Nama paket').fill(name);
    await page.getByLabel('Kuota').fill('3 GB');
    await page.getByLabel('Masa aktif (hari)').fill('7');
    await page.getByLabel('Kategori').selectOption({ label: 'Mingguan' });
    await page.getByLabel('Harga modal').fill('10.000');
    await page.getByLabel('Harga anggota').fill('12.500');
    await page.getByLabel('Harga reseller').fill('11.000');
    await page.getByLabel('Kode produk (SKU)').fill('xld1');
    await send(button(page, 'Buat paket'));
    await expect(done(page)).toContainText('Tersimpan');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await look();
    await expect(offered).toBeVisible();
    await expect(shopper.getByRole('main')).toContainText('Rp 12.500');
  });
  await test.step('changed', async () => {
    await page.getByLabel('Harga anggota').fill('13.000');
    await send(button(page, 'Simpan paket'));
    await expect(done(page)).toContainText('Tersimpan');
    await look();
    await expect(shopper.getByRole('main')).toContainText('Rp 13.000');
  });
  await offered.click();
  await expect(shopper).toHaveURL(/\/buy\//);
  const address = shopper.url();
  await test.step('taken off sale', async () => {
    await send(button(page, 'Nonaktifkan paket'));
    await expect(page.getByRole('main')).toContainText('Paket ini tidak dijual');
    await look();
    await expect(offered, 'nobody is offered it').toHaveCount(0);
    await shopper.goto(`${address}?msisdn=${xlNumber()}`);
    await expect(shopper.getByRole('alert')).toContainText('sedang tidak dijual');
    await expect(button(shopper, 'Beli sekarang')).toHaveCount(0);
  });
});

test('a member becomes a reseller, and pays less', async ({ page, openAs, enterAsNewcomer, context }) => {
  const person = await enterAsNewcomer({ balance: 50_000 });
  await choose(page, xlNumber());
  const asMember = await offeredPrice(page);
  const before = await context.cookies();

  const admin = await openAs('admin');
  await admin.goto(await userPage(person));
  await admin.getByLabel('Peran baru').selectOption({ label: 'Reseller' });
  await button(admin, 'Ubah peran').click();
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText(`Ubah peran ${person.username}?`);
  await expect(fact(admin, 'Peran')).toHaveText('Anggota → Reseller');
  await send(button(admin, 'Ya, jadikan Reseller'));
  await expect(done(admin)).toContainText('Tersimpan');

  await context.addCookies(before);
  await page.goto('/dashboard');
  await expect(page, 'signed in anew with the new rights').toHaveURL(/\/login/);
  const reseller = await openAs(person);
  await choose(reseller, xlNumber());
  expect(await offeredPrice(reseller)).toBeLessThan(asMember);
});

test('a suspended user is out at once, and comes in again later', async ({ page, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const admin = await openAs('admin');
  const address = await userPage(person);
  await admin.goto(address);
  await admin.getByRole('link', { name: 'Tangguhkan akun' }).click();
  await admin.getByLabel('Alasan').fill('Nomor palsu');
  await send(button(admin, 'Ya, tangguhkan'));
  await expect(fact(admin, 'Status akun')).toHaveText('Ditangguhkan');

  await page.goto('/dashboard');
  await expect(page).toHaveURL('/login?next=%2Fdashboard');
  const signIn = async () => {
    await page.getByLabel('Nama pengguna, e-mail, atau nomor HP').fill(person.username);
    await page.getByLabel('Kata sandi', { exact: true }).fill(person.password);
    return send(button(page, 'Masuk'));
  };
  expect(await signIn()).toBe(422);
  await expect(notice(page), 'like a wrong password').toContainText('tidak cocok');

  await admin.getByRole('link', { name: 'Aktifkan akun' }).click();
  await send(button(admin, 'Ya, aktifkan lagi'));
  expect(await signIn()).toBe(200);
  await expect(page).toHaveURL('/dashboard');
});

test("a correction of a balance, with a reason, is in the user's statement", async ({ page, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const admin = await openAs('admin');
  const address = await userPage(person);
  for (const [direction, amount, yes, after] of [
    ['Tambah saldo', 25_000, 'Ya, tambah', 25_000],
    ['Kurangi saldo', 5_000, 'Ya, kurangi', 20_000],
  ] as const) {
    const reason = `Alasan ${direction}`;
    await admin.goto(address);
    await admin.getByLabel('Arah').selectOption({ label: direction });
    await admin.getByLabel('Jumlah').fill(String(amount));
    await admin.getByLabel('Alasan').fill(reason);
    await send(button(admin, 'Lanjut ke konfirmasi'));
    await expect(fact(admin, 'Saldo sebelum dan sesudah')).toContainText(rupiah(after));
    await expect(fact(admin, 'Alasan')).toHaveText(reason);
    await send(button(admin, `${yes} ${rupiah(amount)}`));
    await expect(fact(admin, 'Saldo')).toHaveText(rupiah(after));
    await page.goto('/statement');
    const line = page.getByRole('list', { name: 'Mutasi' }).getByRole('listitem').first();
    await expect(line).toContainText(reason);
    await expect(line).toContainText(rupiah(after));
  }
  expect(await balance(page)).toBe(20_000);
});

test('a top-up is rejected; the badge counts those that wait', async ({ page, openAs, enterAsNewcomer, context }) => {
  await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const topup = await requestTopupByClient(client, 30_000);
  // Only what somebody says to have paid waits for a human.
  await client.complete(topup, '/api/submit_proof');
  const admin = await openAs('admin');
  await admin.goto('/admin');
  // What waits elsewhere has a badge of its own.
  const entry = admin.getByRole('navigation', { name: 'Menu admin' }).getByRole('link', { name: /^Isi saldo/ });
  expect(Number(await entry.getByLabel(/^\d+ menunggu$/).innerText())).toBeGreaterThan(0);

  await admin.goto(adminPage(topup));
  await admin.getByLabel('Alasan penolakan').fill('Tidak ada di mutasi');
  await send(button(admin, 'Tolak isi saldo'));
  await expect(fact(admin, 'Status')).toHaveText('Ditolak');
  await page.goto(topup);
  await expect(status(page)).toHaveText('Ditolak');
  await expect(page.getByRole('main')).toContainText('Tidak ada di mutasi');
  expect(await balance(page)).toBe(0);
});

test('a purchase whose outcome nobody knows is decided by an admin', async ({ page, openAs, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 30_000 });
  const admin = await openAs('admin');
  const name = packageName();
  // "Reference used" proves nothing, however often one asks.
  await withPackage(name, 'rc49', async () => {
    await choose(page, xlNumber(), name);
    await confirm(page);
  });
  await expect(status(page)).toHaveText('Belum pasti, sedang dicek');
  await expect(page.getByRole('main'), 'uncertain is not failed').not.toContainText('Gagal');

  await admin.goto(adminPage(page.url()));
  const result = admin.getByLabel('Hasil sebenarnya');
  const reason = admin.getByLabel('Alasan');
  await sendInVain(button(admin, 'Simpan keputusan'));
  await expectMistake(result, 'Isian ini wajib');
  await expectMistake(reason, 'Isian ini wajib');
  await decideNotDelivered(admin);
  await expect(status(page), 'the buyer sees it at once').toHaveText('Gagal, saldo kembali');
  expect(await balance(page)).toBe(30_000);
});

test('all purchases: by state, by number', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto('/admin/transactions');
  await page.getByRole('link', { name: 'Berhasil', exact: true }).click();
  await expect(page).toHaveURL(/state=succeeded/);
  const row = page.getByRole('row').nth(1);
  await expect(row).toContainText('Berhasil');
  const id = await row.getByRole('link').innerText();
  await page.getByLabel(/nomor transaksi$/).fill(id);
  await button(page, 'Cari').click();
  await page.getByRole('link', { name: id }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Transaksi ${id}`);
  await expect(page.getByRole('heading', { name: 'Pesan gateway' })).toBeVisible();
});

test('users are found by any part of their name, address or number', async ({ page, enterAs, enterAsNewcomer, context }) => {
  // An underscore and a nought are easily taken for something else.
  const name = `uji_${randomBytes(5).toString('hex')}`;
  const person = await enterAsNewcomer({ username: name, phone: `08120${String(randomInt(1e7)).padStart(7, '0')}` });
  await context.clearCookies();
  await enterAs('admin');
  for (const typed of [person.username.slice(2), person.email, person.phone.slice(-8), person.phone]) {
    await page.goto('/admin/users');
    await page.getByRole('searchbox').fill(typed);
    await button(page, 'Cari').click();
    await expect(page.getByRole('row', { name: person.username }), `found by ${typed}`).toHaveCount(1);
  }
});

function packageName(): string {
  return `Paket Uji ${randomBytes(4).toString('hex')}`;
}
