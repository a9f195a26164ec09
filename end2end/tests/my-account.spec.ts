import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { adjustBalance, userPage } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, done, expectMistake, send, sendInVain } from '../support/forms';
import { linkInMail } from '../support/mail';
import { type Person, somebody } from '../support/people';

const NEW_PASSWORD = 'gitar-hujan-senja-77';

async function signIn(page: Page, { username }: Person, password: string): Promise<number> {
  await page.goto('/login');
  await page.getByLabel('Nama pengguna, e-mail, atau nomor HP').fill(username);
  await page.getByLabel('Kata sandi', { exact: true }).fill(password);
  return send(button(page, 'Masuk'));
}

/** The page of a link is open: sets the new password there, and signs in with it. */
async function setPassword(page: Page, person: Person): Promise<void> {
  await page.getByLabel('Kata sandi baru').fill(NEW_PASSWORD);
  await send(button(page, 'Simpan kata sandi'));
  await expect(page).toHaveURL('/login?done=reset');
  await expect(done(page)).toContainText('Kata sandi baru tersimpan');
  expect(await signIn(page, person, NEW_PASSWORD)).toBe(200);
  await expect(page).toHaveURL('/dashboard');
}

test('a forgotten password is replaced by a link in a mail', async ({ page, context, guard, openAs, enterAsNewcomer, hasJavaScript }) => {
  guard.expectStatus(422);
  const person = await enterAsNewcomer();
  const other = await openAs(person);
  await context.clearCookies();
  await page.goto('/login');
  await page.getByRole('link', { name: 'Lupa kata sandi?' }).click();
  await expect(page).toHaveURL('/forgot');
  await sendInVain(button(page, 'Kirim tautan'));
  await page.getByLabel('Nama pengguna, e-mail, atau nomor HP').fill(person.username);
  await send(button(page, 'Kirim tautan'));
  await expect(done(page)).toContainText('Bila akun itu ada');

  const link = await linkInMail(page, person.email, 'reset');
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kata sandi baru');
  if (hasJavaScript) {
    await expectAccessible(page);
  }
  const password = page.getByLabel('Kata sandi baru');
  await password.fill('pendek');
  await sendInVain(button(page, 'Simpan kata sandi'));
  await expectMistake(password, '10', '');
  await setPassword(page, person);

  await other.goto('/profile');
  await expect(other, 'every other device is out').toHaveURL('/login?next=%2Fprofile');
  expect(await signIn(other, person, person.password), 'the old password').toBe(422);
  await page.goto(link);
  await expect(page.getByText('Tautan ini sudah dipakai atau sudah terlalu lama.')).toBeVisible();
});

test('an admin helps by a link that is shown once', async ({ page, context, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  await context.clearCookies();
  const desk = await openAs('admin');
  await desk.goto(await userPage(person));
  await send(button(desk, 'Buat tautan kata sandi baru'));
  const link = await desk.getByLabel('Tautan', { exact: true }).inputValue();
  expect(link).toMatch(/\/reset\/[0-9a-f]{32}$/);
  await desk.reload();
  await expect(desk.getByText('Tautan itu sudah pernah ditampilkan')).toBeVisible();
  expect(await desk.content()).not.toContain(link);

  await page.goto(new URL(link).pathname);
  await setPassword(page, person);
});

test('a new address waits until its mail was opened', async ({ page, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const changed = somebody();
  await page.goto('/profile');
  await expect(page.getByText('Belum diverifikasi')).toBeVisible();
  await page.getByLabel('E-mail').fill(changed.email);
  await send(button(page, 'Simpan'));
  await expect(done(page)).toContainText('E-mail berisi tautan sedang dikirim');
  await expect(page.getByText(`Menunggu verifikasi: ${changed.email}`)).toBeVisible();
  await expect(page.getByLabel('E-mail'), 'the present address stays').toHaveValue(person.email);

  await page.goto(await linkInMail(page, changed.email, 'verify'));
  await expect(page.getByText(changed.email)).toBeVisible();
  await send(button(page, 'Ya, verifikasi'));
  await expect(done(page)).toContainText('Alamat e-mail sudah diverifikasi');
  await expect(page.getByLabel('E-mail')).toHaveValue(changed.email);
  await expect(page.getByText('Sudah diverifikasi', { exact: true })).toBeVisible();
});

test('devices are seen and sent away, and the history tells who came', async ({ page, guard, openAs, enterAsNewcomer }) => {
  guard.expectStatus(422);
  const person = await enterAsNewcomer();
  const other = await openAs(person);
  await other.goto('/profile');
  await other.context().clearCookies();
  expect(await signIn(other, person, 'bukan kata sandinya')).toBe(422);
  expect(await signIn(other, person, person.password)).toBe(200);

  await page.goto('/profile');
  await expect(page.getByText('Chrome · Linux').first()).toBeVisible();
  await page.getByRole('link', { name: 'Riwayat masuk' }).click();
  await expect(page.getByText('Kata sandi salah')).toHaveCount(1);
  await expect(page.getByText('Perangkat baru').first()).toBeVisible();
  await page.goto('/profile');
  await send(button(page, 'Keluarkan perangkat lain'));
  await expect(done(page)).toContainText('Perangkat lain sudah keluar');
  await expect(page).toHaveURL('/profile?done=others');
  await other.goto('/profile');
  await expect(other).toHaveURL('/login?next=%2Fprofile');
});

test('an account is closed once nothing is left in it', async ({ page, guard, enterAsNewcomer, hasJavaScript }) => {
  guard.expectStatus(422);
  const person = await enterAsNewcomer({ balance: 7_000 });
  await page.goto('/profile');
  await page.getByRole('link', { name: 'Tutup akun' }).click();
  await expect(page.getByText('Saldo Anda masih Rp')).toBeVisible();
  await expect(button(page, 'Tutup akun untuk selamanya')).toHaveCount(0);
  await adjustBalance(person, -7_000);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Yang disimpan, dan mengapa' })).toBeVisible();
  if (hasJavaScript) {
    await expectAccessible(page);
  }
  const password = page.getByLabel('Kata sandi sekarang');
  await password.fill('bukan kata sandinya');
  await sendInVain(button(page, 'Tutup akun untuk selamanya'));
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await password.fill(person.password);
  await send(button(page, 'Tutup akun untuk selamanya'));
  await expect(page).toHaveURL('/login?done=closed');
  await expect(done(page)).toContainText('Akun Anda sudah ditutup');
  expect(await signIn(page, person, person.password)).toBe(422);
});
