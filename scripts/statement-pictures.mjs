// Draws the pictures of statements in docs/images from invented documents: `npm run build:server && node scripts/statement-pictures.mjs [FOLDER]`.
// Needs pdftoppm (poppler-utils). The PDFs lie beside the pictures if a folder is given.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { Decimal } from '#kernel';
import { render, statementCharge, statementDocument, moneyTriple } from '../dist/libs/statements/document/statement-document.factory.js';

const folder = process.argv[2] ?? 'docs/images';
const keepPdf = process.argv[2] !== undefined;

/** A shield of three bars, as a PNG with transparency. */
function logo() {
  const [width, height] = [480, 128];
  const rows = Buffer.alloc((width * 4 + 1) * height);
  const put = (x, y, [red, green, blue]) => rows.set([red, green, blue, 255], y * (width * 4 + 1) + 1 + x * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inShield = x < 104 && Math.abs(x - 52) < 52 * Math.sqrt(Math.max(0, 1 - Math.max(0, (y - 50) / 78) ** 2));
      if (inShield) put(x, y, y > 34 && y < 46 ? [255, 255, 255] : x > 46 && x < 58 && y > 34 ? [255, 255, 255] : [22, 78, 99]);
      const inBars = x > 130 && ((y > 22 && y < 46 && x < 430) || (y > 58 && y < 72 && x < 360) || (y > 84 && y < 98 && x < 390));
      if (inBars) put(x, y, y < 50 ? [22, 78, 99] : [148, 163, 184]);
    }
  const chunk = (type, body) => {
    const bytes = Buffer.alloc(body.length + 12);
    bytes.writeUInt32BE(body.length, 0);
    bytes.write(type, 4, 'latin1');
    body.copy(bytes, 8);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, body.length + 8)), body.length + 8);
    return bytes;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Invented charges of a service: so many, with amounts that look like bills. */
function charges(count, { list, due, resource, ...rest }) {
  return Array.from({ length: count }, (_, index) => {
    const factor = Decimal.parse(String(1 + ((index * 37) % 11) / 8));
    const date = `2025-01-${String(1 + Math.floor((index * 31) / count)).padStart(2, '0')}`;
    return statementCharge({
      date,
      resource: resource(index),
      list: Decimal.parse(list).times(factor).toString(),
      due: Decimal.parse(due).times(factor).toString(),
      ...rest,
    });
  });
}

/** The service line that these charges make, rounded as the ledger does. */
function service(serviceName, source, fundOrg, members) {
  const sum = (amount) => Decimal.sum(members.map((charge) => charge[amount])).toFixed(2);
  return { serviceName, source, fundOrg, ...moneyTriple(sum('list'), sum('due')) };
}

const byDate = (a, b) => (a.date < b.date ? -1 : 1);
const month = (period, due) => ({ period, due: Decimal.parse(due) });
const organization = { logo: logo(), footer: 'Research Computing is a service of Example University. Rates: rc.example.edu/rates' };
const theme = { accent: '#164e63', fonts: { regular: null, semibold: null } };
const FUND = '12345-67890';

function onePage() {
  const all = charges(7, {
    list: '31.25',
    due: '31.25',
    resource: (i) => `genome-worker-${i + 1}`,
    fundOrg: FUND,
    serviceName: 'Amazon Elastic Compute Cloud',
  });
  return statementDocument({
    organization,
    theme,
    services: [service('Amazon Elastic Compute Cloud', 'AWS', FUND, all)],
    charges: all,
    references: [{ label: 'Grant number', value: 'NSF-2041233' }],
    history: [month('2024-10', '310.20'), month('2024-11', '420'), month('2024-12', '395.5'), month('2025-01', '468.75')],
  });
}

function threePages() {
  const compute = charges(30, {
    list: '14.8275',
    due: '14.8275',
    resource: (i) => `i-0a1b2c3d4e5f6${7890 + i}`,
    fundOrg: FUND,
    serviceName: 'Amazon Elastic Compute Cloud',
  });
  const storage = charges(16, {
    list: '2.675',
    due: '2.14',
    resource: (i) => `arn:aws:s3:::genome-atlas/raw/run-${i + 100}`,
    fundOrg: FUND,
    serviceName: 'Amazon Simple Storage Service',
  });
  const adjusts = {
    chargeId: '3-17',
    period: '2024-11',
    revision: 2,
    reason: 'Half a day of outage of the GPU nodes, as agreed in December',
  };
  const credits = [
    statementCharge({
      date: '2025-01-20',
      resource: 'gpu-node-07',
      serviceName: 'Amazon Elastic Compute Cloud',
      fundOrg: FUND,
      list: '-120',
      due: '-120',
      adjusts,
    }),
    statementCharge({
      date: '2025-01-21',
      resource: 'shared-licence',
      serviceName: 'Amazon Elastic Compute Cloud',
      fundOrg: FUND,
      list: '240',
      due: '240',
      part: { share: '60%', chargeId: '5-212' },
    }),
  ];
  return statementDocument({
    organization,
    theme,
    revision: 2,
    services: [
      service('Amazon Elastic Compute Cloud', 'AWS', FUND, [...compute, ...credits]),
      service('Amazon Simple Storage Service', 'AWS', FUND, storage),
    ],
    charges: [...compute, ...storage, ...credits].sort(byDate),
    references: [
      { label: 'Grant number', value: 'NSF-2041233' },
      { label: 'Request id', value: 'REQ-00817' },
    ],
    warnings: [
      { kind: 'project-end', day: '2025-03-14', isPast: false },
      { kind: 'late-charges', count: 2, due: '41.2' },
    ],
    history: [
      month('2024-08', '1100'),
      month('2024-09', '980.4'),
      month('2024-10', '1320.2'),
      month('2024-11', '1240'),
      month('2024-12', '1395.5'),
      month('2025-01', '1712.33'),
    ],
  });
}

function discounted() {
  const hpc = charges(12, {
    list: '186.4',
    due: '37.28',
    resource: (i) => `partition-gpu/job-${48213 + i * 7}`,
    fundOrg: FUND,
    serviceName: 'GPU node hours',
  });
  const cpu = charges(7, {
    list: '42.125',
    due: '10.53125',
    resource: (i) => `partition-cpu/job-${48110 + i * 3}`,
    fundOrg: FUND,
    serviceName: 'CPU core hours',
  });
  const tape = charges(2, { list: '18', due: '18', resource: (i) => `tape-archive-${i + 1}`, fundOrg: FUND, serviceName: 'Tape archive' });
  return statementDocument({
    organization,
    theme,
    pageSize: 'A4',
    services: [
      service('GPU node hours', 'HPC cluster', FUND, hpc),
      service('CPU core hours', 'HPC cluster', FUND, cpu),
      service('Tape archive', 'Storage', FUND, tape),
    ],
    charges: [...hpc, ...cpu, ...tape].sort(byDate),
    references: [{ label: 'Grant number', value: 'ERC-884951' }],
    words: {
      introduction:
        'The university pays most of what the cluster costs; you are charged what is left. No payment is needed: the amount is charged to the fund/org shown.',
    },
    history: [
      month('2024-08', '410'),
      month('2024-09', '980.4'),
      month('2024-10', '620.2'),
      month('2024-11', '540'),
      month('2024-12', '295.5'),
      month('2025-01', '801.27'),
    ],
  });
}

function severalFundOrgs() {
  const sort = (fundOrg, count) => ({
    vm: charges(count, {
      list: '24.5',
      due: '19.6',
      resource: (i) => `vm-climate-${fundOrg.slice(0, 3)}-${i + 1}`,
      fundOrg,
      serviceName: 'Virtual Machines',
    }),
    blob: charges(3, { list: '8.25', due: '8.25', resource: (i) => `climate/archive/${2019 + i}`, fundOrg, serviceName: 'Blob Storage' }),
  });
  const funds = [
    ['GEO-77100', 6],
    ['PHY-20450', 4],
    ['SHARED-1', 2],
  ].map(([fundOrg, count]) => [fundOrg, sort(fundOrg, count)]);
  return statementDocument({
    organization,
    theme,
    piEmail: 'maria.mitchell@example.edu',
    projectId: 'climate-reanalysis',
    services: funds.flatMap(([fundOrg, { vm, blob }]) => [
      service('Blob Storage', 'Azure', fundOrg, blob),
      service('Virtual Machines', 'Azure', fundOrg, vm),
    ]),
    charges: funds.flatMap(([, { vm, blob }]) => [...vm, ...blob].sort(byDate)),
  });
}

function manyScripts() {
  const fundOrg = '理学部-0042';
  const gpu = charges(6, {
    list: '12800',
    due: '9600',
    resource: (i) => `計算ノード-${i + 1}（東京）`,
    fundOrg,
    serviceName: 'GPU 計算時間',
  });
  const disk = charges(4, { list: '3150', due: '3150', resource: (i) => `연구-데이터-${i + 1}`, fundOrg, serviceName: '저장 공간' });
  return statementDocument({
    organization: {
      ...organization,
      name: '東都大学 情報基盤センター',
      contact: '〒113-0000 東京都文京区1-2-3\n会計係 会計@東都.example\n+81 3 5550 0199',
      footer: 'Łukasz · Çağdaş · Ελληνικά · Кириллица · हिन्दी',
    },
    theme,
    locale: 'ja-JP',
    currency: 'JPY',
    pageSize: 'A4',
    piEmail: '李小龙@例子.example',
    projectId: '量子計算-プロジェクト',
    services: [
      {
        serviceName: 'GPU 計算時間',
        source: 'HPC クラスタ',
        fundOrg,
        ...moneyTriple(Decimal.sum(gpu.map((c) => c.list)).toFixed(0), Decimal.sum(gpu.map((c) => c.due)).toFixed(0)),
      },
      {
        serviceName: '저장 공간',
        source: 'ストレージ',
        fundOrg,
        ...moneyTriple(Decimal.sum(disk.map((c) => c.list)).toFixed(0), Decimal.sum(disk.map((c) => c.due)).toFixed(0)),
      },
    ],
    charges: [...gpu, ...disk].sort(byDate),
    references: [{ label: 'Grant number', value: '科研費 24K01234' }],
  });
}

function german() {
  const fundOrg = '0815-47110';
  const gpu = charges(5, {
    list: '186.4',
    due: '37.28',
    resource: (i) => `gpu-knoten/auftrag-${48213 + i * 7}`,
    fundOrg,
    serviceName: 'GPU-Rechenzeit',
  });
  const disk = charges(2, { list: '42.5', due: '34', resource: (i) => `klima/messreihe-${i + 1}`, fundOrg, serviceName: 'Objektspeicher' });
  const divided = statementCharge({
    date: '2025-01-21',
    resource: 'gemeinsame-lizenz',
    serviceName: 'Objektspeicher',
    fundOrg,
    list: '1250',
    due: '1250',
    part: { share: '12.5%', chargeId: '5-212' },
  });
  return statementDocument({
    organization: {
      ...organization,
      name: 'Rechenzentrum der Universität Musterstadt',
      contact: 'Abrechnungsstelle\nabrechnung@rz.example\n+49 30 5550 0199',
      footer: 'Entgelte: rz.example/entgelte · USt-IdNr. DE123456789',
    },
    theme,
    locale: 'de-DE',
    currency: 'EUR',
    pageSize: 'A4',
    piEmail: 'lise.meitner@example.edu',
    projectId: 'klima-reanalyse',
    revision: 2,
    services: [
      service('GPU-Rechenzeit', 'HPC-Cluster', fundOrg, gpu),
      service('Objektspeicher', 'Speicherdienst', fundOrg, [...disk, divided]),
    ],
    charges: [...gpu, ...disk, divided].sort(byDate),
    warnings: [{ kind: 'project-end', day: '2025-03-14', isPast: false }],
    changes: {
      since: 1,
      addedCount: 1,
      goneCount: 0,
      changedCount: 2,
      dueBefore: '355.28',
      dueAfter: '1605.28',
      services: [{ fundOrg, serviceName: 'Objektspeicher', dueBefore: '85.00', dueAfter: '1335.00' }],
    },
    references: [{ label: 'Förderkennzeichen', value: '01LP2041A' }],
    history: [
      month('2024-08', '410'),
      month('2024-09', '980.4'),
      month('2024-10', '620.2'),
      month('2024-11', '540'),
      month('2024-12', '295.5'),
      month('2025-01', '0'),
    ],
  });
}

/** The last of the periods is the statement's own. */
function withThisMonth(document) {
  return {
    ...document,
    history: document.history.map((each) => (each.period === document.period ? { ...each, due: document.totals.due } : each)),
  };
}

const pictures = {
  'one-page': onePage,
  'three-pages': threePages,
  discounted,
  'several-fund-orgs': severalFundOrgs,
  'many-scripts': manyScripts,
  german,
};
const work = mkdtempSync(join(tmpdir(), 'statement-pictures-'));
try {
  for (const [name, document] of Object.entries(pictures)) {
    const pdf = join(keepPdf ? folder : work, `statement-${name}.pdf`);
    writeFileSync(pdf, render(withThisMonth(document())));
    execFileSync('pdftoppm', [
      '-png',
      '-r',
      '80',
      ...(name === 'three-pages' ? [] : ['-f', '1', '-l', '1', '-singlefile']),
      pdf,
      join(folder, `statement-${name}`),
    ]);
    console.log(`statement-${name}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
