import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowsDiff, IconInfoCircle, IconScale } from '@tabler/icons-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { given } from '../../api/given.js';
import { counted } from '../../components/field-words.js';
import { FigureTiles } from '../../components/figure-tiles.js';
import { differenceOf } from '../../money/decimal-text.js';
import { Money } from '../../money/money.js';
import type { JournalFinding, JournalPreview } from './journal-queries.js';
import { namedJournals } from './journal-words.js';
import classes from './journal.module.css';

interface PreviewProps {
  readonly preview: JournalPreview;
  readonly currency: string;
  readonly period: string;
  readonly withFlagged: boolean;
}

/** Control totals of a journal before it is written, whether it balances, and what keeps it from being booked. */
export function PreviewSummary({ preview, currency, period, withFlagged }: PreviewProps): ReactElement {
  const { debits, credits, net, rowCount, problems } = preview;
  return (
    <>
      <FigureTiles
        tiles={[
          { title: 'Debits', value: <Money value={debits} currency={currency} /> },
          { title: 'Credits', value: <Money value={credits} currency={currency} /> },
          { title: preview.deltaFrom === null ? 'Owed by PIs' : 'PIs owe more', value: <Money value={net} currency={currency} /> },
          { title: 'Rows', value: rowCount.toLocaleString('en') },
          { title: 'Problems', value: problems.length.toLocaleString('en'), alarm: problems.length > 0 },
        ]}
      />
      <DeltaNote preview={preview} />
      {rowCount > 0 && <Balance preview={preview} currency={currency} />}
      {problems.length > 0 && <Problems problems={problems} period={period} withFlagged={withFlagged} />}
    </>
  );
}

function DeltaNote({ preview: { deltaFrom, nothingChanged } }: { readonly preview: JournalPreview }): ReactElement | null {
  if (deltaFrom === null || (nothingChanged && deltaFrom.length > 0)) return null;
  return (
    <Alert variant="light" py="xs" icon={<IconArrowsDiff size={18} />}>
      <Text size="sm">
        {deltaFrom.length === 0 ? (
          <>Nothing is booked of this period, so this delta is a full journal.</>
        ) : (
          <>
            <b>A delta.</b> It holds the differences to {namedJournals(deltaFrom).replace(/^J/, 'j')}: what went away stands on the other
            side.
          </>
        )}
      </Text>
    </Alert>
  );
}

function Balance({ preview, currency }: { readonly preview: JournalPreview; readonly currency: string }): ReactElement {
  const { balanced, debits, credits, family } = preview;
  if (family === 'one-sided') {
    return (
      <Note icon={<IconInfoCircle size={18} />} color="gray">
        <b>One side.</b> This format lists what PIs owe, and no credits of sources: there is nothing to balance.
      </Note>
    );
  }
  if (balanced) {
    return (
      <Note icon={<IconScale size={18} />}>
        <b>Balanced.</b> Debits and credits are both <Money value={debits} currency={currency} />.
      </Note>
    );
  }
  return (
    <Note icon={<IconScale size={18} />} color="red">
      <b>Not balanced.</b> Debits are <Money value={debits} currency={currency} />, credits <Money value={credits} currency={currency} />:{' '}
      <Money value={differenceOf(debits, credits)} currency={currency} /> apart.
    </Note>
  );
}

function Note({
  icon,
  color,
  children,
}: {
  readonly icon: ReactNode;
  readonly color?: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Alert {...(color === undefined ? {} : { color })} variant="light" py="xs" icon={icon}>
      <Text size="sm" className="figures">
        {children}
      </Text>
    </Alert>
  );
}

const MOST_SHOWN = 8;

interface ProblemsProps {
  readonly problems: readonly JournalFinding[];
  readonly period: string;
  readonly withFlagged: boolean;
}

function Problems({ problems, period, withFlagged }: ProblemsProps): ReactElement {
  const [all, setAll] = useState(false);
  const shown = all ? problems : problems.slice(0, MOST_SHOWN);
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />} title={counted(problems.length, 'problem')}>
      <ul className={classes['problems']} aria-label="Problems">
        {shown.map((problem, index) => (
          // Two entries can have the same problem in the same words.
          <li key={index}>
            <span>{problem.text}</span>
            <Mend problem={problem} period={period} withFlagged={withFlagged} />
          </li>
        ))}
      </ul>
      {problems.length > shown.length && (
        <Button size="compact-xs" variant="subtle" mt={6} onClick={() => setAll(true)}>
          Show {problems.length - shown.length} more
        </Button>
      )}
    </Alert>
  );
}

/** The ways to what mends a problem: the charges concerned, and the source or the settings. */
function Mend({
  problem,
  period,
  withFlagged,
}: Omit<ProblemsProps, 'problems'> & { readonly problem: JournalFinding }): ReactElement | null {
  const { code, charges, mend, source } = problem;
  const ways = [
    ...(mend === 'source' && source !== '' ? [{ to: `/sources/${encodeURIComponent(source)}`, text: `Source ${source}` }] : []),
    ...(charges === null ? [] : [{ to: `/charges?${chargeFilter(charges, withFlagged)}`, text: 'Show the charges' }]),
    ...(code.startsWith('account.') ? [{ to: `/journal?period=${period}&tab=settings`, text: 'Try the account settings' }] : []),
    ...(mend === 'template' ? [{ to: '/templates', text: 'Templates' }] : []),
  ];
  if (ways.length === 0) return null;
  return (
    <Group className={classes['ways'] ?? ''}>
      {ways.map(({ to, text }) => (
        <Anchor key={to} component={Link} to={to} size="sm">
          {text}
        </Anchor>
      ))}
    </Group>
  );
}

/** The charges that the journal is made of, as far as the problem concerns them. */
function chargeFilter(charges: NonNullable<JournalFinding['charges']>, withFlagged: boolean): string {
  const { period, source, piEmail, flag, text } = charges;
  const search = new URLSearchParams(given({ period, source, piEmail, flag, text }));
  for (const standing of ['clear', 'approved', ...(withFlagged ? ['flagged'] : [])]) search.append('standing', standing);
  return search.toString();
}
