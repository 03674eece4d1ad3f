import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type AsAdjustments, type Upload, forgetPreview, guessOf, sendFile } from '../../api/import-queries.js';

/** How far a chosen file has come. */
export type FileStage = 'chosen' | 'uploading' | 'previewing' | 'importing' | 'received';

export interface PreparedFile extends Upload {
  readonly key: string;
  readonly guessedPeriod: string | null;
  readonly stage: FileStage;
  readonly previewId: string | null;
  readonly importId: number | null;
  /** The same bytes had been imported before, as this import. */
  readonly isDuplicate: boolean;
  readonly error: unknown;
}

export interface PreparedFiles {
  readonly files: readonly PreparedFile[];
  readonly add: (files: readonly File[]) => void;
  /** A change of the settings makes an earlier dry run void. */
  readonly change: (key: string, settings: Partial<Omit<Upload, 'file'>>) => void;
  readonly remove: (key: string) => void;
  readonly dryRun: (key: string) => Promise<void>;
  readonly importForGood: (key: string) => Promise<void>;
  /** Tries a file that was refused as the snapshot of a finalized period, whose difference is booked as adjustments. */
  readonly tryAsAdjustments: (key: string, asked: AsAdjustments) => Promise<void>;
  /** Ends the dry run of a file, however far it is. */
  readonly stopDryRun: (key: string) => void;
}

let lastKey = 0;

/** Files that were chosen and are not yet imported, each with its settings, dry run and outcome. */
export function usePreparedFiles(): PreparedFiles {
  const [files, setFiles] = useState<readonly PreparedFile[]>([]);
  const queries = useQueryClient();

  const patch = (key: string, change: Partial<PreparedFile>): void =>
    setFiles((current) => current.map((file) => (file.key === key ? { ...file, ...change } : file)));

  async function send(key: string, isDryRun: boolean, settings: Partial<Upload> = {}): Promise<void> {
    const chosen = files.find((file) => file.key === key);
    if (chosen === undefined) return;
    const prepared = { ...chosen, ...settings };
    patch(key, {
      ...settings,
      stage: isDryRun ? 'uploading' : 'importing',
      previewId: isDryRun ? null : prepared.previewId,
      importId: null,
      error: null,
    });
    try {
      const answer = await sendFile(prepared, isDryRun);
      if ('previewId' in answer) patch(key, { stage: 'previewing', previewId: answer.previewId });
      else patch(key, { stage: 'received', importId: answer.importId, isDuplicate: answer.duplicate });
      await queries.invalidateQueries();
    } catch (error) {
      patch(key, { stage: 'chosen', error });
    }
  }

  /** A dry run that nobody looks at any more need not go on. */
  function dropDryRun(key: string): void {
    const previewId = files.find((file) => file.key === key)?.previewId ?? null;
    // Gone already is as good as stopped.
    if (previewId !== null) forgetPreview(previewId).catch(() => undefined);
  }

  return {
    files,
    add: (chosen) => {
      const added = chosen.map((file): PreparedFile => {
        lastKey += 1;
        const fresh = { previewId: null, importId: null, isDuplicate: false, error: null, guessedPeriod: null };
        const settings = { source: '', period: '', deliveryMode: '', allowPartial: false, asAdjustments: null } as const;
        return { key: String(lastKey), file, ...settings, stage: 'chosen', ...fresh };
      });
      setFiles((current) => [...current, ...added]);
      for (const { key, file } of added) {
        // A guess that fails leaves the choice to the person.
        guessOf(file.name).then(
          ({ source, period }) => patch(key, { source: source ?? '', guessedPeriod: period }),
          () => undefined,
        );
      }
    },
    change: (key, settings) => {
      dropDryRun(key);
      // What was asked for was asked for the file as it was.
      patch(key, { asAdjustments: null, ...settings, stage: 'chosen', previewId: null, error: null });
    },
    remove: (key) => {
      dropDryRun(key);
      setFiles((current) => current.filter((file) => file.key !== key));
    },
    dryRun: (key) => send(key, true),
    importForGood: (key) => send(key, false),
    tryAsAdjustments: (key, asked) => {
      dropDryRun(key);
      return send(key, true, { asAdjustments: asked, deliveryMode: 'replace', allowPartial: false });
    },
    stopDryRun: (key) => {
      dropDryRun(key);
      patch(key, { stage: 'chosen', previewId: null });
    },
  };
}
