import { amount, decimalText, lessPercent, priced, writeAmount } from '../amount.js';
import { dayOf, weeks, wholeMonth, type SamplePeriod } from '../calendar.js';
import { FOCUS_COLUMNS, type ChargeDraft, type SourceProfile } from '../focus-row.js';
import { SeededRandom } from '../seeded-random.js';
import { LUKASZ, PROJECTS, projectsUsing, tagsOf, whileActive, type Project } from '../university.js';

/** A byte order mark, times with milliseconds, `NULL` for null, tags with blanks. */
export const azureProfile: SourceProfile = {
  name: 'azure',
  columns: [...FOCUS_COLUMNS].sort(),
  dialect: { byteOrderMark: true, newline: '\n', quotes: 'needed', finalNewline: true },
  constants: {
    BillingAccountId: '/providers/Microsoft.Billing/billingAccounts/70012345',
    BillingAccountName: 'Wren Valley University',
    ProviderName: 'Microsoft',
    PublisherName: 'Microsoft',
    InvoiceIssuerName: 'Microsoft',
  },
  subAccounts: ['/subscriptions/5f1c0a00-research', '/subscriptions/5f1c0a01-clinical'],
  nullCell: 'NULL',
  writeTime: (moment) => `${moment.slice(0, 10)}T00:00:00.000Z`,
  writeAmount: (value) => writeAmount(value, 4),
  writeTags: (tags) =>
    `{ ${Object.entries(tags)
      .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(', ')} }`,
};

function projectCharges(project: Project, period: SamplePeriod, random: SeededRandom): ChargeDraft[] {
  const group = `/subscriptions/5f1c0a00-research/resourceGroups/rg-${project.id}`;
  const tags = tagsOf(project);
  const charges: ChargeDraft[] = [];
  for (const week of weeks(period)) {
    const window = whileActive(project, week);
    if (window === undefined) continue;
    for (const machine of ['vm-01', 'vm-02']) {
      const hours = decimalText(random.between(800, 16_800), 2);
      const list = priced(hours, machine === 'vm-01' ? '0.384' : '0.192');
      charges.push({
        window,
        description: `D-series virtual machine, ${hours} h`,
        service: 'Virtual Machines',
        serviceCategory: 'Compute',
        list,
        billed: lessPercent(list, 20),
        resourceId: `${group}/providers/Microsoft.Compute/virtualMachines/${project.id}-${machine}`,
        resourceName: `${project.id}-${machine}`,
        resourceType: 'Virtual machine',
        region: 'northcentralus',
        sku: machine === 'vm-01' ? 'D8s_v5' : 'D4s_v5',
        quantity: hours,
        unit: 'Hours',
        tags,
      });
    }
  }
  const gigabytes = decimalText(random.between(100_000, 40_000_000), 4);
  const blobs = priced(gigabytes, '0.0184');
  charges.push({
    window: wholeMonth(period),
    description: 'Hot LRS data stored',
    service: 'Storage',
    serviceCategory: 'Storage',
    list: blobs,
    billed: blobs,
    resourceId: `${group}/providers/Microsoft.Storage/storageAccounts/st${project.id.replaceAll('-', '')}`,
    resourceName: `st${project.id.replaceAll('-', '')}`,
    region: 'northcentralus',
    sku: 'HOT-LRS',
    quantity: gigabytes,
    unit: 'GB/Month',
    tags,
  });
  charges.push({
    window: wholeMonth(period),
    category: 'Purchase',
    description: 'Defender plan, price not listed',
    service: 'Microsoft Defender for Cloud',
    serviceCategory: 'Security',
    billed: amount('4.905'),
    tags,
  });
  return charges;
}

function unusualCharges(period: SamplePeriod): ChargeDraft[] {
  const studio = { service: 'Azure Machine Learning', serviceCategory: 'AI and Machine Learning', region: 'northcentralus' };
  return [
    {
      window: wholeMonth(period),
      category: 'Purchase',
      description: 'Annotation tool of a European publisher, invoiced in euros',
      service: 'Azure Marketplace',
      serviceCategory: 'Other',
      list: amount('19.2'),
      billed: amount('19.2'),
      currency: 'EUR',
      issuer: 'Dachsbau Software GmbH',
      resourceName: 'annotator',
      tags: tagsOf(PROJECTS.housingPanel),
    },
    {
      window: wholeMonth(period),
      category: 'Tax',
      description: 'State tax',
      service: 'Virtual Machines',
      serviceCategory: 'Compute',
      billed: amount('12.4400'),
    },
    {
      ...studio,
      window: dayOf(period, 9),
      description: 'NC24ads A100 v4, 5 h',
      list: amount('18.365'),
      billed: amount('14.692'),
      resourceName: 'readmission-gpu-01',
      quantity: '5',
      unit: 'Hours',
      tags: tagsOf(PROJECTS.clinicRecords),
    },
    {
      ...studio,
      window: dayOf(period, 10),
      description: 'NC24ads A100 v4, 3 h, on the start-up account that the pattern does not know',
      list: amount('11.019'),
      billed: amount('8.8152'),
      resourceName: 'halo-finder-gpu',
      quantity: '3',
      unit: 'Hours',
      tags: tagsOf(PROJECTS.darkMatterHalo, { fund_org: 'PHYS-STARTUP-CELIK' }),
    },
    {
      window: dayOf(period, 12),
      description: 'Log analytics, the PI address in decomposed form and capitals',
      service: 'Azure Monitor',
      serviceCategory: 'Management and Governance',
      list: amount('2.76'),
      billed: amount('2.76'),
      resourceName: 'halo-logs',
      tags: tagsOf(PROJECTS.darkMatterHalo, {
        pi_email: LUKASZ.normalize('NFD').toUpperCase().replace('WRENVALLEY.EXAMPLE', 'wrenvalley.example'),
      }),
    },
    {
      window: dayOf(period, 13),
      description: 'Public IP address of a test machine',
      service: 'Virtual Network',
      serviceCategory: 'Networking',
      list: amount('0.876'),
      billed: amount('0.876'),
      resourceName: 'ip-test',
      tags: tagsOf(PROJECTS.bridgeMonitoring, { pi_email: 'Hugh Marchbanks (Engineering)' }),
    },
  ];
}

/** A refund that is a negative line of its own on the statement, beside larger charges to the same fund/org. */
function octoberRefund(): ChargeDraft {
  return {
    window: dayOf('2025-10', 2),
    category: 'Credit',
    description: 'Refund of a cancelled reservation',
    service: 'Reservations',
    serviceCategory: 'Compute',
    list: amount('-42.425'),
    billed: amount('-42.425'),
    resourceName: 'bridge-reservation',
    tags: tagsOf(PROJECTS.bridgeMonitoring),
  };
}

export function azureCharges(period: SamplePeriod): readonly ChargeDraft[] {
  const random = new SeededRandom(`azure ${period}`);
  return [
    ...projectsUsing('azure').flatMap((project) => projectCharges(project, period, random)),
    ...unusualCharges(period),
    ...(period === '2025-10' ? [octoberRefund()] : []),
  ];
}
