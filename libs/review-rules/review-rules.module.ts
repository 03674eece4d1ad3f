import { Module } from '@nestjs/common';
import { ReviewRules } from './application/review-rules.js';

@Module({ providers: [ReviewRules], exports: [ReviewRules] })
export class ReviewRulesModule {}
