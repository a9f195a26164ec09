import { defineConfig, type PlaywrightTestOptions, type Project } from '@playwright/test';
import { baseURL, chromium } from './support/environment';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const desktop = { viewport: { width: 1280, height: 800 } };

/**
 * The main job and every page are looked at with and without JavaScript, on a phone and on a desk. A file that tells as
 * much on two of the four runs on two that differ in both: what the server does with a form is the same on a large
 * screen, and `pages` sees on all four where things stand. `islands` is about JavaScript alone. `settings` changes the whole shop for everyone, so it runs
 * alone, after all others, and `shop-settings` after it.
 */
const everywhere = ['main-job', 'owner', 'pages'];
const half = [...everywhere, 'bell', 'forms', 'numbers', 'outcomes', 'pay-gateway', 'prices', 'receipts', 'topup'];
const otherHalf = [
  ...everywhere,
  'account',
  'admin',
  'admin-forms',
  'backups',
  'book',
  'gateways',
  'my-account',
  'notifications',
  'overview',
  'packages',
  'pay-cases',
  'pay-ways',
  'statements',
  'users',
];

function project(name: string, files: readonly string[], use: Partial<PlaywrightTestOptions>): Project {
  return { name, use, testMatch: files.map((file) => `${file}.spec.ts`), dependencies: ['sign-in'] };
}

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // A second try in CI is reported as flaky; what is really broken fails twice.
  retries: process.env['CI'] ? 2 : 0,
  forbidOnly: !!process.env['CI'],
  // A purchase takes the simulated gateway three seconds, and twice that when it has to be asked again.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['html', { open: 'never' }], ['./support/failures-reporter.ts']],
  use: {
    baseURL,
    // A demo behind a test authority's certificate.
    ignoreHTTPSErrors: !!process.env['E2E_ANY_CERTIFICATE'],
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    // What moves by itself only makes tests wait.
    contextOptions: { reducedMotion: 'reduce' },
    // Every step with the page as it was; the film of it would cost a third of the time.
    trace: { mode: 'retain-on-failure', screenshots: false },
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
    project('phone-js', [...half, 'islands'], phone),
    project('phone-nojs', otherHalf, { ...phone, javaScriptEnabled: false }),
    project('desktop-js', otherHalf, desktop),
    project('desktop-nojs', half, { ...desktop, javaScriptEnabled: false }),
    {
      name: 'settings',
      testMatch: 'settings.spec.ts',
      use: desktop,
      dependencies: ['phone-js', 'phone-nojs', 'desktop-js', 'desktop-nojs'],
    },
    // Two that change the shop must not run side by side.
    {
      name: 'shop-settings',
      testMatch: 'shop-settings.spec.ts',
      use: { ...phone, javaScriptEnabled: false },
      dependencies: ['settings'],
    },
  ],
});
