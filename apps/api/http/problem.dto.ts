import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';
import { ListOf, Text, Whole } from './fields.js';

export class ProblemFinding {
  @Text({ description: 'Where: a field, a charge, a line, a check.' }) where!: string;
  @Text({ description: 'What is wrong there.' }) what!: string;
}

/** An error as RFC 9457 wants it. Clients go by `code`; `detail` is for people. */
export class Problem {
  @Text({ example: 'urn:openchargeback:problem:period.wrong-state' }) type!: string;
  @Text({ example: 'Conflict' }) title!: string;
  @Whole({ example: 409 }) status!: number;
  @Text({ example: 'period.wrong-state' }) code!: string;
  @Text({ description: 'What is wrong, where, and how to mend it.' }) detail!: string;
  @ListOf(() => ProblemFinding, { required: false, description: 'Single findings where there are several.' })
  problems?: readonly ProblemFinding[];
  @ApiProperty({ type: String, description: 'Names the request in the log.' }) correlationId!: string;
}

const DESCRIPTIONS = {
  400: 'The request is malformed; `problems` lists the fields.',
  404: 'There is no such thing; `detail` says which.',
  409: 'The state of things forbids it; `detail` says the way out.',
  413: 'The file is too large.',
  503: 'Something this needs is away, or the read models have not reached the position; try again.',
} as const;

/** Says in the OpenAPI document how a route may fail. */
export function Fails(...statuses: readonly (keyof typeof DESCRIPTIONS)[]): MethodDecorator {
  return applyDecorators(...statuses.map((status) => ApiResponse({ status, description: DESCRIPTIONS[status] })));
}
