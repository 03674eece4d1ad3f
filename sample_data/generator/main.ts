import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { generateSample } from './generate.js';

// Run from the project's root, or with the folder to write to; settings and decisions are read from there.
const folder = resolve(process.argv[2] ?? 'sample_data');
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

const generated = generateSample(await read('config.yaml'), await read('review.yaml'));
for (const [path, text] of generated) {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}
process.stdout.write(`${String(generated.size)} files written below ${folder}.\n`);
