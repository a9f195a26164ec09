import { expect, type Locator, type Page } from '@playwright/test';
import type { Client } from './client';
import { button, escaped, send } from './forms';
import { amountOf, rupiah } from './money';

/** A cheap package of the demo for XL numbers; tests need not know its price. */
export const cheapPackage = 'Xtra Harian 1 GB';

/** Goes to a page from one that may load itself anew at that very moment: then it is tried again. */
async function leaveFor(page: Page, address: string): Promise<void> {
  await expect(async () => {
    await page.goto(address);
    await expect(page).toHaveURL(address, { timeout: 1_000 });
  }).toPass();
}

/** What the signed-in user can spend, as the dashboard says. */
export async function balance(page: Page): Promise<number> {
  await leaveFor(page, '/dashboard');
  return amountOf(page.getByRole('region', { name: 'Saldo', exact: true }));
}

/** The value beside a label in a list of facts. */
export function fact(page: Page, label: string): Locator {
  const term = page.locator('dt').filter({ hasText: new RegExp(`^${escaped(label)}$`) });
  return page.locator('dl > div').filter({ has: term }).locator('dd');
}

/** Where a purchase or a top-up stands, at the top of its page. */
export function status(page: Page): Locator {
  return page.getByRole('main').locator('.status .pill').first();
}

/** Goes to the page that asks whether to buy this package for this number. */
export async function choose(page: Page, number: string, name: string = cheapPackage): Promise<void> {
  await leaveFor(page, `/packages?msisdn=${number}`);
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page).toHaveURL(/\/buy\//);
}

/** What the page that asks wants for the package. */
export function offeredPrice(page: Page): Promise<number> {
  return amountOf(page.getByRole('main').locator('dl > div, p').filter({ hasText: /^Harga Anda/ }));
}

/** Buys on the page that asks; the price that was shown. The purchase's own page is open then. */
export async function confirm(page: Page): Promise<number> {
  const price = await offeredPrice(page);
  await send(button(page, 'Beli sekarang'));
  await expect(page).toHaveURL(/\/transactions\/[^/]+$/);
  return price;
}

/** The address that asks whether to buy a package for a number; read without a browser. */
export async function orderAddress(client: Client, number: string, name: string = cheapPackage): Promise<string> {
  const { text } = await client.get(`/packages?msisdn=${number}&q=${encodeURIComponent(name)}`);
  const found = new RegExp(`href="(/buy/[^"]+)"[^>]*>${escaped(name)}<`).exec(text)?.[1];
  if (found === undefined) {
    throw new Error(`/packages does not offer ${name}`);
  }
  return found.replaceAll('&amp;', '&');
}

/** Buys without a browser; the page of the purchase. */
export async function buyByClient(client: Client, number: string): Promise<string> {
  const { location } = await client.complete(await orderAddress(client, number), '/api/place_purchase');
  return location;
}

/** An admin decides, on the page of a purchase whose outcome nobody knows, that the package did not come. */
export async function decideNotDelivered(admin: Page): Promise<void> {
  // Nobody decides while the gateway is being asked: then it is tried again.
  await expect(async () => {
    await admin.getByLabel('Hasil sebenarnya').selectOption({ label: 'Paket tidak masuk' });
    await admin.getByLabel('Alasan').fill('Tidak ada di daftar gateway');
    await send(button(admin, 'Simpan keputusan'));
    await expect(fact(admin, 'Status')).toHaveText('Gagal, saldo kembali', { timeout: 1_000 });
  }).toPass();
}

/** Ways of topping up, by how their choices begin. */
export const way = {
  transfer: /^Transfer ke /,
  transferToBca: /^Transfer ke BCA/,
  qris: /^QRIS (?!toko)/,
  staticQris: /^QRIS toko/,
  vaBca: /^Virtual account BCA/,
  billMandiri: /^Tagihan Mandiri/,
} as const;

/** Chooses how to pay on the form for top-ups. */
export async function payBy(page: Page, name: RegExp = way.transfer): Promise<void> {
  await page.getByRole('radio', { name }).first().check();
}

/** From the form, filled in, through the summary to the page that says how to pay; the last answer's status. */
export async function goOnToPayment(page: Page): Promise<number> {
  expect(await send(button(page, 'Lanjut ke ringkasan'))).toBe(200);
  return send(button(page, 'Lanjut ke pembayaran'));
}

/** Asks for a top-up of one of the offered amounts; the last answer's status. */
export async function askForTopup(page: Page, amount = 50_000, name: RegExp = way.transfer): Promise<number> {
  await page.goto('/topup');
  await page.getByText(rupiah(amount), { exact: true }).click();
  await payBy(page, name);
  return goOnToPayment(page);
}

/** Calls a top-up off on its page, after what the page says about it. */
export async function cancelTopup(page: Page): Promise<void> {
  await page.getByText('Batalkan isi saldo', { exact: true }).click();
  await send(button(page, 'Ya, batalkan'));
}

/** The summary of a transfer to the shop's first account; read without a browser. */
export async function summaryAddress(client: Client, amount: number): Promise<string> {
  const { text } = await client.get('/topup');
  const method = /name="method" value="(transfer:\d+)"/.exec(text)?.[1];
  if (method === undefined) {
    throw new Error('/topup offers no transfer');
  }
  return summaryOf(amount, method);
}

/** Asks for a top-up by transfer, or by the method of that name, without a browser; the page that says how to pay. */
export async function requestTopupByClient(client: Client, amount: number, method?: string): Promise<string> {
  const summary = method === undefined ? await summaryAddress(client, amount) : summaryOf(amount, method);
  const { location } = await client.complete(summary, '/api/request_topup');
  return location;
}

function summaryOf(amount: number, method: string): string {
  return `/topup/confirm?${new URLSearchParams({ amount: String(amount), method })}`;
}
