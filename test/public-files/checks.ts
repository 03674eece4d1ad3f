import { isDeepStrictEqual } from 'node:util';

/** Counts what was checked and prints a line for each check. */
export class Checks {
  private passed = 0;
  private failed = 0;

  /** One fact about one file. */
  equal(subject: string, fact: string, found: unknown, expected: unknown): void {
    if (isDeepStrictEqual(found, expected)) {
      this.passed += 1;
      print(`ok      ${subject}: ${fact}`);
    } else {
      this.failed += 1;
      print(`FAILED  ${subject}: ${fact}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
    }
  }

  /** Runs checks of one subject; if they break off, that is a failure of its own and the others still run. */
  async of(subject: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failed += 1;
      print(`FAILED  ${subject}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  /** Prints the last line and answers the exit code. */
  conclude(): number {
    print(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
