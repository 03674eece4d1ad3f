import { Module } from '@nestjs/common';
import { ChargeLinesModule } from '#charge-lines';
import { BookingRows } from '#journals';
import { VerifyAuditHandler } from './application/verify-audit.handler.js';
import { ProvenFacts } from './infra/proven-facts.js';

@Module({ imports: [ChargeLinesModule], providers: [ProvenFacts, BookingRows, VerifyAuditHandler], exports: [VerifyAuditHandler] })
export class AuditModule {}
