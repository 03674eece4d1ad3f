import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CliAnswer {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a verb of the built command. */
export function openchargeback(args: readonly string[]): Promise<CliAnswer> {
  const main = fileURLToPath(new URL('../../../programs/openchargeback.js', import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ exitCode: code, output: `${stdout}${stderr}`.trim() });
    });
  });
}
