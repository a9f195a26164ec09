import { Client, register } from '../support/client';
import { adjustBalance } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, send } from '../support/forms';
import { xlNumber } from '../support/people';
import { buyByClient } from '../support/shop';

test('a gateway is set up: mistakes beside their fields, keys never shown again', async ({ page, guard, enterAs }) => {
  guard.expectStatus(422);
  await enterAs('admin');
  await page.goto('/admin/gateways');
  await page.getByRole('link', { name: 'Tambah gateway' }).click();
  const name = page.getByLabel('Nama di toko ini');
  const address = page.getByLabel('Alamat API');
  const key = page.getByLabel('Kunci API');
  await name.fill('Cadangan 1');
  await address.fill('http://gateway.example/v1?api_key=x');
  await page.getByLabel('Nama pengguna di gateway').fill('toko');
  await key.fill('kunci-yang-tidak-boleh-terlihat');
  await send(button(page, 'Simpan dan periksa'));
  await expectMistake(address, 'https://', 'http://gateway.example/v1?api_key=x');
  await expect(key, 'a key is never kept').toHaveValue('');

  const own = `cadangan-${Math.random().toString(36).slice(2, 8)}`;
  await name.fill(own);
  await address.fill('https://gateway.example/v1');
  await key.fill('kunci-yang-tidak-boleh-terlihat');
  await page.getByText('Dipakai untuk mengirim').click();
  await send(button(page, 'Simpan dan periksa'));
  await expect(page.getByText('Tersimpan.')).toBeVisible();
  const card = page.locator('.card', { has: page.getByRole('heading', { name: own, exact: true }) });
  await expect(card.getByText('Tidak aktif')).toBeVisible();
  await card.getByRole('link', { name: `Ubah ${own}` }).click();
  await expect(page.getByLabel('Kunci API')).toHaveValue('');
  expect(await page.content()).not.toContain('tidak-boleh-terlihat');
});

/** Packages that no other test buys, for each of the two projects. What was taken over once is proposed no more. */
const proposed = {
  withJavaScript: ['Roaming Haji & Umrah 10 GB', 'AXIS Bronet 24 GB', 'AXIS OWSEM 16 GB', 'Xtra Combo Akrab L'],
  without: ['Nelpon Semua Operator 60 Menit', 'Xtra Kuota YouTube 5 GB', 'AXIS Bronet 12 GB', 'Xtra Combo Akrab M'],
};

test('a proposal of the list of packages is taken over', async ({ page, enterAs, hasJavaScript }) => {
  await enterAs('admin');
  await page.goto('/admin/gateways/digiflazz/offers');
  const left = (await page.getByRole('row').allInnerTexts()).join('\n');
  const name = proposed[hasJavaScript ? 'withJavaScript' : 'without'].find((one) => left.includes(one));
  expect(name, 'one that was not taken over yet').toBeDefined();
  const row = page.getByRole('row', { name });
  await row.getByRole('checkbox').check();
  await send(button(page, 'Terapkan yang dipilih'));
  await expect(page.getByText('Tersimpan.')).toBeVisible();
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('row').nth(1)).toBeVisible();
});

test('what the gateway calls about is in the log', async ({ page, enterAs }) => {
  const client = new Client();
  await adjustBalance(await register(client), 40_000);
  const purchase = await buyByClient(client, xlNumber());
  const id = purchase.split('/').pop() ?? '';
  await enterAs('admin');
  await expect(async () => {
    await page.goto('/admin/webhooks');
    const entry = page.getByRole('listitem').filter({ has: page.locator(`a[href$="${id}"]`) }).first();
    await expect(entry.getByText('Dicatat')).toBeVisible({ timeout: 500 });
  }).toPass();
});
