import type { Schema } from '../../api/sdk-client.js';
import { compareDecimals, differenceOf, sumOf } from '../../money/decimal-text.js';

export type Part = Schema<'SplitPartInfo'>;
export type PartInput = Schema<'SplitPartInput'>;

/** Charges are divided by the one or the other. */
export type ShareKind = 'percent' | 'amount';

/** Who pays for a part; empty: who pays for the charge. */
export const PAYER_FIELDS = [
  { field: 'piEmail', title: 'PI (email)', maxLength: 320 },
  { field: 'projectId', title: 'Project', maxLength: 256 },
  { field: 'fundOrg', title: 'Fund/org', maxLength: 256 },
  { field: 'costCenter', title: 'Cost centre', maxLength: 256 },
  { field: 'accountCode', title: 'Account', maxLength: 256 },
] as const satisfies readonly { readonly field: keyof Part; readonly title: string; readonly maxLength: number }[];
export type PayerField = (typeof PAYER_FIELDS)[number]['field'];

/** A part as it is typed. */
export type PartDraft = { readonly [Field in PayerField]: string } & {
  /** Stays with the part wherever it is moved. */
  readonly key: number;
  /** Per cent or amount; empty: the rest. */
  readonly share: string;
};

export interface DivisionDraft {
  readonly kind: ShareKind;
  readonly parts: readonly PartDraft[];
}

export const FEWEST_PARTS = 2;
export const MOST_PARTS = 50;

export function partDraft(key: number, given: Partial<PartDraft> = {}): PartDraft {
  return { key, share: '', piEmail: '', projectId: '', fundOrg: '', costCenter: '', accountCode: '', ...given };
}

/** Half and half: the smallest division there is. */
export const EMPTY_DIVISION: DivisionDraft = { kind: 'percent', parts: [partDraft(1, { share: '50' }), partDraft(2)] };

export function draftOfParts(parts: readonly Part[]): DivisionDraft {
  if (parts.length === 0) return EMPTY_DIVISION;
  return {
    kind: parts.some(({ amount }) => amount !== null) ? 'amount' : 'percent',
    parts: parts.map(({ percent, amount, ...payer }, index) => ({
      key: index + 1,
      share: percent ?? amount ?? '',
      piEmail: payer.piEmail ?? '',
      projectId: payer.projectId ?? '',
      fundOrg: payer.fundOrg ?? '',
      costCenter: payer.costCenter ?? '',
      accountCode: payer.accountCode ?? '',
    })),
  };
}

/** What the server is told; what is empty is left out. */
export function partsInput({ kind, parts }: DivisionDraft): PartInput[] {
  return parts.map(({ key: _key, share, ...payer }) =>
    Object.fromEntries(
      Object.entries({ [kind]: share, ...payer }).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])),
    ),
  );
}

/** The shares come to the whole, or what is missing for that. */
export interface Balance {
  readonly isWhole: boolean;
  readonly words: string;
}

const SHARE = /^\d+(\.\d+)?$/;
const HUNDRED = '100';

/** What the shares come to, while they are typed; the server decides by the same. */
export function balanceOf({ kind, parts }: DivisionDraft): Balance {
  const shares = parts.map(({ share }) => share.trim());
  const wrong = shares.findIndex((share) => share !== '' && (!SHARE.test(share) || !/[1-9]/.test(share)));
  if (wrong !== -1) return lacking(`The share of part ${wrong + 1} is no number above zero, such as 60 or 12.50`);
  const given = shares.filter((share) => share !== '');
  const restCount = shares.length - given.length;
  if (restCount > 1) return lacking(`${restCount} parts have no share: only one can get the rest`);
  const words = shares.map((share) => (share === '' ? 'rest' : kind === 'percent' ? `${plain(share)} %` : plain(share)));
  if (kind === 'amount') {
    return restCount === 1
      ? { isWhole: true, words: `${words.join(' + ')} of each charge` }
      : lacking('Leave one amount out: that part gets what the others leave');
  }
  const sum = plain(sumOf(given));
  const missing = differenceOf(HUNDRED, sum);
  const isBelow = compareDecimals(sum, HUNDRED) < 0;
  if (restCount === 1) {
    return isBelow
      ? { isWhole: true, words: words.map((text) => (text === 'rest' ? `rest ${plain(missing)} %` : text)).join(' + ') }
      : lacking(`Adds up to ${sum} % and leaves nothing for the rest: make it less than 100`);
  }
  if (compareDecimals(sum, HUNDRED) === 0) return { isWhole: true, words: `${words.join(' + ')} = 100 %` };
  return lacking(
    isBelow
      ? `Adds up to ${sum} %: give ${plain(missing)} % more, or leave one share out`
      : `Adds up to ${sum} %: take ${plain(differenceOf(sum, HUNDRED))} % away`,
  );
}

function lacking(words: string): Balance {
  return { isWhole: false, words };
}

/** Without zeros that say nothing: `33.30` is `33.3`. */
function plain(decimal: string): string {
  const text = decimal.replace(/^0+(?=\d)/, '');
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const HUNDREDTHS = 10_000n;

/** The same share for all, as far as hundredths of a per cent go; the last part gets the rest, which is the same or a little more. */
export function evenly({ parts }: DivisionDraft): DivisionDraft {
  const share = HUNDREDTHS / BigInt(Math.max(1, parts.length));
  const text = plain(`${share / 100n}.${(share % 100n).toString().padStart(2, '0')}`);
  return { kind: 'percent', parts: parts.map((part, index) => ({ ...part, share: index === parts.length - 1 ? '' : text })) };
}

/** Two parts have the same payer, and would be one. */
export function hasTwins({ parts }: DivisionDraft): boolean {
  const payers = parts.map((part) => JSON.stringify(PAYER_FIELDS.map(({ field }) => part[field].trim())));
  return new Set(payers).size < payers.length;
}

export function withPart({ kind, parts }: DivisionDraft): DivisionDraft {
  return { kind, parts: [...parts, partDraft(Math.max(0, ...parts.map(({ key }) => key)) + 1)] };
}

/** @param by -1: earlier, 1: later */
export function moved({ kind, parts }: DivisionDraft, key: number, by: -1 | 1): DivisionDraft {
  const from = parts.findIndex((part) => part.key === key);
  const [one, other] = [parts[from], parts[from + by]];
  if (one === undefined || other === undefined) return { kind, parts };
  return { kind, parts: parts.map((part, index) => (index === from ? other : index === from + by ? one : part)) };
}

/** `60 %`, `300`, `rest`, from a share as it was asked for: `60%`. */
export function shareText(share: string): string {
  return share.endsWith('%') ? `${share.slice(0, -1)} %` : share;
}

/** `60 % MATH-200, rest BIO-1`: each part by what tells it best. */
export function divisionWords(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      const { percent, amount, fundOrg, projectId, piEmail, costCenter, accountCode } = part;
      const share = percent !== null ? `${percent} %` : (amount ?? 'rest');
      const payer = fundOrg ?? projectId ?? piEmail ?? costCenter ?? accountCode;
      return payer === null ? share : `${share} ${payer}`;
    })
    .join(', ');
}
