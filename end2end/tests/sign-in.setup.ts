import { expect, test as setup } from '@playwright/test';
import { demoUsers, roles, storedState } from '../support/environment';
import { button } from '../support/forms';

// Signs every demo user in once, by the form that people use, and keeps the session for all other tests: the shop
// slows down whoever signs in too often.
for (const role of roles) {
  setup(`sign in as ${role}`, async ({ page, context }) => {
    const user = demoUsers()?.[role];
    await page.goto('/login');
    if (user) {
      await page.getByLabel('Nama pengguna, e-mail, atau nomor HP').fill(user.username);
      await page.getByLabel('Kata sandi', { exact: true }).fill(user.password);
      await button(page, 'Masuk').click();
    } else {
      await page.locator(`button[name=role][value=${role}]`).click();
    }
    await expect(page).toHaveURL(/\/(dashboard|admin)$/);
    // Tests read Indonesian, whatever somebody chose for this user before.
    if ((await page.locator('html').getAttribute('lang')) !== 'id') {
      await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
      await expect(page.locator('html')).toHaveAttribute('lang', 'id');
    }
    // Several tests use this session at the same moment. What a session gets with its first refused form, it has by now.
    await page.goto('/profile');
    await page.getByLabel('E-mail').fill('');
    await button(page, 'Simpan').click();
    await expect(page).toHaveURL(/form=/);
    await context.storageState({ path: storedState(role) });
  });
}
