import { basename } from 'node:path';

/** Names that a template mentions as parts of itself. */
const PART = /\{%[-+]?\s*(?:include|extends|import|from)\s+(["'])(.+?)\1/g;
const CONTROL = /\p{Cc}/u;

/** A template with all that it includes, extends or imports, as `renderTemplate` takes them. */
export interface TemplateSource {
  readonly name: string;
  readonly source: string;
  readonly templates: ReadonlyMap<string, string>;
}

/** A template is named by its file name alone, so that none is read from elsewhere. */
export function isTemplateName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && basename(name) === name && !name.includes('\\') && !CONTROL.test(name);
}

/**
 * The template with its parts, and theirs.
 * @param find the text of a template; undefined if there is none. A part that is missing is left out: the renderer says where it is
 * asked for, or the template can do without it.
 */
export async function templateSource(
  name: string,
  source: string,
  find: (name: string) => Promise<string | undefined>,
): Promise<TemplateSource> {
  const templates = new Map<string, string>();
  const addParts = async (text: string): Promise<void> => {
    for (const [, , part = ''] of text.matchAll(PART)) {
      if (part === name || templates.has(part) || !isTemplateName(part)) continue;
      const found = await find(part);
      if (found === undefined) continue;
      templates.set(part, found);
      await addParts(found);
    }
  };
  await addParts(source);
  return { name, source, templates };
}
