import { baseURL } from './environment';
import { type Person, somebody } from './people';

/** What came back for one request; redirects are not followed. */
export interface Answer {
  status: number;
  location: string;
  text: string;
}

/**
 * A browser without a window: it keeps cookies and sends forms. It prepares what a test needs but is not about, in
 * milliseconds. (Playwright's own client leaves `Secure` cookies out on http://127.0.0.1, browsers do not.)
 */
export class Client {
  private readonly cookies = new Map<string, string>();

  /** Cookies as Playwright wants them. */
  get browserCookies() {
    const { hostname: domain } = new URL(baseURL);
    return [...this.cookies].map(([name, value]) => {
      // A browser takes a cookie of that name only when it is secure.
      const secure = name.startsWith('__Host-');
      return { name, value, domain, path: '/', secure, httpOnly: secure, sameSite: 'Lax' as const };
    });
  }

  /** Takes over a sign-in that Playwright has stored. */
  adopt(cookies: readonly { name: string; value: string }[]): void {
    for (const { name, value } of cookies) {
      this.cookies.set(name, value);
    }
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path, {});
  }

  /** Sends a form from `page`, as a browser without JavaScript does. A refused form is an error. */
  async submit(page: string, action: string, fields: Record<string, string>): Promise<Answer> {
    const answer = await this.post(page, action, fields);
    if (answer.status !== 303 || /[?&]form=|^\/(login|confirm)\b/.test(answer.location)) {
      const shown = answer.location ? await this.get(answer.location) : answer;
      throw new Error(`${action}: ${answer.status} ${answer.location}\n${problems(shown.text)}`);
    }
    return answer;
  }

  /** The same, where a refusal is an answer like any other. */
  post(page: string, action: string, fields: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', action, { referer: baseURL + page }, new URLSearchParams(fields));
  }

  /** Sends the form on `page` that goes to `action`, with its hidden fields and these. */
  async complete(page: string, action: string, fields: Record<string, string> = {}): Promise<Answer> {
    const { status, text } = await this.get(page);
    const form = new RegExp(`action="${action}".*?</form>`, 's').exec(text)?.[0];
    if (form === undefined) {
      throw new Error(`${page} (${status}) has no form for ${action}`);
    }
    const hidden = form.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g);
    const kept = Object.fromEntries([...hidden].map(([, name, value]) => [name, unescaped(value!)]));
    return this.submit(page, action, { ...kept, ...fields });
  }

  private async send(method: string, path: string, headers: object, body?: URLSearchParams): Promise<Answer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(baseURL + path, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie, ...headers },
      ...(body && { body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) {
        this.cookies.set(name, value);
      }
    }
    const location = response.headers.get('location') ?? '';
    return { status: response.status, location, text: await response.text() };
  }
}

/** Signs somebody new up, without a browser. */
export async function register(client: Client, person: Person = somebody()): Promise<Person> {
  const { username, email, phone, password } = person;
  await client.submit('/register', '/api/register', { username, email, phone, password });
  return person;
}

/** What a page complains about: its notices and the texts beside its fields. */
function problems(html: string): string {
  const found = html.matchAll(/role="alert"[^>]*>(.*?)<\/div><\/div>|class="error"[^>]*>([^<]+)</gs);
  const texts = [...found].map(([, notice, error]) => (notice ?? error ?? '').replace(/<[^>]*>/g, ' ').trim());
  return texts.join(' | ');
}

function unescaped(html: string): string {
  const signs: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&amp;': '&' };
  return html.replace(/&(lt|gt|quot|amp|#x27);/g, (sign) => signs[sign] ?? sign);
}
