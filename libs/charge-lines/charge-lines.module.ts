import { Module } from '@nestjs/common';
import { LineProof } from './line-proof.js';

@Module({ providers: [LineProof], exports: [LineProof] })
export class ChargeLinesModule {}
