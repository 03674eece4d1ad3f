export { BackgroundWork, queuesNamed } from './background-work.js';
export { programVersion } from './program-version.js';
export { type ProcessPart, runProcess } from './run-process.js';
export { RuntimeModule } from './runtime.module.js';
export { type ServiceOptions, type Services, startServices } from './services.js';
