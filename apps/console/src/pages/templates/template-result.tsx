import { Alert, Skeleton, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useCurrency } from '../../api/queries.js';
import { ErrorPanel } from '../../components/error-panel.js';
import { bytesText, counted, periodName } from '../../components/field-words.js';
import { Money } from '../../money/money.js';
import type { TemplatePreview } from './template-queries.js';
import classes from './templates.module.css';

interface TemplateResultProps {
  readonly preview: TemplatePreview | undefined;
  readonly error: Error | null;
  /** Of the period that was asked for; null: sample entries were. */
  readonly asked: string | null;
  /** It is of an earlier text. */
  readonly isStale: boolean;
  readonly onRetry: () => void;
}

/** What a template writes, or where and why it fails. */
export function TemplateResult({ preview, error, asked, isStale, onRetry }: TemplateResultProps): ReactElement {
  if (error !== null) return <ErrorPanel error={error} title="There is no preview" onRetry={onRetry} />;
  if (preview === undefined) return <Skeleton height={560} />;
  return (
    <Stack gap="xs" className={isStale ? classes['stale'] : ''} aria-busy={isStale}>
      <TriedWith preview={preview} asked={asked} />
      <div role="status">{preview.failure !== null && <Failure failure={preview.failure} />}</div>
      {preview.written !== null && <Written written={preview.written} />}
    </Stack>
  );
}

function TriedWith({
  preview: { period, about },
  asked,
}: Pick<TemplateResultProps, 'asked'> & { readonly preview: TemplatePreview }): ReactElement {
  const currency = useCurrency();
  const { entryCount, debits, credits, recipient, subject } = about;
  const lacking = entryCount === null ? 'No statement is made of' : 'Nothing is billed in';
  const what = period !== null ? periodName(period) : asked === null ? 'With samples' : `${lacking} ${periodName(asked)}, so with samples`;
  return (
    <Text size="sm" className={classes['facts'] ?? ''}>
      {what}:{' '}
      {entryCount !== null ? (
        <>
          {counted(entryCount, 'entry', 'entries')}, debits <Money value={debits ?? '0'} currency={currency} />, credits{' '}
          <Money value={credits ?? '0'} currency={currency} />
        </>
      ) : (
        <>
          to {recipient}, subject “{subject}”
        </>
      )}
    </Text>
  );
}

function Failure({
  failure: { template, line, expression, reason },
}: {
  readonly failure: NonNullable<TemplatePreview['failure']>;
}): ReactElement {
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      title={line === null ? template : `${template}, line ${line}`}
    >
      {expression !== null && <code>{expression}</code>}
      <Text size="sm">{reason}</Text>
    </Alert>
  );
}

function Written({
  written: { text, isHtml, isCapped, bytes, lineCount },
}: {
  readonly written: NonNullable<TemplatePreview['written']>;
}): ReactElement {
  return (
    <>
      {isHtml && !isCapped ? (
        // Without any permission: no script of a template ever runs in the console.
        <iframe title="What the template writes" sandbox="" srcDoc={text} className={classes['frame']} />
      ) : (
        <pre className={classes['result']} tabIndex={0} aria-label="What the template writes">
          {text}
        </pre>
      )}
      <Text size="xs" c="dimmed">
        {isCapped ? 'This is the beginning; the whole has ' : ''}
        {counted(lineCount, 'line')}, {bytesText(bytes)}.
      </Text>
    </>
  );
}
