import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { expect, test } from '../support/fixtures';
import { button, send } from '../support/forms';
import { amountIn, rupiah } from '../support/money';
import { bankReference, grouped, type Person, somebody, xlNumber } from '../support/people';
import { balance, cheapPackage, confirm, fact, offeredPrice, payBy, status, way } from '../support/shop';

// An ordinary number: three seconds from order to delivery, long enough to watch.
const ordinaryNumber = () => xlNumber('5678');

test('the main job: sign up, top up, buy, see it delivered, find it again', async ({ page, openAs, hasJavaScript }) => {
  const person = somebody();
  await test.step('sign up', () => signUp(page, person));
  const toppedUp = await test.step('top up by bank transfer', () => topUp(page));
  const admin = await openAs('admin');
  await test.step('an admin finds the money and approves', () => approve(admin, person, toppedUp));
  await test.step('the page says so by itself', async () => {
    await expect(status(page)).toHaveText('Saldo masuk');
    expect(await balance(page)).toBe(toppedUp);
  });

  const number = ordinaryNumber();
  await test.step('pick a package for a number', () => pick(page, number));
  const live = hasJavaScript ? page.waitForRequest(/\/events\/purchases\//) : undefined;
  await expect(fact(page, 'Saldo'), 'before').toContainText(rupiah(toppedUp));
  await expect(fact(page, 'Saldo'), 'after').toContainText(rupiah(toppedUp - (await offeredPrice(page))));
  const price = await confirm(page);
  await test.step('watch it being delivered', async () => {
    await live;
    await expect(page.getByRole('main')).toContainText('Jangan beli ulang');
    // Nobody loads the page again here: the event stream does with JavaScript, a refresh in the page without.
    await expect(status(page)).toHaveText('Berhasil');
    await expect(fact(page, 'Nomor seri (SN)')).toContainText(/\d{10}/);
    await expectAccessible(page);
  });
  const address = new URL(page.url()).pathname;
  await test.step('find it in the history', () => findAgain(page, number, address));
  expect(await balance(page)).toBe(toppedUp - price);
  await test.step('read the statement', async () => {
    await page.goto('/statement');
    const lines = page.getByRole('list', { name: 'Mutasi' }).getByRole('listitem');
    await expect(lines.nth(0)).toContainText(rupiah(-price));
    await expect(lines.nth(1)).toContainText(`+${rupiah(toppedUp)}`);
  });
});

async function signUp(page: Page, person: Person): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Daftar gratis' }).click();
  await page.getByLabel('Nama pengguna').fill(person.username);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Nomor HP Anda').fill(person.phone);
  await page.getByLabel('Kata sandi', { exact: true }).fill(person.password);
  await send(button(page, 'Buat akun'));
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(person.username);
  expect(await balance(page)).toBe(0);
}

/** The exact amount to transfer, which is what will be credited. */
async function topUp(page: Page): Promise<number> {
  await page.getByRole('main').getByRole('link', { name: 'Isi saldo' }).first().click();
  await expect(page).toHaveURL('/topup');
  await page.getByText('Rp 100.000', { exact: true }).click();
  await payBy(page, way.transferToBca);
  await send(button(page, 'Lanjut ke ringkasan'));
  await expect(fact(page, 'Isi saldo')).toHaveText(rupiah(100_000));
  await send(button(page, 'Lanjut ke pembayaran'));
  await expect(page).toHaveURL(/\/topup\/[^/?]+$/);
  await expect(status(page)).toHaveText('Menunggu pembayaran');
  await expect(fact(page, 'Bank')).toHaveText('BCA');
  const exact = amountIn(await page.getByRole('main').locator('.status').innerText());
  expect(exact).toBeGreaterThan(100_000);
  expect(exact).toBeLessThan(101_000);
  await send(button(page, 'Saya sudah bayar'));
  await expect(status(page)).toHaveText('Sedang diperiksa');
  return exact;
}

async function approve(admin: Page, person: Person, amount: number): Promise<void> {
  await admin.goto('/admin');
  await admin.getByRole('navigation', { name: 'Menu admin' }).getByRole('link', { name: /^Isi saldo/ }).click();
  await admin.getByLabel('Nama pengguna, nominal, atau nomor').fill(person.username);
  await button(admin, 'Cari').click();
  const row = admin.getByRole('row', { name: person.username });
  await expect(row).toContainText(rupiah(amount));
  await row.getByRole('link').click();
  await admin.getByLabel('Nomor referensi mutasi').fill(bankReference());
  await expect(fact(admin, 'Saldo sebelum dan sesudah')).toContainText(rupiah(amount));
  await send(button(admin, 'Setujui dan tambah saldo'));
  await expect(fact(admin, 'Status')).toHaveText('Saldo masuk');
  await expect(fact(admin, 'Saldo')).toHaveText(rupiah(amount));
}

async function pick(page: Page, number: string): Promise<void> {
  await page.goto('/dashboard');
  await page.getByLabel('Beli paket untuk').fill(`+62 ${number.slice(1)}`);
  await button(page, 'Lanjut').click();
  await expect(page).toHaveURL(/\/packages\?/);
  await expect(page.getByRole('main')).toContainText(`Paket XL untuk ${grouped(number)}`);
  await page.getByRole('searchbox', { name: 'Cari paket' }).fill('harian');
  await page.getByRole('link', { name: cheapPackage, exact: true }).click();
  await expect(page.getByRole('main')).toContainText(grouped(number));
}

async function findAgain(page: Page, number: string, address: string): Promise<void> {
  await page.goto('/transactions');
  await page.getByRole('searchbox').fill(number.slice(-4));
  await button(page, 'Cari').click();
  const row = page.getByRole('row', { name: grouped(number) });
  await expect(row).toContainText('Berhasil');
  await row.getByRole('link').first().click();
  await expect(page).toHaveURL(address);
  const steps = page.locator('ol.steps strong');
  await expect(steps.first()).toHaveText('Diterima');
  await expect(steps.last()).toHaveText('Paket masuk');
  await expect(page.locator('ol.steps time')).not.toHaveCount(0);
}
