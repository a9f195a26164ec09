import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { adminPage, withPackage } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, sendInVain } from '../support/forms';
import { amountOf } from '../support/money';
import { xlNumber } from '../support/people';
import { choose, confirm, decideNotDelivered, status } from '../support/shop';

/** The figure of a tile. */
function tile(page: Page, label: string): Locator {
  return page.locator('.kpi').filter({ has: page.getByText(label, { exact: true }) }).locator('.figure');
}

/** What a link downloads: its name and its text. */
async function downloaded(page: Page, link: Locator): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

test('the figures follow a sale, for today and for longer', async ({ page, openAs, enterAsNewcomer }) => {
  const admin = await openAs('admin');
  await admin.goto('/admin');
  const before = await amountOf(tile(admin, 'Penjualan'));
  await enterAsNewcomer({ balance: 100_000 });
  await choose(page, xlNumber('1230'));
  const price = await confirm(page);
  await expect(status(page)).toHaveText('Berhasil');

  // Sealed and summed within seconds; other tests sell too.
  await expect(async () => {
    await admin.goto('/admin');
    expect(await amountOf(tile(admin, 'Penjualan'))).toBeGreaterThanOrEqual(before + price);
  }).toPass();
  await expect(admin.getByText('Angka sampai')).toBeVisible();
  await expect(admin.getByText('kemarin sehari penuh').first()).toBeVisible();

  const today = await amountOf(tile(admin, 'Penjualan'));
  await admin.getByRole('link', { name: '7 hari', exact: true }).click();
  await expect(admin).toHaveURL(/days=7/);
  await expect(admin.getByRole('link', { name: '7 hari', exact: true })).toHaveAttribute('aria-current', 'true');
  expect(await amountOf(tile(admin, 'Penjualan'))).toBeGreaterThanOrEqual(today);
  await expect(admin.getByText('7 hari sebelumnya').first()).toBeVisible();
  await expect(admin.getByRole('img', { name: /^Penjualan Rp.*laba/ })).toBeVisible();
  const table = admin.getByRole('table').filter({ hasText: 'Laba' });
  await expect(table).toBeHidden();
  await admin.getByText('Lihat sebagai tabel').click();
  await expect(table.locator('tbody tr')).toHaveCount(7);
});

test('filters stay in the address, and the file has what the list has', async ({ page, enterAsNewcomer, openAs }) => {
  const person = await enterAsNewcomer({ balance: 100_000 });
  const number = xlNumber('1230');
  await choose(page, number);
  await confirm(page);
  await expect(status(page)).toHaveText('Berhasil');
  const id = page.url().split('/').pop()!;

  const admin = await openAs('admin');
  await admin.goto('/admin/transactions');
  await admin.getByLabel(/nomor transaksi$/).fill(person.username);
  await button(admin, 'Cari').click();
  await expect(admin).toHaveURL(new RegExp(`q=${person.username}`));
  const rows = admin.locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.last(), 'the correction that gave the money').toContainText('Koreksi');

  await admin.getByRole('link', { name: 'Pembelian', exact: true }).click();
  await expect(admin).toHaveURL(/q=uji.*kind=purchase|kind=purchase.*q=uji/);
  await expect(rows).toHaveCount(1);
  await admin.getByText('Saring lebih rinci').click();
  await admin.getByLabel('Jumlah persis').fill('1');
  await button(admin, 'Cari').click();
  await expect(admin.getByText('Tidak ada transaksi yang cocok')).toBeVisible();
  await expect(admin.getByLabel('Jumlah persis'), 'what was asked for is open and there').toHaveValue('1');
  await admin.getByLabel('Jumlah persis').fill('banyak');
  await button(admin, 'Cari').click();
  await expect(admin.getByText('Jumlah tidak terbaca')).toBeVisible();
  await admin.getByLabel('Jumlah persis').fill('');
  // A part of the number.
  await admin.getByLabel(/nomor transaksi$/).fill(number.slice(2));
  await button(admin, 'Cari').click();
  await expect(rows).toHaveCount(1);

  const { name, text } = await downloaded(admin, admin.getByRole('link', { name: 'Unduh CSV' }));
  expect(name).toBe('transaksi.csv');
  const lines = text.trim().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`,${person.username},`);
  expect(lines[1]!.replaceAll('-', '')).toContain(id);
  await admin.getByRole('link', { name: 'Hapus saringan' }).click();
  await expect(admin).toHaveURL(/\/admin\/transactions$/);
});

test('a month as a page and as a file', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto('/admin');
  await page.getByRole('link', { name: 'Laporan bulan' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Laporan \S+ \d{4}$/);
  await expect(page.getByLabel('Bulan', { exact: true })).toHaveValue(/^\d{4}-\d\d$/);
  const month = await page.getByLabel('Bulan', { exact: true }).inputValue();
  const { name, text } = await downloaded(page, page.getByRole('link', { name: 'Unduh CSV' }));
  expect(name).toBe(`laporan-${month}.csv`);
  const lines = text.trim().split('\r\n').map((line) => line.split(','));
  const sales = lines[0]!.indexOf('sales_rupiah');
  const days = lines.slice(1, -1);
  expect(days.reduce((sum, day) => sum + Number(day[sales]), 0)).toBe(Number(lines.at(-1)![sales]));
  expect(days.at(-1)![0]!.startsWith(month)).toBe(true);
  await page.getByRole('link', { name: 'Bulan sebelumnya' }).click();
  await expect(page.getByLabel('Bulan', { exact: true })).not.toHaveValue(month);
  await page.getByRole('link', { name: 'Bulan berikutnya' }).click();
  await expect(page.getByLabel('Bulan', { exact: true })).toHaveValue(month);
});

test('what nobody knows the outcome of is decided from the queue', async ({ page, guard, openAs, enterAsNewcomer }) => {
  guard.expectStatus(422);
  await enterAsNewcomer({ balance: 30_000 });
  const name = `Paket Uji ${randomBytes(3).toString('hex')}`;
  // "Reference used" proves nothing, however often one asks.
  await withPackage(name, 'rc49', async () => {
    await choose(page, xlNumber(), name);
    await confirm(page);
  });
  await expect(status(page)).toHaveText('Belum pasti, sedang dicek');

  const admin = await openAs('admin');
  await admin.goto('/admin/exceptions');
  const entry = admin.getByRole('listitem').filter({ hasText: name });
  await expect(entry).toContainText('sejak');
  await entry.getByRole('link', { name: /^Putuskan/ }).click();
  await expect(admin).toHaveURL(new RegExp(`${adminPage(page.url())}$`));
  await expect(admin.getByRole('heading', { name: 'Percobaan di gateway' })).toBeVisible();
  await sendInVain(button(admin, 'Simpan keputusan'));
  await expectMistake(admin.getByLabel('Alasan'), 'Isian ini wajib');
  await decideNotDelivered(admin);
  await admin.goto('/admin/exceptions');
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Perlu tindakan');
  await expect(entry).toHaveCount(0);
});

test('for everyone but admins there is nothing of this', async ({ page, guard, enterAs }) => {
  guard.expectStatus(404);
  await enterAs('member');
  for (const address of ['/admin', '/admin/exceptions', '/admin/report', '/admin/transactions.csv']) {
    expect((await page.goto(address))?.status(), address).toBe(404);
  }
});
