import { amount, decimalText, lessPercent, priced, writeAmountWithExponent } from '../amount.js';
import { dayOf, weeks, wholeMonth, type SamplePeriod } from '../calendar.js';
import { FOCUS_COLUMNS, type ChargeDraft, type SourceProfile } from '../focus-row.js';
import { SeededRandom } from '../seeded-random.js';
import { PROJECTS, projectsUsing, tagsOf, whileActive, type Project } from '../university.js';

/** CRLF, `…Z` times, every column, tiny amounts in scientific notation. */
export const awsProfile: SourceProfile = {
  name: 'aws',
  columns: FOCUS_COLUMNS,
  dialect: { byteOrderMark: false, newline: '\r\n', quotes: 'needed', finalNewline: true },
  constants: {
    BillingAccountId: '480000000017',
    BillingAccountName: 'Wren Valley University',
    ProviderName: 'AWS',
    PublisherName: 'AWS',
    InvoiceIssuerName: 'Amazon Web Services, Inc.',
  },
  subAccounts: ['480000000109', '480000000211', '480000000337'],
  nullCell: '',
  writeTime: (moment) => `${moment.slice(0, 10)}T${moment.slice(11, 13).padStart(2, '0')}:00:00Z`,
  writeAmount: writeAmountWithExponent,
  writeTags: (tags) => JSON.stringify(tags),
};

/** Type and price per hour in USD. */
type Instance = readonly [name: string, hourlyPrice: string];
const INSTANCES: readonly [Instance, ...Instance[]] = [
  ['m7i.2xlarge', '0.4032'],
  ['c7i.4xlarge', '0.714'],
  ['r7i.xlarge', '0.2646'],
];
const EDUCATION_PERCENT_OFF = 12;

/** The fund/orgs of a project take turns, so that one project is billed to all of them. */
function turnTags(project: Project, turn: number): Readonly<Record<string, string>> {
  return tagsOf(project, { fund_org: project.fundOrgs[turn % project.fundOrgs.length] });
}

function projectCharges(project: Project, period: SamplePeriod, random: SeededRandom): ChargeDraft[] {
  const charges: ChargeDraft[] = [];
  const slug = project.id.replace(/[^a-z0-9-]+/g, '') === '' ? 'rare-books' : project.id.replace(/[^a-z0-9-]+/g, '');
  const [instance, hourlyPrice] = random.pick(INSTANCES);
  const instanceId = `i-0${random.hex(16)}`;
  const bucket = `wvu-${slug}-data`;
  weeks(period).forEach((week, turn) => {
    const window = whileActive(project, week);
    if (window === undefined) return;
    const hours = decimalText(random.between(2_000, 16_800), 2);
    const list = priced(hours, hourlyPrice);
    charges.push({
      window,
      description: `${instance} Linux on-demand, ${hours} h`,
      service: 'Amazon EC2',
      serviceCategory: 'Compute',
      list,
      billed: lessPercent(list, EDUCATION_PERCENT_OFF),
      resourceId: `arn:aws:ec2:us-east-2:480000000109:instance/${instanceId}`,
      resourceName: `${slug}-node`,
      resourceType: 'EC2 Instance',
      region: 'us-east-2',
      sku: `EC2-${instance}`,
      quantity: hours,
      unit: 'Hours',
      tags: turnTags(project, turn),
    });
    const requests = String(random.between(3, 60_000));
    const price = priced(requests, '0.0000004');
    charges.push({
      window,
      description: 'S3 GET and all other requests',
      service: 'Amazon S3',
      serviceCategory: 'Storage',
      list: price,
      billed: price,
      resourceId: `arn:aws:s3:::${bucket}`,
      resourceName: bucket,
      resourceType: 'S3 Bucket',
      region: 'us-east-2',
      sku: 'S3-GET',
      quantity: requests,
      unit: 'Requests',
      tags: turnTags(project, turn + 1),
    });
  });
  const month = whileActive(project, wholeMonth(period));
  if (month === undefined) return charges;
  const gigabytes = decimalText(random.between(20_000, 9_000_000), 3);
  const kept = priced(gigabytes, '0.023');
  charges.push({
    window: month,
    description: 'S3 Standard storage',
    service: 'Amazon S3',
    serviceCategory: 'Storage',
    list: kept,
    billed: lessPercent(kept, EDUCATION_PERCENT_OFF),
    resourceId: `arn:aws:s3:::${bucket}`,
    resourceName: bucket,
    resourceType: 'S3 Bucket',
    region: 'us-east-2',
    sku: 'S3-STANDARD',
    quantity: gigabytes,
    unit: 'GB-Mo',
    tags: turnTags(project, 0),
  });
  const transfer = decimalText(random.between(100, 240_000), 3);
  const moved = priced(transfer, '0.09');
  charges.push({
    window: month,
    description: 'Data transfer out to the Internet',
    service: 'AWS Data Transfer',
    serviceCategory: 'Networking',
    list: moved,
    // The research network's egress waiver: shown at list price, billed at nothing.
    billed: 0n,
    resourceName: bucket,
    region: 'us-east-2',
    sku: 'DT-OUT',
    quantity: transfer,
    unit: 'GB',
    tags: turnTags(project, 1),
  });
  return charges;
}

function acceleratorCharge(period: SamplePeriod, day: number, project: Project, hours: string): ChargeDraft {
  const list = priced(hours, '21.9575');
  return {
    window: dayOf(period, day),
    description: `p4d.24xlarge Linux on-demand, ${hours} h`,
    service: 'Amazon EC2',
    serviceCategory: 'Compute',
    list,
    billed: lessPercent(list, EDUCATION_PERCENT_OFF),
    resourceId: `arn:aws:ec2:us-east-2:480000000109:instance/p4d-${project.id}-${period}`,
    resourceName: 'training-gpu-node',
    resourceType: 'EC2 Instance',
    region: 'us-east-2',
    sku: 'EC2-p4d.24xlarge',
    quantity: hours,
    unit: 'Hours',
    tags: tagsOf(project),
  };
}

/** What makes a month interesting: untagged tax, credits, lines without an owner, twins, addresses written in other cases. */
function unusualCharges(period: SamplePeriod): ChargeDraft[] {
  const notebook = { service: 'Amazon SageMaker', serviceCategory: 'AI and Machine Learning', region: 'us-east-2' };
  const twin: ChargeDraft = {
    window: dayOf(period, 11),
    description: 'S3 PUT, COPY, POST, LIST requests',
    service: 'Amazon S3',
    serviceCategory: 'Storage',
    list: amount('0.0000125'),
    billed: amount('0.0000125'),
    resourceId: 'arn:aws:s3:::wvu-wind-tunnel-data',
    resourceName: 'wvu-wind-tunnel-data',
    quantity: '25',
    unit: 'Requests',
    tags: tagsOf(PROJECTS.windTunnel),
  };
  return [
    {
      window: wholeMonth(period),
      category: 'Tax',
      description: 'Sales tax OH',
      service: 'Amazon EC2',
      serviceCategory: 'Compute',
      billed: amount('41.87'),
      list: 0n,
    },
    {
      window: wholeMonth(period),
      category: 'Tax',
      description: 'Sales tax OH',
      service: 'Amazon S3',
      serviceCategory: 'Storage',
      billed: amount('3.06'),
      list: 0n,
    },
    {
      window: wholeMonth(period),
      category: 'Credit',
      description: 'Research credits',
      service: 'Amazon EC2',
      serviceCategory: 'Compute',
      list: 0n,
      billed: amount('-35.5'),
      tags: tagsOf(PROJECTS.genomeAtlas),
    },
    {
      window: wholeMonth(period),
      category: 'Credit',
      description: 'Support refund; an exact half cent below zero',
      service: 'AWS Support',
      serviceCategory: 'Other',
      billed: amount('-0.125'),
      tags: tagsOf(PROJECTS.fungalNetworks),
    },
    twin,
    twin,
    twin,
    {
      ...notebook,
      window: dayOf(period, 3),
      description: 'ml.t3.medium notebook, stopped late',
      billed: amount('7.344'),
      list: amount('8.16'),
      resourceName: 'summer-school-notebook',
      tags: tagsOf(PROJECTS.genomeAtlas, { pi_email: undefined }),
    },
    {
      ...notebook,
      window: dayOf(period, 4),
      description: 'ml.t3.medium notebook',
      billed: amount('1.836'),
      list: amount('2.04'),
      resourceName: 'unnamed-notebook',
      tags: tagsOf(PROJECTS.riverSensors, { project_id: '' }),
    },
    {
      ...notebook,
      window: dayOf(period, 5),
      description: 'ml.t3.medium notebook',
      billed: amount('0.918'),
      list: amount('1.02'),
      resourceName: 'speech-notebook',
      tags: tagsOf(PROJECTS.speechCorpus, { fund_org: '  ' }),
    },
    {
      ...notebook,
      window: dayOf(period, 6),
      description: 'ml.t3.medium notebook, address in capitals and with a blank behind it',
      billed: amount('3.672'),
      list: amount('4.08'),
      resourceName: 'atlas-notebook',
      tags: tagsOf(PROJECTS.genomeAtlas, { pi_email: 'Maren.Aldous@WrenValley.example ', fund_org: ' BIO-GR24017' }),
    },
    {
      window: { from: `${period}-14T13`, to: `${period}-14T14` },
      description: 'Lambda requests of one hour',
      service: 'AWS Lambda',
      serviceCategory: 'Compute',
      list: amount('0.0000004'),
      billed: amount('0.0000004'),
      resourceName: 'gauge-ingest',
      quantity: '2',
      unit: 'Requests',
      tags: tagsOf(PROJECTS.riverSensors, { fund_org: 'ENVS-GR24077' }),
    },
    {
      window: wholeMonth(period),
      description: 'Lambda compute, billed in fractions that no cent can show',
      service: 'AWS Lambda',
      serviceCategory: 'Compute',
      list: amount('0.3333333333'),
      billed: amount('0.3333333333'),
      resourceName: 'gauge-ingest',
      tags: tagsOf(PROJECTS.riverSensors, { fund_org: 'ENVS-GR24077' }),
    },
    acceleratorCharge(period, 17, PROJECTS.tumorImaging, '6.50'),
    acceleratorCharge(period, 18, PROJECTS.speechCorpus, '2.25'),
  ];
}

/** October's: the refund of a September charge whose period is closed by then, and a node that outlived its project. */
function octoberCharges(): ChargeDraft[] {
  return [
    {
      window: dayOf('2025-09', 23),
      category: 'Credit',
      correction: true,
      description: 'Correction of 2025-09: c7i.4xlarge hours metered twice',
      service: 'Amazon EC2',
      serviceCategory: 'Compute',
      list: amount('-24.276'),
      billed: amount('-21.36288'),
      resourceName: 'wind-tunnel-node',
      tags: tagsOf(PROJECTS.windTunnel),
    },
    {
      window: dayOf('2025-10', 27),
      description: 'r7i.xlarge Linux on-demand, still running after the project ended',
      service: 'Amazon EC2',
      serviceCategory: 'Compute',
      list: amount('6.3504'),
      billed: amount('5.588352'),
      resourceName: 'coral-symbiosis-node',
      tags: tagsOf(PROJECTS.coralSymbiosis),
    },
  ];
}

export function awsCharges(period: SamplePeriod): readonly ChargeDraft[] {
  const random = new SeededRandom(`aws ${period}`);
  return [
    ...projectsUsing('aws').flatMap((project) => projectCharges(project, period, random)),
    ...unusualCharges(period),
    ...(period === '2025-10' ? octoberCharges() : []),
  ];
}
