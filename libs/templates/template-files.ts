import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTemplateName } from './template-source.js';

/** Own templates lie here, relative to the working directory, as in the older program. */
const OWN_FOLDER = 'templates';

/** Where a file lies: in `./templates`, or among those that are shipped. */
export type FileOrigin = 'folder' | 'shipped';

export interface TemplateFile {
  readonly name: string;
  readonly origin: FileOrigin;
}

/** The template files of an area: those of `./templates`, which go before its shipped ones. */
export class TemplateFiles {
  constructor(private readonly shippedFolder: string) {}

  /** @param from looks there alone; else where it counts */
  async find(name: string, from?: FileOrigin): Promise<{ readonly text: string; readonly origin: FileOrigin } | undefined> {
    if (!isTemplateName(name)) return undefined;
    for (const { folder, origin } of this.folders()) {
      if (from !== undefined && from !== origin) continue;
      const text = await unlessMissing(readFile(join(folder, name), 'utf8'));
      if (text !== undefined) return { text, origin };
    }
    return undefined;
  }

  /** Of one name that is in both folders both. */
  async list(): Promise<TemplateFile[]> {
    const lists = await Promise.all(
      this.folders().map(async ({ folder, origin }) =>
        ((await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [])
          .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && isTemplateName(entry.name))
          .map(({ name }) => ({ name, origin })),
      ),
    );
    return lists.flat();
  }

  private folders(): readonly { readonly folder: string; readonly origin: FileOrigin }[] {
    return [
      { folder: OWN_FOLDER, origin: 'folder' },
      { folder: this.shippedFolder, origin: 'shipped' },
    ];
  }
}

async function unlessMissing<Found>(reading: Promise<Found>): Promise<Found | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
