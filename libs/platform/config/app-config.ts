import type { Currency } from '#kernel';
import type { StatementWordsConfig } from './read-statement-words.js';

/** Everything the program can be told, checked and complete; made once at start-up, never changed (domain.md §11). Paths are absolute. */
export interface AppConfig {
  /** The file it was read from; undefined if there is none and the defaults hold. */
  readonly file: string | undefined;
  /** What the operator should know although nothing is wrong, such as a setting of the older program that has no use here. */
  readonly notices: readonly string[];
  /** Mail goes to files instead of people. */
  readonly devMode: boolean;
  readonly currency: Currency;
  readonly dataDir: string;
  /** Without a URL the embedded Postgres in `dataDir` is used. */
  readonly database: {
    readonly url: string | undefined;
    /** The role that owns the tables and makes them; without it the one of `url` does. */
    readonly ownerUrl: string | undefined;
  };
  /** Without a URL the queues live in Postgres. */
  readonly redis: { readonly url: string | undefined };
  readonly storage: { readonly dir: string };
  /** The queues this process serves; undefined: all. */
  readonly worker: { readonly queues: readonly string[] | undefined };
  readonly organization: OrganizationConfig;
  readonly statement: StatementConfig;
  readonly smtp: SmtpConfig;
  readonly email: EmailConfig;
  readonly tagMapping: TagMappingConfig;
  readonly output: { readonly pdfDir: string; readonly journalDir: string; readonly emailDir: string };
  readonly logging: LoggingConfig;
  readonly web: WebConfig;
  /** Null: the file says nothing about them. What holds is told by `#review-rules`. */
  readonly review: { readonly flagPatterns: readonly string[] | null; readonly fundOrgPatterns: readonly string[] | null };
  readonly imports: { readonly knownSources: readonly KnownSourceConfig[]; readonly maxUnpackedBytes: number };
  readonly journal: JournalConfig;
}

export interface OrganizationConfig {
  readonly name: string;
  readonly contact: string;
  /** An image file. */
  readonly logo: string | undefined;
}

export type PageSize = 'LETTER' | 'A4';

export interface StatementConfig {
  readonly pageSize: PageSize;
  /** BCP 47; decides how numbers are written, and the language if there are words in it. */
  readonly locale: string;
  /** `#rrggbb`; readable on the grounds of a statement. */
  readonly accentColor: string;
  /** Font files of the theme's folder; null: the program's own. */
  readonly fonts: { readonly regular: string | null; readonly semibold: string | null };
  /** At the foot of every page; empty: nothing. */
  readonly footer: string;
  /** A statement with more charges than this has one row for each resource; undefined: never. */
  readonly detailLimit: number | undefined;
  readonly words: StatementWordsConfig;
}

export interface SmtpConfig {
  /** Undefined until mail has been set up; sending then needs `devMode`. */
  readonly host: string | undefined;
  readonly port: number;
  readonly useTls: boolean;
  /** Empty: no login. */
  readonly username: string;
  readonly password: string;
  /** Per process that sends. Undefined: as fast as the server takes them. */
  readonly messagesPerMinute: number | undefined;
  /** Connections that one process keeps open. */
  readonly maxConnections: number;
  /** A server that is silent for longer is given up for this attempt. */
  readonly timeoutSeconds: number;
}

export interface EmailConfig {
  readonly fromAddress: string;
  readonly fromName: string;
  /** Undefined: answers go to the sender. */
  readonly replyTo: string | undefined;
  readonly subjectTemplate: string;
  /** Name of a Jinja template in `./templates`; undefined: the built-in message. */
  readonly htmlTemplate: string | undefined;
  readonly textTemplate: string | undefined;
  /** PDFs that are larger together go as links; undefined: they are always attached. Set only with `web.publicUrl` and `web.secretKey`. */
  readonly attachmentLimitBytes: number | undefined;
  /** How long such a link works. */
  readonly linkDays: number;
}

export const TAG_MAPPING_FIELDS = [
  'pi_email',
  'project_id',
  'fund_org',
  'cost_center',
  'account_code',
  'reference_1',
  'reference_2',
  'end_date',
  'reconciliation_end',
] as const;

/** For each field the tags that may hold it, the first found wins; none: not mapped (domain.md §2). */
export type TagMappingConfig = Readonly<Record<(typeof TAG_MAPPING_FIELDS)[number], readonly string[]>>;

export interface LoggingConfig {
  readonly enabled: boolean;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'splunk' | 'json';
  readonly file: string | undefined;
}

export type Role = 'viewer' | 'reviewer' | 'admin';

export interface WebConfig {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
  /** Undefined if none is set; the program then keeps one of its own. */
  readonly secretKey: string | undefined;
  /** Where people reach the console, without a slash at its end; what links in messages begin with. */
  readonly publicUrl: string | undefined;
  readonly sessionLifetimeHours: number;
  readonly users: readonly ConfigUser[];
  readonly passwordRequirements: {
    readonly minLength: number;
    readonly requireUppercase: boolean;
    readonly requireLowercase: boolean;
    readonly requireNumbers: boolean;
    readonly requireSpecialChars: boolean;
  };
}

export interface ConfigUser {
  readonly username: string;
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string;
  readonly role: Role;
  /** Always signs in against the file (domain.md §9). */
  readonly recovery: boolean;
}

/** A source as the file describes it. What it leaves out is undefined, and stays as it was set elsewhere. */
export interface KnownSourceConfig {
  readonly name: string;
  readonly displayName: string | undefined;
  /** Part of a file name, or a glob over all of it, in any case. */
  readonly pattern: string | undefined;
  /** Credit fund/org; empty: none. */
  readonly fundOrg: string | undefined;
  /** Default GL account; empty: none. */
  readonly accountCode: string | undefined;
  readonly deliveryMode: 'merge' | 'replace' | 'append' | undefined;
  readonly costBasis: 'billed' | 'effective' | undefined;
  readonly dateFormat: string | undefined;
  readonly lineIdColumn: string | undefined;
  readonly inclusivePeriodEnds: boolean | undefined;
  readonly enabled: boolean | undefined;
}

export interface JournalConfig {
  /** Python-style expression with named groups. */
  readonly fundOrgRegex: string;
  /** Empty: any account code will do. */
  readonly accountCodeRegex: string;
  readonly template: string;
  readonly defaultAccount: string;
  readonly debitDescription: string;
  readonly creditDescription: string;
}
