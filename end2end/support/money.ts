import type { Locator } from '@playwright/test';

/** `Rp 12.500`, as every page writes it. Playwright's text matchers take the no-break space for a space. */
export function rupiah(amount: number): string {
  const sign = amount < 0 ? '-' : '';
  return `${sign}Rp ${String(Math.abs(amount)).replace(/\B(?=(\d{3})+$)/g, '.')}`;
}

/** The first amount in a text. */
export function amountIn(text: string): number {
  const found = /(-?)Rp\s([\d.]+)/.exec(text);
  if (!found) {
    throw new Error(`no amount in "${text}"`);
  }
  return Number(`${found[1]}${found[2]!.replaceAll('.', '')}`);
}

/** The amount that an element shows. */
export async function amountOf(element: Locator): Promise<number> {
  return amountIn(await element.innerText());
}
