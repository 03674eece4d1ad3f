import { Module } from '@nestjs/common';
import { ImportsModule } from '#imports';
import { VerifyAuditHandler } from './application/verify-audit.handler.js';
import { ProvenFacts } from './infra/proven-facts.js';

@Module({ imports: [ImportsModule], providers: [ProvenFacts, VerifyAuditHandler], exports: [VerifyAuditHandler] })
export class AuditModule {}
