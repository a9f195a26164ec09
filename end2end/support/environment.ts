import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The users that every demo has. */
export const roles = ['member', 'reseller', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Credentials {
  username: string;
  password: string;
}

/** The demo under test. The README says how to start one. */
export const baseURL = (process.env['BASE_URL'] || 'http://127.0.0.1:3000').replace(/\/$/, '');

/**
 * Names and passwords of the demo's users. Nothing when the file is not at hand: then the sign-in page's one-tap buttons
 * are used, so that the tests also run against a demo on another machine.
 */
export function demoUsers(): Record<Role, Credentials> | undefined {
  const named = process.env['DEMO_USERS'];
  if (named) {
    // A file that was named must be there: no silent way around it.
    return JSON.parse(readFileSync(named, 'utf8'));
  }
  // Where `make run` leaves it. Of no use for a demo that somebody else has started.
  const usual = join(__dirname, '../../data/demo-users.json');
  const ours = !process.env['BASE_URL'] && existsSync(usual);
  return ours ? JSON.parse(readFileSync(usual, 'utf8')) : undefined;
}

/** The browser that the system has; Debian's name first. */
export function chromium(): string | undefined {
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return process.env['CHROMIUM'] || usual.find((path) => existsSync(path));
}

/** A kept sign-in, written by `tests/sign-in.setup.ts` before all other tests. */
export function storedState(role: Role): string {
  return join(__dirname, '../test-results/.sessions', `${role}.json`);
}
