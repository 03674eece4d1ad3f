import { expect } from 'vitest';
import { stringify } from 'yaml';
import { VerifyAuditHandler } from '#audit';
import { ProjectionRunner } from '#event-store';
import { JobFailures } from '#jobs';
import type { TestServices } from '#testing/program';
import type { ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import { focusCsv } from './focus-csv.js';
import { TestApi } from './test-api.js';

const PERIOD = '2025-03';

export interface MailRow {
  readonly deliveryId: string;
  readonly recipient: string;
  readonly status: string;
  readonly response: string | null;
  readonly attempts: number;
  readonly messageId: string;
  readonly byLink: boolean;
  readonly statements: readonly { readonly projectId: string }[];
  readonly copies: readonly { readonly address: string; readonly taken: boolean; readonly response: string }[];
}

interface Billed {
  readonly pi: string;
  readonly project: string;
}

/** An office that sends its statements by a mail server of the test. */
export class Mailroom {
  private constructor(
    private readonly api: TestApi,
    readonly reviewer: ApiClient,
    readonly viewer: ApiClient,
    readonly admin: ApiClient,
  ) {}

  /** @param settings sections of the configuration over those that name the server. */
  static async start(port: number, settings: Readonly<Record<string, unknown>> = {}): Promise<Mailroom> {
    const config = {
      dev_mode: false,
      ...settings,
      smtp: { host: '127.0.0.1', port, use_tls: false, timeout_seconds: 2, ...(settings['smtp'] as object | undefined) },
      email: { from_address: 'billing@example.edu', ...(settings['email'] as object | undefined) },
    };
    const api = await TestApi.start({ config: stringify(config) });
    return new Mailroom(api, await api.signedIn('reviewer'), await api.signedIn('viewer'), await api.signedIn('admin'));
  }

  get url(): string {
    return this.api.url;
  }

  get own(): TestServices {
    return this.api.own;
  }

  async import(csv: string): Promise<void> {
    const { importId } = await this.reviewer.uploadText<{ importId: number }>('/imports?source=hpc&deliveryMode=append', 'usage.csv', csv);
    await eventually(async () => {
      const { state } = await this.viewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'received' ? undefined : state;
    });
    await this.settle();
  }

  /** Bills each of these the same amount, and makes the statements. */
  async statements(billed: readonly Billed[], amount = '12.50'): Promise<void> {
    await this.import(
      focusCsv(billed.map(({ pi, project }) => ({ billed: amount, tags: { pi_email: pi, project_id: project, fund_org: 'F-1' } }))),
    );
    const { runId } = await this.reviewer.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`);
    await eventually(async () => {
      const { state } = await this.viewer.get<{ state: string }>(`/statement-runs/${runId}`);
      return state === 'completed' ? state : undefined;
    });
    await this.settle();
  }

  send(): Promise<{ queued: string[]; alreadySent: number }> {
    return this.reviewer.post(`/periods/${PERIOD}/deliveries`);
  }

  /** The email log, by addressee. */
  async log(): Promise<MailRow[]> {
    const { deliveries } = await this.viewer.get<{ deliveries: MailRow[] }>(`/deliveries?period=${PERIOD}&limit=500`);
    return deliveries.sort((a, b) => (a.recipient < b.recipient ? -1 : 1));
  }

  /** The log once no message waits. */
  async ended(): Promise<MailRow[]> {
    return eventually(async () => {
      const log = await this.log();
      return log.every(({ status }) => status !== 'queued') ? log : undefined;
    });
  }

  /** Nothing in the log is changed, and read models made anew are what they were. */
  async expectProven(): Promise<void> {
    expect((await this.api.app.get(VerifyAuditHandler).verify(undefined)).findings).toEqual([]);
    const rows = (): Promise<object[]> =>
      this.own.services.database.query(
        `select (select jsonb_agg(d order by d.delivery_id) from deliveries d) as deliveries,
           (select jsonb_agg(s order by s.address) from suppressed_addresses s) as suppressed,
           (select jsonb_agg(d order by d.pi_email, d.project_id) from delegates d) as delegates`,
      );
    const live = await rows();
    for (const name of ['deliveries', 'mail-addresses']) await this.api.app.get(ProjectionRunner).rebuild(name);
    expect(await rows()).toEqual(live);
  }

  /** What the queue says of a job whose attempts are used up. */
  async exhaust(deliveryId: string, reason: string): Promise<void> {
    const job = { id: `delivery-${deliveryId}`, name: 'deliveries.send', data: { deliveryId }, attempts: 8, reason } as const;
    await this.api.app.get(JobFailures).exhausted(job);
    await this.settle();
  }

  stop(): Promise<void> {
    return this.api.stop();
  }

  private async settle(): Promise<void> {
    await this.own.services.projections.waitFor(await this.own.services.store.lastPosition());
  }
}
