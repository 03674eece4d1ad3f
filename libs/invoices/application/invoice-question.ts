import { Injectable } from '@nestjs/common';
import { type BillingPeriod, Decimal, minorUnitDigits } from '#kernel';
import { InvoiceQueries, type InvoiceRow } from '../infra/invoice.queries.js';

/** So many are named in the checklist; the page of invoices shows all. */
const NAMED_INVOICES = 3;
const MOST_ROWS = 1_000_000;

/** The question of the finalize checklist, asked where invoices are announced, or a source must have them. */
@Injectable()
export class InvoiceQuestion {
  constructor(private readonly invoices: InvoiceQueries) {}

  async applies(period: BillingPeriod): Promise<boolean> {
    return this.invoices.isChecked(period);
  }

  async missing(period: BillingPeriod): Promise<string | null> {
    const { invoices, sources } = await this.invoices.list(period, {}, { limit: MOST_ROWS, offset: 0 });
    const checked = new Set(sources.filter(({ isChecked }) => isChecked).map(({ source }) => source));
    const open = invoices.filter(({ source, isOpen }) => isOpen && checked.has(source));
    const announced = new Set(invoices.filter(({ expected }) => expected !== null).map(({ source }) => source));
    const unannounced = new Set(
      sources.filter(({ source, isDemanded }) => isDemanded && !announced.has(source)).map(({ source }) => source),
    );
    const findings = [
      ...(unannounced.size === 0 ? [] : [`no invoice of ${[...unannounced].join(', ')} is announced`]),
      ...(open.length === 0 ? [] : [openText(open)]),
    ];
    return findings.length === 0 ? null : `${findings.join('; ')}; mend or accept them on the page of invoices`;
  }
}

function openText(open: readonly InvoiceRow[]): string {
  const named = open.slice(0, NAMED_INVOICES).map(describe);
  const others = open.length > named.length ? [`${open.length - named.length} more`] : [];
  const count = open.length === 1 ? '1 provider invoice does not match' : `${open.length} provider invoices do not match`;
  return `${count} (${[...named, ...others].join(', ')})`;
}

function describe({ source, invoiceId, state, difference, currency }: InvoiceRow): string {
  const amount = Decimal.parse(difference);
  const money = `${amount.abs().toPadded(minorUnitDigits(currency))} ${currency}`;
  if (state === 'uninvoiced') return `${source}: ${amount.toPadded(minorUnitDigits(currency))} ${currency} without an invoice`;
  const name = `${source} ${invoiceId}`;
  if (state === 'missing') return `${name}: no lines`;
  if (state === 'unexpected') return `${name}: not announced, ${amount.toPadded(minorUnitDigits(currency))} ${currency}`;
  return `${name}: ${money} ${amount.isNegative() ? 'less' : 'more'} recorded than expected`;
}
