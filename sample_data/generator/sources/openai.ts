import { amount, priced, writeAmount } from '../amount.js';
import { dayOf, weeks, wholeMonth, type SamplePeriod } from '../calendar.js';
import type { ChargeDraft, SourceProfile } from '../focus-row.js';
import { SeededRandom } from '../seeded-random.js';
import { PROJECTS, projectsUsing, tagsOf, whileActive, type Project } from '../university.js';

/** Every cell quoted, times without seconds, descriptions over two lines, tags with a key of the provider's own. */
export const openaiProfile: SourceProfile = {
  name: 'openai',
  columns: [
    'Tags',
    'BilledCost',
    'BillingAccountId',
    'BillingAccountName',
    'BillingCurrency',
    'BillingPeriodEnd',
    'BillingPeriodStart',
    'ChargeCategory',
    'ChargeClass',
    'ChargeDescription',
    'ChargePeriodEnd',
    'ChargePeriodStart',
    'ConsumedQuantity',
    'ConsumedUnit',
    'ContractedCost',
    'EffectiveCost',
    'InvoiceIssuerName',
    'ListCost',
    'PricingQuantity',
    'PricingUnit',
    'ProviderName',
    'PublisherName',
    'ResourceId',
    'ResourceName',
    'ServiceCategory',
    'ServiceName',
    'SkuId',
    'SubAccountId',
  ],
  dialect: { byteOrderMark: false, newline: '\r\n', quotes: 'all', finalNewline: true },
  constants: {
    BillingAccountId: 'org-wrenvalley',
    BillingAccountName: 'Wren Valley University',
    ProviderName: 'OpenAI',
    PublisherName: 'OpenAI',
    InvoiceIssuerName: 'OpenAI',
  },
  subAccounts: ['proj_humanities', 'proj_sciences'],
  nullCell: '',
  writeTime: (moment) => `${moment.slice(0, 10)}T00:00Z`,
  writeAmount: (value) => writeAmount(value, 6),
  writeTags: (tags) => JSON.stringify({ 'workspace/name': 'Wren Valley', seats: 25, ...tags }),
};

function projectCharges(project: Project, period: SamplePeriod, random: SeededRandom): ChargeDraft[] {
  const charges: ChargeDraft[] = [];
  for (const week of weeks(period)) {
    const window = whileActive(project, week);
    if (window === undefined) continue;
    for (const [kind, price] of [
      ['input', '0.00000125'],
      ['output', '0.00001'],
    ] as const) {
      const tokens = String(random.between(900, kind === 'input' ? 9_000_000 : 800_000));
      charges.push({
        window,
        description: `${kind} tokens`,
        service: 'OpenAI API',
        serviceCategory: 'AI and Machine Learning',
        // The provider states no list price; what is billed is the list price then.
        billed: priced(tokens, price),
        resourceId: `asst_${project.pi.slice(0, 4)}_${kind}`,
        resourceName: `assistant of ${project.id}`,
        sku: `tokens-${kind}`,
        quantity: tokens,
        unit: 'Tokens',
        tags: tagsOf(project),
      });
    }
  }
  return charges;
}

function unusualCharges(period: SamplePeriod): ChargeDraft[] {
  const seat = {
    window: wholeMonth(period),
    category: 'Purchase' as const,
    service: 'ChatGPT Edu',
    serviceCategory: 'AI and Machine Learning',
  };
  const twin: ChargeDraft = {
    ...seat,
    description: 'Seat,\r\nbilled monthly',
    list: amount('25'),
    billed: amount('18.75'),
    quantity: '1',
    unit: 'Seats',
    tags: tagsOf(PROJECTS.speechCorpus),
  };
  return [
    twin,
    twin,
    {
      ...seat,
      description: 'Seat of someone who gave no address',
      list: amount('25'),
      billed: amount('18.75'),
      tags: tagsOf(PROJECTS.rareBooks, { pi_email: 'papadaki' }),
    },
    {
      ...seat,
      description: 'Seat "shared" by a course',
      list: amount('25'),
      billed: amount('18.75'),
      tags: tagsOf(PROJECTS.papyrusArchive, { pi_email: ' ' }),
    },
    {
      window: dayOf(period, 24),
      category: 'Credit',
      description: 'Goodwill credit for an outage',
      service: 'OpenAI API',
      serviceCategory: 'AI and Machine Learning',
      list: 0n,
      billed: amount('-0.0000875'),
      tags: tagsOf(PROJECTS.dialectMap),
    },
  ];
}

export function openaiCharges(period: SamplePeriod): readonly ChargeDraft[] {
  const random = new SeededRandom(`openai ${period}`);
  return [...projectsUsing('openai').flatMap((project) => projectCharges(project, period, random)), ...unusualCharges(period)];
}
