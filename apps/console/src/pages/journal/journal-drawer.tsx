import { Button, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useCurrency } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText, periodName } from '../../components/field-words.js';
import { Moment } from '../../components/moment.js';
import { Money } from '../../money/money.js';
import { ForRole } from '../../session/session.js';
import { MarkButtons } from './mark-choices.js';
import { formatTitle } from './journal-choice.js';
import { fileAddress, type Journal, type JournalDetail, useJournal } from './journal-queries.js';
import { aboutJournal } from './journal-words.js';
import classes from './journal.module.css';
import type { PendingMark } from './mark-dialogs.js';

interface JournalDrawerProps {
  /** Null: closed. */
  readonly journal: Journal | null;
  readonly onClose: () => void;
  readonly onMark: (mark: PendingMark) => void;
}

/** One journal: its file and control totals, what it was made from, and what became of it. */
export function JournalDrawer({ journal, onClose, onMark }: JournalDrawerProps): ReactElement {
  // The last one stays in view while the drawer slides out.
  const [shown, setShown] = useState(journal);
  if (journal !== null && journal !== shown) setShown(journal);
  return (
    <Drawer
      opened={journal !== null}
      onClose={onClose}
      size={540}
      title={
        <Text fw={600}>
          Journal {shown?.number} of {shown === null ? '' : periodName(shown.period)}
        </Text>
      }
    >
      {shown !== null && <Content journal={shown} onMark={onMark} />}
    </Drawer>
  );
}

function Content({ journal, onMark }: { readonly journal: Journal; readonly onMark: (mark: PendingMark) => void }): ReactElement {
  const currency = useCurrency();
  const { fileName, bytes, rowCount, debits, credits, format, sha256, ledgerDigest } = journal;
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <StateBadge state={journal.status} size="md" />
        {journal.status === 'posted' && (
          <Text size="sm">
            {journal.documentNumber}, {journal.postedOn}
          </Text>
        )}
      </Group>
      <Group gap="xs">
        <Button component="a" href={fileAddress(journal)} download leftSection={<IconDownload size={15} />}>
          Download
        </Button>
        <ForRole role="reviewer">
          <MarkButtons journal={journal} onMark={onMark} />
        </ForRole>
      </Group>
      <dl className={classes['facts']}>
        <dt>File</dt>
        <dd>
          {fileName}, {bytesText(bytes)}
        </dd>
        <dt>Format</dt>
        <dd>{[formatTitle(format), aboutJournal(journal)].filter((text) => text !== '').join(', ')}</dd>
        <dt>Rows</dt>
        <dd className="figures">{rowCount.toLocaleString('en')}</dd>
        <dt>Debits</dt>
        <dd>
          <Money value={debits} currency={currency} />
        </dd>
        <dt>Credits</dt>
        <dd>
          <Money value={credits} currency={currency} />
        </dd>
        <dt>SHA-256</dt>
        <dd className={classes['digest']}>{sha256}</dd>
        <dt>Ledger</dt>
        <dd className={classes['digest']}>{ledgerDigest}</dd>
      </dl>
      <History journal={journal} />
    </Stack>
  );
}

const STEPS: Readonly<Record<JournalDetail['history'][number]['step'], string>> = {
  exported: 'Exported',
  posted: 'Posted',
  void: 'Void',
  'mark-withdrawn': 'Mark taken back',
};

function History({ journal: { period, number } }: { readonly journal: Journal }): ReactElement {
  const detail = useJournal(period, number);
  if (detail.error !== null && detail.data === undefined) {
    return <ErrorPanel error={detail.error} onRetry={() => void detail.refetch()} />;
  }
  if (detail.data === undefined) return <Skeleton height={80} />;
  return (
    <section aria-label="What became of it">
      <Text component="h3" size="sm" fw={600} mb={6}>
        What became of it
      </Text>
      <ol className={classes['history']}>
        {detail.data.history.map(({ position, step, documentNumber, postedOn, note, by, at }) => (
          <li key={position}>
            <span>
              <b>{STEPS[step]}</b>
              {documentNumber !== null && ` as ${documentNumber}`}
              {postedOn !== null && `, ${postedOn}`}
              {note !== null && (
                <Text size="sm" c="dimmed">
                  {note}
                </Text>
              )}
            </span>
            <Text size="xs" c="dimmed" ta="right">
              <Moment at={at} />
              <br />
              {by}
            </Text>
          </li>
        ))}
      </ol>
    </section>
  );
}
