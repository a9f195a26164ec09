import { type BrowserContext, expect, type Page } from '@playwright/test';
import { button, send } from './forms';

/** Without JavaScript a page that waits loads itself anew. */
export const PATIENCE = { timeout: 15_000 };

/** The simulated phone of the number whose code the page waits for. */
export async function openPhone(page: Page, context: BrowserContext): Promise<Page> {
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Lihat SMS di telepon contoh' }).click();
  return opened;
}

/** The code that the phone has received. */
export async function codeOn(phone: Page): Promise<string> {
  const page = phone.locator('body');
  await expect(page).toContainText(/\b\d{6}\b/);
  return /\b(\d{6})\b/.exec(await page.innerText())?.[1] ?? '';
}

/** Types the code that the phone shows. The page that asks for it is open; the phone stays open. */
export async function typeCode(page: Page, context: BrowserContext): Promise<Page> {
  await expect(page.getByLabel('Kode dari SMS')).toBeVisible(PATIENCE);
  const phone = await openPhone(page, context);
  await page.getByLabel('Kode dari SMS').fill(await codeOn(phone));
  await send(button(page, 'Masukkan nomor'));
  return phone;
}
