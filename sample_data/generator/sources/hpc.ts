import { decimalText, lessPercent, priced, writeAmount } from '../amount.js';
import { dayOf, weeks, type ChargeWindow, type SamplePeriod } from '../calendar.js';
import type { ChargeDraft, SourceProfile } from '../focus-row.js';
import { SeededRandom } from '../seeded-random.js';
import { PROJECTS, projectsUsing, tagsOf, whileActive, type Project } from '../university.js';

/** A short file: only what the scheduler knows, bare dates. */
export const hpcProfile: SourceProfile = {
  name: 'hpc',
  columns: [
    'BillingPeriodStart',
    'BillingPeriodEnd',
    'ChargePeriodStart',
    'ChargePeriodEnd',
    'BillingCurrency',
    'ChargeCategory',
    'ListCost',
    'BilledCost',
    'EffectiveCost',
    'ServiceName',
    'ResourceId',
    'ResourceName',
    'ConsumedQuantity',
    'ConsumedUnit',
    'Tags',
  ],
  dialect: { byteOrderMark: false, newline: '\n', quotes: 'needed', finalNewline: true },
  constants: {},
  subAccounts: ['heron'],
  nullCell: '',
  writeTime: (moment) => moment.slice(0, 10),
  writeAmount: (value) => writeAmount(value, 2),
  writeTags: (tags) => JSON.stringify(tags),
};

interface Partition {
  readonly name: string;
  readonly service: string;
  readonly hourlyPrice: string;
  readonly subsidyPercent: number;
}

const STANDARD: Partition = { name: 'standard', service: 'HPC Cluster', hourlyPrice: '0.01', subsidyPercent: 100 };
const PRIORITY: Partition = { name: 'priority', service: 'HPC Cluster - Priority', hourlyPrice: '0.014', subsidyPercent: 35 };
const GPU: Partition = { name: 'gpu', service: 'HPC GPU Cluster', hourlyPrice: '0.62', subsidyPercent: 50 };

function jobs(project: Project, partition: Partition, window: ChargeWindow, random: SeededRandom, tags = tagsOf(project)): ChargeDraft {
  const hours = decimalText(random.between(5_000, partition === GPU ? 90_000 : 4_000_000), 3);
  const list = priced(hours, partition.hourlyPrice);
  return {
    window,
    description: `${partition.name} partition`,
    service: partition.service,
    serviceCategory: 'Compute',
    list,
    billed: lessPercent(list, partition.subsidyPercent),
    resourceId: `heron:${partition.name}:${project.id}`,
    resourceName: `${project.id} on ${partition.name}`,
    quantity: hours,
    unit: 'CPU-Hours',
    tags,
  };
}

/** The standard partition is subsidised in full, the priority partition by a third or so, the GPU partition by half. */
export function hpcCharges(period: SamplePeriod): readonly ChargeDraft[] {
  const random = new SeededRandom(`hpc ${period}`);
  const charges: ChargeDraft[] = [];
  for (const project of projectsUsing('hpc')) {
    for (const week of weeks(period)) {
      const window = whileActive(project, week);
      if (window === undefined) continue;
      charges.push(jobs(project, STANDARD, window, random));
      // The teaching cluster is subsidised in full: a statement over 0.00 that shows what it was worth.
      if (project !== PROJECTS.teachingCluster && random.between(1, 3) === 1) charges.push(jobs(project, PRIORITY, window, random));
    }
  }
  const weekTwo = { from: `${period}-08`, to: `${period}-15` };
  for (const project of [
    PROJECTS.genomeAtlas,
    PROJECTS.proteinFolding,
    PROJECTS.tumorImaging,
    PROJECTS.detectorSim,
    PROJECTS.volcanicAsh,
  ]) {
    charges.push(jobs(project, GPU, weekTwo, random));
  }
  // One fund/org, two accounts: consumables on 54310, services on 54320.
  const catalyst = PROJECTS.catalystScreening;
  charges.push(jobs(catalyst, PRIORITY, dayOf(period, 19), random, tagsOf(catalyst, { account_code: '54310' })));
  charges.push(jobs(catalyst, PRIORITY, dayOf(period, 20), random, tagsOf(catalyst, { account_code: '54320' })));
  // Two reasons on one line: it counts once among the flagged.
  charges.push(jobs(PROJECTS.windTunnel, GPU, dayOf(period, 21), random, tagsOf(PROJECTS.windTunnel, { fund_org: undefined })));
  charges.push(
    jobs(PROJECTS.coastalPhaseTwo, PRIORITY, dayOf(period, 16), random, tagsOf(PROJECTS.coastalPhaseTwo, { project_id: undefined })),
  );
  if (period === '2025-10') {
    const late = jobs(PROJECTS.lakeSediments, PRIORITY, dayOf(period, 23), random);
    charges.push({ ...late, resourceName: 'cores logged late, agreed with the office' });
  }
  return charges;
}
