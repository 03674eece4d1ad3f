/** Above it people write; below it `npm run generate:events` does. */
export const MARK = '<!-- Below this line the page is written by npm run generate:events. -->';

/**
 * @param {string} page as it is now
 * @param {{ file: string, schema: { title: string, description: string }, version: number, current: import('./read-event-types.mjs').EventType | undefined }[]} schemas
 * @returns {string} the page with the table of these schemas
 */
export function withCatalogue(page, schemas) {
  const [head] = page.split(MARK);
  const rows = schemas.map(({ file, schema, version, current }) => {
    const streams = current === undefined ? 'no longer written' : current.streams.map((stream) => `\`${stream}\``).join(', ');
    const versionText = current === undefined || current.version === version ? `${version}` : `${version}, now ${current.version}`;
    return `| ${schema.title} | ${versionText} | ${streams} | ${cell(schema.description)} | [schema](${file}) |`;
  });
  return `${head.trimEnd()}\n\n${MARK}\n\n| event | version | stream | says | file |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
