import { Module } from '@nestjs/common';
import { CodesInUse } from './infra/codes-in-use.queries.js';
import { LedgerQueries } from './infra/ledger.queries.js';

@Module({ providers: [LedgerQueries, CodesInUse], exports: [LedgerQueries, CodesInUse] })
export class LedgerModule {}
