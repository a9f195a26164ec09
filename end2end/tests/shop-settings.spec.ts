import { expect, test } from '../support/fixtures';
import { button, done, expectMistake, notice, send, sendInVain } from '../support/forms';
import { somebody, xlNumber } from '../support/people';
import { keepSettings, writeSettings } from '../support/settings';
import { choose } from '../support/shop';

keepSettings();

test('a colour that cannot be read is refused, another one is everywhere', async ({ page, openAs }) => {
  const colour = page.getByLabel('Warna toko');
  await colour.fill('#ffcc00');
  await sendInVain(button(page, 'Simpan data toko'));
  await expectMistake(page.getByLabel('Warna toko'), 'Warna ini sulit dibaca', '#ffcc00');
  await writeSettings(page, new Map([['accent', '#0b6e45']]));
  const shopper = await openAs('member');
  await shopper.goto('/dashboard');
  await expect(shopper.locator('.hero').getByRole('link', { name: 'Isi saldo' })).toHaveCSS('color', 'rgb(9, 94, 59)');
});

test('a logo stands in the place of the usual picture', async ({ page, browser, baseURL }) => {
  const picture = page.getByLabel('Gambar logo');
  await picture.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await sendInVain(button(page, 'Pasang logo'));
  await expectMistake(picture, 'Gambar tidak bisa dibaca');
  await picture.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: onePixel });
  await send(button(page, 'Pasang logo'));
  await expect(done(page)).toContainText('Tersimpan');
  const visitor = await browser.newPage({ baseURL: baseURL! });
  await visitor.goto('/login');
  const logo = visitor.locator('a.brand img');
  await expect(logo).toBeVisible();
  expect(await logo.evaluate((image) => (image as HTMLImageElement).naturalWidth), 'it has loaded').toBeGreaterThan(0);
  await send(button(page, 'Hapus logo'));
  await visitor.reload();
  await expect(visitor.locator('a.brand img')).toHaveCount(0);
  await expect(visitor.locator('a.brand svg')).toBeVisible();
  await visitor.close();
});

test('outside the opening hours nothing is sold, and the page says until when', async ({ page, openAs }) => {
  const shopper = await openAs('member');
  await choose(shopper, xlNumber());
  const [from, until] = hoursThatAreNotNow();
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  await writeSettings(page, new Map(days.map((day) => [day, `${from}-${until}`])));
  await send(button(shopper, 'Beli sekarang'));
  await expect(notice(shopper).first()).toContainText('Toko sedang tutup. Buka lagi');
  await expect(notice(shopper).first()).toContainText(from.replace(':', '.'));
  await expect(button(shopper, 'Beli sekarang')).toHaveCount(0);
});

test('during maintenance only admins are let in', async ({ page, openAs, guard }) => {
  const shopper = await openAs('member');
  await shopper.goto('/dashboard');
  await writeSettings(
    page,
    new Map<string, string | boolean>([
      ['maintenance', true],
      ['maintenance_note', 'Kami kembali pukul 10.'],
    ]),
  );
  guard.expectStatus(503);
  const answer = await shopper.goto('/topup');
  expect(answer?.status()).toBe(503);
  expect(answer?.headers()['retry-after']).toBe('600');
  await expect(shopper.getByRole('heading', { level: 1 })).toHaveText('Sedang diperbaiki');
  await expect(shopper.getByRole('main')).toContainText('Kami kembali pukul 10.');
  await page.goto('/admin');
  await expect(page.getByRole('main')).toContainText('Mode perbaikan sedang menyala');
  await page.goto('/admin/settings');
  await writeSettings(page, new Map([['maintenance', false]]));
  expect((await shopper.goto('/topup'))?.status()).toBe(200);
});

test('a newcomer waits until an admin agrees', async ({ page, browser, baseURL }) => {
  await writeSettings(page, new Map([['sign_up', 'approval']]));
  const person = somebody();
  const newcomer = await browser.newPage({ baseURL: baseURL! });
  await newcomer.goto('/register');
  await expect(newcomer.getByRole('main')).toContainText('menunggu persetujuan admin');
  await newcomer.getByLabel('Nama pengguna').fill(person.username);
  await newcomer.getByLabel('E-mail').fill(person.email);
  await newcomer.getByLabel('Nomor HP').fill(person.phone);
  await newcomer.getByLabel('Kata sandi').fill(person.password);
  await send(button(newcomer, 'Buat akun'));
  await expect(done(newcomer)).toContainText('Setelah admin menyetujui');
  const signIn = async () => {
    await newcomer.goto('/login');
    await newcomer.getByLabel('Nama pengguna, e-mail, atau nomor HP').fill(person.username);
    await newcomer.getByLabel('Kata sandi').fill(person.password);
    await send(button(newcomer, 'Masuk'));
  };
  await signIn();
  await expect(notice(newcomer)).toContainText('menunggu persetujuan admin');
  await page.goto('/admin/users/waiting');
  await send(button(page, `Setujui ${person.username}`));
  await expect(done(page)).toContainText('Tersimpan');
  await signIn();
  await expect(newcomer).toHaveURL(/\/dashboard$/);
  await newcomer.close();

  await page.goto(`/admin/audit?action=let_in&kind=user&id=${person.username}`);
  const row = page.getByRole('row').filter({ hasText: person.username });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Menyetujui pendaftar');
});

test('what two admins change at the same time is not lost', async ({ page, openAs }) => {
  const other = await openAs('admin');
  await other.goto('/admin/settings');
  await writeSettings(page, new Map([['tagline', 'Slogan admin pertama']]));
  await other.getByLabel('Slogan').fill('Slogan admin kedua');
  // The page answers with its status for a form that was refused.
  await sendInVain(button(other, 'Simpan data toko'));
  await expect(other.getByRole('main')).toContainText('Admin lain baru saja mengubah bagian ini');
  await expect(other.getByLabel('Slogan')).toHaveValue('Slogan admin kedua');
  await other.getByRole('link', { name: 'Muat nilai terbaru' }).click();
  await expect(other.getByLabel('Slogan')).toHaveValue('Slogan admin pertama');

  await page.goto('/admin/audit?action=save_settings');
  const newest = page.locator('tbody tr').first();
  await expect(newest).toContainText('Slogan');
  await expect(newest).toContainText('→ "Slogan admin pertama"');
});

/** An hour that begins two hours from now in Jakarta. */
function hoursThatAreNotNow(): [string, string] {
  const hour = (new Date(Date.now() + 7 * 3_600_000).getUTCHours() + 2) % 24;
  const written = (hour: number) => `${String(hour % 24).padStart(2, '0')}:00`;
  return [written(hour), written(hour + 1)];
}

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
