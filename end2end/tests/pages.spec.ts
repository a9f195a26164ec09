import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { Client, register } from '../support/client';
import { adjustBalance, adminPage, userPage } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { escaped } from '../support/forms';
import { axisNumber, type Person, xlNumber } from '../support/people';
import { buyByClient, orderAddress, requestTopupByClient, summaryAddress } from '../support/shop';

/** Somebody who has bought and topped up, so that every kind of page has something on it. */
interface Known {
  person: Person;
  cookies: Client['browserCookies'];
  package: string;
  purchase: string;
  summary: string;
  topup: string;
  user: string;
}

let known: Known;

test.beforeAll(async () => {
  const client = new Client();
  const person = await register(client);
  await adjustBalance(person, 40_000);
  known = {
    person,
    cookies: client.browserCookies,
    purchase: await buyByClient(client, xlNumber()),
    package: (await orderAddress(client, xlNumber())).replace(/\?.*/, ''),
    summary: await summaryAddress(client, 50_000),
    topup: await requestTopupByClient(client, 50_000),
    user: await userPage(person),
  };
});

/** Address and heading of every page that anyone may see. */
const visitor: [string, RegExp][] = [
  ['/', /harga anggota/],
  ['/login', /^Masuk$/],
  ['/login?next=%2Ftopup', /^Masuk$/],
  ['/register', /^Buat akun$/],
  ['/setup?token=x', /^Siapkan toko$/],
  ['/forgot', /^Lupa kata sandi$/],
  ['/forgot?done=reset_sent', /^Lupa kata sandi$/],
  ['/reset/0123456789abcdef', /^Kata sandi baru$/],
  ['/verify/0123456789abcdef', /^Verifikasi e-mail$/],
  ['/terms', /./],
  ['/privacy', /./],
];

/** Of every page of a member. */
const member: [string, () => string, RegExp][] = [
  ['/dashboard', () => '/dashboard', /^uji/],
  ['/packages', () => '/packages', /^Beli paket$/],
  ['/packages for a number', () => `/packages?msisdn=${axisNumber()}&sort=cheap`, /^Beli paket$/],
  ['/packages, nothing found', () => '/packages?q=zzz&category=daily', /^Beli paket$/],
  ['/buy without a number', () => known.package, /^Konfirmasi$/],
  ['/buy', () => `${known.package}?msisdn=${xlNumber()}`, /^Konfirmasi$/],
  ['/transactions', () => '/transactions', /^Riwayat$/],
  ['/transactions, nothing found', () => '/transactions?state=review', /^Riwayat$/],
  ['/transactions/{id}', () => known.purchase, /^Transaksi$/],
  ['/topup', () => '/topup?amount=12345', /^Isi saldo$/],
  ['/topup/confirm', () => known.summary, /^Periksa isi saldo$/],
  ['/topup/history', () => '/topup/history?state=pending', /^Riwayat isi saldo$/],
  ['/topup/{id}', () => known.topup, /^Pembayaran$/],
  ['/statement', () => '/statement', /^Mutasi saldo$/],
  ['/statement, chosen days', () => '/statement?range=custom&from=2026-01-01&way=in', /^Mutasi saldo$/],
  ['/saved-numbers', () => '/saved-numbers', /^Nomor tersimpan$/],
  ['/profile', () => '/profile', /^Akun$/],
  ['/profile/sign-ins', () => '/profile/sign-ins', /^Riwayat masuk$/],
  ['/profile/close', () => '/profile/close', /^Tutup akun ini$/],
  ['/confirm', () => '/confirm?next=%2Fprofile', /^Pastikan ini Anda$/],
  ['/numbers', () => '/numbers', /^Nomor XL$/],
];

/** Of every page of an admin. */
const admin: [string, () => string, RegExp][] = [
  ['/admin', () => '/admin?days=7', /^Ringkasan$/],
  ['/admin/exceptions', () => '/admin/exceptions', /^Perlu tindakan$/],
  ['/admin/report', () => '/admin/report', /^Laporan /],
  ['/admin/users', () => '/admin/users', /^Pengguna$/],
  ['/admin/users/{id}', () => known.user, /^uji/],
  ['/admin/users/{id}, suspension', () => `${known.user}?confirm=suspend`, /^Tangguhkan uji/],
  ['/admin/users/{id}, role', () => `${known.user}?role=reseller`, /^Ubah peran uji/],
  ['/admin/users/new', () => '/admin/users/new', /^Pengguna baru$/],
  ['/admin/corrections', () => '/admin/corrections?state=all', /^Koreksi saldo$/],
  ['/admin/packages', () => '/admin/packages', /^Paket$/],
  ['/admin/packages, filtered', () => '/admin/packages?margin=999999&gateway=digiflazz&sort=margin', /^Paket$/],
  ['/admin/packages/bulk', () => '/admin/packages/bulk?action=prices&target=both&step=add&value=500&round=100', /^Ubah banyak paket$/],
  ['/admin/packages/import', () => '/admin/packages/import', /^Impor CSV$/],
  ['/admin/packages/new', () => '/admin/packages/new', /^Paket baru$/],
  ['/admin/packages/{id}', () => known.package.replace('/buy/', '/admin/packages/'), /./],
  ['/admin/transactions', () => '/admin/transactions?from=2020-01-01', /^Transaksi$/],
  ['/admin/transactions/{id}', () => adminPage(known.purchase), /^Transaksi /],
  ['/admin/topups', () => '/admin/topups?state=all', /^Isi saldo$/],
  ['/admin/topups/{id}', () => adminPage(known.topup), /^Isi saldo /],
  ['/admin/payments', () => '/admin/payments', /^Pembayaran$/],
  ['/admin/payments, a gateway', () => '/admin/payments?edit=%2B', /^Pembayaran$/],
  ['/admin/payments, a way', () => '/admin/payments?method=qris', /^Pembayaran$/],
  ['/admin/payments/qris', () => '/admin/payments/qris', /^QRIS toko$/],
  ['/admin/payments/{name}/day', () => '/admin/payments/midtrans/day', /^midtrans, /],
  ['/admin/cases', () => '/admin/cases?state=all', /^Tinjauan$/],
  ['/admin/statements', () => '/admin/statements', /^Mutasi bank$/],
  ['/admin/gateways', () => '/admin/gateways?edit=%2B', /^Gateway$/],
  ['/admin/gateways/{name}/offers', () => '/admin/gateways/digiflazz/offers', /^Daftar paket digiflazz$/],
  ['/admin/gateways/{name}/book', () => '/admin/gateways/digiflazz/book', /^Buku deposit digiflazz$/],
  ['/admin/webhooks', () => '/admin/webhooks', /^Catatan webhook$/],
  ['/admin/notifications', () => '/admin/notifications?edit=email&kind=alarm', /^Pemberitahuan$/],
  ['/admin/backups', () => '/admin/backups', /^Cadangan data$/],
  ['/admin/settings', () => '/admin/settings?bank=new', /^Pengaturan$/],
];

/** What is true of every page. */
async function expectSound(page: Page, address: string, heading: RegExp, hasJavaScript: boolean): Promise<void> {
  const answer = await page.goto(address);
  expect(answer?.status()).toBe(200);
  const h1 = page.getByRole('heading', { level: 1 });
  await expect(h1).toHaveCount(1);
  await expect(h1).toHaveText(heading);
  const title = await h1.innerText();
  // The first page's tab has the shop's name alone.
  await expect(page).toHaveTitle(address === '/' ? /\S/ : new RegExp(`^${escaped(title)} · \\S`));
  await expect(page.locator('html')).toHaveAttribute('lang', 'id');
  if (hasJavaScript) {
    await expect(page.locator('html'), 'the islands are awake').toHaveAttribute('data-ready');
  }
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
}

test.describe('anyone', () => {
  for (const [address, heading] of visitor) {
    test(address, ({ page, hasJavaScript }) => expectSound(page, address, heading, hasJavaScript));
  }
});

test.describe('member', () => {
  for (const [name, address, heading] of member) {
    test(name, async ({ page, context, hasJavaScript }) => {
      await context.addCookies(known.cookies);
      await expectSound(page, address(), heading, hasJavaScript);
    });
  }
});

test.describe('admin', () => {
  for (const [name, address, heading] of admin) {
    test(name, async ({ page, enterAs, hasJavaScript }) => {
      await enterAs('admin');
      await expectSound(page, address(), heading, hasJavaScript);
    });
  }
});

test('in English, too', async ({ page, enterAsNewcomer }) => {
  const addresses = ['/dashboard', '/packages', '/topup', '/transactions', '/statement', '/profile', '/', '/terms', '/privacy'];
  const texts = async () => {
    const found: string[] = [];
    for (const address of addresses) {
      await page.goto(address);
      await expectNoSidewaysScroll(page);
      found.push(await page.getByRole('main').innerText());
    }
    return found;
  };
  await enterAsNewcomer();
  const indonesian = await texts();
  await page.goto('/dashboard');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const english = await texts();
  for (const [i, address] of addresses.entries()) {
    expect(english[i], address).not.toBe(indonesian[i]);
  }
});

test('an address that is none', async ({ page, guard }) => {
  guard.expectStatus(404);
  for (const address of ['/nowhere', '/nowhere/at/all?x=1']) {
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tidak ditemukan');
    await expect(page.getByRole('link', { name: 'Ke beranda' })).toBeVisible();
    await expectAccessible(page);
  }
});

test("somebody else's things are not there", async ({ page, guard, enterAs }) => {
  guard.expectStatus(404);
  await enterAs('member');
  for (const address of [known.purchase, known.topup, '/transactions/0000-0000-0000', '/buy/nothing', '/admin', known.user]) {
    const answer = await page.goto(address);
    expect(answer?.status(), address).toBe(404);
  }
});

test('a guarded address leads to the sign-in and back', async ({ page }) => {
  const wanted = `/packages?msisdn=${xlNumber()}`;
  for (const [address] of [['/profile'], ['/admin/users'], ['/topup?amount=5000']]) {
    await page.goto(address!);
    await expect(page).toHaveURL(`/login?next=${encodeURIComponent(address!)}`);
  }
  await page.goto(wanted);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Masuk');
  await page.getByLabel('Nama pengguna, e-mail, atau nomor HP').fill(known.person.username);
  await page.getByLabel('Kata sandi', { exact: true }).fill(known.person.password);
  await page.getByRole('main').getByRole('button', { name: 'Masuk', exact: true }).click();
  await expect(page).toHaveURL(wanted);
});
