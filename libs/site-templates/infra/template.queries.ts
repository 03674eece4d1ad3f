import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { TemplateAreas } from '../application/area-templates.js';
import type { TemplateOrigin } from '../application/site-templates.js';
import type { TemplateArea } from '../domain/site-template.events.js';

/** A template of an area, wherever its text comes from. */
export interface TemplateRow {
  readonly area: TemplateArea;
  readonly name: string;
  /** Whose text counts; null: none, because it was removed, or the configuration names one that is not there. */
  readonly origin: TemplateOrigin | null;
  /** Everywhere a text of that name is; what counts stands first. */
  readonly origins: readonly TemplateOrigin[];
  /** Of what was saved, removals counted; 0: never. */
  readonly version: number;
  /** The last change here; null: there was none. */
  readonly note: string | null;
  readonly changedBy: string | null;
  readonly changedAt: Date | null;
  /** Settings that name it. */
  readonly configuredAs: readonly string[];
}

export interface TemplateVersion {
  readonly version: number;
  readonly action: 'saved' | 'removed';
  readonly bytes: number;
  readonly note: string | null;
  readonly changedBy: string;
  readonly changedAt: Date;
}

interface SavedRow extends TemplateVersion {
  readonly area: TemplateArea;
  readonly name: string;
}

const COLUMNS = 'version, action, bytes, note, changed_by as "changedBy", changed_at as "changedAt"';

/** Reads which templates there are, and what became of them. */
@Injectable()
export class TemplateQueries {
  constructor(
    private readonly database: Database,
    private readonly areas: TemplateAreas,
  ) {}

  /** By area and name. */
  async list(): Promise<TemplateRow[]> {
    const saved = await this.database.query<SavedRow>(
      `select distinct on (area, name) area, name, ${COLUMNS} from site_template_versions order by area, name, version desc`,
    );
    const rows = await Promise.all(
      this.areas.all().map(({ area }) =>
        this.ofArea(
          area,
          saved.filter((row) => row.area === area),
        ),
      ),
    );
    return rows.flat();
  }

  /** As {@link TemplateQueries.list} has it; of a name that nothing has yet, that there is nothing. */
  async get(area: TemplateArea, name: string): Promise<TemplateRow> {
    const saved = await this.database.query<SavedRow>(
      `select area, name, ${COLUMNS} from site_template_versions where area = $1 and name = $2 order by version desc limit 1`,
      [area, name],
    );
    const nothing = { origin: null, origins: [], version: 0, note: null, changedBy: null, changedAt: null, configuredAs: [] };
    return (await this.ofArea(area, saved)).find((row) => row.name === name) ?? { area, name, ...nothing };
  }

  /** Newest first. */
  async versions(area: TemplateArea, name: string): Promise<TemplateVersion[]> {
    return this.database.query<TemplateVersion>(
      `select ${COLUMNS} from site_template_versions where area = $1 and name = $2 order by version desc`,
      [area, name],
    );
  }

  private async ofArea(area: TemplateArea, saved: readonly SavedRow[]): Promise<TemplateRow[]> {
    const files = await this.areas.files(area).list();
    const configured = this.areas.get(area).configured();
    // The folder is that of all areas: what the configuration names for another one is no template of this one.
    const elsewhere = new Set(this.areas.all().flatMap((other) => (other.area === area ? [] : other.configured().map(({ name }) => name))));
    const here = files.filter(
      ({ name, origin }) => origin === 'shipped' || !elsewhere.has(name) || configured.some((one) => one.name === name),
    );
    const names = new Set([...saved, ...here, ...configured].map(({ name }) => name));
    return [...names].sort(byName).map((name) => {
      const last = saved.find((row) => row.name === name);
      const inFiles = here.filter((file) => file.name === name).map(({ origin }) => origin);
      const origins: TemplateOrigin[] = [...(last?.action === 'saved' ? (['saved'] as const) : []), ...inFiles];
      const { version = 0, note = null, changedBy = null, changedAt = null } = last ?? {};
      const configuredAs = configured.filter((one) => one.name === name).map(({ setting }) => setting);
      return { area, name, origin: origins[0] ?? null, origins, version, note, changedBy, changedAt, configuredAs };
    });
  }
}

function byName(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
