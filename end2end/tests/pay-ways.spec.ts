import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, send, sendInVain } from '../support/forms';

// Ways of paying as admins set them. What is switched here is switched for everyone, so each project has one of its own
// that no other test pays by.

interface Way {
  method: string;
  name: string;
}

function ownWay(hasJavaScript: boolean): Way {
  return hasJavaScript
    ? { method: 'va_permata', name: 'Virtual account Permata' }
    : { method: 'va_bri', name: 'Virtual account BRI' };
}

function row(page: Page, { name }: Way) {
  return page.locator('#ways').getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });
}

async function offer(page: Page, { method }: Way, active: boolean): Promise<void> {
  await page.goto(`/admin/payments?method=${method}`);
  await page.getByLabel('Tawarkan ke pembeli').setChecked(active);
  expect(await send(button(page, 'Simpan'))).toBe(200);
}

test('a way of paying is closed, tried, and opened again', async ({ page: admin, openAs, enterAs, hasJavaScript }) => {
  const own = ownWay(hasJavaScript);
  await enterAs('admin');
  // A try before this one may have left it closed.
  await offer(admin, own, true);
  const shopper = await openAs('member');
  const offered = shopper.getByRole('radio', { name: new RegExp(`^${own.name}`) });
  const summary = `/topup/confirm?amount=50000&method=${own.method}`;
  await shopper.goto(summary);
  await expect(shopper.getByRole('heading', { level: 1 })).toHaveText('Periksa isi saldo');
  try {
    await test.step('closed: not offered, and an open summary leads back to the form', async () => {
      await offer(admin, own, false);
      await expect(row(admin, own)).toContainText('Mati');
      expect(await send(button(shopper, 'Lanjut ke pembayaran'))).toBe(422);
      await expect(shopper.getByRole('main')).toContainText('sedang ditutup');
      await shopper.goto('/topup');
      await expect(shopper.getByRole('radiogroup').getByRole('radio').first()).toBeVisible();
      await expect(offered).toHaveCount(0);
      await shopper.goto(summary);
      await expect(shopper).toHaveURL(/\/topup\?.*again=1/);
    });
    await test.step('tried: the page follows by itself', async () => {
      await send(row(admin, own).getByRole('button', { name: /^Coba/ }));
      await expect(row(admin, own)).toContainText(/berhasil/i);
      await expect(row(admin, own), 'trying does not open it').toContainText('Mati');
    });
  } finally {
    await offer(admin, own, true);
  }
  await expect(row(admin, own)).toContainText('Menyala');
  await shopper.goto('/topup');
  await expect(offered).toHaveCount(1);
});

test('wrong limits and fees: each says why, and nothing is saved', async ({ page, enterAs, hasJavaScript }) => {
  const own = ownWay(hasJavaScript);
  await enterAs('admin');
  await page.goto(`/admin/payments?method=${own.method}`);
  const wrong = [
    ['Paling sedikit', 'murah', 'Tulis jumlah rupiah'],
    ['Batas waktu bayar (menit)', 'lama', 'bilangan bulat yang wajar'],
    ['Biaya pembayar (%)', 'banyak', ''],
  ] as const;
  const before = await page.getByLabel('Paling sedikit').inputValue();
  for (const [label, typed] of wrong) {
    await page.getByLabel(label).fill(typed);
  }
  await sendInVain(button(page, 'Simpan'));
  for (const [label, typed, why] of wrong) {
    await expectMistake(page.getByLabel(label), why, typed);
  }
  await expectAccessible(page);
  await page.goto(`/admin/payments?method=${own.method}`);
  await expect(page.getByLabel('Paling sedikit')).toHaveValue(before);
});

test("the shop's own QRIS: what is no code is refused, a code is looked at before it counts", async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto('/admin/payments/qris');
  const code = page.getByLabel('Isi kode QRIS');
  await code.fill('https://contoh.id');
  await sendInVain(button(page, 'Periksa kode'));
  await expect(code).toHaveAttribute('aria-invalid', 'true');
  await expect(code).toHaveValue('https://contoh.id');
  await code.fill(
    '00020101021126420016ID.CO.CONTOH.WWW01189360000000000000005204581253033605802ID5911TOKO MELATI6007BANDUNG63046D44',
  );
  await send(button(page, 'Periksa kode'));
  const found = page.locator('.card').filter({ has: page.getByRole('button', { name: 'Pakai kode ini' }) });
  await expect(found).toContainText('TOKO MELATI');
  await expect(found).toContainText('BANDUNG');
  await expect(found.getByRole('img')).toBeVisible();
  await expectAccessible(page);
});
