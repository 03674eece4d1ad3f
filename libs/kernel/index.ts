export { type BillingPeriod, billingPeriod, isBillingPeriod, periodTitle } from './billing-period.js';
export { CLOCK, type Clock, systemClock } from './clock.js';
export { type Currency, currency, minorUnitDigits } from './currency.js';
export { Decimal } from './decimal.js';
export { DomainError, type ErrorKind, type Problem } from './domain-error.js';
export { foldIdentifier, isEmailAddress } from './email-address.js';
export { LinearPattern } from './linear-pattern.js';
export { formatMoney, writeAmount } from './money.js';
