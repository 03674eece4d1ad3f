import { Decimal } from '#kernel';

/** Four entries as `templateContext` gives them to a template: two debits, two credits, with awkward text. */
export function templateEntries(): readonly Readonly<Record<string, unknown>>[] {
  const blank = { reference_id: '', program: '', activity: '', location: '', pi_email: '', project_id: '', period: '2024-11' };
  const debit = { ...blank, is_debit: true, is_credit: false, description: 'tape 2024-11 Research Computing Charges' };
  const credit = { ...debit, is_debit: false, is_credit: true };
  return [
    {
      ...debit,
      fund: 'G7',
      orgn: 'CHEM',
      account: '6100',
      amount: Decimal.parse('90071992547409.93'),
      source_name: 'tape',
      pi_email: 'zoë@example.edu',
      project_id: 'foam, "wet"',
    },
    {
      ...debit,
      fund: '0042',
      orgn: 'ART',
      account: '6200',
      amount: Decimal.parse('0.1'),
      source_name: 'gpu',
      pi_email: 'bo@example.edu',
      project_id: 'ink',
    },
    { ...credit, fund: 'TAPE', orgn: 'IT', account: '6100', amount: Decimal.parse('90071992547409.93'), source_name: 'tape' },
    { ...credit, fund: 'GPU', orgn: 'IT', account: '6200', amount: Decimal.parse('0.1'), source_name: 'gpu' },
  ];
}
