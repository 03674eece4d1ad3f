import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoggingConfig, NestLogger, createLogger } from '#platform';

let dir: string;
let lines: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'log-'));
  lines = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

function logger(config: Partial<LoggingConfig> = {}): ReturnType<typeof createLogger> {
  const stream = { write: (line: string) => void lines.push(line) };
  return createLogger({ enabled: true, level: 'info', format: 'splunk', file: undefined, ...config }, { name: 'api', stream });
}

describe('createLogger', () => {
  it('writes key=value lines that no value can break out of', () => {
    logger().info({ period: '2025-01', user: 'a=b "c"\nlevel=error', request: { id: 7 }, tags: ['x', 'y'] }, 'import recorded');
    expect(lines).toEqual([
      expect.stringMatching(
        /^time=\S+Z level=info name=api msg="import recorded" pid=\d+ period=2025-01 user="a=b \\"c\\"\\nlevel=error" request.id=7 tags="\[\\"x\\",\\"y\\"\]"\n$/,
      ),
    ]);
  });

  it('writes JSON, from the configured level on, to the file too', () => {
    const file = join(dir, 'logs', 'app.log');
    const log = logger({ format: 'json', level: 'warn', file });
    log.info('not this');
    log.warn({ err: new Error('broken') }, 'this');
    expect(JSON.parse(lines.join(''))).toMatchObject({ level: 'warn', name: 'api', msg: 'this', err: { message: 'broken' } });
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
  });

  it.each(['splunk', 'json'] as const)('writes no secret (%s)', (format) => {
    logger({ format }).info({ password: 'hidden', smtp: { password: 'hidden' }, req: { headers: { cookie: 'hidden' } } }, 'x');
    expect(lines.join('')).toContain('[secret]');
    expect(lines.join('')).not.toContain('hidden');
  });

  it('is silent if it was disabled', () => {
    logger({ enabled: false }).error('x');
    expect(lines).toEqual([]);
  });

  it('names a log file that can’t be written to', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(() => logger({ file: join(dir, 'file', 'app.log') })).toThrow(/log file .*app\.log can't be written to/);
  });
});

describe('NestLogger', () => {
  it('keeps context, error and stack apart', () => {
    const nest = new NestLogger(logger({ format: 'json', level: 'debug' }));
    nest.log('Mapped {/api} route', 'RouterExplorer');
    nest.error('failed', 'Error: x\n    at y', 'ExceptionsHandler');
    nest.error(new Error('whole'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'debug', msg: 'Mapped {/api} route', component: 'RouterExplorer' },
      { level: 'error', msg: 'failed', component: 'ExceptionsHandler', stack: 'Error: x\n    at y' },
      { level: 'error', msg: 'whole', err: { message: 'whole' } },
    ]);
  });
});
