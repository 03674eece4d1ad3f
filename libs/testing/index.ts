export { TestClock } from './harness/test-clock.js';
export { createTestDatabase, type TestDatabase } from './harness/test-database.js';
export { tamper } from './harness/tamper.js';
