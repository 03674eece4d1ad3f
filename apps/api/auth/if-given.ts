import { ValidateIf } from 'class-validator';

/** The field may be left out, but not be null: `IsOptional` would let null through unchecked. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}
