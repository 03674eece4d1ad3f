import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import {
  type ChargeDecision,
  ChargeQueries,
  type ChargeRow,
  chargesCsv,
  ChargeStories,
  type ChargeStory,
  type ImportTouch,
  parseChargeId,
  type TouchingImport,
} from '#charges';
import { JournalQueries, type JournalRow } from '#journals';
import { StatementQueries, type StatementRow } from '#statements';
import { instant } from '../output/instant.js';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { refuseFileBesideJson, STANDARD_OUTPUT, writeOutput } from './copy-stored-file.js';
import { type FilterOptions, filterOf, type PageOptions, pageOfCharges } from './review.js';

const FIELD_NAMES: Readonly<Record<string, string>> = {
  piEmail: 'PI',
  projectId: 'project',
  fundOrg: 'fund/org',
  costCenter: 'cost centre',
  accountCode: 'account',
  flag: 'flag',
};
const DONE: Readonly<Record<string, string>> = {
  approve: 'approved',
  reject: 'rejected',
  restore: 'restored',
  reattribute: 'reattributed',
  adjust: 'booked it as an adjustment',
  withdraw: 'withdrew it',
  reflag: 'flagged again',
  split: 'divided it',
  unsplit: 'put it together again',
};

export async function listCharges(session: Session, options: FilterOptions & PageOptions): Promise<CommandResult> {
  return pageOfCharges(session, filterOf(options), options, 'No charge matches.');
}

/** As CSV, as of one moment; any number of them takes the same memory. */
export async function exportCharges(session: Session, options: FilterOptions & { readonly output?: string }): Promise<CommandResult> {
  const { output = STANDARD_OUTPUT } = options;
  refuseFileBesideJson(output, session);
  const program = await session.program();
  let count = 0;
  async function* countedCharges(): AsyncGenerator<ChargeRow> {
    for await (const charge of program.get(ChargeQueries).each(filterOf(options))) {
      count += 1;
      yield charge;
    }
  }
  const csv = Readable.from(chargesCsv(countedCharges()));
  if (output === STANDARD_OUTPUT) {
    await session.terminal.bytes(csv);
    return { data: { count }, text: '' };
  }
  const file = resolve(output);
  await writeOutput(csv, file);
  return { data: { count, file }, text: `${file}\n${count === 1 ? '1 charge' : `${count} charges`}` };
}

/** @throws DomainError `charge.malformed-id`, `charge.unknown`, `charge.restated`. */
export async function showCharge(session: Session, id: string): Promise<CommandResult> {
  const chargeId = parseChargeId(id);
  const program = await session.program();
  const story = await program.get(ChargeStories).of(chargeId);
  const { period } = story.charge;
  const statements = await program.get(StatementQueries).holding(period, story.bookings);
  const journals = await program.get(JournalQueries).holding(period, story.bookings);
  return { data: { ...story, statements, journals }, text: textOf(story, statements, journals) };
}

function textOf(story: ChargeStory, statements: readonly StatementRow[], journals: readonly JournalRow[]): string {
  const { charge, line } = story;
  const tags = line.readings.flatMap(({ field, tags: names, value }) => (value === null ? [] : [[field, names.join(', '), value]]));
  return [
    `Charge ${charge.id}, ${charge.period}, ${charge.source}: ${charge.standing}, ${grouped(charge.amount)} ${charge.currency} (list ${grouped(charge.listCost)})`,
    section('Booked to', [bookedTo(story), ...attributedBy(story)]),
    section(charge.standing === 'flagged' ? 'Why it waits' : 'Flags of the line', story.flags.flatMap(flagLines)),
    ...(story.adjustments.length === 0 ? [] : [section('Adjustments', story.adjustments.map(adjustmentLine))]),
    ...divisionSections(story),
    ...(charge.adjusts === null && charge.partOf === null ? [section('Imports', story.imports.map(importLine))] : []),
    section('Decisions', story.decisions.length === 0 ? ['None.'] : story.decisions.map((each) => decisionLine(each, charge.id))),
    section(
      'Statements',
      statements.length === 0
        ? ['On none.']
        : statements.map((row) => `${instant(row.issuedAt)}  ${row.fileName}, revision ${row.revision}`),
    ),
    section(
      'Journals',
      journals.length === 0 ? ['In none.'] : journals.map((row) => `${instant(row.exportedAt)}  ${row.fileName}, by ${row.exportedBy}`),
    ),
    ...(charge.partOf !== null
      ? []
      : [section('Tags', tags.length === 0 ? ['None that the office reads.'] : indented(table(columns('FIELD', 'TAG', 'VALUE'), tags)))]),
    section(
      `Line ${line.lineNumber} as ${charge.partOf !== null ? 'divided' : charge.adjusts === null ? 'imported' : 'booked'}`,
      indented(
        table(
          columns('COLUMN', 'VALUE'),
          line.columns.map(({ name, value }) => [name, value]),
        ),
      ),
    ),
  ].join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...(lines.length === 0 ? ['None.'] : lines).map((line) => `  ${line}`)].join('\n');
}

function indented(text: string): string[] {
  return text.split('\n');
}

function columns(...titles: readonly string[]): { title: string }[] {
  return titles.map((title) => ({ title }));
}

function bookedTo({ charge, posting }: ChargeStory): string {
  const parts = [
    `PI ${charge.piEmail || '–'}`,
    `project ${charge.projectId || '–'}`,
    `fund/org ${charge.fundOrg || '–'}`,
    charge.serviceName,
    `account ${charge.accountCode || 'of the source'}`,
  ].join(', ');
  const money =
    posting === null
      ? `not billed: it is ${charge.standing}`
      : `${posting.lineCount === 1 ? 'the only charge' : `one of ${posting.lineCount} charges`} in a posting of ${grouped(posting.billed)} ${charge.currency}`;
  return printable(`${parts}; ${money}.`);
}

function attributedBy({ attributedBy: origin }: ChargeStory): string[] {
  if (origin === null) return [];
  const { rule, changes, isInForce } = origin;
  const made = changes.map(({ field, before, after }) => `${FIELD_NAMES[field] ?? field} ${before || '–'} → ${after || '–'}`);
  const what = made.length === 0 ? 'as its tags say too' : `where its tags say otherwise: ${made.join('; ')}`;
  return [
    printable(
      `Attributed by rule ${rule} when it was imported, ${what}${isInForce ? '' : '; a decision set another payer since'} (\`rules show ${rule}\`).`,
    ),
  ];
}

function flagLines({ flag, isOpen, rule, found, remedy }: ChargeStory['flags'][number]): string[] {
  return [isOpen ? flag : `${flag} (no longer a reason)`, `  ${rule}`, `  ${found}`, ...(isOpen ? [`  ${remedy}`] : [])].map(printable);
}

const TOUCHES: Readonly<Record<ImportTouch, string>> = {
  brought: 'brought it',
  brought_revision: 'brought it',
  unchanged: 'stated it again, unchanged',
  revised: 'revised it',
  withdrew: 'withdrew it: the file no longer has the line',
  was_withdrawn: 'was withdrawn, and the charge with it',
};

function importLine(touching: TouchingImport): string {
  const { importId, fileName, touch, at, actor, lineNumber, otherCharge, amountBefore, amountAfter, reason } = touching;
  const money = amountBefore === null || amountAfter === null ? '' : `: ${grouped(amountBefore)} → ${grouped(amountAfter)}`;
  const other = otherCharge === null ? '' : touch === 'revised' ? `, now charge ${otherCharge}` : ` in place of ${otherCharge}`;
  const line = lineNumber === null || touch === 'was_withdrawn' ? '' : `, line ${lineNumber}`;
  const why = reason === null ? '' : `: ${reason}`;
  return printable(`${instant(at)}  import ${importId} (${fileName}${line}, ${actor}) ${TOUCHES[touch]}${other}${money}${why}`);
}

function adjustmentLine(adjustment: ChargeStory['adjustments'][number]): string {
  const { chargeId, adjusts, adjustedPeriod, period, amount, reason, bookedBy, bookedAt, standing, endReason } = adjustment;
  const end = standing === 'withdrawn' ? `; withdrawn: “${endReason ?? ''}”` : '';
  return printable(
    `${instant(bookedAt)}  ${bookedBy}: charge ${chargeId} in ${period} corrects ${adjusts} of ${adjustedPeriod} by ${grouped(amount)}: “${reason}”${end}`,
  );
}

/** What stands for a divided charge; or which share of which charge it is, and where the rest of that went. */
function divisionSections({ charge, parts, partOf }: ChargeStory): string[] {
  const whole = partOf === null ? [] : partSections(charge, partOf);
  const [first] = parts;
  if (first === undefined) return whole;
  const origins = new Map(parts.map((part) => [part.splitId, originLine(part)]));
  return [...whole, section(charge.standing === 'split' ? 'Divided into' : 'Was divided into', [...partLines(parts), ...origins.values()])];
}

function partSections(charge: ChargeStory['charge'], partOf: NonNullable<ChargeStory['partOf']>): string[] {
  const { share, chargeId, wholeAmount, wholeStanding, part, partCount, others } = partOf;
  const past = wholeStanding === 'split' ? '' : `, which is ${wholeStanding} now`;
  return [
    section('Part of', [
      printable(`${share} of charge ${chargeId} over ${grouped(wholeAmount)} ${charge.currency}${past}: part ${part} of ${partCount}`),
      printable(`Paid by PI ${charge.piEmail || '–'}, project ${charge.projectId || '–'}, fund/org ${charge.fundOrg || '–'}`),
      originLine(partOf),
    ]),
    section('The rest went to', others.length === 0 ? ['No other part: what was left came to nothing.'] : partLines(others)),
  ];
}

function partLines(parts: ChargeStory['parts']): string[] {
  const titles = [
    ...['PART', 'SHARE', 'PI', 'PROJECT', 'FUND/ORG', 'STANDING'].map((title) => ({ title })),
    { title: 'AMOUNT', align: 'point' as const },
  ];
  const rows = parts.map((part) => [
    ...[part.chargeId, part.share, part.piEmail || '–', part.projectId || '–', part.fundOrg || '–', part.standing, part.amount],
  ]);
  return indented(table(titles, rows));
}

function originLine({ splitId, splitBy, splitAt, rule, note }: ChargeStory['parts'][number] | NonNullable<ChargeStory['partOf']>): string {
  return printable(
    `${instant(splitAt)}  split ${splitId} by ${splitBy}${rule === null ? '' : `, rule ${rule}`}${note === null ? '' : `: “${note}”`}`,
  );
}

function decisionLine({ chargeId, action, note, actor, recordedAt, count, changes }: ChargeDecision, ownId: string): string {
  const whose = chargeId === ownId ? '' : ` charge ${chargeId}, which this one replaced`;
  const among = count === 1 ? '' : `, with ${count - 1} more`;
  const set = changes.map(({ field, before, after }) => `${FIELD_NAMES[field] ?? field} ${before || '–'} → ${after || '–'}`);
  const said = [...set, ...(note === null ? [] : [`“${note}”`])];
  return printable(
    `${instant(recordedAt)}  ${actor} ${DONE[action] ?? action}${whose}${among}${said.length === 0 ? '' : `: ${said.join('; ')}`}`,
  );
}
