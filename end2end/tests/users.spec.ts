import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { Client, register } from '../support/client';
import { userPage, withAdmin } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, done, expectMistake, notice, send, sendInVain } from '../support/forms';
import { rupiah } from '../support/money';
import { somebody } from '../support/people';
import { balance, fact } from '../support/shop';

/** More than one admin may correct alone. */
const LARGE = 2_500_000;

test('a large correction waits for a second admin', async ({ page, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const address = await userPage(person);
  const second = await register(new Client());
  await withAdmin(second, async () => {
    const first = await openAs('admin');
    const ask = async (reason: string) => {
      await first.goto(address);
      await first.getByLabel('Jumlah').fill(String(LARGE));
      await first.getByLabel('Alasan').fill(reason);
      await send(button(first, 'Lanjut ke konfirmasi'));
      await expect(first.getByRole('main')).toContainText('menunggu admin kedua');
      await send(button(first, `Ajukan koreksi ${rupiah(LARGE)}`));
      await expect(done(first)).toContainText('Diajukan');
      return new URL(first.url()).pathname;
    };
    const waiting = await test.step('it is asked for, and moves nothing', async () => {
      const waiting = await ask('Ganti rugi gangguan');
      expect(await balance(page)).toBe(0);
      await expect(fact(first, 'Status')).toHaveText('Menunggu admin kedua');
      return waiting;
    });
    await test.step('whoever asked does not approve it', async () => {
      await sendInVain(button(first, `Setujui koreksi ${rupiah(LARGE)}`));
      await expect(notice(first)).toContainText('admin kedua');
    });
    const other = await openAs(second);
    await test.step('the second admin finds it among what waits', async () => {
      await other.goto('/admin/exceptions');
      await expect(other.getByRole('main')).toContainText(`Saldo ${person.username}: ${rupiah(LARGE)}`);
      await other.goto('/admin/users');
      await expectNoSidewaysScroll(other);
      await expectAccessible(other);
      await other.goto('/admin/corrections');
      await expect(other.getByRole('row', { name: person.username })).toContainText('Ganti rugi gangguan');
    });
    await test.step('and approves it', async () => {
      await other.goto(waiting);
      await expectAccessible(other);
      await expect(fact(other, 'Saldo sebelum dan sesudah')).toContainText(rupiah(LARGE));
      await send(button(other, `Setujui koreksi ${rupiah(LARGE)}`));
      await expect(fact(other, 'Status')).toHaveText('Saldo sudah berubah');
      expect(await balance(page)).toBe(LARGE);
      await page.goto('/statement');
      await expect(page.getByRole('list', { name: 'Mutasi' })).toContainText('Ganti rugi gangguan');
    });
    await test.step('another one is rejected with a reason', async () => {
      await other.goto(await ask('Sekali lagi'));
      await other.getByLabel('Alasan').fill('Sudah diganti kemarin');
      await send(button(other, 'Tolak koreksi'));
      await expect(fact(other, 'Alasan ditolak')).toHaveText('Sudah diganti kemarin');
    });
    await test.step('and one is taken back', async () => {
      await ask('Salah orang');
      await send(button(first, 'Tarik kembali koreksi'));
      await expect(fact(first, 'Status')).toHaveText('Ditarik kembali');
    });
  });
  expect(await balance(page)).toBe(LARGE);
});

test('a suspension wants a reason, and the user is out at once', async ({ page, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  await page.goto('/dashboard');
  const admin = await openAs('admin');
  await admin.goto(await userPage(person));
  await admin.getByRole('link', { name: 'Tangguhkan akun' }).click();
  await sendInVain(button(admin, 'Ya, tangguhkan'));
  await expectMistake(admin.getByLabel('Alasan'), 'Isian ini wajib.');
  await admin.getByLabel('Alasan').fill('Menjual ulang data curian');
  await send(button(admin, 'Ya, tangguhkan'));
  await expect(admin.getByRole('main')).toContainText('Menjual ulang data curian');
  await page.goto('/dashboard');
  await expect(page).toHaveURL('/login?next=%2Fdashboard');
});

test('an admin sees the shop as a user, and can change nothing', async ({ openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer({ balance: 40_000 });
  // Not the demo's own admin: their session is shared with other tests.
  const helper = await register(new Client());
  await withAdmin(helper, async () => {
    const admin = await openAs(helper);
    const address = await userPage(person);
    await admin.goto(address);
    await send(button(admin, 'Lihat sebagai pengguna'));
    await expect(admin).toHaveURL('/dashboard');
    const banner = admin.getByRole('region', { name: 'Tampilan sebagai pengguna' });
    for (const path of ['/dashboard', '/packages', '/transactions', '/topup/history', '/statement', '/profile']) {
      await admin.goto(path);
      await expect(banner).toContainText(`Anda melihat toko sebagai ${person.username}`);
      await expectNoSidewaysScroll(admin);
      await expectAccessible(admin);
    }
    await expect(admin.getByLabel('E-mail')).toHaveValue(person.email);
    await expect(button(admin, 'Simpan'), 'nothing can be sent').toBeDisabled();
    await test.step('a form that is sent all the same is refused', async () => {
      const sent = await posted(admin, 'sign_out_everywhere');
      expect(sent).toContain('form=');
      await admin.goto(sent);
      await expect(notice(admin)).toContainText('Anda hanya melihat toko');
    });
    await test.step("the admins' pages are the admin's own", async () => {
      await admin.goto('/admin/users');
      await expect(banner).toBeVisible();
      await expect(button(admin, 'Cari')).toBeEnabled();
    });
    await send(banner.getByRole('button', { name: 'Akhiri tampilan' }));
    await expect(done(admin)).toContainText('sudah berakhir');
    await expect(admin).toHaveURL(new RegExp(`${address}\\?`));
    await expect(banner).toHaveCount(0);
    await admin.goto('/profile');
    await expect(admin.getByLabel('E-mail')).toHaveValue(helper.email);
  });
});

test('a member asks to become a reseller', async ({ page, openAs, enterAsNewcomer }) => {
  const person = await enterAsNewcomer();
  const admin = await openAs('admin');
  await page.goto('/profile');
  await page.getByLabel('Berjualan di mana').fill('Pasar Baru, Bandung');
  await sendInVain(button(page, 'Ajukan jadi reseller'));
  await expectMistake(page.getByLabel('Nama toko atau konter'), 'Isian ini wajib.');
  await expect(page.getByLabel('Berjualan di mana')).toHaveValue('Pasar Baru, Bandung');
  await page.getByLabel('Nama toko atau konter').fill('Konter Maju');
  await send(button(page, 'Ajukan jadi reseller'));
  await expect(done(page)).toContainText('Permintaan terkirim');
  await expect(page.getByRole('main')).toContainText('menunggu jawaban admin');

  await admin.goto('/admin/exceptions');
  await expect(admin.getByRole('main')).toContainText(`${person.username} minta jadi reseller: Konter Maju`);
  await admin.goto(`/admin/users?need=reseller&q=${person.username}`);
  await admin.getByRole('link', { name: person.username, exact: true }).click();
  await expectNoSidewaysScroll(admin);
  await expectAccessible(admin);
  await expect(fact(admin, 'Nama toko atau konter')).toHaveText('Konter Maju');
  await send(button(admin, 'Setujui, jadikan reseller'));
  await expect(done(admin)).toContainText('Keputusan tersimpan');
  await expect(fact(admin, 'Peran')).toHaveText('Reseller');
  await page.goto('/dashboard');
  await expect(page, 'signed in anew with the new prices').toHaveURL(/\/login/);
  const reseller = await openAs(person);
  await reseller.goto('/profile');
  await expect(button(reseller, 'Ajukan jadi reseller')).toHaveCount(0);
});

test('an account is made, and its owner chooses the password', async ({ page, openAs }) => {
  const admin = await openAs('admin');
  const person = somebody();
  await admin.goto('/admin/users');
  await admin.getByRole('link', { name: 'Pengguna baru' }).click();
  await admin.getByLabel('Nama pengguna').fill(person.username);
  await admin.getByLabel('E-mail').fill(person.email);
  await admin.getByLabel('Nomor HP pengguna').fill(person.phone);
  await send(button(admin, 'Buat akun ini'));
  await expect(done(admin)).toContainText('Akun sudah dibuat');
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText(person.username);
  const link = await admin.getByLabel('Tautan', { exact: true }).inputValue();
  await page.goto(new URL(link).pathname);
  await page.getByLabel('Kata sandi baru').fill(person.password);
  await send(button(page, 'Simpan kata sandi'));
  await expect(page).toHaveURL('/login?done=reset');
  await page.getByLabel('Nama pengguna, e-mail, atau nomor HP').fill(person.username);
  await page.getByLabel('Kata sandi', { exact: true }).fill(person.password);
  await send(button(page, 'Masuk'));
  await expect(page).toHaveURL('/dashboard');
});

/** Sends a form of the profile page as one that was left open could; where the browser is sent. */
async function posted(page: Page, form: string): Promise<string> {
  const client = new Client();
  client.adopt(await page.context().cookies());
  return (await client.post('/profile', `/api/${form}`, { _form: form })).location;
}
