import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

const sizes = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

/** Pictures of every page: phone and desk, light and dark. Not tests: they show, and judge nothing. */
export default defineConfig({
  ...tests,
  testDir: '.',
  outputDir: 'test-results',
  fullyParallel: false,
  reporter: [['list']],
  projects: [
    { name: 'sign-in', testMatch: 'tests/sign-in.setup.ts', use: sizes.desktop },
    ...(['phone', 'desktop'] as const).flatMap((size) =>
      (['light', 'dark'] as const).map((colorScheme) => ({
        name: `${size}-${colorScheme}`,
        testMatch: 'screenshots/*.spec.ts',
        use: { ...sizes[size], colorScheme, trace: 'off' as const },
        dependencies: ['sign-in'],
      })),
    ),
  ],
});
