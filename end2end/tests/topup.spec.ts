import { expectAccessible } from '../support/accessibility';
import { approveTopup } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, notice, send, sendInVain } from '../support/forms';
import { amountIn, rupiah } from '../support/money';
import { askForTopup, balance, cancelTopup, fact, payBy, status, way } from '../support/shop';

// Topping up by bank transfer, on a phone with JavaScript and on a desk without.

test('from the amount through the summary to the receipt', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 2_000 });
  await page.goto('/topup');
  await page.getByText('Nominal lain').click();
  await page.getByLabel('Jumlah (Rp)').fill('75.000');
  await payBy(page);
  expect(await send(button(page, 'Lanjut ke ringkasan'))).toBe(200);

  await test.step('the summary says what it will be', async () => {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Periksa isi saldo');
    await expect(fact(page, 'Isi saldo')).toHaveText(rupiah(75_000));
    await expect(fact(page, 'Biaya')).toHaveText('Tanpa biaya');
    await expect(fact(page, 'Masuk ke saldo')).toHaveText('Semua yang Anda bayar');
    await expect(fact(page, 'Batas bayar')).toContainText('setelah dibuat');
    await expect(fact(page, 'Saldo'), 'before').toContainText(rupiah(2_000));
    await expect(fact(page, 'Saldo'), 'after').toContainText(rupiah(77_000));
    const main = page.getByRole('main');
    await expect(main).toContainText(`${rupiah(75_001)} sampai ${rupiah(75_999)}`);
    await expect(main).toContainText('Kode unik');
    await expect(main).toContainText('dicek admin');
    await expectAccessible(page);
  });
  await send(button(page, 'Lanjut ke pembayaran'));
  await expect(status(page)).toHaveText('Menunggu pembayaran');
  const exact = amountIn(await page.getByRole('main').locator('.status').innerText());
  expect(exact).toBeGreaterThan(75_000);
  expect(exact).toBeLessThan(76_000);
  await expectAccessible(page);

  await send(button(page, 'Saya sudah bayar'));
  await expect(status(page)).toHaveText('Sedang diperiksa');
  await approveTopup(page.url());
  await test.step('the receipt', async () => {
    // The page follows by itself: by events, and without JavaScript by loading itself anew.
    await expect(status(page)).toHaveText('Saldo masuk');
    await expect(fact(page, 'Dibayar')).toHaveText(rupiah(exact));
    await expect(fact(page, 'Masuk ke saldo')).toHaveText(rupiah(exact));
    await expect(fact(page, 'Saldo sekarang')).toHaveText(rupiah(exact + 2_000));
    await expect(fact(page, 'Referensi')).toContainText('UJI');
    await expectAccessible(page);
  });
  expect(await balance(page)).toBe(exact + 2_000);
});

test('a wrong amount keeps what was typed and what was chosen', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await page.goto('/topup?next=%2Fpackages');
  await page.getByText('Nominal lain').click();
  const amount = page.getByLabel('Jumlah (Rp)');
  await amount.fill('lima puluh ribu');
  await payBy(page, way.transferToBca);
  await sendInVain(button(page, 'Lanjut ke ringkasan'));
  await expect(notice(page)).toContainText('satu isian');
  await expectMistake(amount, 'Tulis jumlah rupiah', 'lima puluh ribu');
  await expect(page.getByRole('radio', { name: way.transferToBca }).first()).toBeChecked();
  await expectAccessible(page);

  await amount.fill('50.000');
  expect(await send(button(page, 'Lanjut ke ringkasan'))).toBe(200);
  await expect(fact(page, 'Isi saldo')).toHaveText(rupiah(50_000));
  await test.step('and so does the way back from the summary', async () => {
    await page.getByRole('link', { name: 'Ubah', exact: true }).click();
    await expect(page.getByRole('radio', { name: rupiah(50_000), exact: true })).toBeChecked();
    await expect(page.getByRole('radio', { name: way.transferToBca }).first()).toBeChecked();
    await expect(page.locator('input[name=next]')).toHaveValue('/packages');
  });
});

test('an address that asks for something wrong leads to the form', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await page.goto('/topup/confirm?amount=50000&method=transfer%3A999999');
  await expect(page).toHaveURL(/\/topup\?.*again=1/);
  await expect(page.getByRole('radiogroup', { name: 'Bayar dengan apa?' })).toHaveAccessibleDescription(/sedang ditutup/);
  await expect(page.getByRole('radio', { name: /^Transfer ke /, checked: true })).toHaveCount(0);
});

test('the exact amount and the account number are copied', async ({ page, context, enterAsNewcomer, hasJavaScript }) => {
  test.skip(!hasJavaScript, 'copying needs JavaScript; the texts stand beside the buttons');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await enterAsNewcomer();
  await askForTopup(page);
  await expect(page.locator('html')).toHaveAttribute('data-ready');
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await button(page, 'Salin nominal').click();
  const shown = await page.getByRole('main').locator('.status .big').innerText();
  await expect.poll(copied).toBe(shown.replace(/\D/g, ''));
  const number = await fact(page, 'Nomor rekening').innerText();
  await button(page, 'Salin nomor rekening').click();
  await expect.poll(copied).toBe(number.replace(/\D/g, ''));
});

test('it is called off after a look at what that means, and is found again', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await askForTopup(page);
  const { pathname } = new URL(page.url());
  await expect(button(page, 'Ya, batalkan'), 'not at the first tap').toBeHidden();
  await page.getByText('Batalkan isi saldo', { exact: true }).click();
  await expect(page.getByText('saldo Anda tetap bertambah')).toBeVisible();
  await page.getByText('Batalkan isi saldo', { exact: true }).click();
  await cancelTopup(page);
  await expect(status(page)).toHaveText('Dibatalkan');
  await expect(page.getByRole('main')).toContainText('uang yang masuk tetap kami catat');
  await expect(page.getByRole('link', { name: 'Isi saldo lagi' })).toHaveAttribute('href', '/topup?amount=50000');

  await page.goto('/topup/history');
  await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'Dibatalkan' }).click();
  await expect(page).toHaveURL('/topup/history?state=cancelled');
  await expect(page.getByRole('main').locator(`a[href="${pathname}"]`)).toContainText('Transfer ke');
  await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'Saldo masuk' }).click();
  await expect(page.getByRole('main')).toContainText('Tidak ada isi saldo dengan status ini');
});
