import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Reporter, TestCase } from '@playwright/test/reporter';

/**
 * Writes what failed, and with what, into one small file, which `scripts/e2e.sh` prints last: of a long log only the
 * end may be kept.
 */
export default class FailuresReporter implements Reporter {
  private readonly tests = new Set<TestCase>();
  private readonly file = resolve('test-results', 'failures.txt');

  onBegin(): void {
    rmSync(this.file, { force: true });
  }

  onTestEnd(test: TestCase): void {
    this.tests.add(test);
  }

  onEnd(): void {
    const failed = [...this.tests].filter((test) => test.outcome() === 'unexpected');
    const lines = failed.flatMap((test) => [
      `${test.parent.project()?.name} ${test.location.file.split('/').pop()}:${test.location.line} ${test.title}`,
      ...new Set(test.results.flatMap(({ errors }) => errors.map(({ message }) => `    ${firstLine(message)}`))),
    ]);
    if (lines.length > 0) {
      mkdirSync(dirname(this.file), { recursive: true });
      writeFileSync(this.file, `${lines.join('\n')}\n`);
    }
  }
}

function firstLine(message = 'no message'): string {
  const plain = message.replaceAll(/\u001b\[[0-9;]*m/g, '');
  return plain.split('\n', 1)[0] ?? '';
}
