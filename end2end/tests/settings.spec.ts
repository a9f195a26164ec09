import { expect, test } from '../support/fixtures';
import { button, done, expectMistake, send, sendInVain } from '../support/forms';
import { xlNumber } from '../support/people';
import { keepSettings, writeSettings } from '../support/settings';
import { choose } from '../support/shop';

keepSettings();

test('name, contact and announcement are seen by everyone', async ({ page, openAs }) => {
  const shopper = await openAs('member');
  await writeSettings(
    page,
    new Map([
      ['title', 'Toko Uji'],
      ['banner', 'Sabtu ini kami tutup pukul 12.'],
      ['whatsapp', '0878-1111-2222'],
    ]),
  );
  await shopper.goto('/dashboard');
  await expect(shopper).toHaveTitle(/ · Toko Uji$/);
  await expect(shopper.getByRole('main')).toContainText('Sabtu ini kami tutup');
  await shopper.goto('/terms');
  await expect(shopper.getByRole('contentinfo')).toContainText('Toko Uji');
  await expect(shopper.getByRole('link', { name: 'Tanya lewat WhatsApp' })).toHaveAttribute('href', 'https://wa.me/6287811112222');
});

test('the limits of a top-up hold', async ({ page, openAs }) => {
  const shopper = await openAs('member');
  await writeSettings(page, new Map([['topup_min', '60.000']]));
  await shopper.goto('/topup');
  await expect(shopper.getByText('Rp 50.000', { exact: true })).toHaveCount(0);
  await shopper.getByText('Nominal lain').click();
  await shopper.getByLabel('Jumlah (Rp)').fill('59.999');
  await sendInVain(button(shopper, 'Lanjut ke ringkasan'));
  await expectMistake(shopper.getByLabel('Jumlah (Rp)'), 'Paling sedikit Rp 60.000', '59.999');
});

test('sales and sign-up can be stopped', async ({ page, openAs, browser, baseURL }) => {
  const shopper = await openAs('member');
  await choose(shopper, xlNumber());
  await writeSettings(
    page,
    new Map([
      ['sales_open', false],
      ['sign_up', 'closed'],
    ]),
  );
  await send(button(shopper, 'Beli sekarang'));
  await expect(shopper.getByRole('alert').first()).toContainText('Penjualan sedang dihentikan');
  await expect(button(shopper, 'Beli sekarang')).toHaveCount(0);

  const visitor = await browser.newPage({ baseURL: baseURL! });
  await visitor.goto('/register');
  await expect(visitor.getByRole('main')).toContainText('Pendaftaran sedang ditutup');
  await visitor.goto('/');
  await expect(visitor.getByRole('link', { name: 'Daftar gratis' })).toHaveCount(0);
  await visitor.close();
});

test('a bank account is added, changed and put out of use', async ({ page, openAs }) => {
  const shopper = await openAs('member');
  const bank = `Bank Uji ${Date.now()}`;
  await page.goto('/admin/settings?bank=new');
  await page.getByLabel('Nama bank').fill(bank);
  await page.getByLabel('Nomor rekening').fill('111-222-333');
  await page.getByLabel('Atas nama').fill('Toko Uji');
  await send(button(page, 'Simpan rekening'));
  await expect(done(page)).toContainText('Tersimpan');
  await shopper.goto('/topup');
  await expect(shopper.getByText(bank)).toBeVisible();

  await page.getByRole('link', { name: `Ubah ${bank}` }).click();
  await page.getByLabel('Atas nama').fill('Toko Uji Dua');
  await send(button(page, 'Simpan rekening'));
  await shopper.reload();
  await expect(shopper.getByText('Toko Uji Dua')).toBeVisible();

  await send(button(page, new RegExp(`^Nonaktifkan ${bank}`)));
  await shopper.reload();
  await expect(shopper.getByText(bank)).toHaveCount(0);
});
