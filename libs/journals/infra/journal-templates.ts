import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { DomainError } from '#kernel';

/** Own templates lie here, relative to the working directory, as in the older program; they go before the shipped ones. */
const OWN_FOLDER = 'templates';
const SHIPPED_FOLDER = fileURLToPath(new URL('../templates', import.meta.url));

/** Finds journal templates by file name. */
@Injectable()
export class JournalTemplates {
  /** @throws DomainError `template.unknown` naming the folders that were searched. */
  async read(name: string): Promise<string> {
    if (basename(name) !== name)
      throw new DomainError('template.unknown', 'invalid', `“${name}” is a path; name a template by its file name alone.`);
    for (const folder of [OWN_FOLDER, SHIPPED_FOLDER]) {
      try {
        return await readFile(join(folder, name), 'utf8');
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      }
    }
    const shipped = await readdir(SHIPPED_FOLDER);
    throw new DomainError(
      'template.unknown',
      'not-found',
      `There is no template “${name}” in ./${OWN_FOLDER} and none is shipped; shipped are ${shipped.join(', ')}. Check journal.template.`,
    );
  }
}
