import { expect, test } from '../support/fixtures';
import { button, notice, send, sendInVain } from '../support/forms';
import { deliver } from '../support/gateway';
import { rupiah } from '../support/money';
import { ending, xlNumber } from '../support/people';
import { balance, choose, confirm, status } from '../support/shop';

const failures = [
  { what: 'out of stock', last: ending.outOfStock, why: 'Stok paket habis' },
  { what: 'failed at XL', last: ending.failed, why: 'XL menolak pesanan ini' },
  { what: 'pending, then failed', last: ending.pendingThenFailed, why: 'XL menolak pesanan ini' },
];

for (const { what, last, why } of failures) {
  test(`${what}: the money comes back`, async ({ page, enterAsNewcomer }) => {
    await enterAsNewcomer({ balance: 50_000 });
    await choose(page, xlNumber(last));
    const price = await confirm(page);
    await expect(status(page)).toHaveText('Gagal, saldo kembali');
    await expect(page.getByRole('main')).toContainText(why);
    expect(await balance(page)).toBe(50_000);
    await page.goto('/statement');
    const lines = page.getByRole('list', { name: 'Mutasi' }).getByRole('listitem');
    await expect(lines.nth(0)).toContainText(`+${rupiah(price)}`);
    await expect(lines.nth(1)).toContainText(rupiah(-price));
  });
}

test('pending, then delivered: the money is held meanwhile', async ({ page, enterAsNewcomer, openAs }) => {
  const person = await enterAsNewcomer({ balance: 50_000 });
  const watcher = await openAs(person);
  const number = xlNumber(ending.pending);
  await choose(page, number);
  const price = await confirm(page);
  await watcher.goto('/dashboard');
  await expect(watcher.getByRole('region', { name: 'Saldo', exact: true })).toContainText(`Ditahan ${rupiah(price)}`);
  await expect(status(page)).toHaveText('Diproses');
  await deliver(number);
  await expect(status(page)).toHaveText('Berhasil');
  expect(await balance(page)).toBe(50_000 - price);
  await expect(page.getByRole('region', { name: 'Saldo', exact: true })).not.toContainText('Ditahan');
});

test('the same again within minutes is asked about first', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 50_000 });
  const number = xlNumber();
  await choose(page, number);
  const price = await confirm(page);
  await expect(status(page)).toHaveText('Berhasil');
  const first = new URL(page.url()).pathname;

  await page.getByRole('link', { name: 'Beli lagi' }).click();
  await sendInVain(button(page, 'Beli sekarang'));
  await expect(notice(page)).toContainText('baru saja dibeli untuk nomor ini');
  await expect(page.getByRole('link', { name: 'Lihat pembelian pertama' })).toHaveAttribute('href', first);
  await send(button(page, 'Beli lagi'));
  await expect(page).toHaveURL(/\/transactions\/[^/]+$/);
  expect(new URL(page.url()).pathname).not.toBe(first);
  await expect(status(page)).toHaveText('Berhasil');
  expect(await balance(page)).toBe(50_000 - 2 * price);
});
