import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import { type AppConfig, loadConfig, withoutSecrets } from '#platform';

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'config-'))));
afterEach(() => rmSync(cwd, { recursive: true }));

function load(yaml: string, env: Record<string, string> = {}): AppConfig {
  writeFileSync(join(cwd, 'config.yaml'), yaml);
  return loadConfig({ cwd, env });
}

function problemsOf(yaml: string, env: Record<string, string> = {}): string[] {
  try {
    load(yaml, env);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'config.invalid') {
      return error.problems.map(({ where, what }) => `${where}: ${what}`);
    }
    throw error;
  }
  return [];
}

function variable(name: string): string {
  return `$\{${name}}`;
}

/** A file with every key of the older program's, in the ways its users write them. */
const OLDER_FILE = String.raw`
dev_mode: no
currency: "€"
database:
  path: ./instance/billing.db
smtp:
  host: smtp.example.edu
  username: ${variable('SMTP_USER')}
  password: ${variable('SMTP_PASSWORD')}
email:
  from_address: billing@example.edu
tag_mapping:
  project_id: project
  cost_center: ""
  reference_1: grant_number
output:
  pdf_dir: ./out/pdfs
logging: {level: WARNING, format: splunk, file: ./logs/billing.log}
sources:
  aws: {api_url: "https://ce.example.com", api_key: "${variable('AWS_KEY')}", api_secret: "${variable('AWS_SECRET')}"}
web:
  enabled: true
  host: 0.0.0.0
  port: 8080
  secret_key: ${variable('WEB_SECRET_KEY')}
  session_lifetime_hours: 4
  users:
    ada:
      email: ada@localhost
      display_name: Ada
      password_hash: "$2b$12$abcdefghijklmnopqrstuv"
      role: admin
      recovery: true
  password_requirements: {min_length: 12, require_numbers: true}
review:
  flag_patterns: [".*gpu.*"]
  fund_org_patterns: ['^\d{6}-\d{4}$']
imports:
  known_sources:
  - name: Azure Local
    pattern: azure-local
    fund_org: IT-CLOUD
    account_code: 054100
journal:
  fund_org_regex: "^(?P<orgn>[^-]+)-(?P<fund>.+)$"
  account_code_regex: ""
  template: banner.csv
  default_account:
  debit_description: "{source} {period}"
`;

describe('loadConfig', () => {
  it('takes a file of the older program as it is', () => {
    const config = load(OLDER_FILE, { SMTP_USER: 'mailer' });
    expect(config).toMatchObject({
      file: join(cwd, 'config.yaml'),
      devMode: false,
      currency: 'EUR',
      dataDir: join(cwd, 'instance'),
      database: { url: undefined },
      smtp: { host: 'smtp.example.edu', port: 587, useTls: true, username: 'mailer', password: '' },
      email: { fromAddress: 'billing@example.edu', fromName: 'Research Computing Billing' },
      output: { pdfDir: join(cwd, 'out/pdfs'), journalDir: join(cwd, 'instance/output/journals') },
      logging: { level: 'warn', format: 'splunk', file: join(cwd, 'logs/billing.log') },
      review: { flagPatterns: ['.*gpu.*'], fundOrgPatterns: ['^\\d{6}-\\d{4}$'] },
      journal: { template: 'banner.csv', defaultAccount: '', debitDescription: '{source} {period}' },
    });
    expect(config.tagMapping).toMatchObject({
      pi_email: ['pi_email'],
      project_id: ['project'],
      cost_center: [],
      reference_1: ['grant_number'],
    });
    expect(config.imports.knownSources).toMatchObject([
      { name: 'Azure Local', accountCode: '054100', pattern: 'azure-local', deliveryMode: undefined, enabled: undefined },
    ]);
    expect(config.web).toMatchObject({
      port: 8080,
      secretKey: undefined,
      users: [{ username: 'ada', role: 'admin', recovery: true, passwordHash: '$2b$12$abcdefghijklmnopqrstuv' }],
      passwordRequirements: { minLength: 12, requireNumbers: true, requireUppercase: false },
    });
    expect(config.notices).toEqual([expect.stringContaining('database.path'), expect.stringContaining('sources')]);
  });

  it('has defaults for everything', () => {
    const config = loadConfig({ cwd, env: {} });
    expect(config).toMatchObject({ file: undefined, currency: 'USD', notices: [], storage: { dir: join(cwd, 'instance/files') } });
    expect(config.imports.knownSources.map((source) => source.name)).toEqual(['AWS', 'Azure', 'GCP', 'HPC', 'Storage']);
    for (const { name: _name, ...settings } of config.imports.knownSources) {
      expect(Object.values(settings).every((setting) => setting === undefined)).toBe(true);
    }
    expect(config.tagMapping.project_id).toEqual(['project_id', 'project']);
    expect(config.journal.fundOrgRegex).toBe('^(?P<orgn>[^-]+)-(?P<fund>.+)$');
    expect(() => Object.assign(config.smtp, { port: 25 })).toThrow(TypeError);
  });

  it('reports every problem at once, each with its path and line', () => {
    const yaml = [
      'currency: dollars',
      'smtp:',
      '  host: smtp.example.edu',
      '  port: 70000',
      '  usetls: true',
      'web:',
      '  users:',
      '    ada: {role: root}',
      'review:',
      '  flag_patterns: [gpu, "a(?=b)"]',
      'database: {url: "mysql://u:hidden@h/db"}',
      'imports:',
      '  known_sources: [{name: aws}, {name: AWS}, {pattern: x}]',
      `organization: {name: "${variable('ORG')}"}`,
      'jornal: {}',
    ].join('\n');
    const problems = problemsOf(yaml, { OPENCHARGEBACK_REDIS_URL: 'redis-host' });
    const expected: [string, RegExp][] = [
      ['currency (line 1)', /“dollars” is not a currency code/],
      ['smtp.port (line 4)', /“70000” is not a whole number from 1 to 65535/],
      ['smtp.usetls (line 5)', /did you mean “use_tls”/],
      ['email.from_address', /Mail needs a sender/],
      ['web.users.ada.password_hash (line 8)', /password hash/],
      ['web.users.ada.role (line 8)', /“root” is none of viewer, reviewer, admin/],
      ['review.flag_patterns[1] (line 10)', /“a\(\?=b\)” can't be used/],
      ['database.url (line 11)', /address such as postgres:/],
      ['imports.known_sources (line 13)', /“AWS” is listed twice/],
      ['imports.known_sources[2].name (line 13)', /needs a name/],
      ['organization.name (line 14)', /variable ORG is not set/],
      ['jornal (line 15)', /did you mean “journal”/],
      ['OPENCHARGEBACK_REDIS_URL', /address such as redis:/],
    ];
    for (const [where, what] of expected) {
      expect(problems.find((problem) => problem.startsWith(`${where}: `))).toMatch(what);
    }
    expect(problems).toHaveLength(expected.length);
    expect(problems.join()).not.toContain('hidden');
  });

  it('reads the settings of a source, and refuses those that would fail when a file comes', () => {
    const known = (source: string): string => `imports: {known_sources: [${source}]}`;
    const { imports } = load(
      known('{name: hpc, date_format: M/D/YY, inclusive_period_ends: yes, enabled: no, display_name: "", pattern: " "}'),
    );
    expect(imports.knownSources).toMatchObject([
      { name: 'hpc', dateFormat: 'M/D/YY', inclusivePeriodEnds: true, enabled: false, displayName: undefined, pattern: undefined },
    ]);
    const where = (source: string): string[] => problemsOf(known(source)).map((problem) => problem.replace(/ \(line 1\): .*/, ''));
    const wrong =
      '{name: a, pattern: "a\\tb", date_format: whenever, account_code: "1\\t2", delivery_mode: some, inclusive_period_ends: maybe}';
    expect(where(wrong).sort()).toEqual([
      'imports.known_sources[0].account_code',
      'imports.known_sources[0].date_format',
      'imports.known_sources[0].delivery_mode',
      'imports.known_sources[0].inclusive_period_ends',
      'imports.known_sources[0].pattern',
    ]);
    expect(problemsOf(known('{name: lake, pattern: HPC}, {name: hpc}'))).toEqual([
      expect.stringMatching(/^imports.known_sources \(line 1\): “hpc” is the pattern of both “lake” and “hpc”/),
    ]);
    expect(problemsOf(known('{name: lake, pattern: HPC}, {name: hpc, enabled: false}'))).toEqual([]);
  });

  it('asks for the database of an owner', () => {
    expect(problemsOf('database: {owner_url: "postgres://owner@h/db"}')).toEqual([
      expect.stringMatching(/^database.owner_url \(line 1\): .*set database.url too/),
    ]);
    expect(problemsOf('database: {url: "postgres://h/db", owner_url: "h/db"}')).toEqual([
      expect.stringMatching(/^database.owner_url \(line 1\): .*address such as postgres:/),
    ]);
  });

  it('reports what is no YAML, or no settings, by its line', () => {
    expect(problemsOf('smtp:\n  host: a\n  host: b\n')).toEqual([expect.stringMatching(/^the file \(line 3\): .*unique/)]);
    expect(problemsOf('just text')).toEqual([expect.stringMatching(/^the file \(line 1\)/)]);
    expect(problemsOf('smtp: [1]\nreview: {flag_patterns: gpu}')).toEqual([
      expect.stringMatching(/^smtp \(line 1\): Keys and values/),
      expect.stringMatching(/^review.flag_patterns \(line 2\): A list/),
    ]);
  });

  it('fills in variables as plain text, wherever they stand', () => {
    const yaml = `web: {port: "${variable('PORT')}"}\nemail:\n  from_name: ${variable('NAME')} billing\n`;
    const config = load(yaml, { PORT: '9000', NAME: 'a: {b} #c' });
    expect(config.web.port).toBe(9000);
    expect(config.email.fromName).toBe('a: {b} #c billing');
  });

  it('reads what concerns mail, and refuses links that could not be signed', () => {
    const { email, smtp, web } = load(
      'smtp: {host: a, max_connections: 3, timeout_seconds: 20}\nweb: {public_url: "https://billing.example.edu/", secret_key: s}\n' +
        'email: {from_address: a@b.c, reply_to: office@b.cd, html_template: email_summary.html, attachment_limit: 10 MB, link_days: 14}\n',
    );
    expect(smtp).toMatchObject({ maxConnections: 3, timeoutSeconds: 20 });
    expect(web.publicUrl).toBe('https://billing.example.edu');
    expect(email).toMatchObject({
      replyTo: 'office@b.cd',
      htmlTemplate: 'email_summary.html',
      textTemplate: undefined,
      attachmentLimitBytes: 10_000_000,
      linkDays: 14,
    });
    expect(load('').email).toMatchObject({ replyTo: undefined, htmlTemplate: undefined, attachmentLimitBytes: undefined, linkDays: 30 });
    const wrong = 'web: {public_url: billing}\nemail: {reply_to: "a@b.cd, c@d.ef", html_template: ../x.html, attachment_limit: 512 KiB}';
    expect(problemsOf(wrong)).toEqual([
      expect.stringMatching(/^web\.public_url .*“billing” is not an address/),
      expect.stringMatching(/^email\.reply_to .*not one email address/),
      expect.stringMatching(/^email\.attachment_limit .*signed links, which need web\.public_url and web\.secret_key/),
      expect.stringMatching(/^email\.html_template .*is a path/),
    ]);
    expect(problemsOf('email: {attachment_limit: much}')).toEqual([expect.stringMatching(/“much” is not a size such as 10 MB/)]);
  });

  it('follows anchors and merge keys', () => {
    const config = load('smtp: &s {host: a, port: 26}\nweb: {<<: *s, port: 90}\nemail: {from_address: a@b.c}\n');
    expect(config.web).toMatchObject({ host: 'a', port: 90 });
  });

  it('prefers instance/config.yaml, a named file to both, and the environment to all', () => {
    writeFileSync(join(cwd, 'config.yaml'), 'currency: GBP');
    mkdirSync(join(cwd, 'instance'));
    writeFileSync(join(cwd, 'instance/config.yaml'), 'data_dir: ./data');
    const env = {
      OPENCHARGEBACK_DATABASE_URL: 'postgres://db/x',
      OPENCHARGEBACK_DATABASE_OWNER_URL: 'postgres://owner@db/x',
      WORKER_QUEUES: 'imports, mail',
    };
    const config = loadConfig({ cwd, env });
    expect(config).toMatchObject({ currency: 'USD', dataDir: join(cwd, 'data'), storage: { dir: join(cwd, 'data/files') } });
    expect(config).toMatchObject({ database: { url: 'postgres://db/x', ownerUrl: 'postgres://owner@db/x' } });
    expect(config.worker.queues).toEqual(['imports', 'mail']);
    expect(loadConfig({ cwd, env: {}, path: 'config.yaml' }).currency).toBe('GBP');
    expect(loadConfig({ cwd, env: { OPENCHARGEBACK_DATA_DIR: '/srv/data' } }).output.pdfDir).toBe('/srv/data/output/pdfs');
    expect(() => loadConfig({ cwd, env: {}, path: 'other.yaml' })).toThrow(/no configuration file .*other\.yaml/);
  });
});

describe('withoutSecrets', () => {
  it('shows settings under their names in the file, and no secret', () => {
    const secrets = {
      SMTP_USER: 'secret-1',
      SMTP_PASSWORD: 'secret-2',
      WEB_SECRET_KEY: 'secret-3',
      OPENCHARGEBACK_DATABASE_URL: 'postgres://secret-4',
    };
    const shown = withoutSecrets(load(OLDER_FILE, secrets));
    expect(shown).toMatchObject({ journal: { default_account: '' }, tag_mapping: { project_id: 'project' }, web: { port: 8080 } });
    expect(JSON.stringify(shown)).not.toMatch(/secret-|2b\$/);
  });
});
