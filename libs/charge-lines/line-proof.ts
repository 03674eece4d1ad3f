import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import pgCopyStreams from 'pg-copy-streams';
import { Database } from '#platform';
import { columnsOfFormat, type LineFormat } from './charge-line-columns.js';

/** What the tables hold of an import, or of lines made from charges, for comparison with what their event says. */
export interface HeldLines {
  /** Compare with `linesDigest`. */
  readonly linesDigest: string;
  /** Compare with `matchesDigest`. */
  readonly matchesDigest: string;
}

/** Digests of the lines of an import and of what was found for them, as the tables hold them now. */
@Injectable()
export class LineProof {
  constructor(private readonly database: Database) {}

  /** @param format which columns the event's digest covers */
  async of(importId: number, format: LineFormat): Promise<HeldLines> {
    return this.database.withConnection((client) => heldLines(client, importId, format));
  }
}

/**
 * As {@link LineProof.of}, in the transaction of `client`: what an event that is about to be appended says of lines just written. The first
 * format does for events that name none: no rule attributed their lines.
 */
export async function heldLines(client: PoolClient, importId: number, format: LineFormat = 1): Promise<HeldLines> {
  return { linesDigest: await linesDigest(client, importId, format), matchesDigest: await matchesDigest(client, importId) };
}

/** SHA-256, hex, over what an import found for its lines: matches, then withdrawals, each as COPY prints them in order. */
export async function matchesDigest(client: PoolClient, importId: number): Promise<string> {
  return digestOf(client, [
    `select line_no, outcome, old_import_id, old_line_no from charge_line_matches where import_id = ${importId} order by line_no`,
    `select old_import_id, old_line_no from charge_line_withdrawals where import_id = ${importId} order by old_import_id, old_line_no`,
  ]);
}

/** What is in a column that the digest does not cover was put there later: it is added to the digest, which then is another one. */
async function linesDigest(client: PoolClient, importId: number, format: LineFormat): Promise<string> {
  const { covered, empty } = columnsOfFormat(format);
  const lines = `from charge_lines where import_id = ${importId}`;
  return digestOf(client, [
    `select ${covered.join(', ')} ${lines} order by line_no`,
    ...(empty.length === 0 ? [] : [`select ${empty.join(', ')} ${lines} and num_nonnulls(${empty.join(', ')}) > 0 order by line_no`]),
  ]);
}

async function digestOf(client: PoolClient, queries: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const query of queries) {
    for await (const chunk of client.query(pgCopyStreams.to(`copy (${query}) to stdout`)) as AsyncIterable<Buffer>) hash.update(chunk);
  }
  return hash.digest('hex');
}
