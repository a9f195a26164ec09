import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { approveTopup } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, send } from '../support/forms';
import { orderAtGateway, payAtGateway, walletPage } from '../support/gateway';
import { amountIn, rupiah } from '../support/money';
import { askForTopup, balance, cancelTopup, fact, goOnToPayment, payBy, status, way } from '../support/shop';

// Topping up through the simulated payment gateway, on a phone with JavaScript and on a desk without.

/** The money is seen: at once by itself with JavaScript, and after a press of the button without. */
async function sees(page: Page, check: string, hasJavaScript: boolean): Promise<void> {
  if (!hasJavaScript) {
    await send(button(page, check));
  }
  await expect(status(page)).toHaveText('Saldo masuk');
}

test('QRIS: the code, its picture, and the money that comes by itself', async ({ page, context, guard, enterAsNewcomer, hasJavaScript }) => {
  await enterAsNewcomer();
  const live = hasJavaScript ? page.waitForRequest(/\/events\/topups\//) : undefined;
  await askForTopup(page, 50_000, way.qris);
  await expect(status(page)).toHaveText('Menunggu pembayaran');
  const main = page.getByRole('main');
  await expect(main.locator('.status .big'), 'no code in the amount').toHaveText(rupiah(50_000));
  await expect(main.getByRole('img', { name: `Kode QRIS untuk membayar ${rupiah(50_000)}` })).toBeVisible();
  await expect(main).toContainText('TOKO SIMULASI');
  await expect(main.getByRole('timer')).toBeVisible();
  await expect(fact(page, 'Cara bayar')).toHaveText('QRIS');
  await expect(fact(page, 'Bayar sebelum')).toContainText('WIB');
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  const address = page.url();
  const { pathname } = new URL(address);
  await test.step('the picture is kept: many pay on the very phone that shows the code', async () => {
    const downloading = page.waitForEvent('download');
    await main.getByRole('link', { name: 'Simpan QR' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`qris-${pathname.split('/').pop()}.png`);
    const picture = await readFile(await download.path());
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    // Width and height stand in a PNG's first chunk: large enough for a wallet to read.
    expect(picture.readUInt32BE(16)).toBeGreaterThanOrEqual(300);
    expect(picture.readUInt32BE(20)).toBe(picture.readUInt32BE(16));
  });
  await test.step('asking too early changes nothing', async () => {
    await send(button(page, 'Saya sudah bayar · cek'));
    await expect(main).toContainText('Sedang kami tanyakan');
    await expect(status(page)).toHaveText('Menunggu pembayaran');
  });
  await live;
  await test.step('paid in the wallet', async () => {
    const wallet = await context.newPage();
    await wallet.goto(await walletPage(address));
    await wallet.getByRole('button', { name: 'Bayar', exact: true }).click();
    await expect(wallet.getByRole('main')).toContainText('lunas');
  });
  await test.step('the page says so by itself', async () => {
    await expect(status(page)).toHaveText('Saldo masuk');
    await expect(main).toContainText(`+${rupiah(50_000)}`);
    await expect(fact(page, 'Biaya')).toHaveText('Tanpa biaya');
    await expect(fact(page, 'Saldo sekarang')).toHaveText(rupiah(50_000));
    await expect(main.getByRole('img', { name: /Kode QRIS/ }), 'nobody pays it again').toHaveCount(0);
    await expectAccessible(page);
  });
  guard.expectStatus(404);
  const picture = await page.goto(`${pathname}/qr.png`);
  expect(picture?.status(), 'nor from an old address').toBe(404);
  expect(await balance(page)).toBe(50_000);
});

test('virtual account: the number is copied, the fee is in the amount, the rest is credited', async ({ page, context, enterAsNewcomer, hasJavaScript }) => {
  await enterAsNewcomer();
  await page.goto('/topup');
  await page.getByText(rupiah(100_000), { exact: true }).click();
  await payBy(page, way.vaBca);
  expect(await send(button(page, 'Lanjut ke ringkasan'))).toBe(200);
  const fee = amountIn(await fact(page, 'Biaya').innerText());
  await expect(fact(page, 'Masuk ke saldo')).toHaveText(rupiah(100_000));
  await send(button(page, 'Lanjut ke pembayaran'));
  await expect(status(page)).toHaveText('Menunggu pembayaran');
  const main = page.getByRole('main');
  await expect(main.locator('.status .big')).toHaveText(rupiah(100_000 + fee));
  await expect(main).toContainText(`Sudah termasuk biaya ${rupiah(fee)}`);
  const { code, gross_rupiah } = await orderAtGateway(page.url());
  expect(gross_rupiah).toBe(100_000 + fee);
  const number = fact(page, 'Nomor virtual account').locator('.figure');
  await expect(number, 'in groups').toHaveText(/^(\d{4} )+\d{1,4}$/);
  expect((await number.innerText()).replaceAll(' ', '')).toBe(code.va_number);
  if (hasJavaScript) {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await expect(page.locator('html')).toHaveAttribute('data-ready');
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await button(page, 'Salin nomor virtual account').click();
    await expect.poll(copied).toBe(code.va_number);
    await button(page, 'Salin nominal').click();
    await expect.poll(copied).toBe(String(100_000 + fee));
  } else {
    await expect(page.getByRole('button', { name: /^Salin/ }), 'no button that does nothing').toHaveCount(0);
  }
  await page.getByText('Lewat ATM BCA').click();
  await expect(main.getByText('Ke Rek BCA Virtual Account')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  await payAtGateway(page.url());
  await sees(page, 'Saya sudah bayar · cek', hasJavaScript);
  await expect(fact(page, 'Dibayar')).toHaveText(rupiah(100_000 + fee));
  await expect(fact(page, 'Biaya')).toHaveText(rupiah(fee));
  await expect(fact(page, 'Masuk ke saldo')).toHaveText(rupiah(100_000));
  expect(await balance(page), 'the fee is not credited').toBe(100_000);
});

test('Mandiri: a company code and a bill key', async ({ page, enterAsNewcomer, hasJavaScript }) => {
  await enterAsNewcomer();
  await askForTopup(page, 25_000, way.billMandiri);
  await expect(fact(page, 'Kode perusahaan (biller)')).toContainText(/\d{5}/);
  await expect(fact(page, 'Kode bayar (bill key)')).toContainText(/\d{4} \d{4} \d/);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await payAtGateway(page.url());
  await sees(page, 'Saya sudah bayar · cek', hasJavaScript);
  expect(await balance(page)).toBe(25_000);
});

test('called off, then paid all the same: the money is not lost', async ({ page, enterAsNewcomer, hasJavaScript }) => {
  await enterAsNewcomer();
  await askForTopup(page, 50_000, way.qris);
  await expect(status(page)).toHaveText('Menunggu pembayaran');
  await cancelTopup(page);
  await expect(status(page)).toHaveText('Dibatalkan');
  await expect(page.getByRole('link', { name: 'Isi saldo lagi' })).toHaveAttribute('href', '/topup?amount=50000');
  await expect.poll(async () => (await orderAtGateway(page.url())).state, 'called off there, too').toBe('cancel');
  await payAtGateway(page.url());
  await sees(page, 'Terlanjur bayar? Cek lagi', hasJavaScript);
  await expect(page.getByRole('main')).toContainText('setelah isi saldo ini berakhir');
  expect(await balance(page)).toBe(50_000);
});

test('a gateway that makes no order: it failed, nothing was paid, another way is at hand', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await page.goto('/topup?next=%2Fpackages');
  await page.getByText('Nominal lain').click();
  // The simulated gateway refuses amounts that end so.
  await page.getByLabel('Jumlah (Rp)').fill('50.909');
  await payBy(page, way.qris);
  await goOnToPayment(page);
  await expect(status(page)).toHaveText('Gagal disiapkan');
  await expect(page.getByRole('main')).toContainText('belum ada yang perlu dibayar');
  await page.getByRole('link', { name: 'Coba cara lain' }).click();
  await expect(page.getByLabel('Jumlah (Rp)')).toHaveValue('50.909');
  await expect(page.locator('input[name=next]')).toHaveValue('/packages');
  await payBy(page, way.transferToBca);
  await goOnToPayment(page);
  await expect(status(page)).toHaveText('Menunggu pembayaran');
});

test("the shop's own QRIS: a code for the exact amount, looked for by an admin", async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await askForTopup(page, 50_000, way.staticQris);
  const main = page.getByRole('main');
  const exact = amountIn(await main.locator('.status .big').innerText());
  expect(exact).toBeGreaterThan(50_000);
  expect(exact).toBeLessThan(51_000);
  await expect(main.getByRole('img', { name: `Kode QRIS untuk membayar ${rupiah(exact)}` })).toBeVisible();
  await expect(main).toContainText('TOKO MELATI');
  await expect(main, 'it does not come by itself').toContainText('admin yang memastikan');
  await expect(fact(page, 'Nomor rekening'), "the bank is nobody's business").toHaveCount(0);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await send(button(page, 'Saya sudah bayar'));
  await expect(status(page)).toHaveText('Sedang diperiksa');
  await approveTopup(page.url());
  await expect(status(page)).toHaveText('Saldo masuk');
  expect(await balance(page)).toBe(exact);
});
