import { randomInt } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { expect, test } from '../support/fixtures';
import { button, done, expectMistake, send, sendInVain } from '../support/forms';
import { xlNumber } from '../support/people';
import { choose, confirm, status } from '../support/shop';

const PAGE = '/notifications';
const CHOICES = '/profile/notifications';

const bell = (page: Page) => page.getByRole('link', { name: /^Pemberitahuan, / });
const unread = (count: number) =>
  count === 0 ? 'Pemberitahuan, semua sudah dibaca' : `Pemberitahuan, ${count} belum dibaca`;

async function buy(page: Page, number: string, becomes: string): Promise<void> {
  await choose(page, number);
  await confirm(page);
  await expect(status(page)).toHaveText(becomes);
}

test('a purchase stands behind the bell until it is opened', async ({ page, enterAsNewcomer, openAs }) => {
  await enterAsNewcomer({ balance: 50_000 });
  await page.goto(PAGE);
  await expect(page.getByRole('main')).toContainText('Belum ada pemberitahuan');
  await expect(bell(page)).toHaveAccessibleName(unread(0));
  await expectAccessible(page);

  const number = xlNumber();
  await buy(page, number, 'Berhasil');
  await page.goto('/dashboard');
  await expect(bell(page)).toHaveAccessibleName(unread(1));
  await expect(bell(page)).toHaveText('1');
  await bell(page).click();
  await expect(page).toHaveURL(PAGE);
  await page.reload();
  await expect(bell(page), 'looking marks nothing').toHaveAccessibleName(unread(1));
  const entry = page.getByRole('main').getByRole('listitem');
  await expect(entry).toHaveCount(1);
  await expect(entry).toContainText('Paket terkirim');
  await expect(entry).toContainText('Belum dibaca');
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  await entry.getByRole('button').click();
  await expect(page).toHaveURL(/\/transactions\/[0-9A-Z]{12}$/);
  await expect(page.getByRole('main')).toContainText(number.slice(-4));
  await expect(bell(page)).toHaveAccessibleName(unread(0));
  await page.goto(PAGE);
  await expect(entry).not.toContainText('Belum dibaca');
  await entry.getByRole('link').click();
  await expect(page).toHaveURL(/\/transactions\/[0-9A-Z]{12}$/);

  // Somebody else has a bell of their own.
  const other = await openAs('reseller');
  await other.goto(PAGE);
  await expect(other.getByRole('main')).not.toContainText(number);
});

test('all are marked as read at once', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 50_000 });
  await buy(page, xlNumber(), 'Berhasil');
  await buy(page, xlNumber('1232'), 'Gagal, saldo kembali');
  await page.goto(PAGE);
  await expect(bell(page)).toHaveAccessibleName(unread(2));
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'saldo kembali' })).toHaveCount(1);
  await send(button(page, 'Tandai semua sudah dibaca'));
  await expect(bell(page)).toHaveAccessibleName(unread(0));
  await expect(button(page, 'Tandai semua sudah dibaca')).toHaveCount(0);
});

test('what else comes by mail and Telegram is chosen', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await page.goto('/profile');
  await page.getByRole('link', { name: /Atur pemberitahuan/ }).click();
  await expect(page).toHaveURL(CHOICES);
  await expect(page.getByRole('main')).toContainText('belum diverifikasi');
  const device = page.getByLabel('Perangkat baru masuk ke akun');
  await expect(device).toBeChecked();
  const delivered = page.getByLabel('Paket terkirim');
  await expect(delivered).not.toBeChecked();
  await delivered.check();
  await send(button(page, 'Simpan'));
  await expect(done(page)).toContainText('Tersimpan');
  await expect(delivered).toBeChecked();
  await expect(device).toBeChecked();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  await page.getByLabel('Nomor chat').fill('@budi');
  await sendInVain(button(page, 'Kirim kode'));
  await expectMistake(page.getByLabel('Nomor chat'), 'Tulis bilangan bulat');
  // To one chat go only a few codes an hour.
  await page.getByLabel('Nomor chat').fill(String(randomInt(1_000_000, 9_999_999)));
  await send(button(page, 'Kirim kode'));
  await page.getByLabel('Kode dari bot').fill('12');
  await sendInVain(button(page, 'Hubungkan'));
  await expectMistake(page.getByLabel('Kode dari bot'), 'Kodenya tidak cocok');
  await expectAccessible(page);
});
