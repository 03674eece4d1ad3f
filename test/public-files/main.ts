import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkColumns } from './check-columns.js';
import { checkCostFiles } from './check-cost-files.js';
import { checkDeliveryModes } from './check-delivery-modes.js';
import { checkReferenceMonth } from './check-reference-month.js';
import { checkTemplates } from './check-templates.js';
import { Checks } from './checks.js';
import { Office } from './office.js';

// Checks the importer against public FOCUS files, which have licences of their own and are no part of the project.
const [argument] = process.argv.slice(2);
const folder = argument === undefined ? undefined : resolve(argument);
if (folder === undefined || !(await stat(folder).catch(() => undefined))?.isDirectory()) {
  process.stderr.write(
    `${folder === undefined ? 'Name the folder of the public files' : `There is no folder ${folder}`}: npm run test:public-files -- DIR\n`,
  );
  process.exit(2);
}

const checks = new Checks();
const office = await Office.open();
try {
  await checkColumns(folder, checks);
  await checkCostFiles(office, folder, checks);
  await checkDeliveryModes(office, folder, checks);
  await checkReferenceMonth(office, folder, checks);
  await checkTemplates(folder, checks);
} finally {
  await office.close();
}
process.exitCode = checks.conclude();
