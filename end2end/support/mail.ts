import { expect, type Page } from '@playwright/test';

/**
 * The path of the newest link to `page` that the simulated mail server has got for an address. The shop's page that links
 * to that mail server is open.
 */
export async function linkInMail(page: Page, to: string, kind: 'reset' | 'verify'): Promise<string> {
  const mailbox = await page.getByRole('link', { name: 'e-mail bisa dibaca di sini' }).getAttribute('href');
  let found = '';
  const look = async () => {
    const text = await (await page.request.get(mailbox ?? '')).text();
    const mails = text.split('<tr>').filter((row) => row.includes(to));
    found = mails.map((mail) => new RegExp(`/${kind}/[0-9a-f]{32}`).exec(mail)?.[0] ?? '').find((link) => link !== '') ?? '';
    return found;
  };
  await expect.poll(look, `a mail to ${to} with a link to /${kind}`).not.toBe('');
  return found;
}
