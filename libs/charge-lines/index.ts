export { CHARGE_LINE_COLUMNS, type ImportedLineFormat, LINE_FORMAT, type LineFormat, PART_LINE_FORMAT } from './charge-line-columns.js';
export { ChargeLinesModule } from './charge-lines.module.js';
export { nextLinesNumber } from './line-numbers.js';
export { heldLines, LineProof, matchesDigest } from './line-proof.js';
