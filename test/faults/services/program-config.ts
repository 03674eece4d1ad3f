import { hash } from 'bcryptjs';
import { stringify } from 'yaml';

export const ADMIN = { email: 'admin@example.edu', password: 'correct horse battery staple' };

/** Sources of the month; each with a credit side, so that the template journal balances. */
export const SOURCES = ['aws', 'azure', 'gcp', 'hpc', 'storage'] as const;
export type SourceName = (typeof SOURCES)[number];

/** Charges of this service wait for a person. */
export const DOUBTFUL_SERVICE = 'GPU Cluster';

export interface Places {
  readonly dataDir: string;
  readonly filesDir: string;
  /** Of the role that the program works as, and of the one that owns the tables. */
  readonly database: { readonly url: string; readonly ownerUrl: string };
  readonly redisUrl: string;
  readonly smtpPort: number;
}

/** The configuration file of a run: everything outside the program is the harness's own. */
export async function programConfig({ dataDir, filesDir, database, redisUrl, smtpPort }: Places): Promise<string> {
  return stringify({
    dev_mode: false,
    currency: 'USD',
    data_dir: dataDir,
    database: { url: database.url, owner_url: database.ownerUrl },
    redis: { url: redisUrl },
    storage: { dir: filesDir },
    smtp: { host: '127.0.0.1', port: smtpPort, use_tls: false },
    email: { from_address: 'billing@example.edu' },
    organization: { name: 'Example University Research Computing' },
    review: { flag_patterns: [DOUBTFUL_SERVICE] },
    imports: {
      known_sources: SOURCES.map((name, index) => ({
        name,
        display_name: name.toUpperCase(),
        pattern: name,
        fund_org: `9000${index}-CREDIT`,
        account_code: `70${index}0`,
      })),
    },
    journal: { default_account: '6000' },
    web: {
      users: {
        admin: {
          email: ADMIN.email,
          display_name: 'Admin',
          role: 'admin',
          password_hash: await hash(ADMIN.password, 4),
          recovery: true,
        },
      },
    },
  });
}
