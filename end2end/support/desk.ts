import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { BrowserContext } from '@playwright/test';
import { Client, register } from './client';
import { demoUsers, type Role, storedState } from './environment';
import { escaped } from './forms';
import { bankReference, type Person } from './people';

// What an admin does at a desk of their own while a test is about something else. Without a browser.

/** A client that is signed in as one of the demo's users. */
export function clientAs(role: Role): Client {
  const client = new Client();
  client.adopt(storedCookies(role));
  return client;
}

/** The cookies of a kept sign-in. */
export function storedCookies(role: Role): Parameters<BrowserContext['addCookies']>[0] {
  return JSON.parse(readFileSync(storedState(role), 'utf8')).cookies;
}

/** The shop asks an admin for the password again half an hour after the last time; a run on a busy machine takes longer. */
const SIGN_IN_EVERY_MS = 20 * 60_000;

/** Signs the admin in anew when it is time, for tests that begin now; those under way keep the session that they have. */
export async function keepConfirmed(): Promise<void> {
  const file = storedState('admin');
  const admin = demoUsers()?.admin;
  if (admin === undefined || Date.now() - statSync(file).mtimeMs < SIGN_IN_EVERY_MS) {
    return;
  }
  const client = new Client();
  await client.submit('/login', '/api/sign_in', { identity: admin.username, password: admin.password, next: '' });
  // The other worker may be reading it.
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify({ cookies: client.browserCookies, origins: [] }));
  renameSync(fresh, file);
}

/** The admins' page about somebody. */
export async function userPage(person: Person): Promise<string> {
  const { text } = await clientAs('admin').get(`/admin/users?q=${person.username}`);
  const found = /href="(\/admin\/users\/[0-9A-Z]{12})"/.exec(text)?.[1];
  if (found === undefined) {
    throw new Error(`/admin/users does not find ${person.username}`);
  }
  return found;
}

/**
 * Adds to somebody's balance, or takes from it. By an admin made for it: what one may correct alone in a day is limited,
 * and the tests together would use it up.
 */
export async function adjustBalance(person: Person, amount: number): Promise<void> {
  const helper = await register(new Client());
  await withAdmin(helper, async () => {
    const admin = new Client();
    await admin.submit('/login', '/api/sign_in', { identity: helper.username, password: helper.password, next: '' });
    await correct(admin, person, amount);
  });
}

/** Asks for a correction in two steps, as the pages do; the page that answers. */
export async function correct(admin: Client, person: Person, amount: number): Promise<string> {
  const direction = amount < 0 ? 'take' : 'add';
  const typed = { direction, amount: String(Math.abs(amount)), reason: 'Saldo untuk pengujian' };
  const { location } = await admin.complete(await userPage(person), '/api/prepare_adjustment', typed);
  return (await admin.complete(location, '/api/adjust_balance')).location;
}

/** Makes a member a reseller. This ends their sessions. */
export async function makeReseller(person: Person): Promise<void> {
  await clientAs('admin').complete(`${await userPage(person)}?role=reseller`, '/api/set_user_role');
}

/** Puts an XL package on sale for as long as `use` takes. The simulated gateway answers a SKU `rcNN` with code NN. */
export async function withPackage(name: string, sku: string, use: () => Promise<void>): Promise<void> {
  const admin = clientAs('admin');
  const { location } = await admin.complete('/admin/packages/new', '/api/save_package', {
    name,
    description: '',
    quota: '1 GB',
    validity_days: '1',
    category: 'other',
    brand: 'XL',
    cost: '1000',
    price_member: '3000',
    price_reseller: '2000',
    gateway: 'digiflazz',
    sku,
    sort: '1000',
    active: 'on',
  });
  try {
    await use();
  } finally {
    await admin.complete(location, '/api/set_package_active');
  }
}

/** The admins' page about what a buyer's page is about: a purchase or a top-up. */
export function adminPage(page: string): string {
  const { pathname } = new URL(page, 'http://shop');
  return `/admin${pathname.replace(/^\/topup\//, '/topups/')}`;
}

/** Finds the money of a top-up on the bank statement. `page` is the buyer's own page of it. */
export async function approveTopup(page: string): Promise<void> {
  const admin = clientAs('admin');
  const address = adminPage(page);
  const { text } = await admin.get(address);
  const received = /name="shown" value="(\d+)"/.exec(text)?.[1] ?? '';
  await admin.complete(address, '/api/approve_topup', { reference: bankReference(), received });
}

/** Makes somebody an admin, too, for as long as `use` takes. This ends their sessions. */
export async function withAdmin(person: Person, use: () => Promise<void>): Promise<void> {
  const page = await userPage(person);
  await clientAs('admin').complete(`${page}?role=admin`, '/api/set_user_role');
  // Nobody is left an admin, also where the test has failed.
  try {
    await use();
  } finally {
    await clientAs('admin').complete(`${page}?role=member`, '/api/set_user_role');
  }
}

/** An account of the shop's at a bank that no other test uses, for as long as `use` takes. */
export async function withBankAccount(use: (id: string) => Promise<void>): Promise<void> {
  const admin = clientAs('admin');
  const bank = `Bank Uji ${randomBytes(3).toString('hex')}`;
  const details = { bank, number: '111-222-333', holder: 'Toko Uji', active: 'on' };
  await admin.complete('/admin/settings?bank=new', '/api/save_bank_account', details);
  const { text } = await admin.get('/topup');
  const id = new RegExp(`value="transfer:(\\d+)"(?:(?!<label).)*${escaped(bank)}`, 's').exec(text)?.[1];
  if (id === undefined) {
    throw new Error(`/topup does not offer ${bank}`);
  }
  try {
    await use(id);
  } finally {
    await admin.submit('/admin/settings', '/api/set_bank_account_active', { id, active: 'false' });
  }
}
