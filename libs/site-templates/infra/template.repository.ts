import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#platform';
import type { SavedTemplate } from '../domain/site-template.decide.js';
import { type TemplateArea, templateStream } from '../domain/site-template.events.js';

/** Saved templates as the log says at this moment: what was saved is used by the next journal, whatever read models have seen. */
@Injectable()
export class TemplateRepository {
  constructor(private readonly database: Database) {}

  /** Two changes of a template at the same moment are decided on one after the other. */
  async lock(area: TemplateArea, name: string, tx: Tx): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [templateStream(area, name)]);
  }

  async find(area: TemplateArea, name: string, tx?: Tx): Promise<SavedTemplate> {
    const [last] = await (tx ?? this.database).query<SavedTemplate>(
      `select version, case type when 'TemplateSaved' then data ->> 'text' end as text from events where stream = $1 order by version desc limit 1`,
      [templateStream(area, name)],
    );
    return last ?? { version: 0, text: null };
  }

  /** The text of a version; undefined for one that does not exist, or removed the template. */
  async textOf(area: TemplateArea, name: string, version: number): Promise<string | undefined> {
    const [found] = await this.database.query<{ text: string }>(
      `select data ->> 'text' as text from events where stream = $1 and version = $2 and type = 'TemplateSaved'`,
      [templateStream(area, name), version],
    );
    return found?.text;
  }
}
