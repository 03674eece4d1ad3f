import type { SampleSettings } from '../sample-settings.js';
import type { OracleCharge } from './charges.js';
import { sum, toCents, type Fixed } from './fixed-point.js';

/** PI × project × fund/org × source × service × account of a period: where money is rounded, once (domain.md §8). */
export interface OraclePosting {
  readonly pi: string;
  readonly project: string;
  readonly fundOrg: string;
  readonly source: string;
  readonly service: string;
  readonly accountCode: string;
  readonly lineCount: number;
  readonly listExact: Fixed;
  readonly billedExact: Fixed;
  readonly list: Fixed;
  readonly billed: Fixed;
}

/** A line of the journal made from a template. */
export interface OracleEntry {
  readonly side: 'debit' | 'credit';
  readonly fundOrg: string;
  readonly source: string;
  readonly account: string;
  readonly value: Fixed;
}

/** Groups in the order of their keys, compared part by part by code point: the same on every machine, whatever its locale. */
export function groupBy<T>(items: readonly T[], key: (item: T) => readonly string[]): (readonly [readonly string[], T[]])[] {
  const groups = new Map<string, readonly [readonly string[], T[]]>();
  for (const item of items) {
    const parts = key(item);
    const group = groups.get(JSON.stringify(parts));
    if (group === undefined) groups.set(JSON.stringify(parts), [parts, [item]]);
    else group[1].push(item);
  }
  return [...groups.values()].sort(([left], [right]) => compareKeys(left, right));
}

function compareKeys(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const difference = Buffer.compare(Buffer.from(part), Buffer.from(right[index] ?? ''));
    if (difference !== 0) return difference;
  }
  return 0;
}

export function postings(charges: readonly OracleCharge[]): OraclePosting[] {
  const billable = charges.filter((charge) => charge.standing === 'clear' || charge.standing === 'approved');
  return groupBy(billable, (charge) => [charge.pi, charge.project, charge.fundOrg, charge.source, charge.service, charge.accountCode]).map(
    ([[pi = '', project = '', fundOrg = '', source = '', service = '', accountCode = ''], lines]) => {
      const listExact = sum(lines.map((line) => line.list));
      const billedExact = sum(lines.map((line) => line.billed));
      return {
        ...{ pi, project, fundOrg, source, service, accountCode, lineCount: lines.length, listExact, billedExact },
        list: toCents(listExact),
        billed: toCents(billedExact),
      };
    },
  );
}

/** domain.md §7: debits to PI fund/orgs, credits to source fund/orgs; a negative group changes sides; nothing is left out but zero. */
export function journalEntries(all: readonly OraclePosting[], settings: SampleSettings): OracleEntry[] {
  const accountOf = (source: string): string => settings.sources.get(source)?.accountCode ?? settings.defaultAccount;
  const entry = (
    side: 'debit' | 'credit',
    fundOrg: string,
    source: string,
    account: string,
    group: readonly OraclePosting[],
  ): OracleEntry => {
    const value = sum(group.map((posting) => posting.billed));
    const other = side === 'debit' ? 'credit' : 'debit';
    return { side: value < 0n ? other : side, fundOrg, source, account, value: value < 0n ? -value : value };
  };
  const debits = groupBy(all, (posting) => [
    posting.fundOrg,
    posting.source,
    posting.accountCode === '' ? accountOf(posting.source) : posting.accountCode,
  ]).map(([[fundOrg = '', source = '', account = ''], group]) => entry('debit', fundOrg, source, account, group));
  const credits = groupBy(all, (posting) => [posting.source]).map(([[source = ''], group]) =>
    entry('credit', settings.sources.get(source)?.fundOrg ?? '', source, accountOf(source), group),
  );
  const kept = [...debits, ...credits].filter(({ value }) => value !== 0n);
  // 'debit' sorts behind 'credit', and debits come first.
  return groupBy(kept, ({ side, fundOrg, source, account }) => [side === 'debit' ? '0' : '1', fundOrg, source, account]).flatMap(
    ([, group]) => group,
  );
}
