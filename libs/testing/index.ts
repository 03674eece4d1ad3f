export { TestClock } from './harness/test-clock.js';
export { createTestDatabase } from './harness/test-database.js';
