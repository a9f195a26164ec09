import type { BrowserContext, ConsoleMessage, Request, Response } from '@playwright/test';

/**
 * Notes everything that goes wrong behind a page's back: errors and warnings in the console (a failed hydration is one),
 * exceptions, requests that fail, answers of 400 and above. Nothing of that happens in a healthy shop, so the fixture
 * fails the test for it. What passes: the document's own answer to something that a test does on purpose.
 */
export class ConsoleGuard {
  private readonly found = new Set<string>();
  private readonly expected = new Set<number>();

  constructor(private readonly hasJavaScript: boolean) {}

  /** This test asks for a document that is refused with this status. A form that comes back (422) always may. */
  expectStatus(status: number): void {
    this.expected.add(status);
  }

  /** Each problem once, however often it was heard. */
  get problems(): string[] {
    return [...this.found];
  }

  watch(context: BrowserContext): void {
    context.on('console', (message) => this.heard(message));
    context.on('weberror', (thrown) => {
      const { name, message, stack } = thrown.error();
      this.found.add(`exception: ${name} ${message} ${stack} (${thrown.page()?.url()})`);
    });
    context.on('requestfailed', (request) => this.failed(request));
    context.on('response', (response) => this.answered(response));
  }

  private heard(message: ConsoleMessage): void {
    if (message.type() !== 'error' && message.type() !== 'warning') {
      return;
    }
    const { url } = message.location();
    if (this.isScriptHint(message.text())) {
      return;
    }
    // Chromium repeats every refused answer in its console; `answered` has judged it already.
    if (/^Failed to load resource: the server responded with a status of/.test(message.text())) {
      return;
    }
    this.found.add(`console ${message.type()}: ${message.text()} (${url})`);
  }

  private failed(request: Request): void {
    const reason = request.failure()?.errorText ?? 'unknown';
    // Leaving a page ends what it was still waiting for, such as its event stream.
    if (reason !== 'net::ERR_ABORTED' && !this.isScriptHint(request.url())) {
      this.found.add(`request failed: ${request.method()} ${request.url()}: ${reason}`);
    }
  }

  private answered(response: Response): void {
    const status = response.status();
    if (status < 400) {
      return;
    }
    const request = response.request();
    const { searchParams } = new URL(request.url());
    // `form` names what was kept of it; with `again` the address itself says what was typed.
    const refusedForm = status === 422 && (searchParams.has('form') || searchParams.has('again'));
    const document = request.isNavigationRequest();
    if (!(document && (refusedForm || this.expected.has(status)))) {
      this.found.add(`answer ${status}: ${request.method()} ${request.url()}`);
    }
  }

  /** A browser without JavaScript complains that the scripts it was told to fetch early are of no use to it. */
  private isScriptHint(text: string): boolean {
    return !this.hasJavaScript && /\/pkg\/[^/ ]+\.(js|wasm)/.test(text);
  }
}
