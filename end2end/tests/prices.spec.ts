import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { amountOf, rupiah } from '../support/money';
import { xlNumber } from '../support/people';
import { balance, choose, confirm, fact, status } from '../support/shop';

const name = 'Xtra Combo 10 GB';

/** The price on the package's card, and the one beside it that is struck through. */
async function shownPrices(page: Page): Promise<{ price: number; struck: number | undefined }> {
  await page.goto(`/packages?q=${encodeURIComponent(name)}`);
  const card = page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
  const other = card.locator('s');
  return {
    price: await amountOf(card.locator('.price')),
    struck: (await other.count()) > 0 ? await amountOf(other) : undefined,
  };
}

test('a reseller sees and pays less than a member', async ({ page, openAs, enterAsNewcomer }) => {
  const member = await shownPrices(await openAs('member'));
  await enterAsNewcomer({ balance: 300_000, role: 'reseller' });
  const reseller = await shownPrices(page);
  expect(member.struck, 'members see one price').toBeUndefined();
  expect(reseller.price).toBeLessThan(member.price);
  expect(reseller.struck, 'resellers see what they save').toBe(member.price);

  await choose(page, xlNumber(), name);
  expect(await confirm(page)).toBe(reseller.price);
  await expect(status(page)).toHaveText('Berhasil');
  await expect(fact(page, 'Harga')).toHaveText(rupiah(reseller.price));
  expect(await balance(page)).toBe(300_000 - reseller.price);
});

test('a member pays the member price', async ({ page, enterAsNewcomer }) => {
  await enterAsNewcomer({ balance: 300_000 });
  const { price } = await shownPrices(page);
  await choose(page, xlNumber(), name);
  expect(await confirm(page)).toBe(price);
  await expect(status(page)).toHaveText('Berhasil');
  expect(await balance(page)).toBe(300_000 - price);
});

test("the demo's reseller has the reseller price, its admin buys like a member", async ({ openAs }) => {
  const [member, reseller, admin] = await Promise.all(
    (['member', 'reseller', 'admin'] as const).map(async (role) => shownPrices(await openAs(role))),
  );
  expect(reseller!.struck).toBe(member!.price);
  expect(admin!.price).toBe(member!.price);
});
