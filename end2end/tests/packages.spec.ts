import { randomBytes } from 'node:crypto';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { clientAs } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, expectMistake, notice, send, sendInVain } from '../support/forms';
import { rupiah } from '../support/money';
import { xlNumber } from '../support/people';
import { balance, choose, confirm, offeredPrice } from '../support/shop';

/** Puts packages on sale for as long as `use` takes, each for 12.500 and 11.000 at a cost of 10.000; their pages. */
async function withPackages(names: string[], use: (pages: string[]) => Promise<void>): Promise<void> {
  const admin = clientAs('admin');
  const pages: string[] = [];
  try {
    for (const name of names) {
      const typed = { name, description: '', quota: '1 GB', validity_days: '1', category: 'other', brand: 'XL' };
      const prices = { cost: '10000', price_member: '12500', price_reseller: '11000' };
      const rest = { gateway: 'digiflazz', sku: 'xld1', sort: '1000', active: 'on' };
      const fields = { ...typed, ...prices, ...rest };
      const { location } = await admin.complete('/admin/packages/new', '/api/save_package', fields);
      pages.push(location.replace(/\?.*/, ''));
    }
    await use(pages);
  } finally {
    for (const page of pages) {
      await admin.complete(page, '/api/set_package_active', { active: 'false' });
    }
  }
}

/** A name that the packages of one test share, and no others have. */
function familyName(): string {
  return `Paket Uji ${randomBytes(4).toString('hex')}`;
}

/** Changes prices at another desk: adds so much to the members'. */
async function addToPrice(family: string, rupiah: number): Promise<void> {
  const admin = clientAs('admin');
  const asked = { q: family, action: 'prices', target: 'member', step: 'add', value: String(rupiah), round: '1' };
  const page = `/admin/packages/bulk?${new URLSearchParams(asked)}`;
  const { text } = await admin.get(page);
  const chosen = /name="packages\[\]" value="([^"]+)"/.exec(text)?.[1] ?? '';
  await admin.complete(page, '/api/change_packages', { 'packages[]': chosen });
}

test('many packages change by a formula, after a look at what it does', async ({ page, enterAs, guard }) => {
  // A formula in the address that is none.
  guard.expectStatus(422);
  const family = familyName();
  const [first, second] = [`${family} A`, `${family} B`];
  await withPackages([first, second], async ([firstPage]) => {
    await enterAs('admin');
    await page.goto(`/admin/packages?q=${encodeURIComponent(family)}`);
    const rows = page.getByRole('row').filter({ hasText: family });
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText('+Rp 2.500 (25%)');

    await test.step('put in order', async () => {
      await send(rows.nth(1).getByRole('button', { name: `Naikkan ${second}` }));
      await expect(rows.first()).toContainText(second);
    });
    await page.getByRole('link', { name: 'Ubah banyak paket' }).click();
    await expect(page.getByRole('main')).toContainText('Untuk 2 paket');
    await test.step('a formula that is none', async () => {
      await page.getByLabel('Nilai').fill('banyak');
      await sendInVain(button(page, 'Lihat hasilnya'));
      await expectMistake(page.getByLabel('Nilai'), 'bilangan bulat yang wajar', 'banyak');
    });
    await test.step('a formula that would lose money cannot be carried out', async () => {
      await page.getByLabel('Rumus').selectOption({ label: 'Turun sekian persen' });
      await page.getByLabel('Nilai').fill('50');
      await send(button(page, 'Lihat hasilnya'));
      await expect(page.getByRole('main')).toContainText('2 paket tidak bisa diubah');
      await expect(rows.first()).toContainText('Rugi');
      await expect(button(page, 'Ubah yang dicentang')).toHaveCount(0);
      await expectAccessible(page);
    });
    await test.step('what it does is shown, and done to what is ticked', async () => {
      await page.getByLabel('Rumus').selectOption({ label: 'Naik sekian persen' });
      await page.getByLabel('Nilai').fill('7,5');
      await send(button(page, 'Lihat hasilnya'));
      await expect(page.getByRole('main')).toContainText('2 paket akan berubah, 0 tetap sama');
      // 13.437,5 and 11.825, up to five hundreds.
      await expect(rows.first()).toContainText(rupiah(13_500));
      await expect(rows.first()).toContainText(rupiah(12_000));
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.getByRole('checkbox', { name: second }).uncheck();
      await send(button(page, 'Ubah yang dicentang'));
      await expect(page.getByRole('main')).toContainText('1 paket diubah');
      await expect(rows.filter({ hasText: first })).toContainText(rupiah(13_500));
      await expect(rows.filter({ hasText: second })).toContainText(rupiah(12_500));
    });
    await test.step('its page tells', async () => {
      await page.goto(firstPage!);
      await expect(page.getByRole('row').filter({ hasText: 'Ubah banyak paket · ' })).toContainText(rupiah(13_500));
      await expect(page.getByRole('img', { name: /Jalannya harga/ })).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    });
    await test.step('off sale, all at once', async () => {
      await page.goto(`/admin/packages/bulk?q=${encodeURIComponent(family)}`);
      await page.getByLabel('Perubahan').selectOption({ label: 'Nonaktifkan (tidak dijual)' });
      await send(button(page, 'Lihat hasilnya'));
      await send(button(page, 'Ubah yang dicentang'));
      await expect(page.getByRole('main')).toContainText('2 paket diubah');
      await expect(rows.filter({ hasText: 'Tidak aktif' })).toHaveCount(2);
    });
  });
});

test('a package is copied into a new form', async ({ page, enterAs }) => {
  const family = familyName();
  await withPackages([family], async ([address]) => {
    await enterAs('admin');
    await page.goto(address!);
    await page.getByRole('link', { name: 'Salin jadi paket baru' }).click();
    await expect(page.getByLabel('Nama paket')).toHaveValue(`${family} (salinan)`);
    await expect(page.getByLabel('Harga anggota')).toHaveValue('12.500');
    await expect(page.getByLabel('Kode produk (SKU)'), 'its code is its own').toHaveValue('');
  });
});

test('a table with a mistake changes nothing; put right, it is taken in whole', async ({ page, enterAs, guard }) => {
  // The file stays where it is while its mistakes are shown.
  guard.expectStatus(422);
  const family = familyName();
  const sku = family.replaceAll(' ', '-').toLowerCase();
  const table = (brand: string) =>
    [
      'gateway;sku;name;quota;validity_days;category;brand;price_member;price_reseller;cost',
      `digiflazz;${sku};${family};5 GB;30;monthly;${brand};Rp 25.500;24.000;22000`,
    ].join('\r\n');
  await enterAs('admin');
  await page.goto('/admin/packages');
  await page.getByRole('link', { name: 'Impor CSV' }).click();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  const look = async (text: string) => {
    const file = { name: 'paket.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
    await page.getByLabel('Berkas CSV').setInputFiles(file);
    return send(button(page, 'Periksa berkas'));
  };

  await test.step('no file', async () => {
    await sendInVain(button(page, 'Periksa berkas'));
    await expectMistake(page.getByLabel('Berkas CSV'), 'Isian ini wajib');
  });
  await test.step('a mistake stands beside its row', async () => {
    expect(await look(table('Telkom'))).toBe(422);
    await expect(page.getByRole('listitem').filter({ hasText: 'Baris 2:' }).first()).toContainText('XL atau AXIS');
    await expect(notice(page)).toContainText('1 baris harus diperbaiki dulu');
    await expect(page.getByRole('button', { name: /^Jalankan/ })).toHaveCount(0);
    await expectAccessible(page);
  });
  await test.step('put right', async () => {
    await page.getByRole('link', { name: 'Pakai berkas lain' }).click();
    expect(await look(table('XL'))).toBe(200);
    await expect(page.getByRole('main')).toContainText('1 baru, 0 berubah, 0 tetap, 0 salah');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await send(button(page, 'Jalankan 1 perubahan'));
    await expect(page.getByRole('main')).toContainText('1 paket baru, 0 paket diubah');
  });
  await test.step('changed, and the same once more changes nothing', async () => {
    const changed = `sku,gateway,price_member\n${sku},digiflazz,26000\n`;
    for (const counts of ['0 baru, 1 berubah', '0 baru, 0 berubah, 1 tetap']) {
      await page.goto('/admin/packages/import');
      await page.getByLabel('Atau tempel isinya di sini').fill(changed);
      await send(button(page, 'Periksa berkas'));
      await expect(page.getByRole('main')).toContainText(counts);
      if (counts.includes('1 berubah')) {
        await expect(page.getByRole('listitem').filter({ hasText: 'price_member' }).first()).toContainText('25500');
        await send(button(page, 'Jalankan 1 perubahan'));
        await expect(page.getByRole('main')).toContainText('0 paket baru, 1 paket diubah');
      }
    }
  });
});

test('who saw the old price is asked again, and nothing is charged', async ({ page, enterAsNewcomer }) => {
  const name = familyName();
  await withPackages([name], async () => {
    await enterAsNewcomer({ balance: 20_000 });
    await choose(page, xlNumber(), name);
    expect(await offeredPrice(page)).toBe(12_500);
    await addToPrice(name, 700);
    await sendInVain(button(page, 'Beli sekarang'));
    await expect(notice(page)).toContainText(`dari ${rupiah(12_500)} menjadi ${rupiah(13_200)}`);
    const address = page.url();
    expect(await balance(page), 'nothing was charged').toBe(20_000);
    await page.goto(address);
    expect(await confirm(page)).toBe(13_200);
    expect(await balance(page)).toBe(6_800);
  });
});
