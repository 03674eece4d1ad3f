import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DomainError } from '#kernel';

/** Own templates lie here, relative to the working directory, as in the older program; they go before the shipped ones. */
const OWN_FOLDER = 'templates';
/** Names that a template mentions as parts of itself. */
const PART = /\{%[-+]?\s*(?:include|extends|import|from)\s+(["'])(.+?)\1/g;

/** A template with all that it includes, extends or imports, as `renderTemplate` takes them. */
export interface TemplateSource {
  readonly name: string;
  readonly source: string;
  readonly templates: ReadonlyMap<string, string>;
}

/** Finds templates by file name: in `./templates`, then among the shipped ones of an area. */
export class TemplateFiles {
  /**
   * @param setting where a template is named, for the reader of an error
   * @param shippedFolder null: none is shipped
   */
  constructor(
    private readonly setting: string,
    private readonly shippedFolder: string | null,
  ) {}

  /** @throws DomainError `template.unknown` naming the folders that were searched. */
  async read(name: string): Promise<TemplateSource> {
    const source = await this.find(name);
    if (source === undefined) throw await this.unknown(name);
    const templates = new Map<string, string>();
    await this.addParts(source, templates);
    templates.delete(name);
    return { name, source, templates };
  }

  /** A part that is missing is left out: the renderer says where it is asked for, or the template can do without it. */
  private async addParts(source: string, templates: Map<string, string>): Promise<void> {
    for (const [, , name = ''] of source.matchAll(PART)) {
      if (templates.has(name) || basename(name) !== name) continue;
      const part = await this.find(name);
      if (part === undefined) continue;
      templates.set(name, part);
      await this.addParts(part, templates);
    }
  }

  private async find(name: string): Promise<string | undefined> {
    if (basename(name) !== name || name === '' || name === '..' || name === '.')
      throw new DomainError('template.unknown', 'invalid', `“${name}” is a path; name a template by its file name alone.`);
    for (const folder of [OWN_FOLDER, ...(this.shippedFolder === null ? [] : [this.shippedFolder])]) {
      try {
        return await readFile(join(folder, name), 'utf8');
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      }
    }
    return undefined;
  }

  private async unknown(name: string): Promise<DomainError> {
    const shipped = this.shippedFolder === null ? [] : await readdir(this.shippedFolder);
    const instead = shipped.length === 0 ? '' : ` and none is shipped; shipped are ${shipped.join(', ')}`;
    return new DomainError(
      'template.unknown',
      'not-found',
      `There is no template “${name}” in ./${OWN_FOLDER}${instead}. Check ${this.setting}.`,
    );
  }
}
