import { Anchor, Button, Skeleton, Stack, TextInput } from '@mantine/core';
import { IconArrowLeft, IconEqual, IconSearch } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { EmptyNote } from '../../components/empty-note.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { counted, periodName } from '../../components/field-words.js';
import { FigureTiles } from '../../components/figure-tiles.js';
import { PageHeader } from '../../components/page-header.js';
import { Sheet } from '../../components/sheet.js';
import { Money } from '../../money/money.js';
import classes from './history.module.css';
import { type LedgerDiff, type LedgerMoment, useLedgerDiff, useMoments } from './history-queries.js';
import { Change, HistoryTable } from './history-table.js';
import { BEGINNING, MomentSelect } from './moment-select.js';

type Field = 'from' | 'to' | 'find';

/** How a period's ledger changed between two moments; both stand in the address. */
export function HistoryPage(): ReactElement {
  const { period = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const moments = useMoments(period);
  const chosen = choice(search, moments.data?.moments);
  const diff = useLedgerDiff(period, chosen?.from ?? null, chosen?.to ?? null);
  const find = search.get('find') ?? '';

  function set(field: Field, value: string): void {
    setSearch(
      (current) => {
        if (value === '') current.delete(field);
        else current.set(field, value);
        return current;
      },
      { replace: true },
    );
  }

  return (
    <>
      <PageHeader
        title={`${periodName(period)}: history`}
        lead={
          <Anchor component={Link} to={`/periods/${period}`} size="sm">
            <IconArrowLeft size={13} style={{ verticalAlign: -2 }} /> {periodName(period)}
          </Anchor>
        }
      />
      {moments.error !== null && moments.data === undefined ? (
        <ErrorPanel error={moments.error} onRetry={() => void moments.refetch()} />
      ) : moments.data === undefined || chosen === null ? (
        <Waiting />
      ) : (
        <Stack gap="md">
          <div className={classes['choice']}>
            <MomentSelect label="From" moments={moments.data.moments} value={chosen.from} onChoose={(value) => set('from', value)} />
            <MomentSelect label="To" moments={moments.data.moments} value={chosen.to} onChoose={(value) => set('to', value)} />
            <TextInput
              label="Find"
              placeholder="PI or project"
              description="Among what changed"
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              leftSection={<IconSearch size={15} />}
              value={find}
              onChange={(event) => set('find', event.currentTarget.value)}
            />
          </div>
          {diff.error !== null ? (
            <ErrorPanel error={diff.error} onRetry={() => void diff.refetch()} />
          ) : diff.data === undefined ? (
            <Waiting />
          ) : (
            <Difference diff={diff.data} find={find} onBeginning={chosen.from === BEGINNING ? undefined : () => set('from', BEGINNING)} />
          )}
        </Stack>
      )}
    </>
  );
}

interface DifferenceProps {
  readonly diff: LedgerDiff;
  readonly find: string;
  readonly onBeginning: (() => void) | undefined;
}

function Difference({ diff, find, onBeginning }: DifferenceProps): ReactElement {
  const { before, change, after, currency } = diff;
  const wanted = find.trim().toLowerCase();
  const rows = diff.rows.filter(({ piEmail, projectId }) => `${piEmail} ${projectId}`.toLowerCase().includes(wanted));
  return (
    <>
      <FigureTiles
        tiles={[
          {
            title: 'Billed before',
            value: <Money value={before.billed} currency={currency} />,
            below: counted(before.lineCount, 'charge'),
          },
          {
            title: 'Change',
            value: <Change value={change.billed} currency={currency} />,
            below: `${counted(diff.rows.length, 'project')} touched`,
          },
          { title: 'Billed after', value: <Money value={after.billed} currency={currency} />, below: counted(after.lineCount, 'charge') },
        ]}
      />
      <Sheet flush>
        {rows.length > 0 ? (
          <HistoryTable diff={diff} rows={rows} />
        ) : diff.rows.length > 0 ? (
          <EmptyNote icon={IconSearch} title="None of them">
            {counted(diff.rows.length, 'project')} changed between the two, but none with “{find}” in it.
          </EmptyNote>
        ) : (
          <EmptyNote
            icon={IconEqual}
            title="Nothing changed between the two."
            {...(onBeginning !== undefined && {
              action: (
                <Button variant="default" onClick={onBeginning}>
                  Show everything since the beginning
                </Button>
              ),
            })}
          >
            No PI was billed otherwise at the second moment than at the first. Choose an earlier first one to see how the ledger came about.
          </EmptyNote>
        )}
      </Sheet>
    </>
  );
}

function Waiting(): ReactElement {
  return (
    <Stack aria-busy>
      <Skeleton height={92} radius="lg" />
      <Skeleton height={420} radius="lg" />
    </Stack>
  );
}

/** What the address names; else from the first statements, or the first close, until the last moment. Null until the moments are known. */
function choice(search: URLSearchParams, moments: readonly LedgerMoment[] | undefined): { from: string; to: string } | null {
  if (moments === undefined) return null;
  const draft = ['StatementRunCompleted', 'PeriodClosed'].flatMap((wanted) => moments.find(({ type }) => type === wanted) ?? []).at(0);
  return {
    from: search.get('from') ?? String(draft?.position ?? BEGINNING),
    to: search.get('to') ?? String(moments.at(-1)?.position ?? BEGINNING),
  };
}
