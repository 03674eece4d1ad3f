export { CHARGE_LINE_COLUMNS, LINE_FORMAT, type LineFormat } from './charge-line-columns.js';
export { ChargeLinesModule } from './charge-lines.module.js';
export { heldLines, LineProof, matchesDigest } from './line-proof.js';
