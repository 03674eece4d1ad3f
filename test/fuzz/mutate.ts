import type { Random } from '../faults/random.js';

/** One way to damage a file; it may happen to leave it as it was. */
type Mutation = (bytes: Buffer, random: Random, other: () => Buffer) => Buffer;

const HUGE_CELL_BYTES = [60_000, 200_000];
const NASTY_PIECES: readonly Buffer[] = [
  ...['"', '""', ',', '\n', '\r', '\r\n', '\0', ';', '\t', '\uFEFF', '\u2028', '{', '\\', '-', 'e', '.', '  ', ',,,,', '"\n"', '","'].map(
    (text) => Buffer.from(text),
  ),
  Buffer.from([0xff]),
  Buffer.from([0xc3]),
  Buffer.from([0xe2, 0x82]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf0, 0x9f, 0x92]),
  Buffer.from([0x80]),
  Buffer.from([0xff, 0xfe]),
];

const MUTATIONS: readonly Mutation[] = [
  function flipBits(bytes, random) {
    const changed = Buffer.from(bytes);
    const at = random.below(changed.length || 1);
    if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    return changed;
  },
  function insertPiece(bytes, random) {
    return splice(bytes, random.below(bytes.length + 1), 0, random.one(NASTY_PIECES));
  },
  function deleteSome(bytes, random) {
    return splice(bytes, random.below(bytes.length || 1), 1 + random.below(random.chance(0.5) ? 3 : 200), Buffer.alloc(0));
  },
  function overwriteSome(bytes, random) {
    const piece = random.one(NASTY_PIECES);
    return splice(bytes, random.below(bytes.length || 1), piece.length, piece);
  },
  function repeatSome(bytes, random) {
    const at = random.below(bytes.length || 1);
    const piece = bytes.subarray(at, at + 1 + random.below(300));
    return splice(bytes, random.below(bytes.length + 1), 0, piece);
  },
  function cutShort(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function spliceOther(bytes, random, other) {
    const tail = other();
    return Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), tail.subarray(random.below(tail.length + 1))]);
  },
  function appendOther(bytes, _random, other) {
    return Buffer.concat([bytes, other()]);
  },
  function hugeCell(bytes, random) {
    const fill = Buffer.alloc(random.one(HUGE_CELL_BYTES), random.one(['x', '9', 'é']));
    const inQuotes = random.chance(0.5) ? Buffer.concat([Buffer.from('"'), fill, Buffer.from('"')]) : fill;
    return splice(bytes, afterSeparator(bytes, random), 0, inQuotes);
  },
  function shuffleHeader(bytes, random) {
    return withHeader(bytes, (cells) => random.shuffled(cells));
  },
  function doubleHeaderCell(bytes, random) {
    return withHeader(bytes, (cells) => [...cells, random.one(cells)]);
  },
  function dropHeaderCell(bytes, random) {
    const at = random.below(20);
    return withHeader(bytes, (cells) => cells.filter((_, index) => index !== at));
  },
  function renameHeaderCell(bytes, random) {
    const name = random.one(['', 'x', 'BilledCost', 'tags', '"', 'lineItem/UsageAccountId', 'MeterId', 'ContractCommitmentId', 'é']);
    const at = random.below(12);
    return withHeader(bytes, (cells) => cells.map((cell, index) => (index === at ? name : cell)));
  },
  function garbageCell(bytes, random) {
    const at = afterSeparator(bytes, random);
    const text = random.one([
      '1,5',
      '$1',
      '5/1/25',
      '1e99999',
      '-',
      'NaN',
      '0'.repeat(5000),
      `1${'0'.repeat(250)}`,
      '9999-99-99',
      '{"a":',
      '"',
    ]);
    return splice(bytes, at, 0, Buffer.from(text));
  },
  function otherEncoding(bytes, random) {
    const text = bytes.toString('utf8');
    const utf16 = Buffer.from(text, 'utf16le');
    return random.one([Buffer.from(text, 'latin1'), utf16, Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])]);
  },
];

/** Damages a file in one to four ways. */
export function mutate(bytes: Buffer, random: Random, other: () => Buffer): Buffer {
  let mutated = bytes;
  const rounds = 1 + random.below(4);
  for (let round = 0; round < rounds; round++) mutated = random.one(MUTATIONS)(mutated, random, other);
  return mutated;
}

/** Damages a packed file: cuts it short, or changes a byte of it. */
export function mutatePacked(packed: Buffer, random: Random): Buffer {
  if (random.chance(0.5)) return packed.subarray(0, random.below(packed.length));
  const changed = Buffer.from(packed);
  const at = 2 + random.below(changed.length - 2);
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  return changed;
}

function splice(bytes: Buffer, at: number, deleted: number, inserted: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + deleted)]);
}

/** A place where a cell begins, most often. */
function afterSeparator(bytes: Buffer, random: Random): number {
  const from = random.below(bytes.length + 1);
  const comma = bytes.indexOf(',', from);
  return comma === -1 ? from : comma + 1;
}

/** Changes the cells of the first line, as far as it has simple ones. */
function withHeader(bytes: Buffer, change: (cells: readonly string[]) => readonly string[]): Buffer {
  const text = bytes.toString('utf8');
  const end = text.search(/[\r\n]/);
  const header = end === -1 ? text : text.slice(0, end);
  return Buffer.from(change(header.split(',')).join(',') + text.slice(header.length));
}
