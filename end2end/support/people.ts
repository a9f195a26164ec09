import { randomBytes, randomInt } from 'node:crypto';

/** Someone who has, or will have, an account of their own. */
export interface Person {
  username: string;
  email: string;
  phone: string;
  password: string;
}

/** Somebody new. Random, so that tests can run at the same time, and again on the same demo. */
export function somebody(known: Partial<Person> = {}): Person {
  const username = known.username ?? `uji${randomBytes(6).toString('hex')}`;
  return {
    username,
    email: `${username}@contoh.id`,
    phone: `0812${digits(8)}`,
    password: `kuda-laut-${randomBytes(4).toString('hex')}`,
    ...known,
  };
}

/** How the simulated gateway treats a number is written in its last four digits (see the README). */
export const ending = {
  delivered: '1230',
  failed: '1232',
  pendingThenDelivered: '1233',
  pending: '1235',
  pendingThenFailed: '1234',
  outOfStock: '1245',
} as const;

const XL_PREFIXES = ['0817', '0818', '0819', '0859', '0877', '0878'];

/** An XL number that nobody has bought for yet, so that the repeat guard stays quiet. */
export function xlNumber(last: string = ending.delivered): string {
  return `${XL_PREFIXES[randomInt(XL_PREFIXES.length)]}${digits(4)}${last}`;
}

/** An AXIS number. */
export function axisNumber(last: string = ending.delivered): string {
  return `0831${digits(4)}${last}`;
}

/** `0878-1234-5678`, as pages show a number. */
export function grouped(number: string): string {
  return number.replace(/(\d{4})(?=\d)/g, '$1-');
}

/** A bank statement's reference; each may be used once. */
export function bankReference(): string {
  return `UJI${Date.now()}${digits(6)}`;
}

function digits(count: number): string {
  return String(randomInt(10 ** count)).padStart(count, '0');
}
