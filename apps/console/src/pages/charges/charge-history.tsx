import { Anchor, Text, Timeline } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowsJoin2,
  IconArrowsSplit2,
  IconCheck,
  IconFileDiff,
  IconFileInvoice,
  IconFileMinus,
  IconFileUpload,
  IconFlag,
  IconCash,
  IconReceiptRefund,
  IconRepeat,
  IconTransfer,
  IconX,
} from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import type { ChargeStory } from '../../api/queries.js';
import { counted, flagTitle } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Money } from '../../money/money.js';
import classes from './charge.module.css';

interface Happening {
  readonly key: string;
  readonly at: string;
  readonly icon: typeof IconCheck;
  readonly title: ReactNode;
  readonly actor: string | null;
  readonly body: ReactNode;
}

/** Imports, decisions, statements and journals of a charge, oldest first. */
export function ChargeHistory({ story }: { readonly story: ChargeStory }): ReactElement {
  const happenings = [...importsOf(story), ...divisionOf(story), ...decisionsOf(story), ...statementsOf(story), ...journalsOf(story)].sort(
    (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0),
  );
  return (
    <Timeline bulletSize={24} lineWidth={2} active={happenings.length} aria-label="History of the charge">
      {happenings.map(({ key, at, icon: Glyph, title, actor, body }) => (
        <Timeline.Item key={key} bullet={<Glyph size={14} aria-hidden />} title={title}>
          <Text size="sm" c="dimmed">
            {actor !== null && `${actor}, `}
            <Moment at={at} />
          </Text>
          {body}
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

type Touching = ChargeStory['imports'][number];

const TOUCHES: Readonly<Record<Touching['touch'], { readonly icon: typeof IconCheck; readonly title: string }>> = {
  brought: { icon: IconFileUpload, title: 'Imported' },
  brought_revision: { icon: IconFileUpload, title: 'Imported in place of an earlier charge' },
  unchanged: { icon: IconRepeat, title: 'Stated again, unchanged' },
  revised: { icon: IconFileDiff, title: 'Revised by a later import' },
  withdrew: { icon: IconFileMinus, title: 'Withdrawn: the new file lacks it' },
  was_withdrawn: { icon: IconFileMinus, title: 'Import withdrawn, and the charge with it' },
};

function importsOf({ charge, imports }: ChargeStory): Happening[] {
  return imports.map((touching) => {
    const { importId, touch, at, actor, reason, fileName, lineNumber, otherCharge, amountBefore, amountAfter } = touching;
    return {
      key: `${touch} ${importId} ${lineNumber ?? ''}`,
      at,
      actor,
      ...TOUCHES[touch],
      body: (
        <>
          <Text size="sm" className={classes['anywhere'] ?? ''}>
            <Anchor component={Link} to={`/imports/${importId}`} inherit>
              {fileName}
            </Anchor>
            {`, import ${importId}${lineNumber === null ? '' : `, line ${lineNumber}`}`}
          </Text>
          {otherCharge !== null && amountBefore !== null && amountAfter !== null && (
            <Text size="sm">
              <Money value={amountBefore} currency={charge.currency} /> → <Money value={amountAfter} currency={charge.currency} />
              {touch === 'revised' ? ', now ' : ', before '}
              <Anchor component={Link} to={`/charges/${otherCharge}`} inherit>
                charge {otherCharge}
              </Anchor>
            </Text>
          )}
          {reason !== null && <Text size="sm">“{reason}”</Text>}
        </>
      ),
    };
  });
}

/** A part begins where its charge is divided. */
function divisionOf({ partOf }: ChargeStory): Happening[] {
  if (partOf === null) return [];
  const { splitId, splitAt, splitBy, note, chargeId } = partOf;
  return [
    {
      key: `split ${splitId}`,
      at: splitAt,
      actor: splitBy,
      icon: IconArrowsSplit2,
      title: 'Made by dividing a charge',
      body: (
        <>
          <Text size="sm">
            <Anchor component={Link} to={`/charges/${chargeId}`} inherit>
              charge {chargeId}
            </Anchor>
            {', by '}
            <Anchor component={Link} to={`/splits?split=${splitId}`} inherit>
              split {splitId}
            </Anchor>
          </Text>
          {note !== null && <Text size="sm">“{note}”</Text>}
        </>
      ),
    },
  ];
}

const DECISIONS: Readonly<Record<string, { readonly icon: typeof IconCheck; readonly title: string }>> = {
  approve: { icon: IconCheck, title: 'Approved' },
  reject: { icon: IconX, title: 'Rejected' },
  restore: { icon: IconArrowBackUp, title: 'Restored' },
  reattribute: { icon: IconTransfer, title: 'Reattributed' },
  adjust: { icon: IconReceiptRefund, title: 'Booked as an adjustment' },
  split: { icon: IconArrowsSplit2, title: 'Divided' },
  unsplit: { icon: IconArrowsJoin2, title: 'Put together again' },
  withdraw: { icon: IconFileMinus, title: 'Withdrawn' },
  reflag: { icon: IconFlag, title: 'Flagged again by changed rules' },
};

const FIELDS: Readonly<Record<string, string>> = {
  piEmail: 'PI',
  projectId: 'Project',
  fundOrg: 'Fund/org',
  costCenter: 'Cost centre',
  accountCode: 'Account',
};

function decisionsOf({ charge, decisions }: ChargeStory): Happening[] {
  return decisions.map(({ position, chargeId, action, amount, recordedAt, actor, count, note, changes }) => ({
    key: `decision ${position} ${chargeId}`,
    at: recordedAt,
    actor,
    ...(DECISIONS[action] ?? { icon: IconTransfer, title: action }),
    body: (
      <>
        <Text size="sm">
          <Money value={amount} currency={charge.currency} />
          {count > 1 && `, together with ${counted(count - 1, 'other charge')}`}
          {chargeId !== charge.id && (
            <>
              {', as '}
              <Anchor component={Link} to={`/charges/${chargeId}`} inherit>
                charge {chargeId}
              </Anchor>
            </>
          )}
        </Text>
        {changes.map(({ field, before, after }) => (
          <Text size="sm" key={`${field} ${before} ${after}`} className={classes['anywhere'] ?? ''}>
            {field === 'flag'
              ? flagChange(before, after)
              : `${FIELDS[field] ?? field}: ${before === '' ? 'none' : before} → ${after === '' ? 'none' : after}`}
          </Text>
        ))}
        {note !== null && <Text size="sm">“{note}”</Text>}
      </>
    ),
  }));
}

function flagChange(before: string, after: string): string {
  return after === '' ? `No longer: ${flagTitle(before)}` : `New reason: ${flagTitle(after)}`;
}

function statementsOf({ charge, statements }: ChargeStory): Happening[] {
  return statements.map(({ piEmail, projectId, revision, fileName, issuedAt }) => ({
    key: `statement ${piEmail} ${projectId} ${revision}`,
    at: issuedAt,
    actor: null,
    icon: IconFileInvoice,
    title: 'On a statement',
    body: (
      <Text size="sm" className={classes['anywhere'] ?? ''}>
        <Anchor
          href={`/api/v1/periods/${charge.period}/statements/pdf?${new URLSearchParams({ piEmail, projectId, revision: String(revision) }).toString()}`}
          target="_blank"
          inherit
        >
          {fileName}
        </Anchor>
        {`, revision ${revision}, of ${piEmail}`}
      </Text>
    ),
  }));
}

function journalsOf({ charge, journals }: ChargeStory): Happening[] {
  return journals.map(({ number, format, fileName, exportedBy, exportedAt, includeFlagged }) => ({
    key: `journal ${number}`,
    at: exportedAt,
    actor: exportedBy,
    icon: IconCash,
    title: 'In a journal',
    body: (
      <Text size="sm" className={classes['anywhere'] ?? ''}>
        <Anchor href={`/api/v1/periods/${charge.period}/journals/${number}/file`} download inherit>
          {fileName}
        </Anchor>
        {`, ${format}${includeFlagged ? ', with flagged charges' : ''}`}
      </Text>
    ),
  }));
}
