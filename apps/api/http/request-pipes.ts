import { type ArgumentMetadata, type PipeTransform, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type BillingPeriod, billingPeriod, DomainError, type Problem } from '#kernel';

/** Ids are 32-bit integers in the database. */
const MAX_ID = 2 ** 31 - 1;

/** Checks what a request brings against its class: nothing undeclared passes, and every finding is listed with its field. */
export class RequestValidation extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => findings(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'query' || typeof value !== 'object' || value === null)
      return super.transform(value, metadata) as Promise<unknown>;
    // `wait` belongs to every reading route and is seen to before (ReadAtPosition).
    const { wait: _wait, ...query } = value as Record<string, unknown>;
    return super.transform(query, metadata) as Promise<unknown>;
  }
}

/** A month in a path. @throws DomainError `period.malformed` */
export class PeriodPipe implements PipeTransform<string, BillingPeriod> {
  transform(text: string): BillingPeriod {
    return billingPeriod(text);
  }
}

/** A whole number above zero in a path; Nest has made a number of it already, or NaN. @throws DomainError `request.invalid` */
export class NumberPipe implements PipeTransform<unknown, number> {
  transform(value: unknown, { data }: ArgumentMetadata): number {
    const where = data ?? 'path';
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MAX_ID) {
      throw invalidRequest([{ where, what: `${where} must be a whole number such as 12` }]);
    }
    return value;
  }
}

export function invalidRequest(problems: readonly Problem[]): DomainError {
  const what = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new DomainError(
    'request.invalid',
    'invalid',
    `The request has ${what}: ${problems.map((problem) => problem.what).join('; ')}.`,
    problems,
  );
}

function findings(error: ValidationError, prefix: string): Problem[] {
  const where = `${prefix}${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((what) => ({ where, what }));
  return [...own, ...(error.children ?? []).flatMap((child) => findings(child, `${where}.`))];
}
