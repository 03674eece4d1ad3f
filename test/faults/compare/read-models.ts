/** What answers a query: a server of the harness, or the program's own database. */
interface Readable {
  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** Every value as Postgres writes it: a number of JavaScript would not tell all amounts apart. */
type Row = Readonly<Record<string, string | null>>;
/** Table → its rows as lines of JSON, sorted. */
export type Tables = ReadonlyMap<string, readonly string[]>;

/** The log and its payload, the state of readers, secrets and sessions: no read models. Every other table is one. */
const NO_READ_MODELS = [
  'events',
  'log_epochs',
  'charge_lines',
  'charge_line_matches',
  'charge_line_withdrawals',
  'journal_bookings',
  'projections',
  'projection_rebuilds',
  'schema_migrations',
  'credentials',
  'sessions',
  'sign_in_throttle',
];
/** Tell how the work went, not what came of it. */
const TELLS_OF_THE_WORK = ['failed_jobs'];

/** Told apart from run to run: ids given in the order of work, and digests and bytes that times and ids went into. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  '*': ['import_id', 'run_id', 'position', 'ledger_digest'],
  statements: ['sha256'],
  deliveries: ['response', 'attempts'],
  journals: ['number', 'file_name'],
};

/** All read models, as they are. */
export async function dumpExactly(postgres: Readable): Promise<Tables> {
  return dump(postgres, (_table, rows) => rows);
}

/** All read models without what may differ between two months that came to the same. */
export async function dumpNormalised(postgres: Readable): Promise<Tables> {
  const imports = await postgres.query<{ import_id: string; label: string }>(
    `select import_id::text, source || '/' || file_name as label from imports`,
  );
  const labels = new Map(imports.map(({ import_id, label }) => [import_id, label]));
  return dump(postgres, (table, rows, timeColumns) => {
    if (TELLS_OF_THE_WORK.includes(table)) return [];
    const left = [...(LEFT_OUT['*'] ?? []), ...(LEFT_OUT[table] ?? []), ...timeColumns];
    return settled(table, rows).map((row) => ({
      ...Object.fromEntries(Object.entries(row).filter(([column]) => !left.includes(column))),
      ...('import_id' in row ? { import: labels.get(row['import_id'] ?? '') ?? row['import_id'] ?? null } : {}),
    }));
  });
}

async function dump(
  postgres: Readable,
  normalise: (table: string, rows: readonly Row[], timeColumns: readonly string[]) => readonly Row[],
): Promise<Tables> {
  const tables = await postgres.query<{ name: string; columns: string[]; times: string[] }>(
    `select c.relname as name, array(
       select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns, array(
       select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.atttypid = 'timestamptz'::regtype) as times
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and not c.relname = any($1) order by c.relname`,
    [NO_READ_MODELS],
  );
  const dumped = new Map<string, readonly string[]>();
  for (const { name, columns, times } of tables) {
    const rows = await postgres.query<{ row: Row }>(
      `select jsonb_build_object(${columns.map((column) => `'${column}', "${column}"::text`).join(', ')}) as row from ${name}`,
    );
    const lines = normalise(
      name,
      rows.map(({ row }) => row),
      times,
    ).map((row) => JSON.stringify(row));
    dumped.set(name, lines.sort());
  }
  return dumped;
}

/** What the office did twice because the program gave up on it counts once, as it ended. */
function settled(table: string, rows: readonly Row[]): readonly Row[] {
  switch (table) {
    case 'imports':
      return rows.filter((row) => row['state'] !== 'refused').map((row) => ({ ...row, report: reportOfAnyMoment(row['report'] ?? null) }));
    case 'journals':
      return lastPer(rows, 'format', (row) => (row['number'] ?? '').padStart(10, '0'));
    case 'deliveries':
      return lastPer(rows, 'pi_email', (row) => row['queued_at'] ?? '');
    case 'statement_runs': {
      const issued = rows.reduce((sum, row) => sum + Number(row['issued']), 0);
      const states = [...new Set(rows.map((row) => `${row['period'] ?? ''} ${row['state'] ?? ''}`))];
      return [{ issued: String(issued), states: states.join(', ') }];
    }
    default:
      return rows;
  }
}

/** Whose money an import changes is told against what all sources had brought until then, and several workers read files in any order. */
function reportOfAnyMoment(report: string | null): string | null {
  if (report === null) return null;
  const { piChanges: _piChanges, ...rest } = JSON.parse(report) as Record<string, unknown>;
  return JSON.stringify(rest);
}

function lastPer(rows: readonly Row[], key: string, place: (row: Row) => string): readonly Row[] {
  const last = new Map<string | null | undefined, Row>();
  for (const row of rows) {
    const found = last.get(row[key]);
    if (found === undefined || place(row) > place(found)) last.set(row[key], row);
  }
  return [...last.values()];
}
