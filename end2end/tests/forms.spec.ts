import { expect, test } from '../support/fixtures';
import { button, expectMistake, notice, send, sendInVain } from '../support/forms';
import { amountIn, rupiah } from '../support/money';
import { adjustBalance, approveTopup } from '../support/desk';
import { axisNumber, somebody, xlNumber } from '../support/people';
import { askForTopup, balance, cancelTopup, choose, confirm, goOnToPayment, offeredPrice, payBy, status } from '../support/shop';

// Wrong input on every form of visitors and members; the admins' forms are in admin-forms.spec.ts.

test('sign-up: every field says what is wrong and keeps what was typed', async ({ page }) => {
  await page.goto('/register');
  const username = page.getByLabel('Nama pengguna');
  const email = page.getByLabel('E-mail');
  const phone = page.getByLabel('Nomor HP Anda');
  const password = page.getByLabel('Kata sandi', { exact: true });
  await sendInVain(button(page, 'Buat akun'));
  for (const field of [username, email, phone, password]) {
    await expectMistake(field, 'Isian ini wajib');
  }
  await username.fill('1 toko');
  await email.fill('toko di contoh');
  await phone.fill('0812');
  await password.fill('pendek');
  await sendInVain(button(page, 'Buat akun'));
  await expect(notice(page)).toContainText('4 isian');
  await expectMistake(username, 'Mulai dengan huruf', '1 toko');
  await expectMistake(email, 'bukan alamat e-mail', 'toko di contoh');
  await expectMistake(phone, 'bukan nomor HP', '0812');
  await expectMistake(password, 'Paling sedikit 10 karakter', '');
});

test('sign-up: what is taken is said, and nobody is signed up', async ({ page, enterAsNewcomer, context }) => {
  const taken = await enterAsNewcomer();
  await context.clearCookies();
  const { username, password } = somebody();
  await page.goto('/register');
  await page.getByLabel('Nama pengguna').fill(username);
  await page.getByLabel('E-mail').fill(taken.email);
  await page.getByLabel('Nomor HP Anda').fill(taken.phone);
  await page.getByLabel('Kata sandi', { exact: true }).fill(password);
  await sendInVain(button(page, 'Buat akun'));
  await expectMistake(page.getByLabel('E-mail'), 'Sudah dipakai', taken.email);
  await expect(page.getByLabel('Nama pengguna')).toHaveValue(username);

  await page.goto('/login');
  await page.getByLabel('Nama pengguna, e-mail, atau nomor HP').fill(username);
  await page.getByLabel('Kata sandi', { exact: true }).fill(password);
  await sendInVain(button(page, 'Masuk'));
});

test('sign-in: empty fields', async ({ page }) => {
  await page.goto('/login');
  await sendInVain(button(page, 'Masuk'));
  await expectMistake(page.getByLabel('Nama pengguna, e-mail, atau nomor HP'), 'Isian ini wajib');
  await expectMistake(page.getByLabel('Kata sandi', { exact: true }), 'Isian ini wajib');
});

test('profile: wrong details change nothing', async ({ page, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  await page.goto('/profile');
  const name = page.getByRole('textbox', { name: /^Nama/ }).first();
  await name.fill('x'.repeat(61));
  await page.getByLabel('E-mail').fill('salah');
  await page.getByLabel('Nomor HP Anda').fill('12345');
  await sendInVain(button(page, 'Simpan'));
  await expectMistake(name, 'Paling banyak 60 karakter', 'x'.repeat(61));
  await expectMistake(page.getByLabel('E-mail'), 'bukan alamat e-mail', 'salah');
  await expectMistake(page.getByLabel('Nomor HP Anda'), 'bukan nomor HP', '12345');
  await page.goto('/profile');
  await expect(page.getByLabel('E-mail')).toHaveValue(person.email);
});

test('password: the present one must be right, the new one good', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await page.goto('/profile');
  const present = page.getByLabel('Kata sandi sekarang');
  const next = page.getByLabel('Kata sandi baru');
  await present.fill('bukan yang ini');
  await next.fill('aaaaaaaaaaaa');
  await sendInVain(button(page, 'Ganti kata sandi'));
  await expectMistake(present, 'tidak cocok', '');
  await expectMistake(next, 'Terlalu mudah ditebak', '');
  await expect(page.getByLabel('E-mail'), 'the other form of the page is not concerned').not.toHaveAttribute('aria-invalid');
});

const numbers = [
  { typed: '0812-3456-7890', why: 'Ini nomor Telkomsel' },
  { typed: '0800-1234-5678', why: 'Awalan nomor ini tidak dikenal' },
  { typed: 'abc', why: 'bukan nomor HP' },
];

test('packages: a number that gets none', async ({ page, guard, enterAs }) => {
  guard.expectStatus(422);
  await enterAs('member');
  for (const { typed, why } of numbers) {
    await page.goto('/packages');
    const field = page.getByLabel('Nomor tujuan');
    await field.fill(typed);
    await sendInVain(button(page, 'Lanjut'));
    await expectMistake(field, why, typed);
  }
});

test('buy: a package of one brand does not go to the other', async ({ page, guard, enterAs }) => {
  guard.expectStatus(422);
  await enterAs('member');
  await choose(page, xlNumber());
  await page.getByRole('link', { name: 'Ganti nomor' }).click();
  const field = page.getByLabel('Nomor tujuan');
  await sendInVain(button(page, 'Lanjut'));
  await expectMistake(field, 'Isian ini wajib');
  await field.fill(axisNumber());
  await sendInVain(button(page, 'Lanjut'));
  await expectMistake(field, 'Paket ini untuk merek yang lain');
  await expect(button(page, 'Beli sekarang')).toHaveCount(0);
});

test('top-up: amounts that cannot be', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await page.goto('/topup');
  const amount = page.getByLabel('Jumlah (Rp)');
  await sendInVain(button(page, 'Lanjut ke ringkasan'));
  await expectMistake(amount, 'Isian ini wajib');
  for (const [typed, why] of [
    ['seribu', 'Tulis jumlah rupiah'],
    ['500', 'Paling sedikit Rp'],
    ['900.000.000.000', 'Paling banyak Rp'],
  ]) {
    await page.getByText('Nominal lain').click();
    await amount.fill(typed!);
    await sendInVain(button(page, 'Lanjut ke ringkasan'));
    await expectMistake(amount, why!, typed);
  }
  await page.goto('/topup');
  await expect(page.getByRole('main')).toContainText('Belum ada isi saldo');
});

test('top-up: at most three wait at a time; one is called off', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  for (let i = 0; i < 3; i += 1) {
    expect(await askForTopup(page)).toBe(200);
  }
  expect(await askForTopup(page)).toBe(422);
  await expect(notice(page)).toContainText('Paling banyak 3 isi saldo');
  await page.getByRole('link', { name: 'Lihat isi saldo Anda' }).click();
  await page.getByRole('list').getByRole('link', { name: /Menunggu pembayaran/ }).first().click();
  await cancelTopup(page);
  await expect(status(page)).toHaveText('Dibatalkan');
  expect(await askForTopup(page)).toBe(200);
});

test('proof of a transfer: only a picture is one', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await askForTopup(page);
  const file = page.getByLabel('Gambar bukti transfer');
  await file.setInputFiles({ name: 'bukti.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('bukan gambar') });
  await sendInVain(button(page, 'Kirim bukti'));
  await expectMistake(file, 'Gambar tidak bisa dibaca');
  await expect(status(page)).toHaveText('Menunggu pembayaran');
  await file.setInputFiles({ name: 'bukti.png', mimeType: 'image/png', buffer: picture });
  await send(button(page, 'Kirim bukti'));
  await expect(status(page)).toHaveText('Sedang diperiksa');
  await expect(page.getByText('Bukti sudah kami terima')).toBeVisible();
});

test('proof of a transfer: too large a file', async ({ page, guard, enterAsNewcomer }) => {
  guard.expectStatus(413);
  await enterAsNewcomer();
  await askForTopup(page);
  const buffer = Buffer.alloc(9 * 1024 * 1024);
  await page.getByLabel('Gambar bukti transfer').setInputFiles({ name: 'bukti.png', mimeType: 'image/png', buffer });
  expect(await send(button(page, 'Kirim bukti'))).toBe(413);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Terlalu besar');
});

test('balance too low: exactly what is missing, the way to it, and back', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 2_000 });
  const number = xlNumber();
  await choose(page, number);
  const order = new URL(page.url());
  const missing = (await offeredPrice(page)) - 2_000;
  await expect(button(page, 'Beli sekarang')).toHaveCount(0);
  await expect(notice(page)).toContainText(`Saldo kurang ${rupiah(missing)}`);
  await page.getByRole('link', { name: /^Isi saldo Rp/ }).click();
  await expect(page.getByRole('main')).toContainText('langsung melanjutkan pesanan');
  await payBy(page);
  await goOnToPayment(page);
  const asked = amountIn(await page.getByRole('main').locator('.status').innerText());
  expect(asked).toBeGreaterThanOrEqual(missing);
  await send(button(page, 'Saya sudah bayar'));
  await approveTopup(page.url());
  await page.getByRole('link', { name: 'Lanjutkan pesanan' }).click();
  await expect(page).toHaveURL(order.pathname + order.search);
  await confirm(page);
  await expect(status(page)).toHaveText('Berhasil');
});

test('balance too low since the page was shown', async ({ page, enterAsNewcomer }) => {
  const person = await enterAsNewcomer({ balance: 20_000 });
  await choose(page, xlNumber());
  const missing = (await offeredPrice(page)) - 1_000;
  await adjustBalance(person, -19_000);
  await sendInVain(button(page, 'Beli sekarang'));
  await expect(page.getByRole('main')).toContainText(`Saldo kurang ${rupiah(missing)}`);
  await expect(page.getByRole('link', { name: /^Isi saldo/ }).last()).toBeVisible();
  expect(await balance(page), 'nothing was taken').toBe(1_000);
});

/** The smallest PNG there is: one grey dot. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);
