import { readFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { expect, test } from '../support/fixtures';
import { button, done, expectMistake, send, sendInVain } from '../support/forms';
import { rupiah } from '../support/money';
import { grouped, xlNumber } from '../support/people';
import { cheapPackage, choose, confirm, fact, status } from '../support/shop';

/** `0878-****-1230`, as others see a number. */
const masked = (number: string) => `${number.slice(0, 4)}-****-${number.slice(-4)}`;

/** Buys a package that is delivered at once; what was paid. The purchase's page is open then. */
async function buyDelivered(page: Page, number: string): Promise<number> {
  await choose(page, number);
  const price = await confirm(page);
  await expect(status(page)).toHaveText('Berhasil');
  return price;
}

async function toReceipt(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('link', { name: 'Struk', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Struk');
}

/** What somebody who is not signed in finds behind a link. */
async function openSignedOut(browser: Browser, address: string, look: (page: Page, status: number) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const answer = await page.goto(address);
  await look(page, answer?.status() ?? 0);
  await context.close();
}

test('a receipt is shared by a link, read signed out, and taken back', async ({ page, browser, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 50_000 });
  const number = xlNumber();
  const price = await buyDelivered(page, number);
  await toReceipt(page);
  await expect(fact(page, 'Nomor')).toHaveText(masked(number));
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  await send(button(page, 'Buat tautan'));
  const link = await page.getByLabel('Tautan struk').inputValue();
  expect(link).toMatch(/\/r\/[0-9a-f]{32}$/);
  const whatsapp = await page.getByRole('link', { name: 'Bagikan lewat WhatsApp' }).getAttribute('href');
  expect(whatsapp).toMatch(/^https:\/\/wa\.me\/\?text=/);
  const message = new URL(whatsapp!).searchParams.get('text');
  expect(message).toContain(link);
  expect(message).toContain(masked(number));
  expect(message).not.toContain(number);
  await expectAccessible(page);

  const path = new URL(link).pathname;
  await openSignedOut(browser, path, async (guest, answer) => {
    expect(answer).toBe(200);
    await expect(fact(guest, 'Nomor')).toHaveText(masked(number));
    await expect(fact(guest, 'Harga')).toHaveText(rupiah(price));
    await expect(fact(guest, 'Nomor seri (SN)')).toContainText(/\d{10}/);
    await expect(fact(guest, 'Waktu')).toContainText('WIB');
    await expect(fact(guest, 'Status')).toHaveText('Berhasil');
    await expect(guest.locator('meta[name=robots]')).toHaveAttribute('content', /noindex/);
    await expect(guest.locator('meta[property="og:description"]')).toHaveAttribute('content', /sudah masuk/);
    await expectNoSidewaysScroll(guest);
    await expectAccessible(guest);
  });

  await send(button(page, 'Cabut tautan'));
  await expect(done(page)).toContainText('Tautan sudah dicabut');
  await openSignedOut(browser, path, async (guest, answer) => {
    expect(answer).toBe(404);
    await expect(guest.getByRole('main')).not.toContainText(masked(number));
  });
});

test("a reseller's receipt has the reseller's name and price", async ({ page, browser, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 50_000, role: 'reseller' });
  const paid = await buyDelivered(page, xlNumber());
  await toReceipt(page);
  await expect(fact(page, 'Harga'), 'none before one is set').toHaveCount(0);
  const name = page.getByLabel('Nama toko Anda');
  await name.fill('Konter Melati');
  await page.getByLabel('Harga jual').fill('1.5');
  await sendInVain(button(page, 'Simpan'));
  await expectMistake(page.getByLabel('Harga jual'), 'rupiah tanpa koma', '1.5');
  await expect(name).toHaveValue('Konter Melati');
  const price = paid + 2_500;
  await page.getByLabel('Harga jual').fill(String(price));
  await send(button(page, 'Simpan'));
  await expect(fact(page, 'Harga')).toHaveText(rupiah(price));
  await expect(page.getByRole('article')).not.toContainText(rupiah(paid));

  await send(button(page, 'Buat tautan'));
  const path = new URL(await page.getByLabel('Tautan struk').inputValue()).pathname;
  await openSignedOut(browser, path, async (guest) => {
    await expect(guest.getByRole('article')).toContainText('Konter Melati');
    await expect(fact(guest, 'Harga')).toHaveText(rupiah(price));
    await expect(guest.locator('body')).not.toContainText(rupiah(paid));
  });

  await buyDelivered(page, xlNumber());
  await toReceipt(page);
  await expect(fact(page, 'Harga'), 'remembered for the package').toHaveText(rupiah(price));
});

test('a statement shows its days, and the same as a file', async ({ page, guard, enterAsNewcomer }) => {
  guard.expectStatus(422);
  await enterAsNewcomer({ balance: 50_000 });
  const price = await buyDelivered(page, xlNumber());
  await page.goto('/statement');
  await page.getByRole('link', { name: 'Hari ini' }).click();
  await expect(page).toHaveURL(/range=today/);
  await expect(fact(page, 'Saldo awal')).toHaveText(rupiah(0));
  await expect(fact(page, 'Masuk')).toHaveText(rupiah(50_000));
  await expect(fact(page, 'Keluar')).toHaveText(rupiah(price));
  await expect(fact(page, 'Saldo akhir')).toHaveText(rupiah(50_000 - price));
  const lines = page.getByRole('list', { name: 'Mutasi' }).getByRole('listitem');
  await expect(lines).toHaveCount(2);
  await page.getByRole('link', { name: 'Uang keluar' }).click();
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText(`Saldo ${rupiah(50_000 - price)}`);

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Unduh CSV' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^mutasi-\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.csv$/);
  const rows = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/^\uFEFFWaktu \(WIB\);Mutasi;/);
  expect(rows[1]).toContain(`;;${price};${50_000 - price};`);

  await lines.getByRole('link').click();
  await expect(page).toHaveURL(/\/transactions\//);
  await page.goto('/statement?range=custom');
  await page.getByLabel('Dari tanggal').fill('2026-02-02');
  await page.getByLabel('Sampai tanggal').fill('2026-02-01');
  const wrong = page.waitForResponse((response) => response.url().includes('to=2026-02-01'));
  await button(page, 'Tampilkan').click();
  expect((await wrong).status()).toBe(422);
  await expectMistake(page.getByLabel('Sampai tanggal'), 'lebih dulu', '2026-02-01');
});

test('a number is saved, found, and bought for again', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 50_000 });
  const number = xlNumber();
  await buyDelivered(page, number);
  await page.getByText('Simpan nomor ini', { exact: true }).click();
  await page.getByLabel('Nama untuk nomor ini').fill('Ibu Rina');
  await send(button(page, 'Simpan'));
  await expect(page.getByRole('main')).toContainText('Tersimpan sebagai Ibu Rina');

  await page.goto('/packages');
  await page.getByRole('link', { name: `Ibu Rina · ${masked(number)}` }).click();
  await expect(page.getByRole('main')).toContainText(`Paket XL untuk ${grouped(number)}`);

  await page.goto('/saved-numbers');
  await page.getByRole('searchbox').fill('rina');
  await button(page, 'Cari').click();
  const saved = page.getByRole('list', { name: 'Nomor tersimpan' }).getByRole('listitem');
  await expect(saved).toHaveCount(1);
  await saved.getByText('Ganti nama atau hapus').click();
  await saved.getByLabel('Nama untuk nomor ini').fill('Ibu');
  await send(saved.getByRole('button', { name: 'Ganti nama' }));
  await expect(saved).toContainText('Ibu');
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  for (const list of ['/transactions', '/dashboard']) {
    await page.goto(list);
    await page.getByRole('link', { name: `Beli lagi ${cheapPackage} untuk ${grouped(number)}` }).click();
    await expect(page).toHaveURL(/\/buy\//);
    await expect(page.getByRole('main')).toContainText(grouped(number));
    await expect(button(page, 'Beli sekarang')).toBeVisible();
  }

  await page.goto('/saved-numbers');
  await saved.getByText('Ganti nama atau hapus').click();
  await send(saved.getByRole('button', { name: 'Hapus nomor ini' }));
  await expect(done(page)).toContainText('Nomor sudah dihapus');
  await expect(page.getByRole('main')).toContainText('Belum ada nomor tersimpan');
});
