import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { done, send } from './forms';

/** The shop's settings by the names of their fields. */
export type Settings = Map<string, string | boolean>;

const forms = 'form[action^="/api/save_"]';

/** What the forms of the settings hold; the page is open. */
export async function readSettings(page: Page): Promise<Settings> {
  const fields = page.locator(`${forms} :is(input:not([type=hidden]), textarea, select)`);
  const pairs = await fields.evaluateAll((inputs) =>
    (inputs as HTMLInputElement[]).map((input): [string, string | boolean] => [
      input.name,
      input.type === 'checkbox' ? input.checked : input.value,
    ]),
  );
  return new Map(pairs);
}

/** Types values into the forms that they are in, and saves each form of which something changed; the page is open. */
export async function writeSettings(page: Page, values: Settings): Promise<void> {
  const now = await readSettings(page);
  const byForm = new Map<string, [string, string | boolean][]>();
  for (const [name, value] of values) {
    if (now.get(name) === value) {
      continue;
    }
    const form = page.locator(forms).filter({ has: page.locator(`[name=${name}]:not([type=hidden])`) });
    const action = (await form.getAttribute('action'))!;
    byForm.set(action, [...(byForm.get(action) ?? []), [name, value]]);
  }
  for (const [action, fields] of byForm) {
    const form = page.locator(`form[action="${action}"]`);
    for (const [name, value] of fields) {
      const field = form.locator(`[name=${name}]:not([type=hidden])`);
      if (typeof value === 'boolean') {
        await field.setChecked(value);
      } else if ((await field.evaluate((input) => input.tagName)) === 'SELECT') {
        await field.selectOption(value);
      } else {
        await field.fill(value);
      }
    }
    await send(form.getByRole('button'));
    await expect(done(page)).toContainText('Tersimpan');
  }
}

/**
 * For a file that changes settings: they hold for everyone, so it runs after all others, one test at a time as the admin, and
 * each test ends with the settings that it found.
 */
export function keepSettings(): void {
  let found: Settings;
  test.describe.configure({ mode: 'default' });
  test.beforeEach(async ({ page, enterAs }) => {
    await enterAs('admin');
    await page.goto('/admin/settings');
    found = await readSettings(page);
  });
  test.afterEach(async ({ page }) => {
    await page.goto('/admin/settings');
    await writeSettings(page, found);
    await page.goto('/admin/settings');
    expect(await readSettings(page)).toEqual(found);
  });
}
