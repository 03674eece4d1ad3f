import { describe, expect, it } from 'vitest';
import { billingPeriod, Decimal } from '#kernel';
import { aPosting, someRows } from '../testing/journal-factories.js';
import { journalFormat, type JournalStream, writeDefault, writeDetail, writeGl, writeSummary } from './journal-formats.js';

const options = { period: billingPeriod('2025-03'), digits: 2, zeroRows: 'written' as const };
const withoutZeros = { ...options, zeroRows: 'left-out' as const };
const cleared = (amount: string) => [{ fundOrg: 'CLOUD-CLEARING', amount: Decimal.parse(amount) }];

async function written(stream: JournalStream): Promise<{ lines: string[]; totals: Record<string, string> }> {
  let text = '';
  for await (const chunk of stream.chunks) text += Buffer.from(chunk).toString('utf8');
  expect(text.endsWith('\r\n')).toBe(true);
  const { rowCount, debits, credits, net } = stream.totals();
  const totals = { rowCount: String(rowCount), debits: debits.toString(), credits: credits.toString(), net: net.toString() };
  return { lines: text.slice(0, -2).split('\r\n'), totals };
}

describe('journal formats', () => {
  it('detail: the header, the rows as they come, and the totals of what is booked', async () => {
    const postings = [aPosting('0.12'), aPosting('-5', { serviceName: 'x' })];
    const { lines, totals } = await written(writeDetail(someRows(['one,Zoë'], ['two', 'three']), postings));
    expect(lines).toEqual([
      'period,pi_email,project_id,fund_org,service_name,resource_id,resource_name,billed_cost,list_cost,discount_amount',
      'one,Zoë',
      'two',
      'three',
    ]);
    expect(totals).toEqual({ rowCount: '3', debits: '0.12', credits: '5', net: '-4.88' });
  });

  it('default: a row per PI, project and service, one per fund/org where there are several, zero rows included', async () => {
    const { lines, totals } = await written(
      writeDefault(
        [
          aPosting('1', { serviceName: 'S3', lineCount: 2 }),
          aPosting('2', { serviceName: 'S3', source: 'hpc', lineCount: 3 }),
          aPosting('0', { serviceName: 'EC2' }),
          aPosting('4', { serviceName: 'S3', fundOrg: 'AAA-1' }),
          aPosting('-8', { piEmail: 'a@x.edu' }),
        ],
        options,
      ),
    );
    expect(lines).toEqual([
      'BillingPeriod,PIEmail,ProjectID,FundOrg,ServiceName,Amount,ResourceCount',
      '2025-03,a@x.edu,tidal-models,OCE-F2201,Object Storage,-8.00,1',
      '2025-03,ines.moor@example.edu,tidal-models,OCE-F2201,EC2,0.00,1',
      '2025-03,ines.moor@example.edu,tidal-models,AAA-1,S3,4.00,1',
      '2025-03,ines.moor@example.edu,tidal-models,OCE-F2201,S3,3.00,5',
    ]);
    expect(totals).toEqual({ rowCount: '4', debits: '7', credits: '8', net: '-1' });
  });

  it('summary: a row per PI, project and fund/org, guarded', async () => {
    const { lines } = await written(
      writeSummary([aPosting('1'), aPosting('2', { serviceName: 'x' }), aPosting('3', { projectId: '+p' })], options),
    );
    expect(lines).toEqual([
      'period,pi_email,project_id,fund_org,total_cost,charge_count',
      "2025-03,ines.moor@example.edu,'+p,OCE-F2201,3.00,1",
      '2025-03,ines.moor@example.edu,tidal-models,OCE-F2201,3.00,2',
    ]);
  });

  it('gl: a debit per fund/org against the clearing account, refunds on the other side, zeros left out', async () => {
    const { lines, totals } = await written(
      writeGl(
        [aPosting('10.5', { fundOrg: 'B' }), aPosting('-3', { fundOrg: 'A' }), aPosting('0', { fundOrg: 'C' })],
        cleared('7.5'),
        withoutZeros,
      ),
    );
    expect(lines).toEqual([
      'period,account,description,debit,credit',
      '2025-03,A,2025-03 Research Computing Charges,,3.00',
      '2025-03,B,2025-03 Research Computing Charges,10.50,',
      '2025-03,CLOUD-CLEARING,2025-03 Research Computing Charges,,7.50',
    ]);
    expect(totals).toEqual({ rowCount: '3', debits: '10.5', credits: '10.5', net: '7.5' });
  });

  it('gl: what comes to nothing is a debit of zero where it is written, the clearing account too', async () => {
    const postings = [aPosting('3', { fundOrg: 'B' }), aPosting('-3', { fundOrg: 'A' }), aPosting('0', { fundOrg: 'C' })];
    const { lines, totals } = await written(writeGl(postings, cleared('0'), options));
    expect(lines.slice(1)).toEqual([
      '2025-03,A,2025-03 Research Computing Charges,,3.00',
      '2025-03,B,2025-03 Research Computing Charges,3.00,',
      '2025-03,C,2025-03 Research Computing Charges,0.00,',
      '2025-03,CLOUD-CLEARING,2025-03 Research Computing Charges,0.00,',
    ]);
    expect(totals).toEqual({ rowCount: '4', debits: '3', credits: '3', net: '0' });
  });

  it('default and summary leave zeros out where a delta has them write changes only', async () => {
    const postings = [aPosting('3'), aPosting('1', { projectId: 'p' }), aPosting('-1', { projectId: 'p' })];
    for (const write of [writeDefault, writeSummary]) {
      expect((await written(write(postings, options))).totals['rowCount']).toBe('2');
      expect((await written(write(postings, withoutZeros))).totals['rowCount']).toBe('1');
    }
  });

  it('gl: debits the clearing account when refunds outweigh charges', async () => {
    const { lines } = await written(writeGl([aPosting('-3')], cleared('-3'), options));
    expect(lines.at(-1)).toBe('2025-03,CLOUD-CLEARING,2025-03 Research Computing Charges,3.00,');
  });

  it('writes as many decimals as the currency has', async () => {
    const { lines } = await written(writeSummary([aPosting('1200')], { ...options, digits: 0 }));
    expect(lines[1]).toContain(',1200,1');
  });

  it('gives large files in several chunks, and totals only at the end', async () => {
    const postings = Array.from({ length: 3000 }, (_, n) => aPosting('1.5', { projectId: `a-project-with-a-name-${n}` }));
    for (const stream of [writeSummary(postings, options), writeDetail(someRows(['x'], ['y']), postings)]) {
      expect(() => stream.totals()).toThrow(/last chunk/);
      let chunks = 0;
      for await (const chunk of stream.chunks) chunks += chunk.length > 0 ? 1 : 0;
      expect(chunks).toBeGreaterThan(2);
      expect(stream.totals().net.toString()).toBe('4500');
    }
  });

  it('knows its formats by name', () => {
    expect([journalFormat('standard'), journalFormat(' GL ')]).toEqual(['detail', 'gl']);
    expect(() => journalFormat('xlsx')).toThrow(/choose one of/);
  });
});
