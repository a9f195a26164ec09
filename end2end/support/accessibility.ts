import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** WCAG 2.2 AA and everything below it. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * No violation of WCAG 2.2 AA that axe can find, in light and in dark colours. axe is JavaScript itself, so it does
 * nothing where there is none; the HTML is the same there.
 */
export async function expectAccessible(page: Page): Promise<void> {
  if (!(await hasJavaScript(page))) {
    return;
  }
  // "Legacy" finishes in the page itself and not in an empty page beside it: the same rules in half the time, which is
  // all one needs without frames of other sites.
  const all = new AxeBuilder({ page }).withTags(tags).setLegacyMode();
  // Dark colours are the same page in other colours.
  const colours = new AxeBuilder({ page }).withRules(['color-contrast']).setLegacyMode();
  await expectNoViolation(page, 'light', all);
  await expectNoViolation(page, 'dark', colours);
  await page.emulateMedia({ colorScheme: null });
}

async function expectNoViolation(page: Page, colorScheme: 'light' | 'dark', axe: AxeBuilder): Promise<void> {
  await page.emulateMedia({ colorScheme });
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.join(' ')}\n    ${node.failureSummary}`),
  );
  expect.soft(found, `${page.url()} in ${colorScheme}`).toEqual([]);
}

/** A phone's page can be read without moving it sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [needed, shown] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect.soft(needed, `${page.url()} is wider than the screen`).toBeLessThanOrEqual(shown!);
}

/** `<noscript>` has elements in it only where scripts do not run. */
function hasJavaScript(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const probe = document.createElement('div');
    probe.innerHTML = '<noscript><i></i></noscript>';
    return !probe.querySelector('i');
  });
}
