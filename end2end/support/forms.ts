import { expect, type Locator, type Page } from '@playwright/test';

/** Presses a form's button and waits for the page that answers, wherever the server sends the browser. */
export async function send(button: Locator): Promise<number> {
  const page = button.page();
  const answered = page.waitForResponse((response) => {
    const request = response.request();
    const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame();
    return isPage && (response.status() < 300 || response.status() >= 400);
  });
  await button.click();
  const status = (await answered).status();
  await page.waitForLoadState();
  return status;
}

/** Sends a form that cannot be right: the page comes back with 422. */
export async function sendInVain(button: Locator): Promise<void> {
  expect(await send(button), 'status of the page that comes back').toBe(422);
}

/** The form came back with this text beside the field, where a screen reader finds it, and with what was typed. */
export async function expectMistake(field: Locator, text: string, kept?: string): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  // An amount has a no-break space in it.
  await expect(field).toHaveAccessibleDescription(new RegExp(escaped(text).replaceAll(' ', '\\s')));
  if (kept !== undefined) {
    await expect(field).toHaveValue(kept);
  }
}

/** What a form says about itself as a whole. */
export function notice(page: Page): Locator {
  return page.getByRole('main').getByRole('alert');
}

/** What the form on the page before has done. */
export function done(page: Page): Locator {
  return page.getByRole('main').locator('div[role=status]');
}

/** A button among the page's content, not in its frame. */
export function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('main').getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
