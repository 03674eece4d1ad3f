import { InvalidArgumentError } from 'commander';
import { Decimal } from '#kernel';
import type { PartInput } from '#splits';

export const PART_HELP =
  '“60% fund_org=MATH-200”, an amount, or “rest”, each with who pays it (pi, project, fund_org, cost_center, account); give it for each part';

const EXAMPLE =
  'Write “60% fund_org=MATH-200”, “300 project=wheel” or “rest pi=bob@x.edu”; a text with blanks in quotes: project="night sky".';

/** Names as the file's tags have them, and as options do. */
const FIELDS: Readonly<Record<string, keyof PartInput>> = {
  pi: 'piEmail',
  pi_email: 'piEmail',
  project: 'projectId',
  project_id: 'projectId',
  fund_org: 'fundOrg',
  'fund-org': 'fundOrg',
  cost_center: 'costCenter',
  'cost-center': 'costCenter',
  account: 'accountCode',
  account_code: 'accountCode',
};

const TOKEN = /[^\s"']+=(?:"[^"]*"|'[^']*'|[^\s"']*)(?=\s|$)|[^\s"'=]+(?=\s|$)/y;

/** One `--part`, behind those before it: what each charge gives to a payer. */
export function partArgument(text: string, before: readonly PartInput[] = []): PartInput[] {
  const [share, ...fields] = tokensOf(text);
  if (share === undefined) throw new InvalidArgumentError(`A part needs a share. ${EXAMPLE}`);
  const part: { -readonly [Field in keyof PartInput]: string } = shareOf(share);
  for (const token of fields) {
    const [name = '', ...rest] = token.split('=');
    const field = FIELDS[name.toLowerCase()];
    if (field === undefined || rest.length === 0) {
      throw new InvalidArgumentError(
        `“${token}” says nothing of who pays; fields are pi, project, fund_org, cost_center and account. ${EXAMPLE}`,
      );
    }
    if (part[field] !== undefined) throw new InvalidArgumentError(`${name} is there twice.`);
    const value = rest.join('=').replace(/^(["'])(.*)\1$/, '$2');
    if (value.trim() === '')
      throw new InvalidArgumentError(`${name} is empty; leave it out, and who pays for the charge pays for the part.`);
    part[field] = value;
  }
  return [...before, part];
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const rest = text.trim();
  let place = 0;
  while (place < rest.length) {
    TOKEN.lastIndex = place;
    const token = TOKEN.exec(rest)?.[0];
    if (token === undefined) throw new InvalidArgumentError(`“${rest.slice(place)}” can’t be read. ${EXAMPLE}`);
    tokens.push(token);
    place += token.length;
    while (/\s/.test(rest.charAt(place))) place += 1;
  }
  return tokens;
}

function shareOf(token: string): { percent?: string; amount?: string } {
  if (token.toLowerCase() === 'rest') return {};
  const isPercent = token.endsWith('%');
  const number = Decimal.tryParse(isPercent ? token.slice(0, -1) : token);
  if (number?.isPositive() !== true) throw new InvalidArgumentError(`“${token}” is no share above zero. ${EXAMPLE}`);
  return isPercent ? { percent: number.toString() } : { amount: number.toString() };
}
