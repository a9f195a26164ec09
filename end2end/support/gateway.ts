import { expect } from '@playwright/test';
import { clientAs } from './desk';

// The simulated gateways, as whoever pays and as their own dashboards would use them.

/** What happens to an order at the gateway besides being paid. */
type Act = 'chargeback' | 'deny' | 'refund' | 'expire';

let found: Promise<string> | undefined;

/** Pays a top-up's order; `page` is the buyer's own page of it. */
export async function payAtGateway(page: string, how: { amount?: number; times?: number } = {}): Promise<void> {
  await tell('/admin/payments/pay', { order_id: orderOf(page), ...how });
}

/** Something else that becomes of it. */
export async function actAtGateway(page: string, act: Act): Promise<void> {
  await tell('/admin/payments/act', { order_id: orderOf(page), act });
}

/** The simulated wallet's page of the order, for a browser. */
export async function walletPage(page: string): Promise<string> {
  return `${await address()}/pay/midtrans/${orderOf(page)}`;
}

/** What the order holds at the gateway: text of its QRIS code, number of its virtual account, money that came. */
export async function orderAtGateway(page: string): Promise<Order> {
  const answer = await fetch(`${await address()}/payments/book/${orderOf(page)}`);
  expect(answer.status).toBe(200);
  const { orders } = (await answer.json()) as { orders: Order[] };
  return orders[0]!;
}

/** Ends the order for this number that the XL gateway holds back: the package comes. */
export async function deliver(number: string): Promise<void> {
  const answer = await fetch(`${await address()}/book?number=${number}`);
  const { orders } = (await answer.json()) as { orders: { ref_id: string }[] };
  await tell('/admin/settle', { ref_id: orders[0]!.ref_id, ending: 'success' });
}

interface Order {
  gross_rupiah: number;
  state: string;
  code: { qr_string: string | null; va_number: string | null };
  payments: { amount_rupiah: number }[];
  returns: { amount_rupiah: number }[];
}

/** A top-up has one order at a time; the tests need no second. */
function orderOf(page: string): string {
  const { pathname } = new URL(page, 'http://shop');
  return `${pathname.split('/').pop()}-1`;
}

async function tell(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch((await address()) + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status, `${path}: ${await answer.text()}`).toBe(200);
}

/** Where it stands, as the shop's settings say. */
function address(): Promise<string> {
  found ??= (async () => {
    const { text } = await clientAs('admin').get('/admin/payments');
    const stands = /(https?:\/\/[^\s<"/]+)\/midtrans/.exec(text)?.[1];
    if (stands === undefined) {
      throw new Error('/admin/payments names no simulated gateway');
    }
    return stands;
  })();
  return found;
}
