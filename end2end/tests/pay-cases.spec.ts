import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { Client, register } from '../support/client';
import { adminPage, withAdmin } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, send, sendInVain } from '../support/forms';
import { actAtGateway, orderAtGateway, payAtGateway } from '../support/gateway';
import { rupiah } from '../support/money';
import { bankReference } from '../support/people';
import { balance, fact, requestTopupByClient, status } from '../support/shop';

// Money that does not come as it should, and money that goes back: what admins do, and what buyers see of it. On a phone
// without JavaScript and on a desk with it.

const AMOUNT = 50_000;

/** A top-up through the gateway that can be paid; its page is open. */
async function waiting(page: Page, client: Client, method = 'qris', amount = AMOUNT): Promise<string> {
  const topup = await requestTopupByClient(client, amount, method);
  await page.goto(topup);
  await expect(status(page)).toHaveText('Menunggu pembayaran');
  return topup;
}

/** A top-up through the gateway that was paid; its page is open. */
async function paid(page: Page, client: Client, method = 'qris'): Promise<string> {
  const topup = await waiting(page, client, method);
  await payAtGateway(topup);
  await reaches(page, topup, 'Saldo masuk');
  return topup;
}

/** Looks until the page says so: without JavaScript it loads itself anew too seldom for a test. */
async function reaches(page: Page, topup: string, state: string): Promise<void> {
  await expect(async () => {
    await page.goto(topup);
    await expect(status(page)).toHaveText(state, { timeout: 500 });
  }).toPass();
}

/** Opens the one case of a top-up from the top-up's page. */
async function openCase(admin: Page, topup: string, kind: string): Promise<void> {
  const link = admin.getByRole('main').getByRole('link', { name: kind, exact: true });
  await expect(async () => {
    await admin.goto(adminPage(topup));
    await expect(link).toBeVisible({ timeout: 500 });
  }).toPass();
  await link.click();
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText(kind);
  // What the gateway said stands word for word behind a tap.
  await admin.getByText(/^Jawaban terakhir/).click();
  await expect(admin.locator('pre').first()).toContainText('transaction_status');
  await expectNoSidewaysScroll(admin);
  await expectAccessible(admin);
}

/** A card among the things that can be done. */
function card(page: Page, title: string) {
  return page.locator('.card', { has: page.getByRole('heading', { name: title, exact: true }) });
}

test('paid twice: set aside, found in the queue, credited to the buyer once', async ({ page, openAs, enterAsNewcomer, context }) => {
  const person = await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const topup = await paid(page, client);
  await payAtGateway(topup);
  const admin = await openAs('admin');
  await openCase(admin, topup, 'Bayar dua kali');
  expect(await balance(page), 'only the first is credited').toBe(AMOUNT);
  const address = admin.url();

  await admin.goto('/admin/cases?kind=second');
  const row = admin.getByRole('row', { name: person.username });
  await expect(row).toContainText(rupiah(AMOUNT));
  await expect(row).toContainText('Belum diputuskan');
  await row.getByRole('link').click();
  await expect(admin).toHaveURL(address);

  const credit = card(admin, 'Tambahkan ke saldo');
  const yes = button(admin, `Tambahkan ${rupiah(AMOUNT)} ke saldo ${person.username}`);
  await expect(credit).toContainText(rupiah(2 * AMOUNT));
  await sendInVain(yes);
  await expectMistake(credit.getByLabel('Alasan'), 'Isian ini wajib');
  await credit.getByLabel('Alasan').fill('Pembeli menekan bayar dua kali');
  await send(yes);
  await expect(fact(admin, 'Yang dilakukan')).toHaveText('Masuk ke saldo');
  await expect(fact(admin, 'Alasan')).toHaveText('Pembeli menekan bayar dua kali');
  await expect(yes, 'it is done once').toHaveCount(0);
  expect(await balance(page)).toBe(2 * AMOUNT);
  await admin.goto('/admin/cases?kind=second');
  await expect(admin.getByRole('row', { name: person.username })).toHaveCount(0);
});

test('another amount than asked for: nothing is credited; it is given back', async ({ page, openAs, enterAsNewcomer, context }) => {
  await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const topup = await waiting(page, client);
  await payAtGateway(topup, { amount: AMOUNT - 10_000 });
  await reaches(page, topup, 'Diperiksa admin');
  await expect(page.getByRole('main')).toContainText('Anda tidak perlu membayar lagi');
  await expectAccessible(page);

  const admin = await openAs('admin');
  await openCase(admin, topup, 'Jumlah berbeda');
  await expect(fact(admin, 'Yang masuk')).toHaveText(rupiah(AMOUNT - 10_000));
  const back = card(admin, 'Kembalikan ke pembayar');
  await back.getByLabel('Nomor referensi transfer').fill(bankReference());
  await send(button(admin, `${rupiah(AMOUNT - 10_000)} sudah dikembalikan`));
  await expect(fact(admin, 'Yang dilakukan')).toHaveText('Dikembalikan');
  expect(await balance(page)).toBe(0);
});

test('money taken back by the payer leaves the balance, and the buyer reads why', async ({ page, openAs, enterAsNewcomer, context }) => {
  await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const topup = await paid(page, client, 'va_bni');
  await actAtGateway(topup, 'chargeback');
  await reaches(page, topup, 'Ditarik kembali');
  expect(await balance(page)).toBe(0);
  await page.goto('/statement');
  const line = page.getByRole('list', { name: 'Mutasi' }).getByRole('listitem').first();
  await expect(line).toContainText('Isi saldo ditarik kembali');
  await expect(line).toContainText(rupiah(-AMOUNT));

  const admin = await openAs('admin');
  await openCase(admin, topup, 'Uang ditarik kembali');
  await admin.getByLabel('Alasan').fill('Sudah ditanyakan ke pembeli');
  await send(button(admin, 'Selesai'));
  await expect(fact(admin, 'Yang dilakukan')).toHaveText('Sudah dilihat');
});

test('a refund by the gateway: out of the balance, back to where it came from', async ({ page, openAs, enterAsNewcomer, context }) => {
  await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const topup = await paid(page, client);
  const admin = await openAs('admin');
  await admin.goto(adminPage(topup));
  const refund = card(admin, 'Kembalikan dana');
  await expect(refund).toContainText(rupiah(-AMOUNT));
  await refund.getByLabel('Dikembalikan oleh').selectOption({ label: 'Gateway, ke sumber pembayaran' });
  await sendInVain(button(admin, `Keluarkan ${rupiah(AMOUNT)} dari saldo`));
  await expectMistake(refund.getByLabel('Alasan'), 'Isian ini wajib');
  await expect(refund.getByLabel('Dikembalikan oleh')).toHaveValue('yes');
  await refund.getByLabel('Alasan').fill('Diminta pembeli');
  await send(button(admin, `Keluarkan ${rupiah(AMOUNT)} dari saldo`));
  await reaches(page, topup, 'Sudah dikembalikan');
  expect((await orderAtGateway(topup)).returns.map((back) => back.amount_rupiah)).toEqual([AMOUNT]);
  expect(await balance(page)).toBe(0);
  await admin.goto(adminPage(topup));
  await expect(fact(admin, 'Status').first()).toHaveText('Sudah dikembalikan');
  await expect(card(admin, 'Pengembalian dana')).toContainText('Diminta pembeli');
  await expect(card(admin, 'Kembalikan dana'), 'not twice').toHaveCount(0);
});

test('a refund by hand is transferred, or put back into the balance', async ({ page, openAs, enterAsNewcomer, context }) => {
  const person = await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const topup = await paid(page, client, 'va_bni');
  const admin = await openAs('admin');
  const begin = async () => {
    await admin.goto(adminPage(topup));
    await card(admin, 'Kembalikan dana').getByLabel('Alasan').fill('Salah isi');
    await send(button(admin, `Keluarkan ${rupiah(AMOUNT)} dari saldo`));
    await expect(fact(admin, 'Status').first()).toHaveText('Sedang dikembalikan');
    expect(await balance(page)).toBe(0);
  };
  await begin();
  await send(button(admin, 'Kembalikan ke saldo'));
  await expect(fact(admin, 'Status').first()).toHaveText('Saldo masuk');
  expect(await balance(page)).toBe(AMOUNT);
  await begin();
  await expect(admin.getByRole('main')).toContainText(`Transfer dulu ke ${person.username}`);
  await expectAccessible(admin);
  await admin.getByLabel('Nomor referensi transfer').fill(bankReference());
  await send(button(admin, `${rupiah(AMOUNT)} sudah ditransfer`));
  await expect(fact(admin, 'Status').first()).toHaveText('Sudah dikembalikan');
  await reaches(page, topup, 'Sudah dikembalikan');
  expect(await balance(page)).toBe(0);
});

test('a large transfer is looked at by two admins', async ({ page, openAs, enterAsNewcomer, context }) => {
  await enterAsNewcomer();
  const client = new Client();
  client.adopt(await context.cookies());
  const topup = await requestTopupByClient(client, 2_500_000);
  const reference = bankReference();
  const second = await register(new Client());
  await withAdmin(second, async () => {
    const look = async (admin: Page, typed = reference) => {
      await admin.goto(adminPage(topup));
      await admin.getByLabel('Nomor referensi mutasi').fill(typed);
      return send(button(admin, 'Setujui dan tambah saldo'));
    };
    const first = await openAs('admin');
    await test.step('the first look credits nothing', async () => {
      expect(await look(first)).toBe(200);
      await expect(first.getByRole('main')).toContainText('admin lain harus menemukan uang yang sama');
      expect(await balance(page)).toBe(0);
      await page.goto(topup);
      await expect(status(page)).toHaveText('Sedang diperiksa');
      await expect(button(page, 'Saya sudah bayar'), 'nobody is asked to pay what was found').toHaveCount(0);
    });
    await test.step('nor does the same admin once more', async () => {
      expect(await look(first)).toBe(422);
      expect(await balance(page)).toBe(0);
    });
    await test.step('the second admin finds the same money', async () => {
      const other = await openAs(second);
      await other.goto(adminPage(topup));
      await expect(other.getByRole('main')).toContainText(`referensi ${reference}`);
      expect(await look(other)).toBe(200);
      await expect(fact(other, 'Status').first()).toHaveText('Saldo masuk');
    });
  });
  expect(await balance(page)).toBeGreaterThan(2_500_000);
});
