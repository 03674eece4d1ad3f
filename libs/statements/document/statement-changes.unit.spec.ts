import { describe, expect, it } from 'vitest';
import { openPdf, textOfPages } from '../testing/pdf-text.js';
import type { RevisionChanges, ServiceChange } from './statement-document.js';
import { moneyTriple, render, statementDocument } from './statement-document.factory.js';

const COMPUTE = { fundOrg: '12345-67890', serviceName: 'Compute', source: 'Cluster', ...moneyTriple('12.50', '12.50') };
const NOTHING: RevisionChanges = {
  since: 1,
  addedCount: 0,
  goneCount: 0,
  changedCount: 0,
  dueBefore: '12.50',
  dueAfter: '12.50',
  services: [],
};

async function textOf(changes: RevisionChanges | null): Promise<string> {
  const bytes = render(statementDocument({ revision: 2, services: [COMPUTE], changes }));
  return (await textOfPages(await openPdf(bytes))).join('\n');
}

const service = (serviceName: string, dueBefore: string, dueAfter: string): ServiceChange => ({
  fundOrg: '12345-67890',
  serviceName,
  dueBefore,
  dueAfter,
});

describe('what changed since the last revision', () => {
  it('is not spoken of on a first revision', async () => {
    expect(await textOf(null)).not.toContain('What changed');
  });

  it('says how many charges, and the money per service with the largest change first', async () => {
    const text = await textOf({
      ...NOTHING,
      addedCount: 1200,
      goneCount: 1,
      changedCount: 3,
      dueBefore: '10.00',
      dueAfter: '1012.50',
      services: [service('Archive', '10.00', '8.00'), service('Compute', '0.00', '1004.50')],
    });
    expect(text).toContain('What changed since revision 1');
    expect(text).toContain('1,200 charges added, 1 charge gone, 3 charges changed. The amount due was $10.00 and is $1,012.50.');
    expect(text.indexOf('Archive')).toBeGreaterThan(text.indexOf('Compute'));
    expect(text).toContain('1,004.50');
    expect(text).toContain('\u22122.00');
    expect(text).toContain('1,002.50');
  });

  it('says that the amount is the same where charges changed and money did not', async () => {
    const text = await textOf({ ...NOTHING, changedCount: 1 });
    expect(text).toContain('1 charge changed. The amount due is the same.');
    expect(text).not.toContain('Difference');
  });

  it('says so where only the review of the charges changed', async () => {
    expect(await textOf(NOTHING)).toContain('The charges are the same; some were reviewed again. The amount due is the same.');
  });

  it('stays short, and its total whole, with any number of services', async () => {
    const services = Array.from({ length: 40 }, (_, index) => service(`Service ${index}`, '0.00', `${index + 1}.00`));
    const text = await textOf({ ...NOTHING, addedCount: 40, dueBefore: '0.00', dueAfter: '820.00', services });
    expect(text).toContain('28 more services');
    expect(text).toContain('406.00');
    expect(text).toContain('820.00');
  });
});
