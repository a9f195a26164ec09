import { expect, type Locator, type Page } from '@playwright/test';
import type { Client } from './client';
import { button, escaped, send } from './forms';
import { amountOf } from './money';

/** A cheap package of the demo for XL numbers; tests need not know its price. */
export const cheapPackage = 'Xtra Harian 1 GB';

/** What the signed-in user can spend, as the dashboard says. */
export async function balance(page: Page): Promise<number> {
  await page.goto('/dashboard');
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
  await page.goto(`/packages?msisdn=${number}`);
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

/** Asks for a top-up without a browser; the page that says how to pay. */
export async function requestTopupByClient(client: Client, amount: number): Promise<string> {
  const { text } = await client.get('/topup');
  const bank_account = /name="bank_account" value="(\d+)"/.exec(text)?.[1] ?? '';
  const typed = { preset: 'other', amount: String(amount), bank_account };
  const { location } = await client.complete('/topup', '/api/request_topup', typed);
  return location;
}
