import { ActionIcon, Anchor, Badge, Button, Checkbox, Collapse, Group, Select, Text, UnstyledButton } from '@mantine/core';
import { IconAdjustments, IconCheck, IconChevronDown, IconFileTypeCsv, IconTrash } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import {
  type AsAdjustments,
  type DeliveryMode,
  type ImportReport,
  type Preview,
  type Refusal,
  useImport,
  usePreview,
} from '../../api/import-queries.js';
import type { PeriodSummary, Source } from '../../api/queries.js';
import { StateBadge } from '../../components/badges.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText, counted, periodName } from '../../components/field-words.js';
import { ImportReportView } from './import-report.js';
import { RefusalPanel } from './refusal-panel.js';
import { restatedPeriod } from './restated-period.js';
import { RestatementOffer } from './restatement-offer.js';
import { RestatementView } from './restatement-view.js';
import { ReadingProgress } from './reading-progress.js';
import { StopImport } from './stop-import.js';
import type { PreparedFile, PreparedFiles } from './use-prepared-files.js';
import classes from './imports.module.css';

const MODES: readonly { readonly value: DeliveryMode; readonly label: string }[] = [
  { value: 'merge', label: 'Merge: lines not in the file stay' },
  { value: 'replace', label: 'Replace: the file is everything' },
  { value: 'append', label: 'Append: every line is new' },
];

interface PreparedFileCardProps {
  readonly prepared: PreparedFile;
  readonly actions: PreparedFiles;
  readonly sources: readonly Source[];
  readonly periods: readonly PeriodSummary[];
}

/** A chosen file: its settings, then what a dry run found, then what became of it. */
export function PreparedFileCard({ prepared, actions, sources, periods }: PreparedFileCardProps): ReactElement {
  const { key, file, stage } = prepared;
  const preview = usePreview(prepared.previewId);
  const [showsOptions, setShowsOptions] = useState(false);
  const isBusy = stage === 'uploading' || stage === 'importing';
  const outcome = preview.data?.outcome ?? null;
  const handedIn = useImport(prepared.importId ?? 0, prepared.importId !== null).data;
  const offerFor = (refusal: Refusal | null, report: ImportReport | null): ReactElement | null => {
    const restated = restatedPeriod(refusal, report, periods);
    if (restated === null) return null;
    const onShow = (asked: AsAdjustments): void => void actions.tryAsAdjustments(key, asked);
    return <RestatementOffer fileName={file.name} restated={restated} periods={periods} isBusy={isBusy} onShow={onShow} />;
  };

  return (
    <article className={classes['card']} aria-label={file.name}>
      <Group gap="sm" wrap="wrap" className={classes['cardHead']}>
        <IconFileTypeCsv size={22} stroke={1.4} color="var(--mantine-color-dimmed)" aria-hidden />
        <div className={classes['fileName']}>
          <Text size="sm" fw={600} truncate title={file.name}>
            {file.name}
          </Text>
          <Text size="xs" c="dimmed">
            {bytesText(file.size)}
          </Text>
        </div>
        {prepared.importId === null ? (
          <>
            <Select
              w={190}
              aria-label={`Source of ${file.name}`}
              placeholder="Choose a source"
              value={prepared.source === '' ? null : prepared.source}
              data={sources.map(({ name, displayName }) => ({ value: name, label: displayName }))}
              onChange={(source) => actions.change(key, { source: source ?? '' })}
              disabled={isBusy}
              searchable
            />
            <Select
              w={168}
              aria-label={`Expected period of ${file.name}`}
              placeholder="Any period"
              clearable
              value={prepared.period === '' ? null : prepared.period}
              data={periodChoices(prepared.guessedPeriod, periods)}
              onChange={(period) => actions.change(key, { period: period ?? '' })}
              disabled={isBusy}
            />
            <ActionIcon
              size="lg"
              variant={showsOptions ? 'light' : 'subtle'}
              aria-label={`More settings of ${file.name}`}
              aria-expanded={showsOptions}
              onClick={() => setShowsOptions(!showsOptions)}
            >
              <IconAdjustments size={17} />
            </ActionIcon>
            <Button
              variant="default"
              onClick={() => void actions.dryRun(key)}
              loading={stage === 'uploading'}
              disabled={isBusy || prepared.source === ''}
            >
              Dry run
            </Button>
            <Button
              variant={outcome?.accepted === true ? 'filled' : 'light'}
              onClick={() => void actions.importForGood(key)}
              loading={stage === 'importing'}
              disabled={isBusy || prepared.source === ''}
            >
              {prepared.asAdjustments === null ? 'Import' : 'Book'}
            </Button>
            <ActionIcon size="lg" aria-label={`Remove ${file.name} from the list`} onClick={() => actions.remove(key)} disabled={isBusy}>
              <IconTrash size={16} />
            </ActionIcon>
          </>
        ) : (
          <Outcome prepared={prepared} onDismiss={() => actions.remove(key)} />
        )}
      </Group>

      <Collapse expanded={showsOptions && prepared.importId === null}>
        <Group gap="lg" className={classes['options']}>
          <Select
            w={270}
            label="Delivery mode"
            placeholder={`As the source says${modeOf(prepared.source, sources)}`}
            clearable
            value={prepared.deliveryMode === '' ? null : prepared.deliveryMode}
            data={[...MODES]}
            onChange={(mode) => actions.change(key, { deliveryMode: mode ?? '' })}
          />
          <Checkbox
            mt={22}
            label="Import what can be read although rows are refused"
            checked={prepared.allowPartial}
            onChange={(event) => actions.change(key, { allowPartial: event.currentTarget.checked })}
          />
        </Group>
      </Collapse>

      {handedIn?.state === 'refused' && handedIn.refusal !== null && (
        <div className={classes['cardBody']}>
          <RefusalPanel refusal={handedIn.refusal}>{offerFor(handedIn.refusal, handedIn.report)}</RefusalPanel>
        </div>
      )}
      {prepared.error !== null && (
        <div className={classes['cardBody']}>
          <ErrorPanel error={prepared.error} title="The file was not taken" />
        </div>
      )}
      {prepared.previewId !== null && prepared.importId === null && (
        <div className={classes['cardBody']}>
          <PreviewView
            preview={preview.data}
            error={preview.error}
            onRetry={() => void actions.dryRun(key)}
            onStop={() => actions.stopDryRun(key)}
            onImport={isBusy ? undefined : () => void actions.importForGood(key)}
            offer={offerFor(outcome?.refusal ?? null, outcome?.report ?? null)}
          />
        </div>
      )}
    </article>
  );
}

interface PreviewViewProps {
  readonly preview: Preview | undefined;
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onStop: () => void;
  /** Imports the file as it was tried; undefined while that is under way. */
  readonly onImport: (() => void) | undefined;
  /** What can be done with a file that would be refused. */
  readonly offer: ReactElement | null;
}

function PreviewView({ preview, error, onRetry, onStop, onImport, offer }: PreviewViewProps): ReactElement {
  const [isUnfolded, setUnfolded] = useState(true);
  if (error !== null) return <ErrorPanel error={error} onRetry={onRetry} />;
  if (preview?.state === 'failed')
    return <ErrorPanel error={new Error('The dry run broke off. The log of the server says why.')} onRetry={onRetry} />;
  const outcome = preview?.outcome ?? null;
  if (outcome === null) {
    return (
      <ReadingProgress what="Dry run" progress={preview?.progress ?? null}>
        <Button size="compact-xs" variant="default" onClick={onStop}>
          Stop
        </Button>
      </ReadingProgress>
    );
  }
  return (
    <div>
      <UnstyledButton className={classes['fold']} onClick={() => setUnfolded(!isUnfolded)} aria-expanded={isUnfolded}>
        <Badge color={outcome.accepted ? 'green' : 'red'}>{verdictOn(outcome)}</Badge>
        {outcome.report !== null && (
          <Text size="sm" c="dimmed">
            {counted(outcome.report.totals.lineCount, 'line')}, {outcome.report.totals.flaggedLineCount} flagged
          </Text>
        )}
        <IconChevronDown size={15} style={{ transform: isUnfolded ? 'rotate(180deg)' : undefined, marginLeft: 'auto' }} aria-hidden />
      </UnstyledButton>
      <Collapse expanded={isUnfolded}>
        <div className={classes['unfolded']}>
          {outcome.refusal !== null && <RefusalPanel refusal={outcome.refusal}>{offer}</RefusalPanel>}
          {outcome.restatement !== null && <RestatementView restatement={outcome.restatement} importId={null} />}
          {outcome.report !== null && (
            <ImportReportView
              report={outcome.report}
              refusedRowsAddress={
                outcome.report.refusedRowsSha256 === null ? null : `/api/v1/imports/previews/${preview?.previewId ?? ''}/refused-rows`
              }
            />
          )}
          {outcome.accepted && (
            <Group justify="flex-end">
              <Button onClick={onImport} disabled={onImport === undefined || outcome.restatement?.lineCount === 0}>
                {outcome.restatement === null ? 'Import for good' : `Book it in ${periodName(outcome.restatement.period)}`}
              </Button>
            </Group>
          )}
        </div>
      </Collapse>
    </div>
  );
}

function verdictOn({ accepted, restatement }: NonNullable<Preview['outcome']>): string {
  if (!accepted) return 'Dry run: would be refused';
  return restatement === null ? 'Dry run: can be imported' : 'Dry run: can be booked';
}

/** What became of a file that was handed in, followed until it is recorded or refused. */
function Outcome({ prepared, onDismiss }: { readonly prepared: PreparedFile; readonly onDismiss: () => void }): ReactElement {
  const { data } = useImport(prepared.importId ?? 0);
  return (
    <Group gap="sm" style={{ flex: 1 }} justify="flex-end">
      {data === undefined || (data.state === 'received' && data.failure === null) ? (
        <div className={classes['reading']}>
          <ReadingProgress what="Import" progress={data?.progress ?? null}>
            {data !== undefined && <StopImport entry={data} size="compact-xs" />}
          </ReadingProgress>
        </div>
      ) : (
        <>
          {data.state === 'recorded' && (
            <Text size="sm" className="figures">
              {prepared.isDuplicate ? 'Was imported before; nothing changed' : `${counted(data.lineCount, 'line')} recorded`}
            </Text>
          )}
          {data.restatement !== null && (
            <Text size="sm" className="figures">
              {counted(data.restatement.lineCount, 'charge')} in {periodName(data.restatement.period)}
            </Text>
          )}
          {data.failure !== null && (
            <Text size="sm" c="red" truncate maw={320} title={data.failure.reason}>
              {data.failure.reason}
            </Text>
          )}
          <StateBadge state={data.failure === null ? data.state : 'failed'} />
          {data.failure !== null && <StopImport entry={data} size="compact-xs" />}
        </>
      )}
      <Anchor component={Link} to={`/imports/${prepared.importId ?? ''}`} size="sm">
        Report
      </Anchor>
      <ActionIcon size="lg" aria-label={`Done with ${prepared.file.name}`} onClick={onDismiss}>
        <IconCheck size={16} />
      </ActionIcon>
    </Group>
  );
}

function modeOf(source: string, sources: readonly Source[]): string {
  const mode = sources.find(({ name }) => name === source)?.deliveryMode;
  return mode === undefined ? '' : ` (${mode})`;
}

function periodChoices(guessed: string | null, periods: readonly PeriodSummary[]): { value: string; label: string }[] {
  const open = periods.filter(({ state }) => state === 'open').map(({ period }) => period);
  return [...new Set([...(guessed === null ? [] : [guessed]), ...open])].map((period) => ({ value: period, label: periodName(period) }));
}
