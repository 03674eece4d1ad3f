import { Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import '@mantine/dropzone/styles.css';
import { IconFileTypeCsv, IconUpload, IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { toastFailure } from '../../components/toast.js';
import classes from './imports.module.css';

const ACCEPTED = { 'text/csv': ['.csv'], 'application/gzip': ['.csv.gz', '.gz'] };

/** Takes FOCUS files by drop or by file dialog, as many as one likes. */
export function DropFiles({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }): ReactElement {
  return (
    <Dropzone
      onDrop={onFiles}
      onReject={(refused) =>
        toastFailure(new Error(`${refused.map(({ file }) => file.name).join(', ')}: only CSV files can be imported, gzipped ones too.`))
      }
      accept={ACCEPTED}
      multiple
      className={classes['drop'] ?? ''}
      inputProps={{ 'aria-label': 'FOCUS files' }}
      aria-label="Choose or drop FOCUS files"
    >
      <Group justify="center" gap="md" wrap="nowrap" style={{ pointerEvents: 'none' }}>
        <Dropzone.Accept>
          <IconUpload size={30} stroke={1.5} color="var(--accent-text)" />
        </Dropzone.Accept>
        <Dropzone.Reject>
          <IconX size={30} stroke={1.5} color="var(--mantine-color-red-6)" />
        </Dropzone.Reject>
        <Dropzone.Idle>
          <IconFileTypeCsv size={30} stroke={1.4} color="var(--mantine-color-dimmed)" />
        </Dropzone.Idle>
        <div>
          <Text fw={600}>Drop FOCUS files here, or click to choose</Text>
          <Text size="sm" c="dimmed">
            CSV of FOCUS 1.0 to 1.4, also gzipped; one file per source and month, several at once
          </Text>
        </div>
      </Group>
    </Dropzone>
  );
}
