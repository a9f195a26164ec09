import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, send } from '../support/forms';

const PAGE = '/admin/notifications';

/** A channel's card. */
const channel = (page: Page, name: string) => page.locator('.card', { has: page.getByRole('heading', { name, exact: true }) });

test('a member does not find it', async ({ page, guard, enterAs }) => {
  guard.expectStatus(404);
  await enterAs('member');
  const answer = await page.goto(PAGE);
  expect(answer?.status()).toBe(404);
});

test('a test message arrives at the simulated phone', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto(PAGE);
  const address = await page.getByRole('link', { name: 'pesan bisa dibaca di sini' }).getAttribute('href');
  const arrived = async () => (await (await page.request.get(address ?? '')).text()).split('Ini pesan percobaan dari').length;
  const before = await arrived();
  await send(button(page, 'Kirim pesan percobaan lewat Telegram'));
  await expect(channel(page, 'Telegram').getByText('Pesan percobaan terkirim')).toBeVisible();
  expect(await arrived()).toBeGreaterThan(before);
});

test('a channel is set up: mistakes beside their fields, secrets never shown again', async ({ page, guard, enterAs, hasJavaScript }) => {
  guard.expectStatus(422);
  await enterAs('admin');
  await page.goto(PAGE);
  await page.getByRole('link', { name: 'Ubah E-mail' }).click();
  const host = page.getByLabel('Server e-mail');
  const password = page.getByLabel('Kata sandi', { exact: true });
  const before = await host.inputValue();
  await host.fill('smtp://mail.contoh.id');
  await password.fill('sandi-yang-tidak-boleh-terlihat');
  await send(button(page, 'Simpan saluran'));
  await expectMistake(host, 'mail.contoh.id', 'smtp://mail.contoh.id');
  await expect(password, 'a password is never kept').toHaveValue('');
  expect(await page.content()).not.toContain('tidak-boleh-terlihat');
  // There is one such channel, and the two projects would overtake each other.
  if (hasJavaScript) {
    await host.fill(before);
    await send(button(page, 'Simpan saluran'));
    await expect(page.getByText('Tersimpan.')).toBeVisible();
  }
});

test('words are previewed, refused with what was typed, and saved', async ({ page, guard, enterAs, hasJavaScript }) => {
  guard.expectStatus(422);
  await enterAs('admin');
  // A kind of message for each of the two projects, so that they do not stand in each other's way.
  const kind = hasJavaScript ? 'topup_credited' : 'topup_waiting';
  await page.goto(`${PAGE}?kind=${kind}`);
  const text = page.getByLabel('Isi pesan');
  await text.fill('Halo {buyer}, {amount} <b>');
  await button(page, 'Lihat contoh').click();
  await expect(page.getByText('Halo siti, Rp\u00a058.500 <b>')).toBeVisible();
  await expect(text).toHaveValue('Halo {buyer}, {amount} <b>');

  await text.fill('Halo {nomor}');
  await send(button(page, 'Simpan pesan'));
  await expectMistake(text, '{amount}', 'Halo {nomor}');

  await text.fill('Punya {buyer}: {amount}');
  await send(button(page, 'Simpan pesan'));
  await expect(page.getByText('Tersimpan.')).toBeVisible();
  await expect(page.getByText('Punya siti: Rp\u00a058.500')).toBeVisible();

  await page.goto(`${PAGE}?kind=${kind}`);
  await text.fill('');
  await send(button(page, 'Simpan pesan'));
  await expect(page.getByText('Punya siti')).toHaveCount(0);
});

test('what a channel is told about is ticked', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto(PAGE);
  const group = page.getByRole('group', { name: 'Telegram' });
  await expect(group.getByLabel('Pembelian gagal')).toBeChecked();
  await send(button(page, 'Simpan pilihan'));
  await expect(page.getByText('Tersimpan.')).toBeVisible();
  await expect(group.getByLabel('Pembelian gagal')).toBeChecked();
});
