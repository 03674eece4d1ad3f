import type { ChargeWindow } from './calendar.js';

export type SourceName = 'aws' | 'azure' | 'hpc' | 'storage' | 'openai';

/** A project of Wren Valley University and the tags its resources carry. */
export interface Project {
  readonly id: string;
  readonly pi: string;
  /** More than one where the charges are shared out among grants. */
  readonly fundOrgs: readonly [string, ...string[]];
  readonly uses: readonly SourceName[];
  readonly grantNumber?: string;
  readonly requestId?: string;
  readonly costCenter?: string;
  readonly accountCode?: string;
  readonly endDate?: string;
  readonly reconciliationEnd?: string;
}

const MAREN = 'maren.aldous@wrenvalley.example';
export const LUKASZ = 'łukasz.çelik@wrenvalley.example';
const WENHUI = 'wenhui.li@wrenvalley.example';
const INGRID = 'ingrid.sørbye@wrenvalley.example';
const DARIO = 'dario.pellegrini@wrenvalley.example';
const AMARA = 'amara.nwosu@wrenvalley.example';
const ELENI = 'eleni.papadaki@wrenvalley.example';
const HUGH = 'hugh.marchbanks@wrenvalley.example';
const SAOIRSE = "saoirse.o'dell@wrenvalley.example";
/** Two people with one name: only the part after the `@` tells them apart. */
const PRIYA = 'priya.raghunathan@wrenvalley.example';
const PRIYA_AT_MEDICINE = 'priya.raghunathan@med.wrenvalley.example';
const JONAS = 'jonas.weidmann@wrenvalley.example';
const TOBIAS = 'tobias.okonkwo-reyes@wrenvalley.example';

export const PROJECTS = {
  genomeAtlas: {
    id: 'genome-atlas',
    pi: MAREN,
    fundOrgs: ['BIO-GR24017'],
    uses: ['aws', 'hpc', 'storage'],
    grantNumber: 'WVF-BIO-2024-0311',
    requestId: 'REQ-2025-0412',
  },
  fungalNetworks: {
    id: 'fungal-networks',
    pi: MAREN,
    fundOrgs: ['BIO-110234'],
    uses: ['aws', 'storage', 'openai'],
    costCenter: 'BIO-LAB2',
  },
  teachingCluster: { id: 'teaching-cluster', pi: MAREN, fundOrgs: ['BIO-110234'], uses: ['hpc'] },
  darkMatterHalo: {
    id: 'dark-matter-halo',
    pi: LUKASZ,
    fundOrgs: ['PHYS-GR24108'],
    uses: ['azure', 'hpc', 'storage'],
    grantNumber: 'WVF-PHY-2024-0108',
  },
  detectorSim: { id: 'detector-sim', pi: LUKASZ, fundOrgs: ['PHYS-GR24108'], uses: ['aws', 'hpc', 'storage'], requestId: 'REQ-2025-0077' },
  proteinFolding: {
    id: 'protein-folding',
    pi: WENHUI,
    fundOrgs: ['CHEM-GR25003'],
    uses: ['aws', 'hpc', 'storage'],
    grantNumber: 'WVF-CHE-2025-0003',
    accountCode: '54310',
  },
  catalystScreening: { id: 'catalyst-screening', pi: WENHUI, fundOrgs: ['CHEM-220415'], uses: ['hpc', 'storage', 'openai'] },
  coralSymbiosis: {
    id: 'coral-symbiosis',
    pi: INGRID,
    fundOrgs: ['OCEA-GR23091'],
    uses: ['aws', 'hpc', 'storage'],
    grantNumber: 'WVF-OCE-2023-0091',
    endDate: '2025-10-24',
  },
  riverSensors: { id: 'river-sensors', pi: INGRID, fundOrgs: ['OCEA-330120', 'ENVS-GR24077'], uses: ['aws', 'storage'] },
  marketMicrostructure: {
    id: 'market-microstructure',
    pi: DARIO,
    fundOrgs: ['ECON-440210'],
    uses: ['aws', 'azure', 'storage'],
    costCenter: 'ECON-7',
  },
  housingPanel: { id: 'housing-panel', pi: DARIO, fundOrgs: ['ECON-GR25011'], uses: ['azure', 'storage', 'openai'] },
  measlesForecast: {
    id: 'measles-forecast',
    pi: AMARA,
    fundOrgs: ['PUBH-GR24230'],
    uses: ['azure', 'hpc', 'storage', 'openai'],
    grantNumber: 'WVF-PUB-2024-0230',
    requestId: 'REQ-2024-1190',
    endDate: '2025-12-15',
  },
  clinicRecords: { id: 'clinic-records', pi: AMARA, fundOrgs: ['PUBH-550017'], uses: ['azure', 'storage'] },
  papyrusArchive: { id: 'αρχείο-παπύρων', pi: ELENI, fundOrgs: ['CLAS-660101'], uses: ['storage', 'openai'] },
  rareBooks: {
    id: '古籍数字化',
    pi: ELENI,
    fundOrgs: ['CLAS-GR25020'],
    uses: ['aws', 'storage', 'openai'],
    grantNumber: 'WVF-CLA-2025-0020',
  },
  windTunnel: {
    id: 'wind-tunnel',
    pi: HUGH,
    fundOrgs: ['ENGR-GR24055'],
    uses: ['aws', 'hpc', 'storage'],
    grantNumber: 'WVF-ENG-2024-0055',
    requestId: 'REQ-2025-0203',
  },
  bridgeMonitoring: { id: 'bridge-monitoring', pi: HUGH, fundOrgs: ['ENGR-770345'], uses: ['azure', 'storage'] },
  coastalPhaseTwo: { id: 'coastal, phase 2', pi: SAOIRSE, fundOrgs: ['GEOG-880012'], uses: ['aws', 'hpc', 'storage'] },
  peatCarbon: { id: 'peat-carbon', pi: SAOIRSE, fundOrgs: ['GEOG-GR24199'], uses: ['hpc', 'storage'], grantNumber: 'WVF-GEO-2024-0199' },
  speechCorpus: { id: 'speech-corpus', pi: PRIYA, fundOrgs: ['LING-990501'], uses: ['aws', 'storage', 'openai'] },
  dialectMap: { id: 'dialect-map', pi: PRIYA, fundOrgs: ['LING-990501'], uses: ['storage', 'openai'] },
  tumorImaging: {
    id: 'tumor-imaging',
    pi: PRIYA_AT_MEDICINE,
    fundOrgs: ['MED-GR25042'],
    uses: ['aws', 'azure', 'hpc', 'storage'],
    grantNumber: 'WVF-MED-2025-0042',
    requestId: 'REQ-2025-0388',
  },
  imagingCoreMedicine: { id: 'imaging-core', pi: PRIYA_AT_MEDICINE, fundOrgs: ['MED-120077'], uses: ['hpc', 'storage'] },
  imagingCoreNeurology: { id: 'imaging-core', pi: JONAS, fundOrgs: ['NEUR-GR24333'], uses: ['hpc', 'storage'] },
  sleepStudy: { id: 'sleep-study', pi: JONAS, fundOrgs: ['NEUR-130022'], uses: ['azure', 'storage', 'openai'] },
  lakeSediments: { id: 'lake-sediments', pi: TOBIAS, fundOrgs: ['GEOL-140310'], uses: ['hpc', 'storage'], reconciliationEnd: '2025-10-20' },
  volcanicAsh: { id: 'volcanic-ash', pi: TOBIAS, fundOrgs: ['GEOL-GR25051'], uses: ['aws', 'hpc', 'storage'], requestId: 'REQ-2025-0511' },
} as const satisfies Readonly<Record<string, Project>>;

export function projectsUsing(source: SourceName): readonly Project[] {
  return Object.values<Project>(PROJECTS).filter((project) => project.uses.includes(source));
}

export type Tags = Readonly<Record<string, string>>;

/** The tags of a project's resource; `changes` replaces some of them, an undefined one is left out. */
export function tagsOf(project: Project, changes: Readonly<Record<string, string | undefined>> = {}): Tags {
  const tags: Readonly<Record<string, string | undefined>> = {
    pi_email: project.pi,
    project_id: project.id,
    fund_org: project.fundOrgs[0],
    cost_center: project.costCenter,
    account_code: project.accountCode,
    grant_number: project.grantNumber,
    request_id: project.requestId,
    end_date: project.endDate,
    reconciliation_end: project.reconciliationEnd,
    ...changes,
  };
  return Object.fromEntries(Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The part of a window before a project ends, or undefined: a late charge in the sample is there on purpose, never by chance. */
export function whileActive(project: Project, window: ChargeWindow): ChargeWindow | undefined {
  const last = [project.endDate, project.reconciliationEnd].filter((day) => day !== undefined).sort()[0];
  if (last === undefined || window.to <= last) return window;
  return window.from < last ? { from: window.from, to: last } : undefined;
}
