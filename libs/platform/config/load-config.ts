import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DomainError, type Problem } from '#kernel';
import type { AppConfig, LoggingConfig } from './app-config.js';
import { readCurrency, readImports, readJournal, readReview, readTagMapping } from './read-billing.js';
import { readEmail, readSmtp, readWeb } from './read-people.js';
import { readOrganization, readStatement } from './read-statement.js';
import { type Environment, YamlSection } from './yaml-section.js';

/** Where a configuration is looked for if none is named, as the older program did. */
const DEFAULT_FILES = ['instance/config.yaml', 'config.yaml'];

export interface ConfigSource {
  /** The file; without it `instance/config.yaml`, then `config.yaml`, else the defaults. */
  readonly path?: string | undefined;
  /** What relative paths, in the file too, are relative to. */
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * Reads the configuration (domain.md §11). `OPENCHARGEBACK_DATABASE_URL`, `…_DATABASE_OWNER_URL`, `…_REDIS_URL`, `…_DATA_DIR` and
 * `WORKER_QUEUES` of the environment win over the file.
 * @throws DomainError `config.not-found`; `config.invalid` with every problem of the file, each with its path and line.
 */
export function loadConfig(source: ConfigSource): AppConfig {
  const file = findFile(source);
  const root = YamlSection.parse(file === undefined ? '' : readConfigFile(file), source.env);
  const variables: Problem[] = [];
  const config = read(root, file, source, variables);
  const problems = [...root.finish(), ...variables];
  if (problems.length > 0) {
    throw new DomainError(
      'config.invalid',
      'invalid',
      `The configuration ${file ?? 'in the environment'} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}.`,
      problems,
    );
  }
  return deepFreeze(config);
}

function findFile({ path, cwd }: ConfigSource): string | undefined {
  if (path === undefined) return DEFAULT_FILES.map((name) => resolve(cwd, name)).find((name) => existsSync(name));
  const file = resolve(cwd, path);
  if (existsSync(file)) return file;
  throw new DomainError(
    'config.not-found',
    'invalid',
    `There is no configuration file ${file}; name another one, or none to use the defaults.`,
  );
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('config.unreadable', 'invalid', `The configuration file ${file} can't be read: ${reason}.`);
  }
}

function read(root: YamlSection, file: string | undefined, { cwd, env }: ConfigSource, variables: Problem[]): AppConfig {
  const path = (section: YamlSection, key: string): string | undefined => {
    const text = section.text(key);
    return text === undefined || text === '' ? undefined : resolve(cwd, text);
  };
  const dataDirInFile = path(root, 'data_dir') ?? resolve(cwd, 'instance');
  const dataDir = env['OPENCHARGEBACK_DATA_DIR'] ? resolve(cwd, env['OPENCHARGEBACK_DATA_DIR']) : dataDirInFile;
  const [database, redis, storage] = [root.section('database'), root.section('redis'), root.section('storage')];
  const [organization, statement, email, output] = [
    root.section('organization'),
    root.section('statement'),
    root.section('email'),
    root.section('output'),
  ];
  const url: UrlReader = (section, key, variable, sort) => readUrl(section, key, env[variable], variable, sort, variables);
  const notices = readNotices(root, database);
  const devMode = root.flag('dev_mode') ?? false;
  const smtp = readSmtp(root.section('smtp'));
  const web = readWeb(root.section('web'));
  const fromAddress = email.text('from_address') || undefined;
  if (!devMode && smtp.host !== undefined && fromAddress === undefined) {
    email.report('from_address', 'Mail needs a sender: set email.from_address, or dev_mode: true to write mail to files.');
  }
  return {
    file,
    notices,
    devMode,
    currency: readCurrency(root),
    dataDir,
    database: readDatabase(database, url),
    redis: { url: url(redis, 'url', 'OPENCHARGEBACK_REDIS_URL', REDIS_URL) },
    storage: { dir: path(storage, 'dir') ?? resolve(dataDir, 'files') },
    worker: { queues: readQueues(env['WORKER_QUEUES']) },
    organization: readOrganization(organization, statement, path),
    statement: readStatement(statement, path),
    smtp,
    email: readEmail(email, web, fromAddress),
    tagMapping: readTagMapping(root.section('tag_mapping')),
    output: {
      pdfDir: path(output, 'pdf_dir') ?? resolve(dataDir, 'output/pdfs'),
      journalDir: path(output, 'journal_dir') ?? resolve(dataDir, 'output/journals'),
      emailDir: path(output, 'email_dir') ?? resolve(dataDir, 'output/emails'),
    },
    logging: readLogging(root.section('logging'), path),
    web,
    review: readReview(root.section('review')),
    imports: readImports(root.section('imports')),
    journal: readJournal(root.section('journal')),
  };
}

function readNotices(root: YamlSection, database: YamlSection): readonly string[] {
  const notices: string[] = [];
  if (database.ignore('path')) {
    notices.push('database.path names the older program’s SQLite file; it is not used. The data lies in data_dir, or at database.url.');
  }
  if (root.ignore('sources')) notices.push('sources (credentials for provider APIs) is not used; charges are imported from files.');
  return notices;
}

function readLogging(section: YamlSection, path: (section: YamlSection, key: string) => string | undefined): LoggingConfig {
  const level = section.choice('level', ['DEBUG', 'INFO', 'WARN', 'WARNING', 'ERROR']) ?? 'INFO';
  const levels = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', WARNING: 'warn', ERROR: 'error' } as const;
  return {
    enabled: section.flag('enabled') ?? true,
    level: levels[level],
    format: section.choice('format', ['splunk', 'json']) ?? 'splunk',
    file: path(section, 'file'),
  };
}

interface UrlSort {
  readonly pattern: RegExp;
  readonly example: string;
}
const POSTGRES_URL: UrlSort = { pattern: /^postgres(ql)?:$/, example: 'postgres://user:password@host:5432/openchargeback' };
const REDIS_URL: UrlSort = { pattern: /^rediss?:$/, example: 'redis://host:6379' };

type UrlReader = (section: YamlSection, key: string, variable: string, sort: UrlSort) => string | undefined;

function readDatabase(section: YamlSection, read: UrlReader): AppConfig['database'] {
  const url = read(section, 'url', 'OPENCHARGEBACK_DATABASE_URL', POSTGRES_URL);
  const ownerUrl = read(section, 'owner_url', 'OPENCHARGEBACK_DATABASE_OWNER_URL', POSTGRES_URL);
  if (ownerUrl !== undefined && url === undefined) {
    section.report('owner_url', 'An owner without a database: set database.url too, or neither to use the embedded Postgres.');
  }
  return { url, ownerUrl };
}

/** The address itself is never repeated in a problem: it holds a password. */
function readUrl(
  section: YamlSection,
  key: string,
  override: string | undefined,
  variable: string,
  sort: UrlSort,
  variables: Problem[],
): string | undefined {
  const inFile = section.text(key) || undefined;
  const what = `This is not an address such as ${sort.example}.`;
  if (override) {
    if (!isUrl(override, sort)) variables.push({ where: variable, what });
    return override;
  }
  if (inFile !== undefined && !isUrl(inFile, sort)) section.report(key, what);
  return inFile;
}

function isUrl(text: string, sort: UrlSort): boolean {
  return URL.canParse(text) && sort.pattern.test(new URL(text).protocol);
}

function readQueues(text: string | undefined): readonly string[] | undefined {
  const queues = (text ?? '').split(',').flatMap((queue) => queue.trim() || []);
  return queues.length === 0 ? undefined : queues;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
