import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { Client, register } from '../support/client';
import { withAdmin, withBankAccount } from '../support/desk';
import { expect, test } from '../support/fixtures';
import { button, send, sendInVain } from '../support/forms';
import { amountIn, rupiah } from '../support/money';
import { bankReference, type Person } from '../support/people';
import { fact, requestTopupByClient } from '../support/shop';

// A bank's statement that is taken in, and the top-ups that it pays. Each test has a bank of its own, so that nobody else's
// transfers fit its lines, and an admin of its own, as an upload is kept for one's latest file only.

interface Waiting {
  person: Person;
  client: Client;
  page: string;
  payable: number;
}

/** The test's own admin, with a bank account that nobody else uses. */
async function withOwnAdmin(
  openAs: (who: Person) => Promise<Page>,
  use: (page: Page, bank: string) => Promise<void>,
): Promise<void> {
  const person = await register(new Client());
  await withAdmin(person, () => withBankAccount(async (bank) => use(await openAs(person), bank)));
}

async function transferTo(bank: string): Promise<Waiting> {
  const client = new Client();
  const person = await register(client);
  const page = await requestTopupByClient(client, 20_000, `transfer:${bank}`);
  const payable = /class="big num">(.*?)<\/p>/s.exec((await client.get(page)).text)?.[1] ?? '';
  return { person, client, page, payable: amountIn(payable.replace(/<[^>]*>/g, '').replace('&nbsp;', ' ')) };
}

/** `26/11/2026` in the shop's zone. */
function today(): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Jakarta' }).format(new Date());
}

async function balanceOf({ client }: Waiting): Promise<number> {
  const { text } = await client.get('/statement');
  return amountIn(text.replace(/<[^>]*>/g, '').replaceAll('&nbsp;', ' ').replace(/^.*Saldo sekarang/s, ''));
}

test('a CSV is uploaded, its columns are recognised, and what fits is approved with one tap', async ({ openAs }) => {
  await withOwnAdmin(openAs, async (page, id) => {
    const [first, second, third] = [await transferTo(id), await transferTo(id), await transferTo(id)];
    const line = (text: string, amount: string, reference: string) => `${today()};${text};${reference};${amount}`;
    const stranger = bankReference();
    const file = [
      'Tanggal;Keterangan;No Referensi;Debet;Kredit',
      line('TRSF E-BANKING CR', `;${first.payable}`, bankReference()),
      line('TRSF E-BANKING CR', `;${second.payable}`, bankReference()),
      line('TRSF E-BANKING CR', `;${third.payable}`, bankReference()),
      line('BIAYA ADM', '15000;', bankReference()),
      line('SETORAN TUNAI', ';777777', stranger),
    ].join('\r\n');
    const upload = async () => {
      await page.goto(`/admin/statements?source=bank%3A${id}`);
      const buffer = Buffer.from(file);
      await page.getByLabel('Berkas CSV').setInputFiles({ name: 'mutasi.csv', mimeType: 'text/csv', buffer });
      await send(button(page, 'Lanjut ke kolom'));
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kolom mutasi');
    };

    await test.step('what would be read is shown before anything is taken in', async () => {
      await upload();
      await expect(page.getByLabel('Tanggal', { exact: true })).not.toHaveValue('');
      await expect(page.getByRole('main')).toContainText('4 uang masuk, 1 uang keluar');
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await send(button(page, 'Masukkan 4 uang masuk'));
      await expect(page.getByRole('main')).toContainText('4 baris baru masuk');
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    });
    await test.step('one of them', async () => {
      const row = page.getByRole('listitem').filter({ hasText: first.person.username });
      await expect(row).toContainText(rupiah(first.payable));
      await send(row.getByRole('button', { name: /^Setujui/ }));
      await expect(page.getByRole('main')).toContainText('1 isi saldo masuk');
      expect(await balanceOf(first)).toBe(first.payable);
    });
    await test.step('all others', async () => {
      const sum = rupiah(second.payable + third.payable);
      await send(button(page, `Setujui semua 2, ${sum}`));
      await expect(page.getByRole('main')).toContainText('2 isi saldo masuk');
      expect(await balanceOf(second)).toBe(second.payable);
      expect(await balanceOf(third)).toBe(third.payable);
    });
    await test.step('what belongs to no top-up is put aside', async () => {
      const row = page.getByRole('listitem').filter({ hasText: stranger });
      await expect(row).toContainText(rupiah(777_777));
      await send(row.getByRole('button', { name: 'Urusan toko' }));
      await expect(page.getByRole('main')).toContainText('Semua mutasi sudah beres');
    });
    await test.step('the same file once more changes nothing', async () => {
      await upload();
      await send(button(page, 'Masukkan 4 uang masuk'));
      await expect(page.getByRole('main')).toContainText('0 baris baru masuk, 4 sudah ada');
      await expect(page.getByRole('main')).toContainText('Semua mutasi sudah beres');
      expect(await balanceOf(first)).toBe(first.payable);
    });
  });
});

test('a line that differs is picked on the top-up, and what came is credited', async ({ openAs }) => {
  await withOwnAdmin(openAs, async (page, id) => {
    const waiting = await transferTo(id);
    const came = waiting.payable - 1;
    await page.goto(`/admin/statements?source=bank%3A${id}`);
    const pasted = `Tanggal,Keterangan,Kredit,Debet\n${today()},TRSF CR ${waiting.person.username},${came},\n`;
    await page.getByLabel('Atau tempel isinya di sini').fill(pasted);
    await send(button(page, 'Lanjut ke kolom'));
    await send(button(page, 'Masukkan 1 uang masuk'));
    await expect(page.getByRole('main')).toContainText('Tanpa isi saldo');

    await page.goto(waiting.page.replace(/^\/topup\/([^?]+).*/, '/admin/topups/$1'));
    await page.getByRole('radio', { name: new RegExp(waiting.person.username) }).check();
    await send(button(page, 'Periksa mutasi ini'));
    const confirm = page.locator('.card').filter({ has: page.getByRole('heading', { name: 'Setujui dengan mutasi ini' }) });
    await expect(confirm).toContainText('berbeda dari');
    await expect(confirm).toContainText(`+${rupiah(came)}`);
    await expectAccessible(page);
    await send(confirm.getByRole('button', { name: 'Setujui dan tambah saldo' }));
    await expect(fact(page, 'Status').first()).toHaveText('Saldo masuk');
    expect(await balanceOf(waiting)).toBe(came);
  });
});

test('what is no statement is refused beside the field', async ({ page, enterAs }) => {
  await enterAs('admin');
  await page.goto('/admin/statements');
  await sendInVain(button(page, 'Lanjut ke kolom'));
  const file = page.getByLabel('Berkas CSV');
  await expect(file).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
});
