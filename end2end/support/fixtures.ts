import { type BrowserContext, expect, type Page, test as base } from '@playwright/test';
import { Client, register } from './client';
import { ConsoleGuard } from './console-guard';
import { adjustBalance, keepConfirmed, makeReseller, storedCookies } from './desk';
import type { Role } from './environment';
import { type Person, somebody } from './people';

/** How a newcomer begins. */
interface Beginning extends Partial<Person> {
  /** Rupiah on their balance. */
  balance?: number;
  role?: 'member' | 'reseller';
}

interface Fixtures {
  /** Fails the test for what goes wrong behind the pages. Always on. */
  guard: ConsoleGuard;
  /** Whether this project's pages have JavaScript. */
  hasJavaScript: boolean;
  /** One more browser besides the test's own `page`, signed in as a demo's user or as somebody registered. */
  openAs: (who: Role | Person) => Promise<Page>;
  /** Signs the test's own `page` in as one of the demo's users. */
  enterAs: (role: Role) => Promise<void>;
  /** Signs the test's own `page` in as somebody new. */
  enterAsNewcomer: (beginning?: Beginning) => Promise<Person>;
}

/** Playwright's `test` with what every test of the shop needs. */
export const test = base.extend<Fixtures>({
  hasJavaScript: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  guard: [
    async ({ context, hasJavaScript }, use) => {
      await keepConfirmed();
      const guard = new ConsoleGuard(hasJavaScript);
      guard.watch(context);
      await use(guard);
      expect(guard.problems, 'nothing goes wrong behind the pages').toEqual([]);
      await bringToRest(context);
    },
    { auto: true },
  ],

  openAs: async ({ browser, guard }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (who) => {
      // Playwright gives it the project's screen, language and JavaScript, too.
      const context = await browser.newContext();
      opened.push(context);
      guard.watch(context);
      await context.addCookies(typeof who === 'string' ? storedCookies(who) : await signedIn(who));
      return context.newPage();
    });
    for (const context of opened) {
      await bringToRest(context);
      await context.close();
    }
  },

  enterAs: async ({ context }, use) => use((role) => context.addCookies(storedCookies(role))),

  enterAsNewcomer: async ({ context }, use) => {
    await use(async ({ balance = 0, role = 'member', ...known } = {}) => {
      const client = new Client();
      const person = await register(client, somebody(known));
      if (balance > 0) {
        await adjustBalance(person, balance);
      }
      if (role === 'reseller') {
        await makeReseller(person);
      }
      await context.addCookies(role === 'reseller' ? await signedIn(person) : client.browserCookies);
      return person;
    });
  },
});

export { expect };

/** Chromium may never answer when a page is closed that is just going somewhere, and a test's last page often is. */
async function bringToRest(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    // Refused where the page itself goes on to another just now: that one is the last.
    await page.goto('about:blank').catch(() => page.goto('about:blank'));
  }
}

async function signedIn({ username, password }: Person) {
  const client = new Client();
  await client.submit('/login', '/api/sign_in', { identity: username, password, next: '' });
  return client.browserCookies;
}
