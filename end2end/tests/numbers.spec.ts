import { expect, test } from '../support/fixtures';
import { button, expectMistake, send } from '../support/forms';
import { grouped, xlNumber } from '../support/people';

/** Without JavaScript a page that waits loads itself anew. */
const PATIENCE = { timeout: 15_000 };

test('a number is signed in by its code, asked what is left, and signed out', async ({ page, context, guard, enterAsNewcomer }) => {
  guard.expectStatus(422);
  await enterAsNewcomer();
  const number = xlNumber();
  await page.goto('/numbers');
  await expect(page.getByText('Belum ada nomor')).toBeVisible();
  const field = page.getByLabel('Nomor XL atau AXIS');
  await field.fill('081234567890');
  await send(button(page, 'Kirim kode OTP'));
  await expectMistake(field, 'Telkomsel');
  await field.fill(number);
  await send(button(page, 'Kirim kode OTP'));

  const code = page.getByLabel('Kode dari SMS');
  await expect(code).toBeVisible(PATIENCE);
  await expect(page.getByRole('timer').first()).toBeVisible();
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Lihat SMS di telepon contoh' }).click();
  const phone = await opened;
  const real = /\b(\d{6})\b/.exec(await phone.locator('body').innerText())?.[1] ?? '';
  expect(real).toHaveLength(6);
  await phone.close();

  await code.fill('12');
  await send(button(page, 'Masukkan nomor'));
  await expectMistake(page.getByLabel('Kode dari SMS'), 'angka', '');
  await page.getByLabel('Kode dari SMS').fill(real === '000000' ? '000001' : '000000');
  await send(button(page, 'Masukkan nomor'));
  await expect(page.getByText('Kode salah')).toBeVisible(PATIENCE);
  await page.getByLabel('Kode dari SMS').fill(real);
  await send(button(page, 'Masukkan nomor'));

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sisa kuota', PATIENCE);
  await expect(page.getByText(grouped(number), { exact: true })).toBeVisible();
  await expect(page.getByText('Tidak ada paket aktif').or(page.locator('progress').first()).first()).toBeVisible(PATIENCE);
  await send(button(page, 'Perbarui'));
  await expect(button(page, 'Perbarui')).toBeVisible(PATIENCE);
  await send(button(page, 'Keluarkan nomor ini'));
  await expect(page.getByText('Nomor sudah dikeluarkan')).toBeVisible();
  await expect(page.getByText('Belum ada nomor')).toBeVisible();
});
