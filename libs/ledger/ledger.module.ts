import { Module } from '@nestjs/common';
import { LedgerQueries } from './infra/ledger.queries.js';

@Module({ providers: [LedgerQueries], exports: [LedgerQueries] })
export class LedgerModule {}
