import { Button, Drawer, FileInput, Group, ScrollArea, Skeleton, Stack, Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useState } from 'react';
import { ErrorPanel } from './error-panel.js';

export interface ChosenFile {
  readonly file: File | null;
  /** Tells one choice of a file from the next, which may have the same name. */
  readonly choice: number;
  readonly choose: (file: File | null) => void;
}

export function useChosenFile(): ChosenFile {
  const [{ file, choice }, set] = useState<{ readonly file: File | null; readonly choice: number }>({ file: null, choice: 0 });
  return { file, choice, choose: (next) => set({ file: next, choice: choice + 1 }) };
}

interface CsvImportDrawerProps {
  readonly title: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** A {@link CsvImportForm}, which begins anew each time. */
  readonly children: ReactNode;
}

export function CsvImportDrawer({ title, opened, onClose, children }: CsvImportDrawerProps): ReactElement {
  return (
    <Drawer opened={opened} onClose={onClose} size={640} title={<Text fw={600}>{title}</Text>} scrollAreaComponent={ScrollArea.Autosize}>
      {opened && children}
    </Drawer>
  );
}

interface CsvImportFormProps<Upload, Answer> {
  readonly chosen: ChosenFile;
  /** What the file should hold. */
  readonly description: string;
  /** What is to be said about the file, as fields of the form. */
  readonly options: ReactNode;
  /** The file and what is said about it; null while none is chosen. */
  readonly upload: Upload | null;
  /** Of taking that upload. */
  readonly preview: UseQueryResult<Answer>;
  readonly take: UseMutationResult<Answer, Error, Upload>;
  /** The answer says that taking the file changes something, and nothing keeps it from that. */
  readonly isReady: boolean;
  /** What to know before one takes it. */
  readonly notice?: ReactNode;
  readonly onCancel: () => void;
  readonly children: (preview: Answer) => ReactElement;
}

/** Takes a CSV file after showing what it would change. */
export function CsvImportForm<Upload, Answer>(props: CsvImportFormProps<Upload, Answer>): ReactElement {
  const { chosen, description, options, upload, preview, take, isReady, notice, onCancel, children } = props;
  return (
    <Stack gap="md">
      <FileInput
        label="CSV file"
        description={description}
        placeholder="Choose a file"
        accept=".csv,text/csv"
        leftSection={<IconFileTypeCsv size={17} />}
        value={chosen.file}
        onChange={(file) => {
          chosen.choose(file);
          take.reset();
        }}
        data-autofocus
      />
      {options}
      {upload !== null && (
        <section aria-label="What the file would change" aria-live="polite">
          {preview.error !== null ? (
            <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />
          ) : preview.data === undefined ? (
            <Skeleton height={120} radius="md" />
          ) : (
            children(preview.data)
          )}
        </section>
      )}
      {take.error !== null && <ErrorPanel error={take.error} />}
      {notice}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button disabled={!isReady} loading={take.isPending} onClick={() => upload !== null && take.mutate(upload)}>
          Import
        </Button>
      </Group>
    </Stack>
  );
}
