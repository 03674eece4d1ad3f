import { setImmediate as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { FundQueries } from '#funds';
import { DomainError, foldIdentifier } from '#kernel';
import { CodesInUse } from '#ledger';
import { APP_CONFIG, type AppConfig, DEFAULT_FUND_ORG_REGEX } from '#platform';
import { type SourceEntity, SourceQueries } from '#sources';
import {
  JournalSettingsOnTrial,
  type TriedAccount,
  type TriedBooking,
  type TriedFundOrg,
  type TriedSettings,
} from '../domain/journal-settings-trial.js';

export interface AskedSettings extends Partial<TriedSettings> {
  /** None given: those in use. */
  readonly fundOrgs?: readonly string[] | undefined;
  readonly accountCodes?: readonly string[] | undefined;
  /** Whose entries' account is asked for; with `chargeAccount` as the one that a charge carries. */
  readonly source?: string | undefined;
  readonly chargeAccount?: string | undefined;
}

/** Where a code was found. */
export type CodeOrigin = 'given' | 'ledger' | 'chart' | 'source' | 'default';

export interface TestedSettings {
  readonly settings: TriedSettings;
  /** Those that journals are written by. */
  readonly configured: TriedSettings;
  readonly configLines: string;
  readonly groupNames: readonly string[];
  readonly fundOrgs: readonly (TriedFundOrg & { readonly from: CodeOrigin })[];
  readonly accountCodes: readonly (TriedAccount & { readonly from: CodeOrigin })[];
  readonly booking: TriedBooking | null;
}

/** Codes in use that are tried from each place; the newest ones. */
const MOST_IN_USE = 100;

/** Tries settings of the journal on fund/orgs and accounts (domain.md §7); nothing is written, and the configuration stays as it is. */
@Injectable()
export class JournalSettingsTest {
  constructor(
    private readonly codes: CodesInUse,
    private readonly funds: FundQueries,
    private readonly sources: SourceQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `journal.settings-invalid`, `source.unknown`. */
  async run(asked: AskedSettings): Promise<TestedSettings> {
    const { fundOrgRegex, accountCodeRegex, defaultAccount } = this.config.journal;
    const configured = { fundOrgRegex, accountCodeRegex, defaultAccount };
    const trial = new JournalSettingsOnTrial({
      // The configuration takes a pattern without a character for the one that it has by itself.
      fundOrgRegex: (asked.fundOrgRegex ?? fundOrgRegex) || DEFAULT_FUND_ORG_REGEX,
      accountCodeRegex: asked.accountCodeRegex ?? accountCodeRegex,
      defaultAccount: asked.defaultAccount ?? defaultAccount,
    });
    const sources = await this.sources.list();
    return {
      settings: trial.settings,
      configured,
      configLines: trial.configLines,
      groupNames: trial.groupNames,
      fundOrgs: await each(given(asked.fundOrgs) ?? (await this.fundOrgsInUse()), (code) => trial.fundOrg(code)),
      accountCodes: await each(given(asked.accountCodes) ?? (await this.accountsInUse(sources, trial.settings)), (code) =>
        trial.account(code),
      ),
      booking: asked.source === undefined ? null : trial.booking(namedSource(sources, asked.source), asked.chargeAccount ?? ''),
    };
  }

  private async fundOrgsInUse(): Promise<FoundCodes> {
    const found: FoundCodes = new Map();
    add(found, 'ledger', await this.codes.newest('fundOrg', MOST_IN_USE));
    add(found, 'chart', await this.funds.newest(MOST_IN_USE));
    return found;
  }

  private async accountsInUse(sources: readonly SourceEntity[], { defaultAccount }: TriedSettings): Promise<FoundCodes> {
    const found: FoundCodes = new Map();
    add(found, 'ledger', await this.codes.newest('accountCode', MOST_IN_USE));
    add(
      found,
      'source',
      sources.map(({ accountCode }) => accountCode),
    );
    add(found, 'default', [defaultAccount]);
    return found;
  }
}

type FoundCodes = Map<string, CodeOrigin>;

function given(codes: readonly string[] | undefined): FoundCodes | undefined {
  const found: FoundCodes = new Map();
  add(found, 'given', codes ?? []);
  return found.size === 0 ? undefined : found;
}

/** Each once, where it was found first. */
function add(found: FoundCodes, from: CodeOrigin, codes: readonly string[]): void {
  for (const code of codes) if (code !== '' && !found.has(code)) found.set(code, from);
}

/** An expression may be a costly one, though linear: others get their turn between two codes. */
async function each<Tried>(codes: FoundCodes, attempt: (code: string) => Tried): Promise<(Tried & { readonly from: CodeOrigin })[]> {
  const tried: (Tried & { readonly from: CodeOrigin })[] = [];
  for (const [code, from] of codes) {
    tried.push({ ...attempt(code), from });
    await pause();
  }
  return tried;
}

function namedSource(
  sources: readonly SourceEntity[],
  asked: string,
): { name: string; displayName: string; fundOrg: string | null; accountCode: string | null } {
  const found = sources.find(({ name }) => foldIdentifier(name) === foldIdentifier(asked));
  if (found === undefined) throw new DomainError('source.unknown', 'not-found', `There is no source “${asked}”.`);
  const { name, displayName, fundOrg, accountCode } = found;
  return { name, displayName, fundOrg: fundOrg === '' ? null : fundOrg, accountCode: accountCode === '' ? null : accountCode };
}
