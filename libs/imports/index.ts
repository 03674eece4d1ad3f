export { PreviewImportHandler, type PreviewOutcome, type PreviewState } from './application/preview-import.handler.js';
export { type ReceivedImport, type ReceiveImport, ReceiveImportHandler } from './application/receive-import.handler.js';
export { WithdrawImportHandler } from './application/withdraw-import.handler.js';
export { guessFromFileName } from './domain/guess-from-file-name.js';
export type { ImportReport } from './domain/import.events.js';
export { IMPORT_UPCASTERS } from './domain/import.upcasters.js';
export { ImportsModule, recordJobId } from './imports.module.js';
export { LineProof } from './infra/line-proof.js';
export { type ImportFilter, ImportQueries, type ImportRow } from './infra/import.queries.js';
