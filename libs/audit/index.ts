export { AuditModule } from './audit.module.js';
export { type AuditFinding, type AuditProgress, type AuditReport, VerifyAuditHandler } from './application/verify-audit.handler.js';
