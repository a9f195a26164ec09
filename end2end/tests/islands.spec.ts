import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { button, expectMistake } from '../support/forms';
import { grouped, xlNumber } from '../support/people';
import { askForTopup, cancelTopup, cheapPackage, choose, status } from '../support/shop';

// What pages do by themselves, where there is JavaScript. That all of it can be done without, the other files show.

/** A page can react once it has woken up; it says when it has. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expectAwake(page);
}

async function expectAwake(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-ready');
}

test('a field is judged when it is left, and again while it is mended', async ({ page }) => {
  await open(page, '/register');
  const username = page.getByLabel('Nama pengguna');
  const email = page.getByLabel('E-mail');
  await username.fill('1 toko');
  await email.focus();
  await expectMistake(username, 'Mulai dengan huruf', '1 toko');
  await username.fill('toko.melati');
  await expect(username).not.toHaveAttribute('aria-invalid');
  await expect(page, 'nothing was sent').toHaveURL('/register');
});

test('a number is put into groups and says whose it is', async ({ page, enterAs }) => {
  await enterAs('member');
  await open(page, '/dashboard');
  const field = page.getByLabel('Beli paket untuk');
  const operator = page.locator('output[for=number]');
  const number = xlNumber();
  await field.pressSequentially(`62${number.slice(1)}`);
  await expect(field).toHaveValue(grouped(number));
  await expect(operator).toHaveText('XL');
  await field.fill('0812');
  await expect(operator).toHaveText('Telkomsel');
});

test('packages are filtered while one types', async ({ page, enterAs }) => {
  await enterAs('member');
  await open(page, '/packages');
  const cheap = page.getByRole('link', { name: cheapPackage, exact: true });
  const search = page.getByRole('searchbox', { name: 'Cari paket' });
  await search.pressSequentially('harian 1 gb');
  await expect(cheap).toBeVisible();
  await expect(page.getByRole('link', { name: 'Xtra Combo 10 GB' })).toBeHidden();
  await search.fill('tidak ada yang begini');
  await expect(cheap).toBeHidden();
  await expect(page.getByText('Tidak ada paket yang cocok')).toBeVisible();
  await expect(page, 'nothing was asked').toHaveURL('/packages');
});

test('a password is shown and hidden', async ({ page }) => {
  await open(page, '/login');
  const password = page.getByLabel('Kata sandi', { exact: true });
  await password.fill('rahasia');
  await button(page, 'Tampilkan').click();
  await expect(password).toHaveAttribute('type', 'text');
  await button(page, 'Sembunyikan').click();
  await expect(password).toHaveAttribute('type', 'password');
  await expect(password).toHaveValue('rahasia');
});

test('a button that is tapped twice buys once', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 50_000 });
  await choose(page, xlNumber());
  await expectAwake(page);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') {
      sent.push(request.url());
    }
  });
  await button(page, 'Beli sekarang').dblclick();
  await expect(page).toHaveURL(/\/transactions\/[^/]+$/);
  expect(sent).toHaveLength(1);
});

test('what is to be copied is copied', async ({ page, context, enterAsNewcomer }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await enterAsNewcomer();
  await askForTopup(page);
  await expectAwake(page);
  await button(page, 'Salin nominal').click();
  await expect(button(page, 'Tersalin')).toBeVisible();
  const shown = await page.getByRole('main').locator('.status .big').innerText();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(shown.replace(/\D/g, ''));
});

test('the time left runs', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await askForTopup(page);
  const timer = page.getByRole('timer');
  const first = await timer.innerText();
  await expect(timer).not.toHaveText(first);
});

declare global {
  interface Window {
    /** Resolves when another word came than the first one. */
    told: Promise<void>;
  }
}

/** Listens to what `page`, which shows a top-up, is told about it: what comes, both hear in the same moment. */
async function listen(page: Page): Promise<void> {
  await page.evaluate((events) => {
    const line = new EventSource(events);
    return new Promise<void>((listening) => {
      window.told = new Promise((told) => {
        let first: string | undefined;
        line.onmessage = ({ data }) => {
          first ??= data;
          return data === first ? listening() : told();
        };
      });
    });
  }, new URL(page.url()).pathname.replace('/topup/', '/events/topups/'));
}

/** Begun before the page is left, for then nothing more can be asked of it. */
function hears(page: Page): Promise<void> {
  return page.evaluate(() => window.told);
}

/** Calls the top-up that `page` shows off, in another tab. */
async function cancelElsewhere(page: Page): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await cancelTopup(tab);
}

test('a link that was pressed is followed, also when there is news before its page comes', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer();
  await askForTopup(page);
  await expectAwake(page);
  let asked = () => {};
  let release = () => {};
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/dashboard', async (route) => {
    asked();
    await isReleased;
    await route.continue();
  });
  await listen(page);
  const heard = hears(page);
  const pressed = page.getByRole('link', { name: 'Beranda' }).first().click();
  await isAsked;
  await cancelElsewhere(page);
  await heard;
  release();
  await pressed;
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByRole('region', { name: 'Saldo', exact: true })).toBeVisible();
});

test('a page that was not left after all shows its news a little later', async ({ page, enterAsNewcomer }) => {
  await page.clock.install();
  await enterAsNewcomer();
  await askForTopup(page);
  await expectAwake(page);
  const before = await status(page).innerText();
  await listen(page);
  const heard = hears(page);
  // As when a file is downloaded: the page is told that it ends, and stays.
  await page.evaluate(() => window.dispatchEvent(new Event('beforeunload')));
  await cancelElsewhere(page);
  await heard;
  await expect(status(page)).toHaveText(before);
  await page.clock.fastForward(40_000);
  await expect(status(page)).toHaveText('Dibatalkan');
});
