import { expect, test } from '../support/fixtures';
import { button, done, expectMistake, send, sendInVain } from '../support/forms';
import { bankReference } from '../support/people';

const BOOK = '/admin/gateways/digiflazz/book';

test('a filled-up deposit is recorded, and a wrong record is taken back', async ({ page, guard, enterAs }) => {
  guard.expectStatus(422);
  await enterAs('admin');
  await page.goto('/admin/gateways');
  await page.locator(`a[href="${BOOK}"]`).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Buku deposit digiflazz');
  await expect(page.getByText('Deposit awal (contoh)')).toBeVisible();
  // The first answer of the gateway after the start of the demo.
  await expect(async () => {
    await page.goto(BOOK);
    await expect(page.getByText('Awal', { exact: true })).toBeVisible({ timeout: 500 });
  }).toPass();

  const amount = page.getByLabel('Jumlah');
  const note = page.getByLabel('Nomor referensi atau alasan');
  await amount.fill('1,5');
  await sendInVain(button(page, 'Catat pengisian'));
  await expectMistake(amount, 'Tulis jumlah rupiah', '1,5');
  await expectMistake(note, 'Isian ini wajib');

  const reference = bankReference();
  await amount.fill('12.500');
  await note.fill(reference);
  await send(button(page, 'Catat pengisian'));
  await expect(done(page)).toBeVisible();
  const record = page.getByRole('listitem').filter({ hasText: reference });
  await expect(record).toHaveCount(1);
  await expect(record).toContainText(/\+Rp\s12\.500/);

  // Taken back, as nothing was really paid: the demo's books agree tomorrow, too.
  await page.getByLabel('Catatan', { exact: true }).selectOption({ label: 'Betulkan catatan yang salah (kurangi)' });
  await amount.fill('12.500');
  await note.fill(`Salah catat ${reference}`);
  await send(button(page, 'Catat pengisian'));
  await expect(record).toHaveCount(2);
  await expect(record.first()).toContainText(/-Rp\s12\.500/);
});

test('for everyone but admins there is no book', async ({ page, guard, enterAs }) => {
  guard.expectStatus(404);
  await enterAs('member');
  const answer = await page.goto(BOOK);
  expect(answer?.status()).toBe(404);
});
