import { join } from 'node:path';
import type { Page, TestInfo } from '@playwright/test';
import { test } from '../support/fixtures';
import { clientAs } from '../support/desk';
import { ending, xlNumber } from '../support/people';
import { choose, confirm, orderAddress, status } from '../support/shop';

/** The few that README.md shows; all others go to test-results/screenshots/. */
const inReadme = [
  'dashboard-phone-light',
  'packages-phone-light',
  'status-phone-dark',
  'admin-desktop-light',
  'landing-desktop-light',
  'admin-topups-desktop-dark',
];

async function take(page: Page, name: string, { project }: TestInfo): Promise<void> {
  const full = `${name}-${project.name}`;
  const folder = inReadme.includes(full) ? '../../docs/screenshots' : '../test-results/screenshots';
  // What has the focus by chance, and what moves, would make every picture another one.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path: join(__dirname, folder, `${full}.png`), animations: 'disabled' });
}

for (const [name, address] of [
  ['landing', '/'],
  ['login', '/login'],
  ['register', '/register'],
  ['terms', '/terms'],
  ['not-found', '/nowhere'],
] as const) {
  test(name, async ({ page, guard }, info) => {
    guard.expectStatus(404);
    await page.goto(address);
    await take(page, name, info);
  });
}

for (const [name, address] of [
  ['dashboard', '/dashboard'],
  ['packages', '/packages?msisdn=087812345678'],
  ['transactions', '/transactions'],
  ['topup', '/topup?amount=100000'],
  ['topup-history', '/topup/history'],
  ['statement', '/statement'],
  ['profile', '/profile'],
] as const) {
  test(name, async ({ page, enterAs }, info) => {
    await enterAs('reseller');
    await page.goto(address);
    await take(page, name, info);
  });
}

test('buy', async ({ page, enterAs }, info) => {
  await enterAs('reseller');
  await page.goto(await orderAddress(clientAs('reseller'), xlNumber(), 'Xtra Combo 10 GB'));
  await take(page, 'buy', info);
});

test('status', async ({ page, enterAs }, info) => {
  await enterAs('reseller');
  // Twice, because the first picture is of a story that goes on, the second of its end.
  await choose(page, xlNumber(ending.pendingThenDelivered));
  await confirm(page);
  await status(page).getByText('Diproses').waitFor();
  await take(page, 'status-waiting', info);
  await status(page).getByText('Berhasil').waitFor();
  await take(page, 'status', info);
});

for (const [name, address] of [
  ['admin', '/admin'],
  ['admin-topups', '/admin/topups?state=all'],
  ['admin-transactions', '/admin/transactions'],
  ['admin-users', '/admin/users'],
  ['admin-packages', '/admin/packages'],
  ['admin-package', '/admin/packages/new'],
  ['admin-settings', '/admin/settings'],
] as const) {
  test(name, async ({ page, enterAs }, info) => {
    await enterAs('admin');
    await page.goto(address);
    await take(page, name, info);
  });
}

for (const list of ['topups', 'transactions', 'users', 'packages']) {
  test(`the newest of /admin/${list}`, async ({ page, enterAs }, info) => {
    await enterAs('admin');
    await page.goto(`/admin/${list}?state=${list === 'topups' ? 'all' : ''}`);
    const link = page.getByRole('main').locator('table a').first();
    test.skip((await link.count()) === 0, 'there is none in a fresh demo');
    await link.click();
    await take(page, `admin-${list}-one`, info);
  });
}
