import { Stack, Text, TextInput } from '@mantine/core';
import { IconArrowRight, IconCheck, IconHelp } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import { ErrorPanel } from '../../components/error-panel.js';
import { periodName } from '../../components/field-words.js';
import { type SourceDetail, useGuess } from './source-queries.js';
import classes from './sources.module.css';

/** Says which source and period a file of some name would be taken for, and why. */
export function TryFileName({ source }: { readonly source: SourceDetail }): ReactElement {
  const [fileName, setFileName] = useState('');
  const { asked, guess } = useGuess(fileName);
  return (
    <Stack gap="sm">
      <TextInput
        label="Try a file name"
        description="Which source and month would a file of this name be taken for? Saved settings count."
        placeholder={`${source.name}_2026-01.csv`}
        value={fileName}
        onChange={({ currentTarget }) => setFileName(currentTarget.value)}
        maxLength={255}
        autoComplete="off"
        spellCheck={false}
      />
      <div aria-live="polite">
        {asked === '' ? null : guess.error !== null ? (
          <ErrorPanel error={guess.error} />
        ) : guess.data === undefined ? null : (
          <dl className={classes['guess']}>
            <Finding
              name="Source"
              found={guess.data.source}
              words={guess.data.source ?? 'not told'}
              reason={guess.data.sourceReason}
              isThis={guess.data.source === source.name}
            />
            <Finding
              name="Month"
              found={null}
              words={guess.data.period === null ? 'not told' : periodName(guess.data.period)}
              reason={guess.data.periodReason}
              isThis={guess.data.period !== null}
            />
          </dl>
        )}
      </div>
    </Stack>
  );
}

interface FindingProps {
  readonly name: string;
  /** The source that was found, to go to. */
  readonly found: string | null;
  readonly words: string;
  readonly reason: string;
  readonly isThis: boolean;
}

function Finding({ name, found, words, reason, isThis }: FindingProps): ReactElement {
  const Glyph = isThis ? IconCheck : found === null ? IconHelp : IconArrowRight;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span data-good={isThis || undefined} className={classes['found']}>
          <Glyph size={15} stroke={2} aria-hidden />
          {found === null || isThis ? words : <Link to={`/sources/${encodeURIComponent(found)}`}>{words}</Link>}
        </span>
        <Text size="xs" c="dimmed">
          {reason}
        </Text>
      </dd>
    </>
  );
}
