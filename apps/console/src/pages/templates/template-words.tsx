import { Badge, Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Template, TemplateArea, TemplateOrigin } from './template-queries.js';

export const AREAS: readonly { readonly area: TemplateArea; readonly title: string; readonly about: string }[] = [
  { area: 'journal', title: 'Journals', about: 'Files for accounting, in the format “template”.' },
  { area: 'mail', title: 'Messages', about: 'What PIs get with their statements.' },
];

const ORIGINS: Readonly<Record<TemplateOrigin, { readonly title: string; readonly color: string; readonly why: string }>> = {
  saved: { title: 'Saved here', color: 'lagoon', why: 'It goes before files of that name.' },
  folder: { title: 'In ./templates', color: 'indigo', why: 'A file of the office, in the folder templates where the program was started.' },
  shipped: { title: 'Shipped', color: 'gray', why: 'It comes with the program.' },
};

export function originWords(origin: TemplateOrigin): string {
  return ORIGINS[origin].title;
}

/** Whose text counts. */
export function OriginBadge({ template: { origin, version } }: { readonly template: Pick<Template, 'origin' | 'version'> }): ReactElement {
  const look =
    origin !== null
      ? ORIGINS[origin]
      : version > 0
        ? { title: 'Removed', color: 'yellow', why: 'No file has that name; its versions can be restored.' }
        : { title: 'Missing', color: 'red', why: 'The configuration names it, and it is nowhere.' };
  return (
    <Tooltip label={look.why}>
      <Badge variant="light" size="sm" color={look.color}>
        {look.title}
      </Badge>
    </Tooltip>
  );
}

/** Names have endings, and the server takes a path with an ending for a file; so the name stands behind the path. */
export function templateAddress(area: TemplateArea, name: string): string {
  return `/templates/text?${new URLSearchParams({ area, name }).toString()}`;
}
