import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min, IsObject, ValidateNested } from 'class-validator';
import { billingPeriod, Decimal } from '#kernel';
import { IfGiven } from '../auth/if-given.js';

/** Fields of answers: what the OpenAPI document says about them. Money is a decimal in a text, never a number. */
export const Text = (options: ApiPropertyOptions = {}): PropertyDecorator => ApiProperty({ type: String, ...options });
export const Money = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: String, format: 'decimal', example: '1234.50', ...options });
export const Whole = (options: ApiPropertyOptions = {}): PropertyDecorator => ApiProperty({ type: 'integer', ...options });
export const YesNo = (options: ApiPropertyOptions = {}): PropertyDecorator => ApiProperty({ type: Boolean, ...options });
export const Instant = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: String, format: 'date-time', ...options });
export const Period = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: String, example: '2026-01', ...options });
export const Texts = (options: ApiPropertyOptions = {}): PropertyDecorator => ApiProperty({ type: [String], ...options });
// Swagger knows a type that is given lazily by the name of the function, so it has to be written out.
export const Part = (type: () => new () => object, options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: () => type(), ...options });
export const ListOf = (type: () => new () => object, options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: () => [type()], ...options });
/** A choice; `enumName` makes it a schema of its own. */
export const Choice = (values: readonly string[], enumName: string, options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ enum: values, enumName, ...options });

/** Fields of requests: the same, and what is checked. A field with `required: false` may be left out, but not be null. */
interface Asked {
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: string;
}

const optional = (asked: Asked): PropertyDecorator[] => (asked.required === false ? [IfGiven()] : []);

export function AskText(asked: Asked & { readonly maxLength?: number } = {}): PropertyDecorator {
  const maxLength = asked.maxLength ?? 500;
  return applyDecorators(Text({ ...asked, maxLength }), ...optional(asked), IsString(), MaxLength(maxLength));
}

/** @throws DomainError `period.malformed` when a request holds something else than a month. */
export function AskPeriod(asked: Asked = {}): PropertyDecorator {
  return applyDecorators(
    Period(asked),
    ...optional(asked),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? billingPeriod(value) : value)),
    IsString(),
  );
}

/** @throws DomainError `decimal.malformed` when a request holds something else than an exact decimal. */
export function AskMoney(asked: Asked = {}): PropertyDecorator {
  return applyDecorators(
    Money(asked),
    ...optional(asked),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? Decimal.parse(value.trim()).toString() : value)),
    IsString(),
  );
}

export function AskChoice(values: readonly string[], enumName: string, asked: Asked = {}): PropertyDecorator {
  return applyDecorators(Choice(values, enumName, asked), ...optional(asked), IsIn(values));
}

export function AskWhole(asked: Asked & { readonly min: number; readonly max: number; readonly default?: number }): PropertyDecorator {
  const { min, max, ...described } = asked;
  return applyDecorators(
    Whole({ ...described, minimum: min, maximum: max }),
    ...optional(asked),
    Type(() => Number),
    IsInt(),
    Min(min),
    Max(max),
  );
}

/** In a body a boolean; in a query `true` or `false`. */
export function AskYesNo(asked: Asked = {}): PropertyDecorator {
  return applyDecorators(
    YesNo(asked),
    ...optional(asked),
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => asYesNo(obj[key])),
    IsBoolean(),
  );
}

/** In a query the parameter may be repeated. */
export function AskChoices(values: readonly string[], enumName: string, asked: Asked = {}): PropertyDecorator {
  return applyDecorators(
    Choice(values, enumName, { ...asked, isArray: true }),
    ...optional(asked),
    Transform(({ value }: { value: unknown }) => (value === undefined || Array.isArray(value) ? (value as unknown) : [value])),
    IsArray(),
    IsIn(values, { each: true }),
  );
}

export function AskTexts(asked: Asked & { readonly maxItems: number; readonly maxLength?: number }): PropertyDecorator {
  const { maxItems, maxLength = 100, ...described } = asked;
  return applyDecorators(
    Texts({ ...described, maxItems }),
    ...optional(asked),
    IsArray(),
    ArrayMaxSize(maxItems),
    IsString({ each: true }),
    MaxLength(maxLength, { each: true }),
  );
}

export function AskPart(type: () => new () => object, asked: Asked = {}): PropertyDecorator {
  return applyDecorators(Part(type, asked), ...optional(asked), IsObject(), ValidateNested(), Type(type));
}

export function AskParts(type: () => new () => object, asked: Asked & { readonly maxItems: number }): PropertyDecorator {
  const { maxItems, ...described } = asked;
  return applyDecorators(
    ListOf(type, { ...described, maxItems }),
    ...optional(asked),
    IsArray(),
    ArrayMaxSize(maxItems),
    ValidateNested({ each: true }),
    Type(type),
  );
}

function asYesNo(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}
