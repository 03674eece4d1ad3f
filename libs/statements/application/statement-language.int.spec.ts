import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../../../test/support/eventually.js';
import { focusCsv } from '../../../test/support/focus-csv.js';
import { Office } from '../../../test/support/office.js';
import { StatementQueries } from '../infra/statement.queries.js';
import { readStatement, type StatementText } from '../testing/read-statement.js';
import { StatementRunHandler } from './statement-run.handler.js';

const PERIOD = billingPeriod('2025-03');
const SCOPE = { piEmail: 'ada@example.edu', projectId: 'engine' };
const TAGS = { pi_email: SCOPE.piEmail, project_id: SCOPE.projectId, fund_org: 'PHYS-100', reference_2: 'X-7', end_date: '2025-04-10' };

describe('a statement whose office changes its language', () => {
  let english: TestProgram;
  let german: TestProgram;

  const run = async (program: TestProgram): Promise<{ issued: number; unchanged: number | null }> => {
    const { runId } = await program.get(StatementRunHandler).request(PERIOD, false, by('reviewer@example.edu'));
    return eventually(async () => {
      await program.settle();
      const found = await program.get(StatementQueries).run(runId);
      return found.state === 'completed' ? found : undefined;
    });
  };
  const current = async (): Promise<StatementText> => {
    const [statement] = await german.get(StatementQueries).current(PERIOD);
    return readStatement(await buffer(await german.services.storage.open(statement?.sha256 ?? '')));
  };

  beforeAll(async () => {
    english = await TestProgram.start();
    await new Office(english).import(focusCsv([{ billed: '1234.50', tags: TAGS }]));
    await run(english);
    await english.work.stop();
    // The office writes it into its configuration, and starts the program anew.
    await writeFile(english.services.config.file ?? '', 'dev_mode: true\nstatement: {locale: de-DE, wording: {fund_org: Innenauftrag}}\n');
    german = await TestProgram.start({ beside: english });
  });

  afterAll(async () => {
    await german.stop();
    await english.stop();
  });

  it('is not made again for that', async () => {
    expect(await run(german)).toMatchObject({ issued: 0, unchanged: 1 });
    const { paragraphs } = await current();
    expect(paragraphs).toContain('Statement for March 2025');
    expect(paragraphs).toContain('Reference 2 X-7');
    expect(paragraphs).toContain('This project ends on 2025-04-10.');
  });

  it('is previewed in the new language', async () => {
    const { pdf } = await german.get(StatementRunHandler).preview(PERIOD, SCOPE);
    const { paragraphs } = await readStatement(pdf);
    for (const part of [
      'Vorschau: Diese Abrechnung wurde noch nicht ausgestellt, und ihr Prüfcode ist noch nicht bekannt.',
      'Abrechnung für März 2025',
      'Innenauftrag PHYS-100',
      'Referenz 2 X-7',
      'Dieses Projekt endet am 2025-04-10.',
      'Zu zahlender Betrag 1.234,50 $',
    ])
      expect(paragraphs).toContain(part);
  });

  it('is in it as soon as its charges change, and says what changed', async () => {
    await new Office(german).import(focusCsv([{ billed: '-10', resource: 'node-2', tags: TAGS }]));
    expect(await run(german)).toMatchObject({ issued: 1, unchanged: 0 });
    const { paragraphs, tables } = await current();
    expect(paragraphs).toContain('Änderungen seit Fassung 1');
    expect(paragraphs).toContain('1 Posten hinzugekommen. Der zu zahlende Betrag betrug 1.234,50 $ und beträgt nun 1.224,50 $.');
    expect(tables.get('Einzelposten')?.at(-1)?.at(-1)).toBe('1.224,50');
    expect(tables.get('Einzelposten')?.map((cells) => cells[1])).toContain('node-2 Gutschrift');
  });
});
