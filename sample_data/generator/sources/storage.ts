import { amount, decimalText, lessPercent, priced, writeAmount } from '../amount.js';
import { dayOf, wholeMonth, type SamplePeriod } from '../calendar.js';
import type { ChargeDraft, SourceProfile } from '../focus-row.js';
import { SeededRandom } from '../seeded-random.js';
import { PROJECTS, projectsUsing, tagsOf, whileActive, type Project } from '../university.js';

/** Times with a blank and without a zone, `.5` for a half, no newline behind the last row. */
export const storageProfile: SourceProfile = {
  name: 'storage',
  columns: [
    'ProviderName',
    'BillingAccountId',
    'BillingCurrency',
    'BillingPeriodStart',
    'BillingPeriodEnd',
    'ChargePeriodStart',
    'ChargePeriodEnd',
    'ChargeCategory',
    'ChargeDescription',
    'ListCost',
    'ContractedCost',
    'BilledCost',
    'EffectiveCost',
    'ServiceCategory',
    'ServiceName',
    'ResourceId',
    'ResourceName',
    'ConsumedQuantity',
    'ConsumedUnit',
    'Tags',
  ],
  dialect: { byteOrderMark: false, newline: '\n', quotes: 'needed', finalNewline: false },
  constants: { ProviderName: 'Wren Valley Research Computing', BillingAccountId: 'research-storage' },
  subAccounts: ['quarry'],
  nullCell: '',
  writeTime: (moment) => `${moment.slice(0, 10)} 00:00:00`,
  writeAmount: (value) => writeAmount(value, 0).replace(/^(-?)0\./, '$1.'),
  writeTags: (tags) => JSON.stringify(tags),
};

const FREE_GIGABYTES = '500';

function share(
  project: Project,
  period: SamplePeriod,
  service: string,
  gigabytes: string,
  pricePerGigabyte: string,
  percent: number,
): ChargeDraft {
  const list = priced(gigabytes, pricePerGigabyte);
  return {
    window: whileActive(project, wholeMonth(period)) ?? wholeMonth(period),
    description: `${service}, ${gigabytes} GB`,
    service,
    serviceCategory: 'Storage',
    list,
    billed: lessPercent(list, percent),
    resourceId: `/quarry/${service.split(' ').at(-1)?.toLowerCase() ?? ''}/${project.id}`,
    resourceName: project.id,
    quantity: gigabytes,
    unit: 'GB-Months',
    tags: tagsOf(project),
  };
}

function projectCharges(project: Project, period: SamplePeriod, random: SeededRandom): ChargeDraft[] {
  const used = decimalText(random.between(600_000, 90_000_000), 3);
  const archived = decimalText(random.between(1_000_000, 400_000_000), 4);
  const kept = share(project, period, 'Research Storage - Project', used, '0.0045', 0);
  return [
    share(project, period, 'Research Storage - Home', FREE_GIGABYTES, '0.0045', 100),
    { ...kept, billed: (kept.list ?? 0n) - priced(FREE_GIGABYTES, '0.0045') },
    share(project, period, 'Research Storage - Archive', archived, '0.00087', 40),
  ];
}

function unusualCharges(period: SamplePeriod): ChargeDraft[] {
  const secure = { window: wholeMonth(period), service: 'Secure File Services', serviceCategory: 'Storage' };
  return [
    // 2.675 has no exact binary form: in floating point it prints as 2.67.
    {
      ...secure,
      description: 'Secure share, 107 GB',
      list: amount('5.35'),
      billed: amount('2.675'),
      resourceId: '/quarry/secure/measles',
      resourceName: 'measles-line-list',
      tags: tagsOf(PROJECTS.measlesForecast),
    },
    {
      ...secure,
      description: 'Secure share, 3 MB',
      list: amount('0.00015'),
      billed: amount('0.000075'),
      resourceId: '/quarry/secure/clinic',
      resourceName: '=consent forms, "signed"',
      tags: tagsOf(PROJECTS.clinicRecords),
    },
    {
      ...secure,
      description: 'Secure share of a group that has no budget yet',
      list: amount('1.5'),
      billed: amount('1.5'),
      resourceName: 'new-hire-share',
      tags: tagsOf(PROJECTS.sleepStudy, { fund_org: 'to be decided' }),
    },
    {
      window: dayOf(period, 15),
      category: 'Adjustment',
      description: 'Snapshots kept a day too long',
      service: 'Research Storage - Project',
      serviceCategory: 'Storage',
      list: amount('-0.0375'),
      billed: amount('-0.0375'),
      resourceName: 'dialect-map',
      tags: tagsOf(PROJECTS.dialectMap),
    },
    {
      window: wholeMonth(period),
      description: 'Share of a user who left',
      service: 'Research Storage - Home',
      serviceCategory: 'Storage',
      list: amount('2.25'),
      billed: amount('2.25'),
      resourceName: 'home-unknown',
      tags: { note: 'owner not in the directory' },
    },
  ];
}

export function storageCharges(period: SamplePeriod): readonly ChargeDraft[] {
  const random = new SeededRandom(`storage ${period}`);
  return [...projectsUsing('storage').flatMap((project) => projectCharges(project, period, random)), ...unusualCharges(period)];
}
