export { type FocusHeader } from './focus-header.js';
export { type FocusVersion } from './focus-columns.js';
export { missingColumns, type FocusLevel, type MissingColumn } from './focus-column-levels.js';
export { FocusReader } from './focus-reader.js';
export { type AttributionField, type CostBasis, type FocusLimits, type FocusReaderOptions, type TagMapping } from './focus-options.js';
export { openFocusFile, type FocusFileOptions } from './open-focus-file.js';
