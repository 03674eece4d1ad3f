// A second door, because it pulls in the whole program; specs of a lower layer need the database alone.
export { by, TestProgram } from './harness/test-program.js';
export { startTestServices, type TestServices, type TestServicesOptions } from './harness/test-services.js';
