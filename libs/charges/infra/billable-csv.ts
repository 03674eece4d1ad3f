import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type BillingPeriod, type Currency, FORMULA_STARTS, minorUnitDigits } from '#kernel';
import { BILLABLE_STANDINGS } from '#ledger';
import { makeRoomForBulkWork } from '#platform';

/** Some rows as they stand in a CSV file, in UTF-8. */
export interface CsvPiece {
  readonly bytes: Buffer;
  readonly rowCount: number;
}

/** Code points, as SQL's `ascii` tells that of a text's first character. */
const FORMULA_CODES = FORMULA_STARTS.map((character) => character.codePointAt(0)).join(', ');

/**
 * The rows of a detail journal, written by Postgres and not row by row here, which takes a quarter of the time: period, PI, project, fund/org,
 * service, resource id, resource name, amount, list cost, discount. Text is guarded against formulas; amounts have all their decimals, and at
 * least those of the currency. Quotes as RFC 4180 asks for them, rows end in CRLF.
 * @param client in a transaction, which gets room for sorting; a COPY that is left in the middle makes its connection useless
 */
export async function* billableCsv(
  client: PoolClient,
  period: BillingPeriod,
  currency: Currency,
  includeFlagged: boolean,
): AsyncGenerator<CsvPiece, void, void> {
  await makeRoomForBulkWork(client);
  const standings = includeFlagged ? [...BILLABLE_STANDINGS, 'flagged'] : BILLABLE_STANDINGS;
  const texts = ['period', 'pi_email', 'project_id', 'fund_org', 'service_name', 'resource_id', 'resource_name'];
  const digits = minorUnitDigits(currency);
  const amounts = ['c.amount', 'c.list_cost', 'c.list_cost - c.amount'];
  const literal = (text: string): string => client.escapeLiteral(text);
  const rows = `
    select ${[...texts.map((column) => guarded(`c.${column}`)), ...amounts.map((amount) => padded(amount, digits))].join(', ')}
    from charges c
    where c.period = ${literal(period)} and c.currency = ${literal(currency)} and c.standing in (${standings.map(literal).join(', ')})
    order by c.pi_email collate "C", c.project_id collate "C", c.fund_org collate "C", c.service_name collate "C", c.import_id, c.line_no`;
  let isInQuotes = false;
  for await (const chunk of client.query(copyTo(`copy (${rows}) to stdout (format csv)`)) as AsyncIterable<Buffer>) {
    const { bytes, isQuoteOpen } = withCarriageReturns(chunk, isInQuotes);
    isInQuotes = isQuoteOpen;
    yield { bytes, rowCount: bytes.length - chunk.length };
  }
}

/** As `guardFormula` of the kernel does. COPY writes null as nothing and quotes a text that is empty. */
function guarded(column: string): string {
  return `case when ascii(${column}) in (${FORMULA_CODES}) then '''' || ${column} else nullif(${column}, '') end`;
}

function padded(amount: string, digits: number): string {
  return `round(${amount}, greatest(min_scale(${amount}), ${digits}))`;
}

/**
 * COPY ends rows in a bare line feed. Those within quotes belong to a cell and stay; outside, an escaped quote counts twice and so changes nothing.
 * One byte is one character here: no letter in UTF-8 has a byte of a quote or a line feed.
 */
function withCarriageReturns(chunk: Buffer, isInQuotes: boolean): { bytes: Buffer; isQuoteOpen: boolean } {
  const pieces = chunk.toString('latin1').split('"');
  const first = isInQuotes ? 1 : 0;
  const written = pieces.map((piece, index) => ((first + index) % 2 === 0 ? piece.replaceAll('\n', '\r\n') : piece));
  return { bytes: Buffer.from(written.join('"'), 'latin1'), isQuoteOpen: (first + pieces.length) % 2 === 0 };
}
