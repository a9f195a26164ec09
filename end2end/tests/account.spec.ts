import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { button, done, notice, send } from '../support/forms';
import { grouped, type Person, somebody } from '../support/people';

const identity = (page: Page) => page.getByLabel('Nama pengguna, e-mail, atau nomor HP');
const password = (page: Page) => page.getByLabel('Kata sandi', { exact: true });

async function signIn(page: Page, name: string, secret: string): Promise<number> {
  await identity(page).fill(name);
  await password(page).fill(secret);
  return send(button(page, 'Masuk'));
}

test('username, e-mail and phone number all open the door', async ({ page, context, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  for (const name of [person.username, person.email, `+62 ${person.phone.slice(1)}`]) {
    await context.clearCookies();
    await page.goto('/login');
    expect(await signIn(page, name, person.password)).toBe(200);
    await expect(page).toHaveURL('/dashboard');
  }
});

test('a wrong password tells nobody whether the account exists', async ({ page, context, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  await context.clearCookies();
  const said: string[] = [];
  for (const name of [person.username, somebody().username]) {
    await page.goto('/login');
    expect(await signIn(page, name, 'bukan kata sandinya')).toBe(422);
    await expect(identity(page), 'the name is kept').toHaveValue(name);
    await expect(password(page), 'the password is not').toHaveValue('');
    said.push(await notice(page).innerText());
  }
  expect(said[0]).toContain('Nama atau kata sandi tidak cocok');
  expect(said[1]).toBe(said[0]);
});

test('signing in leads back to this site only', async ({ page, context, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const ways = [
    ['/topup', '/topup'],
    ['https://example.com/', '/dashboard'],
    ['//example.com', '/dashboard'],
    ['/\\example.com', '/dashboard'],
  ];
  for (const [next, lands] of ways) {
    await context.clearCookies();
    await page.goto(`/login?next=${encodeURIComponent(next!)}`);
    await signIn(page, person.username, person.password);
    await expect(page).toHaveURL(lands!);
  }
});

test('a demo is entered with one tap, and left again', async ({ page }) => {
  await page.goto('/login');
  await send(button(page, 'Anggota'));
  await expect(page).toHaveURL('/dashboard');
  await page.goto('/profile');
  await expect(page.getByRole('banner')).toContainText('member');
  await send(button(page, 'Keluar'));
  await expect(done(page)).toContainText('Anda sudah keluar');
  await page.goto('/dashboard');
  await expect(page).toHaveURL('/login?next=%2Fdashboard');
});

test('the profile keeps what is changed', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  const changed = somebody();
  await page.goto('/profile');
  await page.getByLabel('Nama', { exact: false }).first().fill('Konter Melati');
  await page.getByLabel('Nomor HP Anda').fill(changed.phone);
  await page.getByLabel('Zona waktu').selectOption('wita');
  await send(button(page, 'Simpan'));
  await expect(done(page)).toContainText('Tersimpan');
  await page.reload();
  await expect(page.getByLabel('Nama', { exact: false }).first()).toHaveValue('Konter Melati');
  await expect(page.getByLabel('Nomor HP Anda')).toHaveValue(grouped(changed.phone));
  await expect(page.getByRole('main').locator('time').first(), 'times are in the new zone').toContainText('WITA');
});

test('language and colours stay as they are chosen', async ({ page, context, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const html = page.locator('html');
  await page.goto('/profile');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
  await expect(html).toHaveAttribute('lang', 'en');
  for (const next of ['light', 'dark']) {
    await page.getByRole('button', { name: 'Change colours' }).click();
    await expect(html).toHaveAttribute('data-theme', next);
  }
  await page.goto('/terms');
  await expect(html, 'on the next page too').toHaveAttribute('data-theme', 'dark');

  await context.clearCookies();
  await page.goto('/login');
  await expect(html, 'a stranger reads Indonesian').toHaveAttribute('lang', 'id');
  await signIn(page, person.username, person.password);
  await expect(html, 'the language belongs to the account').toHaveAttribute('lang', 'en');
});

test('a new password closes all other doors', async ({ page, context, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const other = await openAs(person);
  await other.goto('/profile');
  await expect(other).toHaveURL('/profile');

  await page.goto('/profile');
  const changed: Person = { ...person, password: 'gitar-hujan-senja-77' };
  await page.getByLabel('Kata sandi sekarang').fill(person.password);
  await page.getByLabel('Kata sandi baru').fill(changed.password);
  await send(button(page, 'Ganti kata sandi'));
  await expect(done(page)).toContainText('Kata sandi sudah diganti');

  await other.goto('/profile');
  await expect(other, 'the other device is out').toHaveURL('/login?next=%2Fprofile');
  await context.clearCookies();
  await page.goto('/login');
  expect(await signIn(page, person.username, person.password), 'the old password').toBe(422);
  expect(await signIn(page, person.username, changed.password), 'the new password').toBe(200);
});

test('one device is sent away, then all', async ({ page, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const first = await openAs(person);
  await first.goto('/dashboard');
  await page.goto('/profile');
  await expect(page.getByText('Perangkat ini')).toHaveCount(1);
  await send(button(page, 'Keluarkan'));
  await expect(done(page)).toContainText('Perangkat itu sudah keluar');
  await first.goto('/dashboard');
  await expect(first).toHaveURL(/\/login/);

  const second = await openAs(person);
  await second.goto('/dashboard');
  await page.goto('/profile');
  await send(button(page, 'Keluar dari semua perangkat'));
  await expect(done(page)).toContainText('Semua perangkat sudah keluar');
  for (const device of [page, second]) {
    await device.goto('/dashboard');
    await expect(device).toHaveURL(/\/login/);
  }
});
