import { expect, test } from '../support/fixtures';

const PAGE = '/admin/backups';

test('a member does not find it', async ({ page, guard, enterAs }) => {
  guard.expectStatus(404);
  await enterAs('member');
  const answer = await page.goto(PAGE);
  expect(answer?.status()).toBe(404);
});

test('an admin finds from the settings what to run, and how to restore', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto('/admin/settings');
  await page.getByRole('link', { name: 'Cadangan data dan pemulihan' }).click();
  await expect(page).toHaveURL(new RegExp(`${PAGE}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cadangan data');
  const main = page.getByRole('main');
  await expect(main).toContainText('Belum ada cadangan');
  await expect(main).toContainText('Belum pernah diuji');
  await expect(main.locator('code')).toHaveText(/^xlpm restore /);
  // A shop that was not restored has nothing to reconcile.
  await expect(page.getByText('baru dipulihkan dari cadangan')).toHaveCount(0);
});
