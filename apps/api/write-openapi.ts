import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { Services } from '#runtime';
import { ApiModule } from './api.module.js';
import { openApiDocument } from './openapi-document.js';

const FILE = 'docs/reference/openapi.json';

/** Keys in alphabetical order, so that the same API is always the same text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

// In preview Nest resolves providers and makes none of them, so the services it would hand out need not exist.
const noServices = {} as Services;
const app = await NestFactory.create(ApiModule.of(noServices), { preview: true, logger: ['error'] });
await mkdir(dirname(FILE), { recursive: true });
await writeFile(FILE, `${JSON.stringify(sorted(openApiDocument(app)), null, 2)}\n`);
