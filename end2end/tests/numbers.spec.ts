import { expect, test } from '../support/fixtures';
import { button, expectMistake, send } from '../support/forms';
import { grouped, xlNumber } from '../support/people';
import { codeOn, openPhone, PATIENCE } from '../support/phone';

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
  const real = await codeOn(await openPhone(page, context));

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
