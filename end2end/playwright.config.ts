import { defineConfig, type PlaywrightTestOptions, type Project } from '@playwright/test';
import { baseURL, chromium } from './support/environment';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const desktop = { viewport: { width: 1280, height: 800 } };

/**
 * Every journey is walked with and without JavaScript, on a phone and on a desk. A file that tells as much on two of the
 * four runs on the two that differ in both:
 *
 * - `prices`, `outcomes`, `account` and `admin` are about what the server does. The size of the screen changes only
 *   where things stand, which `pages` looks at on all four.
 * - `settings` changes the whole shop for everyone, so it runs alone, after all others, and puts everything back.
 */
function project(name: string, use: Partial<PlaywrightTestOptions>, without: readonly string[]): Project {
  return { name, use, testIgnore: ['**/settings.spec.ts', ...without], dependencies: ['sign-in'] };
}

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env['CI'],
  // A purchase takes the simulated gateway three seconds, and twice that when it has to be asked again.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    baseURL,
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'sign-in', testMatch: 'sign-in.setup.ts', use: desktop },
    project('phone-js', phone, ['**/account.spec.ts', '**/admin.spec.ts']),
    project('phone-nojs', { ...phone, javaScriptEnabled: false }, ['**/prices.spec.ts', '**/outcomes.spec.ts']),
    project('desktop-js', desktop, ['**/prices.spec.ts', '**/outcomes.spec.ts']),
    project('desktop-nojs', { ...desktop, javaScriptEnabled: false }, ['**/account.spec.ts', '**/admin.spec.ts']),
    {
      name: 'settings',
      testMatch: 'settings.spec.ts',
      use: desktop,
      dependencies: ['phone-js', 'phone-nojs', 'desktop-js', 'desktop-nojs'],
    },
  ],
});
