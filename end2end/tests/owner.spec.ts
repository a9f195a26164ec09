import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, notice, send, sendInVain } from '../support/forms';
import { amountOf } from '../support/money';
import { xlNumber } from '../support/people';
import { PATIENCE, typeCode } from '../support/phone';
import { balance, choose, fact, status } from '../support/shop';

// Packages that are bought in a session of the number and paid for by its owner.

/** One of the demo's packages of this kind. */
const PACKAGE = 'Xtra Combo Flex 10 GB';

/** Chooses the package and signs the number in on the way; the page that asks is open then, and the owner's phone. */
async function chooseAndSignIn(page: Page, context: BrowserContext, number: string): Promise<Page> {
  await choose(page, number, PACKAGE);
  await expect(page.getByText('sudah dimasukkan dengan kode OTP')).toBeVisible();
  await send(button(page, 'Kirim kode OTP ke nomor ini'));
  const phone = await typeCode(page, context);
  await expect(page, 'back to the order').toHaveURL(/\/buy\//, PATIENCE);
  return phone;
}

function way(page: Page, name: string) {
  return page.getByRole('radio', { name: new RegExp(`^${name}`) });
}

test('from the code to the quota: signed in, paid by QRIS, delivered', async ({ page, context, guard, enterAsNewcomer }) => {
  guard.expectStatus(422);
  await enterAsNewcomer({ balance: 50_000 });
  const number = xlNumber();
  const phone = await chooseAndSignIn(page, context, number);
  const bar = page.locator('.sticky');
  const fee = await amountOf(bar.locator('p').filter({ hasText: 'Dari saldo Anda' }));
  const price = await amountOf(bar.locator('p').filter({ hasText: 'Dari pemilik nomor' }));
  expect(price).toBeGreaterThan(fee);
  await expect(way(page, 'Pulsa')).toBeChecked();

  await way(page, 'OVO').check();
  await sendInVain(button(page, 'Beli sekarang'));
  await expect(way(page, 'OVO'), 'the choice is kept').toBeChecked();
  await expectMistake(page.getByLabel('Nomor OVO'), 'Isian ini wajib');
  await way(page, 'QRIS').check();
  await send(button(page, 'Beli sekarang'));
  await expect(page).toHaveURL(/\/transactions\/[^/]+$/);

  await expect(status(page)).toHaveText('Menunggu pembayaran', PATIENCE);
  await expect(page.getByRole('img', { name: /Kode QRIS/ })).toBeVisible();
  await expect(page.getByRole('timer').first()).toBeVisible();
  expect(await amountOf(fact(page, 'Dari saldo Anda'))).toBe(fee);
  await expect(fact(page, 'Dari pemilik nomor')).toContainText('QRIS');

  await phone.reload();
  await send(phone.getByRole('button', { name: 'Pay' }));
  await expect(status(page)).toHaveText('Berhasil', PATIENCE);
  expect(await balance(page)).toBe(50_000 - fee);
  await page.goto('/numbers');
  await page.getByRole('link', { name: /Aktif/ }).click();
  await send(button(page, 'Perbarui'));
  await expect(page.getByRole('heading', { name: new RegExp(PACKAGE) })).toBeVisible(PATIENCE);
});

test('a wallet is opened by a link, and meanwhile the number is busy', async ({ page, context, guard, enterAsNewcomer }) => {
  guard.expectStatus(422);
  await enterAsNewcomer({ balance: 50_000 });
  const number = xlNumber();
  await chooseAndSignIn(page, context, number);
  await way(page, 'DANA').check();
  await send(button(page, 'Beli sekarang'));
  const first = new URL(page.url()).pathname;
  await expect(page.getByRole('link', { name: 'Bayar di DANA' })).toHaveAttribute('href', /\/wallet\//, PATIENCE);

  await choose(page, number, 'Xtra Edukasi 2 GB');
  await sendInVain(button(page, 'Beli sekarang'));
  await expect(notice(page)).toContainText('masih ada pembelian yang berjalan', { ignoreCase: true });
  await expect(page.getByRole('link', { name: 'Lihat pembelian itu' })).toHaveAttribute('href', first);
});

test('admins say how the owner can pay, and which gateways stand in', async ({ page, guard, enterAs }) => {
  guard.expectStatus(422);
  await enterAs('admin');
  await page.goto('/admin/packages?q=Xtra+Malam');
  await page.getByRole('link', { name: 'Xtra Malam 15 GB' }).click();
  const price = page.getByLabel('Harga dengan DANA');
  const before = await price.inputValue();
  await price.fill('gratis');
  await sendInVain(button(page, 'Simpan cara bayar'));
  await expectMistake(price, 'Tulis jumlah rupiah', 'gratis');
  await price.fill(before);
  await send(button(page, 'Simpan cara bayar'));
  await expect(page.getByText('Tersimpan')).toBeVisible();
  await expect(page.getByLabel('Harga dengan DANA')).toHaveValue(before);

  await page.goto('/admin/packages?q=Xtra+Harian');
  await page.getByRole('link', { name: 'Xtra Harian 1 GB' }).click();
  await page.getByLabel('Nama gateway ke-2').fill('cadangan');
  await page.getByLabel('Modal di gateway ke-2').fill('900.000');
  await sendInVain(button(page, 'Simpan gateway cadangan'));
  await expectMistake(page.getByLabel('Kode di gateway ke-2'), 'Isian ini wajib');
  await expectMistake(page.getByLabel('Modal di gateway ke-2'), 'Paling banyak', '900.000');
});
